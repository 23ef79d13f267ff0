/* plotter.h - makes the plot of a conversation, some milliseconds at a time:
 * its packets are read from the packet store, decoded and tracked anew, since
 * the trace keeps neither windows nor SACK. Not pure.
 */
#pragma once

#include "pktladder/plot.h"
#include "session.h"

typedef struct _Plotter Plotter;

Plotter *plotter_new(Session *session, guint32 conversation);
void plotter_free(Plotter *plotter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Plotter, plotter_free)

/* Takes in the events before `end`, for a slice of time; of a conversation that
 * is too large to be kept packet by packet also the time from `from_ns` to
 * `to_ns` (equal: all of it) in detail. TRUE where there is more to do. */
gboolean plotter_slice(Plotter *plotter, guint32 end, gint64 from_ns, gint64 to_ns);

/* Whether it has taken in the events before `end`, or all that it was asked for. */
gboolean plotter_has(const Plotter *plotter, guint32 end);

const Plot *plotter_plot(const Plotter *plotter);
/* That time's, once it is whole; NULL none. */
const Plot *plotter_fine(const Plotter *plotter);
/* How many of a hundred are read; -1: all. */
int plotter_progress(const Plotter *plotter);

/* All of it at once, packet by packet up to `spans_max` a side: for figures. The
 * caller frees. */
Plot *plotter_whole(Session *session, guint32 conversation, guint spans_max);

/* details.h - what a row of the ladder says in full: its events' lines (detail.h),
 * with bytes read again from the packet store. Not pure.
 */
#pragma once

#include "history.h"
#include "pktladder/figure.h"
#include "pktladder/tui.h"

/* Lines, as detail.h has them; NULL where there is no such row. The caller frees.
 * `play`: as far as the film has come; NULL none is played.
 * `history` is the caller's, for this trace; asking row by row costs least.
 * So many of the events before a packet are looked at for its verdict in full;
 * history_goes_on() where that was not enough: what it says is left out.
 * `*trouble`, where it is NULL, becomes why a packet's bytes cannot be had, which
 * the caller frees; `trouble` may be NULL. */
GPtrArray *details_make(const Ladder *ladder, guint32 row, const Play *play, PacketStore *store,
			History *history, guint n_events, char **trouble);

/* Of all rows of a figure. */
void details_add(Figure *figure, PacketStore *store);

/* The detail pane on the screen. */
typedef struct {
	GPtrArray *lines; /* of the selected row; NULL: the pane is closed */
	History history;  /* of the selected packet's conversation */
	guint told;	  /* hash of what it was in trouble with; 0 nothing */
} DetailPane;

/* Makes its lines anew. Why a packet's bytes cannot be had, where that is another
 * reason than the last time; the caller frees; NULL nothing to say. */
char *pane_make(DetailPane *pane, const Ladder *ladder, const TuiState *state,
		PacketStore *store);

/* Goes on with the verdict in it. TRUE where it has come to its end. */
gboolean pane_slice(DetailPane *pane, const Trace *trace, PacketStore *store);
gboolean pane_goes_on(const DetailPane *pane);

void pane_clear(DetailPane *pane);

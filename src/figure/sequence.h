/* sequence.h - what the writers of sequence diagrams (Mermaid, PlantUML, mscgen,
 * TikZ) share: what a row says, whose cell stands on which side, where a lane waits,
 * and a colour for each role. Private to src/figure. Pure.
 */
#pragma once

#include "pktladder/figure.h"

/* Where calls of a lane's program block: one or several at a time. */
typedef struct _SequenceWaits SequenceWaits;

SequenceWaits *sequence_waits_new(const Figure *figure);
void sequence_waits_free(SequenceWaits *waits);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SequenceWaits, sequence_waits_free)

/* Whether it waits below that row; row -1: above the first one. */
gboolean sequence_waits_below(const SequenceWaits *waits, guint lane, gint64 row);

/* A lane that waits below the row, and does not above it; or the reverse. */
typedef struct {
	guint row, lane;
	gboolean begins;
} SequenceChange;

/* Those of a row, by lane, each once; NULL where there are none. */
const SequenceChange *sequence_waits_changes(const SequenceWaits *waits, guint row, guint *n);

typedef struct {
	const Figure *figure;
	const FigureOptions *options;
	GString *out;
	const SequenceWaits *waits;
} Sequence;

/* Whether that side's cell stands to the left of its lane: away from the row's
 * arrow, so that both never meet. */
gboolean sequence_is_left(const FigureRow *row, Side side);

/* Whether that cell comes before the arrow: the call that causes it. */
gboolean sequence_is_cause(const FigureRow *row, Side side);

gboolean sequence_has_cell(const FigureRow *row, Side side);

/* Across all lanes, or between two of them. */
gboolean sequence_is_arrow(const FigureRow *row);

/* The row's label, behind the number of its line where the style gives it one;
 * and behind its time, too: "0.507740: SYN seq=0". NULL where there is none. The
 * caller frees. */
char *sequence_text(const FigureRow *row);
char *sequence_label(const FigureRow *row);

/* The cell's call; on a row without an arrow behind the time. NULL where there
 * is none. The caller frees. */
char *sequence_call(const FigureRow *row, Side side);

/* "B23C00", of the palette that is asked for; NULL: that of the text. */
const char *sequence_colour(const FigureOptions *options, Role role);

/* A dashed line: a segment that carries nothing but an acknowledgement. */
gboolean sequence_is_dashed(Role role);

/* Something went wrong: to be seen without colours, too. */
gboolean sequence_is_problem(Role role);

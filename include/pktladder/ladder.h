/* SPDX-License-Identifier: MIT */
/* ladder.h - lanes and rows: who, to whom, what beside it. No coordinates. Pure.
 *
 * Theory of operation. Events become rows in their order. An arrow takes a row. A call's entry
 * takes a row, which the segment that it causes shares where it comes next, also where another
 * side's calls were entered in between: they stand above it. The return of a call that waited joins
 * the row of the arrow before it where that arrow concerns it and its side is free, else it has a
 * row of its own, and a bar leads there from the entry. What did not wait returns on its entry's
 * row; or, where what it took came in between, below that, without a bar. Readiness waits that did
 * not wait are not drawn at all. Whether a call waited, the kernel tells (CallWait); where it does
 * not, a call that lasted under 1 ms, with no packet of its conversation in between, did not.
 *
 * One call about several sockets of a lane (close_range, execve, the end of a process) is one row;
 * where it ends two that had states, each has a row for its own.
 *
 * A row is final once no event that may still come can change it; text that is streamed stops
 * there.
 *
 * Where the selection asks for it, runs of data and ACKs of one conversation, the data in one
 * direction, fold into one row (fold.c). Rows with something to tell stay by themselves: flags,
 * states, problems, calls, notes; and so do the newest row and runs of fewer than four.
 *
 * Lanes. A lane is a participant, which may have several endpoints. A ladder of one conversation,
 * or of all, has two: client and server, whatever their endpoints. A ladder of a set
 * (Selection.set) has one for each endpoint of its conversations: an endpoint is an address with a
 * port, whatever the transport, since that is what its head says (a name server asked through UDP
 * and TCP is one). Lanes that are only clients come first, from the left, in order of appearance,
 * then all that are a server in some conversation. One that talks to itself has two. They are known
 * when the ladder is made, and never change. A ladder of all conversations of more than two
 * programs has one for each program, in the order in which they were given, from its first call on;
 * and a last one, from when a program talks to itself on.
 */
#pragma once

#include "pktladder/labels.h"
#include "pktladder/selection.h"
#include "pktladder/tcp_state.h"

/* Beside a lifeline: what its program did and the state it is in. Event
 * indices; EVENT_NONE where there is none. */
typedef struct {
	guint32 entry;  /* a call that starts on this row */
	guint32 result; /* a call that returns on this row (its return event) */
	guint8 state;   /* TcpState that begins here, 0 none */
	guint8 bar;     /* LADDER_BAR_* : bars of calls that wait of this lane in this row */
} LadderCell;

enum {
	LADDER_BAR_NONE = 0,
	LADDER_BAR_START = 1 << 0, /* begins here: downwards from the middle */
	LADDER_BAR_END = 1 << 1,   /* ends here */
	LADDER_BAR_THROUGH = 1 << 2
};

typedef enum {
	ROW_ARROW, /* `event` is a packet between the row's two lanes */
	ROW_CALLS, /* only cells */
	ROW_FOLD,  /* a run: `event` is its first packet, the arrow goes the data's way */
	ROW_NOTE,  /* across all lanes: drops, notes, packets that belong to no conversation */
} LadderRowKind;

typedef struct {
	guint8 kind;        /* LadderRowKind */
	guint8 from;        /* ROW_ARROW, ROW_FOLD: the Side that sends */
	guint8 to_right;    /* the same by the lanes: lane[from] is left of the other one */
	guint32 event;      /* ROW_ARROW, ROW_NOTE, ROW_FOLD: the event; ROW_CALLS: the call's */
	gint64 time_ns;     /* of the row: its arrow's, else its first event's */
	LadderCell cell[2]; /* by Side */
	guint32 lane[2];    /* by Side: where the cell stands; ROW_NOTE: the first and the last */
} LadderRow;

/* Its owner may read the first part. */
typedef struct {
	const Trace *trace;
	Selection selection;      /* its set and its filter are the ladder's own */
	LadderLabels labels;      /* in which words it speaks; plain until they are set */
	guint32 taken;            /* events of the trace looked at */
	guint32 goal;             /* how many it had at the latest update */
	guint32 within, left_out; /* of those, in the selection; and held back by its filter */

	struct _Lanes *lanes;     /* NULL: client and server */
	guint8 keeping;           /* of the next row */
	guint32 each;             /* EACH_EVENT: rows */
	GArray *list;             /* EVENT_LIST: guint32, ascending; the rows after those */
	struct _CallRows *whole;  /* WHOLE_ROWS: the rows after those, counted from there */
	gint64 latest_ns;         /* time of the latest event of the selection */
	struct _FoldIndex *folds; /* NULL: nothing folds */
} Ladder;

/* The trace must outlive the ladder. */
Ladder *ladder_new(const Trace *trace, Selection selection);
void ladder_free(Ladder *ladder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Ladder, ladder_free)

/* Takes in the events added to the trace since the last time; slices, which change nothing about
 * the rows, look at `n_events` at most: TRUE where there are more. */
void ladder_update(Ladder *ladder);
gboolean ladder_update_slice(Ladder *ladder, guint n_events);
/* What was taken in of what the trace had at the latest update: whether all, and how many of a
 * hundred. */
gboolean ladder_is_whole(const Ladder *ladder);
guint ladder_progress(const Ladder *ladder);

guint32 ladder_length(const Ladder *ladder);
/* Rows below this index do not change any more. */
guint32 ladder_final_length(const Ladder *ladder);
/* Made when it is asked for: rows of packets alone are not stored. index < length. */
LadderRow ladder_row(const Ladder *ladder, guint32 index);

guint ladder_n_lanes(const Ladder *ladder); /* at least 2 */
/* Whether it is a server's, in some conversation. */
gboolean ladder_lane_is_server(const Ladder *ladder, guint lane);
/* Whether what only sets sockets up is left out: Selection.setup. */
gboolean ladder_hides_setup(const Ladder *ladder);
/* Whom the lanes of a ladder of two are, where the row stands: the conversation of the row or,
 * where it has none, of the nearest one above; of the first row that has one, where `row` is
 * EVENT_NONE. CONVERSATION_NONE: none of so many rows tells. */
#define LADDER_CONVERSATION_NEAR 64
guint32 ladder_conversation_at(const Ladder *ladder, guint32 row);
/* The number that labels name it by ("#3"); CONVERSATION_NONE where they do not. */
guint32 ladder_conversation_shown(const Ladder *ladder, guint32 conversation);
/* A conversation's end that stands on the lane, there: of more than two lanes the first one; NULL
 * where there is none yet. */
const Conversation *ladder_lane_conversation(const Ladder *ladder, guint32 row, guint lane,
					     Side *side);

/* The bars in a row on the lanes from `first` to before `end`: by lane, ascending, each once;
 * those of its own lanes as its cells have them. The caller frees. */
typedef struct {
	guint32 lane;
	guint8 part; /* LADDER_BAR_*, at least one */
} LadderBar;
GArray *ladder_bars(const Ladder *ladder, guint32 index, const LadderRow *row, guint32 first,
		    guint32 end);

/* All bars, in the order of their first rows: LadderSpan. The caller frees. */
typedef struct {
	guint32 lane;
	guint32 first, last; /* rows; EVENT_NONE: its call has not returned */
} LadderSpan;
GArray *ladder_spans(const Ladder *ladder);

/* The row on which an event is, or EVENT_NONE. */
guint32 ladder_row_of(const Ladder *ladder, guint32 event);

/* All events of a row, in time order; at most LADDER_ROW_EVENTS; returns how many. */
#define LADDER_ROW_EVENTS 5
guint ladder_row_events(const LadderRow *row, guint32 events[LADDER_ROW_EVENTS]);

/* What a fold is of. */
typedef struct {
	guint32 first, last;    /* events */
	guint32 segments, acks; /* with data, and without */
	guint64 bytes;          /* of data */
	gint64 duration_ns;     /* from the first to the last */
} LadderFold;

/* row->kind is ROW_FOLD. */
LadderFold ladder_fold(const Ladder *ladder, const LadderRow *row);

/* Opens the fold of this row alone into its rows, or closes the one that the row came from;
 * FALSE where it is of none. O(log folds + open folds). */
gboolean ladder_fold_toggle(Ladder *ladder, guint32 row);
/* Before the first update: what was open in `older` will be so here, where it folds again. */
void ladder_keep_folds(Ladder *ladder, const Ladder *older);

/* The rows as they are without folds, for what looks into each: how many, one
 * of them, and which one stands on a row (of a fold the last one, or the first). */
guint32 ladder_unfolded_length(const Ladder *ladder);
LadderRow ladder_unfolded_row(const Ladder *ladder, guint32 index);
guint32 ladder_unfolded_index(const Ladder *ladder, guint32 row, gboolean last);

/* Copied, with a reference of the names. */
void ladder_set_labels(Ladder *ladder, const LadderLabels *labels);

/* Texts. All are escaped (printable, no control characters) and translated
 * where they are words; the caller frees. */

/* "Client 10.0.0.1:4000", or the name that the user gave; see ladder_lane_conversation(). */
char *ladder_lane_head(const Ladder *ladder, guint32 row, guint lane);

/* The arrow's or note's label: level 0 is whole ("data 12 B seq=1 ack=1"), each higher one leaves
 * something out; NULL past the shortest. */
#define LADDER_LABEL_LEVELS 6
char *ladder_label(const Ladder *ladder, const LadderRow *row, guint level);

/* The event that says how the cell's call ended: its return; of an exit the entry knows it, too.
 * EVENT_NONE: it has not, or there is none. */
guint32 ladder_cell_result(const Ladder *ladder, const LadderRow *row, Side side);

/* Likewise a cell's calls: "connect(3, 127.0.0.1:5000) = 0", "connect(3) = 0", "= 0"...; or "". Of
 * another process than its program's first, and of another thread than that one's first, it begins
 * with which: "[2] ", "[1.3] ". */
#define LADDER_CELL_LEVELS 5
char *ladder_cell_text(const Ladder *ladder, const LadderRow *row, Side side, guint level);

/* Whether the cell's call only sets its socket up: trace_call_sets_up(). */
gboolean ladder_cell_sets_up(const Ladder *ladder, const LadderRow *row, Side side);

/* The number that the style gives to the row's line, from 1; 0: it numbers none. */
guint32 ladder_line_number(const Ladder *ladder, const LadderRow *row);

/* The state to be named beside that side's lifeline on this row: where it
 * changes, or with RFC 9293's labels at each packet; TCP_STATE_UNKNOWN none. */
TcpState ladder_state(const Ladder *ladder, const LadderRow *row, Side side);

/* Its name in the style's words: "SYN-SENT"; or "SYN_SENT (active open)", with `brief` without the
 * parentheses. Static, translated. */
const char *ladder_state_text(const Ladder *ladder, TcpState state, Side side, gboolean brief);

/* What a row is, as a role for its style. */
typedef enum {
	ROLE_PLAIN,
	ROLE_SYN,
	ROLE_ACK,
	ROLE_DATA,
	ROLE_FOLD,
	ROLE_FIN,
	ROLE_RST,
	ROLE_DATAGRAM,
	ROLE_ICMP,
	ROLE_ODD,     /* fragments, unsupported, malformed, truncated, unusual flags, and
			 verdicts that are no problem (keep-alive, window update...) */
	ROLE_PROBLEM, /* retransmissions and the like: replaces the above */
	ROLE_NOTE,
	ROLE_DROPS,
	ROLE_TIME,
	ROLE_HEAD,
	ROLE_LIFELINE,
	ROLE_BAR,
	ROLE_CALL,
	ROLE_CALL_SETUP, /* it only sets its socket up */
	ROLE_CALL_FAILED,
	ROLE_STATE,
	ROLE_FOOTER,
	ROLE_KEY,
	ROLE_DETAIL,
	ROLE_DETAIL_HEAD,
	ROLE_MESSAGE,
	ROLE_SELECTED,
	/* of plots (graph.h) */
	ROLE_PLOT_DATA,
	ROLE_PLOT_AGAIN,
	ROLE_PLOT_ACK,
	ROLE_PLOT_WINDOW,
	ROLE_PLOT_SACK,
	N_ROLES
} Role;
Role ladder_row_role(const Ladder *ladder, const LadderRow *row);

/* SPDX-License-Identifier: MIT */
/* play.h - the playback of a ladder: which of its rows are there yet. Pure.
 *
 * Theory of operation. The playback has shown some rows, from the first on and in their order, and
 * some packet time has passed since the last of them; the next one comes when as much has passed as
 * lies between the two. So where a capture's clock went backwards a row comes at once, and nothing
 * after it is late. A row comes at its time, a fold (which sums up) at that of its last packet.
 * What a call returned stands on the last row only once its own time has come; until then its bar
 * goes on (play_row()).
 *
 * Nothing here knows a clock: the owner tells how much real time has passed, and is told when to
 * look again.
 */
#pragma once

#include "pktladder/ladder.h"

typedef enum {
	PLAY_OFF, /* no playback: every row is there */
	PLAY_RUNNING,
	PLAY_PAUSED,
	PLAY_ENDED, /* every row is there, and playing begins anew */
} PlayState;

typedef struct {
	PlayState state;
	gboolean even;    /* a row each even_ms, whatever the packets' times */
	double speed;     /* packet time over real time, PLAY_SPEED_MIN to _MAX */
	guint even_ms;    /* real time */
	guint32 shown;    /* rows that are there, while running or paused */
	guint32 event;    /* of the last one, to find it in another ladder; EVENT_NONE none */
	gint64 since_ns;  /* packet time since the last one; 0 or more */
	gint64 waited_ns; /* even: real time since then */
} Play;

#define PLAY_SPEED_MIN 1e-5
#define PLAY_SPEED_MAX 1e5
#define PLAY_EVEN_MS   500
#define PLAY_EVEN_MIN  10 /* ms */
#define PLAY_EVEN_MAX  60000
#define PLAY_DEFAULT   ((Play){ .speed = 1, .even_ms = PLAY_EVEN_MS, .event = EVENT_NONE })

/* "2", "0.1", "1/10", each with an "x" behind it or not; "even", "even:300" (ms).
 * FALSE where it is none. */
gboolean play_parse_pace(Play *play, const char *text);
/* "1/10x", "2x", "each 500 ms"; translated; the caller frees. */
char *play_pace_text(const Play *play);
/* The next faster pace of a table of 1, 2, 5 steps, or (by -1) slower one. */
void play_pace_step(Play *play, int by);

/* Runs with the rows before `row` there, and that one due at once. */
void play_start(Play *play, const Ladder *ladder, guint32 row);
void play_stop(Play *play);
/* Pauses, goes on, or begins anew after the end. */
void play_toggle(Play *play, const Ladder *ladder);

/* To where the first `shown` rows are there, with all that belongs to them; to a
 * packet time; to a part (0 to 1) of the whole time. What had ended, and is not at
 * the end any more, is paused then; `more`: as for play_advance(). */
void play_go(Play *play, const Ladder *ladder, guint32 shown, gboolean more);
void play_go_time(Play *play, const Ladder *ladder, gint64 time_ns, gboolean more);
void play_go_part(Play *play, const Ladder *ladder, double part, gboolean more);

/* Makes it fit a ladder that has grown, or that is another one. */
void play_settle(Play *play, const Ladder *ladder);

/* Real time has passed; `more`: the ladder may grow yet, so that having shown it
 * all is not the end. Whether the playback has moved. */
gboolean play_advance(Play *play, const Ladder *ladder, gint64 elapsed_ns, gboolean more);

/* In how much real time (ns) it changes what there is to see: a row, a result, the end, or the next
 * of `cells` parts of the whole time; and the next row alone; -1 never. */
gint64 play_next_ns(const Play *play, const Ladder *ladder, guint cells, gboolean more);
gint64 play_row_ns(const Play *play, const Ladder *ladder);

/* How many rows are there; and how many of them have all that belongs to them. */
guint32 play_length(const Play *play, const Ladder *ladder);
guint32 play_whole_length(const Play *play, const Ladder *ladder);
/* A row as it is by now: what its calls return later is not there yet. `play` NULL:
 * no playback. index < play_length(). */
LadderRow play_row(const Play *play, const Ladder *ladder, guint32 index);

/* Packet times; the whole goes from start to end, the position lies between. How long that is in
 * all, and how much of it has passed, may be more than 64 bits with a sign hold. */
typedef struct {
	gint64 start_ns, end_ns, position_ns;
	double whole_ns, passed_ns;
} PlayPlace;
PlayPlace play_place(const Play *play, const Ladder *ladder);
/* The packet time that playback has come to; G_MAXINT64 where none runs or is paused. */
gint64 play_now(const Play *play, const Ladder *ladder);
/* How many of `cells` parts of it have passed. */
guint play_cells(const PlayPlace *place, guint cells);

/* SPDX-License-Identifier: MIT */
/* sequence.h - a figure as a sequence diagram for another program (Mermaid, PlantUML,
 * mscgen, TikZ): one walk over its rows, and for each program a table of how it spells
 * what the walk comes to. Private to src/figure. Pure.
 *
 * Theory of operation. A row is written in the steps that the syntax lists, each by a
 * template, in which a sign behind "%" stands for
 *   t  the text, escaped as the syntax wants it
 *   l  the lane of a name, a cell or a bar; f, g: from and to which lane an arrow goes;
 *      n: the last lane
 *   s  the side of its lane on which a cell stands: one of `sides`
 *   o  where the cell of an outermost lane is written: one of `outside`
 *   k  the kind of an arrow's line: one of `lines`
 *   c  `colour` or `failed`, where the role has a colour: in that, h is its six digits and
 *      r the role's number
 *   x, y: where the time stands, and how far down the row is; p: where on the arrow its
 *      label stands
 */
#pragma once

#include "pktladder/figure.h"

/* Kinds of lines, to be told apart without colours, too. */
typedef enum { LINE_PLAIN, LINE_DASHED, LINE_PROBLEM, LINE_FOLD, N_LINES } SequenceLine;

/* The parts that are written of a row, in this order. */
typedef enum {
	STEP_END,
	STEP_TIME,
	STEP_MESSAGE,
	STEP_CELLS,  /* of both sides */
	STEP_CAUSES, /* the cells whose call causes the message; all others: */
	STEP_EFFECTS,
	STEP_INNER, /* the cells of lanes that have others at both sides; all others: */
	STEP_OUTER,
	STEP_BARS, /* those that begin and those that end; or only these: */
	STEP_BEGUN,
	STEP_ENDED,
} SequenceStep;

/* How a program spells it. A member that is NULL writes nothing; but without `wrong` a problem is
 * written as a note, and without lines for colours those without a colour are taken. */
typedef struct {
	void (*escape)(GString *out, const char *text);
	SequenceStep steps[6]; /* ended by STEP_END */
	const char *lane;      /* a participant */
	const char *across;    /* title and caption, where they are rows */
	const char *time;      /* NULL: it stands before the message's text */
	const char *arrow;
	const char *note, *wrong; /* a message across all lanes, and one that tells of a problem */
	const char *silent;       /* a row without a message */
	const char *problem[2];   /* before and behind a message that is one */
	const char *lines[2][N_LINES]; /* without and with a colour */
	const char *colour, *failed;   /* of a message; and of the cell of a call that failed */
	const char *cell, *inner;      /* `inner`: one of STEP_INNER */
	const char *between;           /* a call and a state */
	const char *state[2];          /* before and behind one */
	gboolean state_inside;         /* it is always next to the lifeline; else behind the call */
	const char *sides[2];          /* right, left */
	const char *outside[2];        /* the same */
	const char *bar[2];            /* the end of one, the begin */
	const char
	    *statement[3]; /* what is no inner cell is in one: before, between, behind its parts */
} SequenceSyntax;

/* A lane that begins to wait on a row, or ends. */
typedef struct {
	guint32 lane;
	gboolean begins;
} SequenceChange;

/* Which lanes wait, since a call of theirs blocks, or several: asked row by row. */
typedef struct {
	GArray *steps; /* by row and lane: how many more wait from there on */
	guint next;
	guint *waiting;  /* by lane: how many calls, below the row */
	GArray *changes; /* SequenceChange: on the row, by lane, each once */
} SequenceWaits;

SequenceWaits *sequence_waits_new(const Figure *figure);
void sequence_waits_free(SequenceWaits *waits);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SequenceWaits, sequence_waits_free)
/* Goes on to the next row; the first one is 0. */
void sequence_waits_step(SequenceWaits *waits, guint row);

typedef struct {
	const SequenceSyntax *syntax;
	const Figure *figure;
	const FigureOptions *options;
	GString *out;
	SequenceWaits *waits; /* NULL: the syntax has no bars */
	double distance;      /* between two lanes; 0: they have numbers */
	/* Templates are filled in with these. */
	const FigureRow *row;
	gboolean begun;   /* a statement of the row's */
	const char *text; /* escaped */
	guint32 lane;
	gboolean left;
	const char *colour, *colour_template;
	Role role;
	double time_x, y;
} Sequence;

/* Appends the template; `text` as it is, to be escaped; NULL: nothing at all. */
void sequence_put(Sequence *at, const char *template, const char *text);
/* The participants, each by `lane`; then a row, or all of them. */
void sequence_lanes(Sequence *at);
void sequence_rows(Sequence *at);
void sequence_row(Sequence *at, guint index);

gboolean sequence_has_cell(const FigureRow *row, Side side);

/* The row's label, behind the number of its line where the style gives it one; and behind its time,
 * too: "0.507740: SYN seq=0". NULL where there is none. The caller frees. */
char *sequence_text(const FigureRow *row);
char *sequence_label(const FigureRow *row);

/* The cell's call; on a row without an arrow behind the time. NULL where there
 * is none. The caller frees. */
char *sequence_call(const FigureRow *row, Side side);

/* The columns that the widest name of a lane needs, and the widest of a row's texts. */
guint sequence_columns(const Figure *figure, char *(*text)(const FigureRow *row));

/* "b23c00", of the palette that is asked for; NULL: that of the text. */
const char *sequence_colour(const FigureOptions *options, Role role);

/* Something went wrong: to be seen without colours, too. */
gboolean sequence_is_problem(Role role);

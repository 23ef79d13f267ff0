/* SPDX-License-Identifier: MIT */
/* figure.h - a ladder as a document: everything that stands on it, row by row, whole and in words,
 * ready for any writer; and the one table of formats. No coordinates: a writer that needs them lays
 * the document out first. Pure.
 *
 * Theory of operation. figure_new() asks the ladder for each row once and keeps its texts uncut,
 * escaped (text.h) and translated. A writer appends bytes to a GString, and escapes for its own
 * format. The same figure and options give the same bytes. A format that streams is written row by
 * row instead, each made when its turn comes, so that memory does not grow with them.
 */
#pragma once

#include "pktladder/ladder.h"
#include "pktladder/trace.h"
#include "pktladder/transit.h"

/* The time beside a row. */
typedef enum {
	FIGURE_TIME_NONE,
	FIGURE_TIME_DELTA, /* since the row before */
	FIGURE_TIME_START, /* since the trace's first event; from here on as in SceneTime */
	FIGURE_TIME_UTC,
	FIGURE_TIME_LOCAL,
	N_FIGURE_TIMES
} FigureTime;

/* Inks of what is drawn. The colours are those of Okabe and Ito, darkened until
 * text in them has a contrast of 4.5 : 1 on white: who does not see red and green
 * apart sees these apart. Lines differ in kind, too. */
typedef enum { FIGURE_PALETTE_OKABE_ITO, FIGURE_PALETTE_BW, N_FIGURE_PALETTES } FigurePalette;

/* A packet has one time stamp where it was captured at one point only, so a
 * slant is schematic, and the figure says so; the true one needs `transits`. */
typedef enum {
	FIGURE_SLANT_NONE,
	FIGURE_SLANT_SCHEMATIC,
	FIGURE_SLANT_TRUE,
	N_FIGURE_SLANTS
} FigureSlant;

/* Frames, counted from 1; both belong to it. */
typedef struct {
	guint32 first, last;
} FigureFrames;

/* Times since the trace's first event, ns, both included. An event that comes later in the trace
 * may have an earlier time stamp: less than 0. */
typedef struct {
	gint64 from_ns, to_ns;
} FigureTimes;

/* How a figure is to be written. Texts are the caller's, as the user gave them; all
 * zero is a good figure, with every row, but for `time` and `states`. */
typedef struct {
	const char *title, *caption; /* NULL none */
	const char *font;            /* a family; NULL: the writer's own */
	FigureTime time;
	gboolean states; /* the states of both ends, where they change */
	gboolean ascii;  /* text: ASCII characters only */
	guint width;     /* text, ANSI: columns; drawn: pixels; 0: what the contents need */
	FigurePalette palette;
	FigureSlant slant;
	const Transits *transits; /* how long packets were on their way; NULL unknown */
	gboolean proportional;    /* the space between rows grows with the time between them */
	const GArray *frames;     /* FigureFrames: only the rows of these; NULL all */
	const FigureTimes *times; /* only the rows of that time; NULL all */
	gboolean rows_later;      /* by figure_row_make(): the figure holds none */
	guint rows_per_page;      /* 0: one page */
	guint page;               /* which one is written, from 0; only of formats with pages */
} FigureOptions;

/* The call and the state beside one lifeline, on one row. */
typedef struct {
	char *call;        /* the whole call, its result with it; NULL none */
	const char *state; /* that begins here; NULL none. Static */
	gboolean failed;   /* the call did */
} FigureCell;

typedef struct {
	LadderRow row; /* for more: ladder_label(), ladder_cell_text() and the like */
	guint32 index; /* of it in the ladder */
	guint32 frame; /* the packet's number in the capture, from 1; 0: no packet */
	guint32
	    number;  /* that the labels' style gives to the line (it is not in `label`); 0 none */
	guint8 role; /* Role of the arrow or note */
	guint32 from, to;   /* lanes of ROW_ARROW and ROW_FOLD */
	guint32 lane[2];    /* by Side: whose cell it is */
	char *label;        /* of the arrow or note, whole; NULL where there is none (ROW_CALLS) */
	char *time;         /* NULL where there is none */
	FigureCell cell[2]; /* by Side */
	Transit transit;    /* of ROW_ARROW */
	GPtrArray *details; /* what figure_take_details() gave it; NULL none */
} FigureRow;

/* Between two lanes; a note is across all of them. */
static inline gboolean
figure_row_is_arrow(const FigureRow *row)
{
	return row->row.kind == ROW_ARROW || row->row.kind == ROW_FOLD;
}

/* Whether that side's cell stands to the left of its lane: away from the row's arrow, so that
 * both never meet. */
static inline gboolean
figure_row_is_left(const FigureRow *row, Side side)
{
	return row->lane[side] < row->lane[!side];
}

/* A call that blocked: a bar beside its lane's lifeline. Rows of the figure. */
typedef struct {
	guint32 lane, first, last;
	guint depth;     /* how many bars are between it and its lifeline: those that overlap stand
			    beside each other; of very many, the rest at one place */
	gboolean open;   /* it has not returned */
	gboolean before; /* it began before the figure's first row of it */
} FigureBar;

/* A figure that holds its rows has no more, since nobody reads a longer one, and a browser chokes
 * on it: rows beyond these are only counted. */
#define FIGURE_ROWS_MAX 100000

typedef struct {
	const Ladder *ladder;
	GArray *picked;        /* guint32: its rows' indices in the ladder */
	char *title, *caption; /* harmless; NULL none */
	GPtrArray *lanes;      /* char *: their names, "Client 127.0.0.1:50796"; ended by NULL */
	GArray *rows;          /* FigureRow */
	GArray *bars;          /* FigureBar, by first row */
	GHashTable *places;    /* figure.c: where bars of one lane and depth reach */
	gboolean calls;        /* some row has one */
	struct _FigureWidths *widths; /* of all its pages, filled in by placing.c */
} Figure;

static inline const FigureRow *
figure_row(const Figure *figure, guint index)
{
	return &g_array_index(figure->rows, FigureRow, index);
}

/* In the ladder, of the row at `place` of the figure. */
static inline guint32
figure_index(const Figure *figure, guint place)
{
	return g_array_index(figure->picked, guint32, place);
}

static inline const FigureBar *
figure_bar(const Figure *figure, guint index)
{
	return &g_array_index(figure->bars, FigureBar, index);
}

/* The ladder must outlive the figure, which may have no rows. Rows without packet belong to
 * `frames` where they stand between rows of one range. */
Figure *figure_new(const Ladder *ladder, const FigureOptions *options);
void figure_free(Figure *figure);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Figure, figure_free)
/* No packet, call or loss is on it: notes of ours, about the file that was read, are no ladder. */
gboolean figure_is_empty(const Figure *figure);
/* The row at `place`, whether the figure holds it or not; figure_row_clear() frees its texts. */
FigureRow figure_row_make(const Figure *figure, const FigureOptions *options, guint place);
void figure_row_clear(FigureRow *row);
/* Gives the figure a row in full, as lines of detail.h: for formats that show them, from who has
 * the packets' bytes. The figure owns them. */
void figure_take_details(Figure *figure, guint index, GPtrArray *lines);
/* guint: which bars are on the rows from `first` to before `end`; of those that began before
 * and have one lane and depth, the one that reaches farthest. The caller frees. */
GArray *figure_bars_on(const Figure *figure, guint first, guint end);

/* Appends the whole figure. */
typedef void FigureWrite(const Figure *figure, const FigureOptions *options, GString *out);

/* A packet in full, from who has its bytes: `verdict` is the conversation's as of this packet. */
typedef struct {
	Packet packet;
	Facts facts;
	TcpVerdict verdict; /* of TCP */
} FigurePacket;

/* How a figure is written row by row: `head`; `first` or `between`, and `row`, of each row; `end`.
 * `packet`: of a row that is one, where its bytes can be had; else NULL. */
typedef struct {
	void (*head)(const Figure *figure, GString *out);
	void (*row)(const Figure *figure, const FigureRow *row, const FigurePacket *packet,
		    GString *out);
	const char *first, *between, *end;
} FigureStream;

/* Whether plots (plot_figure.h) can be written in it, too. */
typedef enum { FIGURE_NO_PLOTS, FIGURE_PLOTS, FIGURE_ONLY_PLOTS } FigurePlots;

/* What stands below a row: all that the detail pane says, or why it is so (why.h). */
typedef enum { FIGURE_NO_DETAILS, FIGURE_DETAILS, FIGURE_WHY } FigureDetails;

/* Options that a format, or a plot, can do; other options change nothing there. */
typedef enum {
	FIGURE_TAKES_PAGES = 1 << 0,
	FIGURE_TAKES_WIDTH = 1 << 1,
	FIGURE_TAKES_PALETTE = 1 << 2,
	FIGURE_TAKES_FONT = 1 << 3,
	FIGURE_TAKES_SLANT = 1 << 4,
	FIGURE_TAKES_TRANSITS = 1 << 5, /* how long packets were on their way */
	FIGURE_TAKES_SPACING = 1 << 6,
	FIGURE_TAKES_ASCII = 1 << 7,
	FIGURE_TAKES_SIZE = 1 << 8, /* in dots */
	FIGURE_TAKES_TITLE = 1 << 9,
	FIGURE_TAKES_ROWS = 1 << 10,  /* which rows, and what is said in them */
	FIGURE_TAKES_RANGE = 1 << 11, /* of time */
	FIGURE_TAKES_CAPTION = 1 << 12,
} FigureTakes;

typedef struct {
	const char *id;       /* "svg" */
	const char *suffixes; /* that mean it, without the point: "txt text" */
	const char *what;     /* msgid: a line for people */
	FigureWrite *write;
	const FigureStream *stream; /* NULL: `write` */
	guint takes;                /* FigureTakes */
	guint8 details;             /* FigureDetails: `write` shows them, where the rows have any */
	gboolean any_lanes;         /* a lane for each endpoint, however many there are */
	gboolean timeless;          /* has times only where they are asked for */
	const char *convert; /* what rsvg-convert is to make of the SVG written; NULL: nothing */
	FigurePlots plots;   /* FIGURE_ONLY_PLOTS: `write` is NULL */
} FigureFormat;
extern const FigureFormat figure_formats[]; /* ended by id == NULL */

/* Appends the whole figure, from the rows that it holds; without FigurePackets. */
void figure_format_write(const FigureFormat *format, const Figure *figure,
			 const FigureOptions *options, GString *out);

guint figure_n_pages(const Figure *figure, const FigureOptions *options); /* at least 1 */

/* The size of the page as it is drawn, pixels (96 an inch). */
void figure_size(const Figure *figure, const FigureOptions *options, double *width, double *height);

/* The format with this id or suffix, or with a file name's suffix, whatever its case; NULL: none.
 */
const FigureFormat *figure_format_find(const char *id);
const FigureFormat *figure_format_of_path(const char *path);

/* The byte at which a name's suffix begins, with its point, or would begin. `named`: not with the
 * name's first byte, since a suffix alone is no name. */
gsize path_suffix(const char *path, gboolean named);

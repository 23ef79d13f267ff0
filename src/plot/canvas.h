/* SPDX-License-Identifier: MIT */
/* canvas.h - dots in character cells. Private to src/plot. */
#pragma once

#include "pktladder/graph.h"

typedef struct {
	guint y, x;  /* cells */
	guint8 kind; /* MarkKind */
} CanvasMark;

typedef struct _Canvas {
	guint rows, columns; /* cells */
	guint across, down;  /* dots of a cell */
	guint dot_rows, dot_columns;
	Glyphs glyphs;
	guint8 *dots;   /* of each cell */
	guint8 *series; /* SeriesKind + 1 of each cell: the last one drawn there; 0 none */
	GArray *marks;  /* CanvasMark: over them */
} Canvas;

Canvas *canvas_new(guint rows, guint columns, Glyphs glyphs);
void canvas_free(Canvas *canvas);
/* Dots of a cell. */
guint canvas_across(Glyphs glyphs);

/* Outside is left out. Dashed lines leave out every other part. */
void canvas_vertical(Canvas *canvas, guint x, gint64 y, gint64 y2, SeriesKind series);
void canvas_horizontal(Canvas *canvas, guint x, guint x2, gint64 y, SeriesKind series);
void canvas_paint(const Canvas *canvas, Grid *grid, guint y, guint x);

/* A piece of a series for a legend: "⡇", "|"... Static. */
const char *canvas_sample(SeriesKind series, Glyphs glyphs);

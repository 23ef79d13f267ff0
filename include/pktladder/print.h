/* SPDX-License-Identifier: MIT */
/* print.h - the ladder as text on standard output, as it grows. */
#pragma once

#include <stdio.h>

#include "pktladder/scene.h"

typedef struct {
	Ladder *ladder;
	Glyphs glyphs;
	guint width;
	gboolean widens; /* as far as all lanes need: nobody has chosen the width */
	gboolean colour;
	SceneTime time;
	gint64 ns_per_line;    /* spacing.h */
	gboolean spacing_auto; /* chosen when all rows are there: nothing is printed before */
	const Play *play;      /* playback: rows come when all of each was shown; NULL none */
	guint32 printed;       /* rows */
	guint32 conversation;  /* whose ends were named last */
	gboolean started;
	SceneLayout layout;
	FILE *file;
} Printer;

/* A grid has no more columns. */
#define PRINT_WIDTH_MAX 1000

/* Says on standard error how to see lanes that have no room. */
void print_lanes_check(const SceneLayout *layout, SceneTime time);

/* Prints the rows that are final; all of them where `whole`. What is printed
 * depends only on the events, not on how often this is called. FALSE where
 * the output cannot be written (errno says why). */
gboolean printer_update(Printer *printer, gboolean whole);

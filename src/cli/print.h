/* print.h - the ladder as text on standard output, as it grows. */
#pragma once

#include <stdio.h>

#include "pktladder/grid.h"

typedef struct {
	Ladder *ladder;
	Glyphs glyphs;
	guint width;
	gboolean colour;
	SceneTime time;
	Spacing spacing;
	gboolean spacing_auto; /* chosen when all rows are there: nothing is printed before */
	const Play *play;      /* a film: rows come when all of each is there; NULL none */
	guint32 printed; /* rows */
	gboolean started;
	SceneLayout layout;
	FILE *file;
} Printer;

/* Prints the rows that are final; all of them where `whole`. What is printed
 * depends only on the events, not on how often this is called. FALSE where
 * the output cannot be written (errno says why). */
gboolean printer_update(Printer *printer, gboolean whole);

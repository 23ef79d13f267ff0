/* SPDX-License-Identifier: MIT */
/* writing.h - what is written from the screen: the packets in view, the ladder or the plot as a
 * figure, a picture of the screen. Not pure.
 *
 * Names come from the prompts; where a file is there the prompt asks once more. How a job ended is
 * told in the footer, what failed above the ladder.
 */
#pragma once

#include "builder.h"
#include "pktladder/look.h"
#include "pktladder/plotter.h"

typedef struct {
	Look *look;
	const Builder *builder;
	const Plots *plots;
	Job *packets, *drawing; /* which go on at the same time */
	char *drawn;            /* the file of the second; escaped */
} Writing;

/* TUI_SAVE: begins, over what is running. */
void writing_save(Writing *writing);
/* TUI_FIGURE: the plot that is open, else the whole ladder as it is on the screen. One thing is
 * drawn at a time. */
void writing_figure(Writing *writing);
/* TUI_PICTURE: the screen as it was before the name was asked for. */
void writing_picture(Writing *writing, const Grid *shown, const char *title);

/* Says on standard error what is given up. */
void writing_clear(Writing *writing);

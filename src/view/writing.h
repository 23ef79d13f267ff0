/* SPDX-License-Identifier: MIT */
/* writing.h - what is written from the screen: the packets in view, the ladder or the plot as a
 * figure, a picture of the screen. Not pure.
 *
 * Names come from the prompts; where a file is there the prompt asks once more. How a job ended is
 * told in the footer, what failed above the ladder.
 */
#pragma once

#include "display.h"

/* TUI_SAVE: begins, over what is running. */
void writing_save(Display *display);
/* TUI_FIGURE: the plot that is open, else the whole ladder as it is on the screen. One thing is
 * drawn at a time. */
void writing_figure(Display *display);
/* TUI_PICTURE: the screen as it was before the name was asked for. */
void writing_picture(Display *display);

/* Says on standard error what is given up. */
void writing_clear(Display *display);

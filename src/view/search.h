/* SPDX-License-Identifier: MIT */
/* search.h - a search through the ladder's rows, which a job makes. Not pure. */
#pragma once

#include "display.h"

/* Begins that of the state, in the place of the one that is running. It goes from the selected row
 * on, which is looked at last; while the next ladder is made it waits for that. */
void search_start(Display *display);
void search_clear(Display *display);

/* A job over a Display. Where nothing was found, and packets could not be read, the notice says so.
 */
extern const JobKind search_job;

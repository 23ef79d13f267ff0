/* SPDX-License-Identifier: MIT */
/* search.h - a search through the ladder's rows, which a job makes. Not pure. */
#pragma once

#include "builder.h"
#include "pktladder/look.h"

typedef struct {
	Look *look;
	const Builder *builder;
	Find *find;     /* NULL none is running */
	gboolean waits; /* for the next ladder */
	gboolean found; /* one has come to its end, with `hit`, and nobody has taken that yet */
	FindHit hit;
	guint unread; /* packets whose bytes could not be had, */
	char *why;    /* and why the last one's could not */
} Search;

/* Begins that of the state, in the place of the one that is running. It goes from the selected row
 * on, which is looked at last; while the next ladder is made it waits for that. */
void search_start(Search *search);
void search_clear(Search *search);

/* A job over a Search. Where nothing was found, and packets could not be read, the notice says so.
 */
extern const JobKind search_job;

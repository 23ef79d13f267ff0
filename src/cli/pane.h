/* SPDX-License-Identifier: MIT */
/* pane.h - the detail pane: the selected row in full. A job makes the verdict in it. Not pure. */
#pragma once

#include "builder.h"
#include "details.h"
#include "look.h"

typedef struct {
	Look *look;
	const Builder *builder;
	GPtrArray *lines; /* of the selected row; NULL: the pane is closed */
	History history;  /* of the selected packet's conversation */
	guint told;       /* hash of what it could not show last; 0 nothing */
} Pane;

/* The lines anew. What they cannot show becomes the notice, where that is another thing than the
 * last time. */
void pane_make(Pane *pane);
void pane_clear(Pane *pane);

/* A job over a Pane: goes on with the verdict, which the next pane_make() then has. */
extern const JobKind pane_job;

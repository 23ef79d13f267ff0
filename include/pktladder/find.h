/* SPDX-License-Identifier: MIT */
/* find.h - the next row of a ladder that has a text in it, or a problem; in slices, since a ladder
 * may be long. Pure: where it looks into payload it asks its owner for the bytes.
 *
 * The search begins beside the row where it is started, goes on at the other end of the ladder, and
 * ends with that row. Rows that come while it runs are looked at too; for those of a ladder that is
 * still being made it waits.
 */
#pragma once

#include "pktladder/ladder.h"

typedef enum {
	FIND_TEXT,    /* in labels, calls, comments and payload */
	FIND_PROBLEM, /* filter_is_problem() */
} FindWhat;

typedef enum {
	FIND_IN_LABEL,
	FIND_IN_CALL,
	FIND_IN_COMMENT, /* of a packet */
	FIND_IN_PAYLOAD,
} FindPlace;

typedef struct {
	guint32 row; /* EVENT_NONE: there is none */
	FindPlace place;
	gboolean wrapped; /* it was found behind the ladder's end */
} FindHit;

typedef struct _Find Find;

/* From `row` (EVENT_NONE: from the ladder's beginning), which is looked at last.
 * The ladder must outlive it. `text`: a capital letter in it makes the case count.
 * `fetch` may be NULL: then payload is not looked at. */
Find *find_new(const Ladder *ladder, FindWhat what, const char *text, guint32 row,
	       gboolean backward, LabelFetch *fetch, gpointer data);
void find_free(Find *find);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Find, find_free)

/* Looks at the next `n_rows` rows. TRUE where the search has come to its end. */
gboolean find_run(Find *find, guint n_rows, FindHit *hit);

/* find_run() has come to where the ladder, which is not whole, has no rows yet. */
gboolean find_waits(const Find *find);

/* How many of a hundred rows were looked at. */
guint find_progress(const Find *find);

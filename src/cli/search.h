/* search.h - a search through the ladder's rows, some milliseconds at a time,
 * so that the screen stays alive whatever the capture's size. */
#pragma once

#include "pktladder/tui.h"
#include "session.h"

typedef struct _Search Search;

/* From `row` on, which is looked at last. Ladder and session must outlive it. */
Search *search_new(const Ladder *ladder, Session *session, const TuiSearch *wanted, guint32 row);
void search_free(Search *search);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Search, search_free)

/* Looks on. TRUE where it has come to its end. */
gboolean search_slice(Search *search, FindHit *hit);

/* How far it has come, for the screen. The caller frees. */
char *search_text(const Search *search);

/* That the payload of packets was left out, and why; NULL none was. The caller frees. */
char *search_trouble(const Search *search);

/* The search that is running on the screen, or is about to. */
typedef struct {
	Search *search; /* NULL none is running */
	char *text;	/* how far it has come; NULL nothing to say */
	gboolean waits; /* for the next ladder */
} Searching;

/* Each takes the place of the one that is running. */
void searching_start(Searching *searching, const Ladder *ladder, Session *session,
		     const TuiState *state);
void searching_wait(Searching *searching);
void searching_stop(Searching *searching);

/* Goes on with the search that is running; most end in their first slice. TRUE
 * where it has ended; `trouble` as search_trouble(), where nothing was found. */
gboolean searching_slice(Searching *searching, FindHit *hit, char **trouble);

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

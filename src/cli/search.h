/* SPDX-License-Identifier: MIT */
/* search.h - a search through the ladder's rows, some milliseconds at a time,
 * so that the screen stays alive whatever the capture's size. */
#pragma once

#include "pktladder/store.h"
#include "pktladder/tui.h"

/* The one that is running, or is about to. All zero to begin with. */
typedef struct {
	Find *find;         /* NULL none is running */
	PacketStore *store; /* of the packets' bytes; NULL none */
	FindWhat what;
	char *wanted;
	char *text;     /* how far it has come; NULL nothing to say */
	gboolean waits; /* for the next ladder */
	guint unread;   /* packets whose bytes could not be had, */
	char *why;      /* and why the last one's could not */
} Search;

/* Each takes the place of the one that is running. It goes from the selected row on, which is
 * looked at last. Ladder and store must outlive it. */
void search_start(Search *search, const Ladder *ladder, PacketStore *store, const TuiState *state);
void search_wait(Search *search);
void search_stop(Search *search);

/* Looks on; most end in their first slice. TRUE where it has come to its end. `trouble`: that
 * the payload of packets was left out, and why, where nothing was found; NULL none was; the
 * caller frees. */
gboolean search_slice(Search *search, FindHit *hit, char **trouble);

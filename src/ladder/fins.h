/* SPDX-License-Identifier: MIT */
/* fins.h - the first FIN of each side of each conversation: what Stevens's
 * letters M and N stand for. Filled up to the trace's end when it is asked for. Pure. */
#pragma once

#include "pktladder/ladder.h"

typedef struct {
	guint32 event;   /* of the FIN; EVENT_NONE: none was seen */
	guint32 number;  /* the FIN's own sequence number, relative */
	gboolean second; /* the other side's was there before it: N, not M */
} Fin;

typedef struct {
	GHashTable *fins; /* conversation => Fin[2], by Side */
	guint32 taken;    /* events of the trace */
} FinIndex;

void fin_index_update(FinIndex *index, const Trace *trace);

/* The one that `side` had sent when event `at` came, itself included. */
Fin fin_index_get(const FinIndex *index, guint32 conversation, Side side, guint32 at);

/* The ladder's own, brought up to date. */
const FinIndex *ladder_fins(const Ladder *ladder);

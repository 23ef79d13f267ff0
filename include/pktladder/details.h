/* SPDX-License-Identifier: MIT */
/* details.h - what a row of the ladder says in full: its events' lines (detail.h), with bytes read
 * again from the packet store. Not pure. */
#pragma once

#include "pktladder/figure.h"
#include "pktladder/play.h"
#include "pktladder/track.h"
#include "pktladder/trace.h"
#include "pktladder/walk.h"

/* The verdict on one event in full, which the trace does not keep (bytes in flight,
 * completeness): the conversation's packets up to it are walked through once more; or those of all
 * conversations that somebody goes through row by row. All zero to begin with. */
typedef struct {
	Walk walk; /* of its conversations alone */
	guint32 conversation;
	GHashTable *several; /* these instead, as a set; NULL: that one alone */
	guint32 event;       /* that `verdict` is about */
	guint32 wanted; /* the event that was asked for; EVENT_NONE: none, or it cannot be had */
	guint packets;
	TcpVerdict verdict;
} History;

/* Goes on to the event that was asked for last, until the monotonic time `until_us`. */
void history_slice(History *history, gint64 until_us);
/* The event that was asked for has not been reached: asking again helps. */
gboolean history_goes_on(const History *history);
void history_clear(History *history);

/* Lines, as detail.h has them, why it is so first; FIGURE_WHY: nothing but that, each event's below
 * a heading. NULL where there is no such row. The caller frees.
 * `play`: as far as playback has come; NULL: nothing is played.
 * `history` is the caller's, for this trace; asking row by row costs least. Where the verdict in
 * full is not known until the monotonic time `until_us` (history_goes_on()), it is left out.
 * `*gone`, where it is NULL, becomes why a packet's bytes cannot be had, which the caller frees;
 * `gone` may be NULL. */
GPtrArray *details_make(const Ladder *ladder, guint32 row, FigureDetails what, const Play *play,
			PacketStore *store, History *history, gint64 until_us, char **gone);

/* The lines of all rows of a figure. */
void details_add(Figure *figure, PacketStore *store, FigureDetails what);

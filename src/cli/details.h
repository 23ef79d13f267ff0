/* SPDX-License-Identifier: MIT */
/* details.h - what a row of the ladder says in full: its events' lines (detail.h),
 * with bytes read again from the packet store. Not pure.
 */
#pragma once

#include "pktladder/figure.h"
#include "pktladder/store.h"
#include "pktladder/tui.h"
#include "pktladder/track.h"
#include "pktladder/trace.h"

/* The verdict on one event in full, which the trace does not keep (bytes in flight,
 * completeness): the conversation's packets up to it go through flow and track once more, in
 * slices, since they may lie far apart; or those of all conversations that somebody goes
 * through row by row. */
typedef struct {
	FlowTable *flows; /* with its conversations alone; NULL none yet */
	guint32 conversation;
	GHashTable *several; /* these instead, as a set; NULL: that one alone */
	guint32 next;        /* the first event not looked at */
	guint32 event;       /* that `verdict` is about */
	guint32 wanted; /* the event that was asked for; EVENT_NONE: none, or it cannot be had */
	guint packets;
	TcpVerdict verdict;
} History;

/* Looks at `n_events` more events at most. FALSE where they were not enough
 * (history_goes_on()), the event is no TCP segment, its bytes are gone, or too
 * many packets came before it. */
gboolean history_verdict(History *history, const Trace *trace, PacketStore *store, guint32 event,
			 guint n_events, TcpVerdict *verdict);
/* Reads one packet's bytes again, decodes its headers and has it tracked in `flows`. FALSE: they
 * cannot be had. */
gboolean history_packet(const Trace *trace, PacketStore *store, FlowTable *flows, guint32 index,
			Facts *facts, FlowResult *result);
/* The event that was asked for last has not been reached: asking again helps. */
gboolean history_goes_on(const History *history);
void history_clear(History *history);

/* Lines, as detail.h has them; NULL where there is no such row. The caller frees.
 * `play`: as far as the film has come; NULL none is played.
 * `history` is the caller's, for this trace; asking row by row costs least.
 * So many of the events before a packet are looked at for its verdict in full;
 * history_goes_on() where that was not enough: what it says is left out.
 * `*trouble`, where it is NULL, becomes why a packet's bytes cannot be had, which
 * the caller frees; `trouble` may be NULL. */
GPtrArray *details_make(const Ladder *ladder, guint32 row, const Play *play, PacketStore *store,
			History *history, guint n_events, char **trouble);

/* Of all rows of a figure. */
void details_add(Figure *figure, PacketStore *store);

/* history.h - the verdict on one event in full, which the trace does not keep
 * (bytes in flight, completeness): the conversation's packets up to it go
 * through flow and track once more, in slices, since they may lie far apart; or
 * those of all conversations that somebody goes through row by row. Not pure: it
 * reads the packet store.
 */
#pragma once

#include "pktladder/store.h"
#include "pktladder/trace.h"

typedef struct {
	FlowTable *flows; /* with its conversations alone; NULL none yet */
	guint32 conversation;
	GHashTable *several; /* these instead, as a set; NULL: that one alone */
	guint32 next;	  /* the first event not looked at */
	guint32 event;	  /* that `verdict` is about */
	guint32 wanted;	  /* the event that was asked for; EVENT_NONE: none, or it cannot be had */
	guint packets;
	TcpVerdict verdict;
} History;

/* Looks at `n_events` more events at most. FALSE where they were not enough
 * (history_goes_on()), the event is no TCP segment, its bytes are gone, or too
 * many packets came before it. */
gboolean history_verdict(History *history, const Trace *trace, PacketStore *store, guint32 event,
			 guint n_events, TcpVerdict *verdict);
/* The event that was asked for last has not been reached: asking again helps. */
gboolean history_goes_on(const History *history);
void history_clear(History *history);

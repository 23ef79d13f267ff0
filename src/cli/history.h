/* history.h - the verdict on one event in full, which the trace does not keep
 * (bytes in flight, completeness): the conversation's packets up to it go
 * through flow and track once more. Not pure: it reads the packet store.
 */
#pragma once

#include "pktladder/store.h"
#include "pktladder/trace.h"

typedef struct {
	FlowTable *flows; /* with that conversation alone; NULL none yet */
	guint32 conversation;
	guint32 next;	  /* the first event not looked at */
	guint32 event;	  /* that `verdict` is about */
	guint packets;
	TcpVerdict verdict;
} History;

/* FALSE where the event is no TCP segment, its bytes are gone, or it lies so
 * far into its conversation that going there would be felt. */
gboolean history_verdict(History *history, const Trace *trace, PacketStore *store, guint32 event,
			 TcpVerdict *verdict);
void history_clear(History *history);

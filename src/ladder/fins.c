#include "fins.h"

typedef struct {
	Fin side[2];
} Pair;

struct _FinIndex {
	GHashTable *pairs; /* conversation => Pair */
	guint32 taken;	   /* events of the trace */
};

FinIndex *
fin_index_new(void)
{
	FinIndex *index = g_new0(FinIndex, 1);

	index->pairs = g_hash_table_new_full(NULL, NULL, NULL, g_free);
	return index;
}

void
fin_index_free(FinIndex *index)
{
	if (!index)
		return;
	g_hash_table_unref(index->pairs);
	g_free(index);
}

static void
fin_take(FinIndex *index, const Event *event, guint32 at)
{
	gpointer key = GUINT_TO_POINTER(event->conversation);
	Pair *pair = g_hash_table_lookup(index->pairs, key);
	Fin *fin;

	if (!pair) {
		pair = g_new(Pair, 1);
		pair->side[0].event = pair->side[1].event = EVENT_NONE;
		g_hash_table_insert(index->pairs, key, pair);
	}
	fin = &pair->side[event->from];
	if (fin->event != EVENT_NONE)
		return;
	*fin = (Fin){ .event = at,
		      .number = event->seq + event->length,
		      .second = pair->side[!event->from].event != EVENT_NONE };
}

void
fin_index_update(FinIndex *index, const Trace *trace)
{
	for (; index->taken < trace_length(trace); index->taken++) {
		const Event *event = trace_event(trace, index->taken);

		if (event->kind == EVENT_PACKET && event->packet_kind == KIND_FIN &&
		    event->conversation != CONVERSATION_NONE)
			fin_take(index, event, index->taken);
	}
}

Fin
fin_index_get(const FinIndex *index, guint32 conversation, Side side, guint32 at)
{
	const Pair *pair = g_hash_table_lookup(index->pairs, GUINT_TO_POINTER(conversation));

	if (!pair || pair->side[side].event == EVENT_NONE || pair->side[side].event > at)
		return (Fin){ .event = EVENT_NONE };
	return pair->side[side];
}

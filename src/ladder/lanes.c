/* SPDX-License-Identifier: MIT */
#include "lanes.h"
#include "pktladder/trace.h"

static guint
endpoint_key(gconstpointer endpoint)
{
	return endpoint_hash(endpoint) >> 32;
}

/* The end's lane in `seen`, made if it is new there, becomes the next of `of`. */
static void
lane_take(Lanes *lanes, GHashTable *seen, const Endpoint *end, guint32 conversation, Side side)
{
	Lane lane = { .conversation = conversation, .side = side };
	gpointer place;

	if (!g_hash_table_lookup_extended(seen, end, NULL, &place)) {
		place = GUINT_TO_POINTER(lanes->lanes->len);
		g_hash_table_insert(seen, (gpointer)end, place);
		g_array_append_val(lanes->lanes, lane);
	}
	guint32 index = GPOINTER_TO_UINT(place);
	g_array_index(lanes->lanes, Lane, index).server |= side == SIDE_SERVER;
	g_array_append_val(lanes->of, index);
}

/* Clients to the left, servers to the right, else as they are. */
static void
lanes_sort(Lanes *lanes)
{
	GArray *sorted = g_array_sized_new(FALSE, FALSE, sizeof(Lane), lanes->lanes->len);
	g_autofree guint32 *place = g_new(guint32, lanes->lanes->len);

	for (guint server = FALSE; server <= TRUE; server++) {
		for (guint i = 0; i < lanes->lanes->len; i++) {
			const Lane *lane = &g_array_index(lanes->lanes, Lane, i);

			if (lane->server != server)
				continue;
			place[i] = sorted->len;
			g_array_append_val(sorted, *lane);
		}
	}
	for (guint i = 0; i < lanes->of->len; i++) {
		guint32 *of = &g_array_index(lanes->of, guint32, i);

		*of = place[*of];
	}
	g_array_unref(lanes->lanes);
	lanes->lanes = sorted;
}

Lanes *
lanes_new(const Trace *trace, const ConversationSet *set)
{
	Lanes *lanes = g_new0(Lanes, 1);

	lanes->set = set;
	lanes->lanes = g_array_new(FALSE, FALSE, sizeof(Lane));
	lanes->of = g_array_new(FALSE, FALSE, sizeof(guint32));

	/* All ends, in order of appearance. One that talks to itself stands there twice,
	 * or its arrows would have nowhere to go. */
	g_autoptr(GHashTable) seen = g_hash_table_new(endpoint_key, (GEqualFunc)endpoint_equal);
	g_autoptr(GHashTable) selves = g_hash_table_new(endpoint_key, (GEqualFunc)endpoint_equal);

	for (guint i = 0; i < conversation_set_length(set); i++) {
		guint32 index = conversation_set_get(set, i);
		const Endpoint *ends = flow_table_get(trace_flows(trace), index)->endpoint;
		gboolean self = endpoint_equal(&ends[SIDE_CLIENT], &ends[SIDE_SERVER]);

		lane_take(lanes, seen, &ends[SIDE_CLIENT], index, SIDE_CLIENT);
		lane_take(lanes, self ? selves : seen, &ends[SIDE_SERVER], index, SIDE_SERVER);
	}
	lanes_sort(lanes);
	return lanes;
}

void
lanes_free(Lanes *lanes)
{
	g_array_unref(lanes->lanes);
	g_array_unref(lanes->of);
	g_free(lanes);
}

void
lanes_of(const Lanes *lanes, guint32 conversation, guint32 lane[2])
{
	guint place = lanes ? conversation_set_find(lanes->set, conversation) : 0;

	if (!lanes || place == conversation_set_length(lanes->set)) {
		lane[SIDE_CLIENT] = 0;
		lane[SIDE_SERVER] = lanes ? lanes->lanes->len - 1 : 1;
		return;
	}
	for (Side side = SIDE_CLIENT; side <= SIDE_SERVER; side++)
		lane[side] = g_array_index(lanes->of, guint32, 2 * place + side);
}

#include "lanes.h"

/* A participant, by the first of the conversations' ends that are its own: endpoints are not
 * copied. Which ends have a lane in common is for lane_find() alone to say: today those of
 * one endpoint, and a program with several endpoints would be no more than another key. */
typedef struct {
	guint32 conversation;
	guint8 side;   /* Side */
	guint8 server; /* of some conversation */
} Lane;

struct _Lanes {
	const Trace *trace;
	const ConversationSet *set;
	GArray *lanes; /* Lane */
	GArray *of;    /* guint32: by place in the set, then by Side */
};

static guint
endpoint_key(gconstpointer endpoint)
{
	return endpoint_hash(endpoint) >> 32;
}

static gboolean
endpoint_same(gconstpointer a, gconstpointer b)
{
	return endpoint_equal(a, b);
}

/* The place of an end in `found`, where it is added if it is new to `seen`. */
static guint32
lane_find(Lanes *lanes, GHashTable *seen, guint32 index, Side side)
{
	const Conversation *conversation = flow_table_get(trace_flows(lanes->trace), index);
	gpointer key = (gpointer)&conversation->endpoint[side], place;

	if (g_hash_table_lookup_extended(seen, key, NULL, &place)) {
		g_array_index(lanes->lanes, Lane, GPOINTER_TO_UINT(place)).server |=
			side == SIDE_SERVER;
	} else {
		Lane lane = { .conversation = index, .side = side, .server = side == SIDE_SERVER };

		place = GUINT_TO_POINTER(lanes->lanes->len);
		g_hash_table_insert(seen, key, place);
		g_array_append_val(lanes->lanes, lane);
	}
	return GPOINTER_TO_UINT(place);
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

	lanes->trace = trace;
	lanes->set = set;
	lanes->lanes = g_array_new(FALSE, FALSE, sizeof(Lane));
	lanes->of = g_array_new(FALSE, FALSE, sizeof(guint32));

	/* All ends, in order of appearance. One that talks to itself stands there twice,
	 * or its arrows would have nowhere to go. */
	g_autoptr(GHashTable) seen = g_hash_table_new(endpoint_key, endpoint_same);
	g_autoptr(GHashTable) selves = g_hash_table_new(endpoint_key, endpoint_same);

	for (guint i = 0; i < conversation_set_length(lanes->set); i++) {
		guint32 index = conversation_set_get(lanes->set, i);
		const Conversation *conversation = flow_table_get(trace_flows(lanes->trace), index);
		gboolean self = endpoint_equal(&conversation->endpoint[SIDE_CLIENT],
					       &conversation->endpoint[SIDE_SERVER]);
		guint32 client = lane_find(lanes, seen, index, SIDE_CLIENT);
		guint32 server = lane_find(lanes, self ? selves : seen, index, SIDE_SERVER);

		g_array_append_val(lanes->of, client);
		g_array_append_val(lanes->of, server);
	}
	lanes_sort(lanes);
	return lanes;
}

void
lanes_free(Lanes *lanes)
{
	if (!lanes)
		return;
	g_array_unref(lanes->lanes);
	g_array_unref(lanes->of);
	g_free(lanes);
}

guint
lanes_length(const Lanes *lanes)
{
	return lanes ? lanes->lanes->len : 2;
}

void
lanes_of_set(const Lanes *lanes, guint32 conversation, guint32 lane[2])
{
	guint place = conversation_set_find(lanes->set, conversation);

	if (place == conversation_set_length(lanes->set)) {
		lane[SIDE_CLIENT] = 0;
		lane[SIDE_SERVER] = lanes->lanes->len - 1;
		return;
	}
	for (Side side = SIDE_CLIENT; side <= SIDE_SERVER; side++)
		lane[side] = g_array_index(lanes->of, guint32, 2 * place + side);
}

const Conversation *
lanes_conversation(const Lanes *lanes, guint lane, Side *side)
{
	const Lane *at = &g_array_index(lanes->lanes, Lane, lane);

	g_assert(lane < lanes->lanes->len);
	*side = at->side;
	return flow_table_get(trace_flows(lanes->trace), at->conversation);
}

gboolean
lanes_is_server(const Lanes *lanes, guint lane)
{
	if (!lanes)
		return lane == SIDE_SERVER;
	g_assert(lane < lanes->lanes->len);
	return g_array_index(lanes->lanes, Lane, lane).server;
}

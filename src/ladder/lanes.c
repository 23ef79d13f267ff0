/* SPDX-License-Identifier: MIT */
#include "ladder_private.h"

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

Lanes *
lanes_new_programs(const Trace *trace)
{
	Lanes *lanes = g_new0(Lanes, 1);
	guint n = trace_n_programs(trace);

	lanes->trace = trace;
	lanes->lanes = g_array_new(FALSE, TRUE, sizeof(Lane));
	lanes->of = g_array_new(FALSE, FALSE, sizeof(guint32));
	g_array_set_size(lanes->lanes, n);
	g_array_index(lanes->lanes, Lane, n - 1).server = TRUE;
	return lanes;
}

void
lanes_free(Lanes *lanes)
{
	g_array_unref(lanes->lanes);
	g_array_unref(lanes->of);
	g_free(lanes);
}

/* Another one's than `lane`: nobody's row that has one program alone. */
static guint32
lane_beside(const Lanes *lanes, guint32 lane)
{
	return lane + 1 < trace_n_programs(lanes->trace) ? lane + 1 : lane - 1;
}

/* An end that nobody knows stands at the outer lane, or beside the other one. */
static void
lanes_of_programs(const Lanes *lanes, guint32 conversation, guint32 lane[2])
{
	const guint n = trace_n_programs(lanes->trace);
	int program[2];

	for (Side side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
		program[side] = trace_program(lanes->trace, conversation, side);
		lane[side] = program[side] >= 0    ? (guint32)program[side]
			     : side == SIDE_CLIENT ? n - 1
						   : 0;
	}
	if (lane[SIDE_CLIENT] == lane[SIDE_SERVER] && program[SIDE_CLIENT] == program[SIDE_SERVER])
		lane[SIDE_SERVER] = n;
	else if (lane[SIDE_CLIENT] == lane[SIDE_SERVER])
		lane[program[SIDE_CLIENT] >= 0] = lane_beside(lanes, lane[SIDE_CLIENT]);
}

void
lanes_take(Lanes *lanes, guint32 conversation)
{
	const Lane itself = { .server = TRUE };
	guint32 lane[2];

	lanes_of(lanes, conversation, lane);
	if (MAX(lane[0], lane[1]) >= lanes->lanes->len)
		g_array_append_val(lanes->lanes, itself);
}

void
lanes_of_row(const Lanes *lanes, guint32 conversation, const Event *event, guint32 lane[2])
{
	lanes_of(lanes, conversation, lane);
	if (!lanes || lanes->set || event->kind != EVENT_CALL)
		return;
	const Side from = event->from;
	lane[from] = MIN(call_program(trace_call(lanes->trace, event)), lanes->lanes->len - 1);
	if (lane[from] == lane[!from])
		lane[!from] = lane_beside(lanes, lane[from]);
}

void
lanes_of(const Lanes *lanes, guint32 conversation, guint32 lane[2])
{
	guint place = lanes && lanes->set ? conversation_set_find(lanes->set, conversation) : 0;

	if (lanes && !lanes->set) {
		lanes_of_programs(lanes, conversation, lane);
		return;
	}
	if (!lanes || place == conversation_set_length(lanes->set)) {
		lane[SIDE_CLIENT] = 0;
		lane[SIDE_SERVER] = lanes ? lanes->lanes->len - 1 : 1;
		return;
	}
	for (Side side = SIDE_CLIENT; side <= SIDE_SERVER; side++)
		lane[side] = g_array_index(lanes->of, guint32, 2 * place + side);
}

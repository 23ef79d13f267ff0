/* SPDX-License-Identifier: MIT */
/* Many events, and many conversations at once. */
#include "../packets.h"

/* Many pieces of events. */
#define MANY 1200000u

static void
test_many_events(void)
{
	g_autoptr(Trace) trace = trace_new();
	g_autofree const Event **seen = g_new(const Event *, MANY);

	for (guint32 i = 0; i < MANY; i++) {
		g_assert_cmpuint(trace_add_drops(trace, i, i), ==, i);
		seen[i] = trace_event(trace, i);
	}
	g_assert_cmpuint(trace_length(trace), ==, MANY);
	for (guint32 i = 0; i < MANY; i++) {
		g_assert_true(trace_event(trace, i) == seen[i]); /* none has moved */
		g_assert_cmpint(seen[i]->time_ns, ==, i);
		g_assert_cmpuint(seen[i]->index, ==, i);
	}
}

/* IP 10.1.x.y.40000 > 10.0.0.1.80, or back; x and y are the number of the conversation. */
static guint32
add_segment(Trace *trace, guint number, gboolean back, guint8 flags, guint32 seq)
{
	const guint8 address[] = { 10, 1, (guint8)(number >> 8), (guint8)number };
	Endpoint client = endpoint_make(4, address, 40000);
	Endpoint server = endpoint_make(4, (const guint8[]){ 10, 0, 0, 1 }, 80);
	PacketSpec spec = { .from = back ? server : client,
			    .to = back ? client : server,
			    .protocol = IPPROTO_TCP,
			    .flags = flags,
			    .seq = seq,
			    .window = 0x2000 };
	Made made;
	Packet packet = packet_make(&made, 1, &spec);

	return trace_add_packet(trace, &packet, 0);
}

/* So many that each place for recent ones is wanted by several. */
static void
test_many_conversations(void)
{
	enum { CONVERSATIONS = 20000 };
	g_autoptr(Trace) trace = trace_new();
	const FlowTable *flows = trace_flows(trace);

	for (guint round = 0; round < 4; round++) {
		for (guint i = 0; i < CONVERSATIONS; i++) {
			gboolean back = (i + round) % 2 && round > 0;
			guint8 flags = round == 0 ? TCP_SYN : TCP_ACK;
			const Event *event =
			    trace_event(trace, add_segment(trace, i, back, flags, round > 0));

			g_assert_cmpuint(event->conversation, ==, i);
			g_assert_cmpuint(event->from, ==, back ? SIDE_SERVER : SIDE_CLIENT);
		}
	}
	g_assert_cmpuint(flow_table_length(flows), ==, CONVERSATIONS);
	/* Each tenth begins anew: what comes then belongs to the new one. */
	for (guint i = 0; i < CONVERSATIONS; i += 10)
		add_segment(trace, i, FALSE, TCP_SYN, 0x77000000);
	g_assert_cmpuint(flow_table_length(flows), ==, CONVERSATIONS + CONVERSATIONS / 10);
	for (guint i = 0; i < CONVERSATIONS; i++) {
		const Event *event = trace_event(trace, add_segment(trace, i, TRUE, TCP_ACK, 1));

		g_assert_cmpuint(event->conversation, ==, i % 10 ? i : CONVERSATIONS + i / 10);
		g_assert_cmpuint(event->from, ==, SIDE_SERVER);
	}
	for (guint i = 0; i < CONVERSATIONS; i++) {
		const Conversation *c = flow_table_get(flows, i);

		g_assert_cmpuint(c->packets[0] + c->packets[1], ==, i % 10 ? 5 : 4);
		g_assert_cmpuint(
		    flow_table_find(flows, TRANSPORT_TCP, &c->endpoint[1], &c->endpoint[0]), ==,
		    i % 10 ? i : CONVERSATIONS + i / 10);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/trace/many-events", test_many_events);
	g_test_add_func("/trace/many-conversations", test_many_conversations);
	return g_test_run();
}

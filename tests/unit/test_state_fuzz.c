/* SPDX-License-Identifier: MIT */
/* test_state_fuzz.c - the states of both ends against a second, plain reading of RFC 9293.
 *
 * Theory of operation. Two hosts that follow RFC 9293 3.10 talk over a wire that loses, repeats and
 * overtakes; they open (one of them, or both at once), send, close, abort, and lose their memory;
 * a stranger sends resets. What comes out of the wire is captured, and delivered. Each captured
 * segment goes to the flow stage and to a reader of the RFC that is written as plainly as can be:
 * a flag for every byte of the sequence space that has arrived, and an if for every sentence.
 * Both must name the same states. */
#include <string.h>

#include "pktladder/flow.h"
#include "flow/history.h"
#include "track_script.h"

enum {
	SEGMENTS = 500000, /* at least */
	STEPS = 150,       /* of one conversation */
	SPACE = 1 << 14,   /* sequence numbers of one conversation, from its ISS on */
	WINDOW = 1000,
	FAR = 1 << 24, /* connections between the same ports have numbers that lie further apart */
};

typedef struct {
	guint from;
	guint16 flags;
	guint32 seq, ack, length;
} Wire;

/* The hosts ------------------------------------------------------------------- */

typedef struct {
	TcpState state;
	guint32 iss, una, next, expected; /* SND.UNA, SND.NXT, RCV.NXT */
	guint32 fin;                      /* the number of its own FIN */
	gboolean fin_sent, passive;
} Host;

typedef struct {
	Host host[2];
	GArray *wire; /* Wire */
	GRand *rand;
	guint32 connections;
} World;

static guint32
iss_new(World *world)
{
	return (++world->connections * 27 << 27) + g_rand_int_range(world->rand, 0, 1 << 20) -
	       (1 << 14);
}

static void
emit(World *world, guint from, guint16 flags, guint32 seq, guint32 length)
{
	Wire packet = { from, flags, seq, flags & TCP_ACK ? world->host[from].expected : 0,
			length };

	if (g_rand_int_range(world->rand, 0, 8) > 0)
		g_array_append_val(world->wire, packet);
	if (g_rand_int_range(world->rand, 0, 12) == 0)
		g_array_append_val(world->wire, packet);
}

static void
open_(World *world, guint side)
{
	Host *host = &world->host[side];

	/* RFC 9293 3.4.3: quiet until what the old connection sent is gone. */
	for (guint i = world->wire->len; i-- > 0;) {
		if (g_array_index(world->wire, Wire, i).from == side)
			g_array_remove_index(world->wire, i);
	}
	*host = (Host){ .state = TCP_STATE_SYN_SENT, .iss = iss_new(world) };
	host->una = host->iss;
	host->next = host->iss + 1;
	emit(world, side, TCP_SYN, host->iss, 0);
}

static gboolean
is_synchronized(TcpState state)
{
	return state != TCP_STATE_UNKNOWN && state != TCP_STATE_CLOSED &&
	       state != TCP_STATE_LISTEN && state != TCP_STATE_SYN_SENT &&
	       state != TCP_STATE_SYN_RECEIVED;
}

static void
reset_answer(World *world, guint side, const Wire *packet)
{
	Wire reset = { side, TCP_RST, packet->ack, 0, 0 };

	if (packet->flags & TCP_RST)
		return;
	if (!(packet->flags & TCP_ACK)) {
		reset.flags |= TCP_ACK;
		reset.seq = 0;
		reset.ack =
		    packet->seq + packet->length + ((packet->flags & (TCP_SYN | TCP_FIN)) != 0);
	}
	g_array_append_val(world->wire, reset);
}

/* What an application does, or a timer. */
static void
act(World *world, guint side)
{
	Host *host = &world->host[side];
	gboolean sends =
	    host->state == TCP_STATE_ESTABLISHED || host->state == TCP_STATE_CLOSE_WAIT;

	switch (g_rand_int_range(world->rand, 0, 14)) {
	case 0: /* CLOSE */
	case 1:
		if (!sends)
			return;
		host->state = host->state == TCP_STATE_ESTABLISHED ? TCP_STATE_FIN_WAIT_1
								   : TCP_STATE_LAST_ACK;
		host->fin = host->next++;
		host->fin_sent = TRUE;
		emit(world, side, TCP_FIN | TCP_ACK, host->fin, 0);
		return;
	case 2: /* ABORT; and now and then a host that has lost its memory */
		if (g_rand_int_range(world->rand, 0, 6) > 0 || !is_synchronized(host->state))
			return;
		if (g_rand_boolean(world->rand))
			emit(world, side, TCP_RST, host->next, 0);
		host->state = TCP_STATE_CLOSED;
		return;
	case 3:
	case 4:
	case 5: /* sends again what is not acknowledged */
		if (host->state == TCP_STATE_SYN_SENT)
			emit(world, side, TCP_SYN, host->iss, 0);
		else if (host->state == TCP_STATE_SYN_RECEIVED)
			emit(world, side, TCP_SYN | TCP_ACK, host->iss, 0);
		else if (is_synchronized(host->state) && host->una != host->next)
			emit(world, side,
			     host->fin_sent && host->una == host->fin ? TCP_FIN | TCP_ACK : TCP_ACK,
			     host->una,
			     host->fin_sent ? MIN(host->fin - host->una, 50)
					    : MIN(host->next - host->una, 50));
		return;
	default:
		if (!sends || host->next - host->una > WINDOW / 2 ||
		    host->next - host->iss > SPACE / 2)
			return;
		guint32 length = g_rand_int_range(world->rand, 1, 100);
		emit(world, side, TCP_ACK, host->next, length);
		host->next += length;
	}
}

/* RFC 9293 3.10.7.4, of a synchronized end and one in SYN-RECEIVED. */
static void
arrive_open(World *world, guint side, const Wire *packet)
{
	Host *host = &world->host[side];
	guint32 end = packet->seq + packet->length + ((packet->flags & TCP_FIN) != 0);

	if (packet->flags & TCP_RST) {
		if (packet->seq == host->expected)
			host->state = host->state == TCP_STATE_SYN_RECEIVED && host->passive
					  ? TCP_STATE_LISTEN
					  : TCP_STATE_CLOSED;
		else if (packet->seq - host->expected < WINDOW)
			emit(world, side, TCP_ACK, host->next, 0);
		return;
	}
	if (packet->flags & TCP_SYN && host->state == TCP_STATE_SYN_RECEIVED &&
	    packet->seq + 1 == host->expected) {
		if (packet->flags & TCP_ACK && packet->ack == host->iss + 1)
			host->state = TCP_STATE_ESTABLISHED;
		else
			emit(world, side, TCP_SYN | TCP_ACK, host->iss, 0);
		return;
	}
	if (packet->flags & TCP_SYN || packet->seq - host->expected >= WINDOW) {
		emit(world, side, TCP_ACK, host->next, 0);
		return;
	}
	if (!(packet->flags & TCP_ACK))
		return;
	if (seq_lt(host->una, packet->ack) && seq_le(packet->ack, host->next))
		host->una = packet->ack;
	else if (host->state == TCP_STATE_SYN_RECEIVED) {
		reset_answer(world, side, packet);
		return;
	}
	if (host->state == TCP_STATE_SYN_RECEIVED)
		host->state = TCP_STATE_ESTABLISHED;
	if (host->fin_sent && host->una == host->fin + 1)
		host->state = host->state == TCP_STATE_FIN_WAIT_1 ? TCP_STATE_FIN_WAIT_2
			      : host->state == TCP_STATE_CLOSING  ? TCP_STATE_TIME_WAIT
			      : host->state == TCP_STATE_LAST_ACK ? TCP_STATE_CLOSED
								  : host->state;
	if (packet->seq == host->expected && end != packet->seq) {
		host->expected = end;
		if (packet->flags & TCP_FIN)
			host->state = host->state == TCP_STATE_ESTABLISHED  ? TCP_STATE_CLOSE_WAIT
				      : host->state == TCP_STATE_FIN_WAIT_1 ? TCP_STATE_CLOSING
				      : host->state == TCP_STATE_FIN_WAIT_2 ? TCP_STATE_TIME_WAIT
									    : host->state;
	}
	if (end != packet->seq)
		emit(world, side, TCP_ACK, host->next, 0);
}

static void
arrive(World *world, guint side, const Wire *packet)
{
	Host *host = &world->host[side];

	switch (host->state) {
	case TCP_STATE_CLOSED: /* 3.10.7.1 */
		reset_answer(world, side, packet);
		return;
	case TCP_STATE_LISTEN: /* 3.10.7.2 */
		if (packet->flags & TCP_RST)
			return;
		if (packet->flags & TCP_ACK) {
			reset_answer(world, side, packet);
			return;
		}
		if (!(packet->flags & TCP_SYN))
			return;
		*host = (Host){ .state = TCP_STATE_SYN_RECEIVED,
				.iss = iss_new(world),
				.expected = packet->seq + 1,
				.passive = TRUE };
		host->una = host->iss;
		host->next = host->iss + 1;
		emit(world, side, TCP_SYN | TCP_ACK, host->iss, 0);
		return;
	case TCP_STATE_SYN_SENT: /* 3.10.7.3 */
		if (packet->flags & TCP_ACK && packet->ack != host->next) {
			reset_answer(world, side, packet);
			return;
		}
		if (packet->flags & TCP_RST) {
			if (packet->flags & TCP_ACK)
				host->state = TCP_STATE_CLOSED;
			return;
		}
		if (!(packet->flags & TCP_SYN))
			return;
		host->expected = packet->seq + 1;
		if (packet->flags & TCP_ACK) {
			host->una = packet->ack;
			host->state = TCP_STATE_ESTABLISHED;
			emit(world, side, TCP_ACK, host->next, 0);
		} else {
			host->state = TCP_STATE_SYN_RECEIVED;
			emit(world, side, TCP_SYN | TCP_ACK, host->iss, 0);
		}
		return;
	default:
		arrive_open(world, side, packet);
	}
}

/* The reader ------------------------------------------------------------------ */

/* What a capture tells of one end. */
typedef struct {
	TcpState state;
	gboolean active; /* it sent a SYN without ACK */
	gboolean known;  /* something of what it sent is known to have arrived */
	guint32 base;    /* its first number; where that was not seen, one that stands for it */
	gboolean base_known;
	gboolean arrived[SPACE]; /* by number - base */
	gboolean acks;
	guint32 ack;           /* its last one */
	guint32 sent;          /* its next number, by what it sent */
	gboolean fin, reached; /* it sent a FIN; which has come into sequence at the peer */
	guint32 fin_next;
} End;

typedef struct {
	End end[2];
	gboolean established; /* either was */
} Reader;

static guint32
expected_of(const End *end)
{
	guint32 i = 0;

	while (i < SPACE && end->arrived[i])
		i++;
	return end->base + i;
}

/* All before `number` has arrived at the peer. */
static void
reach(End *end, guint32 number)
{
	if (!end->known || seq_lt(end->sent, number))
		end->sent = number;
	if (!end->base_known) {
		end->base = number - 1;
		end->base_known = TRUE;
	}
	for (guint32 i = 0; i < SPACE && seq_lt(end->base + i, number); i++)
		end->arrived[i] = TRUE;
	end->known = TRUE;
}

/* Whether the FIN has come into sequence just now. */
static gboolean
fin_comes(End *end)
{
	if (!end->fin || end->reached || seq_lt(expected_of(end), end->fin_next))
		return FALSE;
	end->reached = TRUE;
	return TRUE;
}

static void
become(Reader *reader, End *end, TcpState state)
{
	end->state = state;
	reader->established |= state == TCP_STATE_ESTABLISHED;
}

static void
receive_fin(End *end)
{
	if (end->state == TCP_STATE_SYN_RECEIVED || end->state == TCP_STATE_ESTABLISHED)
		end->state = TCP_STATE_CLOSE_WAIT;
	else if (end->state == TCP_STATE_FIN_WAIT_1)
		end->state = TCP_STATE_CLOSING;
	else if (end->state == TCP_STATE_FIN_WAIT_2)
		end->state = TCP_STATE_TIME_WAIT;
}

/* The ACK of `a`'s segment, at `b`. */
static void
receive_ack(Reader *reader, End *b, guint32 ack)
{
	gboolean of_syn = !b->known || (seq_lt(b->base, ack) && seq_le(ack, expected_of(b)));

	if (b->state == TCP_STATE_SYN_RECEIVED && of_syn)
		become(reader, b, TCP_STATE_ESTABLISHED);
	if (!b->fin || seq_lt(ack, b->fin_next))
		return;
	if (b->state == TCP_STATE_FIN_WAIT_1)
		b->state = TCP_STATE_FIN_WAIT_2;
	else if (b->state == TCP_STATE_CLOSING)
		b->state = TCP_STATE_TIME_WAIT;
	else if (b->state == TCP_STATE_LAST_ACK)
		b->state = TCP_STATE_CLOSED;
}

static void
take_bytes(End *a, guint32 seq, guint32 next)
{
	if (!a->known || seq_lt(a->sent, next))
		a->sent = next;
	if (!a->base_known || !a->known) {
		if (!a->base_known) {
			a->base = seq - 1;
			a->base_known = TRUE;
		}
		reach(a, next);
		return;
	}
	for (guint32 number = seq; number != next; number++)
		if (number - a->base < SPACE)
			a->arrived[number - a->base] = TRUE;
}

static guint32
next_of(const End *end)
{
	return seq_lt(end->sent, expected_of(end)) ? expected_of(end) : end->sent;
}

static void
read_reset(Reader *reader, const Wire *packet)
{
	End *a = &reader->end[packet->from], *b = &reader->end[!packet->from];
	gboolean reaches;

	if (b->state == TCP_STATE_SYN_SENT)
		reaches = packet->flags & TCP_ACK && packet->ack == b->base + 1;
	else if (!a->known && !b->acks)
		reaches = TRUE;
	else
		reaches = (a->known && packet->seq == expected_of(a)) ||
			  (a->reached && packet->seq + 1 == expected_of(a)) ||
			  (b->acks && packet->seq == b->ack);
	if (a->state == TCP_STATE_UNKNOWN)
		a->state = TCP_STATE_CLOSED;
	else if (a->state == TCP_STATE_SYN_SENT && packet->seq == expected_of(a))
		a->state = TCP_STATE_CLOSED; /* it gives up */
	else if (a->state != TCP_STATE_SYN_SENT && a->state != TCP_STATE_LISTEN &&
		 (reaches || (a->known && packet->seq == next_of(a))))
		a->state = TCP_STATE_CLOSED;
	if (!reaches || b->state == TCP_STATE_UNKNOWN)
		return;
	b->state =
	    b->state == TCP_STATE_SYN_RECEIVED && !b->active ? TCP_STATE_LISTEN : TCP_STATE_CLOSED;
}

static void
read_syn(Reader *reader, const Wire *packet)
{
	End *a = &reader->end[packet->from], *b = &reader->end[!packet->from];

	if (!(packet->flags & TCP_ACK)) {
		if (reader->established)
			return;
		a->active = TRUE;
		if (a->state == TCP_STATE_UNKNOWN || a->state == TCP_STATE_LISTEN ||
		    a->state == TCP_STATE_CLOSED)
			a->state = TCP_STATE_SYN_SENT;
		if (!a->base_known) {
			a->base = packet->seq;
			a->base_known = TRUE;
		}
		take_bytes(a, packet->seq, packet->seq + 1);
		return;
	}
	if (a->base_known && a->base != packet->seq) { /* another connection's */
		memset(a->arrived, 0, sizeof(a->arrived));
		a->known = FALSE;
		a->base = packet->seq;
	}
	if (!a->base_known) {
		a->base = packet->seq;
		a->base_known = TRUE;
	}
	if (!(reader->established && a->known) &&
	    (a->state == TCP_STATE_UNKNOWN || a->state == TCP_STATE_LISTEN ||
	     a->state == TCP_STATE_CLOSED || a->state == TCP_STATE_SYN_SENT))
		a->state = TCP_STATE_SYN_RECEIVED;
	if (b->state == TCP_STATE_SYN_SENT && packet->ack == b->base + 1)
		become(reader, b, TCP_STATE_ESTABLISHED);
	if (!b->known)
		reach(b, packet->ack);
	receive_ack(reader, b, packet->ack);
	take_bytes(a, packet->seq, packet->seq + 1);
}

static void
read_other(Reader *reader, const Wire *packet)
{
	End *a = &reader->end[packet->from], *b = &reader->end[!packet->from];
	guint32 next = packet->seq + packet->length + ((packet->flags & TCP_FIN) != 0);
	gboolean old =
	    a->known && seq_lt(packet->seq, expected_of(a)) && seq_le(next, expected_of(a));

	if (!(packet->flags & TCP_ACK))
		return;
	/* what it acknowledges has arrived at it; but in SYN-SENT nothing was sent but the SYN, and
	 * a number that is far off is another connection's */
	if (!b->known || (seq_lt(expected_of(b), packet->ack) && b->state != TCP_STATE_SYN_SENT)) {
		if (b->known && (a->state == TCP_STATE_UNKNOWN || a->state == TCP_STATE_SYN_SENT ||
				 a->state == TCP_STATE_SYN_RECEIVED))
			become(reader, a, TCP_STATE_ESTABLISHED);
		reach(b, packet->ack);
		if (fin_comes(b))
			receive_fin(a);
	}
	/* only a synchronized end sends it */
	if (a->state == TCP_STATE_UNKNOWN || a->state == TCP_STATE_SYN_SENT)
		become(reader, a, TCP_STATE_ESTABLISHED);
	if (b->reached && seq_le(b->fin_next, packet->ack))
		receive_fin(a);
	if (packet->flags & TCP_FIN) {
		if (a->state == TCP_STATE_SYN_RECEIVED || a->state == TCP_STATE_ESTABLISHED) {
			if (!(b->fin && seq_lt(packet->ack, b->fin_next)))
				a->state = TCP_STATE_FIN_WAIT_1;
		} else if (a->state == TCP_STATE_CLOSE_WAIT) {
			a->state = b->fin && seq_lt(packet->ack, b->fin_next) ? TCP_STATE_CLOSING
									      : TCP_STATE_LAST_ACK;
		}
		a->fin = TRUE;
		a->fin_next = next;
	}
	/* its arrival */
	if (!old)
		receive_ack(reader, b, packet->ack);
	take_bytes(a, packet->seq, next);
	if (fin_comes(a))
		receive_fin(b);
}

static void
read_packet(Reader *reader, const Wire *packet)
{
	End *a = &reader->end[packet->from];

	if (packet->flags & TCP_RST)
		read_reset(reader, packet);
	else if (packet->flags & TCP_SYN)
		read_syn(reader, packet);
	else
		read_other(reader, packet);
	if (packet->flags & TCP_ACK) {
		a->acks = TRUE;
		a->ack = packet->ack;
	}
}

/* Both, side by side ---------------------------------------------------------- */

static Facts
packet_facts(const Wire *packet, guint16 port)
{
	Endpoint ends[] = { script_endpoint(1, port), script_endpoint(2, SCRIPT_SERVER_PORT) };

	return (Facts){
		.transport = TRANSPORT_TCP,
		.source = ends[packet->from],
		.destination = ends[!packet->from],
		.ip_version = 4,
		.ip_protocol = 6,
		.has_transport_header = TRUE,
		.has_payload_length = TRUE,
		.payload_length = packet->length,
		.kind = KIND_DATA,
		.tcp = { .flags = packet->flags,
			 .seq = packet->seq,
			 .ack = packet->ack,
			 .window = WINDOW,
			 .header_length = 20 },
	};
}

static guint
conversation_run(FlowTable *table, guint16 port, guint32 seed)
{
	g_autoptr(GArray) wire = g_array_new(FALSE, FALSE, sizeof(Wire));
	g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
	g_autoptr(GString) told = g_string_new(NULL);
	g_autofree Reader *reader = g_new0(Reader, 1);
	World world = { .host = { { .state = TCP_STATE_CLOSED }, { .state = TCP_STATE_LISTEN } },
			.wire = wire,
			.rand = rand,
			.connections = g_rand_int(rand) };
	guint32 conversation = CONVERSATION_NONE;
	guint segments = 0;
	/* Some captures begin when the conversation has. */
	guint late = g_rand_int_range(rand, 0, 4) > 0 ? 0 : g_rand_int_range(rand, 1, 30);

	open_(&world, 0);
	if (g_rand_int_range(rand, 0, 5) == 0)
		open_(&world, 1);
	for (guint step = 0; step < STEPS; step++) {
		guint side = g_rand_int_range(rand, 0, 2);
		const Host *other = &world.host[!side];
		FlowResult result;

		if (g_rand_int_range(rand, 0, 60) == 0) {
			static const guint32 beside[] = { 0, 0, 1, 500, WINDOW + 1, 1u << 30 };
			Wire reset = { side, TCP_RST,
				       other->expected +
					   beside[g_rand_int_range(rand, 0, G_N_ELEMENTS(beside))],
				       0, 0 };

			g_array_append_val(wire, reset);
		}
		if (world.host[0].state == TCP_STATE_CLOSED && g_rand_int_range(rand, 0, 8) == 0)
			open_(&world, 0);
		if (wire->len == 0 || g_rand_int_range(rand, 0, 3) == 0) {
			act(&world, side);
			continue;
		}
		guint at =
		    g_rand_boolean(rand) ? 0 : g_rand_int_range(rand, 0, (gint)MIN(wire->len, 3));
		Wire packet = g_array_index(wire, Wire, at);
		Facts facts = packet_facts(&packet, port);

		g_array_remove_index(wire, at);
		if (late > 0) {
			late--;
			arrive(&world, !packet.from, &packet);
			continue;
		}
		flow_table_add(table, &facts, step * 1000, step + 1, &result);
		if (result.conversation != conversation) {
			memset(reader, 0, sizeof(*reader));
			g_string_append(told, "new\n");
		}
		conversation = result.conversation;
		/* Who is client is the flow stage's word: whose SYN came first. */
		guint from = packet.from;
		packet.from = result.from;
		read_packet(reader, &packet);
		g_string_append_printf(
		    told, "%c 0x%02x %u ack %u len %u: %s/%s; hosts %s/%s\n",
		    packet.from ? '<' : '>', packet.flags, packet.seq, packet.ack, packet.length,
		    tcp_state_name(result.verdict.state[0]),
		    tcp_state_name(result.verdict.state[1]), tcp_state_name(world.host[0].state),
		    tcp_state_name(world.host[1].state));
		if (result.verdict.state[0] != (guint8)reader->end[0].state ||
		    result.verdict.state[1] != (guint8)reader->end[1].state)
			g_error("seed %u: %s/%s by RFC 9293 after\n%s", seed,
				tcp_state_name(reader->end[0].state),
				tcp_state_name(reader->end[1].state), told->str);
		arrive(&world, !from, &packet);
		segments++;
	}
	return segments;
}

static void
test_against_reader(void)
{
	guint segments = 0;

	for (guint32 seed = 1; segments < SEGMENTS;) {
		g_autoptr(FlowTable) table = flow_table_new();

		for (guint16 port = 10000; port < 10100; port++)
			segments += conversation_run(table, port, seed++);
	}
	g_test_message("%u segments", segments);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/track/state/against-rfc-9293", test_against_reader);
	return g_test_run();
}

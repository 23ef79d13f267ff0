/* SPDX-License-Identifier: MIT */
#include "story.h"
#include "../packets.h"

/* Cookies of the sockets. */
enum { LISTENER = 1, CLIENT, ACCEPTED };

void
story_init(Story *story, guint8 version)
{
	*story = (Story){ .trace = trace_new(),
			  .now_ns = STORY_START_NS,
			  .version = version,
			  .transport = TRANSPORT_TCP,
			  .port = { 50796, 5000 },
			  .next_seq = { 1000, 4294967000u },
			  .window = 502 };
}

void
story_clear(Story *story)
{
	trace_free(story->trace);
}

void
story_wait(Story *story, gint64 ns)
{
	story->now_ns += ns;
}

static Endpoint
story_endpoint(const Story *story, Side side)
{
	const guint8 documentation[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = side + 1 };

	return story->version == 4 ? loopback(story->port[side])
				   : endpoint_make(6, documentation, story->port[side]);
}

/* Fills in the addresses, and tells the trace. */
static void
story_packet(Story *story, Side from, PacketSpec spec)
{
	Made made;

	spec.from = story_endpoint(story, from);
	spec.to = story_endpoint(story, !from);
	Packet packet = packet_make(&made, story->now_ns, &spec);
	trace_add_packet(story->trace, &packet, 0);
	story->now_ns += 20000;
}

void
story_tcp(Story *story, Side from, guint16 flags, guint16 length)
{
	PacketSpec spec = { .protocol = IPPROTO_TCP,
			    .flags = flags,
			    .seq = story->next_seq[from],
			    .ack = flags & TCP_ACK ? story->next_seq[!from] : 0,
			    .window = story->window,
			    .length = length,
			    .data = 'x' };

	story->next_seq[from] += length + ((flags & (TCP_SYN | TCP_FIN)) != 0);
	story_packet(story, from, spec);
}

void
story_tcp_again(Story *story, Side from, guint16 flags, guint16 length)
{
	story->next_seq[from] -= length;
	story_tcp(story, from, flags, length);
}

void
story_udp(Story *story, Side from, guint16 length)
{
	story_packet(story, from,
		     (PacketSpec){ .protocol = IPPROTO_UDP, .length = length, .data = 'x' });
}

void
story_unreachable(Story *story, guint8 protocol, guint8 code)
{
	const PacketSpec quoted = { .from = story_endpoint(story, SIDE_CLIENT),
				    .to = story_endpoint(story, SIDE_SERVER),
				    .protocol = protocol };
	const PacketSpec icmp = {
		.from = quoted.to, .to = quoted.from, .protocol = IPPROTO_ICMP, .length = 8 + 40
	};
	Made made;
	Packet packet = packet_make(&made, story->now_ns, &icmp);

	made.bytes[20] = 3;
	made.bytes[21] = code;
	packet_put_headers(&quoted, made.bytes + 28);
	trace_add_packet(story->trace, &packet, 0);
	story->now_ns += 20000;
}

void
story_other(Story *story)
{
	story_packet(story, SIDE_CLIENT, (PacketSpec){ .protocol = IPPROTO_SCTP, .length = 12 });
}

static void
add_call(Story *story, const StoryCall *call, CallPhase phase, gint64 result)
{
	CallRecord record = { .time_ns = story->now_ns,
			      .id = story->open[call->role],
			      .phase = phase,
			      .name = call->name,
			      .role = call->role,
			      .transport = story->transport,
			      .version = story->version,
			      .pid = 100,
			      .tid = 100,
			      .fd = call->fd,
			      .flags = call->flags,
			      .size = call->size,
			      .result = result,
			      .socket = call->socket };

	if (call->has_address) {
		record.has_address = TRUE;
		record.address = story_endpoint(story, SIDE_SERVER);
	}
	if (call->socket != 0) {
		record.local = story_endpoint(story, (Side)call->role);
		if (call->socket != LISTENER)
			record.peer = story_endpoint(story, (Side)!call->role);
	}
	if (call->name == CALL_ACCEPT && phase == CALL_RETURN) {
		record.accepted = ACCEPTED;
		record.peer = story_endpoint(story, SIDE_CLIENT);
	}
	trace_add_call(story->trace, &record);
	story->now_ns += 10000;
}

void
story_entry(Story *story, const StoryCall *call)
{
	story->open[call->role] = ++story->last_call;
	add_call(story, call, CALL_ENTRY, 0);
}

void
story_return(Story *story, const StoryCall *call, gint64 result)
{
	add_call(story, call, CALL_RETURN, result);
}

void
story_call(Story *story, const StoryCall *call, gint64 result)
{
	story_entry(story, call);
	story_return(story, call, result);
}

/* clang-format off */
/*			      name	    role	 fd  flags size  socket    address */
static const StoryCall
	server_socket =	    { CALL_SOCKET,  ROLE_SERVER, -1, 1,	   -1,	 0,	   FALSE },
	server_bind =	    { CALL_BIND,    ROLE_SERVER, 3,  0,	   -1,	 LISTENER, TRUE },
	server_listen =	    { CALL_LISTEN,  ROLE_SERVER, 3,  16,   -1,	 LISTENER, FALSE },
	server_accept =	    { CALL_ACCEPT,  ROLE_SERVER, 3,  0,	   -1,	 LISTENER, FALSE },
	server_recv =	    { CALL_RECV,    ROLE_SERVER, 4,  0,	   4096, ACCEPTED, FALSE },
	server_send =	    { CALL_SEND,    ROLE_SERVER, 4,  0,	   12,	 ACCEPTED, FALSE },
	server_close =	    { CALL_CLOSE,   ROLE_SERVER, 4,  0,	   -1,	 ACCEPTED, FALSE },
	listener_close =    { CALL_CLOSE,   ROLE_SERVER, 3,  0,	   -1,	 LISTENER, FALSE },
	client_socket =	    { CALL_SOCKET,  ROLE_CLIENT, -1, 1,	   -1,	 0,	   FALSE },
	client_connect =    { CALL_CONNECT, ROLE_CLIENT, 3,  0,	   -1,	 CLIENT,   TRUE },
	client_send =	    { CALL_SEND,    ROLE_CLIENT, 3,  0,	   12,	 CLIENT,   FALSE },
	client_send_much =  { CALL_SEND,    ROLE_CLIENT, 3,  0,	   1u << 30, CLIENT, FALSE },
	client_recv =	    { CALL_RECV,    ROLE_CLIENT, 3,  0,	   4096, CLIENT,   FALSE },
	client_close =	    { CALL_CLOSE,   ROLE_CLIENT, 3,  0,	   -1,	 CLIENT,   FALSE };
/* clang-format on */

void
story_tcp_demo(Story *story)
{
	story_call(story, &server_socket, 3);
	story_call(story, &server_bind, 0);
	story_call(story, &server_listen, 0);
	story_entry(story, &server_accept);
	story_wait(story, 30000000);
	story_call(story, &client_socket, 3);
	story_entry(story, &client_connect);
	story_tcp(story, SIDE_CLIENT, TCP_SYN, 0);
	story_tcp(story, SIDE_SERVER, TCP_SYN | TCP_ACK, 0);
	story_tcp(story, SIDE_CLIENT, TCP_ACK, 0);
	story_return(story, &client_connect, 0);
	story_return(story, &server_accept, 4);
	story_entry(story, &server_recv);
	story_entry(story, &client_send);
	story_tcp(story, SIDE_CLIENT, TCP_PSH | TCP_ACK, 12);
	story_tcp(story, SIDE_SERVER, TCP_ACK, 0);
	story_return(story, &client_send, 12);
	story_return(story, &server_recv, 12);
	story_entry(story, &client_recv);
	story_wait(story, 2000000);
	story_entry(story, &server_send);
	story_tcp(story, SIDE_SERVER, TCP_PSH | TCP_ACK, 12);
	story_tcp(story, SIDE_CLIENT, TCP_ACK, 0);
	story_return(story, &server_send, 12);
	story_return(story, &client_recv, 12);
	story_entry(story, &server_recv);
	story_wait(story, 2000000);
	story_entry(story, &client_close);
	story_tcp(story, SIDE_CLIENT, TCP_FIN | TCP_ACK, 0);
	story_return(story, &client_close, 0);
	story_return(story, &server_recv, 0);
	story_entry(story, &server_close);
	story_tcp(story, SIDE_SERVER, TCP_FIN | TCP_ACK, 0);
	story_tcp(story, SIDE_CLIENT, TCP_ACK, 0);
	story_return(story, &server_close, 0);
	story_call(story, &listener_close, 0);
}

/* clang-format off */
/*			      name	     role	  fd  flags size  socket    address */
static const StoryCall
	server_udp_socket = { CALL_SOCKET,   ROLE_SERVER, -1, 2,    -1,	  0,	    FALSE },
	server_recvfrom =   { CALL_RECVFROM, ROLE_SERVER, 3,  0,    4096, LISTENER, FALSE },
	server_sendto =	    { CALL_SENDTO,   ROLE_SERVER, 3,  0,    5,	  LISTENER, FALSE },
	client_udp_socket = { CALL_SOCKET,   ROLE_CLIENT, -1, 2,    -1,	  0,	    FALSE },
	client_sendto =	    { CALL_SENDTO,   ROLE_CLIENT, 3,  0,    5,	  CLIENT,   TRUE },
	client_recvfrom =   { CALL_RECVFROM, ROLE_CLIENT, 3,  0,    4096, CLIENT,   FALSE };
/* clang-format on */

void
story_udp_demo(Story *story)
{
	story->transport = TRANSPORT_UDP;
	story_call(story, &server_udp_socket, 3);
	story_call(story, &server_bind, 0);
	story_entry(story, &server_recvfrom);
	story_wait(story, 30000000);
	story_call(story, &client_udp_socket, 3);
	story_entry(story, &client_sendto);
	story_udp(story, SIDE_CLIENT, 5);
	story_return(story, &client_sendto, 5);
	story_entry(story, &client_recvfrom);
	story_return(story, &server_recvfrom, 5);
	story_entry(story, &server_sendto);
	story_udp(story, SIDE_SERVER, 5);
	story_return(story, &server_sendto, 5);
	story_return(story, &client_recvfrom, 5);
}

void
story_trouble(Story *story)
{
	story_tcp(story, SIDE_CLIENT, TCP_SYN, 0);
	story_tcp(story, SIDE_SERVER, TCP_SYN | TCP_ACK, 0);
	story_tcp(story, SIDE_CLIENT, TCP_ACK, 0);
	story_tcp(story, SIDE_CLIENT, TCP_PSH | TCP_ACK, 1448);
	story_wait(story, 400000000);
	story_tcp_again(story, SIDE_CLIENT, TCP_PSH | TCP_ACK, 1448);
	trace_add_drops(story->trace, story->now_ns, 1234567);
	story_other(story);
	story_tcp(story, SIDE_CLIENT, TCP_SYN | TCP_FIN, 0);
	trace_add_note(story->trace, "漢字漢字 é: the file \033[2J ends in the middle of a packet");
	story_entry(story, &client_send_much);
	trace_add_drops(story->trace, story->now_ns, 1);
	story_wait(story, 86400 * G_GINT64_CONSTANT(1000000000));
	story_tcp(story, SIDE_SERVER, TCP_RST | TCP_ACK, 0);
	story_return(story, &client_send_much, -104); /* ECONNRESET */
	story_wait(story, -G_GINT64_CONSTANT(1000000000));
	story_udp(story, SIDE_SERVER, 0);
}

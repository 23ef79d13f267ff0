/* SPDX-License-Identifier: MIT */
/* sockets.h - the programs' sockets, and which conversation each turned out to be. Pure.
 *
 * Theory of operation. The kernel's key of a socket is its SO_COOKIE, but one cookie may stand for
 * several conversations: a program calls connect() again after one was refused, a UDP socket
 * changes its peer, and in Linux the MPTCP sockets that accept() returns have the cookie of the
 * listening one. So for each peer that a cookie has had there is a Socket of its own, and a call
 * belongs to the one whose peer it names, or to the newest; a return belongs to its entry's.
 *
 * A socket meets its conversation from two sides: a call may name both endpoints before the first
 * segment (connect) or after it (accept), so both sockets_learn() and sockets_meet() look the other
 * one up. What is learned later stands here, never in an event, so that an event once shown stays
 * as it was.
 *
 * What both have in common is a Meeting: looking one up costs the same, however many sockets and
 * conversations there are.
 */
#pragma once

#include "pktladder/call.h"
#include "pktladder/flow.h"

typedef struct {
	guint64 cookie;
	Endpoint local, peer;
	guint32 conversation;
	guint32 before; /* the socket that its cookie stood for before this one; 0 none */
	guint8 transport;
	guint8 state; /* TcpState, the one that its calls set: LISTEN, CLOSED; 0 none */
	gboolean has_side;
	guint8 side; /* known once it listened, was accepted, or connected; or of UDP, sent the
			first datagram, or waited for it */
} Socket;

typedef struct {
	guint8 of[2]; /* by Side: 1 + the program; 0 unknown */
} SocketPrograms;

typedef struct {
	const FlowTable *flows;
	GArray *sockets;       /* Socket; their numbers begin at 1, and 0 is none */
	GHashTable *by_cookie; /* &cookie -> number of the newest one */
	GHashTable
	    *waiting; /* Meeting -> GArray of guint32: sockets that named it before it came */
	/* Of more than two programs: Meeting, with a peer or with a local endpoint, -> 1 + the
	 * program that told of it last; and those that the conversations' ends are of. */
	GHashTable *owners;
	GArray *programs; /* SocketPrograms, by conversation */
} Sockets;

/* The table of conversations must outlive it. */
void sockets_init(Sockets *sockets, const FlowTable *flows);
void sockets_clear(Sockets *sockets);

/* NULL for 0; valid until the next call is learned from. */
Socket *sockets_get(const Sockets *sockets, guint32 number);

/* What a call says about its socket, or about the one that it accepted, whose number it returns.
 * `entered`: the number that the entry of a return has; 0 where it has none. */
guint32 sockets_learn(Sockets *sockets, const CallRecord *call, guint32 entered);
/* A new conversation: the socket that called connect() for it is waiting. */
void sockets_meet(Sockets *sockets, guint32 conversation);

/* Of more than two programs: the one that has that end of the conversation, from 0; -1 unknown. */
int sockets_program(const Sockets *sockets, guint32 conversation, Side side);

/* The functions below are told which socket a call is of.
 *
 * The side of that socket in the call's conversation, as sockets_conversation() has it; of UDP, who
 * sends the first datagram is the client. Where nothing is known, the program's role tells. */
Side sockets_side(const Sockets *sockets, const CallRecord *call, guint32 number,
		  guint32 conversation);
/* The conversation of a call as it is known now; CONVERSATION_NONE none. */
guint32 sockets_conversation(const Sockets *sockets, const CallRecord *call, guint32 number);
/* Whether the call belongs to it: a listening socket's to each of its port. */
gboolean sockets_in(const Sockets *sockets, const CallRecord *call, guint32 number,
		    guint32 conversation);

/* sockets_in() for several conversations: a table of their meetings, and the first of them that the
 * call belongs to; or another one, where it is known to belong to that; CONVERSATION_NONE none. */
GHashTable *sockets_meetings(const Sockets *sockets, const guint32 *conversations, guint n);
guint32 sockets_among(const Sockets *sockets, const CallRecord *call, guint32 number,
		      GHashTable *meetings);

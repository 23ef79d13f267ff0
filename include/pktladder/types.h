/* SPDX-License-Identifier: MIT */
/* types.h - the nouns that headers point to without knowing what is in them, and how they are
 * named by number: whoever looks inside includes the noun's own header; and words for texts. */
#pragma once

#include "pktladder/i18n.h"

typedef struct _Packet Packet;             /* packet.h */
typedef struct _Facts Facts;               /* decode.h */
typedef struct _TcpVerdict TcpVerdict;     /* track.h */
typedef struct _Conversation Conversation; /* flow.h */
typedef struct _Event Event;               /* trace.h */
typedef struct _Trace Trace;

/* The index of an event in its trace; that of a conversation is 24 bits wide there. */
#define EVENT_NONE        G_MAXUINT32
#define CONVERSATION_NONE 0xffffffu

/* Lane of an endpoint, and direction of a packet by its sender. */
typedef enum { SIDE_CLIENT = 0, SIDE_SERVER = 1 } Side;

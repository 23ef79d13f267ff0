/* SPDX-License-Identifier: MIT */
/* labels.h - in which words a ladder speaks: the style of its labels, whose numbers, how much of
 * the payload, and what endpoints are called. The screen, text and figures share it. Pure.
 *
 * Theory of operation. A style is one file with one function (src/ladder/ label_*.c). What an Event
 * does not hold (window, options, payload, absolute numbers) is decoded again from the packet's
 * bytes, which the owner of the ladder fetches. A label depends only on its own event and those
 * before it.
 */
#pragma once

#include "pktladder/call.h"
#include "pktladder/origins.h"
#include "pktladder/types.h"

/* call_to_string() in the reader's language: what is no call has a name there. The caller frees. */
char *label_call(const CallRecord *call, CallLength length);

typedef enum {
	LABELS_PLAIN,     /* data 12 B seq=1 ack=1 */
	LABELS_STEVENS,   /* SYN J; SYN K, ACK J+1; data J+1:J+13(12), ACK K+1; FIN M; ACK M+1 */
	LABELS_RFC9293,   /* <SEQ=0><ACK=1><CTL=SYN,ACK>; lines numbered, states of both sides */
	LABELS_WIRESHARK, /* Wireshark's Info column */
	N_LABEL_STYLES
} LabelStyle;

/* The packet of an EVENT_PACKET; its bytes are looked at before the next call.
 * FALSE where they cannot be had. */
typedef gboolean LabelFetch(const Event *event, Packet *packet, gpointer data);

typedef struct {
	LabelStyle style;
	gboolean absolute;    /* TCP's numbers as they are on the wire, not from 0 on */
	guint excerpt;        /* characters of payload behind a label; 0 none */
	EndpointNames *names; /* of the user; NULL none */
	gboolean no_names;    /* those that the capture has for addresses are left out */
	LabelFetch *fetch;    /* NULL: absolute numbers, windows and excerpts are not known */
	gpointer data;        /* of `fetch` */
} LadderLabels;

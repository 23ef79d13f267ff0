/* SPDX-License-Identifier: MIT */
/* lanes.h - the endpoints of a set of conversations, or the programs, side by side. Pure.
 *
 * Which lanes there are, and in which order, ladder.h says. Made once, at a cost
 * of one look into a hash table for each end of a conversation; then a
 * conversation's two lanes are found among the set's by halving.
 */
#pragma once

#include "pktladder/selection.h"

/* A participant, by the first of the conversations' ends that are its own: endpoints are not
 * copied. Which ends have a lane in common is for lanes_new() alone to say: today those of
 * one endpoint, and a program with several endpoints would be no more than another key. */
typedef struct {
	guint32 conversation;
	guint8 side;   /* Side */
	guint8 server; /* of some conversation */
} Lane;

typedef struct _Lanes {
	const ConversationSet *set; /* NULL: the lanes are programs, as they were given */
	const Trace *trace;
	GArray *lanes; /* Lane */
	GArray *of;    /* guint32: by place in the set, then by Side */
} Lanes;

/* Both must outlive the lanes; the set is not empty. */
Lanes *lanes_new(const Trace *trace, const ConversationSet *set);
/* The programs of the trace. Where one of them talks to itself, the server's end of that stands on
 * a lane behind them all, as soon as lanes_take() is told of it. */
Lanes *lanes_new_programs(const Trace *trace);
void lanes_take(Lanes *lanes, guint32 conversation);
void lanes_free(Lanes *lanes);

/* By Side, of a conversation of the set; of another one the first and the last lane.
 * `lanes` NULL: of no set, which has two, client and server. */
void lanes_of(const Lanes *lanes, guint32 conversation, guint32 lane[2]);
/* Of a row of that conversation, which the event has begun: a program's call is its own, whatever
 * the conversation is. */
void lanes_of_row(const Lanes *lanes, guint32 conversation, const Event *event, guint32 lane[2]);

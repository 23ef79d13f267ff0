/* SPDX-License-Identifier: MIT */
/* label_styles.h - the styles of labels, one file each, and what they share.
 * Private to src/ladder. Pure. */
#pragma once

#include "pktladder/ladder.h"
#include "pktladder/trace.h"

/* A packet that is to be labelled. */
typedef struct {
	const Ladder *ladder;
	const Event *event;
	guint32 index;        /* of the event */
	const Packet *packet; /* NULL: its bytes are not at hand, or were not asked for */
	const Facts *facts;   /* of the same */
} LabelPacket;

/* Appends the label, level 0 whole; only for levels below its style's. */
typedef void LabelWrite(GString *label, const LabelPacket *packet, guint level);

LabelWrite label_plain, label_stevens, label_rfc9293, label_wireshark;

/* Behind "seq=", " ack=" and the like: the numbers as they were asked for (the first
 * one so many further on); an absolute one that is not known is "?". */
void label_append_seq(GString *label, const char *before, const LabelPacket *packet, guint32 more);
void label_append_ack(GString *label, const char *before, const LabelPacket *packet);

/* The names of the flags that are set, in the order of the names. */
typedef struct {
	guint16 flag;
	const char *name;
} FlagName;
void label_append_flags(GString *label, guint16 flags, const FlagName *names, guint n,
			const char *separator);

/* " (retransmission)", from level 4 on " !"; " [truncated]". */
void label_append_remarks(GString *label, const Event *event, guint level);

/* SPDX-License-Identifier: MIT */
/* unacked.c - the segments of one direction that wait for their ACK.
 *
 * Theory of operation
 *
 * Each segment that takes sequence numbers is pushed, and an ACK walks the whole list, as tshark
 * does, so that retransmissions, overlaps and ACKs of parts give the same frames and times. Three
 * things keep that cheap: an ACK that repeats the last one walks nothing, since a walk with the
 * same number changes nothing twice; nor does one that lies before all that is on the list; and the
 * span of the list (the bytes in flight) is kept up to date rather than computed for each segment.
 * Nearly every packet comes by here, so the first rows lie within the direction itself, and the
 * rest is a plain block of memory: a GArray's calls would cost more than all that is done with its
 * rows.
 */
#include "history.h"

#include <string.h>

/* A list that has grown beyond this is given back once it is empty. */
#define KEEP_ALLOCATED 16

/* As many bytes in flight as tshark believes. */
#define FLIGHT_MAX 2000000000u

static void
flight_include(TcpDirection *direction, const Unacked *row, gboolean is_first)
{
	guint32 left = row->seq - direction->base;
	guint32 right = row->next - direction->base;

	direction->flight_left = is_first ? left : MIN(direction->flight_left, left);
	direction->flight_right = is_first ? right : MAX(direction->flight_right, right);
	direction->flight_wraps = (!is_first && direction->flight_wraps) || right < left;
}

void
unacked_init(TcpDirection *direction)
{
	direction->unacked = direction->few;
	direction->unacked_room = UNACKED_FEW;
	direction->n_unacked = 0;
}

void
unacked_clear(TcpDirection *direction)
{
	if (direction->unacked != direction->few)
		g_free(direction->unacked);
	unacked_init(direction);
}

void
unacked_push(TcpDirection *direction, const Segment *segment)
{
	if (direction->n_unacked >= UNACKED_MAX)
		return;
	if (direction->n_unacked == direction->unacked_room) {
		guint room = MAX(direction->unacked_room * 2, KEEP_ALLOCATED);

		if (direction->unacked != direction->few) {
			direction->unacked = g_renew(Unacked, direction->unacked, room);
		} else {
			direction->unacked = g_new(Unacked, room);
			memcpy(direction->unacked, direction->few, sizeof(direction->few));
		}
		direction->unacked_room = room;
	}
	Unacked *row = &direction->unacked[direction->n_unacked];
	*row = (Unacked){
		.seq = segment->seq,
		.next = segment->next,
		.frame = segment->frame,
		.time_low = (guint32)(guint64)segment->time_ns,
		.time_high = (gint32)(segment->time_ns >> 32),
	};
	flight_include(direction, row, direction->n_unacked++ == 0);
	direction->walked = FALSE;
}

/* Relative numbers wrap elsewhere once the base is another. */
void
unacked_rebase(TcpDirection *direction)
{
	for (guint i = 0; i < direction->n_unacked; i++)
		flight_include(direction, &direction->unacked[i], i == 0);
}

static inline gint64
row_time_ns(const Unacked *row)
{
	return (gint64)((guint64)(guint32)row->time_high << 32 | row->time_low);
}

void
unacked_acknowledge(TcpDirection *direction, const Segment *segment, guint rules,
		    TcpVerdict *verdict)
{
	Unacked *rows = direction->unacked;
	guint32 ack = segment->ack, number = ack - direction->base;
	guint was = direction->n_unacked, kept = 0;

	if (segment->tcp->flags & TCP_ACK)
		direction->flight_known = TRUE;
	if (was == 0 || (direction->walked && direction->walked_ack == ack))
		return;
	/* All rows lie in the half of the numbers behind the ACK: none is covered, or ends there.
	 */
	if (!direction->flight_wraps && number <= direction->flight_left &&
	    direction->flight_right - number <= G_MAXINT32)
		return;
	direction->walked = TRUE;
	direction->walked_ack = ack;
	for (guint i = 0; i < was; i++) {
		const Unacked *row = &rows[i];

		/* The verdict tells the oldest one that matches. */
		if (verdict->acks_frame == 0 &&
		    (row->next == ack || (rules & RULE_PARTIAL_ACK && seq_lt(row->seq, ack) &&
					  seq_lt(ack, row->next)))) {
			gint64 rtt_ns = timestamp_between(row_time_ns(row), segment->time_ns);

			verdict->acks_frame = row->frame;
			verdict->ack_rtt_ns = rtt_ns != 0 ? rtt_ns : -1;
		}
		if (!seq_lt(ack, row->next))
			continue;
		if (kept < i)
			rows[kept] = rows[i];
		if (seq_lt(rows[kept].seq, ack))
			rows[kept].seq = ack;
		flight_include(direction, &rows[kept], kept == 0);
		kept++;
	}
	direction->n_unacked = kept;
	if (kept == 0 && direction->unacked_room > KEEP_ALLOCATED)
		unacked_clear(direction);
}

guint32
unacked_frame(const TcpDirection *direction, const Segment *segment, gint64 *time_ns)
{
	for (guint i = direction->n_unacked; i > 0; i--) {
		const Unacked *row = &direction->unacked[i - 1];

		if (seq_le(row->seq, segment->seq) && seq_lt(segment->seq, row->next)) {
			*time_ns = row_time_ns(row);
			return row->frame;
		}
	}
	return 0;
}

gboolean
unacked_has(const TcpDirection *direction, const Segment *segment)
{
	for (guint i = 0; i < direction->n_unacked; i++)
		if (seq_le(direction->unacked[i].seq, segment->seq) &&
		    seq_le(segment->end, direction->unacked[i].next))
			return TRUE;
	return FALSE;
}

guint32
unacked_end_from(const TcpDirection *direction, guint32 ack)
{
	guint32 left = ack, right = ack;

	for (guint i = direction->n_unacked; i > 0; i--) {
		const Unacked *row = &direction->unacked[i - 1];

		if (left != right && seq_lt(row->seq, ack))
			continue;
		if (left == right || row->next != left)
			right = row->next;
		left = row->seq;
	}
	return left == ack && seq_lt(ack, right) ? right : ack;
}

/* As tshark counts: less whatever the last selective ACK covers, be it within
 * the span or not; and the number that a SYN or FIN of the segment itself takes
 * is no byte. What is negative or absurd then is not told. */
guint32
unacked_in_flight(const TcpDirection *forward, const TcpDirection *reverse, const Segment *segment)
{
	if (!forward->flight_known || forward->n_unacked == 0)
		return 0;
	guint32 bytes = forward->flight_right - forward->flight_left - reverse->selective;

	if (bytes == 0 || bytes >= FLIGHT_MAX)
		return 0;
	return bytes - (segment->next - segment->end);
}

/* unacked.c - the segments of one direction that wait for their ACK.
 *
 * Theory of operation
 *
 * Each segment that takes sequence numbers is pushed, and an ACK walks the
 * whole list, as tshark does, so that retransmissions, overlaps and ACKs of
 * parts give the same frames and times. Two things keep that cheap: an ACK
 * that repeats the last one walks nothing, since a walk with the same number
 * changes nothing twice, and the span of the list (the bytes in flight) is
 * kept up to date rather than computed for each segment.
 */
#include "history.h"
#include "pktladder/seq.h"

/* A list that has grown beyond this is given back once it is empty. */
#define KEEP_ALLOCATED 16

/* As many bytes in flight as tshark believes. */
#define FLIGHT_MAX 2000000000u

static gint64
unacked_time(const Unacked *row)
{
	return (gint64)((guint64)(guint32)row->time_high << 32 | row->time_low);
}

static void
flight_include(TcpDirection *direction, const Unacked *row, gboolean is_first)
{
	guint32 left = row->seq - direction->base;
	guint32 right = row->next - direction->base;

	direction->flight_left = is_first ? left : MIN(direction->flight_left, left);
	direction->flight_right = is_first ? right : MAX(direction->flight_right, right);
}

void
unacked_push(TcpDirection *direction, const Segment *segment)
{
	Unacked row = {
		.seq = segment->seq,
		.next = segment->next,
		.frame = segment->frame,
		.time_low = (guint32)(guint64)segment->time_ns,
		.time_high = (gint32)(segment->time_ns >> 32),
	};

	if (!direction->unacked)
		direction->unacked = g_array_new(FALSE, FALSE, sizeof(Unacked));
	if (direction->unacked->len >= UNACKED_MAX)
		return;
	flight_include(direction, &row, direction->unacked->len == 0);
	g_array_append_val(direction->unacked, row);
	direction->walked = FALSE;
}

/* Relative numbers wrap elsewhere once the base is another. */
void
unacked_rebase(TcpDirection *direction)
{
	for (guint i = 0; direction->unacked && i < direction->unacked->len; i++)
		flight_include(direction, &g_array_index(direction->unacked, Unacked, i), i == 0);
}

static void
unacked_release(TcpDirection *direction, guint was)
{
	if (direction->unacked->len > 0 || was <= KEEP_ALLOCATED)
		return;
	g_array_unref(direction->unacked);
	direction->unacked = NULL;
}

/* Of several matches the oldest is told. */
void
unacked_acknowledge(TcpDirection *direction, const Segment *segment, TcpVerdict *verdict)
{
	GArray *list = direction->unacked;
	guint32 ack = segment->ack;

	if (segment->tcp->flags & TCP_ACK)
		direction->flight_known = TRUE;
	if (!list || list->len == 0 || (direction->walked && direction->walked_ack == ack))
		return;
	direction->walked = TRUE;
	direction->walked_ack = ack;
	guint was = list->len, kept = 0;
	for (guint i = 0; i < was; i++) {
		Unacked row = g_array_index(list, Unacked, i);

		if (row.next == ack && verdict->acks_frame == 0) {
			gint64 rtt = time_between(unacked_time(&row), segment->time_ns);

			verdict->acks_frame = row.frame;
			verdict->ack_rtt_ns = rtt != 0 ? rtt : -1;
		}
		if (!seq_lt(ack, row.next))
			continue;
		if (seq_lt(row.seq, ack))
			row.seq = ack;
		flight_include(direction, &row, kept == 0);
		g_array_index(list, Unacked, kept++) = row;
	}
	g_array_set_size(list, kept);
	unacked_release(direction, was);
}

guint32
unacked_frame(const TcpDirection *direction, const Segment *segment)
{
	for (guint i = direction->unacked ? direction->unacked->len : 0; i > 0; i--) {
		const Unacked *row = &g_array_index(direction->unacked, Unacked, i - 1);

		if (seq_le(row->seq, segment->seq) && seq_lt(segment->seq, row->next))
			return row->frame;
	}
	return 0;
}

/* As tshark counts: less whatever the last selective ACK covers, be it within
 * the span or not; and the number that a SYN or FIN of the segment itself takes
 * is no byte. What is negative or absurd then is not told. */
guint32
unacked_in_flight(const TcpDirection *forward, const TcpDirection *reverse, const Segment *segment)
{
	if (!forward->flight_known || !forward->unacked || forward->unacked->len == 0)
		return 0;
	guint32 bytes = forward->flight_right - forward->flight_left - reverse->selective;

	if (bytes == 0 || bytes >= FLIGHT_MAX)
		return 0;
	return bytes - (segment->next - segment->end);
}

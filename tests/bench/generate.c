/* SPDX-License-Identifier: MIT */
/* Writes a capture for the benchmarks: many TCP conversations at once, each a
 * handshake, requests and replies with their acknowledgements, now and then a
 * retransmission, and a close. The same arguments give the same bytes.
 *
 *   bench-generate FILE PACKETS CONVERSATIONS
 */
#include "../capture_file.h"
#include "../packets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Conversations that go on at the same time. */
#define AT_ONCE     200
#define PAYLOAD_MAX 512
#define CLIENTS     40 /* addresses: with the server's more lanes than a screen has room for */

typedef struct {
	guint32 number; /* of the conversation: its ports and addresses */
	guint32 seq[2]; /* next to be sent by client and server */
	guint32 left;   /* packets to go */
	guint32 step;
} Talk;

static guint32 random_state = 2463534242u;

static guint32
random_next(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 17;
	return random_state ^= random_state << 5;
}

/* Ethernet, IPv4, TCP with a time stamp option. */
static guint
frame_make(guint8 *frame, const Talk *talk, int from, guint8 flags, guint32 seq, guint length)
{
	static const guint8 ethernet[] = { 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0 };
	Endpoint client = { .address = { 10, 0, 0, 1 + talk->number % CLIENTS },
			    .port = 1024 + talk->number % 60000,
			    .version = 4 };
	Endpoint server = { .address = { 10, 128, 0, 1 }, .port = 80, .version = 4 };
	guint32 now = random_next();
	PacketSpec spec = { .from = from ? server : client,
			    .to = from ? client : server,
			    .protocol = IPPROTO_TCP,
			    .flags = flags,
			    .seq = seq,
			    .ack = flags & TCP_ACK ? talk->seq[!from] : 0,
			    .window = 0xff00,
			    .options = { 1, 1, 8, 10 }, /* nop, nop, TS */
			    .n_options = 12,
			    .length = length };

	now = g_htonl(now);
	memcpy(spec.options + 4, &now, sizeof now);
	memcpy(frame, ethernet, sizeof ethernet);
	return sizeof ethernet + packet_put(&spec, frame + sizeof ethernet);
}

/* The next packet of a conversation: its length in `frame`. */
static guint
talk_step(Talk *talk, guint8 *frame)
{
	guint32 step = talk->step++;
	int from = 0;
	guint8 flags = 0x10;
	guint length = 0, size;
	guint32 seq;

	talk->left--;
	if (step < 3) { /* SYN, SYN-ACK, ACK */
		flags = step == 0 ? 0x02 : step == 1 ? 0x12 : 0x10;
		from = step == 1;
	} else if (talk->left < 4) { /* FIN, ACK, FIN, ACK */
		from = talk->left == 2 || talk->left == 1;
		flags = talk->left == 3 || talk->left == 1 ? 0x11 : 0x10;
	} else { /* data one way, its ACK the other; nine segments of reply a request */
		from = (step - 3) / 2 % 10 != 0;
		if (step % 2)
			length = 1 + random_next() % PAYLOAD_MAX;
		else
			from = !from;
		flags = length ? 0x18 : 0x10;
	}
	seq = talk->seq[from];
	size = frame_make(frame, talk, from, flags, seq, length);
	/* One data segment in 500 is sent again next time. */
	if (length == 0 || random_next() % 500)
		talk->seq[from] += length + ((flags & 0x03) != 0);
	return size;
}

static void
talk_start(Talk *talk, guint32 number, guint32 packets)
{
	*talk =
	    (Talk){ .number = number, .seq = { random_next(), random_next() }, .left = packets };
}

int
main(int argc, char **argv)
{
	guint64 packets = argc == 4 ? g_ascii_strtoull(argv[2], NULL, 10) : 0;
	guint64 unassigned = packets;
	guint32 conversations = argc == 4 ? atoi(argv[3]) : 0, started = 0, size;
	guint64 time_ns = G_GUINT64_CONSTANT(1790000000) * 1000000000;
	static guint8 frame[66 + PAYLOAD_MAX + 64];
	Talk talks[AT_ONCE] = { 0 };
	g_auto(File) record = file_new(FALSE);
	FILE *file;

	if (packets < 8 || conversations == 0 || packets / conversations < 8) {
		fprintf(stderr,
			"bench-generate FILE PACKETS CONVERSATIONS (at least 8 packets each)\n");
		return 2;
	}
	file = fopen(argv[1], "wb");
	if (!file) {
		perror(argv[1]);
		return 1;
	}
	pcap_header(&record, PCAP_NANOSECONDS, 262144, 1);
	while (packets > 0) {
		Talk *talk = &talks[random_next() % MIN(AT_ONCE, conversations)];

		if (talk->left == 0) {
			if (started == conversations)
				continue;
			talk_start(talk, started, unassigned / (conversations - started));
			unassigned -= talk->left;
			started++;
			continue;
		}
		time_ns += 200 + random_next() % 4096;
		size = talk_step(talk, frame);
		pcap_record(&record, time_ns / 1000000000, time_ns % 1000000000, size, size, frame);
		fwrite(record.bytes->data, 1, record.bytes->len, file);
		g_byte_array_set_size(record.bytes, 0);
		packets--;
	}
	if (fclose(file) != 0) {
		perror(argv[1]);
		return 1;
	}
	return 0;
}

/* SPDX-License-Identifier: MIT */
/* Sends UDP datagrams to 127.0.0.1 at an even rate, a handful each millisecond.
 *
 *   bench-send PORT RATE SECONDS BYTES
 *
 * Somebody has the port (this program) but reads nothing, so that no ICMP errors
 * come. Prints how many datagrams were sent, and how many there should have been:
 * a machine that is too slow for the rate must not pass for one that loses nothing.
 */
#include <arpa/inet.h>
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#define BATCH     64
#define BYTES_MAX 1400

static int
socket_make(int port, gboolean receives)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons(port),
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_DGRAM, 0), result;

	result = receives ? bind(fd, (struct sockaddr *)&address, sizeof address)
			  : connect(fd, (struct sockaddr *)&address, sizeof address);
	if (fd < 0 || result != 0) {
		perror("bench-send: socket");
		exit(1);
	}
	return fd;
}

/* So many datagrams; the number that the kernel took. */
static guint64
send_some(int fd, guint64 n, gsize bytes)
{
	static char payload[BYTES_MAX];
	struct iovec part = { payload, bytes };
	struct mmsghdr messages[BATCH];
	guint64 sent = 0;

	for (guint i = 0; i < BATCH; i++)
		messages[i] = (struct mmsghdr){ .msg_hdr = { .msg_iov = &part, .msg_iovlen = 1 } };
	while (sent < n) {
		int took = sendmmsg(fd, messages, MIN(n - sent, BATCH), 0);

		if (took < 0) {
			perror("bench-send: sendmmsg");
			exit(1);
		}
		sent += took;
	}
	return sent;
}

int
main(int argc, char **argv)
{
	if (argc != 5) {
		fputs("bench-send PORT RATE SECONDS BYTES\n", stderr);
		return 2;
	}
	int port = atoi(argv[1]);
	guint64 rate = g_ascii_strtoull(argv[2], NULL, 10);
	gint64 length_us = g_ascii_strtod(argv[3], NULL) * G_USEC_PER_SEC;
	gsize bytes = MIN(g_ascii_strtoull(argv[4], NULL, 10), BYTES_MAX);
	int receiver = socket_make(port, TRUE), fd = socket_make(port, FALSE);
	gint64 start_us = g_get_monotonic_time(), spent_us;
	guint64 sent = 0;

	while ((spent_us = g_get_monotonic_time() - start_us) < length_us) {
		guint64 due = rate * spent_us / G_USEC_PER_SEC;

		/* What was missed is not made up for in one burst of more than 10 ms. */
		sent += send_some(fd, MIN(due - MIN(due, sent), rate / 100 + 1), bytes);
		g_usleep(1000);
	}
	printf("%" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT "\n", sent,
	       rate * length_us / G_USEC_PER_SEC);
	return receiver < 0;
}

/* SPDX-License-Identifier: MIT */
/* How long after its capture a segment is on the screen: the whole program on
 * a pseudo-terminal, watching one UDP port of a private network's lo. Each
 * round sends one datagram of a length of its own, and reads the terminal
 * until its label is there.
 *
 *   bench-latency PKTLADDER [ROUNDS]
 *
 * Prints the distribution, and fails where the median is over one 60 Hz frame
 * (16.7 ms). The clock starts before sendto(), so the figure includes the
 * kernel's own way to the capture.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <glib.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pktladder/network.h"

#define PORT     "9999"
#define FRAME_US 16667

/* Reads what the terminal was sent until `wanted` is in it. */
static gboolean
terminal_wait(int fd, const char *wanted, int timeout_ms)
{
	g_autoptr(GString) seen = g_string_new(NULL);
	gint64 end_us = g_get_monotonic_time() + timeout_ms * 1000;

	while (g_get_monotonic_time() < end_us) {
		struct pollfd ready = { .fd = fd, .events = POLLIN };
		char bytes[65536];
		gssize n;

		if (poll(&ready, 1, 50) <= 0)
			continue;
		n = read(fd, bytes, sizeof bytes);
		if (n <= 0)
			return FALSE;
		for (gssize i = 0; i < n; i++) {
			if (bytes[i] != 0)
				g_string_append_c(seen, bytes[i]);
		}
		if (strstr(seen->str, wanted))
			return TRUE;
	}
	return FALSE;
}

static int
compare(gconstpointer a, gconstpointer b)
{
	return *(const gint64 *)a < *(const gint64 *)b ? -1 : 1;
}

static gint64
at(const GArray *times, double part)
{
	return g_array_index(times, gint64, MIN((guint)(part * times->len), times->len - 1));
}

/* One datagram of `length` bytes; the microseconds until its label is shown, -1 never. */
static gint64
round_measure(int terminal, int socket_fd, guint length)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons(atoi(PORT)),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	char payload[1400] = { 0 };
	g_autofree char *label = g_strdup_printf("%u B", length);
	gint64 start_us = g_get_monotonic_time();

	if (sendto(socket_fd, payload, length, 0, (struct sockaddr *)&to, sizeof to) < 0 &&
	    errno != ECONNREFUSED)
		return -1;
	return terminal_wait(terminal, label, 2000) ? g_get_monotonic_time() - start_us : -1;
}

int
main(int argc, char **argv)
{
	guint rounds = argc > 2 ? atoi(argv[2]) : 100;
	struct winsize size = { .ws_row = 40, .ws_col = 120 };
	g_autoptr(GError) error = NULL;
	g_autoptr(GArray) times = g_array_new(FALSE, FALSE, sizeof(gint64));
	int terminal, socket_fd;
	pid_t child;

	if (argc < 2 || !network_enter_private(&error)) {
		fprintf(stderr, "%s\n",
			error ? error->message : "bench-latency PKTLADDER [ROUNDS]");
		return argc < 2 ? 2 : 77;
	}
	g_setenv("TERM", "xterm-256color", TRUE);
	g_setenv("LC_ALL", "C.UTF-8", TRUE);
	child = forkpty(&terminal, NULL, NULL, &size);
	if (child == 0) {
		execl(argv[1], argv[1], "live", "-i", "lo", "udp dst port " PORT, NULL);
		_exit(127);
	}
	socket_fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (!terminal_wait(terminal, "lo", 5000)) {
		fprintf(stderr, "the screen did not come up\n");
		return 1;
	}
	g_usleep(300 * 1000);
	for (guint i = 0; i < rounds; i++) {
		gint64 time_us = round_measure(terminal, socket_fd, 101 + i);

		if (time_us < 0) {
			fprintf(stderr, "datagram %u was never shown\n", i);
			return 1;
		}
		g_array_append_val(times, time_us);
		/* Off the beat of the frames, so that every phase is met. */
		g_usleep(30 * 1000 + i * 337 % 16000);
	}
	kill(child, SIGTERM);
	waitpid(child, NULL, 0);
	g_array_sort(times, compare);
	printf("sent to shown, %u datagrams: median %.1f ms, 90 %% %.1f ms, longest %.1f ms; "
	       "a 60 Hz frame is 16.7 ms\n",
	       rounds, at(times, 0.5) / 1e3, at(times, 0.9) / 1e3, at(times, 1) / 1e3);
	return at(times, 0.5) > FRAME_US;
}

/* SPDX-License-Identifier: MIT */
/* How fast and how small a capture file is loaded: everything that a replay does
 * for each packet before it draws, and what `list` does before it prints, against
 * libpcap that reads the same file and does nothing, and against tshark.
 *
 *   bench-load FILE [SMALLER-FILE]
 *
 * Each run is a process of its own, so that its peak memory is its own, and the
 * runs of the two kinds alternate; time is processor time, and the best of each
 * counts, since other programs only ever make it longer. tshark, which takes
 * minutes for a large file, is given the smaller one. Exit status 1: a target
 * is missed.
 */
#include <errno.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pktladder/capture.h"
#include "pktladder/store.h"
#include "pktladder/trace.h"

#define ROUNDS 5

/* What may be measured at most, and at least. */
#define MOST_OF_LOOP       1.7
#define MOST_OF_LIST       1.2
#define MOST_BYTES         37.5
#define MOST_LIST_KIB      (16 * 1024) /* whatever the packets */
#define LEAST_UNDER_TSHARK 30.0

typedef struct {
	gint64 cpu_ns;
	glong peak; /* KiB */
	guint64 packets;
} Measure;

static void
fail(const char *what, const char *why)
{
	fprintf(stderr, "bench-load: %s: %s\n", what, why);
	exit(2);
}

/* What a process of each kind does --------------------------------------------- */

static guint64
run_start(const char *path)
{
	(void)path;
	return 0;
}

static void
count_packet(u_char *count, const struct pcap_pkthdr *header, const u_char *bytes)
{
	(void)header;
	(void)bytes;
	++*(guint64 *)(void *)count;
}

static guint64
run_loop(const char *path)
{
	char words[PCAP_ERRBUF_SIZE];
	pcap_t *pcap =
	    pcap_open_offline_with_tstamp_precision(path, PCAP_TSTAMP_PRECISION_NANO, words);
	guint64 packets = 0;

	if (!pcap)
		fail(path, words);
	if (pcap_loop(pcap, -1, count_packet, (u_char *)&packets) != 0)
		fail(path, pcap_geterr(pcap));
	pcap_close(pcap);
	return packets;
}

/* `keeps`: the packets as events, and where they are. */
static guint64
load(const char *path, gboolean keeps)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Capture) capture = capture_open_file(path, NULL, &error);
	g_autoptr(PacketStore) store = capture && keeps ? store_new(capture, &error) : NULL;
	g_autoptr(Trace) trace = trace_new();
	CaptureItem item;
	guint64 offset = 0;

	if (!capture || (keeps && !store))
		fail(path, error->message);
	if (!keeps)
		trace_forget_packets(trace);
	for (;;) {
		capture_next(capture, &item);
		if (item.kind == CAPTURE_END)
			return trace_n_packets(trace);
		if (item.kind == CAPTURE_NOTE)
			fail(path, item.note);
		if (item.kind != CAPTURE_PACKET)
			continue;
		if (store && !store_add(store, &item.packet, item.offset, &offset, &error))
			fail(path, error->message);
		trace_add_packet(trace, &item.packet, offset);
	}
}

static guint64
run_load(const char *path)
{
	return load(path, TRUE);
}

static guint64
run_list(const char *path)
{
	return load(path, FALSE);
}

static const struct {
	const char *name;
	guint64 (*run)(const char *path);
} kinds[] = {
	{ "start", run_start },
	{ "loop", run_loop },
	{ "load", run_load },
	{ "list", run_list },
};

/* VmHWM, KiB. */
static glong
peak_memory(void)
{
	g_autofree char *text = NULL;
	const char *line;

	if (!g_file_get_contents("/proc/self/status", &text, NULL, NULL))
		fail("/proc/self/status", g_strerror(errno));
	line = strstr(text, "\nVmHWM:");
	if (!line)
		fail("/proc/self/status", "there is no VmHWM in it");
	return strtol(line + strlen("\nVmHWM:"), NULL, 10);
}

static gint64
cpu_time_ns(int who)
{
	struct rusage usage;

	getrusage(who, &usage);
	return ((gint64)usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000000 +
	       ((gint64)usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000;
}

/* Not from the start of the process: what the dynamic linker does is no reading. */
static int
run_one(const char *name, const char *path)
{
	for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
		if (strcmp(kinds[i].name, name) != 0)
			continue;
		gint64 start = cpu_time_ns(RUSAGE_SELF);
		guint64 packets = kinds[i].run(path);

		printf("%" G_GINT64_FORMAT " %ld %" G_GUINT64_FORMAT "\n",
		       cpu_time_ns(RUSAGE_SELF) - start, peak_memory(), packets);
		return 0;
	}
	fail(name, "there is no such kind of run");
	return 2;
}

/* The processes ------------------------------------------------------------------ */

static Measure
measure(const char *kind, const char *path)
{
	const char *argv[] = { "/proc/self/exe", "--run", kind, path, NULL };
	g_autofree char *output = NULL;
	g_autoptr(GError) error = NULL;
	Measure result;
	int status;

	if (!g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &output, NULL,
			  &status, &error) ||
	    !g_spawn_check_wait_status(status, &error))
		fail(kind, error->message);
	if (sscanf(output, "%" G_GINT64_FORMAT " %ld %" G_GUINT64_FORMAT, &result.cpu_ns,
		   &result.peak, &result.packets) != 3)
		fail(kind, output);
	return result;
}

static void
keep_best(Measure *best, Measure other)
{
	if (best->cpu_ns == 0 || other.cpu_ns < best->cpu_ns)
		best->cpu_ns = other.cpu_ns;
	best->peak = MAX(best->peak, other.peak);
	best->packets = other.packets;
}

static gboolean
judge(const char *what, double value, const char *unit, gboolean met, double target)
{
	printf("%-38s %8.2f %s (target %g): %s\n", what, value, unit, target,
	       met ? "met" : "MISSED");
	return met;
}

static gboolean
compare_with_loop(const char *path)
{
	Measure start = measure("start", path), loop = { 0 }, load = { 0 }, list = { 0 };
	gboolean met;

	for (guint i = 0; i < ROUNDS; i++) {
		keep_best(&loop, measure("loop", path));
		keep_best(&load, measure("load", path));
		keep_best(&list, measure("list", path));
	}
	if (loop.packets == 0 || load.packets != loop.packets)
		fail(path, "the packets that were loaded are not those that libpcap reads");
	printf("%" G_GUINT64_FORMAT
	       " packets: pcap_loop %.1f ns a packet, load %.1f ns, list %.1f ns\n",
	       loop.packets, (double)loop.cpu_ns / loop.packets, (double)load.cpu_ns / load.packets,
	       (double)list.cpu_ns / list.packets);
	double ratio = (double)load.cpu_ns / loop.cpu_ns;
	double bytes = (double)(load.peak - start.peak) * 1024 / load.packets;

	met = judge("load and index / empty pcap_loop", ratio, "x", ratio <= MOST_OF_LOOP,
		    MOST_OF_LOOP);
	met &= judge("peak memory above an empty start", bytes, "bytes a packet",
		     bytes <= MOST_BYTES, MOST_BYTES);
	ratio = (double)list.cpu_ns / loop.cpu_ns;
	met &= judge("list / empty pcap_loop", ratio, "x", ratio <= MOST_OF_LIST, MOST_OF_LIST);
	return judge("peak memory of list", list.peak, "KiB", list.peak <= MOST_LIST_KIB,
		     MOST_LIST_KIB) &&
	       met;
}

static gboolean
compare_with_tshark(const char *path)
{
	const char *argv[] = { "tshark", "-n", "-q", "-z", "conv,tcp", "-r", path, NULL };
	g_autofree char *program = g_find_program_in_path(argv[0]);
	g_autoptr(GError) error = NULL;
	Measure load = { 0 };
	gint64 before;
	int status;

	if (!program) {
		printf("tshark is not installed: it is not compared with.\n");
		return TRUE;
	}
	before = cpu_time_ns(RUSAGE_CHILDREN);
	if (!g_spawn_sync(NULL, (char **)argv, NULL,
			  G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL |
			      G_SPAWN_STDERR_TO_DEV_NULL,
			  NULL, NULL, NULL, NULL, &status, &error) ||
	    !g_spawn_check_wait_status(status, &error))
		fail("tshark", error->message);
	gint64 tshark = cpu_time_ns(RUSAGE_CHILDREN) - before;
	for (guint i = 0; i < ROUNDS; i++)
		keep_best(&load, measure("load", path));
	double ratio = (double)tshark / load.cpu_ns;

	printf("%" G_GUINT64_FORMAT " packets: tshark %.2f s, load %.3f s\n", load.packets,
	       tshark / 1e9, load.cpu_ns / 1e9);
	return judge("tshark -q -z conv,tcp / load and index", ratio, "x",
		     ratio >= LEAST_UNDER_TSHARK, LEAST_UNDER_TSHARK);
}

int
main(int argc, char **argv)
{
	gboolean met;

	if (argc == 4 && strcmp(argv[1], "--run") == 0)
		return run_one(argv[2], argv[3]);
	if (argc < 2 || argc > 3) {
		fprintf(stderr, "bench-load FILE [SMALLER-FILE]\n");
		return 2;
	}
	met = compare_with_loop(argv[1]);
	if (argc == 3)
		met &= compare_with_tshark(argv[2]);
	return met ? 0 : 1;
}

/* SPDX-License-Identifier: MIT */
/* test_track.c - tshark's verdicts, rule by rule (docs/TCP-ANALYSIS.md). */
#include "flow/history.h"
#include "track_script.h"

/* clang-format off */
#define HANDSHAKE                                                                                  \
	{ 0, "> S 1000 win 64240 wscale 7", "seq=0 ack=0 complete=0 window=64240 scale=-1" },      \
	    { 1000, "< S. 5000 ack 1001 win 65160 wscale 2",                                       \
	      "seq=0 ack=1 acks=1 rtt=1000 complete=1 window=65160" },                             \
	{                                                                                          \
		1500, "> . 1001 ack 5001 win 502",                                                 \
		    "seq=1 ack=1 acks=2 rtt=500 complete=3 window=64256 scale=7 irtt=1500"         \
	}
/* clang-format on */

static void
test_numbers(void)
{
	const Step steps[] = {
		HANDSHAKE,
		{ 2000, "> P. 1001 ack 5001 win 502 len 100", "seq=1 complete=7 flight=100" },
		{ 2100, "> P. 1101 ack 5001 win 502 len 50", "seq=101 complete=15 flight=150" },
		{ 3000, "< . 5001 ack 1101 win 16000", "ack=101 acks=4 rtt=1000 window=64000" },
		{ 3100, "> P. 1151 ack 5001 win 502 len 10", "flight=60" },
		/* an ACK of a part acknowledges no frame, or it does */
		{ 4000, "< . 5001 ack 1121 win 16000", "acks=0 rtt=-1", "acks=5 rtt=1900" },
		{ 4100, "> P. 1161 ack 5001 win 502 len 10", "flight=50" },
		{ 4200, "< . 5001 ack 1171 win 16000", "acks=9 rtt=100" },
	};
	SCRIPT_RUN(steps);
}

static void
test_midstream_numbers(void)
{
	const Step steps[] = {
		{ 0, "> P. 7000 ack 9000 len 5", "seq=1 ack=1 complete=0 scale=-1" },
		{ 10, "< . 9000 ack 7005", "seq=1 ack=6 acks=1 rtt=10 complete=0",
		  "seq=1 ack=6 acks=1 rtt=10 complete=8" },
	};
	SCRIPT_RUN(steps);
}

static void
test_duplicate_acks(void)
{
	const Step steps[] = {
		HANDSHAKE,
		{ 2000, "> P. 1001 ack 5001 win 502 len 100", "" },
		{ 2100, "> P. 1101 ack 5001 win 502 len 100", "" },
		{ 3000, "< . 5001 ack 1101 win 16000", "acks=4" },
		{ 3010, "> P. 1301 ack 5001 win 502 len 100", "lost_segment" },
		{ 3020, "< . 5001 ack 1101 win 16000", "duplicate_ack of=6 number=1" },
		{ 3030, "< . 5001 ack 1101 win 16000", "duplicate_ack of=6 number=2" },
		{ 3040, "> P. 1101 ack 5001 win 502 len 100",
		  "fast_retransmission retransmission" },
		{ 60000, "< . 5001 ack 1201 win 16000", "acks=5 rtt=57900" },
	};
	SCRIPT_RUN(steps);
}

/* 20 ms after the last ACK it is no fast retransmission any more */
static void
test_retransmission(void)
{
	const Step steps[] = {
		HANDSHAKE,
		{ 2000, "> P. 1001 ack 5001 win 502 len 100", "" },
		{ 2100, "> P. 1101 ack 5001 win 502 len 100", "" },
		{ 3000, "< . 5001 ack 1001 win 16000", "window_update" },
		{ 3010, "< . 5001 ack 1001 win 16000", "duplicate_ack number=1" },
		{ 3020, "< . 5001 ack 1001 win 16000", "duplicate_ack number=2" },
		{ 23020, "> P. 1001 ack 5001 win 502 len 100", "retransmission" },
		{ 24000, "< . 5001 ack 1201 win 16000", "acks=5" },
		{ 25000, "> P. 1001 ack 5001 win 502 len 100",
		  "spurious_retransmission retransmission" },
	};
	SCRIPT_RUN(steps);
}

/* within the initial RTT of what went ahead of it */
static void
test_out_of_order(void)
{
	const Step steps[] = {
		HANDSHAKE,
		{ 2000, "> P. 1101 ack 5001 win 502 len 100", "lost_segment" },
		{ 3499, "> P. 1001 ack 5001 win 502 len 50", "out_of_order" },
		{ 3500, "> P. 1051 ack 5001 win 502 len 50", "retransmission" },
	};
	SCRIPT_RUN(steps);
}

/* what waits for its ACK is sent again, however soon; or it was overtaken */
static void
test_sent_again_soon(void)
{
	const Step steps[] = {
		HANDSHAKE,
		{ 2000, "> P. 1001 ack 5001 win 502 len 100", "" },
		{ 2100, "> P. 1101 ack 5001 win 502 len 100", "" },
		{ 2200, "> P. 1001 ack 5001 win 502 len 100", "out_of_order", "retransmission" },
		{ 2300, "> P. 1021 ack 5001 win 502 len 50", "out_of_order", "retransmission" },
	};
	SCRIPT_RUN(steps);
}

/* behind an empty segment the last of several can have been overtaken too */
static void
test_overtaken_by_empty(void)
{
	const Step steps[] = {
		HANDSHAKE,
		{ 2000, "> . 1201 ack 5001 win 502", "lost_segment" },
		{ 2100, "> P. 1001 ack 5001 win 502 len 100", "out_of_order" },
		{ 2200, "> P. 1101 ack 5001 win 502 len 100", "retransmission", "out_of_order" },
	};
	SCRIPT_RUN(steps);
}

/* duplicate ACKs with SACKs ask for another hole than the first one too */
static void
test_sack_asks(void)
{
	const Step steps[] = {
		{ 0, "> S 0 win 64240", "" },
		{ 1000, "< S. 5000 ack 1", "" },
		{ 1500, "> . 1 ack 5001", "" },
		{ 2000, "> P. 1 ack 5001 len 100", "" },
		{ 2100, "> P. 101 ack 5001 len 100", "" },
		{ 2200, "> P. 201 ack 5001 len 100", "" },
		{ 2300, "> P. 301 ack 5001 len 100", "" },
		{ 2400, "< . 5001 ack 1 sack 101-201", "duplicate_ack number=1" },
		{ 2500, "< . 5001 ack 1 sack 101-201,301-401", "duplicate_ack number=2" },
		{ 9000, "> P. 201 ack 5001 len 100", "retransmission",
		  "fast_retransmission retransmission" },
		{ 9100, "> P. 101 ack 5001 len 100", "retransmission" },
		{ 22501, "> P. 201 ack 5001 len 100", "retransmission" },
	};
	SCRIPT_RUN(steps);
}

static void
test_ack_lost_segment(void)
{
	const Step steps[] = {
		HANDSHAKE,
		{ 2000, "> P. 1001 ack 5001 win 502 len 100", "flight=100" },
		{ 2100, "< . 5001 ack 1301 win 16000", "ack_lost_segment acks=0" },
		/* what is in flight cannot be told past the hole */
		{ 2200, "> P. 1301 ack 5001 win 502 len 100", "lost_segment flight=0" },
	};
	SCRIPT_RUN(steps);
}

/* past a hole the bytes in flight are unknown, until the other end acknowledges */
static void
test_flight_past_hole(void)
{
	const Step steps[] = {
		HANDSHAKE,
		{ 2000, "> P. 1001 ack 5001 win 502 len 100", "flight=100" },
		{ 2100, "> P. 1201 ack 5001 win 502 len 100", "lost_segment flight=0" },
		{ 2200, "> P. 1301 ack 5001 win 502 len 100", "flight=0" },
		{ 2300, "< . 5001 ack 1101 win 16000", "acks=4" },
		{ 2400, "> P. 1401 ack 5001 win 502 len 100", "flight=300" },
		/* the FIN's number is no byte */
		{ 2500, "> FP. 1501 ack 5001 win 502 len 10", "flight=310" },
	};
	SCRIPT_RUN(steps);
}

/* selective ACKs count off, those of the other end's last segment only */
static void
test_flight_selective(void)
{
	const Step steps[] = {
		HANDSHAKE,
		{ 2000, "> P. 1001 ack 5001 win 502 len 100", "flight=100" },
		{ 2100, "> P. 1101 ack 5001 win 502 len 100", "flight=200" },
		{ 2150, "> P. 1201 ack 5001 win 502 len 100", "flight=300" },
		/* a window that changes beside a SACK is no update */
		{ 2200, "< . 5001 ack 1001 win 16000 sack 1101-1201,1251-1301", "window_update",
		  "duplicate_ack of=2 number=1" },
		{ 2300, "> P. 1301 ack 5001 win 502 len 100", "flight=250" },
		{ 2400, "< . 5001 ack 1001 win 16000", "duplicate_ack number=1",
		  "duplicate_ack number=2" },
		{ 2500, "> P. 1401 ack 5001 win 502 len 100", "flight=500" },
		/* nothing is left, and the FIN does not make it less */
		{ 2600, "< . 5001 ack 1501 win 16000 sack 1401-1412", "acks=10" },
		{ 2700, "> FP. 1501 ack 5001 win 502 len 10", "flight=0" },
	};
	SCRIPT_RUN(steps);
}

/* three blocks are counted off, and the fourth is not, or it is */
static void
test_flight_fourth_block(void)
{
	const Step steps[] = {
		HANDSHAKE,
		{ 2000, "> P. 1001 ack 5001 win 502 len 100", "flight=100" },
		{ 2200, "< . 5001 ack 1001 win 16000 sack 1091-1101,1071-1081,1051-1061,1031-1041",
		  "window_update", "duplicate_ack" },
		{ 2300, "> P. 1101 ack 5001 win 502 len 100", "flight=170", "flight=160" },
	};
	SCRIPT_RUN(steps);
}

/* a first fragment: no verdict, a raw window and raw numbers too, or relative ones; but what its
 * header says is kept */
static void
test_fragment(void)
{
	const Step steps[] = {
		{ 0, "> S 1000 win 64240 wscale 7", "" },
		{ 1000, "< S. 5000 ack 1001 win 65160 wscale 2 len ?",
		  "seq=5000 ack=1001 window=65160 scale=-1 complete=1",
		  "seq=0 ack=1 window=65160 scale=-1 complete=1" },
		{ 1500, "> . 1001 ack 5001 win 502", "irtt=1500 complete=3" },
		{ 2000, "< . 5001 ack 1001 win 300 len ?",
		  "window=300 scale=2 complete=7 flight=0" },
		{ 2100, "< . 5001 ack 1001 win 300 len 10", "seq=1 window=1200 flight=10" },
	};
	SCRIPT_RUN(steps);
}

/* a SYN and its ACK at one time give no RTT; the next ACK does */
static void
test_initial_rtt_of_zero(void)
{
	const Step steps[] = {
		{ 1000, "> S 1000", "irtt=0" },
		{ 1000, "< S. 5000 ack 1001", "acks=1 rtt=-1" },
		{ 1000, "> . 1001 ack 5001", "acks=2 rtt=-1" },
		{ 1250, "< P. 5001 ack 1001 len 5", "irtt=250" },
		{ 9000, "> . 1001 ack 5006", "irtt=250" },
	};
	SCRIPT_RUN(steps);
}

/* a second ACK of what was not captured is told once, and starts the count anew; or it is told too
 */
static void
test_ack_lost_again(void)
{
	const Step steps[] = {
		HANDSHAKE,
		{ 2000, "< . 5001 ack 2001 win 16000", "ack_lost_segment" },
		{ 2100, "< . 5001 ack 3001 win 16000", "", "ack_lost_segment" },
		{ 2200, "> . 1001 ack 5001 win 502", "duplicate_ack number=1" },
		{ 2300, "> . 1001 ack 5001 win 502", "duplicate_ack number=2" },
		{ 2400, "< . 5001 ack 3002 win 16000", "", "ack_lost_segment" },
		{ 2500, "> . 1001 ack 5001 win 502", "duplicate_ack number=1",
		  "duplicate_ack number=3" },
	};
	SCRIPT_RUN(steps);
}

/* after one ACK from within a hole all that was sent counts as seen; or only what begins there */
static void
test_ack_within_hole(void)
{
	const Step steps[] = {
		HANDSHAKE,
		{ 2000, "> P. 1001 ack 5001 win 502 len 100", "" },
		{ 2100, "> P. 1301 ack 5001 win 502 len 100", "lost_segment" },
		{ 2200, "> P. 1401 ack 5001 win 502 len 100", "" },
		{ 3000, "< . 5001 ack 1201 win 16000", "ack_lost_segment" },
		{ 3100, "< . 5001 ack 1251 win 16000", "", "ack_lost_segment" },
		{ 3200, "< . 5001 ack 1301 win 16000", "", "ack_lost_segment" },
		{ 3300, "< . 5001 ack 1401 win 16000", "acks=5" },
		{ 3400, "< . 5001 ack 1501 win 16000", "acks=6" },
	};
	SCRIPT_RUN(steps);
}

static void
test_zero_window(void)
{
	const Step steps[] = {
		HANDSHAKE,
		{ 2000, "> P. 1001 ack 5001 win 502 len 100", "" },
		{ 2100, "< . 5001 ack 1101 win 0", "zero_window acks=4 window=0" },
		{ 9000, "> . 1101 ack 5001 win 502 len 1", "zero_window_probe" },
		{ 9100, "< . 5001 ack 1101 win 0", "zero_window_probe_ack zero_window" },
		{ 9200, "< . 5001 ack 1101 win 100", "window_update window=400" },
		{ 9300, "> P. 1101 ack 5001 win 502 len 400", "window_full" },
	};
	SCRIPT_RUN(steps);
}

/* the peer takes a probe's byte: with its window still closed, and as it opens it */
static void
test_probe_taken(void)
{
	const Step steps[] = {
		HANDSHAKE,
		{ 2000, "> P. 1001 ack 5001 win 502 len 100", "" },
		{ 2100, "< . 5001 ack 1101 win 0", "zero_window acks=4" },
		{ 9000, "> . 1101 ack 5001 win 502 len 1", "zero_window_probe" },
		{ 9100, "< . 5001 ack 1102 win 0", "zero_window ack_lost_segment acks=6",
		  "zero_window zero_window_probe_ack acks=6" },
		{ 9200, "> . 1102 ack 5001 win 502 len 1", "lost_segment", "zero_window_probe" },
		{ 9300, "< . 5001 ack 1103 win 100", "ack_lost_segment acks=8",
		  "window_update acks=8" },
		{ 9400, "> P. 1103 ack 5001 win 502 len 400", "window_full" },
	};
	SCRIPT_RUN(steps);
}

/* a window that is not scaled, since one end does not scale */
static void
test_window_full_unscaled(void)
{
	const Step steps[] = {
		{ 0, "> S 1000 win 64240 wscale 7", "" },
		{ 1000, "< S. 5000 ack 1001 win 300", "" },
		{ 1500, "> . 1001 ack 5001 win 502", "window=502 scale=-2" },
		{ 1600, "> P. 1001 ack 5001 win 502 len 300", "window_full" },
	};
	SCRIPT_RUN(steps);
}

static void
test_keep_alive(void)
{
	const Step steps[] = {
		HANDSHAKE,
		{ 2000, "> P. 1001 ack 5001 win 502 len 100", "" },
		{ 2100, "< . 5001 ack 1101 win 16000", "acks=4" },
		{ 9000000, "> . 1100 ack 5001 win 502", "keep_alive" },
		{ 9000100, "< . 5001 ack 1101 win 16000", "keep_alive_ack" },
		{ 18000000, "> . 1100 ack 5001 win 502 len 1", "keep_alive" },
		{ 18000100, "< . 5001 ack 1101 win 16000", "keep_alive_ack" },
	};
	SCRIPT_RUN(steps);
}

static void
test_reused_ports(void)
{
	const Step steps[] = {
		HANDSHAKE,
		{ 2000, "> R. 1001 ack 5001 win 0", "stream=0 complete=7" },
		{ 3000, "> S 90000 win 64240", "reused_ports stream=1 seq=0 complete=1",
		  "reused_ports stream=1 seq=0 complete=0" },
		{ 3100, "< S. 70000 ack 90001", "stream=1 seq=0 ack=1 acks=5 complete=1" },
		{ 9000, "> S 90000 win 64240", "retransmission stream=1" },
		/* the other way round, the server's end opens */
		{ 9500, "< S 123456", "reused_ports stream=2" },
	};
	SCRIPT_RUN(steps);
}

/* the same number after an end: the SYN was sent again, or another conversation has it */
static void
test_reused_number(void)
{
	const Step steps[] = {
		HANDSHAKE,
		{ 2000, "> F. 1001 ack 5001 win 502", "stream=0" },
		{ 2100, "> S 1000 win 64240", "stream=0 out_of_order", "stream=1 reused_ports" },
		{ 2200, "< S. 5000 ack 1001", "stream=0 retransmission", "stream=1 acks=5" },
		{ 2300, "< R. 5001 ack 1001 win 0", "stream=0", "stream=1" },
		{ 2400, "< S. 5000 ack 1001", "stream=0 retransmission",
		  "stream=2 reused_ports complete=0" },
		{ 2500, "> . 1001 ack 5001", "stream=0 keep_alive", "stream=2 complete=2" },
	};
	SCRIPT_RUN(steps);
}

static void
test_syn_ack_anew(void)
{
	const Step steps[] = {
		{ 0, "> S 1000 win 64240", "" },
		{ 1000, "< S. 5000 ack 1001", "acks=1" },
		{ 2000, "< S. 6000 ack 1001", "reused_ports lost_segment stream=0 seq=0",
		  "reused_ports stream=1 seq=0" },
	};
	SCRIPT_RUN(steps);
}

static void
test_completeness(void)
{
	const Step steps[] = {
		HANDSHAKE,
		{ 2000, "> P. 1001 ack 5001 win 502 len 1", "complete=7" },
		{ 2100, "> F. 1002 ack 5001 win 502", "complete=15" },
		{ 2200, "< R. 5001 ack 1003 win 0", "complete=31" },
		{ 2300, "< R. 5001 ack 1003 win 0", "complete=63" },
	};
	g_autoptr(FlowTable) table = flow_table_new();

	script_check(table, VERDICTS_4_0, steps, G_N_ELEMENTS(steps));
	g_assert_cmpuint(tcp_track_completeness(&flow_table_get(table, 0)->tcp), ==, 63);
}

/* the same conversation at every distance from the wrap gives the same verdicts */
static void
test_wraparound(void)
{
	for (guint32 back = 0; back < 320; back++) {
		guint32 base = 0u - back;
		g_autofree char *script = g_strdup_printf(
		    "> S %u\n< S. %u ack %u\n> . %u ack %u\n> P. %u ack %u len 100\n"
		    "> P. %u ack %u len 100\n< . %u ack %u\n> P. %u ack %u len 100\n< . %u ack %u",
		    base, base, base + 1, base + 1, base + 1, base + 1, base + 1, base + 201,
		    base + 1, base + 1, base + 101, base + 101, base + 1, base + 1, base + 301);
		g_auto(GStrv) lines = g_strsplit(script, "\n", -1);
		Step steps[] = {
			{ 0, lines[0], "seq=0" },
			{ 1000, lines[1], "acks=1" },
			{ 2000, lines[2], "seq=1 ack=1" },
			{ 3000, lines[3], "seq=1 flight=100" },
			{ 4000, lines[4], "lost_segment seq=201" },
			{ 5000, lines[5], "acks=4" },
			{ 5500, lines[6], "out_of_order seq=101" },
			{ 6000, lines[7], "ack=301 acks=5" },
		};

		/* as in tshark, a number that happens to be 0 reads as unknown */
		if (back != 1 && back != 101 && back != 301)
			SCRIPT_RUN(steps);
	}
}

/* one direction only: what waits for its ACK does not grow without bound */
static void
test_unacked_bound(void)
{
	g_autoptr(FlowTable) table = flow_table_new();
	FlowResult result;

	for (guint32 i = 0; i < 10010; i++) {
		g_autofree char *line = g_strdup_printf("> P. %u ack 1 len 10", 1 + 10 * i);
		Facts facts;

		script_facts(line, &facts);
		flow_table_add(table, &facts, i, i + 1, &result);
		g_assert_cmpuint(result.verdict.bytes_in_flight, ==, 10 * MIN(i + 1, 10000));
	}
}

static void
test_seq(void)
{
	g_assert_true(seq_lt(0xffffffff, 0));
	g_assert_true(seq_le(7, 7));
	g_assert_false(seq_lt(0, 0xffffffff));
	g_assert_cmpint(seq_diff(3, 0xfffffffe), ==, 5);
}

static void
test_names(void)
{
	g_assert_cmpstr(verdict_name(0), ==, "retransmission");
	g_assert_cmpstr(verdict_name(N_VERDICTS - 1), ==, "reused_ports");
	g_assert_cmpstr(verdict_name(N_PLAIN_VERDICTS - 1), ==, "came_twice");
	g_assert_cmpstr(verdict_name(N_PLAIN_VERDICTS), ==, "");
	/* A row with any other verdict does not fold. */
	g_assert_cmpuint(verdicts_which((1 << N_VERDICTS) - 1, VERDICT_IS_COMMON), ==,
			 VERDICT_WINDOW_UPDATE);
	g_assert_cmpuint(
	    verdicts_which(VERDICT_KEEP_ALIVE_ACK | VERDICT_WINDOW_UPDATE, VERDICT_IS_COMMON), ==,
	    VERDICT_WINDOW_UPDATE);
	g_assert_cmpuint(verdicts_which(0, VERDICT_IS_PROBLEM), ==, 0);
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(void);
	} tests[] = {
		{ "numbers", test_numbers },
		{ "midstream-numbers", test_midstream_numbers },
		{ "duplicate-acks", test_duplicate_acks },
		{ "retransmission", test_retransmission },
		{ "out-of-order", test_out_of_order },
		{ "sent-again-soon", test_sent_again_soon },
		{ "overtaken-by-empty", test_overtaken_by_empty },
		{ "sack-asks", test_sack_asks },
		{ "ack-within-hole", test_ack_within_hole },
		{ "probe-taken", test_probe_taken },
		{ "reused-number", test_reused_number },
		{ "ack-lost-segment", test_ack_lost_segment },
		{ "flight-past-hole", test_flight_past_hole },
		{ "flight-selective", test_flight_selective },
		{ "flight-fourth-block", test_flight_fourth_block },
		{ "fragment", test_fragment },
		{ "initial-rtt-of-zero", test_initial_rtt_of_zero },
		{ "ack-lost-again", test_ack_lost_again },
		{ "zero-window", test_zero_window },
		{ "window-full-unscaled", test_window_full_unscaled },
		{ "keep-alive", test_keep_alive },
		{ "reused-ports", test_reused_ports },
		{ "syn-ack-anew", test_syn_ack_anew },
		{ "completeness", test_completeness },
		{ "wraparound", test_wraparound },
		{ "unacked-bound", test_unacked_bound },
		{ "seq", test_seq },
		{ "names", test_names },
	};

	g_test_init(&argc, &argv, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(tests); i++) {
		g_autofree char *path = g_strdup_printf("/track/verdict/%s", tests[i].name);

		g_test_add_func(path, tests[i].run);
	}
	return g_test_run();
}

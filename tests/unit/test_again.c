/* SPDX-License-Identifier: MIT */
/* test_again.c - what is true of a segment, whatever tshark guesses: sent again or overtaken, and
 * by what evidence. */
#include "track_script.h"

#define HANDSHAKE                                                                                  \
	{ 0, "> S 1000 tsval 10 id 50", "~" }, { 1000, "< S. 5000 ack 1001 tsval 90 id 0", "~" },  \
	{                                                                                          \
		1500, "> . 1001 ack 5001 tsval 11 id 51", "~"                                      \
	}

/* Its bytes stood in the capture before: within an RTT too, where tshark guesses at disorder. */
static void
test_stood(void)
{
	const Step steps[] = {
		HANDSHAKE,
		{ 2000, "> P. 1001 ack 5001 len 100 tsval 12 id 52", "~" },
		{ 2010, "> P. 1101 ack 5001 len 100 tsval 12 id 53", "~" },
		{ 2020, "> P. 1001 ack 5001 len 100 tsval 12 id 54", "out_of_order ~sent_again",
		  "retransmission ~sent_again" },
		{ 90000, "> P. 1101 ack 5001 len 100 tsval 99 id 55",
		  "retransmission ~sent_again" },
		/* cut otherwise, and with new bytes behind the old */
		{ 90010, "> P. 1051 ack 5001 len 300 tsval 99 id 56",
		  "retransmission ~sent_again" },
		{ 90020, "> P. 1351 ack 5001 len 10 tsval 99 id 57", "~" },
		{ 91000, "< . 5001 ack 1361 tsval 99 id 1", "ack_lost_segment ~ack_lost_segment" },
		{ 91010, "> P. 1001 ack 5001 len 100 tsval 99 id 58",
		  "retransmission spurious_retransmission ~sent_again" },
		{ 91020, "> F. 1361 ack 5001 tsval 99 id 59", "~" },
		{ 400000, "> F. 1361 ack 5001 tsval 400 id 60", "retransmission ~sent_again" },
	};
	SCRIPT_RUN(steps);
}

/* The same IP id: the network or the capture made two of it. 0 counts nothing. */
static void
test_same_packet(void)
{
	const Step steps[] = {
		HANDSHAKE,
		{ 2000, "> P. 1001 ack 5001 len 100 tsval 12 id 65534", "~" },
		{ 2010, "> P. 1101 ack 5001 len 100 tsval 12 id 65535", "~" },
		{ 90000, "> P. 1001 ack 5001 len 100 tsval 12 id 65534",
		  "retransmission ~same_packet" },
		{ 90010, "> P. 1201 ack 5001 len 100 tsval 98 id 1", "~" },
		{ 90020, "> P. 1201 ack 5001 len 100 tsval 98 id 1",
		  "retransmission ~same_packet" },
		/* sent again and overtaken, or overtaken by what was sent again */
		{ 90030, "> P. 1301 ack 5001 len 100 tsval 99 id 4", "~" },
		{ 190040, "> P. 1101 ack 5001 len 100 tsval 99 id 3",
		  "retransmission ~sent_again_or_overtaken" },
		{ 190050, "> P. 1401 ack 5001 len 100 tsval 199 id 0", "~" },
		{ 290060, "> P. 1401 ack 5001 len 100 tsval 199 id 0",
		  "retransmission ~sent_again" },
		{ 290070, "> P. 1401 ack 5001 len 100 tsval 198 id 0",
		  "retransmission ~sent_again_or_overtaken" },
	};
	SCRIPT_RUN(steps);
}

/* Linux's SYN-ACK has the id 0; sent again, it has waited for a second. */
static void
test_syn_ack(void)
{
	const Step steps[] = {
		{ 0, "> S 1000 tsval 10 id 50", "~" },
		{ 1000, "< S. 5000 ack 1001 tsval 90 id 0", "~" },
		{ 9000, "< S. 5000 ack 1001 tsval 90 id 0", "retransmission ~same_packet" },
		{ 1001000, "< S. 5000 ack 1001 tsval 1090 id 0", "retransmission ~sent_again" },
		/* or answers another SYN at once */
		{ 1001100, "> S 1000 tsval 10 id 50", "retransmission ~same_packet" },
		{ 1001200, "< S. 5000 ack 1001 tsval 1090 id 0", "retransmission ~sent_again" },
		{ 1001300, "< S. 5000 ack 1001 tsval 1090 id 0", "retransmission ~same_packet" },
	};
	SCRIPT_RUN(steps);
}

/* A sender that gives all its packets one id. */
static void
test_one_id(void)
{
	const Step steps[] = {
		{ 0, "> S 1000 id 1", "~" },
		{ 2000, "> P. 1001 ack 5001 len 100 id 1", "~" },
		{ 90000, "> P. 1001 ack 5001 len 100 id 1", "retransmission ~sent_again" },
		{ 90010, "< S. 5000 ack 1001 len 50 id 1",
		  "~" }, /* data of a SYN, without its number */
		{ 90020, "< P. 5050 ack 1001 len 100 id 1", "~" },
		{ 90030, "< P. 5050 ack 1001 len 100 id 1", "retransmission ~sent_again" },
	};
	SCRIPT_RUN(steps);
}

/* 0 is a number as any other. */
static void
test_zero(void)
{
	const Step steps[] = {
		{ 0, "> S 0 len 9", "~" },
		{ 10, "< S. 0 ack 10", "~" },
		{ 20, "> P. 0 ack 1 len 9", "retransmission spurious_retransmission ~sent_again" },
		{ 900000, "< S. 0 ack 10", "retransmission ~sent_again" },
	};
	SCRIPT_RUN(steps);
}

/* Missing bytes: TSval first, then the id, then nothing. */
static void
test_missing(void)
{
	const Step steps[] = {
		HANDSHAKE,
		{ 2000, "> P. 1001 ack 5001 len 100 tsval 12 id 52", "~" },
		{ 2010, "> P. 1501 ack 5001 len 100 tsval 14 id 57", "lost_segment ~lost_segment" },
		{ 2020, "> P. 1101 ack 5001 len 100 tsval 13 id 53", "out_of_order ~overtaken" },
		{ 2030, "> P. 1301 ack 5001 len 100 tsval 14 id 55", "out_of_order ~overtaken" },
		{ 2040, "> P. 1201 ack 5001 len 100 tsval 14 id 58", "out_of_order ~sent_again" },
		{ 2050, "> P. 1401 ack 5001 len 100 tsval 15 id 59", "out_of_order ~sent_again" },
		/* now all of them stood */
		{ 2060, "> P. 1101 ack 5001 len 400 tsval 15 id 60", "out_of_order ~sent_again" },
		/* some did, some did not */
		{ 2070, "> P. 1701 ack 5001 len 100 tsval 15 id 62", "lost_segment ~lost_segment" },
		{ 2080, "> P. 1551 ack 5001 len 100 tsval 15 id 63", "out_of_order ~sent_again" },
		{ 2090, "> P. 1651 ack 5001 len 50 tsval 15 id 9000", "out_of_order ~sent_again" },
		/* nothing tells */
		{ 2100, "> P. 1901 ack 5001 len 90 tsval 15 id 40000",
		  "lost_segment ~lost_segment" },
		{ 2110, "> P. 1801 ack 5001 len 50 tsval 15 id 40001",
		  "out_of_order ~sent_again_or_overtaken" },
		{ 2120, "> P. 1851 ack 5001 len 50 id 0", "out_of_order ~sent_again_or_overtaken" },
	};
	SCRIPT_RUN(steps);
}

/* What was sent before the capture began is missing, too; whatever the numbers wrap. */
static void
test_midstream(void)
{
	const Step steps[] = {
		{ 0, "> P. 4294967290 ack 5001 len 100 tsval 12 id 52", "~" },
		{ 10, "> P. 4294967190 ack 5001 len 100 tsval 11 id 51",
		  "out_of_order ~overtaken" },
		{ 20, "> P. 4294967090 ack 5001 len 100 tsval 13 id 53",
		  "out_of_order ~sent_again" },
		{ 30, "> P. 94 ack 5001 len 10 tsval 13 id 54", "~" },
		{ 90000, "> P. 4294967290 ack 5001 len 100 tsval 99 id 55",
		  "retransmission ~sent_again" },
	};
	SCRIPT_RUN(steps);
}

/* A closed window is probed with a number that was acknowledged, as keep-alives have it. */
static void
test_probe(void)
{
	const Step steps[] = {
		HANDSHAKE,
		{ 2000, "> P. 1001 ack 5001 len 100", "~" },
		{ 2100, "< . 5001 ack 1101 win 0", "zero_window ~zero_window" },
		{ 9000, "> . 1100 ack 5001", "keep_alive ~zero_window_probe" },
		{ 9100, "< . 5001 ack 1101 win 900", "window_update ~window_update" },
		{ 99000, "> . 1100 ack 5001", "keep_alive ~keep_alive" },
		{ 99100, "< . 5001 ack 1101 win 901", "window_update ~keep_alive_ack" },
		{ 199000, "> . 1100 ack 5001 len 1", "keep_alive ~keep_alive" },
		{ 199100, "< . 5001 ack 1101 win 901 sack 1100-1101",
		  "keep_alive_ack ~keep_alive_ack" },
		{ 199200, "< . 5001 ack 1101 win 902", "window_update ~keep_alive_ack" },
		/* one byte that is on its way is no keep-alive when it comes again */
		{ 299000, "> P. 1101 ack 5001 len 1", "~" },
		{ 599000, "> P. 1101 ack 5001 len 1", "keep_alive ~sent_again" },
		{ 599100, "< . 5001 ack 1102 win 901", "~" },
		{ 599200, "> P. 1101 ack 5001 len 1", "keep_alive ~sent_again" },
	};
	SCRIPT_RUN(steps);
}

/* Both ends open at once: each SYN-ACK has the number of its sender's SYN. */
static void
test_simultaneous(void)
{
	const Step steps[] = {
		{ 0, "> S 1000", "~" },
		{ 10, "< S 5000", "~" },
		{ 20, "> S. 1000 ack 5001", "retransmission ~" },
		{ 30, "< S. 5000 ack 1001", "retransmission ~", "out_of_order ~" },
		{ 900000, "< S. 5000 ack 1001", "retransmission ~sent_again" },
	};
	SCRIPT_RUN(steps);
}

/* RFC 2883: the first block lies before the ACK, or within the second. */
static void
test_dsack(void)
{
	const Step steps[] = {
		HANDSHAKE,
		{ 2000, "> P. 1001 ack 5001 len 100", "~" },
		{ 2010, "> P. 1201 ack 5001 len 200", "lost_segment ~lost_segment" },
		{ 2020, "< . 5001 ack 1101 sack 1201-1401", "~" },
		{ 2030, "< . 5001 ack 1101 sack 1201-1401", "duplicate_ack ~duplicate_ack" },
		{ 2040, "< . 5001 ack 1101 sack 1201-1301,1201-1401", "duplicate_ack ~came_twice" },
		{ 2050, "< . 5001 ack 1101 sack 1001-1101,1201-1401", "duplicate_ack ~came_twice" },
		{ 2060, "< . 5001 ack 1401 sack 1001-1101",
		  "ack_lost_segment ~ack_lost_segment ~came_twice" },
		{ 2070, "< . 5001 ack 1401 sack 1401-1401", "duplicate_ack ~duplicate_ack" },
	};
	SCRIPT_RUN(steps);
}

/* Holes are forgotten, the oldest ones first; a sender of many leaves no trace of them. */
static void
test_many_holes(void)
{
	g_autoptr(FlowTable) table = flow_table_new();
	FlowResult result;
	Facts facts;

	for (guint i = 0; i < 1000; i++) {
		g_autofree char *line = g_strdup_printf("> P. %u ack 5001 len 100", 1001 + 200 * i);

		script_facts(line, &facts);
		flow_table_add(table, &facts, i, i + 1, &result);
		g_assert_cmpuint(result.verdict.evidence, ==, EVIDENCE_NONE);
	}
	for (guint i = 1; i < 1000; i++) {
		g_autofree char *line =
		    g_strdup_printf("> P. %u ack 5001 len 100", 901 + 200 * (1000 - i));

		script_facts(line, &facts);
		flow_table_add(table, &facts, i, i + 1, &result);
		g_assert_cmpuint(result.verdict.evidence, ==,
				 i <= 256 ? EVIDENCE_UNPROVED : EVIDENCE_STOOD);
	}
}

/* Nor one that splits a hole over and over. */
static void
test_many_pieces(void)
{
	g_autoptr(FlowTable) table = flow_table_new();
	FlowResult result;
	Facts facts;

	script_facts("> P. 5000000 ack 5001 len 100", &facts);
	flow_table_add(table, &facts, 0, 1, &result);
	for (guint i = 0; i < 1000; i++) {
		g_autofree char *line = g_strdup_printf("> P. %u ack 5001 len 10", 1000 + 20 * i);

		script_facts(line, &facts);
		flow_table_add(table, &facts, i, i + 2, &result);
		g_assert_cmpuint(result.verdict.evidence, ==,
				 i < 256 ? EVIDENCE_UNPROVED : EVIDENCE_STOOD);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/again/stood", test_stood);
	g_test_add_func("/again/same-packet", test_same_packet);
	g_test_add_func("/again/syn-ack", test_syn_ack);
	g_test_add_func("/again/one-id", test_one_id);
	g_test_add_func("/again/zero", test_zero);
	g_test_add_func("/again/missing", test_missing);
	g_test_add_func("/again/midstream", test_midstream);
	g_test_add_func("/again/probe", test_probe);
	g_test_add_func("/again/simultaneous", test_simultaneous);
	g_test_add_func("/again/dsack", test_dsack);
	g_test_add_func("/again/many-holes", test_many_holes);
	g_test_add_func("/again/many-pieces", test_many_pieces);
	return g_test_run();
}

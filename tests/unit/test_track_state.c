/* SPDX-License-Identifier: MIT */
/* test_track_state.c - the states of both ends after each segment (RFC 9293). */
#include "track_script.h"

/* clang-format off */
#define HANDSHAKE                                                  \
	{ 0, "> S 1000", "SYN-SENT/" },                            \
	{ 100, "< S. 5000 ack 1001", "ESTABLISHED/SYN-RECEIVED" }, \
	{ 200, "> . 1001 ack 5001", "ESTABLISHED/ESTABLISHED" }
/* clang-format on */

/* RFC 9293 figure 12: the client closes first */
static void
test_normal_close(void)
{
	const Step steps[] = {
		HANDSHAKE,
		{ 300, "> P. 1001 ack 5001 len 12", "ESTABLISHED/ESTABLISHED" },
		{ 400, "< . 5001 ack 1013", "ESTABLISHED/ESTABLISHED" },
		{ 500, "> F. 1013 ack 5001", "FIN-WAIT-1/CLOSE-WAIT" },
		{ 600, "< . 5001 ack 1014", "FIN-WAIT-2/CLOSE-WAIT" },
		{ 700, "< F. 5001 ack 1014", "TIME-WAIT/LAST-ACK" },
		{ 800, "> . 1014 ack 5002", "TIME-WAIT/CLOSED" },
	};
	SCRIPT_RUN(steps);
}

/* the usual three segments: the FIN acknowledges the FIN */
static void
test_fin_acknowledges_fin(void)
{
	const Step steps[] = {
		HANDSHAKE,
		{ 500, "< F. 5001 ack 1001", "CLOSE-WAIT/FIN-WAIT-1" },
		{ 600, "> F. 1001 ack 5002", "LAST-ACK/TIME-WAIT" },
		{ 700, "< . 5002 ack 1002", "CLOSED/TIME-WAIT" },
	};
	SCRIPT_RUN(steps);
}

/* a FIN with data counts after the data; its ACK must cover both */
static void
test_fin_with_data(void)
{
	const Step steps[] = {
		HANDSHAKE,
		{ 500, "> FP. 1001 ack 5001 len 10", "FIN-WAIT-1/CLOSE-WAIT" },
		{ 600, "< . 5001 ack 1011", "FIN-WAIT-1/CLOSE-WAIT" },
		{ 700, "< . 5001 ack 1012", "FIN-WAIT-2/CLOSE-WAIT" },
	};
	SCRIPT_RUN(steps);
}

/* the receiver goes on sending after the FIN */
static void
test_half_close(void)
{
	const Step steps[] = {
		HANDSHAKE,
		{ 300, "> F. 1001 ack 5001", "FIN-WAIT-1/CLOSE-WAIT" },
		{ 400, "< . 5001 ack 1002", "FIN-WAIT-2/CLOSE-WAIT" },
		{ 500, "< P. 5001 ack 1002 len 100", "FIN-WAIT-2/CLOSE-WAIT" },
		{ 600, "> . 1002 ack 5101", "FIN-WAIT-2/CLOSE-WAIT" },
		{ 700, "< FP. 5101 ack 1002 len 5", "TIME-WAIT/LAST-ACK" },
		{ 800, "> . 1002 ack 5106", "TIME-WAIT/LAST-ACK" },
		{ 900, "> . 1002 ack 5107", "TIME-WAIT/CLOSED" },
	};
	SCRIPT_RUN(steps);
}

/* RFC 9293 figure 13 */
static void
test_simultaneous_close(void)
{
	const Step steps[] = {
		HANDSHAKE,
		{ 500, "> F. 1001 ack 5001", "FIN-WAIT-1/CLOSE-WAIT" },
		{ 501, "< F. 5001 ack 1001", "CLOSING/CLOSING" },
		{ 600, "> . 1002 ack 5002", "CLOSING/TIME-WAIT" },
		{ 601, "< . 5002 ack 1002", "TIME-WAIT/TIME-WAIT" },
	};
	SCRIPT_RUN(steps);
}

/* RFC 9293 figure 8 */
static void
test_simultaneous_open(void)
{
	const Step steps[] = {
		{ 0, "> S 1000", "SYN-SENT/" },
		{ 1, "< S 5000", "SYN-SENT/SYN-SENT" },
		{ 100, "> S. 1000 ack 5001", "SYN-RECEIVED/ESTABLISHED retransmission" },
		{ 101, "< S. 5000 ack 1001", "ESTABLISHED/ESTABLISHED retransmission",
		  "ESTABLISHED/ESTABLISHED out_of_order" },
	};
	SCRIPT_RUN(steps);
}

/* a socket that connects to itself: what Linux sends (seen with `pktladder run`), and both ends are
 * one */
static void
test_self_connect(void)
{
	const Step steps[] = {
		{ 0, "@ S 1000", "SYN-SENT/SYN-SENT" },
		{ 10, "@ S. 1000 ack 1001", "ESTABLISHED/ESTABLISHED retransmission" },
		{ 20, "@ . 1001 ack 1001", "ESTABLISHED/ESTABLISHED duplicate_ack" },
		{ 100, "@ P. 1001 ack 1001 len 5", "ESTABLISHED/ESTABLISHED" },
		{ 110, "@ . 1006 ack 1006", "ESTABLISHED/ESTABLISHED" },
		{ 200, "@ F. 1006 ack 1006", "CLOSING/CLOSING" },
		{ 210, "@ . 1007 ack 1007", "TIME-WAIT/TIME-WAIT" },
	};
	SCRIPT_RUN(steps);
}

static void
test_refused(void)
{
	const Step steps[] = {
		{ 0, "> S 1000", "SYN-SENT/" },
		{ 100, "< R. 0 ack 1001 win 0", "CLOSED/CLOSED" },
		/* some systems try the same SYN again */
		{ 500000, "> S 1000", "SYN-SENT/CLOSED retransmission", "SYN-SENT/ reused_ports" },
		{ 500100, "< R. 0 ack 1001 win 0", "CLOSED/CLOSED" },
	};
	SCRIPT_RUN(steps);
}

static void
test_unanswered(void)
{
	const Step steps[] = {
		{ 0, "> S 1000", "SYN-SENT/" },
		{ 1000000, "> S 1000", "SYN-SENT/ retransmission" },
		{ 3000000, "> S 1000", "SYN-SENT/ retransmission" },
		/* it gives up */
		{ 9000000, "> R 1001 win 0", "CLOSED/" },
	};
	SCRIPT_RUN(steps);
}

static void
test_reset(void)
{
	const Step steps[] = {
		HANDSHAKE,
		{ 300, "> P. 1001 ack 5001 len 12", "ESTABLISHED/ESTABLISHED" },
		{ 400, "< R 5001 win 0", "CLOSED/CLOSED" },
		/* late data opens nothing again, nor does a late copy of the SYN */
		{ 500, "> P. 1013 ack 5001 len 12", "CLOSED/CLOSED" },
		{ 501000, "> S 1000", "CLOSED/CLOSED retransmission", "SYN-SENT/ reused_ports" },
	};
	SCRIPT_RUN(steps);
}

/* RFC 9293 figure 9: an old SYN-ACK is refused, and the client goes on trying */
static void
test_old_syn_ack(void)
{
	const Step steps[] = {
		{ 0, "> S 1000", "SYN-SENT/" },
		{ 100, "< S. 5000 ack 91", "SYN-SENT/SYN-RECEIVED" },
		{ 200, "> R 91", "SYN-SENT/LISTEN" },
		{ 300, "< S. 6000 ack 1001", "ESTABLISHED/SYN-RECEIVED lost_segment reused_ports",
		  "/SYN-RECEIVED reused_ports" },
		{ 400, "> . 1001 ack 6001", "ESTABLISHED/ESTABLISHED ack_lost_segment",
		  "ESTABLISHED/ESTABLISHED" },
	};
	SCRIPT_RUN(steps);
}

/* RFC 5961 3.2: outside of the window a reset is dropped; within it, but not where the next byte
 * is expected, the peer asks back, and the true one comes again */
static void
test_reset_elsewhere(void)
{
	const Step steps[] = {
		HANDSHAKE,
		{ 300, "> P. 1001 ack 5001 len 12", "ESTABLISHED/ESTABLISHED" },
		{ 400, "< R 905001 win 0", "ESTABLISHED/ESTABLISHED" },
		{ 500, "< R 5101 win 0", "ESTABLISHED/ESTABLISHED" },
		{ 600, "> . 1013 ack 5001", "ESTABLISHED/ESTABLISHED duplicate_ack" },
		{ 700, "> F. 1013 ack 5001", "FIN-WAIT-1/CLOSE-WAIT" },
		{ 800, "< R 5001 win 0", "CLOSED/CLOSED" },
	};
	SCRIPT_RUN(steps);
}

/* RFC 9293 figure 9: the client has lost its memory, the server answers its SYN by an ACK (RFC 5961
 * 4.2), and the reset of that ends what was left of the old connection */
static void
test_half_open_client(void)
{
	const Step steps[] = {
		HANDSHAKE,
		{ 1000, "> S 9000", "SYN-SENT/ reused_ports" },
		{ 1100, "< . 5001 ack 1001", "SYN-SENT/ESTABLISHED" },
		{ 1200, "> R 1001 win 0", "SYN-SENT/CLOSED" },
		{ 2000, "> S 9000", "SYN-SENT/CLOSED retransmission", "SYN-SENT/ reused_ports" },
		{ 2100, "< S. 7000 ack 9001", "ESTABLISHED/SYN-RECEIVED lost_segment reused_ports",
		  "ESTABLISHED/SYN-RECEIVED" },
		{ 2200, "> . 9001 ack 7001", "ESTABLISHED/ESTABLISHED ack_lost_segment",
		  "ESTABLISHED/ESTABLISHED" },
	};
	SCRIPT_RUN(steps);
}

/* RFC 9293 figure 10: data to an end that knows nothing any more */
static void
test_half_open_server(void)
{
	const Step steps[] = {
		{ 0, "> P. 1001 ack 5001 len 12", "ESTABLISHED/" },
		{ 100, "< R 5001 win 0", "CLOSED/CLOSED" },
	};
	SCRIPT_RUN(steps);
}

/* RFC 9293 figure 11: an old SYN reaches two passive ends, and each resets */
static void
test_old_syn(void)
{
	const Step steps[] = {
		{ 0, "> S 1000", "SYN-SENT/" },
		{ 100, "< S. 5000 ack 1001", "ESTABLISHED/SYN-RECEIVED" },
		{ 200, "> R 1001 win 0", "CLOSED/LISTEN" },
	};
	SCRIPT_RUN(steps);
}

/* an end that closed with data unread resets what still comes */
static void
test_reset_after_close(void)
{
	const Step steps[] = {
		HANDSHAKE,
		{ 300, "< F. 5001 ack 1001", "CLOSE-WAIT/FIN-WAIT-1" },
		{ 400, "> P. 1001 ack 5002 len 9", "CLOSE-WAIT/FIN-WAIT-2" },
		{ 500, "< R 5002 win 0", "CLOSED/CLOSED" },
	};
	SCRIPT_RUN(steps);
}

/* segments sent again never move a state backwards */
static void
test_retransmissions(void)
{
	const Step steps[] = {
		{ 0, "> S 1000", "SYN-SENT/" },
		{ 100, "< S. 5000 ack 1001", "ESTABLISHED/SYN-RECEIVED" },
		{ 200000, "< S. 5000 ack 1001", "ESTABLISHED/SYN-RECEIVED retransmission" },
		{ 200100, "> . 1001 ack 5001", "ESTABLISHED/ESTABLISHED" },
		{ 400000, "< S. 5000 ack 1001", "ESTABLISHED/ESTABLISHED retransmission" },
		{ 500000, "> F. 1001 ack 5001", "FIN-WAIT-1/CLOSE-WAIT" },
		{ 900000, "> F. 1001 ack 5001", "FIN-WAIT-1/CLOSE-WAIT retransmission" },
		{ 900100, "< F. 5001 ack 1002", "TIME-WAIT/LAST-ACK" },
		{ 1500000, "< F. 5001 ack 1002", "TIME-WAIT/LAST-ACK retransmission" },
		{ 1500100, "> . 1002 ack 5002", "TIME-WAIT/CLOSED" },
		{ 1500200, "> . 1002 ack 5002", "TIME-WAIT/CLOSED duplicate_ack" },
	};
	SCRIPT_RUN(steps);
}

/* the FIN overtakes the data before it: it counts when the hole is filled */
static void
test_fin_out_of_order(void)
{
	const Step steps[] = {
		HANDSHAKE,
		{ 300, "> F. 1021 ack 5001", "FIN-WAIT-1/ESTABLISHED lost_segment" },
		{ 301, "> P. 1011 ack 5001 len 10", "FIN-WAIT-1/ESTABLISHED out_of_order" },
		{ 302, "> P. 1001 ack 5001 len 10", "FIN-WAIT-1/CLOSE-WAIT out_of_order" },
		{ 400, "< . 5001 ack 1022", "FIN-WAIT-2/CLOSE-WAIT" },
	};
	SCRIPT_RUN(steps);
}

/* the data before the FIN was not captured; the ACK tells that it arrived */
static void
test_fin_after_gap(void)
{
	const Step steps[] = {
		HANDSHAKE,
		{ 300, "> F. 1021 ack 5001", "FIN-WAIT-1/ESTABLISHED lost_segment" },
		{ 400, "< . 5001 ack 1022", "FIN-WAIT-2/CLOSE-WAIT ack_lost_segment" },
	};
	SCRIPT_RUN(steps);
}

static void
test_midstream(void)
{
	const Step steps[] = {
		{ 0, "< P. 5001 ack 1001 len 20", "/ESTABLISHED" },
		{ 100, "> . 1001 ack 5021", "ESTABLISHED/ESTABLISHED" },
		{ 200, "> F. 1001 ack 5021", "FIN-WAIT-1/CLOSE-WAIT" },
	};
	SCRIPT_RUN(steps);
}

static void
test_midstream_reset(void)
{
	const Step steps[] = { { 0, "> R. 1000 ack 5000 win 0", "CLOSED/" } };

	SCRIPT_RUN(steps);
}

static void
test_midstream_fin(void)
{
	const Step steps[] = {
		{ 0, "> F. 1000 ack 5000", "FIN-WAIT-1/" },
		{ 1, "< F. 5000 ack 1001", "TIME-WAIT/LAST-ACK" },
		{ 2, "> . 1001 ack 5001", "TIME-WAIT/CLOSED" },
	};
	SCRIPT_RUN(steps);
}

/* the capture starts with the SYN-ACK */
static void
test_syn_ack_first(void)
{
	const Step steps[] = {
		{ 0, "< S. 5000 ack 1001", "/SYN-RECEIVED" },
		{ 100, "> . 1001 ack 5001", "ESTABLISHED/ESTABLISHED" },
	};
	SCRIPT_RUN(steps);
}

/* only one direction was captured: what an end acknowledges has arrived there */
static void
test_client_only(void)
{
	const Step steps[] = {
		{ 0, "> S 1000", "SYN-SENT/" },
		{ 100, "> . 1001 ack 5001", "ESTABLISHED/" },
		{ 200, "> F. 1001 ack 5001", "FIN-WAIT-1/" },
	};
	SCRIPT_RUN(steps);
}

static void
test_server_only(void)
{
	const Step steps[] = {
		{ 0, "< S. 5000 ack 1001", "/SYN-RECEIVED" },
		{ 100, "< P. 5001 ack 1051 len 9", "/ESTABLISHED" },
		{ 200, "< F. 5010 ack 1051", "/FIN-WAIT-1" },
	};
	SCRIPT_RUN(steps);
}

/* fast open: data in the SYN, and an answer before the handshake is over */
static void
test_fast_open(void)
{
	const Step steps[] = {
		{ 0, "> S 1000 len 50", "SYN-SENT/" },
		{ 100, "< S. 5000 ack 1051", "ESTABLISHED/SYN-RECEIVED acks=1" },
		{ 150, "< P. 5001 ack 1051 len 9", "ESTABLISHED/SYN-RECEIVED" },
		{ 200, "> . 1051 ack 5010", "ESTABLISHED/ESTABLISHED" },
	};
	SCRIPT_RUN(steps);
}

/* the server takes the SYN and not its data, which are sent again */
static void
test_fast_open_refused(void)
{
	const Step steps[] = {
		{ 0, "> S 1000 len 50", "SYN-SENT/" },
		{ 100, "< S. 5000 ack 1001", "ESTABLISHED/SYN-RECEIVED" },
		{ 150, "> . 1001 ack 5001", "ESTABLISHED/ESTABLISHED" },
	};
	SCRIPT_RUN(steps);
}

/* the reset of data that came after the close: Linux's number is that of the FIN */
static void
test_reset_by_closed(void)
{
	const Step steps[] = {
		HANDSHAKE,
		{ 300, "< F. 5001 ack 1001", "CLOSE-WAIT/FIN-WAIT-1" },
		{ 400, "> . 1001 ack 5002", "CLOSE-WAIT/FIN-WAIT-2" },
		{ 500, "< R 5001 win 0", "CLOSED/CLOSED" },
	};
	SCRIPT_RUN(steps);
}

/* an abort after a loss: the number is the sender's, but not the one that is expected */
static void
test_reset_after_loss(void)
{
	const Step steps[] = {
		HANDSHAKE,
		{ 300, "< . 5101 ack 1001 len 100", "ESTABLISHED/ESTABLISHED lost_segment" },
		{ 400, "< R 5201 win 0", "ESTABLISHED/CLOSED" },
		{ 500, "> . 1001 ack 5001", "ESTABLISHED/CLOSED duplicate_ack" },
		{ 600, "< R 5001 win 0", "CLOSED/CLOSED" },
	};
	SCRIPT_RUN(steps);
}

/* scans: what no end may answer moves nothing */
static void
test_without_ack(void)
{
	const Step steps[] = {
		{ 0, "> none 1000", "/" },
		{ 100, "> FPU 1000", "/" },
		{ 200, "< R. 0 ack 1001", "/CLOSED" },
	};
	SCRIPT_RUN(steps);
}

/* the FIN's number is the last one before the wrap */
static void
test_wraparound(void)
{
	const Step steps[] = {
		{ 0, "> S 4294967290", "SYN-SENT/" },
		{ 100, "< S. 4294967293 ack 4294967291", "ESTABLISHED/SYN-RECEIVED" },
		{ 200, "> . 4294967291 ack 4294967294", "ESTABLISHED/ESTABLISHED" },
		{ 300, "> FP. 4294967291 ack 4294967294 len 4", "FIN-WAIT-1/CLOSE-WAIT" },
		{ 400, "< . 4294967294 ack 4294967295", "FIN-WAIT-1/CLOSE-WAIT" },
		{ 500, "< . 4294967294 ack 0", "FIN-WAIT-2/CLOSE-WAIT" },
		{ 600, "< FP. 4294967294 ack 0 len 3", "TIME-WAIT/LAST-ACK" },
		{ 700, "> . 0 ack 2", "TIME-WAIT/CLOSED" },
	};
	SCRIPT_RUN(steps);
}

static void
test_names(void)
{
	g_assert_cmpstr(tcp_state_name(TCP_STATE_UNKNOWN), ==, "");
	g_assert_cmpstr(tcp_state_name(TCP_STATE_SYN_RECEIVED), ==, "SYN-RECEIVED");
	g_assert_cmpstr(tcp_state_name(TCP_STATE_CLOSING), ==, "CLOSING");
	g_assert_cmpstr(tcp_state_name(TCP_STATE_LISTEN), ==, "LISTEN");
	g_assert_cmpstr(tcp_state_name((TcpState)99), ==, "");
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(void);
	} tests[] = {
		{ "normal-close", test_normal_close },
		{ "fin-acknowledges-fin", test_fin_acknowledges_fin },
		{ "fin-with-data", test_fin_with_data },
		{ "half-close", test_half_close },
		{ "simultaneous-close", test_simultaneous_close },
		{ "simultaneous-open", test_simultaneous_open },
		{ "self-connect", test_self_connect },
		{ "refused", test_refused },
		{ "unanswered", test_unanswered },
		{ "reset", test_reset },
		{ "reset-elsewhere", test_reset_elsewhere },
		{ "reset-after-close", test_reset_after_close },
		{ "old-syn-ack", test_old_syn_ack },
		{ "old-syn", test_old_syn },
		{ "half-open-client", test_half_open_client },
		{ "half-open-server", test_half_open_server },
		{ "retransmissions", test_retransmissions },
		{ "fin-out-of-order", test_fin_out_of_order },
		{ "fin-after-gap", test_fin_after_gap },
		{ "midstream", test_midstream },
		{ "midstream-reset", test_midstream_reset },
		{ "midstream-fin", test_midstream_fin },
		{ "syn-ack-first", test_syn_ack_first },
		{ "client-only", test_client_only },
		{ "server-only", test_server_only },
		{ "fast-open", test_fast_open },
		{ "fast-open-refused", test_fast_open_refused },
		{ "reset-by-closed", test_reset_by_closed },
		{ "reset-after-loss", test_reset_after_loss },
		{ "without-ack", test_without_ack },
		{ "wraparound", test_wraparound },
		{ "names", test_names },
	};

	g_test_init(&argc, &argv, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(tests); i++) {
		g_autofree char *path = g_strdup_printf("/track/state/%s", tests[i].name);

		g_test_add_func(path, tests[i].run);
	}
	return g_test_run();
}

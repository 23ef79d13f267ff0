/* SPDX-License-Identifier: MIT */
/* verdict.c - the table of verdicts. */
#include "pktladder/verdict.h"

#include "pktladder/i18n.h"

#define BIT(flag) [__builtin_ctz(VERDICT_##flag)]

enum {
	PROBLEM = VERDICT_IS_PROBLEM,
	DOUBTFUL = VERDICT_IS_DOUBTFUL,
	COMMON = VERDICT_IS_COMMON,
	FREQUENT = VERDICT_IS_FREQUENT,
	OF_PEER = VERDICT_IS_OF_PEER,
};

/* clang-format off */
const VerdictInfo verdict_infos[] = {
	/* name, word, in Wireshark's Info column, sentence; ranks, traits, mark */
	BIT(RETRANSMISSION) = { "retransmission", N_("retransmission"), "TCP Retransmission",
		N_("retransmission: these bytes were sent before"),
		.word_rank = 2, .info_rank = 4, PROBLEM | DOUBTFUL, .mark_rank = 0, 0, "R" },
	BIT(FAST_RETRANSMISSION) = { "fast_retransmission", N_("fast retransmission"), "TCP Fast Retransmission",
		N_("fast retransmission: sent again because of duplicate ACKs, not of a timeout"),
		.word_rank = 1, .info_rank = 2, PROBLEM },
	BIT(SPURIOUS_RETRANSMISSION) = { "spurious_retransmission", N_("spurious retransmission"), "TCP Spurious Retransmission",
		N_("spurious retransmission: the other side has acknowledged these bytes already"),
		.word_rank = 0, .info_rank = 3, PROBLEM },
	BIT(OUT_OF_ORDER) = { "out_of_order", N_("out of order"), "TCP Out-Of-Order",
		N_("out of order: a segment that belongs behind it came first"),
		.word_rank = 3, .info_rank = 5, PROBLEM | DOUBTFUL, .mark_rank = 2, 1, "O" },
	BIT(LOST_SEGMENT) = { "lost_segment", N_("segment lost before"), "TCP Previous segment not captured",
		N_("segment lost before: the bytes before this one were not captured"),
		.word_rank = 11, .info_rank = 6, PROBLEM | DOUBTFUL, .mark_rank = 3, 2, "L", N_("segment before it not captured") },
	BIT(ACK_LOST_SEGMENT) = { "ack_lost_segment", N_("acknowledges a lost segment"), "TCP ACKed unseen segment",
		N_("acknowledges a lost segment: the bytes that it acknowledges were not captured"),
		.word_rank = 12, .info_rank = 0, PROBLEM | DOUBTFUL },
	BIT(DUPLICATE_ACK) = { "duplicate_ack", N_("duplicate ACK"), NULL,
		N_("duplicate ACK: the receiver still waits for the byte that it names"),
		.word_rank = 10, .info_rank = 11, PROBLEM | FREQUENT | OF_PEER, .mark_rank = 7, 6, "D" },
	BIT(ZERO_WINDOW) = { "zero_window", N_("zero window"), "TCP ZeroWindow",
		N_("zero window: the receiver takes no more data for now"),
		.word_rank = 6, .info_rank = 13, PROBLEM | FREQUENT | OF_PEER, .mark_rank = 1, 3, "Z" },
	BIT(ZERO_WINDOW_PROBE) = { "zero_window_probe", N_("zero window probe"), "TCP ZeroWindowProbe",
		N_("zero window probe: asks whether the receiver takes data again"),
		.word_rank = 4, .info_rank = 12, FREQUENT, .mark_rank = 5, 4, "P" },
	BIT(ZERO_WINDOW_PROBE_ACK) = { "zero_window_probe_ack", N_("zero window probe ACK"), "TCP ZeroWindowProbeAck",
		N_("zero window probe ACK: the receiver takes none yet"),
		.word_rank = 5, .info_rank = 14 },
	BIT(WINDOW_FULL) = { "window_full", N_("window full"), "TCP Window Full",
		N_("window full: fills all that the receiver takes"),
		.word_rank = 7, .info_rank = 8, PROBLEM, .mark_rank = 4, 5, "W" },
	BIT(WINDOW_UPDATE) = { "window_update", N_("window update"), "TCP Window Update",
		N_("window update: the receiver takes more (or less) now"),
		.word_rank = 14, .info_rank = 7, COMMON /* it comes with every transfer */ },
	BIT(KEEP_ALIVE) = { "keep_alive", N_("keep-alive"), "TCP Keep-Alive",
		N_("keep-alive: asks whether the other side is still there"),
		.word_rank = 9, .info_rank = 9, FREQUENT, .mark_rank = 6, 7, "K" },
	BIT(KEEP_ALIVE_ACK) = { "keep_alive_ack", N_("keep-alive ACK"), "TCP Keep-Alive ACK",
		N_("keep-alive ACK: yes, it is"),
		.word_rank = 8, .info_rank = 10 },
	BIT(REUSED_PORTS) = { "reused_ports", N_("ports reused"), "TCP Port numbers reused",
		N_("ports reused: an earlier conversation had the same addresses and ports"),
		.word_rank = 13, .info_rank = 1 },
};
/* clang-format on */
G_STATIC_ASSERT(G_N_ELEMENTS(verdict_infos) == N_VERDICTS);

const char *
verdict_name(guint bit)
{
	return bit < N_VERDICTS ? verdict_infos[bit].name : "";
}

const char *
verdict_word(guint32 verdicts)
{
	const VerdictInfo *telling = NULL;

	for (; verdicts; verdicts &= verdicts - 1) {
		const VerdictInfo *info = &verdict_infos[__builtin_ctz(verdicts)];

		if (!telling || info->word_rank < telling->word_rank)
			telling = info;
	}
	return telling ? telling->word : NULL;
}

guint32
verdicts_which(guint32 verdicts, guint traits)
{
	guint32 found = 0;

	for (; verdicts; verdicts &= verdicts - 1)
		if (verdict_infos[__builtin_ctz(verdicts)].traits & traits)
			found |= verdicts & -verdicts;
	return found;
}

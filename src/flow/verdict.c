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
	/* Guesses, whose words are the evidence's: verdicts_plain(). */
	BIT(RETRANSMISSION) = { "retransmission", .info = "TCP Retransmission", .info_rank = 13 },
	BIT(FAST_RETRANSMISSION) = { "fast_retransmission", .info = "TCP Fast Retransmission", .info_rank = 12 },
	BIT(SPURIOUS_RETRANSMISSION) = { "spurious_retransmission", .info = "TCP Spurious Retransmission", .info_rank = 11 },
	BIT(OUT_OF_ORDER) = { "out_of_order", .info = "TCP Out-Of-Order", .info_rank = 10 },
	BIT(LOST_SEGMENT) = { "lost_segment", N_("segment lost before"), "TCP Previous segment not captured",
		N_("segment lost before: the bytes before this one were not captured"),
		.word_rank = 11, .info_rank = 9, PROBLEM | DOUBTFUL, .mark_rank = 3, 2, "L", N_("segment before it not captured") },
	BIT(ACK_LOST_SEGMENT) = { "ack_lost_segment", N_("acknowledges a lost segment"), "TCP ACKed unseen segment",
		N_("acknowledges a lost segment: the bytes that it acknowledges were not captured"),
		.word_rank = 12, .info_rank = 8, PROBLEM | DOUBTFUL },
	BIT(DUPLICATE_ACK) = { "duplicate_ack", N_("duplicate ACK"), NULL,
		N_("duplicate ACK: the receiver still waits for the byte that it names"),
		.word_rank = 10, .info_rank = 3, PROBLEM | FREQUENT | OF_PEER, .mark_rank = 7, 6, "D" },
	BIT(ZERO_WINDOW) = { "zero_window", N_("zero window"), "TCP ZeroWindow",
		N_("zero window: the receiver takes no more data for now"),
		.word_rank = 6, .info_rank = 1, PROBLEM | FREQUENT | OF_PEER, .mark_rank = 1, 3, "Z" },
	BIT(ZERO_WINDOW_PROBE) = { "zero_window_probe", N_("zero window probe"), "TCP ZeroWindowProbe",
		N_("zero window probe: asks whether the receiver takes data again"),
		.word_rank = 4, .info_rank = 2, FREQUENT, .mark_rank = 5, 4, "P" },
	BIT(ZERO_WINDOW_PROBE_ACK) = { "zero_window_probe_ack", N_("zero window probe ACK"), "TCP ZeroWindowProbeAck",
		N_("zero window probe ACK: the receiver takes none yet"),
		.word_rank = 5, .info_rank = 0 },
	BIT(WINDOW_FULL) = { "window_full", N_("window full"), "TCP Window Full",
		N_("window full: fills all that the receiver takes"),
		.word_rank = 7, .info_rank = 6, PROBLEM, .mark_rank = 4, 5, "W" },
	BIT(WINDOW_UPDATE) = { "window_update", N_("window update"), "TCP Window Update",
		N_("window update: the receiver takes more (or less) now"),
		.word_rank = 14, .info_rank = 7, COMMON /* it comes with every transfer */ },
	BIT(KEEP_ALIVE) = { "keep_alive", N_("keep-alive"), "TCP Keep-Alive",
		N_("keep-alive: asks whether the other side is still there"),
		.word_rank = 9, .info_rank = 5, FREQUENT, .mark_rank = 6, 7, "K" },
	BIT(KEEP_ALIVE_ACK) = { "keep_alive_ack", N_("keep-alive ACK"), "TCP Keep-Alive ACK",
		N_("keep-alive ACK: yes, it is"),
		.word_rank = 8, .info_rank = 4 },
	BIT(REUSED_PORTS) = { "reused_ports", N_("ports reused"), "TCP Port numbers reused",
		N_("ports reused: an earlier conversation had the same addresses and ports"),
		.word_rank = 13, .info_rank = 14 },
	BIT(SENT_AGAIN) = { "sent_again", N_("sent again"), NULL,
		N_("sent again: these bytes were sent before"),
		.word_rank = 0, 0, PROBLEM, .mark_rank = 0, 0, "R" },
	BIT(OVERTAKEN) = { "overtaken", N_("overtaken"), NULL,
		N_("overtaken: a segment that was sent after it came first"),
		.word_rank = 2, 0, PROBLEM, .mark_rank = 2, 1, "O" },
	BIT(AGAIN_OR_OVERTAKEN) = { "sent_again_or_overtaken", N_("sent again or overtaken"), NULL,
		N_("sent again or overtaken: a segment that belongs behind it came first"),
		.word_rank = 1, 0, PROBLEM, .mark_rank = 1, 8, "?" },
	BIT(SAME_PACKET) = { "same_packet", N_("same packet twice"), NULL,
		N_("the same packet twice: it was sent once, and captured again or copied on its way"),
		.word_rank = 3 },
	BIT(CAME_TWICE) = { "came_twice", N_("bytes came twice"), NULL,
		N_("bytes came twice: the receiver says so in a SACK block (D-SACK, RFC 2883)"),
		.word_rank = 7, 0, PROBLEM },
};
/* clang-format on */
G_STATIC_ASSERT(G_N_ELEMENTS(verdict_infos) == N_PLAIN_VERDICTS);

/* tshark's guesses about what the evidence is about. */
#define GUESSES (VERDICT_ANY_RETRANSMISSION | VERDICT_OUT_OF_ORDER)

/* clang-format off */
static const struct {
	guint32 hides, says; /* VERDICT_*; the guesses are hidden anyway */
	const char *name, *sentence;
} evidences[N_EVIDENCES] = {
	[EVIDENCE_STOOD] = { VERDICT_KEEP_ALIVE, VERDICT_SENT_AGAIN, "stood",
		N_("its bytes stood in the capture before") },
	[EVIDENCE_STOOD_OLDER] = { VERDICT_KEEP_ALIVE, VERDICT_AGAIN_OR_OVERTAKEN, "stood-older",
		N_("its bytes stood in the capture before, but its TSval or IP id is older than what came first") },
	[EVIDENCE_STOOD_ID] = { VERDICT_KEEP_ALIVE, VERDICT_SAME_PACKET, "stood-same-id",
		N_("its bytes stood in the capture before, and so did its IP id") },
	[EVIDENCE_STOOD_TSVAL] = { 0, VERDICT_SAME_PACKET, "stood-same-tsval",
		N_("its bytes stood in the capture before, with the same TSval: no timer has sent it again") },
	[EVIDENCE_COPY] = { ~(guint32)0, VERDICT_SAME_PACKET, "copy",
		N_("all of it but hop limit and checksum stood in the capture microseconds before, with the same IP id or from another place (interface, addresses, direction)") },
	[EVIDENCE_TSVAL_NEWER] = { 0, VERDICT_SENT_AGAIN, "tsval-newer",
		N_("its bytes were missing, and its TSval is newer than that of the segment behind them") },
	[EVIDENCE_TSVAL_OLDER] = { 0, VERDICT_OVERTAKEN, "tsval-older",
		N_("its bytes were missing, and its TSval is older than that of the segment behind them") },
	[EVIDENCE_ID_NEWER] = { 0, VERDICT_SENT_AGAIN, "id-newer",
		N_("its bytes were missing, and its IP id is newer than that of the segment behind them") },
	[EVIDENCE_ID_OLDER] = { 0, VERDICT_OVERTAKEN, "id-older",
		N_("its bytes were missing, and its IP id is older than that of the segment behind them") },
	[EVIDENCE_UNPROVED] = { 0, VERDICT_AGAIN_OR_OVERTAKEN, "unproved",
		N_("its bytes were missing, and neither TSval nor IP id tell which") },
	[EVIDENCE_CLOSED_WINDOW] = { VERDICT_KEEP_ALIVE, VERDICT_ZERO_WINDOW_PROBE, "closed-window",
		N_("the other side's window was closed") },
	[EVIDENCE_ANSWER] = { VERDICT_WINDOW_UPDATE, VERDICT_KEEP_ALIVE_ACK, "answer",
		N_("it answers the keep-alive before it") },
	[EVIDENCE_DSACK] = { VERDICT_DUPLICATE_ACK, VERDICT_CAME_TWICE, "d-sack",
		N_("its first SACK block lies in what it acknowledges, or in the second block") },
	[EVIDENCE_HIDDEN] = { VERDICT_LOST_SEGMENT | VERDICT_ACK_LOST_SEGMENT, 0, "hidden",
		N_("what is missing may be in the compressed packets before, which are not decoded") },
};
/* clang-format on */

const char *
evidence_name(guint evidence)
{
	return evidences[evidence].name;
}

const char *
evidence_sentence(guint evidence)
{
	return evidences[evidence].sentence;
}

guint32
verdicts_plain(guint32 verdicts, guint evidence)
{
	/* the byte of a keep-alive comes twice by its nature */
	if (evidence == EVIDENCE_DSACK && verdicts & VERDICT_KEEP_ALIVE_ACK)
		return verdicts & ~GUESSES;
	return (verdicts & ~(GUESSES | evidences[evidence].hides)) | evidences[evidence].says;
}

gboolean
verdicts_agree(guint32 verdicts, guint evidence)
{
	guint32 guess = verdicts & GUESSES;

	return (verdicts & ~GUESSES) ==
		   (verdicts_plain(verdicts, evidence) & ((1u << N_VERDICTS) - 1)) &&
	       evidences[evidence].says == (guess == VERDICT_RETRANSMISSION ? VERDICT_SENT_AGAIN
					    : guess == VERDICT_OUT_OF_ORDER ? VERDICT_OVERTAKEN
									    : guess);
}

const char *
verdict_name(guint bit)
{
	return bit < N_PLAIN_VERDICTS ? verdict_infos[bit].name : "";
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

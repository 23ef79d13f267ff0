/* SPDX-License-Identifier: MIT */
/* Folding: which rows make a run, and that nothing else goes. */
#include "pktladder/detail.h"
#include "pktladder/find.h"
#include "../packets.h"

enum { C = 50000, S = 5000 };

static const Selection folded = { .conversation = CONVERSATION_NONE, .fold = TRUE };

typedef struct {
	Trace *trace;
	gint64 time_us;
	guint32 client, server; /* next sequence numbers */
} Talk;

/* C > S: Flags [S]; S > C: Flags [S.]; C > S: Flags [.] */
static Talk
talk_begin(void)
{
	Talk talk = { .trace = trace_new(), .time_us = 30, .client = 101, .server = 301 };

	add_packet(talk.trace, 10, "50000 > 5000 S 100");
	add_packet(talk.trace, 20, "5000 > 50000 S. 300 ack 101");
	add_packet(talk.trace, 30, "50000 > 5000 . 101 ack 301");
	return talk;
}

/* C > S: Flags [P.], length 100 */
static void
talk_send(Talk *talk)
{
	add_packet(talk->trace, talk->time_us += 1000, "50000 > 5000 P. %u ack %u len 100",
		   talk->client, talk->server);
	talk->client += 100;
}

/* S > C: Flags [P.], length 50 */
static void
talk_answer(Talk *talk)
{
	add_packet(talk->trace, talk->time_us += 1000, "5000 > 50000 P. %u ack %u len 50",
		   talk->server, talk->client);
	talk->server += 50;
}

/* S > C: Flags [.] */
static void
talk_ack(Talk *talk)
{
	add_packet(talk->trace, talk->time_us += 1000, "5000 > 50000 . %u ack %u", talk->server,
		   talk->client);
}

/* C > S: Flags [F.] */
static void
talk_end(Talk *talk)
{
	add_packet(talk->trace, talk->time_us += 1000, "50000 > 5000 F. %u ack %u", talk->client,
		   talk->server);
}

/* Each row by a letter: F a fold, a an arrow, c calls, n a note. */
static char *
shape(const Ladder *ladder)
{
	static const char letters[] = {
		[ROW_ARROW] = 'a', [ROW_CALLS] = 'c', [ROW_FOLD] = 'F', [ROW_NOTE] = 'n'
	};
	GString *text = g_string_new(NULL);

	for (guint32 i = 0; i < ladder_length(ladder); i++)
		g_string_append_c(text, letters[ladder_row(ladder, i).kind]);
	return g_string_free(text, FALSE);
}

static void
expect_shape(const Trace *trace, const char *expected)
{
	g_autoptr(Ladder) ladder = ladder_new(trace, folded);
	g_autofree char *text = NULL;

	ladder_update(ladder);
	text = shape(ladder);
	g_assert_cmpstr(text, ==, expected);
}

static void
test_labels(void)
{
	static const char *const labels[] = { "3 segments, 300 B, 4 ms", "3 segments, 300 B",
					      "3 segments", NULL };
	Talk talk = talk_begin();
	g_autoptr(Trace) trace = talk.trace;
	g_autoptr(Ladder) ladder = ladder_new(trace, folded);
	g_autoptr(GPtrArray) detail = NULL;
	LadderRow row;
	LadderFold fold;

	talk_send(&talk);
	talk_send(&talk);
	talk_ack(&talk);
	talk_send(&talk);
	talk_ack(&talk);
	talk_end(&talk);
	ladder_update(ladder);
	g_assert_cmpuint(ladder_length(ladder), ==, 5);
	row = ladder_row(ladder, 3);
	g_assert_cmpint(row.kind, ==, ROW_FOLD);
	g_assert_cmpint(ladder_row_role(ladder, &row), ==, ROLE_FOLD);
	g_assert_true(row.to_right);
	for (guint level = 0; level < G_N_ELEMENTS(labels); level++) {
		g_autofree char *label = ladder_label(ladder, &row, level);

		g_assert_cmpstr(label, ==, labels[level]);
	}
	fold = ladder_fold(ladder, &row);
	g_assert_cmpuint(fold.first, ==, 3);
	g_assert_cmpuint(fold.last, ==, 7);
	g_assert_cmpuint(fold.acks, ==, 2);
	for (guint32 event = fold.first; event <= fold.last; event++)
		g_assert_cmpuint(ladder_row_of(ladder, event), ==, 3);
	g_assert_cmpuint(ladder_row_of(ladder, 8), ==, 4);
	detail = detail_fold(ladder, &row);
	g_assert_true(g_str_has_prefix(g_ptr_array_index(detail, 0), "Fold of frames 4 to 8, "));
}

/* Runs of three stay; data the other way begins another run. */
static void
test_directions(void)
{
	Talk talk = talk_begin();
	g_autoptr(Trace) trace = talk.trace;

	for (guint i = 0; i < 3; i++)
		talk_send(&talk);
	for (guint i = 0; i < 4; i++)
		talk_answer(&talk);
	for (guint i = 0; i < 5; i++)
		talk_send(&talk);
	talk_end(&talk);
	expect_shape(trace, "aaa"
			    "aaa"
			    "F"
			    "F"
			    "a");
}

/* What has something to tell stands by itself, in the middle of a run, too. */
static void
test_breaks(void)
{
	enum { RETRANSMISSION, RESET, NOTE, DROPS, OTHER_CONVERSATION, TRUNCATED, N_BREAKS };

	for (guint what = 0; what < N_BREAKS; what++) {
		Talk talk = talk_begin();
		g_autoptr(Trace) trace = talk.trace;
		Made made;
		Packet packet;

		for (guint i = 0; i < 4; i++)
			talk_send(&talk);
		if (what == RETRANSMISSION) {
			add_packet(trace, talk.time_us += 500000,
				   "50000 > 5000 P. %u ack %u len 100", talk.client - 100,
				   talk.server);
		} else if (what == RESET) {
			add_packet(trace, talk.time_us += 10, "5000 > 50000 R. %u ack %u",
				   talk.server, talk.client);
		} else if (what == NOTE) {
			trace_add_note(trace, "a note");
		} else if (what == DROPS) {
			trace_add_drops(trace, talk.time_us * 1000, 7);
		} else if (what == OTHER_CONVERSATION) {
			add_packet(trace, talk.time_us += 10, "50001 > 5000 S 900");
		} else {
			packet = packet_said(&made, talk.time_us += 10, "50000 > 5000 . %u ack %u",
					     talk.client, talk.server);
			packet.captured = 24;
			trace_add_packet(trace, &packet, 0);
		}
		for (guint i = 0; i < 5; i++)
			talk_send(&talk);
		expect_shape(trace, what == NOTE || what == DROPS || what == TRUNCATED ? "aaaFnFa"
										       : "aaaFaFa");
	}
}

/* A call's row ends a fold; the bar of one that waits goes through. */
static void
test_calls(void)
{
	Talk talk = talk_begin();
	g_autoptr(Trace) trace = talk.trace;
	g_autoptr(Ladder) ladder = ladder_new(trace, folded);
	CallRecord waiting = call_entry(1, talk.time_us + 10, ROLE_SERVER, CALL_ACCEPT, 3, 77);
	g_autofree char *text = NULL;

	trace_add_call(trace, &waiting);
	talk.time_us += 100;
	for (guint i = 0; i < 6; i++)
		talk_send(&talk);
	add_return(trace, &waiting, talk.time_us + 500, 4);
	talk.time_us += 1000;
	for (guint i = 0; i < 6; i++)
		talk_send(&talk);
	talk_end(&talk);
	ladder_update(ladder);
	text = shape(ladder);
	g_assert_cmpstr(text, ==, "aaacFcFaa");
	g_assert_cmpint(ladder_row(ladder, 4).cell[SIDE_SERVER].bar, ==, LADDER_BAR_THROUGH);
	g_assert_cmpint(ladder_row(ladder, 6).cell[SIDE_SERVER].bar, ==, LADDER_BAR_NONE);
	for (guint32 row = 0; row < ladder_length(ladder); row++)
		g_assert_cmpuint(ladder_row_of(ladder, ladder_row(ladder, row).event), ==, row);
}

static char *
row_text(const Ladder *ladder, guint32 index)
{
	LadderRow row = ladder_row(ladder, index);
	g_autofree char *label = ladder_label(ladder, &row, 0);

	return g_strdup_printf("%d %u %s", row.kind, row.event, label ? label : "");
}

/* Fed event by event: the same rows, and final ones stay. */
static void
test_incremental(void)
{
	Talk talk = talk_begin();
	g_autoptr(Trace) trace = talk.trace;
	g_autoptr(Ladder) stepwise = ladder_new(trace, folded), whole = ladder_new(trace, folded);
	g_autoptr(GPtrArray) final = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; i < 200; i++) {
		if (i % 37 == 36)
			talk_answer(&talk);
		else if (i % 3 == 2)
			talk_ack(&talk);
		else
			talk_send(&talk);
		ladder_update(stepwise);
		for (guint32 row = 0; row < final->len; row++) {
			g_autofree char *text = row_text(stepwise, row);

			g_assert_cmpstr(text, ==, g_ptr_array_index(final, row));
		}
		while (final->len < ladder_final_length(stepwise))
			g_ptr_array_add(final, row_text(stepwise, final->len));
	}
	g_assert_cmpuint(final->len, >, 10);
	ladder_update(whole);
	g_assert_cmpuint(ladder_length(whole), ==, ladder_length(stepwise));
	g_assert_cmpuint(ladder_final_length(whole), ==, final->len);
	for (guint32 row = 0; row < ladder_length(whole); row++) {
		g_autofree char *one = row_text(whole, row), *other = row_text(stepwise, row);

		g_assert_cmpstr(one, ==, other);
	}
}

/* A bulk transfer reads as a handshake, a fold, and a close. */
static void
test_million(void)
{
	enum { N = 1000000 };
	Talk talk = talk_begin();
	g_autoptr(Trace) trace = talk.trace;

	for (guint i = 0; i < N / 2; i++) {
		talk_send(&talk);
		talk_ack(&talk);
	}
	talk_end(&talk);
	g_assert_cmpuint(trace_length(trace), ==, N + 4);
	expect_shape(trace, "aaaFa");
}

static gboolean
no_bytes(const Event *event G_GNUC_UNUSED, Packet *packet G_GNUC_UNUSED,
	 gpointer data G_GNUC_UNUSED)
{
	return FALSE;
}

/* A search looks into folds, and goes on from one: it never stays. */
static void
test_find(void)
{
	Talk talk = talk_begin();
	g_autoptr(Trace) trace = talk.trace;
	g_autoptr(Ladder) ladder = ladder_new(trace, folded);
	static const guint32 from[] = { EVENT_NONE, 3, 4 }, to[] = { 3, 4, 3 };

	for (guint i = 0; i < 6; i++)
		talk_send(&talk);
	for (guint i = 0; i < 6; i++)
		talk_answer(&talk);
	talk_end(&talk);
	ladder_update(ladder);
	g_assert_cmpuint(ladder_length(ladder), ==, 6); /* aaaFFa */
	for (guint i = 0; i < G_N_ELEMENTS(from); i++) {
		Find *find = find_new(ladder, FIND_TEXT, "data", from[i], FALSE, no_bytes, NULL);
		FindHit hit;

		while (!find_run(find, 2, &hit))
			continue;
		g_assert_cmpuint(hit.row, ==, to[i]);
		find_free(find);
	}
}

/* One fold opens alone, stays open as it grows, and closes from any of its rows. */
static void
test_open(void)
{
	Talk talk = talk_begin();
	g_autoptr(Trace) trace = talk.trace;
	g_autoptr(Ladder) ladder = ladder_new(trace, folded);
	g_autoptr(Ladder) newer = ladder_new(trace, folded);
	g_autoptr(Ladder) unfolded = ladder_new(trace, SELECTION_ALL);
	static const char *const shapes[] = { "aaaFFa", "aaaaaaaaFa", "aaaaaaaaaaaaaaa",
					      "aaaFaaaaaaa", "aaaFFa" };
	static const guint32 rows[] = { 3, 8, 7, 8 };

	for (guint i = 0; i < 5; i++)
		talk_send(&talk);
	for (guint i = 0; i < 6; i++)
		talk_answer(&talk);
	talk_end(&talk);
	ladder_update(ladder);
	for (guint i = 0; i < G_N_ELEMENTS(shapes); i++) {
		g_autofree char *text = shape(ladder);

		g_assert_cmpstr(text, ==, shapes[i]);
		for (guint32 row = 0; row < ladder_length(ladder); row++) {
			g_assert_cmpuint(ladder_row_of(ladder, ladder_row(ladder, row).event), ==,
					 row);
		}
		g_assert_false(ladder_fold_toggle(ladder, 0));
		g_assert_false(ladder_fold_toggle(ladder, ladder_length(ladder) - 1));
		if (i < G_N_ELEMENTS(rows))
			g_assert_true(ladder_fold_toggle(ladder, rows[i]));
	}
	ladder_update(unfolded);
	g_assert_false(ladder_fold_toggle(unfolded, 4));

	g_assert_true(ladder_fold_toggle(ladder, 4)); /* in another ladder, too */
	ladder_keep_folds(newer, ladder);
	while (ladder_update_slice(newer, 2))
		continue;
	for (guint i = 0; i < 2; i++) {
		g_autofree char *text = shape(i == 0 ? ladder : newer);

		g_assert_cmpstr(text, ==, "aaaFaaaaaaa");
	}
}

static void
test_open_grows(void)
{
	Talk talk = talk_begin();
	g_autoptr(Trace) trace = talk.trace;
	g_autoptr(Ladder) ladder = ladder_new(trace, folded);

	for (guint i = 0; i < 6; i++)
		talk_send(&talk);
	ladder_update(ladder);
	g_assert_cmpuint(ladder_length(ladder), ==, 5);
	g_assert_true(ladder_fold_toggle(ladder, 3));
	g_assert_cmpuint(ladder_length(ladder), ==, 9);
	for (guint i = 0; i < 10; i++)
		talk_send(&talk);
	ladder_update(ladder);
	g_assert_cmpuint(ladder_length(ladder), ==, 19);
	g_assert_true(ladder_fold_toggle(ladder, 12));
	g_assert_cmpuint(ladder_length(ladder), ==, 5);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/fold/labels", test_labels);
	g_test_add_func("/fold/directions", test_directions);
	g_test_add_func("/fold/breaks", test_breaks);
	g_test_add_func("/fold/calls", test_calls);
	g_test_add_func("/fold/incremental", test_incremental);
	g_test_add_func("/fold/million", test_million);
	g_test_add_func("/fold/find", test_find);
	g_test_add_func("/fold/open", test_open);
	g_test_add_func("/fold/open-grows", test_open_grows);
	return g_test_run();
}

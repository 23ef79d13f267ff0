/* SPDX-License-Identifier: MIT */
/* Searching a ladder, row by row. */
#include "pktladder/find.h"

#include <string.h>

#include "../packets.h"
#include "story.h"

typedef struct {
	Story story;
	Ladder *ladder;
	guint fetched;
} Fixture;

/* The packets' bytes, as a store would have them: "payload N secret" for event N. */
static gboolean
fetch(const Event *event, Packet *packet, gpointer data)
{
	static Made made;
	Fixture *fixture = data;

	fixture->fetched++;
	*packet = packet_said(&made, 0, "1 > 2 udp len 20");
	g_snprintf((char *)made.bytes + 28, 20, "Payload %u secret", event->seq);
	return event->length != 7; /* lost */
}

static void
fixture_open(Fixture *fixture, void (*tell)(Story *))
{
	*fixture = (Fixture){ 0 };
	story_init(&fixture->story, 4);
	tell(&fixture->story);
	fixture->ladder = ladder_new(fixture->story.trace, SELECTION_ALL);
	ladder_update(fixture->ladder);
}

static void
fixture_shut(Fixture *fixture)
{
	ladder_free(fixture->ladder);
	story_clear(&fixture->story);
}

/* The whole search, in slices of `slice` rows. */
static FindHit
look(Fixture *fixture, FindWhat what, const char *text, guint32 row, gboolean backward, guint slice)
{
	g_autoptr(Find) find = find_new(fixture->ladder, what, text, row, backward, fetch, fixture);
	guint slices = 0;
	FindHit hit;

	while (!find_run(find, slice, &hit)) {
		g_assert_cmpuint(hit.row, ==, EVENT_NONE);
		g_assert_cmpuint(find_progress(find), <=, 100);
		g_assert_cmpuint(++slices, <=, ladder_length(fixture->ladder));
	}
	return hit;
}

static void
tell_plain(Story *story)
{
	story_tcp(story, SIDE_CLIENT, TCP_SYN, 0);           /* row 0 */
	story_tcp(story, SIDE_SERVER, TCP_SYN | TCP_ACK, 0); /* 1 */
	story_tcp(story, SIDE_CLIENT, TCP_ACK, 0);           /* 2, with a comment */
	trace_add_comment(story->trace, 2, "TO DO");
	story_tcp(story, SIDE_CLIENT, TCP_PSH | TCP_ACK, 10); /* 3: seq 1 */
	story_tcp(story, SIDE_SERVER, TCP_ACK, 0);            /* 4 */
	story_tcp(story, SIDE_CLIENT, TCP_PSH | TCP_ACK, 7);  /* 5: seq 11, cannot be fetched */
	story_tcp(story, SIDE_CLIENT, TCP_PSH | TCP_ACK, 10); /* 6: seq 18 */
	story_tcp(story, SIDE_SERVER, TCP_FIN | TCP_ACK, 0);  /* 7 */
}

static void
test_text(void)
{
	static const struct {
		const char *text;
		guint32 from;
		gboolean backward;
		guint32 row;
		FindPlace place;
		gboolean wrapped;
	} cases[] = {
		{ "syn-ack", 0, FALSE, 1, FIND_IN_LABEL, FALSE },
		{ "syn", 0, FALSE, 1, FIND_IN_LABEL, FALSE },
		{ "syn", 1, FALSE, 0, FIND_IN_LABEL, TRUE },
		{ "syn", 1, TRUE, 0, FIND_IN_LABEL, FALSE },
		{ "syn", 0, TRUE, 1, FIND_IN_LABEL, TRUE },
		{ "SYN", EVENT_NONE, FALSE, 0, FIND_IN_LABEL, FALSE },
		{ "Syn", 0, FALSE, EVENT_NONE, 0, FALSE }, /* the case counts */
		{ "data 10 b", 0, FALSE, 3, FIND_IN_LABEL, FALSE },
		{ "data 10 b", 3, FALSE, 6, FIND_IN_LABEL, FALSE },
		{ "data 10 b", 6, FALSE, 3, FIND_IN_LABEL, TRUE },
		{ "data 10 b", EVENT_NONE, TRUE, 6, FIND_IN_LABEL, FALSE },
		{ "syn-ack", 1, FALSE, 1, FIND_IN_LABEL, TRUE }, /* only where it began */
		{ "TO DO", 0, FALSE, 2, FIND_IN_COMMENT, FALSE },
		{ "payload 1 s", 0, FALSE, 3, FIND_IN_PAYLOAD, FALSE },
		{ "Payload 18", 0, FALSE, 6, FIND_IN_PAYLOAD, FALSE },
		{ "payload 11", 0, FALSE, EVENT_NONE, 0, FALSE }, /* lost */
		{ "secret", 3, FALSE, 6, FIND_IN_PAYLOAD, FALSE },
		{ "secret!", 3, FALSE, EVENT_NONE, 0, FALSE },
		{ "nowhere", 5, TRUE, EVENT_NONE, 0, FALSE },
	};
	Fixture fixture;

	fixture_open(&fixture, tell_plain);
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		for (guint slice = 1; slice <= 100; slice += 33) {
			FindHit hit = look(&fixture, FIND_TEXT, cases[i].text, cases[i].from,
					   cases[i].backward, slice);

			g_test_message("%s from %u", cases[i].text, cases[i].from);
			g_assert_cmpuint(hit.row, ==, cases[i].row);
			if (hit.row == EVENT_NONE)
				continue;
			g_assert_cmpint(hit.place, ==, cases[i].place);
			g_assert_cmpint(hit.wrapped, ==, cases[i].wrapped);
		}
	}
	/* What has no payload is not read for it. */
	fixture.fetched = 0;
	look(&fixture, FIND_TEXT, "nowhere", 0, FALSE, 100);
	g_assert_cmpuint(fixture.fetched, ==, 3);
	fixture_shut(&fixture);
}

static void
test_calls(void)
{
	Fixture fixture;
	FindHit hit;

	fixture_open(&fixture, story_tcp_demo);
	hit = look(&fixture, FIND_TEXT, "connect(3, 127.0.0.1:5000", EVENT_NONE, FALSE, 10);
	g_assert_cmpint(hit.place, ==, FIND_IN_CALL);
	g_assert_cmpuint(hit.row, <, ladder_length(fixture.ladder));
	g_assert_cmpuint(ladder_row(fixture.ladder, hit.row).cell[SIDE_CLIENT].entry, !=,
			 EVENT_NONE);
	fixture_shut(&fixture);
}

static void
test_problems(void)
{
	Fixture fixture;
	FindHit hit = { .row = EVENT_NONE };
	guint n = 0;

	fixture_open(&fixture, story_trouble);
	do { /* from one to the next, once round */
		hit = look(&fixture, FIND_PROBLEM, NULL, hit.row, FALSE, 2);
		g_assert_cmpuint(hit.row, !=, EVENT_NONE);
		n += !hit.wrapped;
	} while (!hit.wrapped);
	g_assert_cmpuint(n, >=, 4); /* retransmission, drops twice, reset, the call that failed */
	fixture_shut(&fixture);
	fixture_open(&fixture, tell_plain);
	hit = look(&fixture, FIND_PROBLEM, NULL, 0, FALSE, 100);
	g_assert_cmpuint(hit.row, ==, EVENT_NONE);
	fixture_shut(&fixture);
}

/* Rows come while it runs, and there may be none. */
static void
test_growing(void)
{
	g_autoptr(Trace) empty = trace_new();
	g_autoptr(Ladder) nothing = ladder_new(empty, SELECTION_ALL);
	g_autoptr(Find) none = find_new(nothing, FIND_TEXT, "x", EVENT_NONE, TRUE, NULL, NULL);
	Fixture fixture;
	FindHit hit;

	g_assert_true(find_run(none, 10, &hit));
	g_assert_cmpuint(hit.row, ==, EVENT_NONE);
	fixture_open(&fixture, tell_plain);
	{
		g_autoptr(Find) find =
		    find_new(fixture.ladder, FIND_TEXT, "rst", 5, FALSE, NULL, NULL);

		g_assert_false(find_run(find, 2, &hit));
		story_tcp(&fixture.story, SIDE_SERVER, TCP_RST, 0);
		ladder_update(fixture.ladder);
		g_assert_true(find_run(find, 2, &hit));
		g_assert_cmpuint(hit.row, ==, 8);
	}
	fixture_shut(&fixture);
}

/* A ladder that is still being made: the search waits for the rows that it comes to. */
static void
test_building(void)
{
	Fixture fixture;
	FindHit hit;

	fixture_open(&fixture, tell_plain);
	for (guint backward = FALSE; backward <= TRUE; backward++) {
		g_autoptr(Ladder) ladder = ladder_new(fixture.story.trace, SELECTION_ALL);
		g_autoptr(Find) find = NULL;
		guint waits = 0;

		ladder_update_slice(ladder, 2);
		find = find_new(ladder, FIND_TEXT, "nowhere at all", 0, backward, NULL, NULL);
		while (!find_run(find, 100, &hit)) {
			g_assert_true(find_waits(find));
			g_assert_false(ladder_is_whole(ladder));
			ladder_update_slice(ladder, 2);
			waits++;
		}
		g_assert_true(ladder_is_whole(ladder));
		g_assert_cmpuint(waits, >, 1);
		g_assert_cmpuint(hit.row, ==, EVENT_NONE);
	}
	fixture_shut(&fixture);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/find/text", test_text);
	g_test_add_func("/find/calls", test_calls);
	g_test_add_func("/find/problems", test_problems);
	g_test_add_func("/find/growing", test_growing);
	g_test_add_func("/find/building", test_building);
	return g_test_run();
}

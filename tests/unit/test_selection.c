/* SPDX-License-Identifier: MIT */
/* Which events are in view: sets of conversations. */
#include "pktladder/ladder.h"
#include "story.h"

static void
test_set(void)
{
	static const guint32 indices[] = { 70, 3, 12, 4000000 };
	ConversationSet *set = conversation_set_new(indices, G_N_ELEMENTS(indices)), *more, *less;

	g_assert_null(conversation_set_new(NULL, 0));
	g_assert_cmpuint(conversation_set_length(NULL), ==, 0);
	g_assert_false(conversation_set_has(NULL, 3));
	g_assert_cmpuint(conversation_set_length(set), ==, 4);
	for (guint i = 1; i < 4; i++)
		g_assert_cmpuint(conversation_set_get(set, i - 1), <, conversation_set_get(set, i));
	for (guint i = 0; i < 4; i++)
		g_assert_true(conversation_set_has(set, indices[i]));
	g_assert_false(conversation_set_has(set, 0));
	g_assert_false(conversation_set_has(set, 13));
	g_assert_false(conversation_set_has(set, CONVERSATION_NONE));
	more = conversation_set_toggle(set, 13);
	less = conversation_set_toggle(set, 70);
	g_assert_cmpuint(conversation_set_length(set), ==, 4); /* as it was */
	g_assert_cmpuint(conversation_set_length(more), ==, 5);
	g_assert_true(conversation_set_has(more, 13) && conversation_set_has(more, 4000000));
	g_assert_cmpuint(conversation_set_length(less), ==, 3);
	g_assert_false(conversation_set_has(less, 70));
	g_assert_true(conversation_set_has(less, 4000000) && conversation_set_has(less, 3));
	conversation_set_unref(more);
	conversation_set_unref(less);
	conversation_set_unref(set);
}

/* Against a plain table of flags. */
static void
test_toggle(void)
{
	ConversationSet *set = NULL;
	gboolean expected[40] = { FALSE };

	for (guint i = 0; i < 2000; i++) {
		guint32 index = g_test_rand_int_range(0, G_N_ELEMENTS(expected));
		ConversationSet *next = conversation_set_toggle(set, index);
		guint n = 0;

		conversation_set_unref(set);
		set = next;
		expected[index] = !expected[index];
		for (guint32 k = 0; k < G_N_ELEMENTS(expected); k++) {
			g_assert_cmpint(conversation_set_has(set, k), ==, expected[k]);
			n += expected[k];
		}
		g_assert_cmpuint(conversation_set_length(set), ==, n);
		g_assert_true(n > 0 || !set);
	}
	conversation_set_unref(set);
}

static guint
count_rows(const Story *story, Selection selection)
{
	g_autoptr(Ladder) ladder = ladder_new(story->trace, selection);

	ladder_update(ladder);
	return ladder_length(ladder);
}

/* A ladder of a set has the rows of each of them; a set of one is that one. */
static void
test_ladder_of_set(void)
{
	static const guint32 two[] = { 2, 0 };
	ConversationSet *set = conversation_set_new(two, 2), *one = conversation_set_new(two, 1);
	Selection of_set = { .conversation = CONVERSATION_NONE, .hide_calls = TRUE, .set = set };
	Selection of_one = { .conversation = CONVERSATION_NONE, .set = one };
	g_autoptr(Ladder) ladder = NULL;
	g_autofree char *client = NULL, *server = NULL, *label = NULL;
	LadderRow row;
	Story story;

	story_init(&story, 4);
	for (guint i = 0; i < 3; i++) {
		story_tcp_demo(&story); /* 10 segments */
		story.port[SIDE_CLIENT]++;
	}
	g_assert_cmpuint(count_rows(&story, of_set), ==, 20);
	g_assert_cmpuint(count_rows(&story, of_one), ==,
			 count_rows(&story, (Selection){ .conversation = 2 }));
	ladder = ladder_new(story.trace, of_set);
	conversation_set_unref(set); /* the ladder has its own */
	conversation_set_unref(one);
	ladder_update(ladder);
	g_assert_cmpuint(ladder_n_lanes(ladder), ==, 3);
	client = ladder_lane_head(ladder, EVENT_NONE, 0);
	server = ladder_lane_head(ladder, EVENT_NONE, 2);
	g_assert_cmpstr(client, ==, "Client 127.0.0.1:50796");
	g_assert_cmpstr(server, ==, "Server 127.0.0.1:5000"); /* of both */
	row = ladder_row(ladder, 0);
	label = ladder_label(ladder, &row, 0);
	g_assert_cmpstr(label, ==, "#0 SYN seq=0"); /* none is left without its number */
	story_clear(&story);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/selection/set", test_set);
	g_test_add_func("/selection/toggle", test_toggle);
	g_test_add_func("/selection/ladder-of-set", test_ladder_of_set);
	return g_test_run();
}

/* SPDX-License-Identifier: MIT */
/* The ladder on the screen and the one that takes its place, slice by slice. */
#include "../../src/cli/builder.h"
#include "../packets.h"

enum { C = 50000, S = 5000, SEGMENTS = 5000 };

static Trace *
transfer(void)
{
	Trace *trace = trace_new();

	for (guint32 i = 0; i < SEGMENTS; i++)
		add_packet(trace, 1000 + i, "50000 > 5000 . %u ack 301 len 10", 101 + 10 * i);
	return trace;
}

static void
builder_finish(Builder *builder, const TuiState *state)
{
	do
		builder_slice(builder, state, 0);
	while (builder_goes_on(builder));
}

/* A slice of no time is the least: it says how far it has come, until it is whole. */
static void
test_slices(void)
{
	g_autoptr(Trace) trace = transfer();
	LadderLabels labels = { 0 };
	TuiState state = { .rows = 24, .anchor = EVENT_NONE };
	Builder builder;

	builder_init(&builder, trace, (Selection){ .conversation = CONVERSATION_NONE }, &labels);
	g_assert_cmpint(builder_slice(&builder, &state, 0), ==, BUILDER_SAME);
	g_assert_cmpstr(builder.text, ==, "Laying out the rows: 20%");
	g_assert_true(builder_goes_on(&builder));
	g_assert_cmpint(builder_slice(&builder, &state, 0), ==, BUILDER_FURTHER);
	builder_finish(&builder, &state);
	g_assert_null(builder.text);
	g_assert_cmpuint(ladder_length(builder.ladder), ==, SEGMENTS);
	builder_clear(&builder);
}

/* Esc while the ladder is paused: the one on the screen is whole, so that nothing
 * is said of a layout any more, although no further slice of it comes. */
static void
test_abandon_paused(void)
{
	g_autoptr(Trace) trace = transfer();
	g_autoptr(GError) error = NULL;
	Selection selection = { .conversation = CONVERSATION_NONE };
	LadderLabels labels = { 0 };
	TuiState state = { .rows = 24, .anchor = EVENT_NONE };
	Builder builder;

	builder_init(&builder, trace, selection, &labels);
	builder_finish(&builder, &state);
	state.paused = TRUE;
	selection.filter = filter_new("rst", &error);
	g_assert_no_error(error);
	builder_select(&builder, selection, FALSE);
	builder_slice(&builder, &state, 0);
	g_assert_nonnull(builder.next);
	g_assert_cmpstr(builder.text, ==, "Laying out the rows: 20% (Esc: leave it)");
	builder_abandon(&builder);
	builder_slice(&builder, &state, 0);
	g_assert_null(builder.text);
	g_assert_false(builder_goes_on(&builder));
	g_assert_cmpuint(ladder_length(builder.ladder), ==, SEGMENTS);
	builder_clear(&builder);
	filter_unref(selection.filter);
}

/* The event that was selected comes with a screen of rows below it, so that it stays
 * on its line however little a slice brings; and until all of the events of that time
 * are there, keys wait. */
static void
test_anchor(void)
{
	g_autoptr(Trace) trace = transfer();
	Selection selection = { .conversation = CONVERSATION_NONE, .hide_calls = TRUE };
	LadderLabels labels = { 0 };
	TuiState state = { .rows = 24, .anchor = 1020 };
	Builder builder;
	BuilderChange change;

	builder_init(&builder, trace, (Selection){ .conversation = CONVERSATION_NONE }, &labels);
	g_assert_true(builder_owes(&builder, &state, SEGMENTS));
	builder_finish(&builder, &state);
	g_assert_false(builder_owes(&builder, &state, SEGMENTS));
	builder_select(&builder, selection, FALSE);
	do {
		g_assert_true(builder_owes(&builder, &state, 0));
		change = builder_slice(&builder, &state, 0);
	} while (change != BUILDER_REPLACED);
	g_assert_cmpuint(ladder_length(builder.ladder), >=, state.anchor + state.rows);
	g_assert_cmpuint(ladder_length(builder.ladder), <, SEGMENTS);
	g_assert_true(builder_owes(&builder, &state, 0));
	builder_finish(&builder, &state);
	g_assert_false(builder_owes(&builder, &state, SEGMENTS));
	builder_clear(&builder);
}

/* A pause while there is nothing yet: the next ladder comes all the same. */
static void
test_paused_empty(void)
{
	g_autoptr(Trace) trace = trace_new();
	Selection selection = { .conversation = CONVERSATION_NONE, .hide_calls = TRUE };
	LadderLabels labels = { 0 };
	TuiState state = { .rows = 24, .anchor = EVENT_NONE, .paused = TRUE };
	Builder builder;

	builder_init(&builder, trace, (Selection){ .conversation = CONVERSATION_NONE }, &labels);
	builder_select(&builder, selection, FALSE);
	g_assert_cmpint(builder_slice(&builder, &state, 0), ==, BUILDER_REPLACED);
	g_assert_false(builder_owes(&builder, &state, 0));
	builder_clear(&builder);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/builder/slices", test_slices);
	g_test_add_func("/builder/abandon-paused", test_abandon_paused);
	g_test_add_func("/builder/anchor", test_anchor);
	g_test_add_func("/builder/paused-empty", test_paused_empty);
	return g_test_run();
}

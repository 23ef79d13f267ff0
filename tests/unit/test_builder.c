/* SPDX-License-Identifier: MIT */
/* The ladder on the screen and the one that takes its place, slice by slice. */
#include "view/display.h"
#include "../packets.h"

static const Selection everything = { .conversation = CONVERSATION_NONE };

enum { C = 50000, S = 5000, SEGMENTS = 5000 };

static Trace *
transfer(void)
{
	Trace *trace = trace_new();

	for (guint32 i = 0; i < SEGMENTS; i++)
		add_packet(trace, 1000 + i, "50000 > 5000 . %u ack 301 len 10", 101 + 10 * i);
	return trace;
}

/* A slice of no time, which is the least. Whether there is something new to be seen. */
static gboolean
slice(Builder *builder)
{
	return job_run(&(Job){ &builder_job, builder }, 0);
}

static gboolean
owes(const Builder *builder, guint32 end)
{
	return builder_job.state(builder, end) != JOB_DONE;
}

static void
finish(Builder *builder)
{
	do
		slice(builder);
	while (owes(builder, JOB_ALL_EVENTS));
}

/* A slice of no time is the least: it says how far it has come, until it is whole. */
static void
test_slices(void)
{
	g_autoptr(Trace) trace = transfer();
	g_autofree char *text = NULL;
	LadderLabels labels = { 0 };
	TuiState state = { .rows = 24, .anchor = EVENT_NONE };
	Builder builder;

	builder_init(&builder, trace, &state, everything, &labels);
	slice(&builder);
	text = builder_text(&builder);
	g_assert_cmpstr(text, ==, "Laying out the rows: 20%");
	g_assert_true(owes(&builder, JOB_ALL_EVENTS));
	g_assert_true(slice(&builder));
	finish(&builder);
	g_assert_null(builder_text(&builder));
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
	g_autofree char *text = NULL;
	LadderLabels labels = { 0 };
	TuiState state = { .rows = 24, .anchor = EVENT_NONE, .selection = everything };
	Builder builder;
	Job job = { &builder_job, &builder };

	builder_init(&builder, trace, &state, everything, &labels);
	finish(&builder);
	state.paused = TRUE;
	state.selection.filter = filter_new("rst", &error);
	g_assert_no_error(error);
	builder_select(&builder, FALSE);
	slice(&builder);
	g_assert_nonnull(builder.next);
	text = job_text(&job);
	g_assert_cmpstr(text, ==, "Laying out the rows: 20% (Esc stops it)");
	g_assert_true(builder_job.stop(&builder));
	g_assert_null(state.selection.filter);
	slice(&builder);
	g_assert_null(job_text(&job));
	g_assert_null(builder_text(&builder));
	g_assert_false(owes(&builder, JOB_ALL_EVENTS));
	g_assert_cmpuint(ladder_length(builder.ladder), ==, SEGMENTS);
	g_assert_false(builder_job.stop(&builder));
	builder_clear(&builder);
}

/* The event that was selected comes with a screen of rows below it, so that it stays
 * on its line however little a slice brings; and until all of the events of that time
 * are there, keys wait. */
static void
test_anchor(void)
{
	g_autoptr(Trace) trace = transfer();
	LadderLabels labels = { 0 };
	TuiState state = { .rows = 24, .anchor = 1020, .selection = everything };
	Builder builder;

	builder_init(&builder, trace, &state, everything, &labels);
	g_assert_true(owes(&builder, SEGMENTS));
	finish(&builder);
	g_assert_false(owes(&builder, SEGMENTS));
	state.selection.hide_calls = TRUE;
	builder_select(&builder, FALSE);
	do {
		g_assert_true(owes(&builder, 0));
		g_assert_true(slice(&builder));
	} while (builder.next);
	g_assert_cmpuint(ladder_length(builder.ladder), >=, state.anchor + state.rows);
	g_assert_cmpuint(ladder_length(builder.ladder), <, SEGMENTS);
	g_assert_true(owes(&builder, 0));
	finish(&builder);
	g_assert_false(owes(&builder, SEGMENTS));
	builder_clear(&builder);
}

/* A pause while there is nothing yet: the next ladder comes all the same. */
static void
test_paused_empty(void)
{
	g_autoptr(Trace) trace = trace_new();
	LadderLabels labels = { 0 };
	TuiState state = { .rows = 24, .anchor = EVENT_NONE, .paused = TRUE };
	const Ladder *first;
	Builder builder;

	builder_init(&builder, trace, &state, everything, &labels);
	first = builder.ladder;
	state.selection = everything;
	state.selection.hide_calls = TRUE;
	builder_select(&builder, FALSE);
	g_assert_true(slice(&builder));
	g_assert_null(builder.next);
	g_assert_true(builder.ladder != first);
	g_assert_false(owes(&builder, 0));
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

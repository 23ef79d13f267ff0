/* layout.c - a scene's columns for a width.
 *
 * Theory of operation. From left to right: time, delta, the client's gutter,
 * its bar, its lifeline, the middle, the server's lifeline, its bar, its
 * gutter. A step of a table says which columns there are at a width; the
 * columns that are left are handed out in turns, each up to a limit: to the
 * gutters until whole calls fit, to the middle until an arrow looks like one,
 * and so on. What nobody wants becomes a margin at both sides.
 */
#include "pktladder/scene.h"

/* Which columns there are, from a width on; the narrowest last. */
typedef struct {
	guint from;
	guint time, delta; /* widths, 0 absent */
	guint gutter;      /* each; the least */
	guint space;       /* between a gutter's text and its bar */
	guint middle;      /* the least */
} Step;

static const Step steps_calls[] = {
	{ 100, 10, 10, 21, 1, 30 },
	{ 80, 8, 0, 20, 0, 27 },
	{ 56, 0, 0, 14, 0, 24 },
	{ SCENE_MIN_WIDTH, 0, 0, 0, 0, SCENE_MIN_WIDTH - 2 },
};

static const Step steps_states[] = {
	{ 100, 10, 10, 12, 0, 30 },
	{ 66, 8, 0, 12, 0, 28 },
	{ 52, 0, 0, 12, 0, 24 },
	{ SCENE_MIN_WIDTH, 0, 0, 0, 0, SCENE_MIN_WIDTH - 2 },
};

/* With a clock time: 15 columns for microseconds, 12 for milliseconds. */
static const Step steps_calls_clock[] = {
	{ 102, 15, 10, 21, 1, 27 },
	{ 100, 15, 8, 21, 1, 27 },
	{ 80, 12, 0, 20, 0, 23 },
	{ 56, 0, 0, 14, 0, 24 },
	{ SCENE_MIN_WIDTH, 0, 0, 0, 0, SCENE_MIN_WIDTH - 2 },
};

static const Step steps_states_clock[] = {
	{ 100, 15, 10, 12, 0, 30 },
	{ 66, 12, 0, 12, 0, 24 },
	{ 52, 0, 0, 12, 0, 24 },
	{ SCENE_MIN_WIDTH, 0, 0, 0, 0, SCENE_MIN_WIDTH - 2 },
};

/* Turns in which the rest is handed out: up to these widths. */
typedef struct {
	guint gutter, middle;
} Turn;

/* What fits then: close = 0 FIN-WAIT-1 and data 12 B seq=1 ack=1; then
 * bind(3, 127.0.0.1:5000) = 0; connect(3, 127.0.0.1:5000) = 0  ESTABLISHED; at
 * last the same with an IPv6 address. */
static const Turn turns_calls[] = {
	{ 20, 28 }, { 27, 34 }, { 44, 34 }, { 44, 56 }, { 52, 72 }, { 60, 100 },
};

static const Turn turns_states[] = {
	{ 12, 100 },
};

static const Step *
step_for(const Step *steps, guint width)
{
	while (width < steps->from)
		steps++;
	return steps;
}

/* Hands out `rest` columns, to both gutters alike; returns what nobody wants. */
static guint
share_out(const Turn *turns, gsize n_turns, guint rest, guint *gutter, guint *middle)
{
	for (gsize i = 0; i < n_turns; i++) {
		guint more = 0;

		if (*gutter > 0 && turns[i].gutter > *gutter)
			more = MIN(turns[i].gutter - *gutter, rest / 2);
		*gutter += more;
		rest -= 2 * more;
		more = turns[i].middle > *middle ? MIN(turns[i].middle - *middle, rest) : 0;
		*middle += more;
		rest -= more;
	}
	return rest;
}

static void
place_columns(SceneLayout *layout, const Step *step, guint gutter, guint middle, guint margin)
{
	gboolean bars = layout->calls && gutter > 0;
	guint beside = gutter > 0 ? step->space + 1 : 0; /* between a gutter and its lifeline */
	guint x = margin;

	layout->time_x = x;
	layout->time_width = step->time;
	x += step->time;
	layout->delta_x = x + (step->delta > 0);
	layout->delta_width = step->delta;
	x += step->delta > 0 ? step->delta + 1 : 0;
	layout->gutter_x[SIDE_CLIENT] = x + (step->time > 0);
	x += step->time > 0 ? gutter + 1 : gutter;
	layout->lifeline_x[SIDE_CLIENT] = x + beside;
	layout->lifeline_x[SIDE_SERVER] = x + beside + 1 + middle;
	layout->gutter_x[SIDE_SERVER] = layout->lifeline_x[SIDE_SERVER] + 1 + beside;
	for (guint side = 0; side < 2; side++)
		layout->gutter_width[side] = gutter;
	layout->bar_x[SIDE_CLIENT] = bars ? layout->lifeline_x[SIDE_CLIENT] - 1 : G_MAXUINT;
	layout->bar_x[SIDE_SERVER] = bars ? layout->lifeline_x[SIDE_SERVER] + 1 : G_MAXUINT;
}

static Step
step_of(guint width, gboolean calls, SceneTime time, SceneDelta delta)
{
	Step step;

	if (time == SCENE_TIME_START)
		step = *step_for(calls ? steps_calls : steps_states, width);
	else
		step = *step_for(calls ? steps_calls_clock : steps_states_clock, width);
	if (delta == SCENE_DELTA_OFF)
		step.delta = 0;
	return step;
}

SceneLayout
scene_layout(guint width, gboolean calls)
{
	return scene_layout_times(width, calls, SCENE_TIME_START, SCENE_DELTA_PREVIOUS);
}

SceneLayout
scene_layout_times(guint width, gboolean calls, SceneTime time, SceneDelta delta)
{
	SceneLayout layout = { .width = width, .calls = calls };
	Step step;
	guint gutter, middle, used, rest;

	if (width < SCENE_MIN_WIDTH) {
		layout.bar_x[0] = layout.bar_x[1] = G_MAXUINT;
		layout.reduced = layout.too_small = TRUE;
		return layout;
	}
	step = step_of(width, calls, time, delta);
	gutter = step.gutter;
	middle = step.middle;
	used = 2 + middle + (step.time > 0 ? step.time + 1 : 0) +
	       (step.delta > 0 ? step.delta + 1 : 0);
	if (gutter > 0)
		used += 2 * (gutter + step.space + 1);
	rest = width - used;
	rest = calls ? share_out(turns_calls, G_N_ELEMENTS(turns_calls), rest, &gutter, &middle)
		     : share_out(turns_states, G_N_ELEMENTS(turns_states), rest, &gutter, &middle);
	layout.reduced = step.time == 0;
	place_columns(&layout, &step, gutter, middle, rest / 2);
	return layout;
}

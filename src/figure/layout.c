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

static const Step *
steps_of(gboolean calls, SceneTime time)
{
	if (time == SCENE_TIME_START)
		return calls ? steps_calls : steps_states;
	return calls ? steps_calls_clock : steps_states_clock;
}

static Step
step_with(const Step *step, SceneDelta delta)
{
	Step with = *step;

	if (delta == SCENE_DELTA_OFF)
		with.delta = 0;
	return with;
}

static Step
step_of(guint width, gboolean calls, SceneTime time, SceneDelta delta)
{
	return step_with(step_for(steps_of(calls, time), width), delta);
}

SceneLayout
scene_layout(guint width, gboolean calls)
{
	return scene_layout_times(width, calls, SCENE_TIME_START, SCENE_DELTA_PREVIOUS);
}

SceneLayout
scene_layout_times(guint width, gboolean calls, SceneTime time, SceneDelta delta)
{
	SceneLayout layout = { .width = width,
			       .calls = calls,
			       .n_lanes = 2,
			       .n_visible = 2,
			       .head_rows = SCENE_HEAD_ROWS };
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
	layout.pitch = middle + 1;
	return layout;
}

/* ---- more than two lanes ---- */

#define LANES_HEAD_ROWS 3
#define WHOLE_WIDTH	80 /* from here nothing is left out */
#define PITCH_MAX	36
#define GUTTER_GOOD	23 /* connect() = 0 ESTABLISHED */
#define GUTTER_MAX	30

/* What fits into a gap: #2 data 12 B between line and head; ESTABLISHED = 5. Three
 * lanes fit into 80 columns, four into 120. */
static guint
pitch_least(const Step *step, gboolean calls)
{
	return calls && step->space == 0 ? 18 : 20;
}

static guint
digits_of(guint number)
{
	guint digits = 1;

	for (; number >= 10; number /= 10)
		digits++;
	return digits;
}

/* What stands left of the lanes. */
static guint
times_width(const Step *step)
{
	return (step->time > 0 ? step->time + 1 : 0) + (step->delta > 0 ? step->delta + 1 : 0);
}

/* Left of the first lane and right of the last one; a narrow view has no room for any. */
static guint
lanes_gutter(const Step *step, gboolean calls)
{
	if (step->gutter == 0)
		return 0;
	return calls ? 17 + step->space : 13;
}

static guint
lanes_width(const Step *step, gboolean calls, guint n_lanes)
{
	return times_width(step) + 2 * lanes_gutter(step, calls) + 1 +
	       (n_lanes - 1) * pitch_least(step, calls);
}

/* A narrower step that has all lanes in view is better than this one, as long as
 * there is the time. */
static Step
lanes_step(guint width, gboolean calls, SceneTime time, SceneDelta delta, guint n_lanes)
{
	for (const Step *step = step_for(steps_of(calls, time), width); step->time > 0; step++) {
		Step with = step_with(step, delta);

		if (lanes_width(&with, calls, n_lanes) <= width)
			return with;
	}
	return step_of(width, calls, time, delta);
}

/* What is left makes the gaps wider; where lanes are out of view the gutters, which
 * have the labels of arrows to there. */
static void
place_lanes(SceneLayout *layout, const Step *step, guint gutter)
{
	guint left = times_width(step), room = layout->width - left;
	guint gaps = layout->n_visible - 1, rest;

	if (gutter > 1 && layout->calls) {
		rest = room - MIN(room, 2 * gutter + 1 + gaps * pitch_least(step, TRUE));
		gutter += MIN(rest / 2, GUTTER_GOOD - MIN(gutter, GUTTER_GOOD));
	}
	layout->pitch = MIN((room - 2 * gutter - 1) / gaps,
			    layout->edge_width > 0 ? pitch_least(step, layout->calls) : PITCH_MAX);
	rest = room - 2 * gutter - 1 - gaps * layout->pitch;
	gutter = MIN(gutter + rest / 2, MAX(gutter, GUTTER_MAX));
	layout->gutter_x[0] = left;
	layout->gutter_width[0] = layout->gutter_width[1] = gutter;
	layout->lifeline_x[0] = left + gutter;
	layout->lifeline_x[1] = layout->lifeline_x[0] + gaps * layout->pitch;
	layout->gutter_x[1] = layout->lifeline_x[1] + 1;
	layout->bar_x[0] = layout->bar_x[1] = G_MAXUINT;
	if (layout->calls) {
		layout->bar_x[0] = layout->lifeline_x[0] - 1;
		layout->bar_x[1] = layout->lifeline_x[1] + 1;
	}
}

SceneLayout
scene_layout_lanes(guint width, gboolean calls, SceneTime time, SceneDelta delta, guint n_lanes)
{
	SceneLayout layout = scene_layout_times(width, calls, time, delta);
	Step step;
	guint gutter, room;

	if (n_lanes <= 2 || layout.too_small)
		return layout;
	step = lanes_step(width, calls, time, delta, n_lanes);
	layout = (SceneLayout){ .width = width,
				.calls = calls,
				.n_lanes = n_lanes,
				.n_visible = n_lanes,
				.beside = calls ? 1 + step.space : 1,
				.head_rows = LANES_HEAD_ROWS,
				.time_width = step.time,
				.delta_x = step.time + 1,
				.delta_width = step.delta,
				.reduced = step.time == 0 };
	gutter = MAX(lanes_gutter(&step, calls), 1);
	if (width < lanes_width(&step, calls, n_lanes)) {
		layout.edge_width = digits_of(n_lanes) + 1;
		gutter = MAX(gutter, layout.edge_width + 2); /* line and head */
		room = width - times_width(&step) - 2 * gutter - 1;
		layout.n_visible = MAX(1 + room / pitch_least(&step, calls), 2);
	}
	place_lanes(&layout, &step, gutter);
	return layout;
}

void
scene_layout_scroll(SceneLayout *layout, guint first_lane)
{
	layout->first_lane = MIN(first_lane, layout->n_lanes - layout->n_visible);
}

guint
scene_lane_x(const SceneLayout *layout, guint lane)
{
	if (lane < layout->first_lane || lane - layout->first_lane >= layout->n_visible)
		return G_MAXUINT;
	return layout->lifeline_x[0] + (lane - layout->first_lane) * layout->pitch;
}

guint
scene_width_for_lanes(gboolean calls, SceneTime time, SceneDelta delta, guint n_lanes)
{
	guint width = G_MAXUINT;

	for (const Step *step = steps_of(calls, time); n_lanes > 2 && step->time > 0; step++) {
		Step with = step_with(step, delta);

		width = MIN(width, MAX(step->from, lanes_width(&with, calls, n_lanes)));
	}
	return width == G_MAXUINT ? WHOLE_WIDTH : MAX(width, WHOLE_WIDTH);
}

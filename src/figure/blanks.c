/* blanks.c - the blank lines between rows that stand apart in proportion to time. */
#include "pktladder/text.h"
#include "scene_build.h"

/* A client's bar is left of its lifeline, a server's right. */
static guint
bar_x(const RowContext *context, guint lane)
{
	const SceneLayout *layout = &context->options->layout;
	guint x = scene_lane_x(layout, lane);

	if (layout->n_lanes <= 2)
		return layout->bar_x[lane];
	if (x == G_MAXUINT || !layout->calls)
		return G_MAXUINT;
	return ladder_lane_is_server(context->ladder, lane) ? x + 1 : x - 1;
}

/* Of the row's bars those that have one of these parts go through the line. */
static void
add_bars(const RowContext *context, guint y, const GArray *bars, guint parts)
{
	for (guint i = 0; i < bars->len; i++) {
		LadderBar bar = g_array_index(bars, LadderBar, i);
		Primitive cell = { .kind = PRIMITIVE_BAR,
				   .role = ROLE_BAR,
				   .part = LADDER_BAR_THROUGH,
				   .y = y,
				   .x = bar_x(context, bar.lane) };

		if ((bar.part & parts) && cell.x != G_MAXUINT)
			scene_add(context->scene, &cell);
	}
}

static void
add_lifelines(const RowContext *context, guint y)
{
	const SceneLayout *layout = &context->options->layout;

	for (guint lane = layout->first_lane; lane < layout->first_lane + layout->n_visible;
	     lane++) {
		Primitive line = { .kind = PRIMITIVE_VLINE,
				   .role = ROLE_LIFELINE,
				   .y = y,
				   .x = scene_lane_x(layout, lane) };

		scene_add(context->scene, &line);
	}
}

/* How long the wait was, where lines are missing. */
static void
add_cut(const RowContext *context, guint32 index, guint y)
{
	const SceneLayout *layout = &context->options->layout;
	guint left = layout->lifeline_x[0] + 1;
	guint room = scene_lane_x(layout, layout->first_lane + 1) - left;
	gboolean ascii = context->options->ascii;
	g_autofree char *wait = spacing_wait_text(context->ladder, index);
	g_autofree char *text = scene_text(g_strdup_printf(ascii ? ": %s" : "⋮ %s", wait), ascii);
	char *fit = text_fit(text, room, ascii);

	scene_add_text(context->scene, y, left + (room - text_width(fit)) / 2, fit, ROLE_TIME,
		       FALSE);
}

guint
scene_add_blanks(const RowContext *context, guint32 index)
{
	const SceneOptions *options = context->options;
	guint lines = spacing_lines(&options->spacing, context->ladder, index);
	gboolean cut = lines > 0 && spacing_is_cut(&options->spacing, context->ladder, index);
	guint end = context->y + MIN(lines, options->n_rows - context->y);
	g_autoptr(GArray) bars =
	    lines > 0 ? scene_bars(context, index) : NULL;

	for (guint y = context->y; y < end; y++) {
		add_lifelines(context, y);
		/* of calls that began above and go on to the row, or through it */
		add_bars(context, y, bars, LADDER_BAR_THROUGH | LADDER_BAR_END);
		if (cut && y == context->y + lines / 2)
			add_cut(context, index, y);
	}
	return end;
}

void
scene_add_running(const RowContext *context, guint32 index)
{
	const SceneOptions *options = context->options;
	guint lines = spacing_passed(&options->spacing, context->ladder, options->play);
	g_autoptr(GArray) bars = NULL;

	if (lines == 0 || index + 1 != play_length(options->play, context->ladder))
		return;
	bars = scene_bars(context, index);
	for (guint y = context->y + 1; y <= context->y + lines && y < options->n_rows; y++)
		add_bars(context, y, bars, LADDER_BAR_THROUGH | LADDER_BAR_START);
}

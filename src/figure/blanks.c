/* blanks.c - the blank lines between rows that stand apart in proportion to time. */
#include "pktladder/text.h"
#include "scene_build.h"

static void
add_bars(const RowContext *context, guint y, guint parts)
{
	const SceneLayout *layout = &context->options->layout;

	for (guint side = 0; side < 2; side++) {
		Primitive bar = { .kind = PRIMITIVE_BAR,
				  .role = ROLE_BAR,
				  .part = LADDER_BAR_THROUGH,
				  .y = y,
				  .x = layout->bar_x[side] };

		if ((context->row->cell[side].bar & parts) && bar.x != G_MAXUINT)
			scene_add(context->scene, &bar);
	}
}

/* How long the wait was, where lines are missing. */
static void
add_cut(const RowContext *context, guint32 index, guint y)
{
	const SceneLayout *layout = &context->options->layout;
	guint left = layout->lifeline_x[SIDE_CLIENT] + 1;
	guint room = layout->lifeline_x[SIDE_SERVER] - left;
	gboolean ascii = context->options->ascii;
	g_autofree char *wait = spacing_wait_text(context->ladder, index);
	g_autofree char *text =
		scene_text(g_strdup_printf(ascii ? ": %s" : "⋮ %s", wait), ascii);
	char *fit = text_fit(text, room, ascii);

	scene_add_text(context->scene, y, left + (room - text_width(fit)) / 2, fit, ROLE_TIME, FALSE);
}

guint
scene_add_blanks(const RowContext *context, guint32 index)
{
	const SceneOptions *options = context->options;
	guint lines = spacing_lines(&options->spacing, context->ladder, index);
	gboolean cut = lines > 0 && spacing_is_cut(&options->spacing, context->ladder, index);
	guint end = context->y + MIN(lines, options->n_rows - context->y);

	for (guint y = context->y; y < end; y++) {
		scene_add_lifelines(context->scene, &options->layout, y, FALSE);
		/* of calls that began above and go on to the row, or through it */
		add_bars(context, y, LADDER_BAR_THROUGH | LADDER_BAR_END);
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

	if (index + 1 != play_length(options->play, context->ladder))
		return;
	for (guint y = context->y + 1; y <= context->y + lines && y < options->n_rows; y++)
		add_bars(context, y, LADDER_BAR_THROUGH | LADDER_BAR_START);
}

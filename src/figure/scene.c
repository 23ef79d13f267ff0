/* scene.c - a ladder's rows as primitives.
 *
 * Theory of operation. The layout's columns keep everything apart, so a text only has
 * to fit its own column. Of a row, times are added here, everything else by scene_row.c.
 */
#include "pktladder/i18n.h"
#include "pktladder/text.h"
#include "pktladder/timestamp.h"
#include "scene_build.h"

struct _Scene {
	guint width;
	GArray *primitives; /* Primitive */
};

static void
primitive_clear(gpointer data)
{
	g_free(((Primitive *)data)->text);
}

static Scene *
scene_new(guint width)
{
	Scene *scene = g_new0(Scene, 1);

	scene->width = width;
	scene->primitives = g_array_new(FALSE, TRUE, sizeof(Primitive));
	g_array_set_clear_func(scene->primitives, primitive_clear);
	return scene;
}

void
scene_add(Scene *scene, const Primitive *primitive)
{
	g_array_append_vals(scene->primitives, primitive, 1);
}

void
scene_free(Scene *scene)
{
	if (!scene)
		return;
	g_array_unref(scene->primitives);
	g_free(scene);
}

guint
scene_length(const Scene *scene)
{
	return scene->primitives->len;
}

const Primitive *
scene_get(const Scene *scene, guint index)
{
	return &g_array_index(scene->primitives, Primitive, index);
}

guint
scene_width(const Scene *scene)
{
	return scene->width;
}

/* ---- texts ---- */

char *
scene_text(char *text, gboolean ascii)
{
	char *spelled;

	if (!text || !ascii || g_str_is_ascii(text))
		return text;
	spelled = g_str_to_ascii(text, "C");
	g_free(text);
	return spelled;
}

void
scene_add_text(const RowContext *context, guint x, char *text, Role role)
{
	Primitive primitive = { .kind = PRIMITIVE_TEXT,
				.role = role,
				.selected = context->selected,
				.y = context->y,
				.x = x,
				.width = text_width(text),
				.text = text };

	if (*text == '\0')
		g_free(text);
	else
		scene_add(context->scene, &primitive);
}

/* ---- time ---- */

static void
add_right_aligned(const RowContext *context, guint x, guint width, char *text)
{
	scene_add_text(context, x + width - text_width(text), text, ROLE_TIME);
}

/* Since the trace's start, or a clock's; then since the row before, or since the marked one,
 * which says so. */
static void
add_times(const RowContext *context, guint32 index)
{
	const SceneOptions *options = context->options;
	const SceneLayout *layout = &options->layout;
	gboolean marked = options->delta == SCENE_DELTA_MARK;
	gint64 time_ns = context->row->time_ns,
	       start_ns = trace_start(ladder_trace(context->ladder));
	guint width = layout->time_width, delta_width = layout->delta_width;
	char *delta;

	if (width > 0)
		add_right_aligned(
		    context, layout->time_x, width,
		    options->time == SCENE_TIME_START
			? timestamp_seconds(timestamp_between(start_ns, time_ns), width, FALSE)
			: timestamp_clock(time_ns, width, options->time == SCENE_TIME_LOCAL));
	if (delta_width == 0 || (!marked && index == 0))
		return;
	if (marked && index == options->mark_row) {
		delta = text_fit(_("mark"), delta_width, options->ascii);
	} else {
		gint64 from_ns =
		    marked ? options->mark_ns : ladder_row(context->ladder, index - 1).time_ns;

		delta = timestamp_seconds(timestamp_between(from_ns, time_ns), delta_width, TRUE);
	}
	add_right_aligned(context, layout->delta_x, delta_width, delta);
}

/* ---- the whole ---- */

Scene *
scene_head(const Ladder *ladder, const SceneOptions *options)
{
	Scene *scene = scene_new(options->layout.width);
	RowContext context = { scene, ladder, options, .y = options->layout.head_rows - 1 };

	if (options->layout.too_small)
		return scene;
	g_assert(options->layout.n_lanes == ladder_n_lanes(ladder));
	scene_head_add(&context);
	return scene;
}

Scene *
scene_rows(const Ladder *ladder, const SceneOptions *options)
{
	Scene *scene = scene_new(options->layout.width);
	guint32 length = play_length(options->play, ladder);
	guint64 index = options->first_row;

	if (options->layout.too_small)
		return scene;
	g_assert(options->layout.n_lanes == ladder_n_lanes(ladder));
	for (guint y = 0; y < options->n_rows; y++, index++) {
		LadderRow row;
		RowContext context = { scene, ladder, options, &row, y };

		if (index >= length) {
			scene_add_lifelines(&context);
			continue;
		}
		row = play_row(options->play, ladder, index);
		context.selected = index == options->selected_row;
		if (y > 0 || options->lead)
			context.y = y = scene_add_blanks(&context, index);
		if (y >= options->n_rows)
			break;
		add_times(&context, index);
		scene_add_row(&context, index);
		scene_add_running(&context, index);
	}
	return scene;
}

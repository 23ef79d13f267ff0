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
scene_add_text(Scene *scene, guint y, guint x, char *text, Role role, gboolean selected)
{
	Primitive primitive = { .kind = PRIMITIVE_TEXT,
				.role = role,
				.selected = selected,
				.y = y,
				.x = x,
				.text = text };

	if (*text == '\0') {
		g_free(text);
		return;
	}
	primitive.width = text_width(text);
	scene_add(scene, &primitive);
}

/* ---- time ---- */

static void
add_right_aligned(const RowContext *context, guint x, guint width, char *text)
{
	scene_add_text(context->scene, context->y, x + width - text_width(text), text, ROLE_TIME,
		       context->selected);
}

static char *
time_to_string(const RowContext *context, gint64 time_ns, guint width)
{
	SceneTime what = context->options->time;

	if (what != SCENE_TIME_START)
		return timestamp_clock(time_ns, width, what == SCENE_TIME_LOCAL);
	return timestamp_seconds(
		timestamp_between(trace_start(ladder_trace(context->ladder)), time_ns), width, FALSE);
}

/* Since the row before, or since the marked one; that one says so. */
static void
add_delta(const RowContext *context, guint32 index)
{
	const SceneLayout *layout = &context->options->layout;
	gboolean marked = context->options->delta == SCENE_DELTA_MARK;
	gint64 from_ns;

	if (marked && index == context->options->mark_row) {
		add_right_aligned(context, layout->delta_x, layout->delta_width,
				  text_fit(_("mark"), layout->delta_width, context->options->ascii));
		return;
	}
	if (!marked && index == 0)
		return;
	from_ns = marked ? context->options->mark_ns : ladder_row(context->ladder, index - 1).time_ns;
	add_right_aligned(context, layout->delta_x, layout->delta_width,
			  timestamp_seconds(timestamp_between(from_ns, context->row->time_ns),
					    layout->delta_width, TRUE));
}

static void
add_times(const RowContext *context, guint32 index)
{
	const SceneLayout *layout = &context->options->layout;
	gint64 time_ns = context->row->time_ns;

	if (layout->time_width > 0)
		add_right_aligned(context, layout->time_x, layout->time_width,
				  time_to_string(context, time_ns, layout->time_width));
	if (layout->delta_width > 0)
		add_delta(context, index);
}

/* ---- the whole ---- */

Scene *
scene_head(const Ladder *ladder, const SceneOptions *options)
{
	Scene *scene = scene_new(options->layout.width);
	RowContext context = {
		.scene = scene, .ladder = ladder, .options = options, .y = options->layout.head_rows - 1
	};

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
		RowContext context = {
			.scene = scene, .ladder = ladder, .options = options, .y = y
		};

		context.selected = index == options->selected_row;
		if (index >= length) {
			context.selected = FALSE;
			scene_add_lifelines(&context);
			continue;
		}
		row = play_row(options->play, ladder, index);
		context.row = &row;
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

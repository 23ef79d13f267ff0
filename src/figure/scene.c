/* scene.c - a ladder's rows as primitives.
 *
 * Theory of operation. The layout's columns keep everything apart, so a text
 * only has to fit its own column: each comes in levels, longest first, and the
 * first one that fits is taken. An arrow owns the middle of its row; its label
 * leaves a cell of line at either side, and the head its own cell.
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

Scene *
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

void
scene_add_lifelines(Scene *scene, const SceneLayout *layout, guint y, gboolean selected)
{
	for (guint side = 0; side < 2; side++) {
		Primitive line = { .kind = PRIMITIVE_VLINE,
				   .role = ROLE_LIFELINE,
				   .selected = selected,
				   .y = y,
				   .x = layout->lifeline_x[side] };

		scene_add(scene, &line);
	}
}

GArray *
scene_bars(const RowContext *context, guint32 index)
{
	const SceneLayout *layout = &context->options->layout;

	return play_bars(context->options->play, context->ladder, index, layout->first_lane,
			 layout->first_lane + layout->n_visible);
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

/* ---- the middle ---- */

/* "3. ..." where the style numbers its lines; takes the text. */
static char *
numbered(const RowContext *context, char *label)
{
	guint32 number = ladder_line_number(context->ladder, context->row);
	g_autofree char *text = label;

	return number == 0 ? g_steal_pointer(&text) : g_strdup_printf("%u. %s", number, text);
}

char *
scene_label_uncut(const RowContext *context, guint room)
{
	g_autofree char *label = g_strdup("");

	for (guint level = 0; level < LADDER_LABEL_LEVELS; level++) {
		char *text = ladder_label(context->ladder, context->row, level);

		if (!text)
			break;
		g_free(label);
		label = scene_text(numbered(context, text), context->options->ascii);
		if (text_width(label) <= room)
			break;
	}
	return g_steal_pointer(&label);
}

char *
scene_label(const RowContext *context, guint room)
{
	g_autofree char *label = scene_label_uncut(context, room);

	return text_fit(label, room, context->options->ascii);
}

static void
add_arrow(const RowContext *context)
{
	const SceneLayout *layout = &context->options->layout;
	guint left = layout->lifeline_x[SIDE_CLIENT], right = layout->lifeline_x[SIDE_SERVER];
	gboolean to_right = context->row->to_right;
	guint middle = right - left - 1;
	g_autofree char *label = scene_label(context, middle - SCENE_ARROW_CELLS);
	Primitive arrow = { .kind = PRIMITIVE_ARROW,
			    .role = ladder_row_role(context->ladder, context->row),
			    .selected = context->selected,
			    .y = context->y };

	arrow.x = to_right ? left : right;
	arrow.x2 = to_right ? right - 1 : left + 1;
	if (*label) {
		guint first = to_right ? left + 3 : left + 4;

		arrow.width = text_width(label);
		arrow.label_x = first + (middle - SCENE_ARROW_CELLS - arrow.width) / 2;
		arrow.text = g_steal_pointer(&label);
	}
	scene_add(context->scene, &arrow);
}

/* Whether a note is too long for the middle and may cover the lifelines: from
 * gutter to gutter, where nothing stands beside them. */
static gboolean
note_goes_across(const RowContext *context)
{
	const SceneLayout *layout = &context->options->layout;
	guint middle = layout->lifeline_x[SIDE_SERVER] - layout->lifeline_x[SIDE_CLIENT] - 1;
	g_autofree char *note = NULL;

	if (context->row->kind != ROW_NOTE || layout->gutter_width[0] == 0 ||
	    scene_has_cells(context->row))
		return FALSE;
	note = scene_label_uncut(context, middle - 2);
	return text_width(note) > middle - 2;
}

static void
add_note(const RowContext *context, gboolean across)
{
	const SceneLayout *layout = &context->options->layout;
	guint left = layout->lifeline_x[SIDE_CLIENT] + 1, right = layout->lifeline_x[SIDE_SERVER];
	char *note;

	if (across) {
		left = layout->gutter_x[SIDE_CLIENT];
		right = layout->gutter_x[SIDE_SERVER] + layout->gutter_width[SIDE_SERVER];
	}
	note = scene_label(context, right - left - 2);
	scene_add_text(context->scene, context->y, left + (right - left - text_width(note)) / 2,
		       note, ladder_row_role(context->ladder, context->row), context->selected);
}

static void
add_row(const RowContext *context, guint32 index)
{
	gboolean across;

	add_times(context, index);
	if (context->options->layout.n_lanes > 2) {
		scene_add_lanes_row(context, index);
		return;
	}
	across = note_goes_across(context);
	if (!across)
		scene_add_lifelines(context->scene, &context->options->layout, context->y,
				    context->selected);
	scene_add_cells(context);
	if (context->row->kind == ROW_ARROW || context->row->kind == ROW_FOLD)
		add_arrow(context);
	else if (context->row->kind == ROW_NOTE)
		add_note(context, across);
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
			if (options->layout.n_lanes > 2)
				scene_add_lanes_blank(&context);
			else
				scene_add_lifelines(scene, &options->layout, y, FALSE);
			continue;
		}
		row = play_row(options->play, ladder, index);
		context.row = &row;
		if (y > 0 || options->lead)
			context.y = y = scene_add_blanks(&context, index);
		if (y >= options->n_rows)
			break;
		add_row(&context, index);
		scene_add_running(&context, index);
	}
	return scene;
}

/* scene.c - a ladder's rows as primitives.
 *
 * Theory of operation. The layout's columns keep everything apart, so a text
 * only has to fit its own column: each comes in levels, longest first, and the
 * first one that fits is taken. An arrow owns the middle of its row; its label
 * leaves a cell of line at either side, and the head its own cell.
 */
#include "pktladder/text.h"
#include "scene_build.h"

#include <string.h>

struct _Scene {
	guint width;
	GArray *primitives; /* Primitive */
};

/* What is about to be drawn on one row. */
typedef struct {
	Scene *scene;
	const Ladder *ladder;
	const SceneOptions *options;
	const LadderRow *row;
	guint y;
	gboolean selected;
} RowContext;

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

#define NS_PER_SECOND 1000000000

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
	Primitive primitive = { .kind = PRIMITIVE_TEXT, .role = role, .selected = selected,
				.y = y, .x = x, .text = text };

	if (*text == '\0') {
		g_free(text);
		return;
	}
	primitive.width = text_width(text);
	g_array_append_val(scene->primitives, primitive);
}

/* A duration or an offset in seconds, with as many of six decimals as `width`
 * columns hold. Cut, not rounded, as tcpdump prints time stamps. */
static char *
seconds_to_string(gint64 ns, guint width, gboolean with_plus)
{
	const char *sign = ns < 0 ? "-" : with_plus ? "+" : "";
	guint64 magnitude = ns < 0 ? -(guint64)ns : (guint64)ns;
	guint64 seconds = magnitude / NS_PER_SECOND;
	guint64 fraction = magnitude % NS_PER_SECOND / 1000;
	char plain[G_ASCII_DTOSTR_BUF_SIZE];

	for (gint decimals = 6; decimals >= 0; decimals--, fraction /= 10) {
		g_autofree char *text =
			decimals == 0 ? g_strdup_printf("%s%" G_GUINT64_FORMAT, sign, seconds) :
					g_strdup_printf("%s%" G_GUINT64_FORMAT ".%0*" G_GUINT64_FORMAT,
							sign, seconds, decimals, fraction);

		if (strlen(text) <= width)
			return g_steal_pointer(&text);
	}
	g_ascii_formatd(plain, sizeof(plain), "%.1e", (gdouble)seconds);
	return g_strconcat(sign, plain, NULL);
}

void
scene_add_lifelines(Scene *scene, const SceneLayout *layout, guint y, gboolean selected)
{
	for (guint side = 0; side < 2; side++) {
		Primitive line = { .kind = PRIMITIVE_VLINE, .role = ROLE_LIFELINE,
				   .selected = selected, .y = y, .x = layout->lifeline_x[side] };

		g_array_append_val(scene->primitives, line);
	}
}

/* ---- time ---- */

static void
add_right_aligned(const RowContext *context, guint x, guint width, char *text)
{
	scene_add_text(context->scene, context->y, x + width - text_width(text), text, ROLE_TIME,
		 context->selected);
}

/* Time stamps of a file may be anything: the difference wraps, which C allows
 * for unsigned numbers only. */
static gint64
time_between(gint64 from_ns, gint64 to_ns)
{
	return (gint64)((guint64)to_ns - (guint64)from_ns);
}

static void
add_times(const RowContext *context, guint32 index)
{
	const SceneLayout *layout = &context->options->layout;
	gint64 time_ns = context->row->time_ns;

	if (layout->time_width > 0) {
		gint64 start_ns = trace_start(ladder_trace(context->ladder));

		add_right_aligned(context, layout->time_x, layout->time_width,
				  seconds_to_string(time_between(start_ns, time_ns),
						    layout->time_width, FALSE));
	}
	if (layout->delta_width > 0 && index > 0) {
		gint64 before_ns = ladder_row(context->ladder, index - 1)->time_ns;

		add_right_aligned(context, layout->delta_x, layout->delta_width,
				  seconds_to_string(time_between(before_ns, time_ns),
						    layout->delta_width, TRUE));
	}
}

/* ---- cells: a call's text and a state ---- */

/* The state's name as ss prints it, where the RFC's is too long. */
static const char *const short_state_names[N_TCP_STATES] = {
	[TCP_STATE_ESTABLISHED] = "ESTAB",
	[TCP_STATE_SYN_RECEIVED] = "SYN-RECV",
};

static const char *
short_state_name(TcpState state)
{
	const char *name = state < N_TCP_STATES ? short_state_names[state] : NULL;

	return name ? name : tcp_state_name(state);
}

typedef struct {
	char *call;	   /* "" none */
	const char *state; /* "" none */
	guint gap;	   /* between them */
} CellText;

/* The longest level of the call that fits beside `state_width` columns, or NULL. */
static char *
fitting_call(const RowContext *context, Side side, guint room, guint state_width)
{
	for (guint level = 0; level < LADDER_CELL_LEVELS; level++) {
		char *text = ladder_cell_text(context->ladder, context->row, side, level);
		guint needed;

		if (!text)
			break;
		text = scene_text(text, context->options->ascii);
		needed = text_width(text);
		if (needed > 0 && state_width > 0)
			needed += 1 + state_width;
		if (needed <= room)
			return text;
		g_free(text);
	}
	return NULL;
}

/* The shortest level, cut. */
static char *
cut_call(const RowContext *context, Side side, guint room)
{
	g_autofree char *shortest = NULL;

	for (guint level = 0; level < LADDER_CELL_LEVELS; level++) {
		char *text = ladder_cell_text(context->ladder, context->row, side, level);

		if (!text)
			break;
		g_free(shortest);
		shortest = scene_text(text, context->options->ascii);
	}
	return text_fit(shortest ? shortest : "", room, context->options->ascii);
}

/* A state is never left out: first the call gets shorter, then the state's
 * name, and at last the call is cut. */
static CellText
compose_cell(const RowContext *context, Side side, guint room)
{
	TcpState state = context->row->cell[side].state;
	CellText cell = { .state = tcp_state_name(state) };
	guint state_width = strlen(cell.state);

	if (state_width <= room)
		cell.call = fitting_call(context, side, room, state_width);
	if (!cell.call) {
		cell.state = short_state_name(state);
		state_width = strlen(cell.state);
		cell.call = fitting_call(context, side, room, state_width);
	}
	if (!cell.call)
		cell.call = cut_call(context, side,
				     state_width == 0	      ? room :
				     state_width + 1 <= room ? room - state_width - 1 :
							       0);
	if (*cell.call && *cell.state)
		cell.gap = state_width + text_width(cell.call) + 2 <= room ? 2 : 1;
	return cell;
}

static Role
call_role(const RowContext *context, Side side)
{
	const Trace *trace = ladder_trace(context->ladder);
	guint32 result = context->row->cell[side].result;
	const CallRecord *call;

	if (result == EVENT_NONE)
		return ROLE_CALL;
	call = trace_call(trace, trace_event(trace, result));
	if (call->result < 0 || (call->name == CALL_EXIT && call->result != 0))
		return ROLE_CALL_FAILED;
	return ROLE_CALL;
}

/* Draws a cell's text in `room` columns from `x`, the state at the end that is
 * nearest to the lifeline: the right one, or with `leftwards` the left one. */
static void
add_cell(const RowContext *context, Side side, guint x, guint room, gboolean state_left)
{
	CellText cell = compose_cell(context, side, room);
	guint state_width = strlen(cell.state);
	guint call_width = text_width(cell.call);
	guint right = x + room;
	guint state_x = state_left ? x : right - state_width;
	guint call_x = state_left ? x + state_width + cell.gap :
				    right - state_width - cell.gap - call_width;

	scene_add_text(context->scene, context->y, call_x, cell.call, call_role(context, side),
		 context->selected);
	scene_add_text(context->scene, context->y, state_x, g_strdup(cell.state), ROLE_STATE,
		 context->selected);
}

/* Without gutters, calls stand between the lifelines where no arrow needs the room. */
static void
add_cells_inside(const RowContext *context)
{
	const SceneLayout *layout = &context->options->layout;
	guint left = layout->lifeline_x[SIDE_CLIENT] + 1;
	guint middle = layout->lifeline_x[SIDE_SERVER] - left;
	gboolean both = TRUE;
	guint room;

	for (guint side = 0; side < 2; side++) {
		const LadderCell *cell = &context->row->cell[side];

		both = both && (cell->entry != EVENT_NONE || cell->result != EVENT_NONE ||
				cell->state != TCP_STATE_UNKNOWN);
	}
	room = both ? (middle - 1) / 2 : middle;
	add_cell(context, SIDE_CLIENT, left, room, TRUE);
	add_cell(context, SIDE_SERVER, left + middle - room, room, FALSE);
}

static void
add_cells(const RowContext *context)
{
	const SceneLayout *layout = &context->options->layout;

	for (guint side = 0; side < 2; side++) {
		Primitive bar = { .kind = PRIMITIVE_BAR, .role = ROLE_BAR,
				  .part = context->row->cell[side].bar,
				  .selected = context->selected,
				  .y = context->y, .x = layout->bar_x[side] };

		if (bar.part != LADDER_BAR_NONE && bar.x != G_MAXUINT)
			g_array_append_val(context->scene->primitives, bar);
		if (layout->gutter_width[side] > 0)
			add_cell(context, side, layout->gutter_x[side], layout->gutter_width[side],
				 side == SIDE_SERVER);
	}
	if (layout->gutter_width[0] == 0 && context->row->kind == ROW_CALLS)
		add_cells_inside(context);
}

/* ---- the middle ---- */

/* The longest level of the row's label that fits, else the shortest one, cut. */
static char *
fitting_label(const RowContext *context, guint room)
{
	g_autofree char *label = NULL;
	gboolean ascii = context->options->ascii;

	for (guint level = 0; level < LADDER_LABEL_LEVELS; level++) {
		char *text = ladder_label(context->ladder, context->row, level);

		if (!text)
			break;
		g_free(label);
		label = scene_text(text, ascii);
		if (text_width(label) <= room)
			break;
	}
	return text_fit(label ? label : "", room, ascii);
}

/* Cells that an arrow needs beside its label: line and blank, blank, line and head. */
#define ARROW_CELLS 5

static void
add_arrow(const RowContext *context)
{
	const SceneLayout *layout = &context->options->layout;
	guint left = layout->lifeline_x[SIDE_CLIENT], right = layout->lifeline_x[SIDE_SERVER];
	gboolean to_right = context->row->to_right;
	guint middle = right - left - 1;
	g_autofree char *label = fitting_label(context, middle - ARROW_CELLS);
	Primitive arrow = { .kind = PRIMITIVE_ARROW,
			    .role = ladder_row_role(context->ladder, context->row),
			    .selected = context->selected, .y = context->y };

	arrow.x = to_right ? left : right;
	arrow.x2 = to_right ? right - 1 : left + 1;
	if (*label) {
		guint first = to_right ? left + 3 : left + 4;

		arrow.width = text_width(label);
		arrow.label_x = first + (middle - ARROW_CELLS - arrow.width) / 2;
		arrow.text = g_steal_pointer(&label);
	}
	g_array_append_val(context->scene->primitives, arrow);
}

static gboolean
row_has_cells(const LadderRow *row)
{
	for (guint side = 0; side < 2; side++) {
		const LadderCell *cell = &row->cell[side];

		if (cell->entry != EVENT_NONE || cell->result != EVENT_NONE ||
		    cell->state != TCP_STATE_UNKNOWN || cell->bar != LADDER_BAR_NONE)
			return TRUE;
	}
	return FALSE;
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
	    row_has_cells(context->row))
		return FALSE;
	note = fitting_label(context, G_MAXUINT);
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
	note = fitting_label(context, right - left - 2);
	scene_add_text(context->scene, context->y, left + (right - left - text_width(note)) / 2,
		       note, ladder_row_role(context->ladder, context->row), context->selected);
}

static void
add_row(const RowContext *context, guint32 index)
{
	gboolean across = note_goes_across(context);

	add_times(context, index);
	if (!across)
		scene_add_lifelines(context->scene, &context->options->layout, context->y,
				    context->selected);
	add_cells(context);
	if (context->row->kind == ROW_ARROW)
		add_arrow(context);
	else if (context->row->kind == ROW_NOTE)
		add_note(context, across);
}

Scene *
scene_rows(const Ladder *ladder, const SceneOptions *options)
{
	Scene *scene = scene_new(options->layout.width);
	guint32 length = ladder_length(ladder);

	if (options->layout.too_small)
		return scene;
	for (guint y = 0; y < options->n_rows; y++) {
		guint64 index = (guint64)options->first_row + y;
		RowContext context = { .scene = scene, .ladder = ladder, .options = options, .y = y };

		context.selected = index < length && index == options->selected_row;
		if (index >= length) {
			scene_add_lifelines(scene, &options->layout, y, FALSE);
			continue;
		}
		context.row = ladder_row(ladder, index);
		add_row(&context, index);
	}
	return scene;
}

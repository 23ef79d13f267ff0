/* scene_lanes.c - rows and head of a ladder of more than two lanes.
 *
 * Theory of operation. A row is about two lanes. Its arrow owns what is between
 * them, so calls and states stand outward: those of the left lane to its left,
 * those of the right one to its right, each in the gap there. Lifelines, bars and
 * crossings of other lanes are seen wherever the label does not need the room. A
 * lane that is out of view is named by its number at the edge of the view.
 */
#include "pktladder/i18n.h"
#include "pktladder/text.h"
#include "scene_build.h"

#include <string.h>

/* Fewer columns are not worth a piece of a label; and no state fits into fewer. */
#define LABEL_LEAST 5
#define CELL_LEAST  10

/* Columns from `from` on, before `to`. */
typedef struct {
	guint from, to;
} Span;

static gboolean
span_has(const Span *span, guint x)
{
	return x >= span->from && x < span->to;
}

static guint
span_width(const Span *span)
{
	return span->to > span->from ? span->to - span->from : 0;
}

/* The whole of the lanes' columns. */
static Span
view_span(const SceneLayout *layout)
{
	return (Span){ layout->gutter_x[0], layout->gutter_x[1] + layout->gutter_width[1] };
}

static guint
lane_end(const SceneLayout *layout)
{
	return layout->first_lane + layout->n_visible;
}

/* ---- lifelines and bars ---- */

static void
add_cell_of_line(const RowContext *context, PrimitiveKind kind, Role role, guint8 part, guint x)
{
	Primitive cell = { .kind = kind,
			   .role = role,
			   .part = part,
			   .selected = context->selected,
			   .y = context->y,
			   .x = x };

	scene_add(context->scene, &cell);
}

static void
add_lifelines(const RowContext *context, const Span *without)
{
	const SceneLayout *layout = &context->options->layout;

	for (guint lane = layout->first_lane; lane < lane_end(layout); lane++) {
		guint x = scene_lane_x(layout, lane);

		if (!span_has(without, x))
			add_cell_of_line(context, PRIMITIVE_VLINE, ROLE_LIFELINE, 0, x);
	}
}

/* A client's bar is left of its lifeline, a server's right. */
static void
add_bars(const RowContext *context, guint32 index, const Span *without, guint head_x)
{
	const SceneLayout *layout = &context->options->layout;
	g_autoptr(GArray) bars = scene_bars(context, index);

	for (guint i = 0; i < bars->len && layout->calls; i++) {
		LadderBar bar = g_array_index(bars, LadderBar, i);
		guint x = scene_lane_x(layout, bar.lane);

		if (x == G_MAXUINT)
			continue;
		x = ladder_lane_is_server(context->ladder, bar.lane) ? x + 1 : x - 1;
		if (x != head_x && !span_has(without, x))
			add_cell_of_line(context, PRIMITIVE_BAR, ROLE_BAR, bar.part, x);
	}
}

/* ---- out of view ---- */

static void
add_mark(const RowContext *context, gboolean right, gboolean outermost, char *text)
{
	const SceneLayout *layout = &context->options->layout;
	Span view = view_span(layout);
	guint width = text_width(text);
	Role role = context->row->kind == ROW_CALLS
			    ? ROLE_CALL
			    : ladder_row_role(context->ladder, context->row);
	guint x;

	/* Beside the line's end, or at the outside. */
	if (right)
		x = outermost ? view.to - MIN(width, view.to) : view.to - layout->edge_width;
	else
		x = outermost ? view.from : view.from + layout->edge_width - width;
	scene_add_text(context->scene, context->y, x, text, role, context->selected);
}

/* "7»", "«3": an end is there. */
static char *
mark_text(const RowContext *context, gboolean right, const char *lanes)
{
	gboolean ascii = context->options->ascii;

	return right ? g_strconcat(lanes, ascii ? ">" : "»", NULL)
		     : g_strconcat(ascii ? "<" : "«", lanes, NULL);
}

static void
mark_lane(const RowContext *context, guint lane)
{
	gboolean right = lane >= lane_end(&context->options->layout);
	g_autofree char *number = g_strdup_printf("%u", lane + 1);

	add_mark(context, right, FALSE, mark_text(context, right, number));
}

/* A row that has nothing in view: "#3 SYN 7►9»", its label where that fits into the
 * gutter; of calls, "7»". */
static void
mark_row(const RowContext *context, guint low, guint high)
{
	const LadderRow *row = context->row;
	gboolean right = low >= lane_end(&context->options->layout);
	const char *head = context->options->ascii ? (row->to_right ? ">" : "<")
						   : (row->to_right ? "►" : "◄");
	const LadderCell *client = &row->cell[SIDE_CLIENT];
	gboolean at_client = client->entry != EVENT_NONE || client->result != EVENT_NONE;
	guint room = context->options->layout.gutter_width[right];
	g_autofree char *lanes = NULL, *mark = NULL, *label = NULL;

	if (row->kind == ROW_CALLS)
		lanes = g_strdup_printf("%u", row->lane[!at_client] + 1);
	else
		lanes = g_strdup_printf("%u%s%u", low + 1, head, high + 1);
	mark = mark_text(context, right, lanes);
	if (text_width(mark) > room) { /* the nearer one */
		mark_lane(context, right ? low : high);
		return;
	}
	room -= MIN(room, text_width(mark) + 2);
	label = scene_label_uncut(context, room);
	if (*label == '\0' || text_width(label) > room)
		add_mark(context, right, TRUE, g_steal_pointer(&mark));
	else
		add_mark(context, right, TRUE,
			 right ? g_strdup_printf("%s %s", label, mark)
			       : g_strdup_printf("%s %s", mark, label));
}

/* Calls at an end that is out of view, while the other end is not. */
static void
mark_calls(const RowContext *context)
{
	const LadderRow *row = context->row;

	for (Side side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
		const LadderCell *cell = &row->cell[side];

		if ((cell->entry != EVENT_NONE || cell->result != EVENT_NONE) &&
		    scene_lane_x(&context->options->layout, row->lane[side]) == G_MAXUINT)
			mark_lane(context, row->lane[side]);
	}
}

/* ---- arrows ---- */

/* The gap that has room for the label and is nearest to the arrow's middle, else
 * the whole arrow. Between lifelines: the columns of the ends are not in it. */
static Span
label_gap(const SceneLayout *layout, const Span *arrow, guint width, gboolean to_right)
{
	guint middle = arrow->from + arrow->to, best = G_MAXUINT;
	Span found = *arrow, gap = { arrow->from, arrow->from };

	for (guint lane = layout->first_lane; gap.to < arrow->to; lane++) {
		guint x = lane < lane_end(layout) ? scene_lane_x(layout, lane) : arrow->to;
		guint off;

		if (x < arrow->from)
			continue;
		gap.to = MIN(x, arrow->to);
		off = MAX(gap.from + gap.to, middle) - MIN(gap.from + gap.to, middle);
		if (span_width(&gap) >= width && (off < best || (off == best && !to_right))) {
			best = off;
			found = gap;
		}
		gap.from = gap.to + 1;
	}
	return found;
}

/* Puts the label into the arrow, which lies in these columns. Returns what the
 * label needs, blanks included. */
static Span
label_place(const RowContext *context, Primitive *arrow, const Span *span)
{
	guint width = span_width(span);
	guint room = width - MIN(width, SCENE_ARROW_CELLS), label;
	g_autofree char *text = NULL;
	Span gap;

	if (room < LABEL_LEAST)
		return (Span){ 0, 0 };
	text = scene_label(context, room);
	if (*text == '\0')
		return (Span){ 0, 0 };
	label = text_width(text);
	gap = label_gap(&context->options->layout, span, label + SCENE_ARROW_CELLS,
			context->row->to_right);
	arrow->width = label;
	arrow->label_x = gap.from + (context->row->to_right ? 2 : 3) +
			 (span_width(&gap) - SCENE_ARROW_CELLS - label) / 2;
	arrow->text = g_steal_pointer(&text);
	return (Span){ arrow->label_x - 1, arrow->label_x + label + 1 };
}

static void
add_crossings(const RowContext *context, Role role, const Span *arrow, const Span *label)
{
	const SceneLayout *layout = &context->options->layout;

	for (guint lane = layout->first_lane; lane < lane_end(layout); lane++) {
		guint x = scene_lane_x(layout, lane);

		if (span_has(arrow, x) && !span_has(label, x))
			add_cell_of_line(context, PRIMITIVE_CROSS, role, 0, x);
	}
}

/* Returns what the label covers; `head_x`: the head's column. */
static Span
add_arrow(const RowContext *context, guint low, guint high, guint *head_x)
{
	const SceneLayout *layout = &context->options->layout;
	gboolean to_right = context->row->to_right;
	guint left = scene_lane_x(layout, low), right = scene_lane_x(layout, high);
	gboolean left_out = left == G_MAXUINT, right_out = right == G_MAXUINT;
	Span view = view_span(layout), line, label;
	Primitive arrow = { .kind = PRIMITIVE_ARROW,
			    .role = ladder_row_role(context->ladder, context->row),
			    .selected = context->selected,
			    .y = context->y };

	line.from = left_out ? view.from + layout->edge_width : left + 1;
	line.to = right_out ? view.to - layout->edge_width : right;
	arrow.x = to_right ? line.from - !left_out : line.to - right_out;
	arrow.x2 = to_right ? line.to - 1 : line.from;
	if (to_right ? left_out : right_out)
		arrow.part |= ARROW_TAIL_OUT;
	if (to_right ? right_out : left_out)
		arrow.part |= ARROW_HEAD_OUT;
	label = label_place(context, &arrow, &line);
	*head_x = arrow.x2;
	add_lifelines(context, &label);
	scene_add(context->scene, &arrow);
	add_crossings(context, arrow.role, &line, &label);
	if (left_out)
		mark_lane(context, low);
	if (right_out)
		mark_lane(context, high);
	return label;
}

/* ---- calls, states, notes ---- */

/* What is free on one side of a lifeline, but for a blank and the bar. */
static Span
beside_lane(const SceneLayout *layout, guint lane, gboolean right)
{
	guint x = scene_lane_x(layout, lane), off = layout->beside;
	Span view = view_span(layout);

	if (right)
		return (Span){ x + 1 + off, lane + 1 < lane_end(layout)
					      ? scene_lane_x(layout, lane + 1) - 1
					      : view.to };
	return (Span){ lane > layout->first_lane ? scene_lane_x(layout, lane - 1) + 2 : view.from,
		       x - off };
}

static void
add_cell(const RowContext *context, Side side)
{
	const LadderRow *row = context->row;
	guint32 lane = row->lane[side];
	gboolean right = lane > row->lane[!side];
	Span beside, other;

	if (scene_lane_x(&context->options->layout, lane) == G_MAXUINT)
		return;
	beside = beside_lane(&context->options->layout, lane, right);
	other = beside_lane(&context->options->layout, lane, !right);
	/* In a narrow view the outermost have nothing outward; inward an arrow may be. */
	if (span_width(&beside) < CELL_LEAST) {
		if (row->kind != ROW_CALLS || span_width(&other) < CELL_LEAST)
			return;
		beside = other;
		right = !right;
	}
	scene_add_cell(context, side, beside.from, span_width(&beside), right);
}

/* Across all lanes in view. Returns what it covers. */
static Span
add_note(const RowContext *context)
{
	Span view = view_span(&context->options->layout);
	guint room = span_width(&view) - 2, width;
	g_autofree char *note = scene_label(context, room);
	guint x;

	width = text_width(note);
	x = view.from + 1 + (room - MIN(width, room)) / 2;
	scene_add_text(context->scene, context->y, x, g_steal_pointer(&note),
		       ladder_row_role(context->ladder, context->row), context->selected);
	return (Span){ x - 1, x + width + 1 };
}

void
scene_add_lanes_row(const RowContext *context, guint32 index)
{
	const LadderRow *row = context->row;
	const SceneLayout *layout = &context->options->layout;
	guint low = MIN(row->lane[0], row->lane[1]), high = MAX(row->lane[0], row->lane[1]);
	guint head_x = G_MAXUINT;
	Span covered = { 0, 0 };

	if (row->kind == ROW_NOTE) {
		covered = add_note(context);
		add_lifelines(context, &covered);
		add_bars(context, index, &covered, head_x);
		return;
	}
	if (high < layout->first_lane || low >= lane_end(layout) || row->kind == ROW_CALLS)
		add_lifelines(context, &covered);
	else
		covered = add_arrow(context, low, high, &head_x);
	if (high < layout->first_lane || low >= lane_end(layout))
		mark_row(context, low, high);
	else if (row->kind == ROW_CALLS)
		mark_calls(context);
	add_bars(context, index, &covered, head_x);
	for (Side side = SIDE_CLIENT; side <= SIDE_SERVER; side++)
		add_cell(context, side);
}

void
scene_add_lanes_blank(const RowContext *context)
{
	Span covered = { 0, 0 };

	add_lifelines(context, &covered);
}

/* ---- head ---- */

/* "[2001:db8::1]:443" in `room` columns: whole, else with less of the address, and
 * the port at last. */
static char *
fitting_address(const char *address, guint room, gboolean ascii)
{
	const char *port = strrchr(address, ':');
	const char *tail = strchr(address, ']') ? strchr(address, ']') : port;
	g_autofree char *front = NULL, *cut = NULL;

	if (!port || text_width(address) <= room)
		return text_fit(address, room, ascii);
	if (room < strlen(tail) + LABEL_LEAST)
		return text_fit(port, room, ascii);
	front = g_strndup(address, tail - address);
	cut = text_fit(front, room - strlen(tail), ascii);
	return g_strconcat(cut, tail, NULL);
}

/* Cuts "Client 10.0.0.1:4000" in two; returns the address, NULL where the head is a
 * name that the user gave. */
static char *
head_split(const Ladder *ladder, guint lane, char *head)
{
	Side side;
	const Conversation *conversation = ladder_lane_conversation(ladder, lane, &side);
	g_autofree char *address = endpoint_to_string(&conversation->endpoint[side]);
	char *space = strrchr(head, ' ');

	if (!space || !g_str_equal(space + 1, address))
		return NULL;
	*space = '\0';
	return space + 1;
}

/* "3: Client" over "10.0.0.1:4000", between the middles of the gaps. */
static void
add_lane_head(Scene *scene, const Ladder *ladder, const SceneOptions *options, guint lane)
{
	const SceneLayout *layout = &options->layout;
	guint x = scene_lane_x(layout, lane), half = layout->pitch / 2;
	guint from = lane == layout->first_lane ? 0 : x - half + 1;
	guint to = lane + 1 == lane_end(layout) ? layout->width : x + layout->pitch - half;
	g_autofree char *head = scene_text(ladder_lane_head(ladder, lane), options->ascii);
	char *address = head_split(ladder, lane, head);
	g_autofree char *name = NULL;

	name = g_strdup_printf("%u: %s", lane + 1, head);
	scene_add_name(scene, 0, x, from, to, text_fit(name, to - from, options->ascii));
	if (address)
		scene_add_name(scene, 1, x, from, to,
			       fitting_address(address, to - from, options->ascii));
}

/* How many lanes are out of view at either end. */
static void
add_hidden(Scene *scene, const SceneOptions *options)
{
	const SceneLayout *layout = &options->layout;
	guint hidden[2] = { layout->first_lane, layout->n_lanes - lane_end(layout) };

	for (guint right = 0; right < 2; right++) {
		g_autofree char *text =
			g_strdup_printf(right ? _("%u more »") : _("« %u more"), hidden[right]);
		char *spelled = scene_text(g_steal_pointer(&text), options->ascii);
		guint width = text_width(spelled), room = layout->gutter_width[right];

		if (hidden[right] == 0 || width + 1 > room) {
			g_free(spelled);
			continue;
		}
		scene_add_text(scene, layout->head_rows - 1,
			       right ? layout->gutter_x[1] + room - width : layout->gutter_x[0],
			       spelled, ROLE_TIME, FALSE);
	}
}

void
scene_add_lanes_head(Scene *scene, const Ladder *ladder, const SceneOptions *options)
{
	const SceneLayout *layout = &options->layout;
	RowContext context = {
		.scene = scene, .ladder = ladder, .options = options, .y = layout->head_rows - 1
	};

	for (guint lane = layout->first_lane; lane < lane_end(layout); lane++)
		add_lane_head(scene, ladder, options, lane);
	add_hidden(scene, options);
	scene_add_lanes_blank(&context);
}

/* SPDX-License-Identifier: MIT */
/* scene_row.c - what stands on a row beside its times.
 *
 * Theory of operation. A row is about two lanes. Its arrow owns what is between them, so calls and
 * states stand outward: those of the left lane to its left, those of the right one to its right,
 * each in the gap or gutter there. Each text comes in levels, longest first, and the first one that
 * fits is taken. A label leaves a cell of the arrow's line at either side, and the head its own
 * cell. Lifelines, bars and crossings of other lanes are seen wherever the label does not need the
 * room. A lane that is out of view is named by its number at the edge of the view.
 */
#include "draw_private.h"
#include "pktladder/text.h"
#include "pktladder/trace.h"

/* Cells that an arrow needs beside its label: line and space, space, line and head. */
#define ARROW_CELLS 5

/* Fewer columns are not worth a piece of a label; and no state fits into fewer. */
#define LABEL_LEAST 5
#define CELL_LEAST  10
/* Between two lanes: calls have a space at either side from here on. */
#define INSIDE_WITH_BLANKS 30

static gboolean
has_call(const LadderRow *row, Side side)
{
	return row->cell[side].entry != EVENT_NONE || row->cell[side].result != EVENT_NONE;
}

static const Span nothing = { 0, 0 };

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

char *
scene_text(char *text, gboolean ascii)
{
	if (!text || !ascii || g_str_is_ascii(text))
		return text;
	char *spelled = g_str_to_ascii(text, "C");
	g_free(text);
	return spelled;
}

static void
put_glyph(const RowContext *context, guint x, Glyph glyph, Role role)
{
	grid_put_glyph(context->grid, context->top + context->y, context->left + x, glyph, role);
}

void
scene_put(const RowContext *context, guint x, char *text, Role role)
{
	g_autofree char *line = text;

	if (context->options->glyphs == GLYPHS_CONSOLE && !g_str_is_ascii(line)) {
		GString *spelled = g_string_new(line); /* its font lacks these */

		g_string_replace(spelled, "…", "~", 0);
		g_string_replace(spelled, "⋮", ":", 0);
		g_free(line);
		line = g_string_free(spelled, FALSE);
	}
	grid_put(context->grid, context->top + context->y, context->left + x,
		 context->grid->columns, line, role);
}

void
scene_lifelines_paint(const RowContext *context, const Span *without)
{
	const SceneLayout *layout = &context->options->layout;

	for (guint lane = layout->first_lane; lane < lane_end(layout); lane++) {
		guint x = scene_lane_x(layout, lane);

		if (!without || !span_has(without, x))
			put_glyph(context, x, rule_glyph(RULE_DOWN, context->options->glyphs),
				  ROLE_LIFELINE);
	}
}

/* A client's bar is left of its lifeline, a server's right; of two lanes, outside. */
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

/* LadderBar of a row on the lanes in view. */
static GArray *
bars_in_view(const RowContext *context, guint32 index)
{
	const SceneLayout *layout = &context->options->layout;

	return ladder_bars(context->ladder, index, context->row, layout->first_lane,
			   lane_end(layout));
}

/* `parts`: only bars that have one of these, and they go through the line; 0: all, as they are. */
static void
add_bars(const RowContext *context, const GArray *bars, guint parts, const Span *without,
	 guint head_x)
{
	for (guint i = 0; i < bars->len; i++) {
		LadderBar bar = g_array_index(bars, LadderBar, i);
		guint x = bar_x(context, bar.lane);

		if (x != G_MAXUINT && x != head_x && !span_has(without, x) &&
		    (!parts || bar.part & parts))
			put_glyph(context, x,
				  bar_glyph(parts ? LADDER_BAR_THROUGH : bar.part,
					    context->options->glyphs),
				  ROLE_BAR);
	}
}

guint
scene_gap_paint(const RowContext *context, guint32 index)
{
	const SceneOptions *options = context->options;
	guint lines = spacing_lines(options->ns_per_line, context->ladder, index);
	g_autofree char *wait =
	    lines > 0 ? spacing_cut_text(options->ns_per_line, context->ladder, index) : NULL;
	guint end = context->y + MIN(lines, options->n_rows - context->y);
	g_autoptr(GArray) bars = lines > 0 ? bars_in_view(context, index) : NULL;
	RowContext line = *context;

	for (; line.y < end; line.y++) {
		scene_lifelines_paint(&line, NULL);
		/* of calls that began above and go on to the row, or through it */
		add_bars(&line, bars, LADDER_BAR_THROUGH | LADDER_BAR_END, &nothing, G_MAXUINT);
		if (wait && line.y == context->y + lines / 2) {
			/* How long the wait was, where lines are missing. */
			guint left = options->layout.lifeline_x[0] + 1,
			      room = options->layout.pitch - 1;
			g_autofree char *text =
			    scene_text(g_strdup_printf(context->ascii ? ": %s" : "⋮ %s", wait),
				       context->ascii);
			char *fit = text_fit(text, room, context->ascii);

			scene_put(&line, left + (room - text_width(fit)) / 2, fit, ROLE_TIME);
		}
	}
	return end;
}

void
scene_running_paint(const RowContext *context, guint32 index)
{
	const SceneOptions *options = context->options;
	guint lines = spacing_passed(options->ns_per_line, context->ladder, options->play);
	RowContext line = *context;

	if (lines == 0 || index + 1 != play_length(options->play, context->ladder))
		return;
	g_autoptr(GArray) bars = bars_in_view(context, index);
	for (line.y++; line.y <= context->y + lines && line.y < options->n_rows; line.y++)
		add_bars(&line, bars, LADDER_BAR_THROUGH | LADDER_BAR_START, &nothing, G_MAXUINT);
}

/* The longest level of the row's label that fits; where none does, the shortest one. */
static char *
label_uncut(const RowContext *context, guint room)
{
	guint32 number = ladder_line_number(context->ladder, context->row);
	g_autofree char *label = g_strdup("");

	for (guint level = 0; level < LADDER_LABEL_LEVELS; level++) {
		g_autofree char *text = ladder_label(context->ladder, context->row, level);

		if (!text)
			break;
		g_free(label);
		label =
		    number == 0 ? g_steal_pointer(&text) : g_strdup_printf("%u. %s", number, text);
		label = scene_text(label, context->ascii);
		if (text_width(label) <= room)
			break;
	}
	return g_steal_pointer(&label);
}

/* The row's label in `room` columns, cut where even the shortest level is too long. */
static char *
label_fit(const RowContext *context, guint room)
{
	g_autofree char *label = label_uncut(context, room);

	return text_fit(label, room, context->ascii);
}

static void
add_mark(const RowContext *context, gboolean right, gboolean outermost, char *text)
{
	const SceneLayout *layout = &context->options->layout;
	Span view = view_span(layout);
	guint width = text_width(text), x;

	/* Beside the line's end, or at the outside. */
	if (right)
		x = outermost ? view.to - MIN(width, view.to) : view.to - layout->edge_width;
	else
		x = outermost ? view.from : view.from + layout->edge_width - width;
	scene_put(context, x, text, ladder_row_role(context->ladder, context->row));
}

/* "7»", "«3": an end is there. */
static char *
mark_text(const RowContext *context, gboolean right, const char *lanes)
{
	gboolean ascii = context->ascii;

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
	const char *head =
	    context->ascii ? (row->to_right ? ">" : "<") : (row->to_right ? "►" : "◄");
	guint room = context->options->layout.gutter_width[right];
	g_autofree char *lanes =
	    row->kind == ROW_CALLS
		? g_strdup_printf("%u", row->lane[!has_call(row, SIDE_CLIENT)] + 1)
		: g_strdup_printf("%u%s%u", low + 1, head, high + 1);
	g_autofree char *mark = mark_text(context, right, lanes), *label = NULL;

	if (text_width(mark) > room) { /* the nearer one */
		mark_lane(context, right ? low : high);
		return;
	}
	room -= MIN(room, text_width(mark) + 2);
	label = label_uncut(context, room);
	if (*label == '\0' || text_width(label) > room)
		add_mark(context, right, TRUE, g_steal_pointer(&mark));
	else
		add_mark(context, right, TRUE,
			 g_strdup_printf("%s %s", right ? label : mark, right ? mark : label));
}

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

/* What the label needs of the arrow's columns, a space at either side included; *text becomes it,
 * NULL where it has no room. */
static Span
label_place(const RowContext *context, const Span *arrow, char **text)
{
	guint width = span_width(arrow), room = width - MIN(width, ARROW_CELLS), label;

	*text = room < LABEL_LEAST ? NULL : label_fit(context, room);
	if (!*text || **text == '\0') {
		g_clear_pointer(text, g_free);
		return nothing;
	}
	label = text_width(*text);
	Span gap = label_gap(&context->options->layout, arrow, label + ARROW_CELLS,
			     context->row->to_right);
	guint from = gap.from + (context->row->to_right ? 1 : 2) +
		     (span_width(&gap) - ARROW_CELLS - label) / 2;
	return (Span){ from, from + label + 2 };
}

/* Returns what the label covers; `head_x`: the head's column. The line's pattern is counted from
 * the head, so that it meets the head alike whatever the arrow's length. */
static Span
add_arrow(const RowContext *context, guint low, guint high, guint *head_x)
{
	const SceneLayout *layout = &context->options->layout;
	Glyphs glyphs = context->options->glyphs;
	Role role = ladder_row_role(context->ladder, context->row);
	const LineGlyphs *glyph = line_glyphs(role, glyphs);
	gboolean to_right = context->row->to_right;
	guint left = scene_lane_x(layout, low), right = scene_lane_x(layout, high);
	gboolean left_out = left == G_MAXUINT, right_out = right == G_MAXUINT;
	Span view = view_span(layout), line, label;
	guint period = glyph->pattern[1] ? 2 : 1;
	char *text;

	line.from = left_out ? view.from + layout->edge_width : left + 1;
	line.to = right_out ? view.to - layout->edge_width : right;
	*head_x = to_right ? line.to - 1 : line.from;
	label = label_place(context, &line, &text);
	scene_lifelines_paint(context, &label);
	for (guint x = line.from; x < line.to; x++) {
		guint behind = to_right ? *head_x - x : x - *head_x;

		if (behind > 0 && !span_has(&label, x))
			put_glyph(context, x, glyph->pattern[(behind - 1) % period], role);
	}
	put_glyph(context, *head_x, head_glyph(to_right, glyphs), role);
	if (text)
		scene_put(context, label.from + 1, text, role);
	for (guint lane = layout->first_lane; lane < lane_end(layout); lane++) {
		guint x = scene_lane_x(layout, lane);

		if (x == (to_right ? left : right))
			put_glyph(context, x, glyph->joint[!to_right], ROLE_LIFELINE);
		else if (span_has(&line, x) && !span_has(&label, x))
			put_glyph(context, x, cross_glyph(role, glyphs), ROLE_LIFELINE);
	}
	if (left_out)
		mark_lane(context, low);
	if (right_out)
		mark_lane(context, high);
	return label;
}

/* The longest level of the call that fits beside `state_width` columns; where none does,
 * NULL, or with `cut` the shortest one in what is left. */
static char *
fitting_call(const RowContext *context, Side side, guint room, guint state_width, gboolean cut)
{
	guint beside = state_width > 0 ? state_width + 1 : 0, width;
	g_autofree char *text = g_strdup("");

	for (guint level = 0; level < LADDER_CELL_LEVELS; level++) {
		char *next = ladder_cell_text(context->ladder, context->row, side, level);

		if (!next)
			break;
		g_free(text);
		text = scene_text(next, context->ascii);
		width = text_width(text);
		if (width == 0 || width + beside <= room)
			return g_steal_pointer(&text);
	}
	return cut ? text_fit(text, room - MIN(room, beside), context->ascii) : NULL;
}

gboolean
scene_call_failed(const Ladder *ladder, const LadderRow *row, Side side)
{
	const Trace *trace = ladder->trace;
	guint32 result = ladder_cell_result(ladder, row, side);

	if (result == EVENT_NONE)
		return FALSE;
	const CallRecord *call = trace_call(trace, trace_event(trace, result));
	return call->result < 0 || (call->name == CALL_EXIT && call->result != 0);
}

/* The row's call and state of that side in `room` columns from `x` on, the state at the end that is
 * nearest to the lifeline. A state is never left out: first the call gets shorter, then the state's
 * name, and at last the call is cut. */
static void
add_cell_in(const RowContext *context, Side side, guint x, guint room, gboolean state_left)
{
	TcpState state = context->options->no_states
			     ? TCP_STATE_UNKNOWN
			     : ladder_state(context->ladder, context->row, side);
	const char *name = ladder_state_text(context->ladder, state, side, FALSE);
	guint width = text_width(name), call_width, gap, state_x;
	char *call = width <= room ? fitting_call(context, side, room, width, FALSE) : NULL;
	gboolean failed = scene_call_failed(context->ladder, context->row, side);

	if (!call) {
		/* where the RFC's name is too long, as ss prints it */
		name = context->ladder->labels.style == LABELS_STEVENS
			   ? ladder_state_text(context->ladder, state, SIDE_CLIENT, TRUE)
		       : state == TCP_STATE_ESTABLISHED  ? "ESTAB"
		       : state == TCP_STATE_SYN_RECEIVED ? "SYN-RECV"
							 : tcp_state_name(state);
		width = text_width(name);
		call = fitting_call(context, side, room, width, TRUE);
	}
	call_width = text_width(call);
	gap = !*call || !*name ? 0 : width + call_width + 2 <= room ? 2 : 1;
	state_x = state_left ? x : x + room - width;
	scene_put(context, state_left ? x + width + gap : state_x - gap - call_width, call,
		  ladder_cell_sets_up(context->ladder, context->row, side) ? ROLE_CALL_SETUP
		  : failed                                                 ? ROLE_CALL_FAILED
									   : ROLE_CALL);
	scene_put(context, state_x, scene_text(g_strdup(name), context->ascii), ROLE_STATE);
}

/* The columns that are free on one side of a lifeline, without a space and the bar. */
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
add_cell_beside(const RowContext *context, Side side)
{
	const SceneLayout *layout = &context->options->layout;
	const LadderRow *row = context->row;
	guint32 lane = row->lane[side];
	gboolean right = lane > row->lane[!side];
	Span beside, other;

	if (scene_lane_x(layout, lane) == G_MAXUINT)
		return;
	beside = beside_lane(layout, lane, right);
	other = beside_lane(layout, lane, !right);
	/* In a narrow view the outermost have nothing outward; inward an arrow may be. */
	if (span_width(&beside) < CELL_LEAST && (layout->reduced || layout->edge_width > 0)) {
		if (row->kind != ROW_CALLS || span_width(&other) < CELL_LEAST)
			return;
		beside = other;
		right = !right;
	}
	add_cell_in(context, side, beside.from, span_width(&beside), right);
}

/* A note stands across all lanes in view; of two lanes between them, where it fits there, or where
 * something stands beside them. */
static void
add_note(const RowContext *context, const GArray *bars)
{
	const SceneLayout *layout = &context->options->layout;
	Span span = view_span(layout),
	     middle = { layout->lifeline_x[0] + 1, layout->lifeline_x[1] };
	gboolean beside = layout->gutter_width[0] == 0 ||
			  context->row->cell[0].bar != LADDER_BAR_NONE ||
			  context->row->cell[1].bar != LADDER_BAR_NONE;

	if (layout->n_lanes <= 2) {
		g_autofree char *note = label_uncut(context, span_width(&middle) - 2);

		if (beside || text_width(note) <= span_width(&middle) - 2)
			span = middle;
	}

	guint room = span_width(&span) - 2;
	char *note = label_fit(context, room);
	guint width = text_width(note), from = span.from + (room - MIN(width, room)) / 2;
	Span covered = { from, from + width + 2 };

	scene_put(context, from + 1, note, ladder_row_role(context->ladder, context->row));
	if (layout->n_lanes <= 2 && span.from == layout->gutter_x[0])
		covered = span; /* no lifeline begins beside its end */
	scene_lifelines_paint(context, &covered);
	add_bars(context, bars, 0, &covered, G_MAXUINT);
}

void
scene_row_paint(const RowContext *context, guint32 index)
{
	const LadderRow *row = context->row;
	const SceneLayout *layout = &context->options->layout;
	guint low = MIN(row->lane[0], row->lane[1]), high = MAX(row->lane[0], row->lane[1]);
	gboolean out = high < layout->first_lane || low >= lane_end(layout);
	g_autoptr(GArray) bars = bars_in_view(context, index);
	guint head_x = G_MAXUINT;
	Span covered = nothing;

	if (row->kind == ROW_NOTE) {
		add_note(context, bars);
		return;
	}
	if (out || row->kind == ROW_CALLS)
		scene_lifelines_paint(context, &covered);
	else
		covered = add_arrow(context, low, high, &head_x);
	if (out)
		mark_row(context, low, high);
	for (Side side = SIDE_CLIENT; !out && row->kind == ROW_CALLS && side <= SIDE_SERVER;
	     side++) {
		if (has_call(row, side) && scene_lane_x(layout, row->lane[side]) == G_MAXUINT)
			mark_lane(context, row->lane[side]); /* its other lane is in view */
	}
	add_bars(context, bars, 0, &covered, head_x);
	if (layout->gutter_width[0] == 0 && row->kind == ROW_CALLS) {
		/* Two lanes without gutters: calls stand between them where no arrow needs the
		 * room. */
		guint left = layout->lifeline_x[0] + 1, middle = layout->pitch - 1, room;
		gboolean both = TRUE;

		for (Side side = SIDE_CLIENT; side <= SIDE_SERVER; side++)
			both &= has_call(row, side) || row->cell[side].state != TCP_STATE_UNKNOWN;
		/* Two of them share the width, and may need all of it. */
		if (!both || middle >= INSIDE_WITH_BLANKS) {
			left++;
			middle -= 2;
		}
		room = both ? (middle - 1) / 2 : middle;
		for (Side side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
			gboolean right = row->lane[side] == 1;

			add_cell_in(context, side, right ? left + middle - room : left, room,
				    !right);
		}
	}
	for (Side side = SIDE_CLIENT; layout->gutter_width[0] > 0 && side <= SIDE_SERVER; side++)
		add_cell_beside(context, side);
}

/* SPDX-License-Identifier: MIT */
#include "sequence.h"

#include "pktladder/svg.h"
#include "pktladder/text.h"
#include "pktladder/sorted.h"

typedef struct {
	guint row;
	guint32 lane;
	int more;
} WaitStep;

SORTED_COMPARE(step_compare, WaitStep, row, lane)

SequenceWaits *
sequence_waits_new(const Figure *figure)
{
	SequenceWaits *waits = g_new0(SequenceWaits, 1);

	waits->steps = g_array_new(FALSE, FALSE, sizeof(WaitStep));
	waits->waiting = g_new0(guint, figure->lanes->len);
	waits->changes = g_array_new(FALSE, FALSE, sizeof(SequenceChange));
	for (guint i = 0; i < figure->bars->len; i++) {
		const FigureBar *bar = figure_bar(figure, i);
		guint end = bar->open ? bar->last + 1 : bar->last;
		WaitStep steps[] = { { bar->first, bar->lane, 1 }, { end, bar->lane, -1 } };

		if (end > bar->first)
			g_array_append_vals(waits->steps, steps, 2);
	}
	g_array_sort(waits->steps, step_compare);
	return waits;
}

void
sequence_waits_free(SequenceWaits *waits)
{
	g_array_unref(waits->steps);
	g_free(waits->waiting);
	g_array_unref(waits->changes);
	g_free(waits);
}

/* Where a call begins as another one ends, the lane goes on waiting. */
void
sequence_waits_step(SequenceWaits *waits, guint row)
{
	g_array_set_size(waits->changes, 0);
	while (waits->next < waits->steps->len) {
		const WaitStep *step = &g_array_index(waits->steps, WaitStep, waits->next);
		SequenceChange change = { .lane = step->lane };
		guint *waiting = &waits->waiting[step->lane], before = *waiting;

		if (step->row > row)
			return;
		for (; waits->next < waits->steps->len && step->row == row &&
		       step->lane == change.lane;
		     waits->next++, step++)
			*waiting += step->more;
		change.begins = *waiting > 0;
		if (change.begins != (before > 0))
			g_array_append_val(waits->changes, change);
	}
}

gboolean
sequence_has_cell(const FigureRow *row, Side side)
{
	return row->cell[side].call || row->cell[side].state;
}

static char *
timed(const char *time, const char *text)
{
	return time ? g_strdup_printf("%s: %s", time, text) : g_strdup(text);
}

char *
sequence_text(const FigureRow *row)
{
	if (row->label && row->number)
		return g_strdup_printf("%u. %s", row->number, row->label);
	return g_strdup(row->label);
}

char *
sequence_label(const FigureRow *row)
{
	g_autofree char *text = sequence_text(row);

	return text ? timed(row->time, text) : NULL;
}

char *
sequence_call(const FigureRow *row, Side side)
{
	const char *call = row->cell[side].call;

	return call ? timed(row->label ? NULL : row->time, call) : NULL;
}

guint
sequence_columns(const Figure *figure, char *(*text)(const FigureRow *row))
{
	guint columns = 0;

	for (guint lane = 0; lane < figure->lanes->len; lane++)
		columns = MAX(columns, text_width(g_ptr_array_index(figure->lanes, lane)));
	for (guint i = 0; i < figure->rows->len; i++) {
		g_autofree char *label = text(figure_row(figure, i));

		columns = MAX(columns, label ? text_width(label) : 0);
	}
	return columns;
}

const char *
sequence_colour(const FigureOptions *options, Role role)
{
	char letter = svg_ink_of_role(role);

	if (options->palette == FIGURE_PALETTE_BW || letter == 't' || letter == 'a')
		return NULL;
	return svg_ink(letter, SVG_LIGHT) + 1;
}

gboolean
sequence_is_problem(Role role)
{
	return role == ROLE_PROBLEM || role == ROLE_RST || role == ROLE_ICMP || role == ROLE_DROPS;
}

static void
number_append(GString *out, double number)
{
	char text[G_ASCII_DTOSTR_BUF_SIZE];

	g_string_append(out, g_ascii_formatd(text, sizeof text, "%.2f", number));
}

static void
lane_append(const Sequence *at, guint32 lane)
{
	if (at->distance > 0)
		number_append(at->out, lane * at->distance);
	else
		g_string_append_printf(at->out, "%u", lane);
}

static void
fill(const Sequence *at, const char *template)
{
	const SequenceSyntax *syntax = at->syntax;
	SequenceLine line;

	for (const char *p = template; p && *p; p++) {
		if (*p != '%') {
			g_string_append_c(at->out, *p);
			continue;
		}
		switch (*++p) {
		case 't':
			g_string_append(at->out, at->text);
			break;
		case 'l':
			lane_append(at, at->lane);
			break;
		case 'f':
		case 'g':
			lane_append(at, *p == 'f' ? at->row->from : at->row->to);
			break;
		case 'n':
			lane_append(at, at->figure->lanes->len - 1);
			break;
		case 's':
			g_string_append(at->out, syntax->sides[at->left]);
			break;
		case 'o':
			g_string_append(at->out, syntax->outside[at->lane == 0]);
			break;
		case 'k':
			line = at->role == ROLE_ACK
				   ? LINE_DASHED /* nothing but an acknowledgement */
			       : sequence_is_problem(at->role) ? LINE_PROBLEM
			       : at->role == ROLE_FOLD         ? LINE_FOLD
							       : LINE_PLAIN;
			fill(at, syntax->lines[at->colour && syntax->lines[1][0]][line]);
			break;
		case 'c':
			fill(at, at->colour ? at->colour_template : NULL);
			break;
		case 'h':
			for (const char *digit = at->colour; *digit; digit++)
				g_string_append_c(at->out, g_ascii_toupper(*digit));
			break;
		case 'r':
			g_string_append_printf(at->out, "%u", at->role);
			break;
		case 'x':
		case 'y':
			number_append(at->out, *p == 'x' ? at->time_x : at->y);
			break;
		case 'p': /* before the next lane, so that no lifeline runs through it */
			number_append(at->out,
				      0.5 / MAX(ABS((double)at->row->to - at->row->from), 1));
			break;
		default:
			g_string_append_c(at->out, *p);
		}
	}
}

void
sequence_put(Sequence *at, const char *template, const char *text)
{
	g_autoptr(GString) escaped = g_string_new(NULL);

	if (!text)
		return;
	at->syntax->escape(escaped, text);
	at->text = escaped->str;
	fill(at, template);
}

void
sequence_lanes(Sequence *at)
{
	for (at->lane = 0; at->lane < at->figure->lanes->len; at->lane++)
		sequence_put(at, at->syntax->lane, g_ptr_array_index(at->figure->lanes, at->lane));
}

/* Goes on to the next part of the row's statement. */
static void
statement_go_on(Sequence *at)
{
	fill(at, at->syntax->statement[at->begun]);
	at->begun = TRUE;
}

static void
message_put(Sequence *at)
{
	const SequenceSyntax *syntax = at->syntax;
	const FigureRow *row = at->row;
	gboolean problem = sequence_is_problem(row->role);
	g_autofree char *text = syntax->time ? sequence_text(row) : sequence_label(row);

	if (!text) {
		fill(at, syntax->silent);
		return;
	}
	statement_go_on(at);
	at->role = row->role;
	at->colour = sequence_colour(at->options, row->role);
	at->colour_template = syntax->colour;
	fill(at, problem ? syntax->problem[0] : NULL);
	sequence_put(at,
		     figure_row_is_arrow(row)   ? syntax->arrow
		     : problem && syntax->wrong ? syntax->wrong
						: syntax->note,
		     text);
	fill(at, problem ? syntax->problem[1] : NULL);
}

/* Writes a side's cell, a call and the state that begins with it, where it is one of those that the
 * step writes. */
static void
side_put(Sequence *at, Side side, SequenceStep step)
{
	const SequenceSyntax *syntax = at->syntax;
	const FigureRow *row = at->row;
	const FigureCell *cell = &row->cell[side];
	guint32 lane = row->lane[side];
	gboolean cause = row->label && lane == row->from && row->row.cell[side].entry != EVENT_NONE;
	gboolean outer = lane == 0 || lane == at->figure->lanes->len - 1;

	if (!sequence_has_cell(row, side) ||
	    !(step == STEP_CELLS || step == (cause ? STEP_CAUSES : STEP_EFFECTS) ||
	      step == (outer ? STEP_OUTER : STEP_INNER)))
		return;
	g_autofree char *given = syntax->time ? g_strdup(cell->call) : sequence_call(row, side);
	g_autoptr(GString) call = g_string_new(NULL), state = g_string_new(NULL);
	at->lane = lane;
	at->left = figure_row_is_left(row, side);
	gboolean state_first = syntax->state_inside && !at->left;
	if (step != STEP_INNER)
		statement_go_on(at);
	if (given)
		syntax->escape(call, given);
	if (cell->state) {
		g_string_append(state, syntax->state[0] ? syntax->state[0] : "");
		syntax->escape(state, cell->state);
		g_string_append(state, syntax->state[1] ? syntax->state[1] : "");
	}
	if (given && cell->state)
		g_string_insert(state_first ? call : state, 0, syntax->between);
	g_string_append(state_first ? state : call, state_first ? call->str : state->str);
	at->role = ROLE_CALL_FAILED;
	at->colour = cell->failed ? sequence_colour(at->options, ROLE_CALL_FAILED) : NULL;
	at->colour_template = syntax->failed;
	at->text = (state_first ? state : call)->str;
	fill(at, step == STEP_INNER ? syntax->inner : syntax->cell);
}

void
sequence_row(Sequence *at, guint index)
{
	at->row = figure_row(at->figure, index);
	at->begun = FALSE;
	if (at->waits)
		sequence_waits_step(at->waits, index);
	for (const SequenceStep *step = at->syntax->steps; *step != STEP_END; step++) {
		if (*step == STEP_TIME)
			sequence_put(at, at->syntax->time, at->row->time);
		else if (*step == STEP_MESSAGE)
			message_put(at);
		for (guint i = 0; *step >= STEP_BARS && i < at->waits->changes->len; i++) {
			const SequenceChange *change =
			    &g_array_index(at->waits->changes, SequenceChange, i);

			at->lane = change->lane;
			if (*step == STEP_BARS || change->begins == (*step == STEP_BEGUN))
				fill(at, at->syntax->bar[change->begins]);
		}
		side_put(at, SIDE_CLIENT, *step);
		side_put(at, SIDE_SERVER, *step);
	}
	fill(at, at->begun ? at->syntax->statement[2] : NULL);
}

void
sequence_rows(Sequence *at)
{
	for (guint i = 0; i < at->figure->rows->len; i++)
		sequence_row(at, i);
}

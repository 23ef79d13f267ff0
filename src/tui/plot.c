/* SPDX-License-Identifier: MIT */
/* plot.c - the plots of a conversation: which one, of what time, and the cursor that it shares with
 * the ladder.
 *
 * Theory of operation. The cursor is a packet of the conversation. Where it moves here, the row on
 * which the packet stands becomes the selected one; where the selected row is another one than the
 * cursor's, somebody has moved on the ladder, and the cursor goes there, or to the packet before
 * where that row is no packet of this conversation. So folds, which hide packets, and filters,
 * which leave rows out, need no rules of their own. The time that is shown moves only where the
 * cursor would leave it.
 */
#include "tui_private.h"

#include "pktladder/plot_screen.h"
#include "pktladder/timestamp.h"
#include "pktladder/trace.h"

#define PLOT_NARROWEST_NS 1000
#define PAGE_PARTS        8 /* a page is so much of the time shown */

static void
time_shown(const TuiState *state, const TuiModel *model, gint64 *from_ns, gint64 *to_ns)
{
	*from_ns = state->plot_from_ns;
	*to_ns = state->plot_to_ns;
	if (*from_ns == *to_ns)
		plot_whole(model->plot, from_ns, to_ns);
}

/* Shows half of the time for a step in, twice as much for a step out, `at_ns` staying where it is;
 * all of it where it is that much. */
static void
time_zoom(TuiState *state, const TuiModel *model, gint64 at_ns, int steps)
{
	gint64 from, to, all_from, all_to, width;

	time_shown(state, model, &from, &to);
	plot_whole(model->plot, &all_from, &all_to);
	width = steps > 0 ? (to - from) / 2 : timestamp_plus(to - from, to - from);
	width = MAX(width, PLOT_NARROWEST_NS);
	if (width >= all_to - all_from) {
		state->plot_from_ns = state->plot_to_ns = 0;
		return;
	}

	gdouble share = at_ns < from || at_ns >= to ? 0.5 : (gdouble)(at_ns - from) / (to - from);

	from = CLAMP(at_ns - (gint64)(share * width), all_from, all_to - width);
	state->plot_from_ns = from;
	state->plot_to_ns = from + width;
}

static gint64
cursor_time(const TuiState *state, const TuiModel *model)
{
	const Event *event = trace_event(model->ladder->trace, state->plot_cursor);

	return plot_time(model->plot, event->time_ns);
}

static gboolean
plot_has_packets(const TuiModel *model)
{
	return model->plot && model->plot->packets > 0;
}

gboolean
tui_plot_is_ready(const TuiState *state, const TuiModel *model)
{
	return plot_has_packets(model) && state->plot_cursor != EVENT_NONE;
}

/* The ladder goes along. */
static void
cursor_move(TuiState *state, const TuiModel *model, guint32 event)
{
	if (event == EVENT_NONE)
		return;
	state->plot_cursor = event;
	if (ladder_length(model->ladder) == 0)
		return;
	state->selected = tui_row_near(model->ladder, event);
	state->follow = FALSE;
}

void
tui_plot_settle(TuiState *state, const TuiModel *model)
{
	guint32 shown = state->selection.conversation;

	if (!state->plot)
		return;
	if (shown != CONVERSATION_NONE && shown != state->plot_conversation)
		tui_plot_open(state, model, shown); /* the ladder has gone to another one */
	if (!plot_has_packets(model) || model->plot->conversation != state->plot_conversation)
		return;
	if (state->selected < ladder_length(model->ladder) && /* without a row it stays */
	    (state->plot_cursor == EVENT_NONE ||
	     tui_row_near(model->ladder, state->plot_cursor) != state->selected))
		state->plot_cursor =
		    plot_near(model->plot, ladder_row(model->ladder, state->selected).event);

	/* Moves what is shown so far that the cursor is in it. */
	gint64 width = state->plot_to_ns - state->plot_from_ns, at, room = width / 16;

	if (width == 0 || state->plot_seen == state->plot_cursor ||
	    state->plot_cursor == EVENT_NONE)
		return;
	state->plot_seen = state->plot_cursor;
	at = cursor_time(state, model);
	if (at < state->plot_from_ns + room)
		state->plot_from_ns = at - width / 4;
	else if (at > state->plot_to_ns - room)
		state->plot_from_ns = at - width / 4 * 3;
	state->plot_to_ns = state->plot_from_ns + width;
}

void
tui_plot_open(TuiState *state, const TuiModel *model, guint32 conversation)
{
	const FlowTable *flows = trace_flows(model->ladder->trace);
	const Conversation *of = flow_table_get(flows, conversation);

	state->plot = TRUE;
	if (conversation == state->plot_conversation)
		return;
	state->plot_conversation = conversation;
	/* The side that has more to show. */
	state->plot_side =
	    of->bytes[SIDE_SERVER] > of->bytes[SIDE_CLIENT] ? SIDE_SERVER : SIDE_CLIENT;
	state->plot_from_ns = state->plot_to_ns = 0;
	state->plot_cursor = state->plot_seen = EVENT_NONE;
	if (of->transport != TRANSPORT_TCP)
		state->plot_kind = PLOT_THROUGHPUT;
}

TUI_COMMAND(tui_plot_toggle, unused)
{
	guint32 conversation = state->selection.conversation;

	if (state->plot) {
		state->plot = FALSE;
		return;
	}
	if (state->selected < ladder_length(model->ladder)) {
		LadderRow row = ladder_row(model->ladder, state->selected);
		const Event *event = trace_event(model->ladder->trace, row.event);

		if (event->kind != EVENT_DROPS && event->kind != EVENT_NOTE &&
		    event->conversation != CONVERSATION_NONE)
			conversation = event->conversation;
	}
	if (conversation == CONVERSATION_NONE && model->n_conversations == 1)
		conversation = 0;
	if (conversation >= model->n_conversations) {
		tui_tell(state, _("This row belongs to no conversation: select a segment or "
				  "datagram to see its plots."));
		return;
	}
	tui_plot_open(state, model, conversation);
}

gboolean
tui_plot_escape(TuiState *state)
{
	gboolean open = state->plot;

	state->plot = FALSE;
	return open;
}

TUI_COMMAND(tui_plot_step, by)
{
	guint32 event = plot_step(model->plot, state->plot_cursor, by);

	cursor_move(state, model, event);
	if (event == EVENT_NONE && by > 0 && model->live)
		state->follow = TRUE;
}

TUI_COMMAND(tui_plot_end, by)
{
	cursor_move(state, model, plot_near(model->plot, by > 0 ? EVENT_NONE : 0));
	state->follow = by > 0 && model->live;
}

/* A packet at least. */
TUI_COMMAND(tui_plot_page, by)
{
	gint64 from, to, at = cursor_time(state, model);

	time_shown(state, model, &from, &to);
	guint32 event = plot_at(model->plot, at + by * (to - from) / PAGE_PARTS);
	if (event == state->plot_cursor || (by > 0) != (event > state->plot_cursor))
		event = plot_step(model->plot, state->plot_cursor, by);
	cursor_move(state, model, event);
}

TUI_COMMAND(tui_plot_zoom, by)
{
	if (by == 0)
		state->plot_from_ns = state->plot_to_ns = 0;
	else
		time_zoom(state, model, cursor_time(state, model), by);
}

TUI_COMMAND(tui_plot_kind, kind)
{
	state->plot_kind = kind;
}

TUI_COMMAND(tui_plot_kind_step, by)
{
	state->plot_kind = (state->plot_kind + N_PLOT_KINDS + by) % N_PLOT_KINDS;
}

TUI_COMMAND(tui_plot_turn, unused)
{
	state->plot_side = !state->plot_side;
}

/* Where the ladder stands beside the plot, Enter looks into the row; else it closes the plot. */
TUI_COMMAND(tui_plot_enter, unused)
{
	TuiLayout layout = tui_layout(state, model);

	if (layout.ladder.rows == 0)
		state->plot = FALSE;
	else
		state->detail = !state->detail;
	state->detail_auto = FALSE;
}

/* The time that the mouse points at. */
static gint64
pointer_time(const TuiState *state, const TuiModel *model, const TuiInput *input)
{
	TuiRect rect = tui_layout(state, model).plot;
	PlotScreenLayout layout =
	    plot_screen_layout(rect.y, rect.x, rect.rows, rect.columns, state->glyphs);
	PlotScreenOptions options = { .glyphs = state->glyphs };

	time_shown(state, model, &options.from_ns, &options.to_ns);
	return layout.too_small ? 0 : plot_screen_time(&layout, &options, input->x);
}

TUI_COMMAND(tui_plot_click, unused)
{
	cursor_move(state, model, plot_at(model->plot, pointer_time(state, model, input)));
}

TUI_COMMAND(tui_plot_wheel, by)
{
	time_zoom(state, model, pointer_time(state, model, input), by);
}

void
tui_plot_paint(const TuiState *state, const TuiModel *model, const TuiLayout *layout, Grid *grid)
{
	const TuiRect *rect = &layout->plot;
	PlotScreenOptions options = {
		.kind = state->plot_kind,
		.side = state->plot_side,
		.glyphs = state->glyphs,
		.cursor = state->plot_cursor,
		.progress = model->plot_progress,
	};

	if (layout->ladder.rows > 0)
		grid_rule(grid, rect->y, rect->x - TUI_SEPARATOR + 1, rect->rows, RULE_DOWN,
			  state->glyphs);
	if (!model->plot || model->plot->conversation != state->plot_conversation) {
		grid_put(grid, rect->y + rect->rows / 2, rect->x, rect->columns,
			 _("Reading the conversation's packets..."), ROLE_NOTE);
		return;
	}
	time_shown(state, model, &options.from_ns, &options.to_ns);
	plot_screen_paint(model->plot, model->plot_fine, &options, rect->y, rect->x, rect->rows,
			  rect->columns, grid);
}

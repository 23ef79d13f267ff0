/* tui_plot.c - the plots of a conversation: which one, of what time, and the
 * cursor that it shares with the ladder.
 *
 * Theory of operation. The cursor is a packet of the conversation. Where it
 * moves here, the row on which the packet stands becomes the selected one; where
 * the selected row is another one than the cursor's, somebody has moved on the
 * ladder, and the cursor goes there, or to the packet before where that row is
 * no packet of this conversation. So folds, which hide packets, and filters,
 * which leave rows out, need no rules of their own. The time that is shown moves
 * only where the cursor would leave it.
 */
#include "tui_commands.h"

#include "pktladder/i18n.h"
#include "pktladder/plot_screen.h"
#include "pktladder/timestamp.h"

#define PLOT_NARROWEST_NS 1000
#define PAGE_PARTS	  8 /* a page is so much of the time shown */

/* A TuiCommand; hardly any needs all that it gets. */
#define COMMAND(name)                                                                              \
	static TuiAction name(TuiState *state, const TuiModel *model G_GNUC_UNUSED,                \
			      const TuiInput *input G_GNUC_UNUSED, int argument G_GNUC_UNUSED)

/* The time that is shown. */

static void
time_shown(const TuiState *state, const TuiModel *model, gint64 *from_ns, gint64 *to_ns)
{
	*from_ns = state->plot_from_ns;
	*to_ns = state->plot_to_ns;
	if (*from_ns == *to_ns)
		plot_whole(model->plot, from_ns, to_ns);
}

/* Shows so much of the time, `at_ns` staying where it is; all of it where it is that much. */
static void
time_zoom(TuiState *state, const TuiModel *model, gint64 at_ns, gint64 width)
{
	gint64 from, to, all_from, all_to;
	gdouble share;

	time_shown(state, model, &from, &to);
	plot_whole(model->plot, &all_from, &all_to);
	width = MAX(width, PLOT_NARROWEST_NS);
	if (width >= all_to - all_from) {
		state->plot_from_ns = state->plot_to_ns = 0;
		return;
	}
	share = at_ns < from || at_ns >= to ? 0.5 : (gdouble)(at_ns - from) / (to - from);
	from = CLAMP(at_ns - (gint64)(share * width), all_from, all_to - width);
	state->plot_from_ns = from;
	state->plot_to_ns = from + width;
}

static gint64
cursor_time(const TuiState *state, const TuiModel *model)
{
	const Event *event = trace_event(ladder_trace(model->ladder), state->plot_cursor);

	return plot_time(model->plot, event->time_ns);
}

/* Half of the time for one step in, twice as much for one step out. */
static gint64
zoomed(gint64 width, int steps)
{
	return steps > 0 ? width / 2 : timestamp_plus(width, width);
}

/* The cursor. */

static gboolean
plot_is_ready(const TuiModel *model)
{
	return model->plot && model->plot->packets > 0;
}

static void
cursor_settle(TuiState *state, const TuiModel *model)
{
	if (state->selected >= ladder_length(model->ladder))
		return; /* no row: it stays */
	if (state->plot_cursor != EVENT_NONE &&
	    tui_row_near(model->ladder, state->plot_cursor) == state->selected)
		return;
	state->plot_cursor =
	    plot_near(model->plot, ladder_row(model->ladder, state->selected).event);
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
	if (!plot_is_ready(model) || model->plot->conversation != state->plot_conversation)
		return;
	cursor_settle(state, model);

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

/* Keys. */

void
tui_plot_open(TuiState *state, const TuiModel *model, guint32 conversation)
{
	const FlowTable *flows = trace_flows(ladder_trace(model->ladder));
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

TuiAction
tui_plot_toggle(TuiState *state, const TuiModel *model, const TuiInput *input G_GNUC_UNUSED,
		int argument G_GNUC_UNUSED)
{
	guint32 conversation = state->selection.conversation;

	if (state->plot) {
		state->plot = FALSE;
		return TUI_NOTHING;
	}
	if (state->selected < ladder_length(model->ladder)) {
		LadderRow row = ladder_row(model->ladder, state->selected);
		const Event *event = trace_event(ladder_trace(model->ladder), row.event);

		if (event->kind != EVENT_DROPS && event->kind != EVENT_NOTE &&
		    event->conversation != CONVERSATION_NONE)
			conversation = event->conversation;
	}
	if (conversation == CONVERSATION_NONE && model->n_conversations == 1)
		conversation = 0;
	if (conversation >= model->n_conversations) {
		tui_tell(state, g_strdup(_("This row belongs to no conversation: select a segment or "
					   "datagram to see its plots.")));
		return TUI_NOTHING;
	}
	tui_plot_open(state, model, conversation);
	return TUI_NOTHING;
}

gboolean
tui_plot_escape(TuiState *state)
{
	gboolean open = state->plot;

	state->plot = FALSE;
	return open;
}

COMMAND(packet_step)
{
	guint32 event = plot_step(model->plot, state->plot_cursor, argument);

	cursor_move(state, model, event);
	if (event == EVENT_NONE && argument > 0 && model->live)
		state->follow = TRUE;
	return TUI_NOTHING;
}

COMMAND(packet_end)
{
	cursor_move(state, model, plot_near(model->plot, argument > 0 ? EVENT_NONE : 0));
	state->follow = argument > 0 && model->live;
	return TUI_NOTHING;
}

/* A packet at least. */
COMMAND(packet_page)
{
	gint64 from, to, at = cursor_time(state, model);
	guint32 event;

	time_shown(state, model, &from, &to);
	event = plot_at(model->plot, at + argument * (to - from) / PAGE_PARTS);
	if (event == state->plot_cursor || (argument > 0) != (event > state->plot_cursor))
		event = plot_step(model->plot, state->plot_cursor, argument);
	cursor_move(state, model, event);
	return TUI_NOTHING;
}

COMMAND(zoom)
{
	gint64 from, to;

	time_shown(state, model, &from, &to);
	if (argument == 0)
		state->plot_from_ns = state->plot_to_ns = 0;
	else
		time_zoom(state, model, cursor_time(state, model),
			  zoomed(to - from, argument));
	return TUI_NOTHING;
}

COMMAND(kind_set)
{
	state->plot_kind = argument;
	return TUI_NOTHING;
}

COMMAND(kind_step)
{
	state->plot_kind = (state->plot_kind + N_PLOT_KINDS + argument) % N_PLOT_KINDS;
	return TUI_NOTHING;
}

COMMAND(side_switch)
{
	state->plot_side = !state->plot_side;
	return TUI_NOTHING;
}

/* With the ladder beside it there is a row to look into. */
COMMAND(enter)
{
	TuiLayout layout = tui_layout(state, model);

	if (layout.ladder.rows == 0)
		state->plot = FALSE;
	else
		state->detail = !state->detail;
	state->detail_auto = FALSE;
	return TUI_NOTHING;
}

static gint64
pointer_time(const TuiState *state, const TuiModel *model, const TuiRect *rect, guint x)
{
	PlotScreenLayout layout =
	    plot_screen_layout(rect->y, rect->x, rect->rows, rect->columns, state->glyphs);
	PlotScreenOptions options = { .glyphs = state->glyphs };

	time_shown(state, model, &options.from_ns, &options.to_ns);
	return layout.too_small ? 0 : plot_screen_time(&layout, &options, x);
}

COMMAND(click)
{
	TuiLayout layout = tui_layout(state, model);

	cursor_move(state, model,
		    plot_at(model->plot, pointer_time(state, model, &layout.plot, input->x)));
	return TUI_NOTHING;
}

COMMAND(wheel)
{
	TuiLayout layout = tui_layout(state, model);
	gint64 from, to;

	time_shown(state, model, &from, &to);
	time_zoom(state, model, pointer_time(state, model, &layout.plot, input->x),
		  zoomed(to - from, argument));
	return TUI_NOTHING;
}

/* When a key is the plot's: `when` of a binding. */
typedef enum {
	PLOT_ALWAYS,
	PLOT_READY,   /* there are packets */
	PLOT_ALONE,   /* the same, and no ladder beside it */
	PLOT_POINTED, /* the same as ready, and the mouse is on it */
} PlotWhen;

static const TuiBinding bindings[] = {
	{ TUI_KEY_CHARACTER, '1', kind_set, PLOT_SEQUENCE, PLOT_ALWAYS },
	{ TUI_KEY_CHARACTER, '2', kind_set, PLOT_RTT, PLOT_ALWAYS },
	{ TUI_KEY_CHARACTER, '3', kind_set, PLOT_THROUGHPUT, PLOT_ALWAYS },
	{ TUI_KEY_CHARACTER, '4', kind_set, PLOT_FLIGHT, PLOT_ALWAYS },
	{ TUI_KEY_TAB, 0, kind_step, 1, PLOT_ALWAYS },
	{ TUI_KEY_BACKTAB, 0, kind_step, -1, PLOT_ALWAYS },
	{ TUI_KEY_CHARACTER, 'R', side_switch, 0, PLOT_ALWAYS },
	{ TUI_KEY_ENTER, 0, enter, 0, PLOT_ALWAYS },
	{ TUI_KEY_LEFT, 0, packet_step, -1, PLOT_READY },
	{ TUI_KEY_RIGHT, 0, packet_step, 1, PLOT_READY },
	{ TUI_KEY_CHARACTER, '+', zoom, 1, PLOT_READY },
	{ TUI_KEY_CHARACTER, '=', zoom, 1, PLOT_READY },
	{ TUI_KEY_CHARACTER, '-', zoom, -1, PLOT_READY },
	{ TUI_KEY_CHARACTER, '0', zoom, 0, PLOT_READY },
	{ TUI_KEY_UP, 0, packet_step, -1, PLOT_ALONE },
	{ TUI_KEY_DOWN, 0, packet_step, 1, PLOT_ALONE },
	{ TUI_KEY_CHARACTER, 'k', packet_step, -1, PLOT_ALONE },
	{ TUI_KEY_CHARACTER, 'j', packet_step, 1, PLOT_ALONE },
	{ TUI_KEY_PAGE_UP, 0, packet_page, -1, PLOT_ALONE },
	{ TUI_KEY_PAGE_DOWN, 0, packet_page, 1, PLOT_ALONE },
	{ TUI_KEY_HOME, 0, packet_end, -1, PLOT_ALONE },
	{ TUI_KEY_END, 0, packet_end, 1, PLOT_ALONE },
	{ TUI_KEY_CHARACTER, 'g', packet_end, -1, PLOT_ALONE },
	{ TUI_KEY_CHARACTER, 'G', packet_end, 1, PLOT_ALONE },
	{ TUI_KEY_CLICK, 0, click, 0, PLOT_POINTED },
	{ TUI_KEY_WHEEL_UP, 0, wheel, 1, PLOT_POINTED },
	{ TUI_KEY_WHEEL_DOWN, 0, wheel, -1, PLOT_POINTED },
};

static gboolean
is_here(PlotWhen when, const TuiLayout *layout, const TuiInput *input)
{
	if (when == PLOT_ALONE)
		return layout->ladder.rows == 0;
	return when != PLOT_POINTED || tui_rect_has(&layout->plot, input->y, input->x);
}

/* The key's, whether there are packets or not; NULL: it is none of the plots'. */
static const TuiBinding *
binding_find(const TuiState *state, const TuiModel *model, const TuiInput *input)
{
	TuiLayout layout = tui_layout(state, model);

	for (guint i = 0; i < G_N_ELEMENTS(bindings); i++) {
		if (tui_binding_has(&bindings[i], input) && is_here(bindings[i].when, &layout, input))
			return &bindings[i];
	}
	return NULL;
}

gboolean
tui_plot_key(TuiState *state, const TuiModel *model, const TuiInput *input, TuiAction *action)
{
	const TuiBinding *binding = binding_find(state, model, input);

	if (!binding)
		return FALSE;
	if (binding->when != PLOT_ALWAYS &&
	    (!plot_is_ready(model) || state->plot_cursor == EVENT_NONE))
		return FALSE;
	*action = binding->run(state, model, input, binding->argument);
	return TRUE;
}

gboolean
tui_plot_needs(const TuiState *state, const TuiModel *model, const TuiInput *input, guint *needs)
{
	const TuiBinding *binding = binding_find(state, model, input);

	*needs = TUI_WORK_ROWS;
	if (binding && binding->when != PLOT_ALWAYS)
		*needs |= TUI_WORK_PLOT;
	return binding != NULL;
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

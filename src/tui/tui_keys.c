/* tui_keys.c - the table of keys, and what they do apart from moving about. */
#include "tui_ask.h"
#include "tui_commands.h"

#include "pktladder/i18n.h"

const TuiKeyHelp tui_keys[] = {
	{ N_("Space"), "Space", N_("next call"),
	  N_("While stepping: let the next socket call go. Otherwise: pause."), TUI_STEPPING },
	{ "r", "r", N_("run on"), N_("Stop stepping: every call runs on by itself."),
	  TUI_STEPPING },
	{ "q", "q", N_("quit"), N_("Quit. Where a page, the list or a plot is open, close that."), TUI_ALWAYS },
	{ "?", "?", N_("help"), N_("This page."), TUI_ALWAYS },
	{ "l", "l", N_("list"),
	  N_("The list of conversations: sort, filter, mark, and open them. Again: back."),
	  TUI_SEVERAL },
	{ "↑↓ j k", N_("Up/Down j k"), N_("move"),
	  N_("Select the row above or below. With the mouse: the wheel scrolls, a click selects."),
	  TUI_ALWAYS },
	{ "←→ H L", N_("Left/Right H L"), N_("lanes"),
	  N_("Scroll the lanes of several endpoints to the left or right: by one, with H and L by "
	     "as many as are in view. Selecting a row brings its lanes into view."),
	  TUI_LANES },
	{ N_("Enter"), "Enter", N_("detail"),
	  N_("Open or close the detail pane: the selected row's headers, bytes and calls."),
	  TUI_ON_LADDER },
	{ N_("End G"), "End G", N_("newest"), N_("Go to the newest row, and follow what comes."),
	  TUI_ON_LADDER },
	{ "p", "p", N_("pause"),
	  N_("Pause and go on. Nothing is lost: what comes meanwhile waits."), TUI_NOT_STEPPING },
	{ "c C", "c C", N_("conversation"),
	  N_("Show one conversation: the next, the one before; after the last, all of them."),
	  TUI_ON_LADDER },
	{ "f", "f", N_("filter"),
	  N_("Show only what passes a filter: \"retransmission and port 443\". Tab shows the words; "
	     "no words show everything."),
	  TUI_ON_LADDER },
	{ "/ n N", "/ n N", N_("search"),
	  N_("Search labels, calls and payload for a text; the next place, the one before."),
	  TUI_ON_LADDER },
	{ "e E", "e E", N_("problem"),
	  N_("Go to the next problem, or the one before: a retransmission, a reset, a zero window, "
	     "a call that failed."),
	  TUI_ON_LADDER },
	{ "v", "v", N_("plots"),
	  N_("Plots of the selected row's conversation: time-sequence graph, RTT, throughput, bytes "
	     "in flight. Again: back to the ladder."),
	  TUI_ON_LADDER },
	{ ":", ":", N_("go to"),
	  N_("Go to a frame (\"123\"), a time since the start (\"1.5\"), or on by some seconds "
	     "(\"+0.2\")."),
	  TUI_ON_LADDER },
	{ "s", "s", N_("save"),
	  N_("Save what is shown into a file (pcapng), socket calls included: all, a conversation, "
	     "the marked ones, or what passes the filter."),
	  TUI_ON_LADDER },
	{ "w", "w", N_("figure"),
	  N_("Write the ladder as a figure: the name says the format (handshake.svg, .pdf, .png, "
	     ".txt); Tab shows them."),
	  TUI_ON_LADDER },
	{ "S", "S", N_("picture"),
	  N_("A picture of the screen as it is, into a file: SVG, PNG, text, or text with colours "
	     "(ANSI); the name's suffix says which."),
	  TUI_ALWAYS },
	{ "P", "P", N_("play"),
	  N_("Play the rows like a film, from the selected one on (from the last one: from the "
	     "first), each at its packet's time. Again: all rows are there."),
	  TUI_ON_LADDER },
	{ N_("Space"), "Space", N_("pause"),
	  N_("While a film is played: pause it, and go on; at its end: play it again. A saved "
	     "capture that is not being played: play it, as P does."),
	  TUI_PLAYING },
	{ ".,", ".,", N_("step"),
	  N_("While a film is played: on to the next row, without waiting for it; back by a row."),
	  TUI_PLAYING },
	{ "+-", "+-", N_("speed"), N_("Play the film faster or slower."), TUI_PLAYING },
	{ "u", "u", N_("even"),
	  N_("Play the film evenly, a row each half second (+ and - change that), or at the "
	     "recorded times again."),
	  TUI_PLAYING },
	{ "0-9", "0-9", N_("jump"),
	  N_("While a film is played: go to that tenth of its time. So do a click on its bar, Home, "
	     "End, and the key : with a frame or a time."),
	  TUI_PLAYING },
	{ "T [ ]", "T [ ]", N_("spacing"),
	  N_("T: blank lines between the rows in proportion to the time between them, or none; [ "
	     "and ]: less or more time a line."),
	  TUI_ON_LADDER },
	{ "t", "t", N_("time"),
	  N_("The time column: seconds since the start, clock time in UTC, local clock time."),
	  TUI_ON_LADDER },
	{ "d m", "d m", N_("delta"),
	  N_("The delta column: d changes between since the row above, since the marked row, and "
	     "off; m marks the selected row, or no longer."),
	  TUI_ON_LADDER },
	{ "o", "o", N_("output"), N_("What the programs have printed."), TUI_ON_LADDER },
	{ "h", "h", N_("calls"), N_("Hide the socket calls, or show them again."), TUI_ON_LADDER },
	{ "z", "z", N_("fold"),
	  N_("Fold runs of data and ACKs into one row each, or unfold them. What is a problem, or "
	     "has a call beside it, stays a row of its own."),
	  TUI_ON_LADDER },
	{ "x", "x", N_("open fold"),
	  N_("Open the selected fold alone into its rows; on one of them: close it again."),
	  TUI_ON_LADDER },
	{ N_("Home g"), "Home g", NULL, N_("Go to the first row."), TUI_ALWAYS },
	{ N_("PgUp b Ctrl-B"), "PgUp b Ctrl-B", NULL, N_("A page up."), TUI_ALWAYS },
	{ N_("PgDn Ctrl-F"), "PgDn Ctrl-F", NULL, N_("A page down."), TUI_ALWAYS },
	{ "Ctrl-U Ctrl-D", "Ctrl-U Ctrl-D", NULL, N_("Half a page up or down."), TUI_ALWAYS },
	{ "Tab", "Tab", NULL, N_("Let the keys above scroll the detail pane, or the ladder again."),
	  TUI_ALWAYS },
	{ "Esc", "Esc", NULL, N_("Close what is open: page, list, plot, notice, detail pane, film. Or stop a search."), TUI_ALWAYS },
	{ "Ctrl-L", "Ctrl-L", NULL, N_("Paint the screen anew."), TUI_ALWAYS },
	{ "Ctrl-Z", "Ctrl-Z", NULL, N_("Back to the shell; its command fg continues."),
	  TUI_ALWAYS },
	{ "Ctrl-C", "Ctrl-C", NULL, N_("Quit at once."), TUI_ALWAYS },
	{ N_("Enter"), "Enter", N_("show"),
	  N_("In the list: the ladder of this conversation, or of those that are marked."),
	  TUI_IN_LIST },
	{ "/", "/", N_("filter"),
	  N_("In the list: show only conversations with this text in some column, as you type."),
	  TUI_IN_LIST },
	{ "<>", "<>", N_("sort"),
	  N_("In the list: sort by the column to the left or right. A click on its title does too."),
	  TUI_IN_LIST },
	{ "R", "R", N_("reverse"), N_("In the list: the other way round."), TUI_IN_LIST },
	{ "m", "m", N_("mark"), N_("In the list: mark the conversation, or no longer."),
	  TUI_IN_LIST },
	{ "M", "M", NULL, N_("In the list: mark all that are shown; where some are marked, none."),
	  TUI_IN_LIST },
	{ "←→", N_("Left/Right"), N_("packet"),
	  N_("In a plot: to the packet of the conversation before or after. The selected row of the "
	     "ladder goes along, and the other way round."),
	  TUI_IN_PLOT },
	{ "1-4 Tab", "1-4 Tab", N_("which"),
	  N_("In a plot: the time-sequence graph, RTT, throughput, bytes in flight; Tab: the next."),
	  TUI_IN_PLOT },
	{ "R", "R", N_("direction"), N_("In a plot: the other direction."), TUI_IN_PLOT },
	{ "+- 0", "+- 0", N_("zoom"),
	  N_("In a plot: half of the time around the cursor, twice as much, and 0 all of it. The mouse "
	     "wheel zooms where the pointer is, a click moves the cursor."),
	  TUI_IN_PLOT },
	{ "v", "v", N_("ladder"), N_("In a plot: back to the ladder."), TUI_IN_PLOT },
	{ NULL },
};

/* A TuiCommand; hardly any needs all that it gets. */
#define COMMAND(name)                                                                              \
	static TuiAction name(TuiState *state G_GNUC_UNUSED, const TuiModel *model G_GNUC_UNUSED,  \
			      const TuiInput *input G_GNUC_UNUSED, int argument G_GNUC_UNUSED)

/* For keys that only tell the owner something. */
COMMAND(tell)
{
	return argument;
}

static gboolean
page_close(TuiState *state)
{
	gboolean open = state->help || state->output;

	state->help = state->output = FALSE;
	return open;
}

COMMAND(quit)
{
	if (page_close(state))
		return TUI_NOTHING;
	if (state->list)
		return tui_list_toggle(state, model, input, 0);
	return tui_plot_escape(state) ? TUI_NOTHING : TUI_QUIT;
}

COMMAND(help_toggle)
{
	gboolean open = !state->help;

	page_close(state);
	state->help = open;
	state->page_top = 0;
	return TUI_NOTHING;
}

COMMAND(output_toggle)
{
	gboolean open = !state->output;

	page_close(state);
	state->output = open;
	state->page_top = G_MAXUINT;
	return TUI_NOTHING;
}

COMMAND(detail_toggle)
{
	state->detail = !state->detail;
	state->detail_auto = FALSE;
	state->detail_focus = FALSE;
	return TUI_NOTHING;
}

/* The pane of a row that the next event replaces could not be read: focus ends following. */
COMMAND(focus_toggle)
{
	state->detail_focus = state->detail && !state->detail_focus;
	if (state->detail_focus)
		state->follow = FALSE;
	return TUI_NOTHING;
}

COMMAND(escape)
{
	if (model->searching)
		return TUI_SEARCH_STOP;
	if (page_close(state))
		return TUI_NOTHING;
	if (tui_list_escape(state) || tui_plot_escape(state))
		return TUI_NOTHING;
	if (model->progress)
		return TUI_READING_STOP;
	if (tui_notice(state, model))
		state->notice_seen = g_str_hash(model->notice);
	else if (state->detail_focus)
		state->detail_focus = FALSE;
	else if (state->detail)
		detail_toggle(state, model, input, 0);
	else if (tui_play_is_on(state))
		return tui_play_toggle(state, model, input, 0);
	return TUI_NOTHING;
}

COMMAND(pause_toggle)
{
	if (tui_play_is_on(state))
		return tui_play_pause(state, model, input, 0);
	state->paused = !state->paused && model->live;
	return TUI_NOTHING;
}

/* The space bar. What a released call does is to be seen, so that a pause ends. */
COMMAND(release)
{
	if (model->stepping) {
		state->paused = FALSE;
		return argument;
	}
	if (argument != TUI_RELEASE)
		return TUI_NOTHING;
	if (!model->live && !tui_play_is_on(state))
		return state->help || state->output || state->list
			   ? TUI_NOTHING
			   : tui_play_toggle(state, model, input, 0);
	return pause_toggle(state, model, input, 0);
}

TuiAction
tui_selection_changed(TuiState *state, const TuiModel *model)
{
	if (state->selected < ladder_length(model->ladder))
		state->anchor = ladder_row(model->ladder, state->selected).event;
	state->spacing_rows = 0;
	state->lanes_row = EVENT_NONE;
	state->first_lane = 0;
	return TUI_SELECTION;
}

/* all, the first, ... the last, all; argument: 1 or -1. */
COMMAND(conversation_step)
{
	guint64 n = model->n_conversations, next; /* counted from 0 = all */

	if (n == 0)
		return TUI_NOTHING;
	next = state->selection.conversation == CONVERSATION_NONE
		   ? 0
		   : MIN((guint64)state->selection.conversation + 1, n);
	next = (next + n + 1 + argument) % (n + 1);
	tui_select(state, next == 0 ? CONVERSATION_NONE : next - 1, NULL);
	return tui_selection_changed(state, model);
}

COMMAND(calls_toggle)
{
	state->selection.hide_calls = !state->selection.hide_calls;
	return tui_selection_changed(state, model);
}

COMMAND(fold_toggle)
{
	state->selection.fold = !state->selection.fold;
	return tui_selection_changed(state, model);
}

/* The event that was selected is so still, or the fold that it went into. */
COMMAND(fold_open)
{
	guint32 event, offset = state->selected - MIN(state->selected, state->top);

	if (state->selected >= ladder_length(model->ladder))
		return TUI_NOTHING;
	event = ladder_row(model->ladder, state->selected).event;
	if (!state->selection.fold) {
		tui_tell(state, g_strdup(_("Nothing is folded: z folds runs of data and ACKs.")));
	} else if (!ladder_fold_toggle(model->ladder, state->selected)) {
		tui_tell(state, g_strdup(_("This row is no fold, and of none.")));
	} else {
		state->follow = FALSE;
		state->selected = ladder_row_of(model->ladder, event);
		state->top = state->selected - MIN(state->selected, offset);
	}
	return TUI_NOTHING;
}

COMMAND(time_step)
{
	state->time = (state->time + 1) % N_SCENE_TIMES;
	return TUI_NOTHING;
}

/* Without a word nothing would seem to happen in a narrow terminal. */
static void
delta_tell(TuiState *state, const TuiModel *model)
{
	static const char *const words[] = {
		[SCENE_DELTA_PREVIOUS] = N_("The delta column counts from the row above."),
		[SCENE_DELTA_MARK] = N_("The delta column counts from the marked row."),
		[SCENE_DELTA_OFF] = N_("The delta column is off."),
	};
	G_STATIC_ASSERT(G_N_ELEMENTS(words) == N_SCENE_DELTAS);
	TuiLayout layout = tui_layout(state, model);

	if (state->delta != SCENE_DELTA_OFF && layout.scene.delta_width == 0)
		tui_tell(state, g_strdup(_("There is no room for the delta column: it needs 100 "
					   "columns.")));
	else
		tui_tell(state, g_strdup(_(words[state->delta])));
}

COMMAND(delta_step)
{
	state->delta = (state->delta + 1) % N_SCENE_DELTAS;
	if (state->delta == SCENE_DELTA_MARK && state->mark == EVENT_NONE)
		state->delta++;
	delta_tell(state, model);
	return TUI_NOTHING;
}

COMMAND(mark_toggle)
{
	LadderRow row;

	if (state->selected >= ladder_length(model->ladder))
		return TUI_NOTHING;
	row = ladder_row(model->ladder, state->selected);
	if (state->mark != EVENT_NONE && ladder_row_of(model->ladder, state->mark) == state->selected) {
		state->mark = EVENT_NONE;
		state->delta = SCENE_DELTA_PREVIOUS;
	} else {
		state->mark = row.event;
		state->mark_ns = row.time_ns;
		state->delta = SCENE_DELTA_MARK;
	}
	delta_tell(state, model);
	return TUI_NOTHING;
}

#define CONTROL(letter) ((letter) - '@')

static const struct {
	TuiKey key;
	gunichar character;
	TuiCommand *run;
	int argument;
	gboolean page; /* works where a page is open, too */
} bindings[] = {
	{ TUI_KEY_RESIZE, 0, tui_resize, 0, TRUE },
	{ TUI_KEY_UP, 0, tui_move, MOTION_UP, TRUE },
	{ TUI_KEY_DOWN, 0, tui_move, MOTION_DOWN, TRUE },
	{ TUI_KEY_LEFT, 0, tui_lanes_scroll, -1, FALSE },
	{ TUI_KEY_RIGHT, 0, tui_lanes_scroll, 1, FALSE },
	{ TUI_KEY_PAGE_UP, 0, tui_move, MOTION_PAGE_UP, TRUE },
	{ TUI_KEY_PAGE_DOWN, 0, tui_move, MOTION_PAGE_DOWN, TRUE },
	{ TUI_KEY_HOME, 0, tui_move, MOTION_HOME, TRUE },
	{ TUI_KEY_END, 0, tui_move, MOTION_END, TRUE },
	{ TUI_KEY_WHEEL_UP, 0, tui_wheel, FALSE, TRUE },
	{ TUI_KEY_WHEEL_DOWN, 0, tui_wheel, TRUE, TRUE },
	{ TUI_KEY_CLICK, 0, tui_click, 0, FALSE },
	{ TUI_KEY_ENTER, 0, detail_toggle, 0, FALSE },
	{ TUI_KEY_TAB, 0, focus_toggle, 0, FALSE },
	{ TUI_KEY_BACKTAB, 0, focus_toggle, 0, FALSE },
	{ TUI_KEY_ESCAPE, 0, escape, 0, TRUE },
	{ TUI_KEY_CHARACTER, 'k', tui_move, MOTION_UP, TRUE },
	{ TUI_KEY_CHARACTER, 'j', tui_move, MOTION_DOWN, TRUE },
	{ TUI_KEY_CHARACTER, 'b', tui_move, MOTION_PAGE_UP, TRUE },
	{ TUI_KEY_CHARACTER, CONTROL('B'), tui_move, MOTION_PAGE_UP, TRUE },
	{ TUI_KEY_CHARACTER, CONTROL('F'), tui_move, MOTION_PAGE_DOWN, TRUE },
	{ TUI_KEY_CHARACTER, CONTROL('U'), tui_move, MOTION_HALF_UP, TRUE },
	{ TUI_KEY_CHARACTER, CONTROL('D'), tui_move, MOTION_HALF_DOWN, TRUE },
	{ TUI_KEY_CHARACTER, 'g', tui_move, MOTION_HOME, TRUE },
	{ TUI_KEY_CHARACTER, 'G', tui_move, MOTION_END, TRUE },
	{ TUI_KEY_CHARACTER, 'H', tui_lanes_scroll, -TUI_LANES_VIEW, FALSE },
	{ TUI_KEY_CHARACTER, 'L', tui_lanes_scroll, TUI_LANES_VIEW, FALSE },
	{ TUI_KEY_CHARACTER, 'l', tui_list_toggle, 0, FALSE },
	{ TUI_KEY_CHARACTER, 'c', conversation_step, 1, FALSE },
	{ TUI_KEY_CHARACTER, 'C', conversation_step, -1, FALSE },
	{ TUI_KEY_CHARACTER, 'f', tui_ask, TUI_ASK_FILTER, FALSE },
	{ TUI_KEY_CHARACTER, '/', tui_ask, TUI_ASK_SEARCH, FALSE },
	{ TUI_KEY_CHARACTER, ':', tui_ask, TUI_ASK_GOTO, FALSE },
	{ TUI_KEY_CHARACTER, 's', tui_ask, TUI_ASK_SAVE, FALSE },
	{ TUI_KEY_CHARACTER, 'w', tui_ask, TUI_ASK_FIGURE, FALSE },
	{ TUI_KEY_CHARACTER, 'S', tui_ask, TUI_ASK_PICTURE, TRUE },
	{ TUI_KEY_CHARACTER, 'n', tui_search_next, FALSE, FALSE },
	{ TUI_KEY_CHARACTER, 'N', tui_search_next, TRUE, FALSE },
	{ TUI_KEY_CHARACTER, 'e', tui_problem_next, FALSE, FALSE },
	{ TUI_KEY_CHARACTER, 'E', tui_problem_next, TRUE, FALSE },
	{ TUI_KEY_CHARACTER, 'P', tui_play_toggle, 0, FALSE },
	{ TUI_KEY_CHARACTER, '.', tui_play_step, 1, FALSE },
	{ TUI_KEY_CHARACTER, ',', tui_play_step, -1, FALSE },
	{ TUI_KEY_CHARACTER, '+', tui_play_pace, 1, FALSE },
	{ TUI_KEY_CHARACTER, '=', tui_play_pace, 1, FALSE }, /* + without Shift */
	{ TUI_KEY_CHARACTER, '-', tui_play_pace, -1, FALSE },
	{ TUI_KEY_CHARACTER, 'u', tui_play_even, 0, FALSE },
	{ TUI_KEY_CHARACTER, '0', tui_play_part, 0, FALSE },
	{ TUI_KEY_CHARACTER, '1', tui_play_part, 1, FALSE },
	{ TUI_KEY_CHARACTER, '2', tui_play_part, 2, FALSE },
	{ TUI_KEY_CHARACTER, '3', tui_play_part, 3, FALSE },
	{ TUI_KEY_CHARACTER, '4', tui_play_part, 4, FALSE },
	{ TUI_KEY_CHARACTER, '5', tui_play_part, 5, FALSE },
	{ TUI_KEY_CHARACTER, '6', tui_play_part, 6, FALSE },
	{ TUI_KEY_CHARACTER, '7', tui_play_part, 7, FALSE },
	{ TUI_KEY_CHARACTER, '8', tui_play_part, 8, FALSE },
	{ TUI_KEY_CHARACTER, '9', tui_play_part, 9, FALSE },
	{ TUI_KEY_CHARACTER, 'T', tui_spacing_toggle, 0, FALSE },
	{ TUI_KEY_CHARACTER, '[', tui_spacing_scale, -1, FALSE },
	{ TUI_KEY_CHARACTER, ']', tui_spacing_scale, 1, FALSE },
	{ TUI_KEY_CHARACTER, 't', time_step, 0, FALSE },
	{ TUI_KEY_CHARACTER, 'd', delta_step, 0, FALSE },
	{ TUI_KEY_CHARACTER, 'm', mark_toggle, 0, FALSE },
	{ TUI_KEY_CHARACTER, 'h', calls_toggle, 0, FALSE },
	{ TUI_KEY_CHARACTER, 'z', fold_toggle, 0, FALSE },
	{ TUI_KEY_CHARACTER, 'x', fold_open, 0, FALSE },
	{ TUI_KEY_CHARACTER, 'v', tui_plot_toggle, 0, FALSE },
	{ TUI_KEY_CHARACTER, 'p', pause_toggle, 0, TRUE },
	{ TUI_KEY_CHARACTER, ' ', release, TUI_RELEASE, TRUE },
	{ TUI_KEY_CHARACTER, 'r', release, TUI_RELEASE_ALL, TRUE },
	{ TUI_KEY_CHARACTER, 'o', output_toggle, 0, TRUE },
	{ TUI_KEY_CHARACTER, '?', help_toggle, 0, TRUE },
	{ TUI_KEY_CHARACTER, 'q', quit, 0, TRUE },
	{ TUI_KEY_CHARACTER, CONTROL('C'), tell, TUI_QUIT, TRUE },
	{ TUI_KEY_CHARACTER, CONTROL('L'), tell, TUI_REDRAW, TRUE },
	{ TUI_KEY_CHARACTER, CONTROL('Z'), tell, TUI_SUSPEND, TRUE },
};

TuiAction
tui_update(TuiState *state, const TuiModel *model, const TuiInput *input)
{
	gboolean page = state->help || state->output;
	TuiAction action;

	if (input->key != TUI_KEY_NONE && input->key != TUI_KEY_RESIZE) {
		g_clear_pointer(&state->message, g_free);
		state->destination = EVENT_NONE;
	}
	if (tui_ask_key(state, model, input, &action))
		return action;
	if (state->list && !page && tui_list_key(state, model, input, &action))
		return action;
	if (state->plot && !page && !state->list && tui_plot_key(state, model, input, &action))
		return action;
	page = page || state->list;
	for (guint i = 0; i < G_N_ELEMENTS(bindings); i++) {
		if (bindings[i].key != input->key || (page && !bindings[i].page))
			continue;
		if (input->key == TUI_KEY_CHARACTER && bindings[i].character != input->character)
			continue;
		return bindings[i].run(state, model, input, bindings[i].argument);
	}
	return TUI_NOTHING;
}

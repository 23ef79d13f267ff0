/* tui_keys.c - the table of keys, and what they do apart from moving about. */
#include "tui_commands.h"

#include "pktladder/i18n.h"

const TuiKeyHelp tui_keys[] = {
	{ N_("Space"), "Space", N_("next call"),
	  N_("While stepping: let the next socket call go. Otherwise: pause."), TUI_STEPPING },
	{ "r", "r", N_("run on"), N_("Stop stepping: every call runs on by itself."),
	  TUI_STEPPING },
	{ "q", "q", N_("quit"), N_("Quit. Where a page is open, close that."), TUI_ALWAYS },
	{ "?", "?", N_("help"), N_("This page."), TUI_ALWAYS },
	{ "↑↓ j k", "Up/Down j k", N_("move"),
	  N_("Select the row above or below. With the mouse: the wheel scrolls, a click selects."),
	  TUI_ALWAYS },
	{ N_("Enter"), "Enter", N_("detail"),
	  N_("Open or close the detail pane: the selected row's headers, bytes and calls."),
	  TUI_ALWAYS },
	{ N_("End G"), "End G", N_("newest"), N_("Go to the newest row, and follow what comes."),
	  TUI_ALWAYS },
	{ "p", "p", N_("pause"),
	  N_("Pause and go on. Nothing is lost: what comes meanwhile waits."), TUI_NOT_STEPPING },
	{ "c C", "c C", N_("conversation"),
	  N_("Show one conversation: the next, the one before; after the last, all of them."),
	  TUI_ALWAYS },
	{ "o", "o", N_("output"), N_("What the programs have printed."), TUI_ALWAYS },
	{ "h", "h", N_("calls"), N_("Hide the socket calls, or show them again."), TUI_ALWAYS },
	{ N_("Home g"), "Home g", NULL, N_("Go to the first row."), TUI_ALWAYS },
	{ N_("PgUp b Ctrl-B"), "PgUp b Ctrl-B", NULL, N_("A page up."), TUI_ALWAYS },
	{ N_("PgDn f Ctrl-F"), "PgDn f Ctrl-F", NULL, N_("A page down."), TUI_ALWAYS },
	{ "Ctrl-U Ctrl-D", "Ctrl-U Ctrl-D", NULL, N_("Half a page up or down."), TUI_ALWAYS },
	{ "Tab", "Tab", NULL, N_("Let the keys above scroll the detail pane, or the ladder again."),
	  TUI_ALWAYS },
	{ "Esc", "Esc", NULL, N_("Close what is open: page, notice, detail pane."), TUI_ALWAYS },
	{ "Ctrl-L", "Ctrl-L", NULL, N_("Paint the screen anew."), TUI_ALWAYS },
	{ "Ctrl-Z", "Ctrl-Z", NULL, N_("Back to the shell; its command fg continues."),
	  TUI_ALWAYS },
	{ "Ctrl-C", "Ctrl-C", NULL, N_("Quit at once."), TUI_ALWAYS },
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
	return page_close(state) ? TUI_NOTHING : TUI_QUIT;
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
	if (page_close(state))
		return TUI_NOTHING;
	if (tui_notice(state, model))
		state->notice_seen = g_str_hash(model->notice);
	else if (state->detail_focus)
		state->detail_focus = FALSE;
	else if (state->detail)
		detail_toggle(state, model, input, 0);
	return TUI_NOTHING;
}

COMMAND(pause_toggle)
{
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
	return argument == TUI_RELEASE ? pause_toggle(state, model, input, 0) : TUI_NOTHING;
}

/* Remembers what was selected, so that tui_settle() finds it in the new ladder. */
static TuiAction
selection_changed(TuiState *state, const TuiModel *model)
{
	if (state->selected < ladder_length(model->ladder))
		state->anchor = ladder_row(model->ladder, state->selected).event;
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
	state->selection.conversation = next == 0 ? CONVERSATION_NONE : next - 1;
	return selection_changed(state, model);
}

COMMAND(calls_toggle)
{
	state->selection.hide_calls = !state->selection.hide_calls;
	return selection_changed(state, model);
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
	{ TUI_KEY_CHARACTER, 'f', tui_move, MOTION_PAGE_DOWN, TRUE },
	{ TUI_KEY_CHARACTER, CONTROL('F'), tui_move, MOTION_PAGE_DOWN, TRUE },
	{ TUI_KEY_CHARACTER, CONTROL('U'), tui_move, MOTION_HALF_UP, TRUE },
	{ TUI_KEY_CHARACTER, CONTROL('D'), tui_move, MOTION_HALF_DOWN, TRUE },
	{ TUI_KEY_CHARACTER, 'g', tui_move, MOTION_HOME, TRUE },
	{ TUI_KEY_CHARACTER, 'G', tui_move, MOTION_END, TRUE },
	{ TUI_KEY_CHARACTER, 'c', conversation_step, 1, FALSE },
	{ TUI_KEY_CHARACTER, 'C', conversation_step, -1, FALSE },
	{ TUI_KEY_CHARACTER, 'h', calls_toggle, 0, FALSE },
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

	for (guint i = 0; i < G_N_ELEMENTS(bindings); i++) {
		if (bindings[i].key != input->key || (page && !bindings[i].page))
			continue;
		if (input->key == TUI_KEY_CHARACTER && bindings[i].character != input->character)
			continue;
		return bindings[i].run(state, model, input, bindings[i].argument);
	}
	return TUI_NOTHING;
}

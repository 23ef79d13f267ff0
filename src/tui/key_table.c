/* SPDX-License-Identifier: MIT */
/* key_table.c - the table of keys: what each does and where, the footer (in the order of the
 * table), and the help page (by groups). Where a key stands twice, it has two lines to be told in.
 */
#include "tui_private.h"

#include "pktladder/text.h"

const char *const tui_key_groups[N_TUI_KEY_GROUPS] = {
	[TUI_KEYS_EVERYWHERE] = N_("Everywhere"),
	[TUI_KEYS_MOVING] = N_("Moving about"),
	[TUI_KEYS_FINDING] = N_("Finding a place"),
	[TUI_KEYS_SHOWN] = N_("What is shown, and how"),
	[TUI_KEYS_LIVE] = N_("While something is live"),
	[TUI_KEYS_PLAYBACK] = N_("Playback"),
	[TUI_KEYS_FILES] = N_("Writing files"),
	[TUI_KEYS_LIST] = N_("The list of conversations"),
	[TUI_KEYS_PLOT] = N_("Plots"),
};

/* A line of the help page; MORE: keys that it has no line for. */
/* clang-format off */
#define KEY(code, run, argument) { code, run, argument }
#define LINE(keys, ascii, footer, when, group, place, help, ...)                                   \
	{ keys, ascii, footer, help, when, group, place, { __VA_ARGS__ } }
#define MORE(place, ...) LINE(NULL, NULL, NULL, 0, 0, place, NULL, __VA_ARGS__)
/* clang-format on */

const TuiKeyHelp tui_keys[] = {
	LINE(N_("Space"), NULL, N_("next call"), TUI_STEPPING, TUI_KEYS_LIVE, PLACE_ANYWHERE,
	     N_("While stepping: let the next socket call go. Otherwise: pause."),
	     KEY(' ', tui_release, TUI_RELEASE)),
	LINE("r", NULL, N_("run on"), TUI_STEPPING, TUI_KEYS_LIVE, PLACE_ANYWHERE,
	     N_("Stop stepping: every call runs on by itself."),
	     KEY('r', tui_release, TUI_RELEASE_ALL)),
	LINE("q", NULL, N_("quit"), TUI_ALWAYS, TUI_KEYS_EVERYWHERE, PLACE_ANYWHERE,
	     N_("Quit. Where a page, the list or a plot is open, close that."),
	     KEY('q', tui_quit, 0)),
	LINE("?", NULL, N_("help"), TUI_ALWAYS, TUI_KEYS_EVERYWHERE, PLACE_ANYWHERE,
	     N_("The keys, on a page."), KEY('?', tui_page_toggle, TRUE)),
	LINE("l", NULL, N_("list"), TUI_SEVERAL, TUI_KEYS_LIST, PLACE_LADDER,
	     N_("The list of conversations: sort, filter, mark, and open them. Again: back."),
	     KEY('l', tui_list_toggle, 0)),
	LINE("↑↓ j k", N_("Up/Down j k"), N_("move"), TUI_ALWAYS, TUI_KEYS_MOVING, PLACE_ANYWHERE,
	     N_("Select the row above or below. With the mouse: the wheel scrolls, a click "
		"selects."),
	     KEY(-TUI_KEY_UP, tui_move, MOTION_UP), KEY(-TUI_KEY_DOWN, tui_move, MOTION_DOWN),
	     KEY('k', tui_move, MOTION_UP), KEY('j', tui_move, MOTION_DOWN)),
	LINE("←→ H L", N_("Left/Right H L"), N_("lanes"), TUI_LANES, TUI_KEYS_MOVING, PLACE_LADDER,
	     N_("Scroll the lanes of several endpoints to the left or right: by one, with H and L "
		"by as many as are in view. Selecting a row brings its lanes into view."),
	     KEY(-TUI_KEY_LEFT, tui_lanes_scroll, -1), KEY(-TUI_KEY_RIGHT, tui_lanes_scroll, 1),
	     KEY('H', tui_lanes_scroll, -TUI_LANES_VIEW),
	     KEY('L', tui_lanes_scroll, TUI_LANES_VIEW)),
	LINE(N_("Enter"), NULL, N_("detail"), TUI_ON_LADDER, TUI_KEYS_SHOWN, PLACE_LADDER,
	     N_("Open or close the detail pane: the selected row's headers, bytes and calls."),
	     KEY(-TUI_KEY_ENTER, tui_detail_toggle, TUI_PANE_DETAILS)),
	LINE("y", NULL, N_("why"), TUI_ON_LADDER, TUI_KEYS_SHOWN, PLACE_LADDER,
	     N_("Why the selected row is as it is: what it does, why each number, which call, and "
		"what becomes of the states. Again: close that."),
	     KEY('y', tui_detail_toggle, TUI_PANE_WHY)),
	LINE("i", NULL, N_("source"), TUI_SOURCE, TUI_KEYS_SHOWN, PLACE_LADDER,
	     N_("Of a demo: the source of its client and server, with the line of the selected "
		"row's call marked. Again: close that."),
	     KEY('i', tui_source_toggle, 0)),
	LINE("p", NULL, N_("pause"), TUI_LIVE, TUI_KEYS_LIVE, PLACE_ANYWHERE,
	     N_("Pause and go on. Nothing is lost: what comes meanwhile waits."),
	     KEY('p', tui_pause_toggle, 0)),
	LINE("P", NULL, N_("play"), TUI_NOT_PLAYING, TUI_KEYS_PLAYBACK, PLACE_LADDER,
	     N_("Play the rows back, from the selected one on (from the last one: from the first), "
		"each at its packet's time."),
	     KEY('P', tui_play_toggle, 0)),
	LINE(N_("Space"), NULL, N_("pause"), TUI_PLAYING, TUI_KEYS_PLAYBACK, PLACE_ANYWHERE,
	     N_("While rows are played back: pause it, and go on; at its end: play it again. A "
		"saved capture that is not being played: play it, as P does."),
	     KEY(' ', tui_release, TUI_RELEASE)),
	LINE(".,", NULL, N_("step"), TUI_PLAYING, TUI_KEYS_PLAYBACK, PLACE_LADDER,
	     N_("While rows are played back: on to the next row, without waiting for it; back by a "
		"row."),
	     KEY('.', tui_play_step, 1), KEY(',', tui_play_step, -1)),
	LINE("P", NULL, N_("end playback"), TUI_PLAYING, TUI_KEYS_PLAYBACK, PLACE_LADDER,
	     N_("While rows are played back: end it. All rows are there again."),
	     KEY('P', tui_play_toggle, 0)),
	LINE("+-", NULL, N_("speed"), TUI_PLAYING, TUI_KEYS_PLAYBACK, PLACE_LADDER,
	     N_("Play faster or slower."), KEY('+', tui_play_pace, 1), KEY('-', tui_play_pace, -1)),
	LINE("u", NULL, N_("even"), TUI_PLAYING, TUI_KEYS_PLAYBACK, PLACE_LADDER,
	     N_("Play evenly, a row each half second (+ and - change that), or at the recorded "
		"times again."),
	     KEY('u', tui_play_even, 0)),
	LINE("0-9", NULL, N_("jump"), TUI_PLAYING, TUI_KEYS_PLAYBACK, PLACE_LADDER,
	     N_("While rows are played back: go to that tenth of its time. So do a click on its "
		"bar, Home, End, and the key : with a frame or a time."),
	     KEY('0', tui_play_part, 0), KEY('1', tui_play_part, 1), KEY('2', tui_play_part, 2),
	     KEY('3', tui_play_part, 3), KEY('4', tui_play_part, 4), KEY('5', tui_play_part, 5),
	     KEY('6', tui_play_part, 6), KEY('7', tui_play_part, 7), KEY('8', tui_play_part, 8),
	     KEY('9', tui_play_part, 9)),
	LINE("c C", NULL, N_("conversation"), TUI_ON_LADDER, TUI_KEYS_SHOWN, PLACE_LADDER,
	     N_("Show one conversation: the next, the one before; after the last, all of them."),
	     KEY('c', tui_conversation_step, 1), KEY('C', tui_conversation_step, -1)),
	LINE("f", NULL, N_("filter"), TUI_ON_LADDER, TUI_KEYS_SHOWN, PLACE_LADDER,
	     N_("Show only what passes a filter: \"retransmission and port 443\". Tab shows the "
		"words; no words show everything."),
	     KEY('f', tui_ask, TUI_ASK_FILTER)),
	LINE("/ n N", NULL, N_("search"), TUI_ON_LADDER, TUI_KEYS_FINDING, PLACE_LADDER,
	     N_("Search labels, calls and payload for a text; the next place, the one before."),
	     KEY('/', tui_ask, TUI_ASK_SEARCH), KEY('n', tui_search_next, FALSE),
	     KEY('N', tui_search_next, TRUE)),
	LINE("e E", NULL, N_("problem"), TUI_ON_LADDER, TUI_KEYS_FINDING, PLACE_LADDER,
	     N_("Go to the next problem, or the one before: a retransmission, a reset, a zero "
		"window, a call that failed."),
	     KEY('e', tui_problem_next, FALSE), KEY('E', tui_problem_next, TRUE)),
	LINE("v", NULL, N_("plots"), TUI_ON_LADDER, TUI_KEYS_PLOT, PLACE_LADDER,
	     N_("Plots of the selected row's conversation: time-sequence graph, RTT, throughput, "
		"bytes in flight. Again: back to the ladder."),
	     KEY('v', tui_plot_toggle, 0)),
	LINE(N_("Enter"), NULL, N_("show"), TUI_IN_LIST, TUI_KEYS_LIST, PLACE_LIST_ROWS,
	     N_("In the list: the ladder of this conversation, or of those that are marked."),
	     KEY(-TUI_KEY_ENTER, tui_list_show, 0)),
	LINE("/", NULL, N_("filter"), TUI_IN_LIST, TUI_KEYS_LIST, PLACE_LIST,
	     N_("In the list: show only conversations with this text in some column, as you type."),
	     KEY('/', tui_list_ask, 0)),
	LINE("<>", NULL, N_("sort"), TUI_IN_LIST, TUI_KEYS_LIST, PLACE_LIST,
	     N_("In the list: sort by the column to the left or right. A click on its title does "
		"too."),
	     KEY('<', tui_list_sort, -1), KEY('>', tui_list_sort, 1)),
	LINE("R", NULL, N_("reverse"), TUI_IN_LIST, TUI_KEYS_LIST, PLACE_LIST,
	     N_("In the list: the other way round."), KEY('R', tui_list_reverse, 0)),
	LINE("m", NULL, N_("mark"), TUI_IN_LIST, TUI_KEYS_LIST, PLACE_LIST_ROWS,
	     N_("In the list: mark the conversation, or no longer."), KEY('m', tui_list_mark, 0)),
	LINE("M", NULL, NULL, TUI_IN_LIST, TUI_KEYS_LIST, PLACE_LIST_ROWS,
	     N_("In the list: mark all that are shown; where some are marked, none."),
	     KEY('M', tui_list_mark_all, 0)),
	LINE("←→", N_("Left/Right"), N_("packet"), TUI_IN_PLOT, TUI_KEYS_PLOT, PLACE_PLOT_PACKETS,
	     N_("In a plot: to the packet of the conversation before or after. The selected row of "
		"the ladder goes along, and the other way round."),
	     KEY(-TUI_KEY_LEFT, tui_plot_step, -1), KEY(-TUI_KEY_RIGHT, tui_plot_step, 1)),
	LINE("1-4 Tab", NULL, N_("which"), TUI_IN_PLOT, TUI_KEYS_PLOT, PLACE_PLOT,
	     N_("In a plot: the time-sequence graph, RTT, throughput, bytes in flight; Tab: the "
		"next."),
	     KEY('1', tui_plot_kind, PLOT_SEQUENCE), KEY('2', tui_plot_kind, PLOT_RTT),
	     KEY('3', tui_plot_kind, PLOT_THROUGHPUT), KEY('4', tui_plot_kind, PLOT_FLIGHT),
	     KEY(-TUI_KEY_TAB, tui_plot_kind_step, 1)),
	LINE("R", NULL, N_("direction"), TUI_IN_PLOT, TUI_KEYS_PLOT, PLACE_PLOT,
	     N_("In a plot: the other direction."), KEY('R', tui_plot_turn, 0)),
	LINE("+- 0", NULL, N_("zoom"), TUI_IN_PLOT, TUI_KEYS_PLOT, PLACE_PLOT_PACKETS,
	     N_("In a plot: half of the time around the cursor, twice as much, and 0 all of it. "
		"The mouse wheel zooms where the pointer is, a click moves the cursor."),
	     KEY('+', tui_plot_zoom, 1), KEY('-', tui_plot_zoom, -1), KEY('0', tui_plot_zoom, 0)),
	LINE("v", NULL, N_("ladder"), TUI_IN_PLOT, TUI_KEYS_PLOT, PLACE_LADDER,
	     N_("In a plot: back to the ladder."), KEY('v', tui_plot_toggle, 0)),
	LINE("w", NULL, N_("figure"), TUI_NOT_IN_LIST, TUI_KEYS_FILES, PLACE_LADDER,
	     N_("Write the ladder as a figure: the name says the format (handshake.svg, .pdf, "
		".png, .txt); Tab shows them. Where a plot is open: the plot as it is shown."),
	     KEY('w', tui_ask, TUI_ASK_FIGURE)),
	LINE("S", NULL, N_("picture"), TUI_ALWAYS, TUI_KEYS_FILES, PLACE_ANYWHERE,
	     N_("A picture of the screen as it is, into a file: SVG, PNG, text, or text with "
		"colours (ANSI); the name's suffix says which."),
	     KEY('S', tui_ask, TUI_ASK_PICTURE)),
	LINE("z", NULL, N_("fold"), TUI_ON_LADDER, TUI_KEYS_SHOWN, PLACE_LADDER,
	     N_("Fold runs of data and ACKs into one row each, or unfold them. What is a problem, "
		"or has a call beside it, stays a row of its own."),
	     KEY('z', tui_selection_toggle, G_STRUCT_OFFSET(TuiState, selection.fold))),
	LINE("x", NULL, N_("open fold"), TUI_FOLDED, TUI_KEYS_SHOWN, PLACE_LADDER,
	     N_("Open the selected fold alone into its rows; on one of them: close it again."),
	     KEY('x', tui_fold_open, 0)),
	LINE("s", NULL, N_("save"), TUI_ON_LADDER, TUI_KEYS_FILES, PLACE_LADDER,
	     N_("Save what is shown into a file (pcapng), socket calls included: all, a "
		"conversation, the marked ones, or what passes the filter."),
	     KEY('s', tui_ask, TUI_ASK_SAVE)),
	LINE(N_("End G"), NULL, N_("newest"), TUI_ON_LADDER, TUI_KEYS_MOVING, PLACE_ANYWHERE,
	     N_("Go to the newest row, and follow what comes."),
	     KEY(-TUI_KEY_END, tui_move, MOTION_END), KEY('G', tui_move, MOTION_END)),
	LINE(":", NULL, N_("go to"), TUI_ON_LADDER, TUI_KEYS_FINDING, PLACE_LADDER,
	     N_("Go to a frame (\"123\"), a time since the start (\"1.5\"), or on by some seconds "
		"(\"+0.2\")."),
	     KEY(':', tui_ask, TUI_ASK_GOTO)),
	LINE("T [ ]", NULL, N_("spacing"), TUI_ON_LADDER, TUI_KEYS_SHOWN, PLACE_LADDER,
	     N_("T: blank lines between the rows in proportion to the time between them, or none; "
		"[ and ]: less or more time a line."),
	     KEY('T', tui_spacing_toggle, 0), KEY('[', tui_spacing_scale, -1),
	     KEY(']', tui_spacing_scale, 1)),
	LINE("t", NULL, N_("time"), TUI_ON_LADDER, TUI_KEYS_SHOWN, PLACE_LADDER,
	     N_("The time column: seconds since the start, clock time in UTC, local clock time."),
	     KEY('t', tui_time_step, 0)),
	LINE("d m", NULL, N_("delta"), TUI_ON_LADDER, TUI_KEYS_SHOWN, PLACE_LADDER,
	     N_("The delta column: d changes between since the row above, since the marked row, "
		"and off; m marks the selected row, or no longer."),
	     KEY('d', tui_delta_step, 0), KEY('m', tui_mark_toggle, 0)),
	LINE("h", NULL, N_("calls"), TUI_ON_LADDER, TUI_KEYS_SHOWN, PLACE_LADDER,
	     N_("Hide the socket calls, or show them again."),
	     KEY('h', tui_selection_toggle, G_STRUCT_OFFSET(TuiState, selection.hide_calls))),
	LINE("D", NULL, N_("copies"), TUI_COPIES, TUI_KEYS_SHOWN, PLACE_LADDER,
	     N_("Hide the packets that were captured before (at another interface, or copied on "
		"their way), or show them again."),
	     KEY('D', tui_selection_toggle, G_STRUCT_OFFSET(TuiState, selection.hide_copies))),
	LINE("a", NULL, N_("set-up"), TUI_ON_LADDER, TUI_KEYS_SHOWN, PLACE_LADDER,
	     N_("Hide the calls that only set a socket up, and waits in vain, or show them; with "
		"more than two lanes they are hidden at first, with two they are dim."),
	     KEY('a', tui_setup_toggle, 0)),
	LINE("o", NULL, N_("output"), TUI_ON_LADDER, TUI_KEYS_SHOWN, PLACE_ANYWHERE,
	     N_("What the programs have printed."), KEY('o', tui_page_toggle, FALSE)),
	LINE(N_("Home g"), NULL, NULL, TUI_ALWAYS, TUI_KEYS_MOVING, PLACE_ANYWHERE,
	     N_("Go to the first row."), KEY(-TUI_KEY_HOME, tui_move, MOTION_HOME),
	     KEY('g', tui_move, MOTION_HOME)),
	LINE(N_("PgUp b Ctrl-B"), NULL, NULL, TUI_ALWAYS, TUI_KEYS_MOVING, PLACE_ANYWHERE,
	     N_("A page up."), KEY(-TUI_KEY_PAGE_UP, tui_move, MOTION_PAGE_UP),
	     KEY('b', tui_move, MOTION_PAGE_UP), KEY(TUI_CONTROL('B'), tui_move, MOTION_PAGE_UP)),
	LINE(N_("PgDn Ctrl-F"), NULL, NULL, TUI_ALWAYS, TUI_KEYS_MOVING, PLACE_ANYWHERE,
	     N_("A page down."), KEY(-TUI_KEY_PAGE_DOWN, tui_move, MOTION_PAGE_DOWN),
	     KEY(TUI_CONTROL('F'), tui_move, MOTION_PAGE_DOWN)),
	LINE("Ctrl-U Ctrl-D", NULL, NULL, TUI_ALWAYS, TUI_KEYS_MOVING, PLACE_ANYWHERE,
	     N_("Half a page up or down."), KEY(TUI_CONTROL('U'), tui_move, MOTION_HALF_UP),
	     KEY(TUI_CONTROL('D'), tui_move, MOTION_HALF_DOWN)),
	LINE("Tab", NULL, NULL, TUI_ALWAYS, TUI_KEYS_MOVING, PLACE_LADDER,
	     N_("Let the keys above scroll the detail pane, or the ladder again."),
	     KEY(-TUI_KEY_TAB, tui_focus_toggle, 0)),
	LINE("Esc", NULL, NULL, TUI_ALWAYS, TUI_KEYS_EVERYWHERE, PLACE_ANYWHERE,
	     N_("Close what is open: page, list, plot, notice, detail pane, playback. Or stop a "
		"search."),
	     KEY(-TUI_KEY_ESCAPE, tui_escape, 0)),
	LINE("Ctrl-L", NULL, NULL, TUI_ALWAYS, TUI_KEYS_EVERYWHERE, PLACE_ANYWHERE,
	     N_("Paint the screen anew."), KEY(TUI_CONTROL('L'), tui_tell_owner, TUI_REDRAW)),
	LINE("Ctrl-Z", NULL, NULL, TUI_ALWAYS, TUI_KEYS_EVERYWHERE, PLACE_ANYWHERE,
	     N_("Back to the shell; its command fg continues."),
	     KEY(TUI_CONTROL('Z'), tui_tell_owner, TUI_SUSPEND)),
	LINE("Ctrl-C", NULL, NULL, TUI_ALWAYS, TUI_KEYS_EVERYWHERE, PLACE_ANYWHERE,
	     N_("Quit at once."), KEY(TUI_CONTROL('C'), tui_tell_owner, TUI_QUIT)),
	MORE(PLACE_ANYWHERE, KEY(-TUI_KEY_RESIZE, tui_resize, 0),
	     KEY(-TUI_KEY_WHEEL_UP, tui_wheel, FALSE), KEY(-TUI_KEY_WHEEL_DOWN, tui_wheel, TRUE)),
	MORE(PLACE_LADDER, KEY(-TUI_KEY_CLICK, tui_click, 0),
	     KEY(-TUI_KEY_BACKTAB, tui_focus_toggle, 0), KEY('=', tui_play_pace, 1)),
	MORE(PLACE_LIST, KEY('l', tui_list_toggle, 0)),
	MORE(PLACE_LIST_ROWS, KEY(-TUI_KEY_CLICK, tui_list_click, 0),
	     KEY(-TUI_KEY_WHEEL_UP, tui_list_wheel, -1),
	     KEY(-TUI_KEY_WHEEL_DOWN, tui_list_wheel, 1)),
	MORE(PLACE_PLOT, KEY(-TUI_KEY_ENTER, tui_plot_enter, 0),
	     KEY(-TUI_KEY_BACKTAB, tui_plot_kind_step, -1)),
	MORE(PLACE_PLOT_PACKETS, KEY('=', tui_plot_zoom, 1)),
	MORE(PLACE_PLOT_ALONE, KEY(-TUI_KEY_UP, tui_plot_step, -1), KEY('k', tui_plot_step, -1),
	     KEY(-TUI_KEY_DOWN, tui_plot_step, 1), KEY('j', tui_plot_step, 1),
	     KEY(-TUI_KEY_PAGE_UP, tui_plot_page, -1), KEY(-TUI_KEY_PAGE_DOWN, tui_plot_page, 1),
	     KEY(-TUI_KEY_HOME, tui_plot_end, -1), KEY('g', tui_plot_end, -1),
	     KEY(-TUI_KEY_END, tui_plot_end, 1), KEY('G', tui_plot_end, 1)),
	MORE(PLACE_PLOT_POINTED, KEY(-TUI_KEY_CLICK, tui_plot_click, 0),
	     KEY(-TUI_KEY_WHEEL_UP, tui_plot_wheel, 1),
	     KEY(-TUI_KEY_WHEEL_DOWN, tui_plot_wheel, -1)),
};
const guint n_tui_keys = G_N_ELEMENTS(tui_keys);

/* The meaning of the drawing. */
static const char *const legend[] = {
	N_("Time runs downwards; the client stands on the left, the server on the right."),
	N_("An arrow is a segment or datagram, drawn when it was captured, with its flags, payload "
	   "and sequence numbers (relative to the first)."),
	N_("Beside each lifeline stand the socket calls of that program with their results, and "
	   "the TCP state that it is in from there on."),
	N_("A bar beside a lifeline is a call that blocks: it lasts from the call to its return."),
};

const char *
tui_key_names(const TuiKeyHelp *key, Glyphs glyphs)
{
	return glyphs == GLYPHS_ASCII && key->keys_ascii ? _(key->keys_ascii) : _(key->keys);
}

/* A key, or a column of the list of conversations, and what it stands for. */
static void
key_line_add(GPtrArray *lines, const char *name, const char *what, guint width)
{
	int rest = width - MIN(text_width(name), width);

	g_ptr_array_add(lines, g_strdup_printf("  %s%*s  %s", name, rest, "", what));
}

TuiPager
tui_page(const TuiState *state, const TuiModel *model, GPtrArray **lines)
{
	GPtrArray *help;
	guint width = 0;

	if (!state->help)
		return (TuiPager){
			.lines = model->output,
			.empty = _("The programs have printed nothing."),
		};
	*lines = help = g_ptr_array_new_with_free_func(g_free);
	for (const TuiKeyHelp *key = tui_keys; key < tui_keys + n_tui_keys; key++)
		width = MAX(width, key->help ? text_width(tui_key_names(key, state->glyphs)) : 0);
	for (TuiKeyGroup group = 0; group < N_TUI_KEY_GROUPS; group++) {
		if (help->len > 0)
			g_ptr_array_add(help, g_strdup(""));
		g_ptr_array_add(help, g_strdup(_(tui_key_groups[group])));
		for (const TuiKeyHelp *key = tui_keys; key < tui_keys + n_tui_keys; key++)
			if (key->help && key->group == group)
				key_line_add(help, tui_key_names(key, state->glyphs), _(key->help),
					     width);
	}
	if (model->summary && model->n_conversations > 1) {
		g_ptr_array_add(help, g_strdup(""));
		g_ptr_array_add(help, g_strdup(_("The columns of the list of conversations")));
		for (SummaryColumn i = 0; i < N_SUMMARY_COLUMNS; i++)
			if (summary_columns[i].rank != SUMMARY_SCRIPTS_ONLY)
				key_line_add(help, _(summary_columns[i].title),
					     _(summary_columns[i].what), width);
	}
	g_ptr_array_add(help, g_strdup(""));
	g_ptr_array_add(help, g_strdup(_("How to read the ladder")));
	for (guint i = 0; i < G_N_ELEMENTS(legend); i++)
		g_ptr_array_add(help, g_strdup_printf("  %s", _(legend[i])));
	return (TuiPager){
		.lines = help,
		.empty = "",
		.indented = TRUE,
		.key_columns = width + 4,
		.n_keys = help->len - G_N_ELEMENTS(legend) - 2,
	};
}

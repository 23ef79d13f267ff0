/* SPDX-License-Identifier: MIT */
#include "tui_view.h"

#include <string.h>

#include "pktladder/text.h"

static GPtrArray *
lines_make(const char *format, guint n)
{
	GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; i < n; i++)
		g_ptr_array_add(lines, g_strdup_printf(i % 5 ? "  %s %u" : "%s %u", format, i));
	return lines;
}

void
view_open(View *view, guint rows, guint columns, void (*tell)(Story *))
{
	memset(view, 0, sizeof *view);
	story_init(&view->story, 4);
	if (tell)
		tell(&view->story);
	view->ladder = ladder_new(view->story.trace, SELECTION_ALL);
	ladder_update(view->ladder);
	view->summary = summary_new(view->story.trace);
	view->detail = lines_make("field", 60);
	view->output = lines_make("printed", 200);
	view->model = (TuiModel){
		.ladder = view->ladder,
		.title = "demo tcp",
		.source = "private network",
		.live = TRUE,
		.detail = view->detail,
		.output = view->output,
		.n_conversations = flow_table_length(trace_flows(view->story.trace)),
		.summary = view->summary,
	};
	tui_init(&view->state, rows, columns, GLYPHS_UTF8);
	tui_settle(&view->state, &view->model);
}

void
view_shut(View *view)
{
	tui_clear(&view->state);
	tui_clear(&view->state);
	ladder_free(view->ladder);
	summary_free(view->summary);
	g_ptr_array_unref(view->detail);
	g_ptr_array_unref(view->output);
	story_clear(&view->story);
}

void
tell_much(Story *story)
{
	for (guint i = 0; i < 200; i++) {
		story_tcp(story, SIDE_CLIENT, TCP_PSH | TCP_ACK, 10);
		story_tcp(story, SIDE_SERVER, TCP_ACK, 0);
	}
}

void
tell_two(Story *story)
{
	story_tcp_demo(story);
	story->port[SIDE_CLIENT]++;
	story_tcp_demo(story);
}

void
tell_lanes(Story *story)
{
	for (guint i = 0; i < 8; i++) {
		story->port[SIDE_CLIENT] = 40000 + i;
		story->port[SIDE_SERVER] = 5000 + i % 2;
		story_tcp(story, SIDE_CLIENT, TCP_SYN, 0);
		story_tcp(story, SIDE_SERVER, TCP_SYN | TCP_ACK, 0);
	}
}

void
mark_all(View *view)
{
	g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(guint32));
	ConversationSet *set;

	for (guint32 i = 0; i < view->model.n_conversations; i++)
		g_array_append_val(all, i);
	set = conversation_set_new((guint32 *)all->data, all->len);
	tui_select(&view->state, CONVERSATION_NONE, set);
	conversation_set_unref(set);
	g_assert_cmpint(tui_selection_changed(&view->state, &view->model), ==, TUI_SELECTION);
	new_ladder(view);
}

TuiAction
give(View *view, TuiInput input)
{
	TuiAction action = tui_update(&view->state, &view->model, &input);

	tui_settle(&view->state, &view->model);
	return action;
}

TuiAction
press(View *view, TuiKey key)
{
	return give(view, (TuiInput){ .key = key });
}

TuiAction
type(View *view, gunichar character)
{
	return give(view, (TuiInput){ .key = TUI_KEY_CHARACTER, .character = character });
}

void
more_come(View *view, guint n)
{
	for (guint i = 0; i < n; i++)
		story_tcp(&view->story, SIDE_CLIENT, TCP_PSH | TCP_ACK, 1);
	ladder_update(view->ladder);
	tui_settle(&view->state, &view->model);
}

Grid *
view_grid(const View *view)
{
	Grid *grid = grid_new(view->state.rows, view->state.columns);

	tui_paint(&view->state, &view->model, grid);
	return grid;
}

char *
view_text(const View *view)
{
	g_autoptr(Grid) grid = view_grid(view);
	GString *text = g_string_new(NULL);

	grid_to_text(grid, FALSE, text);
	return g_string_free(text, FALSE);
}

void
assert_shows(const View *view, const char *text)
{
	g_autofree char *screen = view_text(view);

	if (!strstr(screen, text))
		g_error("\"%s\" is not on the screen:\n%s", text, screen);
}

void
assert_hides(const View *view, const char *text)
{
	g_autofree char *screen = view_text(view);

	if (strstr(screen, text))
		g_error("\"%s\" is on the screen:\n%s", text, screen);
}

void
assert_sane(const View *view)
{
	const TuiState *state = &view->state;
	guint32 length = tui_length(state, &view->model);
	TuiLayout layout = tui_layout(state, &view->model);

	if (length == 0) {
		g_assert_cmpuint(state->selected, ==, EVENT_NONE);
		return;
	}
	g_assert_cmpuint(state->selected, <, length);
	g_assert_false(state->help && state->output);
	if (layout.page.rows > 0 || layout.list.rows > 0)
		return;
	g_assert_cmpuint(state->selected, >=, state->top);
	g_assert_cmpuint(state->selected - state->top, <, MAX(layout.ladder.rows, 1));
	if (length >= layout.ladder.rows && state->ns_per_line == 0)
		g_assert_cmpuint(state->top + layout.ladder.rows, <=, length);
}

void
assert_grid_clean(const Grid *grid, Glyphs glyphs)
{
	for (guint y = 0; y < grid->rows; y++) {
		for (guint x = 0; x < grid->columns; x++) {
			const Cell *cell = &grid->cells[y * grid->columns + x];
			guint width;

			if (cell->character == 0) {
				g_assert_cmpuint(x, >, 0);
				g_assert_cmpuint(text_character_width(cell[-1].character), ==, 2);
				continue;
			}
			g_assert_true(text_is_harmless(cell->character));
			width = text_character_width(cell->character);
			g_assert_cmpuint(width, >=, 1);
			g_assert_cmpuint(x + width, <=, grid->columns);
			g_assert_true(glyphs != GLYPHS_ASCII || cell->character < 0x7f);
		}
	}
}

void
new_ladder(View *view)
{
	ladder_free(view->ladder);
	view->ladder = ladder_new(view->story.trace, view->state.selection);
	ladder_update(view->ladder);
	view->model.ladder = view->ladder;
	tui_settle(&view->state, &view->model);
}

Plot *
view_plot(const View *view)
{
	Plot *plot = plot_new(view->story.trace, view->state.plot_conversation, PLOT_SPANS_MAX,
			      G_MININT64, G_MAXINT64);

	for (guint32 i = 0; i < trace_length(view->story.trace); i++) {
		if (plot_takes(plot, i))
			plot_add(plot, i, NULL, NULL);
	}
	return plot;
}

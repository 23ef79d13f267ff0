/* SPDX-License-Identifier: MIT */
/* paint.c - the screen as cells; panes.c knows where each part stands. */
#include <string.h>

#include "tui_private.h"

#include "pktladder/text.h"
#include "pktladder/trace.h"

#define TITLE_COLUMNS 16 /* the title keeps them, whatever there is to say */

/* Which conversation is in view; NULL where that goes without saying. */
static char *
selection_text(const TuiState *state, const TuiModel *model)
{
	const FlowTable *flows = trace_flows(model->ladder->trace);
	guint32 index = state->selection.conversation;
	guint n_set = conversation_set_length(state->selection.set);

	if (n_set > 0)
		return g_strdup_printf(_("%u of %u conversations"), n_set, model->n_conversations);
	if (index == CONVERSATION_NONE)
		return model->n_conversations < 2
			   ? NULL
			   : g_strdup_printf(_("all %u conversations"), model->n_conversations);
	if (index >= flow_table_length(flows))
		return NULL;
	return g_strdup_printf(
	    "%s #%u", flow_table_get(flows, index)->transport == TRANSPORT_UDP ? "UDP" : "TCP",
	    index);
}

/* The title: the file or run, which part of it is in view (where that does not go without saying),
 * and how it is shown. */
static char *
title_text(const TuiState *state, const TuiModel *model, const TuiLayout *layout)
{
	const SceneLayout *scene = &layout->scene;
	const Filter *filter = model->ladder->selection.filter;
	char *parts[] = {
		g_strdup(model->title ? model->title : ""),
		scene->n_visible < scene->n_lanes
		    ? g_strdup_printf(_("lanes %u-%u of %u"), scene->first_lane + 1,
				      scene->first_lane + scene->n_visible, scene->n_lanes)
		    : NULL,
		filter ? g_strdup_printf(_("filter: %s (%u of %u left out)"), filter_text(filter),
					 model->ladder->left_out, model->ladder->within)
		       : NULL,
		g_strdup(model->source),
		selection_text(state, model),
		g_strdup(state->selection.hide_copies ? _("copies hidden") : NULL),
		g_strdup(state->selection.hide_calls         ? _("calls hidden")
			 : ladder_hides_setup(model->ladder) ? _("set-up calls hidden (a)")
							     : NULL),
		tui_spacing_text(state),
	};
	GString *title = g_string_new(NULL);

	for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
		if (i > 0 && parts[i])
			g_string_append(title, tui_is_ascii(state) ? " - " : " · ");
		g_string_append(title, parts[i] ? parts[i] : "");
		g_free(parts[i]);
	}
	return g_string_free(title, FALSE);
}

/* Puts a piece at the right of what is left of the line; leaves it out where
 * there would not be `keep` columns for the title. */
static void
put_right(Grid *grid, guint *columns, const char *text, Role role, guint keep)
{
	guint width = text_width(text);

	if (*columns < width + 1 + keep)
		return;
	*columns -= width;
	grid_put(grid, 0, *columns, width, text, role);
	*columns -= 1;
}

static void
title_paint(const TuiState *state, const TuiModel *model, const TuiLayout *layout, Grid *grid)
{
	const Trace *trace = model->ladder->trace;
	guint columns = state->columns;
	g_autofree char *title = title_text(state, model, layout);
	guint n_drops = MIN(model->drops, G_MAXUINT), n_packets = trace_n_packets(trace);
	guint n_calls = trace_n_calls(trace);
	g_autofree char *drops =
	    g_strdup_printf(ngettext("%u packet lost", "%u packets lost", n_drops), n_drops);
	g_autofree char *packets =
	    g_strdup_printf(ngettext("%u packet", "%u packets", n_packets), n_packets);
	g_autofree char *calls = g_strdup_printf(ngettext("%u call", "%u calls", n_calls), n_calls);

	/* The state of playback, where it is on: what is live waits behind it anyway. */
	g_autofree char *waiting =
	    state->paused && model->pending > 0
		? g_strdup_printf(
		      ngettext("PAUSED, %u event waits", "PAUSED, %u events wait", model->pending),
		      model->pending)
		: NULL;
	g_autofree char *mode = g_strdup_printf(
	    " %s ", state->play.state == PLAY_RUNNING                   ? _("PLAYING")
		    : waiting                                           ? waiting
		    : state->paused || state->play.state == PLAY_PAUSED ? _("PAUSED")
		    : !model->live                                      ? _("END")
		    : model->stepping                                   ? _("STEPPING")
		    : model->replay                                     ? _("REPLAY")
									: _("LIVE"));

	put_right(grid, &columns, mode, ROLE_MESSAGE, TITLE_COLUMNS);
	if (model->drops > 0)
		put_right(grid, &columns, drops, ROLE_DROPS, TITLE_COLUMNS);
	if (n_calls > 0) /* the packets matter more */
		put_right(grid, &columns, calls, ROLE_FOOTER,
			  text_width(title) + text_width(packets) + 1);
	put_right(grid, &columns, packets, ROLE_FOOTER, text_width(title));
	tui_put_fit(state, grid, 0, 0, columns, title, ROLE_HEAD);
}

static void
notice_paint(const TuiState *state, const TuiModel *model, const TuiRect *rect, Grid *grid)
{
	g_autoptr(GPtrArray) lines = tui_notice_wrap(state, model, rect->columns);

	grid_fill(grid, rect->y, rect->x, rect->rows, rect->columns, ROLE_MESSAGE);
	for (guint y = 0; y < rect->rows; y++) {
		g_autoptr(GString) line = g_string_new(g_ptr_array_index(lines, y));

		if (y + 1 == rect->rows && y + 1 < lines->len) /* show that there is more */
			g_string_append_printf(line, " %s",
					       (char *)g_ptr_array_index(lines, y + 1));
		tui_put_fit(state, grid, rect->y + y, rect->x, rect->columns, line->str,
			    ROLE_MESSAGE);
	}
}

#define PROGRESS_COLUMNS 20 /* of the bar */

/* "████······ 43 %  2,150,000 packets  410 of 953 MB  2 s left  Esc stops"; or the call that is
 * held. Where the line is short, what Space does is left out: the footer has it. */
static void
held_paint(const TuiState *state, const TuiModel *model, guint y, Grid *grid)
{
	const TuiProgress *progress = model->progress;

	grid_fill(grid, y, 0, 1, state->columns, ROLE_MESSAGE);
	if (progress) {
		g_autoptr(GString) text = g_string_new(NULL);
		g_autofree char *read = g_format_size(progress->read);
		g_autofree char *total = g_format_size(progress->total);

		if (progress->total > 0) {
			guint full = MIN(progress->read, progress->total) * PROGRESS_COLUMNS /
				     progress->total;

			for (guint i = 0; i < PROGRESS_COLUMNS; i++)
				g_string_append(text, tui_bar_cell(state, i < full));
			g_string_append_printf(
			    text, " %u %%  ",
			    (guint)(MIN(progress->read, progress->total) * 100 / progress->total));
		}
		g_string_append_printf(text, ngettext("%u packet", "%u packets", progress->packets),
				       progress->packets);
		g_string_append_printf(text, progress->total > 0 ? _(", %s of %s") : ", %s", read,
				       total);
		if (progress->remaining_ms >= 0)
			g_string_append_printf(text, _(", %u s left"),
					       (guint)((progress->remaining_ms + 999) / 1000));
		g_string_append_printf(text, "  (%s)", _("Esc stops reading"));
		tui_put_fit(state, grid, y, 0, state->columns, text->str, ROLE_MESSAGE);
		return;
	}
	if (!model->held) {
		tui_put_fit(state, grid, y, 0, state->columns,
			    _("The programs run on to their next socket call."), ROLE_MESSAGE);
		return;
	}

	g_autofree char *next = g_strdup_printf(_("next: %s"), model->held);
	const char *dash = tui_is_ascii(state) ? " - " : " — ";
	g_autofree char *how = g_strconcat(dash, _("Space lets it go"), NULL);
	guint used = tui_put_fit(state, grid, y, 0, state->columns, next, ROLE_MESSAGE);

	if (text_width(how) <= state->columns - used)
		grid_put(grid, y, used, state->columns - used, how, ROLE_MESSAGE);
}

/* A key of the footer, by the first of its names. Returns the columns used. */
static guint
key_paint(const TuiState *state, const TuiModel *model, const TuiKeyHelp *key, guint y, guint x,
	  guint right, Grid *grid)
{
	const char *names = tui_key_names(key, state->glyphs);
	g_autofree char *name = g_strndup(names, strcspn(names, " "));
	g_autofree char *count =
	    key->when == TUI_SEVERAL
		? g_strdup_printf("%s (%u)", _(key->footer), model->n_conversations)
		: NULL;
	const char *what = count ? count : _(key->footer);
	guint gap = x > 0 ? 2 : 0;
	guint width = gap + text_width(name) + 1 + text_width(what);

	if (x + width > right)
		return 0;
	x += gap;
	x += grid_put(grid, y, x, right - x, name, ROLE_KEY);
	grid_put(grid, y, x + 1, right - x - 1, what, ROLE_FOOTER);
	return width;
}

/* The footer's right: that keys wait for what is going on, how many rows are below those in view,
 * and which one is selected. */
static char *
place_text(const TuiState *state, const TuiModel *model, const TuiLayout *layout)
{
	gboolean list = layout->list.rows > 0;
	guint32 length = list ? model->summary->rows->len : tui_length(state, model);
	guint32 selected = list ? state->list_row : state->selected;
	guint32 top = list ? state->list_top : state->top, left = length - MIN(length, top);
	guint rows = list ? tui_list_height(&layout->list) : layout->ladder.rows;
	GString *text = g_string_new(NULL);

	if (!list && rows > 0)
		rows = spacing_rows(state->ns_per_line, model->ladder, top, rows, length);
	if (model->keys > 0)
		g_string_append_printf(text, ngettext("%u key waits", "%u keys wait", model->keys),
				       model->keys);
	if (length == 0 || rows == 0)
		return g_string_free(text, FALSE);
	if (text->len > 0)
		g_string_append(text, "  ");
	if (left > rows) {
		g_string_append(text, tui_is_ascii(state) ? "v " : "▼ ");
		g_string_append_printf(text, _("%u more"), left - rows);
		g_string_append(text, "  ");
	}
	g_string_append_printf(text, "%u/%u", MIN(selected, length - 1) + 1, length);
	return g_string_free(text, FALSE);
}

static void
footer_paint(const TuiState *state, const TuiModel *model, const TuiLayout *layout, Grid *grid)
{
	guint y = state->rows - 1, x = 0, right = state->columns;
	g_autofree char *position = place_text(state, model, layout);
	guint width = text_width(position);
	gboolean list = layout->list.rows > 0, plot = layout->plot.rows > 0;
	gboolean ladder = !list && !plot, playback = tui_play_is_on(state);
	const gboolean shown[] = {
		[TUI_ALWAYS] = TRUE,
		[TUI_STEPPING] = model->stepping,
		[TUI_LIVE] = model->live && !model->stepping && !list && !playback,
		[TUI_PLAYING] = ladder && playback,
		[TUI_NOT_PLAYING] = ladder && !playback,
		[TUI_ON_LADDER] = ladder,
		[TUI_FOLDED] = ladder && state->selection.fold,
		[TUI_SOURCE] = ladder && model->has_source,
		[TUI_LANES] = !plot && layout->scene.n_visible < layout->scene.n_lanes,
		[TUI_COPIES] = ladder && trace_n_copies(model->ladder->trace) > 0,
		[TUI_SEVERAL] = ladder && model->summary && model->n_conversations > 1,
		[TUI_IN_LIST] = list,
		[TUI_NOT_IN_LIST] = !list,
		[TUI_IN_PLOT] = plot,
	};
	const char *text = model->searching ? model->searching
			   : state->message ? state->message
					    : model->building;

	if (width > 0 && width + 1 < right) {
		right -= width;
		grid_put(grid, y, right, width, position, ROLE_FOOTER);
		right -= 2;
	}
	if (text) {
		tui_put_fit(state, grid, y, 0, right, text, ROLE_HEAD);
		return;
	}
	for (int playing = TRUE; playing >= FALSE; playing--) /* playback's keys first */
		for (const TuiKeyHelp *key = tui_keys; key < tui_keys + n_tui_keys; key++)
			if (key->footer && (key->when == TUI_PLAYING) == playing &&
			    shown[key->when])
				x += key_paint(state, model, key, y, x, right, grid);
}

static void
ladder_paint(const TuiState *state, const TuiModel *model, const TuiLayout *layout, Grid *grid)
{
	SceneOptions options = {
		.layout = layout->scene,
		.first_row = state->top,
		.n_rows = layout->ladder.rows,
		.selected_row = state->selected,
		.glyphs = state->glyphs,
		.time = state->time,
		.delta = state->delta,
		.ns_per_line = state->ns_per_line,
		.play = &state->play,
		.mark_ns = state->mark_ns,
		.mark_row = state->mark == EVENT_NONE ? EVENT_NONE
						      : ladder_row_of(model->ladder, state->mark),
	};
	const TuiRect *rect = &layout->ladder;

	scene_head_paint(model->ladder, &options, grid, layout->head.y, layout->head.x);
	scene_rows_paint(model->ladder, &options, grid, rect->y, rect->x);
	if (ladder_length(model->ladder) > 0) /* or playback has not begun yet */
		return;
	/* An empty ladder says why. */
	grid_put_lines(grid, rect->y, rect->x + 1, rect->rows, rect->columns - 2,
		       model->ladder->within > 0
			   ? _("The filter leaves nothing of this. The key f changes it.")
		       : model->live ? _("Nothing yet: waiting for the first packet or call.")
				     : _("There is nothing to show."),
		       ROLE_NOTE);
}

static void
detail_paint(const TuiState *state, const TuiModel *model, const TuiLayout *layout, Grid *grid)
{
	TuiPager pager = tui_detail_pager(model);
	const TuiRect *rect = &layout->detail;
	gboolean focus = tui_detail_focused(state, layout);
	static const struct {
		const char *name, *key; /* msgids */
	} panes[] = {
		[TUI_PANE_DETAILS] = { N_("Detail"), N_("Enter") },
		[TUI_PANE_WHY] = { N_("Why"), "y" },
		[TUI_PANE_SOURCE] = { N_("Source"), "i" },
	};

	g_autofree char *closes = g_strdup_printf(_("%s closes"), _(panes[state->pane].key));
	g_autofree char *heading = g_strdup_printf("%s (%s) ", _(panes[state->pane].name),
						   layout->ladder.rows == 0 ? closes
						   : focus ? _("Tab: back to the ladder")
							   : _("Tab: scroll it"));
	tui_pager_paint(&pager, rect, state->detail_top, heading, focus, state, grid);
	if (layout->detail_beside)
		grid_rule(grid, rect->y, rect->x - TUI_SEPARATOR + 1, rect->rows, RULE_DOWN,
			  state->glyphs);
}

/* The longest message that fits without breaking a word. */
static void
too_small_paint(const TuiState *state, Grid *grid)
{
	g_autofree char *whole =
	    g_strdup_printf(_("The ladder needs %d columns and %d rows; here are %u and %u."),
			    SCENE_MIN_WIDTH, TUI_MIN_ROWS, state->columns, state->rows);
	g_autofree char *brief = g_strdup_printf(_("needs %d x %d"), SCENE_MIN_WIDTH, TUI_MIN_ROWS);
	g_autofree char *numbers = g_strdup_printf("%dx%d", SCENE_MIN_WIDTH, TUI_MIN_ROWS);
	const char *messages[] = { whole, brief, numbers, "!" };

	for (guint i = 0; i < G_N_ELEMENTS(messages); i++) {
		g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
		g_auto(GStrv) words = g_strsplit(messages[i], " ", -1);
		gboolean fits = TRUE;

		for (char **word = words; *word; word++)
			fits &= text_width(*word) <= grid->columns;
		grid_wrap(lines, messages[i], grid->columns, 0);
		if (!fits || lines->len > grid->rows)
			continue;
		grid_put_lines(grid, 0, 0, grid->rows, grid->columns, messages[i], ROLE_PLAIN);
		return;
	}
}

void
tui_paint(const TuiState *state, const TuiModel *model, Grid *grid)
{
	TuiLayout layout = tui_layout(state, model);

	grid_fill(grid, 0, 0, grid->rows, grid->columns, ROLE_PLAIN);
	if (layout.too_small) {
		too_small_paint(state, grid);
	} else {
		title_paint(state, model, &layout, grid);
		if (layout.notice.rows > 0)
			notice_paint(state, model, &layout.notice, grid);
		if (layout.ladder.rows > 0) {
			ladder_paint(state, model, &layout, grid);
		}
		if (layout.detail.rows > 0)
			detail_paint(state, model, &layout, grid);
		if (layout.list.rows > 0)
			tui_list_paint(state, model, &layout.list, grid);
		if (layout.plot.rows > 0)
			tui_plot_paint(state, model, &layout, grid);
		if (layout.page.rows > 0) {
			g_autoptr(GPtrArray) lines = NULL;
			TuiPager pager = tui_page(state, model, &lines);

			tui_pager_paint(&pager, &layout.page, state->page_top,
					state->help ? _("Help (Esc closes) ")
						    : _("Output (Esc closes) "),
					TRUE, state, grid);
		}
		if (layout.play.rows > 0)
			tui_play_paint(state, model, &layout, grid);
		if (layout.held)
			held_paint(state, model, state->rows - 1 - MAX(tui_ask_rows(state), 1),
				   grid);
		if (tui_ask_rows(state) > 0)
			tui_ask_paint(state, model, grid);
		else
			footer_paint(state, model, &layout, grid);
	}
	if (tui_is_ascii(state)) {
		/* Whatever the texts hold, ASCII is ASCII: letters lose their accents, the rest
		 * becomes question marks. */
		for (guint i = 0; i < grid->rows * grid->columns; i++) {
			Cell *cell = &grid->cells[i];
			gunichar base;

			cell->combining = 0;
			if (cell->character != 0 && cell->character < 0x7f)
				continue;
			if (cell->character == 0 ||
			    g_unichar_fully_decompose(cell->character, FALSE, &base, 1) == 0 ||
			    base >= 0x7f)
				base = '?';
			cell->character = base;
		}
	}
}

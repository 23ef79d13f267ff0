/* SPDX-License-Identifier: MIT */
#include "pktladder/print.h"

#include "pktladder/complain.h"
#include "pktladder/trace.h"

/* Painted at a time. */
#define CHUNK_ROWS 150
G_STATIC_ASSERT(CHUNK_ROWS *(SPACING_MOST + 1) <= 1000); /* a grid's most */

/* More than the least, where there is no terminal to be narrow: for the delta, and
 * for labels that say more. */
#define ROOMY_TIMES 22
#define ROOMY_GAP   6

static gboolean
grid_print(const Printer *printer, const Grid *grid)
{
	g_autoptr(GString) text = g_string_new(NULL);

	grid_to_text(grid, printer->colour, text);
	return fwrite(text->str, 1, text->len, printer->file) == text->len;
}

/* Calls get their room where one came before the first packet of all: that is
 * known when the head is printed, whatever comes later. */
static gboolean
calls_expected(const Ladder *ladder)
{
	const Trace *trace = ladder->trace;

	if (ladder->selection.hide_calls)
		return FALSE;
	for (guint32 i = 0; i < trace_length(trace); i++) {
		const Event *event = trace_event(trace, i);

		if (event->kind == EVENT_CALL)
			return TRUE;
		if (event->kind == EVENT_PACKET && event->conversation != CONVERSATION_NONE)
			return FALSE;
	}
	return FALSE;
}

void
print_lanes_check(const SceneLayout *layout, SceneTime time)
{
	guint needed =
	    scene_width_for_lanes(layout->calls, time, SCENE_DELTA_PREVIOUS, layout->n_lanes);

	if (layout->n_visible >= layout->n_lanes)
		return;
	if (needed <= PRINT_WIDTH_MAX)
		complain(_("%u of %u lanes fit into %u columns; --width %u shows them all"),
			 layout->n_visible, layout->n_lanes, layout->width, needed);
	else
		complain(_("%u of %u lanes fit into %u columns; choose fewer with --conversations"),
			 layout->n_visible, layout->n_lanes, layout->width);
}

/* The first lines of the head as it is for that row. */
static gboolean
head_print(Printer *printer, guint32 row, guint lines)
{
	const SceneOptions options = { .layout = printer->layout,
				       .selected_row = row,
				       .time = printer->time,
				       .glyphs = printer->glyphs };
	g_autoptr(Grid) grid = grid_new(lines, printer->width);

	scene_head_paint(printer->ladder, &options, grid, 0, 0);
	return grid_print(printer, grid);
}

/* Whether a row on two lanes is of another conversation than those before. */
static gboolean
names_change(Printer *printer, guint32 row)
{
	guint32 event = ladder_row(printer->ladder, row).event;
	guint32 index = trace_event(printer->ladder->trace, event)->conversation;

	if (index == printer->conversation || index == CONVERSATION_NONE ||
	    printer->layout.n_lanes > 2 ||
	    printer->ladder->selection.conversation != CONVERSATION_NONE)
		return FALSE;
	printer->conversation = index;
	return TRUE;
}

static gboolean
printer_start(Printer *printer)
{
	gboolean calls = calls_expected(printer->ladder);
	guint n_lanes = ladder_n_lanes(printer->ladder);

	if (printer->widens && n_lanes > 2) {
		guint least =
		    scene_width_for_lanes(calls, printer->time, SCENE_DELTA_PREVIOUS, n_lanes);

		printer->width = CLAMP(least + ROOMY_TIMES + (n_lanes - 1) * ROOMY_GAP,
				       printer->width, PRINT_WIDTH_MAX);
	}
	printer->layout =
	    scene_layout(printer->width, calls, printer->time, SCENE_DELTA_PREVIOUS, n_lanes);
	print_lanes_check(&printer->layout, printer->time);
	printer->started = TRUE;
	printer->conversation = ladder_conversation_at(printer->ladder, EVENT_NONE);
	return head_print(printer, EVENT_NONE, printer->layout.head_rows);
}

static gboolean
rows_print(Printer *printer, guint32 end)
{
	while (printer->printed < end) {
		guint n_rows = MIN(end - printer->printed, CHUNK_ROWS);
		SceneOptions options = { .layout = printer->layout,
					 .first_row = printer->printed,
					 .n_rows = n_rows,
					 .selected_row = EVENT_NONE,
					 .time = printer->time,
					 .ns_per_line = printer->ns_per_line,
					 .lead = TRUE,
					 .glyphs = printer->glyphs };

		for (guint i = 0; i < n_rows; i++) /* with the gaps above them */
			options.n_rows += spacing_lines(printer->ns_per_line, printer->ladder,
							printer->printed + i);
		g_autoptr(Grid) grid = grid_new(options.n_rows, printer->width);
		scene_rows_paint(printer->ladder, &options, grid, 0, 0);
		if (!grid_print(printer, grid))
			return FALSE;
		printer->printed += n_rows;
	}
	return TRUE;
}

gboolean
printer_update(Printer *printer, gboolean whole)
{
	const FlowTable *flows = trace_flows(printer->ladder->trace);

	ladder_update(printer->ladder);
	if (printer->spacing_auto) {
		if (!whole)
			return TRUE;
		printer->ns_per_line = spacing_choose(printer->ladder);
		printer->spacing_auto = FALSE;
	}
	/* The head names the ends of the first row's conversation, so it waits for one; where none
	 * of the first rows has one, for the first of all. */
	if (!printer->started && !whole &&
	    ladder_conversation_at(printer->ladder, EVENT_NONE) == CONVERSATION_NONE &&
	    (ladder_length(printer->ladder) < LADDER_CONVERSATION_NEAR ||
	     flow_table_length(flows) == 0))
		return TRUE;
	if (!printer->started && !printer_start(printer))
		return FALSE;
	guint32 end = whole ? ladder_length(printer->ladder) : ladder_final_length(printer->ladder);
	end = MIN(end, play_whole_length(printer->play, printer->ladder));
	for (guint32 row = printer->printed; row < end; row++) {
		if (names_change(printer, row) &&
		    (!rows_print(printer, row) || !head_print(printer, row, 1)))
			return FALSE;
	}
	return rows_print(printer, end) && fflush(printer->file) == 0;
}

/* SPDX-License-Identifier: MIT */
/* What pktladder does with a recording, for callgrind: growth.py counts the
 * instructions. The program itself is confined, and valgrind cannot run in there.
 *
 *   bench-growth FILE read|text|fold|screen|FORMAT [all] [rows-per-page]
 *
 * `text` and `fold` draw all rows, `screen` a page of the newest ones while the file
 * is read; a figure's format writes it. `all`: each conversation is marked, a lane
 * for each endpoint.
 */
#include <stdlib.h>

#include "pktladder/details.h"
#include "pktladder/capture.h"
#include "pktladder/figure.h"
#include "pktladder/scene.h"

#define WIDTH  120
#define PAGE   40  /* rows of a screen */
#define CHUNK  150 /* rows at a time, as text */
#define A_LOOK 64  /* events between two frames */

static void
rows_paint(const Ladder *ladder, guint32 first, guint n)
{
	SceneOptions options = { .layout =
				     scene_layout(WIDTH, TRUE, SCENE_TIME_START,
						  SCENE_DELTA_PREVIOUS, ladder_n_lanes(ladder)),
				 .first_row = first,
				 .n_rows = n,
				 .selected_row = EVENT_NONE };
	g_autoptr(Grid) grid = grid_new(n, WIDTH);
	g_autoptr(GString) text = g_string_new(NULL);

	scene_rows_paint(ladder, &options, grid, 0, 0);
	grid_to_text(grid, FALSE, text);
}

static void
frame_paint(Ladder *ladder)
{
	guint32 length;

	ladder_update(ladder);
	length = ladder_length(ladder);
	rows_paint(ladder, length - MIN(length, PAGE), PAGE);
}

static void
text_print(Ladder *ladder)
{
	ladder_update(ladder);
	for (guint32 row = 0; row < ladder_length(ladder); row += CHUNK)
		rows_paint(ladder, row, MIN(CHUNK, ladder_length(ladder) - row));
}

/* `ladder`: drawn while it is read; NULL none. */
static void
file_read(Capture *capture, PacketStore *store, Trace *trace, Ladder *ladder)
{
	CaptureItem item;

	for (guint n = 1;; n++) {
		guint64 offset;

		capture_next(capture, &item);
		if (item.kind == CAPTURE_END)
			return;
		if (item.kind == CAPTURE_CALL)
			trace_add_call(trace, &item.call);
		else if (item.kind == CAPTURE_PACKET &&
			 store_add(store, &item.packet, item.offset, &offset, NULL))
			trace_add_packet(trace, &item.packet, offset);
		if (ladder && n % A_LOOK == 0)
			frame_paint(ladder);
	}
}

static void
figure_print(Ladder *ladder, PacketStore *store, const FigureFormat *format, guint rows_per_page)
{
	FigureOptions options = { .time = FIGURE_TIME_START,
				  .states = TRUE,
				  .rows_per_page = rows_per_page };
	g_autoptr(Figure) figure = NULL;

	ladder_update(ladder);
	figure = figure_new(ladder, &options);
	if (format->details)
		details_add(figure, store, FIGURE_DETAILS);
	for (; options.page < figure_n_pages(figure, &options); options.page++) {
		g_autoptr(GString) page = g_string_new(NULL);

		figure_format_write(format, figure, &options, page);
	}
}

static ConversationSet *
all_marked(const Trace *trace)
{
	guint n = flow_table_length(trace_flows(trace));
	g_autofree guint32 *indices = g_new(guint32, n);

	for (guint i = 0; i < n; i++)
		indices[i] = i;
	return conversation_set_new(indices, n);
}

int
main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Capture) capture = argc > 2 ? capture_open_file(argv[1], NULL, &error) : NULL;
	g_autoptr(PacketStore) store = capture ? store_new(capture, &error) : NULL;
	g_autoptr(Trace) trace = trace_new();
	const char *what = argc > 2 ? argv[2] : "";
	gboolean all = argc > 3 && g_str_equal(argv[3], "all"),
		 screen = g_str_equal(what, "screen");
	Selection selection = { .conversation = CONVERSATION_NONE,
				.fold = g_str_equal(what, "fold") };
	g_autoptr(Ladder) ladder = NULL;

	if (!store) {
		g_printerr("bench-growth: %s\n", error ? error->message : "FILE WHAT [all] [rows]");
		return 2;
	}
	if (screen)
		ladder = ladder_new(trace, selection);
	file_read(capture, store, trace, ladder);
	if (screen || g_str_equal(what, "read"))
		return 0;
	if (all)
		selection.set = all_marked(trace);
	ladder = ladder_new(trace, selection);
	conversation_set_unref(selection.set);
	if (g_str_equal(what, "text") || selection.fold)
		text_print(ladder);
	else
		figure_print(ladder, store, figure_format_find(what),
			     argc > 3 ? atoi(argv[argc - 1]) : 0);
	return 0;
}

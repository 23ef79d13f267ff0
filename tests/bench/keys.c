/* SPDX-License-Identifier: MIT */
/* What the screen does for a key, measured on captures of very different size:
 * the pure view (tui_update, tui_settle, tui_paint) on traces that were read
 * through the real layers, and the slices of what takes longer.
 *
 *   bench-keys SMALL LARGE THOUSAND MILLION ONE-SMALL ONE-LARGE
 *
 * SMALL and LARGE have many conversations, the others one each: THOUSAND and
 * MILLION are opened, ONE-SMALL and ONE-LARGE plotted. Each measurement is a line
 * "label<TAB>microseconds"; under valgrind's callgrind it is a dump with the label instead, and
 * nothing but the measured part is instrumented. keys.py runs both, and judges.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <valgrind/callgrind.h>

#include "pktladder/capture.h"
#include "pktladder/decode.h"
#include "pktladder/store.h"
#include "pktladder/tui.h"
#include "../packets.h"
#include "pktladder/details.h"

/* As in src/view/builder.c and search.c. */
#define BUILD_EVENTS 1024
#define PROBLEM_ROWS 4096
#define TEXT_ROWS    32

#define PRESSES           8 /* of each key: rows differ */
#define PLAYBACK_FRAME_NS 20000
#define ROWS              40
#define COLUMNS           120

typedef struct {
	Capture *capture;
	PacketStore *store;
	Trace *trace;
} Loaded;

typedef struct {
	Loaded *loaded;
	Ladder *ladder;
	Summary *summary;
	History history;
	GPtrArray *detail;
	Plot *plot; /* NULL none */
	TuiState state;
} Screen;

static gint64 begun_us;

/* Processor time: other programs are none of ours. */
static gint64
now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (gint64)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void
measure_begin(void)
{
	CALLGRIND_ZERO_STATS;
	begun_us = now_us();
}

static void
measure_end(const char *size, const char *view, const char *what)
{
	gint64 spent_us = now_us() - begun_us;
	g_autofree char *label = g_strdup_printf("%s/%s/%s", size, view, what);

	if (RUNNING_ON_VALGRIND)
		CALLGRIND_DUMP_STATS_AT(label);
	else
		printf("%s\t%" G_GINT64_FORMAT "\n", label, spent_us);
}

static void
fail(const char *what, const char *why)
{
	fprintf(stderr, "bench-keys: %s: %s\n", what, why);
	exit(2);
}

static Loaded
load(const char *path)
{
	g_autoptr(GError) error = NULL;
	Loaded loaded = { .capture = capture_open_file(path, NULL, &error) };
	CaptureItem item;
	guint64 offset;

	loaded.store = loaded.capture ? store_new(loaded.capture, &error) : NULL;
	loaded.trace = trace_new();
	if (!loaded.store)
		fail(path, error->message);
	for (;;) {
		capture_next(loaded.capture, &item);
		if (item.kind == CAPTURE_END)
			return loaded;
		if (item.kind != CAPTURE_PACKET)
			continue;
		if (!store_add(loaded.store, &item.packet, item.offset, &offset, &error))
			fail(path, error->message);
		trace_add_packet(loaded.trace, &item.packet, offset);
	}
}

static TuiModel
model_make(Screen *screen)
{
	return (TuiModel){
		.ladder = screen->ladder,
		.title = "capture.pcap",
		.replay = TRUE,
		.detail = screen->detail,
		.n_conversations = flow_table_length(trace_flows(screen->loaded->trace)),
		.summary = screen->summary,
		.plot = screen->plot,
		.plot_progress = -1,
	};
}

static void
settle(Screen *screen)
{
	TuiModel model = model_make(screen);

	tui_settle(&screen->state, &model);
}

/* As display_paint() in src/view/display.c. */
static void
paint(Screen *screen)
{
	g_autoptr(Grid) grid = NULL;
	TuiModel model;

	ladder_update_slice(screen->ladder, BUILD_EVENTS);
	settle(screen);
	g_clear_pointer(&screen->detail, g_ptr_array_unref);
	if (screen->state.detail && !screen->state.list)
		screen->detail =
		    details_make(screen->ladder, screen->state.selected, FIGURE_DETAILS, NULL,
				 screen->loaded->store, &screen->history, 0, NULL);
	model = model_make(screen);
	grid = grid_new(screen->state.rows, screen->state.columns);
	tui_paint(&screen->state, &model, grid);
}

static void
press(Screen *screen, TuiKey key, gunichar character)
{
	TuiModel model = model_make(screen);
	TuiInput input = { .key = key, .character = character };

	tui_update(&screen->state, &model, &input);
}

static void
screen_open(Screen *screen, Loaded *loaded, Selection selection, const char *keys)
{
	*screen = (Screen){ .loaded = loaded, .summary = summary_new(loaded->trace) };
	tui_init(&screen->state, ROWS, COLUMNS, GLYPHS_UTF8);
	screen->state.detail = FALSE;
	screen->state.follow = FALSE;
	conversation_set_ref(selection.set);
	filter_ref(selection.filter);
	screen->state.selection = selection;
	screen->ladder = ladder_new(loaded->trace, selection);
	ladder_update(screen->ladder);
	screen->state.selected = ladder_length(screen->ladder) / 2;
	for (; *keys; keys++) {
		press(screen, *keys == '\n' ? TUI_KEY_ENTER : TUI_KEY_CHARACTER, *keys);
		settle(screen);
		while (screen->state.busy)
			settle(screen);
	}
	paint(screen);
}

static void
screen_shut(Screen *screen)
{
	tui_clear(&screen->state);
	ladder_free(screen->ladder);
	summary_free(screen->summary);
	history_clear(&screen->history);
	g_clear_pointer(&screen->detail, g_ptr_array_unref);
	g_clear_pointer(&screen->plot, plot_free);
}

static const struct {
	const char *name;
	TuiKey key;
} keys[] = {
	{ "Down", TUI_KEY_DOWN },        { "Up", TUI_KEY_UP },   { "PgDn", TUI_KEY_PAGE_DOWN },
	{ "PgUp", TUI_KEY_PAGE_UP },     { "End", TUI_KEY_END }, { "Home", TUI_KEY_HOME },
	{ "wheel", TUI_KEY_WHEEL_DOWN },
};

static void
keys_measure(Screen *screen, const char *size, const char *view)
{
	for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
		measure_begin();
		for (guint n = 0; n < PRESSES; n++) {
			press(screen, keys[i].key, 0);
			paint(screen);
		}
		measure_end(size, view, keys[i].name);
	}
}

/* Of a playback: the packets come every 2 us, so that some have come by each frame. */
static void
frames_measure(Screen *screen, const char *size, const char *view)
{
	measure_begin();
	for (guint n = 0; n < PRESSES; n++) {
		TuiModel model = model_make(screen);

		tui_play(&screen->state, &model, PLAYBACK_FRAME_NS);
		paint(screen);
	}
	measure_end(size, view, "frame");
}

static void
character_measure(Screen *screen, const char *size, const char *view, char character)
{
	const char name[] = { character, 0 };

	measure_begin();
	for (guint n = 0; n < PRESSES; n++) {
		press(screen, TUI_KEY_CHARACTER, character);
		paint(screen);
	}
	measure_end(size, view, name);
}

/* The views on the ladder: what is in them, and the keys that lead there. Of the folds
 * of one conversation the loaded file has only that one: the folds of many are short. */
static void
ladders_measure(Loaded *loaded, const char *size, gboolean of_one)
{
	g_autoptr(ConversationSet) set = conversation_set_new((const guint32[]){ 5, 1, 3 }, 3);
	g_autoptr(ConversationSet) lanes =
	    conversation_set_new((const guint32[]){ 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 }, 10);
	g_autoptr(Filter) filter = filter_new("retransmission or length > 400", NULL);
	const struct {
		const char *name;
		Selection selection;
		const char *keys;
		gboolean of_one, digits; /* "1" is a key there */
	} views[] = {
		{ "ladder", SELECTION_ALL, "" },
		{ "conversation", { .conversation = 4 }, "" },
		{ "marked set", { .conversation = CONVERSATION_NONE, .set = set }, "" },
		{ "filter", { .conversation = CONVERSATION_NONE, .filter = filter }, "" },
		{ "folded", { .conversation = CONVERSATION_NONE, .fold = TRUE }, "" },
		{ "one folded", { .conversation = CONVERSATION_NONE, .fold = TRUE }, "", TRUE },
		{ "one fold opened", { .conversation = 0, .fold = TRUE }, "x", TRUE },
		{ "detail pane", SELECTION_ALL, "\n" },
		{ "clock and delta", SELECTION_ALL, "tm" },
		{ "spacing", SELECTION_ALL, "T" },
		{ "playback", SELECTION_ALL, "P5", FALSE, TRUE },
		{ "playback paused", SELECTION_ALL, "P5 ", FALSE, TRUE },
		{ "lanes", { .conversation = CONVERSATION_NONE, .set = lanes }, "" },
		{ "help", SELECTION_ALL, "?" },
		{ "filter prompt", SELECTION_ALL, "fport ", FALSE, TRUE },
		{ "search prompt", SELECTION_ALL, "/abc", FALSE, TRUE },
		{ "go-to prompt", SELECTION_ALL, ":12", FALSE, TRUE },
		{ "save prompt", SELECTION_ALL, "sx", FALSE, TRUE },
	};

	for (guint i = 0; i < G_N_ELEMENTS(views); i++) {
		Screen screen;

		if (views[i].of_one != of_one)
			continue;
		screen_open(&screen, loaded, views[i].selection, views[i].keys);
		CALLGRIND_START_INSTRUMENTATION;
		keys_measure(&screen, size, views[i].name);
		if (views[i].digits)
			character_measure(&screen, size, views[i].name, '1');
		if (tui_play_next_ns(&screen.state, &(TuiModel){ .ladder = screen.ladder }) >= 0)
			frames_measure(&screen, size, views[i].name);
		CALLGRIND_STOP_INSTRUMENTATION;
		screen_shut(&screen);
	}
}

/* The list of conversations in every order. */
static void
lists_measure(Loaded *loaded, const char *size)
{
	for (guint i = 0; i < 2 * N_SUMMARY_COLUMNS; i++) {
		SummaryColumn column = i / 2;
		g_autofree char *name =
		    g_strdup_printf("list by %s, %s", summary_columns[column].id,
				    i % 2 ? "descending" : "ascending");
		Screen screen;

		if (summary_columns[column].rank == SUMMARY_SCRIPTS_ONLY)
			continue;
		screen_open(&screen, loaded, SELECTION_ALL, "l");
		screen.state.list_column = column;
		screen.state.list_descending = i % 2;
		do
			settle(&screen);
		while (screen.state.busy);
		CALLGRIND_START_INSTRUMENTATION;
		keys_measure(&screen, size, name);
		CALLGRIND_STOP_INSTRUMENTATION;
		screen_shut(&screen);
	}
}

/* As in src/view/plotter.c. */
static Plot *
plot_make(const Loaded *loaded)
{
	g_autoptr(FlowTable) flows = flow_table_new();
	Plot *plot = plot_new(loaded->trace, 0, PLOT_SPANS_MAX, G_MININT64, G_MAXINT64);

	for (guint32 i = 0; i < trace_length(loaded->trace); i++) {
		const Event *event = trace_event(loaded->trace, i);
		FlowResult result;
		Packet packet;
		Facts facts;

		if (!store_fetch(loaded->store, event_offset(event), &packet, NULL))
			fail("a packet", "it cannot be read again");
		decode_headers(&packet, &facts);
		flow_table_add(flows, &facts, event->time_ns, trace_frame(loaded->trace, i),
			       &result);
		plot_add(plot, i, &facts, &result.verdict);
	}
	return plot;
}

/* The plots of one conversation: the cursor moves, and the graph is made anew. */
static void
plots_measure(Loaded *loaded, const char *size)
{
	Plot *plot = plot_make(loaded);

	for (PlotKind kind = 0; kind < N_PLOT_KINDS; kind++) {
		g_autofree char *name = g_strdup_printf("plot %s", plot_kinds[kind].id);
		const char keys_there[] = { 'v', '1' + kind, 0 };
		Screen screen;

		screen_open(&screen, loaded, SELECTION_ALL, keys_there);
		screen.plot = plot;
		paint(&screen);
		CALLGRIND_START_INSTRUMENTATION;
		keys_measure(&screen, size, name);
		character_measure(&screen, size, name, 'R');
		CALLGRIND_STOP_INSTRUMENTATION;
		screen.plot = NULL;
		screen_shut(&screen);
	}
	plot_free(plot);
}

/* From Enter in the list to the first painted frame. */
static void
opening_measure(Loaded *loaded, const char *size)
{
	Screen screen;
	Ladder *next;

	screen_open(&screen, loaded, SELECTION_ALL, "");
	CALLGRIND_START_INSTRUMENTATION;
	measure_begin();
	screen.state.selection.conversation = 0;
	screen.state.selected = screen.state.top = 0;
	next = ladder_new(loaded->trace, screen.state.selection);
	do
		ladder_update_slice(next, BUILD_EVENTS);
	while (!tui_ladder_is_ready(&screen.state, next));
	CALLGRIND_STOP_INSTRUMENTATION; /* freeing the old one is no part of it */
	ladder_free(screen.ladder);
	screen.ladder = next;
	CALLGRIND_START_INSTRUMENTATION;
	paint(&screen);
	measure_end(size, "opening a conversation", "Enter");
	CALLGRIND_STOP_INSTRUMENTATION;
	screen_shut(&screen);
}

static gboolean
fetch(const Event *event, Packet *packet, gpointer store)
{
	return store_fetch(store, event_offset(event), packet, NULL);
}

/* Slices: the longest of all by its time; of instructions some, since all look at as
 * many events. */
typedef gboolean Slice(gpointer data);

static void
slices_measure(const char *view, const char *what, Slice *slice, gpointer data)
{
	gint64 longest_us = 0, whole_us = 0;
	guint n = 0;
	gboolean more = TRUE;

	while (more && !(RUNNING_ON_VALGRIND && n > 256)) {
		gboolean measured = RUNNING_ON_VALGRIND && n % 64 == 0;
		gint64 spent_us;

		if (measured)
			CALLGRIND_START_INSTRUMENTATION;
		measure_begin();
		more = slice(data);
		spent_us = now_us() - begun_us;
		if (measured) {
			measure_end("slice", view, what);
			CALLGRIND_STOP_INSTRUMENTATION;
		}
		longest_us = MAX(longest_us, spent_us);
		whole_us += spent_us;
		n++;
	}
	if (!RUNNING_ON_VALGRIND)
		printf("slice/%s/%s\t%" G_GINT64_FORMAT "\t%u\t%" G_GINT64_FORMAT "\n", view, what,
		       longest_us, n, whole_us);
}

static gboolean
ladder_slice(gpointer ladder)
{
	return ladder_update_slice(ladder, BUILD_EVENTS);
}

static gboolean
problem_slice(gpointer find)
{
	FindHit hit;

	return !find_run(find, PROBLEM_ROWS, &hit);
}

static gboolean
text_slice(gpointer find)
{
	FindHit hit;

	return !find_run(find, TEXT_ROWS, &hit);
}

static gboolean
summary_slice(gpointer summary)
{
	return summary_update(summary, TRUE);
}

static void
building_measure(Loaded *loaded)
{
	g_autoptr(Filter) filter = filter_new("length > 400", NULL);
	g_autoptr(Filter) nothing = filter_new("length > 100000", NULL);
	const struct {
		const char *name;
		Selection selection;
	} views[] = {
		{ "all", SELECTION_ALL },
		{ "filter", { .conversation = CONVERSATION_NONE, .filter = filter } },
		{ "folded", { .conversation = CONVERSATION_NONE, .fold = TRUE } },
		{ "nothing", { .conversation = CONVERSATION_NONE, .filter = nothing } },
	};
	g_autoptr(Ladder) all = ladder_new(loaded->trace, SELECTION_ALL);

	for (guint i = 0; i < G_N_ELEMENTS(views); i++) {
		g_autoptr(Ladder) ladder = ladder_new(loaded->trace, views[i].selection);

		slices_measure("laying out", views[i].name, ladder_slice, ladder);
	}
	ladder_update(all);
	if (!RUNNING_ON_VALGRIND) { /* minutes there */
		g_autoptr(Find) text =
		    find_new(all, FIND_TEXT, "no such text", 0, FALSE, fetch, loaded->store);

		slices_measure("searching", "text", text_slice, text);
	}
	for (guint n = 0; n < 4; n++) {
		g_autoptr(Find) problem = find_new(all, FIND_PROBLEM, NULL,
						   ladder_length(all) / 4 * n, FALSE, NULL, NULL);

		slices_measure("searching", "problem", problem_slice, problem);
	}
}

/* A million conversations of a datagram each, in no order. */
static void
sorting_measure(void)
{
	g_autoptr(Trace) trace = trace_new();
	g_autoptr(Summary) summary = summary_new(trace);
	guint32 random = 1;

	for (guint32 i = 0; i < 1000 * 1000; i++) {
		const guint8 client[] = { 10, i >> 16, i >> 8, i };
		Made made;

		random = random * 1664525 + 1013904223;
		PacketSpec spec = { .from = endpoint_make(4, client, random >> 16),
				    .to = endpoint_make(4, (const guint8[]){ 10, 1, 0, 1 }, 53),
				    .protocol = IPPROTO_UDP,
				    .length = random >> 27 };
		Packet packet = packet_make(&made, (gint64)i * 1000, &spec);
		trace_add_packet(trace, &packet, 0);
	}
	while (summary_update(summary, TRUE))
		continue;
	for (SummaryColumn column = 0; column < N_SUMMARY_COLUMNS; column++) {
		summary_set_order(summary, column, TRUE);
		slices_measure("sorting a million", summary_columns[column].id, summary_slice,
			       summary);
	}
}

int
main(int argc, char **argv)
{
	static const char *const sizes[] = { "small",   "large", "thousand",
					     "million", "small", "large" };
	Loaded loaded[G_N_ELEMENTS(sizes)];

	if (argc != 1 + G_N_ELEMENTS(sizes)) {
		fprintf(stderr, "bench-keys SMALL LARGE THOUSAND MILLION ONE-SMALL ONE-LARGE\n");
		return 2;
	}
	for (guint i = 0; i < G_N_ELEMENTS(sizes); i++)
		loaded[i] = load(argv[1 + i]);
	for (guint i = 0; i < 2; i++) {
		ladders_measure(&loaded[i], sizes[i], FALSE);
		lists_measure(&loaded[i], sizes[i]);
	}
	for (guint i = 2; i < 4; i++)
		opening_measure(&loaded[i], sizes[i]);
	for (guint i = 4; i < G_N_ELEMENTS(sizes); i++) {
		ladders_measure(&loaded[i], sizes[i], TRUE);
		plots_measure(&loaded[i], sizes[i]);
	}
	building_measure(&loaded[1]);
	if (!RUNNING_ON_VALGRIND) /* minutes there */
		sorting_measure();
	return 0;
}

/* SPDX-License-Identifier: MIT */
/* Blank lines between rows in proportion to time; and the scene that draws them. */
#include "scene_cells.h"
#include "story.h"

#include <string.h>

#define MS G_GINT64_CONSTANT(1000000)

typedef struct {
	Story story;
	Ladder *ladder;
} Fixture;

/* A row at each of these times, in ms. */
static void
fixture_init(Fixture *fixture, const gint64 *times, guint n)
{
	story_init(&fixture->story, 4);
	for (guint i = 0; i < n; i++) {
		fixture->story.now_ns = STORY_START_NS + times[i] * MS;
		story_tcp(&fixture->story, SIDE_CLIENT, TCP_PSH | TCP_ACK, 10);
	}
	fixture->ladder = ladder_new(fixture->story.trace, SELECTION_ALL);
	ladder_update(fixture->ladder);
	g_assert_cmpuint(ladder_length(fixture->ladder), ==, n);
}

static void
fixture_clear(Fixture *fixture)
{
	ladder_free(fixture->ladder);
	story_clear(&fixture->story);
}

/*			      gaps:  10  0  15  40  backwards   1000 */
static const gint64 times[] = { 0, 10, 10, 25, 65, 60, 1060 };

static void
test_lines(void)
{
	static const guint lines[] = { 0, 0, 0, 1, 3, 0, 5 }; /* at 10 ms, at most 5 */
	const gint64 spacing = 10 * MS, off = 0;
	Fixture f;

	fixture_init(&f, times, G_N_ELEMENTS(times));
	for (guint i = 0; i < G_N_ELEMENTS(lines); i++) {
		g_autofree char *wait = spacing_cut_text(spacing, f.ladder, i);

		g_assert_cmpuint(spacing_lines(spacing, f.ladder, i), ==, lines[i]);
		g_assert_cmpstr(wait, ==, i == 6 ? "1 s" : NULL);
		g_assert_cmpuint(spacing_lines(off, f.ladder, i), ==, 0);
		g_assert_null(spacing_cut_text(off, f.ladder, i));
	}
	fixture_clear(&f);
}

/* The windows by the sums of their lines, tried one by one. */
static void
test_windows(void)
{
	guint n = G_N_ELEMENTS(times);
	const gint64 scales[] = { 0, 10 * MS, 1 * MS, 500 * MS };
	Fixture f;

	fixture_init(&f, times, n);
	for (guint s = 0; s < G_N_ELEMENTS(scales); s++)
		for (guint top = 0; top < n; top++)
			for (guint height = 1; height < 30; height++) {
				guint line = 0, rows = 0, at = 0;

				for (guint row = top; row < n; row++) {
					if (row > top)
						line += 1 + spacing_lines(scales[s], f.ladder, row);
					for (; at <= line; at++)
						g_assert_cmpuint(
						    spacing_row_at(scales[s], f.ladder, top, at, n),
						    ==, row);
					if (line < height) {
						rows++;
						/* from the row's own point of view */
						g_assert_cmpuint(
						    spacing_top(scales[s], f.ladder, row, height),
						    <=, top);
					} else {
						g_assert_cmpuint(
						    spacing_top(scales[s], f.ladder, row, height),
						    >, top);
					}
				}
				g_assert_cmpuint(spacing_row_at(scales[s], f.ladder, top, at, n),
						 ==, EVENT_NONE);
				g_assert_cmpuint(
				    MIN(spacing_rows(scales[s], f.ladder, top, height, n), n - top),
				    ==, rows);
			}
	fixture_clear(&f);
}

static void
test_step(void)
{
	g_assert_cmpint(spacing_step(1 * MS, 1), ==, 2 * MS);
	g_assert_cmpint(spacing_step(2 * MS, 1), ==, 5 * MS);
	g_assert_cmpint(spacing_step(5 * MS, 1), ==, 10 * MS);
	g_assert_cmpint(spacing_step(10 * MS, -1), ==, 5 * MS);
	g_assert_cmpint(spacing_step(3 * MS, -1), ==, 2 * MS);
	g_assert_cmpint(spacing_step(3 * MS, 1), ==, 5 * MS);
	g_assert_cmpint(spacing_step(SPACING_MIN_NS, -1), ==, SPACING_MIN_NS);
	g_assert_cmpint(spacing_step(SPACING_MAX_NS, 1), ==, SPACING_MAX_NS);
}

/* One long wait does not squeeze the rest; many rows are looked at by sample. */
static void
test_choose(void)
{
	Fixture f;
	gint64 many[5000];

	for (guint i = 0; i < 30; i++)
		many[i] = i * 10 + (i > 15 ? 86400000 : 0);
	fixture_init(&f, many, 30);
	g_assert_cmpint(spacing_choose(f.ladder), ==, 5 * MS);
	fixture_clear(&f);
	for (guint i = 0; i < G_N_ELEMENTS(many); i++)
		many[i] = i * 10;
	fixture_init(&f, many, G_N_ELEMENTS(many));
	g_assert_cmpint(spacing_choose(f.ladder), ==, 5 * MS);
	fixture_clear(&f);
	fixture_init(&f, many, 1);
	g_assert_cmpint(spacing_choose(f.ladder), >=, SPACING_MIN_NS);
	fixture_clear(&f);
	fixture_init(&f, NULL, 0);
	g_assert_cmpint(spacing_choose(f.ladder), >=, SPACING_MIN_NS);
	fixture_clear(&f);
}

static void
test_parse(void)
{
	static const struct {
		const char *text;
		gint64 ns; /* -1: it is none */
	} cases[] = {
		{ "auto", 0 },
		{ "1ms", MS },
		{ "10ms", 10 * MS },
		{ "50us", 50000 },
		{ "50µs", 50000 },
		{ "1.5s", 1500 * MS },
		{ "2min", 120000 * MS },
		{ "0.5us", -1 },
		{ "", -1 },
		{ "ms", -1 },
		{ "10", -1 },
		{ "10 ms", -1 },
		{ "-1ms", -1 },
		{ "0ms", -1 },
		{ "1h", -1 },
		{ "99999999min", -1 },
		{ "1.2.3s", -1 },
		{ "Auto", -1 },
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		gint64 ns;
		gboolean good = spacing_parse(cases[i].text, &ns);

		g_test_message("%s", cases[i].text);
		g_assert_cmpint(good ? ns : -1, ==, cases[i].ns);
	}
}

/* ---- the scene ---- */

static SceneOptions
scene_options(guint lines)
{
	return (SceneOptions){ .layout = scene_layout(80, TRUE, SCENE_TIME_START,
						      SCENE_DELTA_PREVIOUS, 2),
			       .n_rows = lines,
			       .selected_row = EVENT_NONE };
}

/* Where each row's arrow stands; G_MAXUINT where it does not. */
static guint
arrow_line(const Grid *grid, guint nth)
{
	for (guint y = 0; y < grid->rows; y++) {
		if (has_head(grid, y) && nth-- == 0)
			return y;
	}
	return G_MAXUINT;
}

static void
test_scene(void)
{
	static const guint lines[] = { 0, 1, 2, 4, 8, 9, 15 };
	SceneOptions options = scene_options(30);
	Fixture f;
	g_autoptr(Grid) grid = NULL;

	fixture_init(&f, times, G_N_ELEMENTS(times));
	options.ns_per_line = 10 * MS;
	grid = rows_painted(f.ladder, &options);
	for (guint i = 0; i < G_N_ELEMENTS(lines); i++)
		g_assert_cmpuint(arrow_line(grid, i), ==, lines[i]);
	for (guint y = 0; y < 30; y++) {
		g_autofree char *line = cells_text(grid, y, 0, 80);

		g_assert_cmpuint(cells_of_role(grid, y, ROLE_LIFELINE), ==, 2);
		g_assert_cmpint(strstr(line, "⋮ 1 s") != NULL, ==, y == 12);
	}
	fixture_clear(&f);
}

/* Any window shows what the whole does, but for the top row's own blank lines. */
static void
test_scene_windows(void)
{
	Fixture f;

	fixture_init(&f, times, G_N_ELEMENTS(times));
	for (guint top = 0; top < G_N_ELEMENTS(times); top++)
		for (guint height = 1; height < 20; height++) {
			SceneOptions options = scene_options(height);
			g_autoptr(Grid) grid = NULL;
			guint line = 0;

			options.ns_per_line = 10 * MS;
			options.first_row = top;
			grid = rows_painted(f.ladder, &options);
			for (guint row = top; row < G_N_ELEMENTS(times); row++) {
				if (row > top)
					line +=
					    1 + spacing_lines(options.ns_per_line, f.ladder, row);
				g_assert_cmpuint(arrow_line(grid, row - top), ==,
						 line < height ? line : G_MAXUINT);
			}
		}
	fixture_clear(&f);
}

/* The bar of a blocked call has no holes where its rows stand apart. */
static void
test_scene_bars(void)
{
	SceneOptions options = scene_options(200);
	Fixture f = { 0 };
	g_autoptr(Grid) grid = NULL;
	guint bars[2] = { 0, 0 }, last[2] = { 0, 0 }, length = 0;

	story_init(&f.story, 4);
	story_tcp_demo(&f.story);
	f.ladder = ladder_new(f.story.trace, SELECTION_ALL);
	ladder_update(f.ladder);
	options.ns_per_line = 10000;
	grid = rows_painted(f.ladder, &options);
	for (guint i = 0; i < 2 * grid->rows; i++) {
		guint side = i % 2, y = i / 2;
		const Cell *cell = cell_at(grid, y, options.layout.bar_x[side]);

		if (cell->role != ROLE_BAR)
			continue;
		if (cell->character != glyph_character(bar_glyph(LADDER_BAR_START, GLYPHS_UTF8))) {
			g_assert_cmpuint(y, ==, last[side] + 1);
			length++;
		}
		last[side] = y;
		bars[side]++;
	}
	g_assert_cmpuint(bars[0], >, 1);
	g_assert_cmpuint(bars[1], >, 1);
	g_assert_cmpuint(length, >, 10);
	fixture_clear(&f);
}

/* A playback: nothing but lifelines from the position on. */
static void
test_scene_playback(void)
{
	Play play = PLAY_DEFAULT;
	Fixture f;

	fixture_init(&f, times, G_N_ELEMENTS(times));
	play_start(&play, f.ladder, 0);
	for (guint shown = 0; shown < G_N_ELEMENTS(times); shown++) {
		SceneOptions options = scene_options(10);
		g_autoptr(Grid) grid = NULL;

		play_go(&play, f.ladder, shown, FALSE);
		options.play = &play;
		grid = rows_painted(f.ladder, &options);
		g_assert_cmpuint(shown == 0 ? 0 : arrow_line(grid, shown - 1), ==,
				 shown == 0 ? 0 : shown - 1);
		g_assert_cmpuint(arrow_line(grid, shown), ==, G_MAXUINT);
	}
	fixture_clear(&f);
}

/* The bar of a call that has not returned grows as time passes. */
static void
test_scene_running(void)
{
	Play play = PLAY_DEFAULT;
	Fixture f = { 0 };
	guint32 shown = 0;

	story_init(&f.story, 4);
	story_tcp_demo(&f.story);
	f.ladder = ladder_new(f.story.trace, SELECTION_ALL);
	ladder_update(f.ladder);
	while (!(ladder_row(f.ladder, shown).cell[SIDE_SERVER].bar & LADDER_BAR_START))
		shown++; /* accept(), for 30 ms */
	play_start(&play, f.ladder, shown);
	play_advance(&play, f.ladder, 0, FALSE);
	g_assert_cmpuint(play.shown, ==, shown + 1);
	for (guint passed = 0; passed < 5; passed++) {
		SceneOptions options = scene_options(40);
		g_autoptr(Grid) grid = NULL;
		guint bars = 0;

		options.first_row = shown;
		options.ns_per_line = 5 * MS;
		options.play = &play;
		grid = rows_painted(f.ladder, &options);
		for (guint y = 0; y < grid->rows; y++)
			bars += cells_of_role(grid, y, ROLE_BAR);
		g_assert_cmpuint(bars, ==, 1 + passed);
		g_assert_cmpint(spacing_passes_in(options.ns_per_line, f.ladder, &play), ==,
				5 * MS);
		play_advance(&play, f.ladder, 5 * MS, FALSE);
	}
	fixture_clear(&f);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/spacing/lines", test_lines);
	g_test_add_func("/spacing/windows", test_windows);
	g_test_add_func("/spacing/step", test_step);
	g_test_add_func("/spacing/choose", test_choose);
	g_test_add_func("/spacing/parse", test_parse);
	g_test_add_func("/spacing/scene", test_scene);
	g_test_add_func("/spacing/scene-windows", test_scene_windows);
	g_test_add_func("/spacing/scene-bars", test_scene_bars);
	g_test_add_func("/spacing/scene-running", test_scene_running);
	g_test_add_func("/spacing/scene-playback", test_scene_playback);
	return g_test_run();
}

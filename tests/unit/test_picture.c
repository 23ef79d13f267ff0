/* SPDX-License-Identifier: MIT */
/* test_picture.c - the grid as a picture (SVG), as changes for a terminal, and the
 * table of what a picture can be. */
#include <string.h>

#include "draw/draw_private.h"
#include "pktladder/picture.h"

static char *
svg_of(const Grid *grid)
{
	GString *out = g_string_new(NULL);

	grid_to_svg(grid, "a <title> & more", out);
	return g_string_free(out, FALSE);
}

static void
assert_holds(const char *text, const char *part)
{
	if (!strstr(text, part))
		g_error("\"%s\" is not in\n%s", part, text);
}

/* Cells are 8 x 18, the margin is 10. */
static void
test_words(void)
{
	g_autoptr(Grid) grid = grid_new(3, 20);
	g_autofree char *svg = NULL;

	grid_put(grid, 0, 0, 20, "one two  three", ROLE_PLAIN);
	grid_put(grid, 1, 2, 20, "<b>&\"", ROLE_RST);
	grid_put(grid, 2, 0, 20, "漢字 a", ROLE_TIME);
	svg = svg_of(grid);
	assert_holds(svg, "width=\"180\" height=\"74\" viewBox=\"0 0 180 74\"");
	assert_holds(svg, "<title>a &lt;title&gt; &amp; more</title>");
	assert_holds(svg, "<text x=\"10\" y=\"23\" textLength=\"56\">one two</text>");
	assert_holds(svg, "<text x=\"82\" y=\"23\" textLength=\"40\">three</text>");
	assert_holds(svg, "<text class=\"bold red\" x=\"26\" y=\"41\" "
			  "textLength=\"40\">&lt;b&gt;&amp;&quot;</text>");
	assert_holds(svg, "<text class=\"dim\" x=\"10\" y=\"59\" textLength=\"48\">漢字 a</text>");
}

static void
test_lines(void)
{
	g_autoptr(Grid) grid = grid_new(2, 6);
	g_autofree char *svg = NULL;

	grid_put_glyph(grid, 0, 0, line_glyphs(ROLE_SYN, GLYPHS_UTF8)->joint[SIDE_CLIENT],
		       ROLE_PLAIN);
	for (guint x = 1; x < 4; x++)
		grid_put_glyph(grid, 0, x,
			       line_glyphs(x < 3 ? ROLE_SYN : ROLE_FIN, GLYPHS_UTF8)->pattern[0],
			       ROLE_PLAIN);
	grid_put_glyph(grid, 0, 4, head_glyph(SIDE_SERVER, GLYPHS_UTF8), ROLE_PLAIN);
	grid_put_glyph(grid, 0, 5, rule_glyph(RULE_DOWN, GLYPHS_UTF8), ROLE_PLAIN);
	grid_put_glyph(grid, 1, 0, rule_glyph(RULE_DOWN, GLYPHS_UTF8), ROLE_PLAIN);
	grid_put_glyph(grid, 1, 5, bar_glyph(LADDER_BAR_THROUGH, GLYPHS_UTF8), ROLE_PLAIN);
	svg = svg_of(grid);
	/* The left lifeline is one line over both rows; what the arrow has is one, too. */
	assert_holds(svg, "<path class=\"line\" d=\"M14 10V46M54 10V28M14 19H34\"/>");
	assert_holds(svg, "<path class=\"line heavy\" d=\"M54 28V46\"/>");
	assert_holds(svg, "<path class=\"line double\" d=\"M34 17.5H42M34 20.5H42\"/>");
	/* The head's tip is in the middle of the lifeline's cell. */
	assert_holds(svg, "<path class=\"head\" d=\"M42 15V23L54 19Z\"/>");
	g_assert_null(strstr(svg, "<text"));
}

/* Of a text that has such characters no lines are made. */
static void
test_text_of_lines(void)
{
	g_autoptr(Grid) grid = grid_new(1, 6);
	g_autofree char *svg = NULL;

	grid_put(grid, 0, 0, 6, "├─►│", ROLE_PLAIN);
	svg = svg_of(grid);
	assert_holds(svg, "<text x=\"10\" y=\"23\" textLength=\"32\">├─►│</text>");
	g_assert_null(strstr(svg, "<path"));
}

static void
test_bands(void)
{
	g_autoptr(Grid) grid = grid_new(2, 10);
	g_autofree char *svg = NULL;

	grid_put(grid, 0, 0, 10, "END", ROLE_MESSAGE);
	grid_put_glyph(grid, 1, 0, line_glyphs(ROLE_SYN, GLYPHS_UTF8)->pattern[0], ROLE_SYN);
	for (guint x = 0; x < 10; x++)
		grid_cell(grid, 1, x)->selected = TRUE;
	svg = svg_of(grid);
	assert_holds(svg, "<rect class=\"band\" x=\"10\" y=\"10\" width=\"24\" height=\"18\"/>");
	assert_holds(svg, "<rect class=\"band\" x=\"10\" y=\"28\" width=\"80\" height=\"18\"/>");
	assert_holds(svg, "<text class=\"reverse\" x=\"10\" y=\"23\" textLength=\"24\">END</text>");
	assert_holds(svg, "<path class=\"line reverse\" d=\"M10 37H18\"/>");
}

static guint
edges(Glyph glyph)
{
	return glyph >> 21 & (STROKE_LEFT | STROKE_RIGHT | STROKE_UP | STROKE_DOWN);
}

/* Every glyph that the ladder's lines are made of is drawn, but for those of ASCII. */
static void
test_all_lines_drawn(void)
{
	for (int role = 0; role <= ROLE_PROBLEM; role++) {
		for (int glyphs = 0; glyphs < GLYPHS_ASCII; glyphs++) {
			const LineGlyphs *line = line_glyphs(role, glyphs);

			g_assert_cmpuint(edges(line->joint[0]), ==,
					 STROKE_RIGHT | STROKE_UP | STROKE_DOWN);
			g_assert_cmpuint(edges(line->joint[1]), ==,
					 STROKE_LEFT | STROKE_UP | STROKE_DOWN);
			g_assert_cmpuint(edges(cross_glyph(role, glyphs)), ==, 15 * STROKE_LEFT);
		}
	}
	for (int glyphs = 0; glyphs < GLYPHS_ASCII; glyphs++) {
		g_assert_cmpuint(edges(rule_glyph(RULE_DOWN, glyphs)), ==, STROKE_UP | STROKE_DOWN);
		g_assert_cmpuint(edges(head_glyph(SIDE_CLIENT, glyphs)), ==, STROKE_LEFT);
		g_assert_cmpuint(edges(head_glyph(SIDE_SERVER, glyphs)), ==, STROKE_RIGHT);
		for (guint part = 1; part < 8; part++)
			g_assert_cmpuint(edges(bar_glyph(part, glyphs)), !=, 0);
	}
	g_assert_cmpuint(edges(rule_glyph(RULE_DOWN, GLYPHS_ASCII)), ==, 0);
}

static void
assert_changes(const Grid *grid, const Grid *before, const char *expected)
{
	g_autoptr(GString) text = g_string_new(NULL);

	grid_to_ansi_changes(grid, before, text);
	g_assert_cmpstr(text->str, ==, expected);
}

static void
test_changes(void)
{
	g_autoptr(Grid) grid = grid_new(3, 5);
	g_autoptr(Grid) before = NULL;
	g_autoptr(Grid) narrow = grid_new(3, 4);

	grid_put(grid, 0, 0, 5, "one", ROLE_PLAIN);
	grid_put(grid, 1, 0, 5, "whole", ROLE_HEAD);
	assert_changes(grid, NULL, "\033[H\033[2J\033[1;1Hone\033[2;1H\033[1mwhole\033[m\033[3;1H");
	before = grid_copy(grid);
	assert_changes(grid, before, "");
	grid_put(grid, 0, 2, 5, " ", ROLE_PLAIN);
	assert_changes(grid, before, "\033[1;1Hon\033[K");
	grid_put(grid, 0, 2, 5, "e", ROLE_PLAIN);
	/* A row to its last column: nothing is erased there. Another style is a change. */
	grid_put(grid, 1, 0, 5, "whole", ROLE_PLAIN);
	assert_changes(grid, before, "\033[2;1Hwhole");
	g_assert_cmpuint(before->rows, ==, 3);
	assert_changes(grid, narrow, "\033[H\033[2J\033[1;1Hone\033[2;1Hwhole\033[3;1H");
}

static void
test_suffixes(void)
{
	static const struct {
		const char *path, *suffix;
	} paths[] = {
		{ "a.svg", "svg" },   { "dir.svg/a.PNG", "png" },
		{ "a.b.txt", "txt" }, { "~/x.ansi", "ansi" },
		{ "svg", NULL },      { ".svg", NULL },
		{ "dir/.svg", NULL }, { "dir.svg/a", NULL },
		{ "a.jpeg", NULL },   { "a.", NULL },
		{ "", NULL },
	};
	g_autofree char *all = g_strjoinv(" ", (char **)pictures);

	g_assert_cmpstr(all, ==, ".svg .png .txt .ansi");
	for (gsize i = 0; i < G_N_ELEMENTS(paths); i++) {
		const char *picture = picture_of_path(paths[i].path);

		g_assert_cmpstr(picture ? picture + 1 : NULL, ==, paths[i].suffix);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/picture/words", test_words);
	g_test_add_func("/picture/lines", test_lines);
	g_test_add_func("/picture/text-of-lines", test_text_of_lines);
	g_test_add_func("/picture/bands", test_bands);
	g_test_add_func("/picture/all-lines-drawn", test_all_lines_drawn);
	g_test_add_func("/picture/changes", test_changes);
	g_test_add_func("/picture/suffixes", test_suffixes);
	return g_test_run();
}

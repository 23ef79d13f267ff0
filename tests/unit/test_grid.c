/* SPDX-License-Identifier: MIT */
/* test_grid.c - cells, text and SGR output, and that every kind of arrow reads
 * without colour. */
#include "draw/draw_private.h"
#include "pktladder/text.h"

#include <string.h>

static void
assert_text(const Grid *grid, const char *expected)
{
	g_autoptr(GString) text = g_string_new(NULL);

	grid_to_text(grid, FALSE, text);
	g_assert_cmpstr(text->str, ==, expected);
}

static void
assert_ansi(const Grid *grid, const char *expected)
{
	g_autoptr(GString) text = g_string_new(NULL);

	grid_to_text(grid, TRUE, text);
	g_assert_cmpstr(text->str, ==, expected);
}

static void
test_size(void)
{
	g_autoptr(Grid) least = grid_new(0, 0);
	g_autoptr(Grid) most = grid_new(G_MAXUINT, 20000);

	g_assert_cmpuint(least->rows, ==, 1);
	g_assert_cmpuint(least->columns, ==, 1);
	g_assert_cmpuint(most->rows, ==, GRID_ROWS_MAX);
	g_assert_cmpuint(most->columns, ==, GRID_COLUMNS_MAX);
	g_assert_null(grid_cell(least, 0, 1));
	g_assert_null(grid_cell(least, 1, 0));
	g_assert_null(grid_cell(most, G_MAXUINT, G_MAXUINT));
	g_assert_nonnull(grid_cell(most, 999, 999));
}

static void
test_put(void)
{
	g_autoptr(Grid) grid = grid_new(3, 10);

	g_assert_cmpuint(grid_put(grid, 0, 0, 10, "SYN seq=0", ROLE_SYN), ==, 9);
	g_assert_cmpuint(grid_put(grid, 1, 7, 10, "clipped", ROLE_PLAIN), ==, 3);
	g_assert_cmpuint(grid_put(grid, 2, 2, 4, "clipped", ROLE_PLAIN), ==, 4);
	g_assert_cmpuint(grid_put(grid, 3, 0, 10, "below", ROLE_PLAIN), ==, 0);
	g_assert_cmpuint(grid_put(grid, 0, 10, 10, "beside", ROLE_PLAIN), ==, 0);
	g_assert_cmpuint(grid_put(grid, 0, G_MAXUINT, G_MAXUINT, "far", ROLE_PLAIN), ==, 0);
	assert_text(grid, "SYN seq=0\n       cli\n  clip\n");
}

/* Half of a wide character never stays, whichever half is written over. */
static void
test_wide(void)
{
	g_autoptr(Grid) grid = grid_new(4, 6);

	for (guint y = 0; y < 4; y++)
		g_assert_cmpuint(grid_put(grid, y, 0, 6, "漢字漢", ROLE_PLAIN), ==, 6);
	grid_put(grid, 0, 2, 1, "x", ROLE_PLAIN);
	grid_put(grid, 1, 3, 1, "x", ROLE_PLAIN);
	grid_put(grid, 2, 1, 2, "漢", ROLE_PLAIN);
	g_assert_cmpuint(grid_put(grid, 3, 5, 1, "漢", ROLE_PLAIN), ==, 0);
	assert_text(grid, "漢x 漢\n漢 x漢\n 漢 漢\n漢字漢\n");
	grid_fill(grid, 0, 1, 4, 4, ROLE_PLAIN);
	assert_text(grid, "\n\n\n\n");
}

static void
test_combining(void)
{
	g_autoptr(Grid) grid = grid_new(1, 4);

	g_assert_cmpuint(grid_put(grid, 0, 0, 3, "e\xcc\x81io", ROLE_PLAIN), ==, 3);
	g_assert_cmpuint(grid_cell(grid, 0, 0)->combining, ==, 0x301);
	assert_text(grid, "e\xcc\x81io\n");
}

/* The last gate: what nobody escaped does not pass here either. */
static void
test_hostile(void)
{
	g_autoptr(Grid) grid = grid_new(1, 40);

	grid_put(grid, 0, 0, 40, "\033[2J\xc2\x9b\xff\xe2\x80\xae", ROLE_PLAIN);
	assert_text(grid, "\\x1b[2J\\u{009B}\\xff\\u{202E}\n");
}

static void
test_ansi(void)
{
	g_autoptr(Grid) grid = grid_new(2, 12);

	grid_put(grid, 0, 0, 12, "ab", ROLE_PLAIN);
	grid_put(grid, 0, 3, 12, "cd", ROLE_RST);
	grid_put(grid, 0, 6, 12, "ef", ROLE_RST);
	grid_put(grid, 0, 8, 12, "g", ROLE_TIME);
	grid_put(grid, 1, 0, 12, "h", ROLE_DATAGRAM);
	/* one change of style for both red words, none for spaces, reset at the end */
	assert_ansi(grid, "ab \033[1;31mcd ef\033[0;2mg\033[m\n\033[1;36mh\033[m\n");
}

/* A selected row is a band of one style, seen to its end. */
static void
test_ansi_selected(void)
{
	g_autoptr(Grid) grid = grid_new(1, 5);

	grid_put(grid, 0, 0, 5, "ab", ROLE_RST);
	for (guint x = 0; x < 4; x++)
		grid_cell(grid, 0, x)->selected = TRUE;
	assert_ansi(grid, "\033[1;7mab\033[0;7m  \033[m\n");
	assert_text(grid, "ab\n");
	grid_fill(grid, 0, 0, 1, 5, ROLE_PLAIN);
	assert_ansi(grid, "\n");
}

/* Every style reads on dark and on light: neither black, yellow, blue nor white. */
static void
test_styles(void)
{
	for (guint role = 0; role < N_ROLES; role++) {
		RoleStyle style = role_style(role);

		g_assert_cmpint(style.colour, >=, -1);
		g_assert_cmpint(style.colour, <, 7);
		g_assert_cmpint(style.colour, !=, 3);
		g_assert_cmpint(style.colour, !=, 4);
		g_assert_cmpint(style.colour, !=, 0);
		g_assert_false(style.bold && style.dim);
	}
}

/* No two kinds of arrow share a line (the plain one apart: nothing has that role). */
static void
test_lines_differ(void)
{
	for (guint glyphs = 0; glyphs < N_GLYPHS; glyphs++)
		for (guint a = ROLE_SYN; a <= ROLE_PROBLEM; a++)
			for (guint b = ROLE_SYN; b < a; b++)
				g_assert_cmpint(memcmp(line_glyphs(a, glyphs)->pattern,
						       line_glyphs(b, glyphs)->pattern,
						       sizeof(line_glyphs(a, glyphs)->pattern)),
						!=, 0);
}

/* What the kernel's own font has: code page 437, of which the ladder uses these. */
#define CONSOLE_GLYPHS "─│═║├┤╞╡╥╨╫►◄·■ ?x~"

static void
assert_glyph(Glyph drawn, Glyphs glyphs)
{
	gunichar glyph = glyph_character(drawn);

	g_assert_true(text_is_harmless(glyph));
	g_assert_cmpuint(text_character_width(glyph), ==, 1);
	if (glyphs == GLYPHS_CONSOLE)
		g_assert_nonnull(g_utf8_strchr(CONSOLE_GLYPHS, -1, glyph));
	if (glyphs == GLYPHS_ASCII)
		g_assert_cmpuint(glyph, <, 0x7f);
}

static void
test_glyphs(void)
{
	for (guint glyphs = 0; glyphs < N_GLYPHS; glyphs++) {
		for (guint role = 0; role < N_ROLES; role++) {
			const LineGlyphs *line = line_glyphs(role, glyphs);

			g_assert_cmpuint(line->pattern[0], !=, ' '); /* the head is on a line */
			for (const Glyph *p = line->pattern; *p; p++)
				assert_glyph(*p, glyphs);
			assert_glyph(line->joint[SIDE_CLIENT], glyphs);
			assert_glyph(line->joint[SIDE_SERVER], glyphs);
		}
		assert_glyph(head_glyph(SIDE_CLIENT, glyphs), glyphs);
		assert_glyph(head_glyph(SIDE_SERVER, glyphs), glyphs);
		assert_glyph(rule_glyph(RULE_DOWN, glyphs), glyphs);
		for (guint part = LADDER_BAR_START; part <= LADDER_BAR_THROUGH; part++)
			assert_glyph(bar_glyph(part, glyphs), glyphs);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/grid/size", test_size);
	g_test_add_func("/grid/put", test_put);
	g_test_add_func("/grid/wide", test_wide);
	g_test_add_func("/grid/combining", test_combining);
	g_test_add_func("/grid/hostile", test_hostile);
	g_test_add_func("/grid/ansi", test_ansi);
	g_test_add_func("/grid/ansi-selected", test_ansi_selected);
	g_test_add_func("/grid/styles", test_styles);
	g_test_add_func("/grid/lines-differ", test_lines_differ);
	g_test_add_func("/grid/glyphs", test_glyphs);
	return g_test_run();
}

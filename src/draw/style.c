/* SPDX-License-Identifier: MIT */
/* style.c - how roles look: the one place for glyphs and colours. */
#include "draw_private.h"

#include <uchar.h>

G_STATIC_ASSERT(sizeof(gunichar) == sizeof(char32_t));

/* Roles of arrows come first in Role; all others have the plain line. */
#define N_LINE_ROLES (ROLE_PROBLEM + 1)

#define ACROSS (STROKE_LEFT | STROKE_RIGHT)
#define UPDOWN (STROKE_UP | STROKE_DOWN)
#define ALL    (ACROSS | UPDOWN)

/* clang-format off */
#define LIGHT	GLYPH(U'─', STROKE_LIGHT, 0, ACROSS)
#define DASHED	GLYPH(U'╌', STROKE_DASHED, 0, ACROSS)
#define HEAVY	GLYPH(U'━', STROKE_HEAVY, 0, ACROSS)
#define BROKEN	GLYPH(U'╍', STROKE_HEAVY_DASHED, 0, ACROSS)
#define DOUBLE	GLYPH(U'═', STROKE_DOUBLE, 0, ACROSS)
#define JOINTS(left, right, kind)							\
	{ GLYPH(left, kind, STROKE_LIGHT, STROKE_RIGHT | UPDOWN), GLYPH(right, kind, STROKE_LIGHT, STROKE_LEFT | UPDOWN) }
#define LIGHTS	JOINTS(U'├', U'┤', STROKE_LIGHT)
#define HEAVYS	JOINTS(U'┝', U'┥', STROKE_HEAVY)
#define DOUBLES JOINTS(U'╞', U'╡', STROKE_DOUBLE)
#define PLUS	{ '+', '+' }

static const LineGlyphs lines[][N_GLYPHS] = {
	/*		    UTF-8				Linux console			ASCII */
	[ROLE_PLAIN] =	  { { { LIGHT }, LIGHTS },		{ { LIGHT }, LIGHTS },		{ { '-' }, PLUS } },
	[ROLE_SYN] =	  { { { LIGHT }, LIGHTS },		{ { LIGHT }, LIGHTS },		{ { '-' }, PLUS } },
	[ROLE_ACK] =	  { { { DASHED }, LIGHTS },		{ { LIGHT, ' ' }, LIGHTS },	{ { '-', ' ' }, PLUS } },
	[ROLE_DATA] =	  { { { HEAVY }, HEAVYS },		{ { DOUBLE }, DOUBLES },	{ { '=' }, PLUS } },
	[ROLE_FOLD] =	  { { { HEAVY, BROKEN }, HEAVYS },	{ { DOUBLE, U'·' }, DOUBLES },	{ { '=', '.' }, PLUS } },
	[ROLE_FIN] =	  { { { DOUBLE }, DOUBLES },		{ { DOUBLE, LIGHT }, LIGHTS },	{ { '=', '-' }, PLUS } },
	[ROLE_RST] =	  { { { LIGHT, U'×' }, LIGHTS },	{ { LIGHT, 'x' }, LIGHTS },	{ { '-', 'x' }, PLUS } },
	[ROLE_DATAGRAM] = { { { BROKEN }, HEAVYS },		{ { DOUBLE, ' ' }, DOUBLES },	{ { '=', ' ' }, PLUS } },
	[ROLE_ICMP] =	  { { { U'·' }, LIGHTS },		{ { U'·' }, LIGHTS },		{ { '.' }, PLUS } },
	[ROLE_ODD] =	  { { { LIGHT, '?' }, LIGHTS },		{ { LIGHT, '?' }, LIGHTS },	{ { '-', '?' }, PLUS } },
	[ROLE_PROBLEM] =  { { { U'≈' }, LIGHTS },		{ { '~' }, LIGHTS },		{ { '~' }, PLUS } },
};
/* clang-format on */
G_STATIC_ASSERT(G_N_ELEMENTS(lines) == N_LINE_ROLES);

const LineGlyphs *
line_glyphs(Role role, Glyphs glyphs)
{
	return &lines[role < N_LINE_ROLES ? role : ROLE_PLAIN][glyphs];
}

Glyph
head_glyph(Side to, Glyphs glyphs)
{
	static const Glyph heads[] = { GLYPH(U'◄', STROKE_HEAD, 0, STROKE_LEFT),
				       GLYPH(U'►', STROKE_HEAD, 0, STROKE_RIGHT) };

	return glyphs == GLYPHS_ASCII ? (Glyph) "<>"[to] : heads[to];
}

Glyph
rule_glyph(Rule rule, Glyphs glyphs)
{
	static const Glyph rules[N_RULES] = {
		[RULE_ACROSS] = LIGHT,
		[RULE_DOWN] = GLYPH(U'│', 0, STROKE_LIGHT, UPDOWN),
		[RULE_TICK_DOWN] = GLYPH(U'┬', STROKE_LIGHT, STROKE_LIGHT, ACROSS | STROKE_DOWN),
		[RULE_TICK_LEFT] = GLYPH(U'┤', STROKE_LIGHT, STROKE_LIGHT, STROKE_LEFT | UPDOWN),
		[RULE_CORNER] = GLYPH(U'└', STROKE_LIGHT, STROKE_LIGHT, STROKE_RIGHT | STROKE_UP),
	};

	return glyphs == GLYPHS_ASCII ? (Glyph) "-|+++"[rule] : rules[rule];
}

/* As the line is: light, heavy or double. In ASCII the joint is a cross already. */
Glyph
cross_glyph(Role role, Glyphs glyphs)
{
	switch (line_glyphs(role, glyphs)->joint[0] >> 21 & STROKE_KINDS) {
	case STROKE_HEAVY:
		return GLYPH(U'┿', STROKE_HEAVY, STROKE_LIGHT, ALL);
	case STROKE_DOUBLE:
		return GLYPH(U'╪', STROKE_DOUBLE, STROKE_LIGHT, ALL);
	case STROKE_LIGHT:
		return GLYPH(U'┼', STROKE_LIGHT, STROKE_LIGHT, ALL);
	default:
		return rule_glyph(RULE_DOWN, glyphs);
	}
}

/* A bar begins and ends in the middle of its row; where one ends and the next
 * begins on the same row, there is a waist. */
Glyph
bar_glyph(guint part, Glyphs glyphs)
{
	static const Glyph bars[][4] = {
		[GLYPHS_UTF8] = { GLYPH(U'┃', 0, STROKE_HEAVY, UPDOWN),
				  GLYPH(U'╻', 0, STROKE_HEAVY, STROKE_DOWN),
				  GLYPH(U'╹', 0, STROKE_HEAVY, STROKE_UP),
				  GLYPH(U'╏', 0, STROKE_HEAVY_DASHED, UPDOWN) },
		[GLYPHS_CONSOLE] = { GLYPH(U'║', 0, STROKE_DOUBLE, UPDOWN),
				     GLYPH(U'╥', STROKE_LIGHT, STROKE_DOUBLE, ACROSS | STROKE_DOWN),
				     GLYPH(U'╨', STROKE_LIGHT, STROKE_DOUBLE, ACROSS | STROKE_UP),
				     GLYPH(U'╫', STROKE_LIGHT, STROKE_DOUBLE, ALL) },
		[GLYPHS_ASCII] = { '#', '.', '\'', ':' },
	};
	G_STATIC_ASSERT(G_N_ELEMENTS(bars) == N_GLYPHS);

	return bars[glyphs][part & LADDER_BAR_THROUGH ? 0 : part & 3];
}

/* ANSI's numbers. Left out: yellow and white are lost on light backgrounds, black
 * and blue on dark ones. */
enum { RED = 1, GREEN = 2, MAGENTA = 5, CYAN = 6 };

/* clang-format off */
#define PLAIN	   { .colour = -1 }
#define BOLD	   { .colour = -1, .bold = TRUE }
#define DIM	   { .colour = -1, .dim = TRUE }
#define REVERSE	   { .colour = -1, .reverse = TRUE }
#define INK(ink)   { .colour = ink }
#define BROAD(ink) { .colour = ink, .bold = TRUE }
/* clang-format on */

/* clang-format off */
static const RoleStyle styles[] = {
	[ROLE_PLAIN] = PLAIN,          [ROLE_SYN] = BROAD(GREEN),     [ROLE_ACK] = PLAIN,
	[ROLE_DATA] = BROAD(CYAN),     [ROLE_FOLD] = BROAD(CYAN),     [ROLE_FIN] = BROAD(MAGENTA),
	[ROLE_RST] = BROAD(RED),       [ROLE_DATAGRAM] = BROAD(CYAN), [ROLE_ICMP] = INK(RED),
	[ROLE_ODD] = INK(MAGENTA),     [ROLE_PROBLEM] = INK(RED),     [ROLE_NOTE] = DIM,
	[ROLE_DROPS] = BROAD(RED),     [ROLE_TIME] = DIM,             [ROLE_HEAD] = BOLD,
	[ROLE_LIFELINE] = DIM,         [ROLE_BAR] = PLAIN,            [ROLE_CALL] = PLAIN,
	[ROLE_CALL_SETUP] = DIM,       [ROLE_CALL_FAILED] = INK(RED), [ROLE_STATE] = BOLD,           [ROLE_FOOTER] = DIM,
	[ROLE_KEY] = BOLD,             [ROLE_DETAIL] = PLAIN,         [ROLE_DETAIL_HEAD] = BOLD,
	[ROLE_MESSAGE] = REVERSE,      [ROLE_SELECTED] = REVERSE,     [ROLE_PLOT_DATA] = BOLD,
	[ROLE_PLOT_AGAIN] = BROAD(RED),[ROLE_PLOT_ACK] = INK(GREEN),  [ROLE_PLOT_WINDOW] = INK(CYAN),
	[ROLE_PLOT_SACK] = INK(MAGENTA),
};
/* clang-format on */
G_STATIC_ASSERT(G_N_ELEMENTS(styles) == N_ROLES);

RoleStyle
role_style(Role role)
{
	return styles[role < N_ROLES ? role : ROLE_PLAIN];
}

gboolean
role_style_equal(const RoleStyle *a, const RoleStyle *b)
{
	return a->colour == b->colour && a->bold == b->bold && a->dim == b->dim &&
	       a->reverse == b->reverse;
}

/* A band of one style is easier to see than a patchwork of reversed colours. */
RoleStyle
cell_style(const Cell *cell)
{
	RoleStyle style = role_style(cell->selected ? ROLE_SELECTED : cell->role);

	style.bold = style.bold || role_style(cell->role).bold;
	return style;
}

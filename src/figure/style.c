/* style.c - how roles look: the one place for glyphs and colours. */
#include "glyphs.h"

#include <uchar.h>

G_STATIC_ASSERT(sizeof(gunichar) == sizeof(char32_t));

/* Roles of arrows come first in Role; all others have the plain line. */
#define N_LINE_ROLES (ROLE_PROBLEM + 1)

#define ACROSS	(STROKE_LEFT | STROKE_RIGHT)
#define UPDOWN	(STROKE_UP | STROKE_DOWN)
#define ALL	(ACROSS | UPDOWN)

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

	return glyphs == GLYPHS_ASCII ? (Glyph)"<>"[to] : heads[to];
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

	return glyphs == GLYPHS_ASCII ? (Glyph)"-|+++"[rule] : rules[rule];
}

Glyph
lifeline_glyph(Glyphs glyphs)
{
	return rule_glyph(RULE_DOWN, glyphs);
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
		return lifeline_glyph(glyphs);
	}
}

/* A bar begins and ends in the middle of its row; where one ends and the next
 * begins on the same row, there is a waist. */
Glyph
bar_glyph(guint part, Glyphs glyphs)
{
	static const Glyph bars[][4] = {
		[GLYPHS_UTF8] = { GLYPH(U'┃', 0, STROKE_HEAVY, UPDOWN), GLYPH(U'╻', 0, STROKE_HEAVY, STROKE_DOWN),
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

static const RoleStyle styles[] = {
	[ROLE_PLAIN] = { .colour = -1 },
	[ROLE_SYN] = { .colour = GREEN, .bold = TRUE },
	[ROLE_ACK] = { .colour = -1 },
	[ROLE_DATA] = { .colour = CYAN, .bold = TRUE },
	[ROLE_FOLD] = { .colour = CYAN, .bold = TRUE },
	[ROLE_FIN] = { .colour = MAGENTA, .bold = TRUE },
	[ROLE_RST] = { .colour = RED, .bold = TRUE },
	[ROLE_DATAGRAM] = { .colour = CYAN, .bold = TRUE },
	[ROLE_ICMP] = { .colour = RED },
	[ROLE_ODD] = { .colour = MAGENTA },
	[ROLE_PROBLEM] = { .colour = RED },
	[ROLE_NOTE] = { .colour = -1, .dim = TRUE },
	[ROLE_DROPS] = { .colour = RED, .bold = TRUE },
	[ROLE_TIME] = { .colour = -1, .dim = TRUE },
	[ROLE_HEAD] = { .colour = -1, .bold = TRUE },
	[ROLE_LIFELINE] = { .colour = -1, .dim = TRUE },
	[ROLE_BAR] = { .colour = -1 },
	[ROLE_CALL] = { .colour = -1 },
	[ROLE_CALL_FAILED] = { .colour = RED },
	[ROLE_STATE] = { .colour = -1, .bold = TRUE },
	[ROLE_FOOTER] = { .colour = -1, .dim = TRUE },
	[ROLE_KEY] = { .colour = -1, .bold = TRUE },
	[ROLE_DETAIL] = { .colour = -1 },
	[ROLE_DETAIL_HEAD] = { .colour = -1, .bold = TRUE },
	[ROLE_MESSAGE] = { .colour = -1, .reverse = TRUE },
	[ROLE_SELECTED] = { .colour = -1, .reverse = TRUE },
	[ROLE_PLOT_DATA] = { .colour = -1, .bold = TRUE },
	[ROLE_PLOT_AGAIN] = { .colour = RED, .bold = TRUE },
	[ROLE_PLOT_ACK] = { .colour = GREEN },
	[ROLE_PLOT_WINDOW] = { .colour = CYAN },
	[ROLE_PLOT_SACK] = { .colour = MAGENTA },
};
G_STATIC_ASSERT(G_N_ELEMENTS(styles) == N_ROLES);

RoleStyle
role_style(Role role)
{
	return styles[role < N_ROLES ? role : ROLE_PLAIN];
}

/* A band of one style is easier to see than a patchwork of reversed colours. */
RoleStyle
cell_style(const Cell *cell)
{
	RoleStyle style = role_style(cell->role);

	if (cell->selected) {
		gboolean bold = style.bold;

		style = role_style(ROLE_SELECTED);
		style.bold = style.bold || bold;
	}
	return style;
}

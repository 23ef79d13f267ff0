/* style.c - how roles look: the one place for glyphs and colours. */
#include "glyphs.h"

#include <uchar.h>

G_STATIC_ASSERT(sizeof(gunichar) == sizeof(char32_t));

/* Roles of arrows come first in Role; all others have the plain line. */
#define N_LINE_ROLES (ROLE_PROBLEM + 1)

/* clang-format off */
static const LineGlyphs lines[][N_GLYPHS] = {
	/*		    UTF-8			 Linux console		      ASCII */
	[ROLE_PLAIN] =	  { { U"─", { U'├', U'┤' } }, { U"─", { U'├', U'┤' } }, { U"-", { '+', '+' } } },
	[ROLE_SYN] =	  { { U"─", { U'├', U'┤' } }, { U"─", { U'├', U'┤' } }, { U"-", { '+', '+' } } },
	[ROLE_ACK] =	  { { U"╌", { U'├', U'┤' } }, { U"─ ", { U'├', U'┤' } }, { U"- ", { '+', '+' } } },
	[ROLE_DATA] =	  { { U"━", { U'┝', U'┥' } }, { U"═", { U'╞', U'╡' } }, { U"=", { '+', '+' } } },
	[ROLE_FOLD] =	  { { U"━╍", { U'┝', U'┥' } }, { U"═·", { U'╞', U'╡' } }, { U"=.", { '+', '+' } } },
	[ROLE_FIN] =	  { { U"═", { U'╞', U'╡' } }, { U"═─", { U'├', U'┤' } }, { U"=-", { '+', '+' } } },
	[ROLE_RST] =	  { { U"─×", { U'├', U'┤' } }, { U"─x", { U'├', U'┤' } }, { U"-x", { '+', '+' } } },
	[ROLE_DATAGRAM] = { { U"╍", { U'┝', U'┥' } }, { U"═ ", { U'╞', U'╡' } }, { U"= ", { '+', '+' } } },
	[ROLE_ICMP] =	  { { U"·", { U'├', U'┤' } }, { U"·", { U'├', U'┤' } }, { U".", { '+', '+' } } },
	[ROLE_ODD] =	  { { U"─?", { U'├', U'┤' } }, { U"─?", { U'├', U'┤' } }, { U"-?", { '+', '+' } } },
	[ROLE_PROBLEM] =  { { U"≈", { U'├', U'┤' } }, { U"~", { U'├', U'┤' } }, { U"~", { '+', '+' } } },
};
/* clang-format on */
G_STATIC_ASSERT(G_N_ELEMENTS(lines) == N_LINE_ROLES);

const LineGlyphs *
line_glyphs(Role role, Glyphs glyphs)
{
	return &lines[role < N_LINE_ROLES ? role : ROLE_PLAIN][glyphs];
}

gunichar
head_glyph(Side to, Glyphs glyphs)
{
	static const gunichar heads[][2] = {
		[GLYPHS_UTF8] = { U'◄', U'►' },
		[GLYPHS_CONSOLE] = { U'◄', U'►' },
		[GLYPHS_ASCII] = { '<', '>' },
	};
	G_STATIC_ASSERT(G_N_ELEMENTS(heads) == N_GLYPHS);

	return heads[glyphs][to];
}

gunichar
lifeline_glyph(Glyphs glyphs)
{
	return glyphs == GLYPHS_ASCII ? '|' : U'│';
}

/* As the line is: light, heavy or double. In ASCII the joint is a cross already. */
gunichar
cross_glyph(Role role, Glyphs glyphs)
{
	switch (line_glyphs(role, glyphs)->joint[0]) {
	case U'┝':
		return U'┿';
	case U'╞':
		return U'╪';
	case U'├':
		return U'┼';
	default:
		return lifeline_glyph(glyphs);
	}
}

/* A bar begins and ends in the middle of its row; where one ends and the next
 * begins on the same row, there is a waist. */
gunichar
bar_glyph(guint part, Glyphs glyphs)
{
	static const gunichar bars[][4] = {
		[GLYPHS_UTF8] = { U'┃', U'╻', U'╹', U'╏' },
		[GLYPHS_CONSOLE] = { U'║', U'╥', U'╨', U'╫' },
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

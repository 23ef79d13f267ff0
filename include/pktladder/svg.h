/* SPDX-License-Identifier: MIT */
/* svg.h - the pen that every SVG is drawn with: ladders, plots, pictures of the screen. Inks,
 * numbers, escaping, and how wide a text gets. Pure.
 *
 * Inks are those of Okabe and Ito, darkened until text in them has a contrast of 4.5 : 1 on white,
 * and their like on a dark ground. A style sheet names them by a letter behind "%": p paper, t
 * text, f faint text, l lines that only guide, b the ground of boxes, w that of bars; g green, d
 * blue, u purple, v vermilion, o orange, i violet, a grey.
 */
#pragma once

#include "pktladder/ladder.h"

typedef enum { SVG_LIGHT, SVG_DARK, SVG_PRINT, N_SVG_GROUNDS } SvgGround;

/* "#007a5a". Static. */
const char *svg_ink(char letter, SvgGround ground);
/* The letter of a role's ink. */
char svg_ink_of_role(Role role);
/* Appends a style sheet, its letters filled in. */
void svg_sheet(GString *out, const char *sheet, SvgGround ground);

/* The document's first lines, up to its style; then the end of the style, and the
 * paper. `title` says what it shows, for who does not see it; it is escaped here. */
void svg_begin(GString *out, guint width, guint height, const char *title);
void svg_paper(GString *out);

/* Numbers are in tenths: short, and the same bytes everywhere. */
void svg_attribute(GString *out, const char *name, double value);
/* "M12 3.5": a step of a path. */
void svg_point(GString *out, char command, double x, double y);
void svg_step(GString *out, char command, double value);
/* `round`: the radius of its corners. */
void svg_rect(GString *out, const char *class, double round, double x, double y, double width,
	      double height);
/* Escaped for XML. */
void svg_content(GString *out, const char *text);
/* An element; or its begin, to which further attributes can be added, and its end.
 * `class` NULL: none. */
void svg_text(GString *out, const char *class, double x, double y, const char *text);
void svg_text_open(GString *out, const char *class, double x, double y);
void svg_text_close(GString *out, const char *text);

/* Widths in pixels, from the widest of the common fonts, so that what is placed by
 * them neither overlaps nor is cut. */
typedef enum { FACE_PLAIN, FACE_BOLD, FACE_MONO } SvgFace;
/* The width of NULL is 0. */
double svg_text_width(const char *text, SvgFace face, double size);
/* Lines that are at most `width` wide, broken at spaces; a word that is wider is one,
 * or is broken, too, where there are to be `pieces`. The caller frees. */
GPtrArray *svg_text_wrap(const char *text, SvgFace face, double size, double width,
			 gboolean pieces);

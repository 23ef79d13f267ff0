/* SPDX-License-Identifier: MIT */
#include "pktladder/svg.h"

#include <math.h>
#include <stdlib.h>

static const struct {
	char letter;
	const char *ink[N_SVG_GROUNDS];
} inks[] = {
	{ 'p', { "#fff", "#12161b", "#fff" } },    { 't', { "#1c2430", "#e6e9ee", "#000" } },
	{ 'f', { "#56606c", "#a0a9b4", "#000" } }, { 'l', { "#8c96a3", "#66717d", "#000" } },
	{ 'b', { "#f1f4f8", "#1e252d", "#fff" } }, { 'w', { "#c3cedb", "#4a5a6b", "#ccc" } },
	{ 'g', { "#007a5a", "#2fcf9f", "#000" } }, { 'a', { "#4d5763", "#a7b1bd", "#000" } },
	{ 'd', { "#0066a6", "#62bdf0", "#000" } }, { 'u', { "#94407a", "#e39ac9", "#000" } },
	{ 'v', { "#b23c00", "#ff9157", "#000" } }, { 'o', { "#875c00", "#e8b13a", "#000" } },
	{ 'i', { "#6a4fa3", "#bba6ee", "#000" } },
};

const char *
svg_ink(char letter, SvgGround ground)
{
	guint i = 0;

	while (i < G_N_ELEMENTS(inks) && inks[i].letter != letter)
		i++;
	g_assert(i < G_N_ELEMENTS(inks));
	return inks[i].ink[ground];
}

char
svg_ink_of_role(Role role)
{
	static const char letters[N_ROLES] = {
		[ROLE_SYN] = 'g',     [ROLE_ACK] = 'a',   [ROLE_DATA] = 'd',
		[ROLE_FOLD] = 'd',    [ROLE_FIN] = 'u',   [ROLE_DATAGRAM] = 'd',
		[ROLE_RST] = 'v',     [ROLE_ICMP] = 'o',  [ROLE_ODD] = 'i',
		[ROLE_PROBLEM] = 'v', [ROLE_DROPS] = 'v', [ROLE_CALL_FAILED] = 'v',
	};

	return role < N_ROLES && letters[role] ? letters[role] : 't';
}

void
svg_sheet(GString *out, const char *sheet, SvgGround ground)
{
	for (; *sheet; sheet++) {
		if (*sheet == '%')
			g_string_append(out, svg_ink(*++sheet, ground));
		else
			g_string_append_c(out, *sheet);
	}
}

void
svg_begin(GString *out, guint width, guint height, const char *title)
{
	g_string_append_printf(
	    out,
	    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%u\" height=\"%u\" "
	    "viewBox=\"0 0 %u %u\" role=\"img\">\n<title>",
	    width, height, width, height);
	svg_content(out, title);
	g_string_append(out, "</title>\n<style>\n");
}

void
svg_paper(GString *out)
{
	g_string_append(out, "</style>\n<rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n");
}

static void
number_append(GString *out, double value)
{
	glong tenths = lround(value * 10);

	g_string_append_printf(out, "%s%ld", tenths < 0 ? "-" : "", labs(tenths) / 10);
	if (tenths % 10 != 0)
		g_string_append_printf(out, ".%ld", labs(tenths) % 10);
}

void
svg_attribute(GString *out, const char *name, double value)
{
	g_string_append_printf(out, " %s=\"", name);
	number_append(out, value);
	g_string_append_c(out, '"');
}

void
svg_step(GString *out, char command, double value)
{
	g_string_append_c(out, command);
	number_append(out, value);
}

void
svg_point(GString *out, char command, double x, double y)
{
	svg_step(out, command, x);
	svg_step(out, ' ', y);
}

void
svg_rect(GString *out, const char *class, double round, double x, double y, double width,
	 double height)
{
	g_string_append_printf(out, "<rect class=\"%s\"", class);
	if (round > 0)
		svg_attribute(out, "rx", round);
	svg_attribute(out, "x", x);
	svg_attribute(out, "y", y);
	svg_attribute(out, "width", width);
	svg_attribute(out, "height", height);
	g_string_append(out, "/>");
}

void
svg_content(GString *out, const char *text)
{
	g_autofree char *escaped = g_markup_escape_text(text, -1);

	g_string_append(out, escaped);
}

void
svg_text_open(GString *out, const char *class, double x, double y)
{
	g_string_append(out, "<text");
	if (class)
		g_string_append_printf(out, " class=\"%s\"", class);
	svg_attribute(out, "x", x);
	svg_attribute(out, "y", y);
}

void
svg_text_close(GString *out, const char *text)
{
	g_string_append_c(out, '>');
	svg_content(out, text);
	g_string_append(out, "</text>");
}

void
svg_text(GString *out, const char *class, double x, double y, const char *text)
{
	svg_text_open(out, class, x, y);
	svg_text_close(out, text);
}

/* Hundredths of the size, from the blank to the tilde: the greater one of DejaVu
 * Sans and Nimbus Sans (Helvetica), measured with fontTools. */
static const guint8 widths[][95] = {
	[FACE_PLAIN] = {
		32, 41, 46, 84, 64, 96, 78, 28, 40, 40, 50, 84, 32, 37, 32, 34, /*   */
		64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 34, 34, 84, 84, 84, 56, /* 0 */
		102, 69, 69, 73, 78, 67, 62, 78, 76, 30, 50, 67, 56, 87, 75, 79, /* @ */
		67, 79, 73, 67, 62, 74, 69, 99, 69, 67, 69, 40, 34, 40, 84, 56, /* P */
		50, 62, 64, 55, 64, 62, 36, 64, 64, 28, 28, 58, 28, 98, 64, 62, /* ` */
		64, 64, 42, 53, 40, 64, 60, 82, 60, 60, 53, 64, 34, 64, 84, /* p */
	},
	[FACE_BOLD] = {
		35, 46, 53, 84, 70, 101, 88, 31, 46, 46, 53, 84, 38, 42, 38, 37, /*   */
		70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 40, 40, 84, 84, 84, 62, /* 0 */
		100, 78, 77, 74, 84, 69, 69, 83, 84, 38, 56, 78, 64, 100, 84, 86, /* @ */
		74, 86, 78, 73, 69, 82, 78, 111, 78, 73, 73, 46, 37, 46, 84, 56, /* P */
		50, 68, 72, 60, 72, 68, 44, 72, 72, 35, 35, 67, 35, 105, 72, 69, /* ` */
		72, 72, 50, 60, 48, 72, 66, 93, 65, 66, 59, 72, 37, 72, 84, /* p */
	},
};

#define MONO_WIDTH   0.61
#define LETTER_WIDTH 1.12 /* of most alphabets */
#define WIDE_WIDTH   1.4  /* CJK is 1; emoji are wider */
#define OTHER_WIDTH  1.75 /* symbols */

static double
character_width(gunichar character, SvgFace face)
{
	gunichar base, mark;

	if (character >= ' ' && character < 0x7f)
		return face == FACE_MONO ? MONO_WIDTH : widths[face][character - ' '] / 100.0;
	if (g_unichar_iswide(character))
		return WIDE_WIDTH;
	if (g_unichar_iszerowidth(character))
		return 0;
	/* An accent does not widen its letter. */
	if (g_unichar_decompose(character, &base, &mark) && base < 0x7f)
		return widths[FACE_BOLD][base - ' '] / 100.0;
	return character < 0x2000 || (character > 0x2031 && character < 0x2300) ||
		       (character >= 0x2010 && character <= 0x2027)
		   ? LETTER_WIDTH
		   : OTHER_WIDTH;
}

double
svg_text_width(const char *text, SvgFace face, double size)
{
	double width = 0;

	for (const char *p = text; p && *p; p = g_utf8_next_char(p))
		width += character_width(g_utf8_get_char(p), face);
	return width * size;
}

GPtrArray *
svg_text_wrap(const char *text, SvgFace face, double size, double width, gboolean pieces)
{
	GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
	const char *line = text, *blank = NULL;
	double used = 0;

	for (const char *p = text; *p; p = g_utf8_next_char(p)) {
		used += character_width(g_utf8_get_char(p), face) * size;
		if (used > width && (blank || (pieces && p > line))) {
			const char *next = blank ? blank + 1 : p;

			g_ptr_array_add(lines, g_strndup(line, next - line));
			p = g_utf8_prev_char(next);
			line = next;
			blank = NULL;
			used = 0;
		} else if (*p == ' ' && p > line) {
			blank = p;
		}
	}
	g_ptr_array_add(lines, g_strdup(line));
	return lines;
}

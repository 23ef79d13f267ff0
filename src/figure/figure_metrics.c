#include "figure_metrics.h"

#include "pktladder/text.h"

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
foreign_width(gunichar character)
{
	gunichar base, mark;

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

static double
character_width(gunichar character, FigureFace face)
{
	if (character < ' ' || character >= 0x7f)
		return foreign_width(character);
	return face == FACE_MONO ? MONO_WIDTH : widths[face][character - ' '] / 100.0;
}

double
figure_text_width(const char *text, FigureFace face, double size)
{
	double width = 0;

	for (const char *p = text; *p; p = g_utf8_next_char(p))
		width += character_width(g_utf8_get_char(p), face);
	return width * size;
}

GPtrArray *
figure_text_wrap(const char *text, FigureFace face, double size, double width)
{
	GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
	const char *line = text, *blank = NULL;
	double used = 0;

	for (const char *p = text; *p; p = g_utf8_next_char(p)) {
		used += character_width(g_utf8_get_char(p), face) * size;
		if (used > width && blank) {
			g_ptr_array_add(lines, g_strndup(line, blank + 1 - line));
			line = blank + 1;
			p = blank;
			blank = NULL;
			used = 0;
		} else if (*p == ' ' && p > line) {
			blank = p;
		}
	}
	g_ptr_array_add(lines, g_strdup(line));
	return lines;
}

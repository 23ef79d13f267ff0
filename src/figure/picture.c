/* SPDX-License-Identifier: MIT */
#include "pktladder/picture.h"

#include <string.h>

static void
text_write(const Grid *grid, const char *title G_GNUC_UNUSED, GString *out)
{
	grid_to_text(grid, out);
}

static void
ansi_write(const Grid *grid, const char *title G_GNUC_UNUSED, GString *out)
{
	grid_to_ansi(grid, out);
}

const Picture pictures[] = {
	{ "svg", FALSE, grid_to_svg },
	{ "png", TRUE, grid_to_svg },
	{ "txt", FALSE, text_write },
	{ "ansi", FALSE, ansi_write },
	{ NULL },
};

const Picture *
picture_of_path(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	const char *point = strrchr(name, '.');

	/* ".svg" alone is a hidden file's name. */
	for (const Picture *picture = pictures; point && point > name && picture->suffix;
	     picture++) {
		if (g_ascii_strcasecmp(point + 1, picture->suffix) == 0)
			return picture;
	}
	return NULL;
}

char *
picture_suffixes(void)
{
	GString *text = g_string_new(NULL);

	for (const Picture *picture = pictures; picture->suffix; picture++)
		g_string_append_printf(text, "%s.%s", text->len ? " " : "", picture->suffix);
	return g_string_free(text, FALSE);
}

/* SPDX-License-Identifier: MIT */
#include "pktladder/locate.h"

#include <gio/gio.h>

/* In the first of these places that has it, as seen from the program's folder; else in the last. */
static char *
locate(const char *const *places, const char *name)
{
	/* Where the running program is, whatever the name it was called by. */
	g_autofree char *program = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *folder = g_path_get_dirname(program ? program : ".");
	char *path = NULL;

	for (; *places && !(path && g_file_test(path, G_FILE_TEST_EXISTS)); places++) {
		g_autofree char *place = g_canonicalize_filename(*places, folder);

		g_free(path);
		path = g_build_filename(place, name, NULL);
	}
	return path;
}

char *
locate_capture(const char *name)
{
	static const char *const places[] = { "../share/pktladder/captures", PKTLADDER_CAPTURES,
					      PKTLADDER_SOURCE_CAPTURES, NULL };
	g_autofree char *path = locate(places, name);

	return g_file_test(path, G_FILE_TEST_EXISTS) ? g_steal_pointer(&path) : NULL;
}

char *
locate_locale(void)
{
	/* As built, or as installed. In /usr/bin "locale" is a program, and has no "." in it. */
	static const char *const places[] = { "locale", "../share/locale", PKTLADDER_LOCALE, NULL };
	g_autofree char *inside = locate(places, ".");

	return g_path_get_dirname(inside);
}

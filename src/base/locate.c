/* SPDX-License-Identifier: MIT */
#include "pktladder/locate.h"

#include <gio/gio.h>

/* The first of these below the program's folder, else the one as configured. */
static char *
locate(const char *const *places, const char *name, const char *configured)
{
	/* Where the running program is, whatever the name it was called by. */
	g_autofree char *program = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *folder = program ? g_path_get_dirname(program) : g_strdup(".");

	for (; *places; places++) {
		char *path = g_build_filename(folder, *places, name, NULL);

		if (g_file_test(path, G_FILE_TEST_EXISTS))
			return path;
		g_free(path);
	}
	return g_build_filename(configured, name, NULL);
}

char *
locate_capture(const char *name)
{
	static const char *const places[] = { "../share/pktladder/captures", NULL };
	g_autofree char *path = locate(places, name, PKTLADDER_CAPTURES);

	if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
		g_free(path);
		path = g_build_filename(PKTLADDER_SOURCE_CAPTURES, name, NULL);
	}
	return g_file_test(path, G_FILE_TEST_EXISTS) ? g_steal_pointer(&path) : NULL;
}

char *
locate_locale(void)
{
	/* As built, or as installed. The slash: in /usr/bin, "locale" is a program. */
	static const char *const places[] = { "locale/", "../share/locale", NULL };

	return locate(places, NULL, PKTLADDER_LOCALE);
}

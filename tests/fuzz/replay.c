/* SPDX-License-Identifier: MIT */
/* replay.c - runs a fuzz target over files, and over the files of folders. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "fuzz.h"

static guint
replay_file(const char *path)
{
	g_autofree char *text = NULL;
	g_autofree uint8_t *bytes = NULL;
	gsize size;
	g_autoptr(GError) error = NULL;

	if (!g_file_get_contents(path, &text, &size, &error)) {
		fprintf(stderr, "%s\n", error->message);
		exit(1);
	}
	/* A block of exactly this size, so that the sanitizer sees a read behind it. */
	bytes = g_memdup2(text, MAX(size, 1));
	LLVMFuzzerTestOneInput(bytes, size);
	return 1;
}

static guint
replay(const char *path)
{
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	const char *name;
	guint files = 0;

	if (!dir)
		return replay_file(path);
	while ((name = g_dir_read_name(dir))) {
		g_autofree char *inner = g_build_filename(path, name, NULL);

		files += replay_file(inner);
	}
	return files;
}

int
main(int argc, char **argv)
{
	guint files = 0;

	for (int i = 1; i < argc; i++)
		files += replay(argv[i]);
	printf("%u files\n", files);
	if (files == 0)
		fprintf(stderr, "Usage: %s FILE-OR-FOLDER...\n", argv[0]);
	return files > 0 ? 0 : 1;
}

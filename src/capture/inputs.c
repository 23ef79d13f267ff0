/* SPDX-License-Identifier: MIT */
/* inputs.c - the files that a user names, folders among them, opened. */
#include "bytes.h"
#include "pktladder/complain.h"
#include "reader.h"

#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* Sets of files that other programs wrote in turn may be long. */
static void
descriptors_allow(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

static int
name_compare(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Whether it begins as a capture, or is compressed: what else lies in a folder is left alone. */
static gboolean
is_capture(const CaptureInput *input)
{
	guint8 head[FORMAT_HEAD];
	const char *expander;
	guint64 start;
	gssize n = pread(bytes_file(input, &start), head, sizeof head, 0);

	return n > 0 && (reader_knows(head, n) ||
			 format_compression(head, n, &expander) != COMPRESSION_NONE);
}

/* The captures in a folder, in the order of their names. */
static gboolean
folder_open(const char *path, GPtrArray *inputs, GError **error)
{
	g_autoptr(GDir) folder = g_dir_open(path, 0, error);
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	guint before = inputs->len;
	const char *name;

	while (folder && (name = g_dir_read_name(folder)))
		g_ptr_array_add(names, g_build_filename(path, name, NULL));
	g_ptr_array_sort(names, name_compare);
	for (guint i = 0; i < names->len; i++) {
		const char *file = names->pdata[i];
		if (!g_file_test(file, G_FILE_TEST_IS_REGULAR))
			continue;
		g_autoptr(CaptureInput) input = capture_input_open(file, CAPTURE_DEFAULT, error);
		if (!input)
			return FALSE;
		if (is_capture(input))
			g_ptr_array_add(inputs, g_steal_pointer(&input));
	}
	return folder &&
	       (inputs->len > before ||
		error_set(error, CAPTURE_ERROR, CAPTURE_ERROR_NO_FILE,
			  _("There is no capture (pcap or pcapng) in the folder %s."), path));
}

GPtrArray *
capture_inputs_open(const char *const *paths, CaptureFlags flags, GError **error)
{
	g_autoptr(GPtrArray) inputs =
	    g_ptr_array_new_with_free_func((GDestroyNotify)capture_input_free);
	gboolean several = paths[0] && (paths[1] || g_file_test(paths[0], G_FILE_TEST_IS_DIR));
	guint standard = 0;

	if (several && flags & CAPTURE_FOLLOW) {
		error_set(error, CAPTURE_ERROR, CAPTURE_ERROR_FAILED,
			  _("--follow is for one file: leave it out to see what is in several, or "
			    "in a folder, now."));
		return NULL;
	}
	if (several)
		descriptors_allow();
	for (guint i = 0; paths[i]; i++) {
		standard += g_str_equal(paths[i], "-");
		if (standard > 1) {
			error_set(error, CAPTURE_ERROR, CAPTURE_ERROR_FAILED,
				  _("Standard input (\"-\") can be read only once."));
			return NULL;
		}
		if (g_file_test(paths[i], G_FILE_TEST_IS_DIR)) {
			if (!folder_open(paths[i], inputs, error))
				return NULL;
			continue;
		}
		CaptureInput *input = capture_input_open(paths[i], flags, error);
		if (!input)
			return NULL;
		g_ptr_array_add(inputs, input);
	}
	return g_steal_pointer(&inputs);
}

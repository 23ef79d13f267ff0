#include "snapshot.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pktladder/i18n.h"
#include "pktladder/text.h"
#include "raster.h"

/* Two pixels a CSS pixel: sharp on the screens and slides of today. */
static const char *const png_arguments[] = { "--zoom=2", NULL };

static gboolean
fail(const char *path, const char *why, GError **error)
{
	g_autofree char *safe = text_escape(path, -1);

	g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, _("%s cannot be written: %s"), safe,
		    why);
	return FALSE;
}

/* Where it is to be: through a link, the file that it leads to. */
static char *
place_choose(const char *path, GError **error)
{
	g_autofree char *safe = text_escape(path, -1);
	struct stat info;
	char *real, *place;

	if (stat(path, &info) != 0)
		return g_strdup(path);
	if (!S_ISREG(info.st_mode)) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
			    _("%s is no ordinary file: give another name"), safe);
		return NULL;
	}
	/* What may not be written is not replaced either. */
	if (access(path, W_OK) != 0) {
		fail(path, g_strerror(errno), error);
		return NULL;
	}
	real = realpath(path, NULL);
	place = g_strdup(real ? real : path);
	free(real);
	return place;
}

gboolean
snapshot_write(const Grid *grid, const char *title, const char *path, GError **error)
{
	const Picture *picture = picture_of_path(path);
	g_autoptr(GString) out = g_string_new(NULL);
	g_autofree char *place = place_choose(path, error);
	g_autoptr(GBytes) bytes = NULL;
	g_autoptr(GError) trouble = NULL;

	if (!place)
		return FALSE;
	picture->write(grid, title, out);
	if (picture->drawn)
		bytes = raster_make(out, picture->suffix, png_arguments, error);
	else
		bytes = g_string_free_to_bytes(g_steal_pointer(&out));
	if (!bytes)
		return FALSE;
	if (g_file_set_contents_full(place, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes),
				     G_FILE_SET_CONTENTS_CONSISTENT, 0666, &trouble))
		return TRUE;
	return fail(path, trouble->message, error);
}

#include "snapshot.h"

#include <sys/stat.h>

#include "figure_output.h"
#include "pktladder/i18n.h"
#include "pktladder/text.h"

/* Nothing that writing into would hold the screen up, such as a pipe. */
static gboolean
place_check(const char *path, GError **error)
{
	g_autofree char *safe = text_escape(path, -1);
	struct stat info;

	if (stat(path, &info) != 0 || S_ISREG(info.st_mode))
		return TRUE;
	g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
		    _("%s is no ordinary file: give another name"), safe);
	return FALSE;
}

gboolean
snapshot_write(const Grid *grid, const char *title, const char *path, GError **error)
{
	const Picture *picture = picture_of_path(path);
	FigureTarget target = { figure_format_find(picture->suffix), path, FIGURE_SCALE };
	GString *page;

	if (!place_check(path, error))
		return FALSE;
	page = g_string_new(NULL);
	picture->write(grid, title, page);
	return figure_output_page(page, &target, error);
}

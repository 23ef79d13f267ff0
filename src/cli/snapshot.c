#include "snapshot.h"

GString *
snapshot_page(const Grid *grid, const char *title, const char *path, FigureTarget *target)
{
	const Picture *picture = picture_of_path(path);
	GString *page = g_string_new(NULL);

	*target = (FigureTarget){ figure_format_find(picture->suffix), path, FIGURE_SCALE };
	picture->write(grid, title, page);
	return page;
}

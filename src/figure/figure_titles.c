#include "figure_titles.h"

#include "figure_slant.h"
#include "pktladder/i18n.h"
#include "pktladder/svg.h"

double
figure_title_place(FigureLayout *layout, const Figure *figure, double y)
{
	if (!figure->title || layout->first > 0)
		return y;
	layout->title = svg_text_wrap(figure->title, FACE_BOLD, FIGURE_TITLE_SIZE,
					 layout->width - 2 * FIGURE_MARGIN, FALSE);
	layout->title_y = y + FIGURE_TITLE_SIZE;
	return y + layout->title->len * (FIGURE_TITLE_SIZE + 5) + 12;
}

static void
foot_add(FigureLayout *layout, char *line)
{
	g_ptr_array_add(layout->foot, line);
}

double
figure_foot_place(FigureLayout *layout, const Figure *figure, const FigureOptions *options,
		  double y)
{
	gboolean last = layout->first + layout->n_rows >= figure->rows->len;

	if (figure->caption && last) {
		layout->caption = svg_text_wrap(figure->caption, FACE_PLAIN, FIGURE_NOTE_SIZE,
						layout->width - 2 * FIGURE_MARGIN, FALSE);
		y += 10;
		layout->caption_y = y + FIGURE_NOTE_SIZE;
		y += layout->caption->len * FIGURE_LINE_HEIGHT;
	}

	/* What the reader has to know about how it was drawn, and which page it is. */
	guint pages = figure_n_pages(figure, options);

	layout->foot = g_ptr_array_new_with_free_func(g_free);
	if (options->slant == FIGURE_SLANT_SCHEMATIC)
		foot_add(layout, g_strdup(_("Slant not to scale.")));
	if (options->slant == FIGURE_SLANT_TRUE)
		figure_slant_foot(figure, options, layout->foot);
	if (options->proportional)
		foot_add(layout,
			 g_strdup(_("The space between rows grows with the time between them.")));
	if (pages > 1)
		foot_add(layout,
			 g_strdup_printf(_("Page %u of %u"), options->page + 1, pages));
	if (layout->foot->len > 0) {
		layout->foot_y = y + 8 + FIGURE_NOTE_SIZE;
		y += 8 + layout->foot->len * FIGURE_LINE_HEIGHT;
	}
	return y;
}

static void
lines_widen(FigureLayout *layout, const GPtrArray *lines, SvgFace face, double size)
{
	for (guint i = 0; lines && i < lines->len; i++)
		layout->width = MAX(layout->width, 2 * FIGURE_MARGIN + svg_text_width(g_ptr_array_index(lines, i),
										  face, size));
}

/* A word that no line holds. */
void
figure_titles_widen(FigureLayout *layout)
{
	lines_widen(layout, layout->title, FACE_BOLD, FIGURE_TITLE_SIZE);
	lines_widen(layout, layout->caption, FACE_PLAIN, FIGURE_NOTE_SIZE);
	lines_widen(layout, layout->foot, FACE_PLAIN, FIGURE_NOTE_SIZE);
}

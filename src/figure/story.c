/* SPDX-License-Identifier: MIT */
/* story.c - a ladder as a story: each row with the sentences that say why it is so (why.h), for
 * people to read from the first to the last, as text or Markdown. */
#include "writers.h"

#include "pktladder/grid.h"

#define WIDTH 100 /* columns of text, where nobody says otherwise */

static void
text_append(GString *out, const char *line, guint width, guint indentation)
{
	g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(g_free);

	grid_wrap(rows, line, MAX(width, indentation + 20) - indentation, 0);
	for (guint i = 0; i < rows->len; i++)
		g_string_append_printf(out, "%*s%s\n", (int)indentation, "",
				       (const char *)rows->pdata[i]);
}

void
figure_write_story(const Figure *figure, const FigureOptions *options, GString *out)
{
	guint width = options->width ? options->width : WIDTH;

	if (figure->title)
		g_string_append_printf(out, "%s\n\n", figure->title);
	for (guint i = 0; i < figure->rows->len; i++) {
		const FigureRow *row = figure_row(figure, i);

		g_string_append_printf(out, "%s%u.%s%s\n", i ? "\n" : "", i + 1,
				       row->time ? " " : "", row->time ? row->time : "");
		for (guint n = 0; row->details && n < row->details->len; n++) {
			const char *line = row->details->pdata[n];

			if (*line)
				text_append(out, line + strspn(line, " "), width,
					    *line == ' ' ? 6 : 4);
		}
	}
	if (figure->caption)
		g_string_append_printf(out, "\n%s\n", figure->caption);
}

void
figure_write_story_markdown(const Figure *figure, const FigureOptions *options G_GNUC_UNUSED,
			    GString *out)
{
	if (figure->title) {
		g_string_append(out, "## ");
		markdown_escape(out, figure->title, TRUE);
		g_string_append(out, "\n\n");
	}
	for (guint i = 0; i < figure->rows->len; i++) {
		const FigureRow *row = figure_row(figure, i);

		g_string_append_printf(out, "%s%u. ", i ? "\n" : "", i + 1);
		if (row->time)
			g_string_append_printf(out, "*%s* ", row->time);
		for (guint n = 0; row->details && n < row->details->len; n++) {
			const char *line = row->details->pdata[n];
			const char *bold = *line == ' ' ? "" : "**";

			if (!*line)
				continue;
			g_string_append_printf(out, "%s%s", n ? "\n\n    " : "", bold);
			markdown_escape(out, line + strspn(line, " "), TRUE);
			g_string_append(out, bold);
		}
		g_string_append_c(out, '\n');
	}
	if (figure->caption) {
		g_string_append_c(out, '\n');
		markdown_escape(out, figure->caption, TRUE);
		g_string_append_c(out, '\n');
	}
}

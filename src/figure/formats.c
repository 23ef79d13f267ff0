/* SPDX-License-Identifier: MIT */
/* formats.c - the one table of what a figure can be written as. */
#include "writers.h"

#include <string.h>

#define WORDS   (FIGURE_TAKES_TITLE | FIGURE_TAKES_CAPTION | FIGURE_TAKES_ROWS | FIGURE_TAKES_RANGE)
#define COLUMNS (WORDS | FIGURE_TAKES_WIDTH | FIGURE_TAKES_ASCII)
#define DRAWN                                                                                      \
	(WORDS | FIGURE_TAKES_WIDTH | FIGURE_TAKES_PALETTE | FIGURE_TAKES_FONT |                   \
	 FIGURE_TAKES_SLANT | FIGURE_TAKES_TRANSITS | FIGURE_TAKES_SPACING)
#define PAGES (DRAWN | FIGURE_TAKES_PAGES)
#define INKS  (WORDS | FIGURE_TAKES_PALETTE)

const FigureFormat figure_formats[] = {
	{ "svg", "svg", N_("a drawing with real text, for documents, slides and the web"),
	  figure_write_svg, .takes = PAGES, .plots = FIGURE_PLOTS },
	{ "pdf", "pdf", N_("the same for print (through rsvg-convert)"), figure_write_svg,
	  .takes = PAGES, .convert = "pdf", .plots = FIGURE_PLOTS },
	{ "png", "png", N_("the same as a picture (through rsvg-convert)"), figure_write_svg,
	  .takes = PAGES | FIGURE_TAKES_SIZE, .convert = "png", .plots = FIGURE_PLOTS },
	{ "html", "html htm", N_("the same as a player: one page that needs nothing else"),
	  figure_write_html, .takes = DRAWN, .details = FIGURE_DETAILS },
	{ "text", "txt text", N_("text in UTF-8, or ASCII with --ascii"), figure_write_text,
	  .takes = COLUMNS },
	{ "ansi", "ansi ans", N_("text with the colours of a terminal"), figure_write_ansi,
	  .takes = COLUMNS },
	{ "mermaid", "mmd mermaid", N_("Mermaid sequence diagram, for Markdown pages"),
	  figure_write_mermaid, .takes = WORDS, .timeless = TRUE, .any_lanes = TRUE },
	{ "plantuml", "puml plantuml", N_("PlantUML sequence diagram"), figure_write_plantuml,
	  .takes = INKS, .timeless = TRUE, .any_lanes = TRUE },
	{ "mscgen", "msc mscgen", N_("message sequence chart for mscgen"), figure_write_mscgen,
	  .takes = INKS, .timeless = TRUE },
	{ "tikz", "tikz", N_("TikZ picture, to \\input in a LaTeX document"), figure_write_tikz,
	  .takes = INKS },
	{ "latex", "tex latex", N_("the same as a LaTeX document of its own"), figure_write_latex,
	  .takes = INKS },
	{ "markdown", "md markdown", N_("table for notes: server, message, client"),
	  figure_write_markdown, .takes = WORDS, .timeless = TRUE },
	{ "story", "story", N_("a story: each row, and why it is so (pktladder explain)"),
	  figure_write_story, .takes = COLUMNS, .details = FIGURE_WHY },
	{ "story-md", "story-md", N_("the same as Markdown, for notes"),
	  figure_write_story_markdown, .takes = WORDS, .details = FIGURE_WHY, .timeless = TRUE },
	{ "json", "json", N_("everything on the ladder, for other programs"), NULL,
	  &figure_stream_json, .takes = WORDS | FIGURE_TAKES_TRANSITS, .any_lanes = TRUE },
	{ "jsonl", "jsonl ndjson", N_("the same, a line for each row"), NULL, &figure_stream_jsonl,
	  .takes = WORDS | FIGURE_TAKES_TRANSITS, .any_lanes = TRUE },
	{ "xpl", "xpl", N_("the time-sequence graph for xplot (with --plot sequence)"), NULL,
	  .takes = 0, .plots = FIGURE_ONLY_PLOTS },
	{ NULL },
};

void
figure_format_write(const FigureFormat *format, const Figure *figure, const FigureOptions *options,
		    GString *out)
{
	const FigureStream *stream = format->stream;

	if (!stream) {
		format->write(figure, options, out);
		return;
	}
	stream->head(figure, out);
	for (guint i = 0; i < figure->rows->len; i++) {
		g_string_append(out, i == 0 ? stream->first : stream->between);
		stream->row(figure, figure_row(figure, i), NULL, out);
	}
	g_string_append(out, stream->end);
}

/* Each format's id is one of its suffixes. */
const FigureFormat *
figure_format_find(const char *id)
{
	g_autofree char *suffix = g_ascii_strdown(id, -1);

	for (const FigureFormat *format = figure_formats; format->id; format++) {
		g_auto(GStrv) suffixes = g_strsplit(format->suffixes, " ", -1);

		if (g_strv_contains((const char *const *)suffixes, suffix))
			return format;
	}
	return NULL;
}

gsize
path_suffix(const char *path, gboolean named)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path, *point = strrchr(name, '.');

	return point && (!named || point > name) ? (gsize)(point - path) : strlen(path);
}

const FigureFormat *
figure_format_of_path(const char *path)
{
	const char *suffix = path + path_suffix(path, FALSE);

	return *suffix ? figure_format_find(suffix + 1) : NULL;
}

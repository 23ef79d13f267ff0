/* SPDX-License-Identifier: MIT */
/* html.c - a figure as one HTML file: the SVG in a small player.
 *
 * Theory of operation. The page is a template (player.html) whose {{words}} are filled in here.
 * Whatever comes from packets is an element's text, escaped, or part of the SVG; nothing goes into
 * the script, which is the same for every figure and is let in by its hash. The page's policy
 * forbids every outside resource. Without scripts, and on paper, the ladder is whole.
 */
#include <string.h>

#include "writers.h"
#include "pktladder/svg.h"
#include "pktladder/timestamp.h"

/* A line without indentation is a heading; "  0000  45 00" is a row of bytes, which stays one.
 * Each row under its number and the arrow's label, else its calls: "5. SYN seq=0". */
static void
details_append(const Figure *figure, GString *out)
{
	for (guint i = 0; i < figure->rows->len; i++) {
		const FigureRow *row = figure_row(figure, i);
		gboolean open = FALSE; /* <pre> */
		const char *first = row->cell[0].call, *second = row->cell[1].call;
		g_autofree char *calls =
		    g_strjoin(" · ", first ? first : second, first ? second : NULL, NULL);
		gint64 since_ns =
		    timestamp_between(figure_row(figure, 0)->row.time_ns, row->row.time_ns);

		g_string_append_printf(
		    out, "<details data-us=\"%" G_GINT64_FORMAT ".%03d\">\n<summary>%u. ",
		    since_ns / 1000, (int)ABS(since_ns % 1000), i + 1);
		svg_content(out, row->label ? row->label : calls);
		g_string_append(out, "</summary>\n");
		for (guint n = 0; row->details && n < row->details->len; n++) {
			const char *line = g_ptr_array_index(row->details, n);
			gboolean heading = *line != ' ';
			gboolean bytes = strspn(line, " ") == 2 &&
					 strspn(line + 2, "0123456789abcdef") == 4 &&
					 g_str_has_prefix(line + 6, "  ");

			if (heading && open)
				g_string_append(out, "</pre>\n");
			else if (!heading && !open)
				g_string_append(out,
						bytes ? "<pre class=\"player-bytes\">" : "<pre>");
			open = !heading;
			if (!*line)
				continue;
			g_string_append(out, heading ? "<h2>" : "");
			svg_content(out, line + MIN(strspn(line, " "), 2));
			g_string_append(out, heading ? "</h2>\n" : "\n");
		}
		if (open)
			g_string_append(out, "</pre>\n");
		g_string_append(out, "</details>\n");
	}
}

/* The template's words that are to be read. */
static const struct {
	const char *name, *text; /* `text`: msgid */
} texts[] = {
	/* TRANSLATORS: the code of this language, as in HTML's lang: "en", "es"... */
	{ "lang", N_("en") },
	{ "details-label", N_("Decoded headers and calls") },
	{ "hint", N_("Step on, or point at a row, to see its headers and calls here.") },
	{ "controls-label", N_("Player") },
	{ "first", N_("To the start") },
	{ "back", N_("A row back") },
	{ "play", N_("Play") },
	{ "pause", N_("Pause") },
	{ "space", N_("space bar") },
	{ "next", N_("A row on") },
	{ "last", N_("To the end") },
	{ "slider", N_("Rows of the ladder") },
	/* TRANSLATORS: %1 and %2 are numbers. */
	{ "position", N_("%1 of %2 rows") },
	{ "speed", N_("Speed") },
	{ "speed-even", N_("a row a second") },
	{ "speed-fast", N_("two rows a second") },
	{ "speed-slow", N_("a row in two seconds") },
	{ "speed-recorded", N_("as recorded") },
	{ "speed-recorded-10", N_("10 times slower") },
	{ "speed-recorded-1000", N_("1000 times slower") },
};

/* The hash of the script element's whole text: the line end after <script> is a part of it. */
static char *
script_hash(void)
{
	g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
	guint8 digest[32];
	gsize length = sizeof digest;

	g_checksum_update(checksum, (const guint8 *)"\n", 1);
	g_checksum_update(checksum, (const guint8 *)player_js, -1);
	g_checksum_get_digest(checksum, digest, &length);
	g_autofree char *base64 = g_base64_encode(digest, length);
	return g_strconcat("sha256-", base64, NULL);
}

void
figure_write_html(const Figure *figure, const FigureOptions *options, GString *out)
{
	g_autofree char *lanes = g_strjoinv(", ", (char **)figure->lanes->pdata),
			*hash = script_hash();
	g_autofree char *name = g_markup_escape_text(figure->title ? figure->title : lanes, -1);
	g_autofree char *heading =
	    figure->title ? g_markup_printf_escaped("<h1>%s</h1>\n", figure->title) : NULL;
	g_autofree char *caption =
	    figure->caption
		? g_markup_printf_escaped("<figcaption>%s</figcaption>\n", figure->caption)
		: NULL;
	g_autofree char *rows = g_strdup_printf("%u", figure->rows->len);
	const struct {
		const char *name, *html; /* `html` NULL: nothing */
	} parts[] = {
		{ "name", name },        { "style", player_css }, { "script", player_js },
		{ "script-hash", hash }, { "heading", heading },  { "caption", caption },
		{ "rows", rows },
	};
	Figure plain = *figure; /* title and caption are the page's own */
	const char *text = player_html, *open;

	plain.title = plain.caption = NULL;
	while ((open = strstr(text, "{{"))) {
		const char *close = strstr(open, "}}");
		g_autofree char *word = g_strndup(open + 2, close - open - 2);

		g_string_append_len(out, text, open - text);
		text = close + 2;
		gboolean svg = g_str_equal(word, "svg"), details = g_str_equal(word, "details");
		gboolean known = svg || details;

		if (svg)
			figure_write_svg(&plain, options, out);
		if (details)
			details_append(figure, out);
		for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
			if (!g_str_equal(word, parts[i].name))
				continue;
			known = TRUE;
			g_string_append(out, parts[i].html ? parts[i].html : "");
		}
		for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
			if (!g_str_equal(word, texts[i].name))
				continue;
			known = TRUE;
			svg_content(out, _(texts[i].text));
		}
		g_assert(known);
	}
	g_string_append(out, text);
}

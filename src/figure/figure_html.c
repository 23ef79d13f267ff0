/* figure_html.c - a figure as one HTML file: the SVG in a small player.
 *
 * Theory of operation. The page is a template (player.html) whose {{words}} are
 * filled in here. Whatever comes from packets is an element's text, escaped, or
 * part of the SVG; nothing goes into the script, which is the same for every
 * figure and is let in by its hash. The page's policy forbids every outside
 * resource. Without scripts, and on paper, the ladder is whole.
 */
#include <string.h>

#include "figure_writers.h"
#include "pktladder/i18n.h"
#include "pktladder/timestamp.h"
#include "player.h"

typedef struct {
	const Figure *figure;
	const FigureOptions *options;
	GString *out;
} Page;

static void
escaped_append(GString *out, const char *text)
{
	g_autofree char *escaped = g_markup_escape_text(text, -1);

	g_string_append(out, escaped);
}

/* ---- what a row says ---- */

/* "  0000  45 00": a row of bytes, which stays one. */
static gboolean
is_bytes(const char *line)
{
	return strspn(line, " ") == 2 && strspn(line + 2, "0123456789abcdef") == 4 &&
	       g_str_has_prefix(line + 6, "  ");
}

/* A line without indentation is a heading. */
static void
lines_append(GString *out, const GPtrArray *lines)
{
	gboolean open = FALSE; /* <pre> */

	for (guint i = 0; lines && i < lines->len; i++) {
		const char *line = g_ptr_array_index(lines, i);
		gboolean heading = *line != ' ';

		if (heading && open)
			g_string_append(out, "</pre>\n");
		else if (!heading && !open)
			g_string_append(out, is_bytes(line) ? "<pre class=\"player-bytes\">" : "<pre>");
		open = !heading;
		if (!*line)
			continue;
		g_string_append(out, heading ? "<h2>" : "");
		escaped_append(out, line + MIN(strspn(line, " "), 2));
		g_string_append(out, heading ? "</h2>\n" : "\n");
	}
	if (open)
		g_string_append(out, "</pre>\n");
}

/* "5. SYN seq=0": the arrow's label, else the calls. */
static void
summary_append(GString *out, const FigureRow *row, guint number)
{
	const char *parts[] = { row->label, row->cell[0].call, row->cell[1].call };
	const char *separator = "";

	g_string_append_printf(out, "%u. ", number);
	for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
		if (!parts[i] || (i > 0 && row->label))
			continue;
		g_string_append(out, separator);
		escaped_append(out, parts[i]);
		separator = " · ";
	}
}

static void
details_append(const Page *page)
{
	const Figure *figure = page->figure;

	for (guint i = 0; i < figure->rows->len; i++) {
		const FigureRow *row = figure_row(figure, i);
		gint64 since_ns = timestamp_between(figure_row(figure, 0)->row.time_ns,
						    row->row.time_ns);

		g_string_append_printf(page->out,
				       "<details data-us=\"%" G_GINT64_FORMAT ".%03d\">\n<summary>",
				       since_ns / 1000, (int)ABS(since_ns % 1000));
		summary_append(page->out, row, i + 1);
		g_string_append(page->out, "</summary>\n");
		lines_append(page->out, row->details);
		g_string_append(page->out, "</details>\n");
	}
}

/* ---- the page ---- */

/* Title and caption are the page's own. */
static void
svg_append(const Page *page)
{
	Figure plain = *page->figure;

	plain.title = plain.caption = NULL;
	figure_write_svg(&plain, page->options, page->out);
}

static void
name_append(const Page *page)
{
	const Figure *figure = page->figure;

	if (figure->title) {
		escaped_append(page->out, figure->title);
		return;
	}
	for (guint lane = 0; lane < figure->lanes->len; lane++) {
		g_string_append(page->out, lane > 0 ? ", " : "");
		escaped_append(page->out, g_ptr_array_index(figure->lanes, lane));
	}
}

static void
element_append(const Page *page, const char *name, const char *text)
{
	if (!text)
		return;
	g_string_append_printf(page->out, "<%s>", name);
	escaped_append(page->out, text);
	g_string_append_printf(page->out, "</%s>\n", name);
}

static void
heading_append(const Page *page)
{
	element_append(page, "h1", page->figure->title);
}

static void
caption_append(const Page *page)
{
	element_append(page, "figcaption", page->figure->caption);
}

static void
style_append(const Page *page)
{
	g_string_append(page->out, player_css);
}

static void
script_append(const Page *page)
{
	g_string_append(page->out, player_js);
}

/* Of the element's whole text: the line end after <script> is a part of it. */
static void
script_hash_append(const Page *page)
{
	g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
	g_autofree char *base64 = NULL;
	guint8 digest[32];
	gsize length = sizeof digest;

	g_checksum_update(checksum, (const guint8 *)"\n", 1);
	g_checksum_update(checksum, (const guint8 *)player_js, strlen(player_js));
	g_checksum_get_digest(checksum, digest, &length);
	base64 = g_base64_encode(digest, length);
	g_string_append_printf(page->out, "sha256-%s", base64);
}

static void
rows_append(const Page *page)
{
	g_string_append_printf(page->out, "%u", page->figure->rows->len);
}

/* The template's words: a text, or what appends. */
static const struct {
	const char *name;
	const char *text; /* msgid */
	void (*append)(const Page *page);
} words[] = {
	/* TRANSLATORS: the code of this language, as in HTML's lang: "en", "es"... */
	{ "lang", N_("en"), NULL },
	{ "name", NULL, name_append },
	{ "style", NULL, style_append },
	{ "script", NULL, script_append },
	{ "script-hash", NULL, script_hash_append },
	{ "heading", NULL, heading_append },
	{ "svg", NULL, svg_append },
	{ "caption", NULL, caption_append },
	{ "details", NULL, details_append },
	{ "rows", NULL, rows_append },
	{ "details-label", N_("Decoded headers and calls"), NULL },
	{ "hint", N_("Step on, or point at a row, to see its headers and calls here."), NULL },
	{ "controls-label", N_("Player"), NULL },
	{ "first", N_("To the start"), NULL },
	{ "back", N_("A row back"), NULL },
	{ "play", N_("Play"), NULL },
	{ "pause", N_("Pause"), NULL },
	{ "space", N_("space bar"), NULL },
	{ "next", N_("A row on"), NULL },
	{ "last", N_("To the end"), NULL },
	{ "slider", N_("Rows of the ladder"), NULL },
	/* TRANSLATORS: %1 and %2 are numbers. */
	{ "position", N_("%1 of %2 rows"), NULL },
	{ "speed", N_("Speed"), NULL },
	{ "speed-even", N_("a row a second"), NULL },
	{ "speed-fast", N_("two rows a second"), NULL },
	{ "speed-slow", N_("a row in two seconds"), NULL },
	{ "speed-recorded", N_("as recorded"), NULL },
	{ "speed-recorded-10", N_("10 times slower"), NULL },
	{ "speed-recorded-1000", N_("1000 times slower"), NULL },
};

static void
word_append(const Page *page, const char *name, gsize length)
{
	for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
		if (strlen(words[i].name) != length || memcmp(words[i].name, name, length) != 0)
			continue;
		if (words[i].append)
			words[i].append(page);
		else
			escaped_append(page->out, _(words[i].text));
		return;
	}
	g_assert_not_reached();
}

void
figure_write_html(const Figure *figure, const FigureOptions *options, GString *out)
{
	const Page page = { figure, options, out };
	const char *text = player_html, *open;

	while ((open = strstr(text, "{{"))) {
		const char *close = strstr(open, "}}");

		g_string_append_len(out, text, open - text);
		word_append(&page, open + 2, close - open - 2);
		text = close + 2;
	}
	g_string_append(out, text);
}

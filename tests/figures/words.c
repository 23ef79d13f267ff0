/* SPDX-License-Identifier: MIT */
/* words.c - figures whose every text is made of what a format would read as
 * something else, in all formats:
 *
 *   figure-words FOLDER
 *
 * writes FOLDER/NAME.FORMAT for each, and FOLDER/NAME.words with the texts that
 * must come out again, one a line. roundtrip.py reads both.
 */
#include "../unit/story.h"
#include "pktladder/figure.h"
#include "pktladder/text.h"

#include <stdio.h>
#include <string.h>

static const char *const words[] = {
	/* Mermaid */
	"end",
	"[::1]:4000",
	"a;b",
	"#35;",
	"a # b",
	"&amp;",
	"&lt;b&gt;",
	"&#65;",
	"%%{init: {\"theme\": \"dark\"}}%%",
	"%% comment",
	"wrap: x",
	"nowrap: y",
	":wrap: z",
	"<script>alert(1)</script>",
	"<b>bold</b>",
	"a<br/>b<br>c",
	"$$x^2$$",
	"A->>B: hi",
	"A-->>B",
	"-x",
	"--",
	"->",
	"--->",
	"participant L0",
	"rect rgb(0,0,0)",
	"L0@{ \"type\": \"actor\" }",
	/* PlantUML */
	"%date()",
	"**b**",
	"__u__",
	"//i//",
	"--s--",
	"~~w~~",
	"~b",
	"\"\"m\"\"",
	"|a|b|",
	"[[http://x.org text]]",
	"* item",
	"# item",
	"== part ==",
	"!define A B",
	"!include x",
	"' comment",
	"/' comment '/",
	"end note",
	"@enduml",
	"@startuml",
	"...",
	"..",
	"||45||",
	"{field}",
	"<U+0041>",
	"<&heart>",
	"<:smile:>",
	"<color:red>x</color>",
	"<size:40>x",
	"$var",
	"<img:x.png>",
	"<$sprite>",
	"----",
	"====",
	"____",
	".",
	"-",
	"=",
	"_",
	"/",
	"(",
	")",
	":",
	",",
	"+",
	/* mscgen, C and the shell */
	"\"];",
	"x\", label=\"y",
	"\\\"",
	"a\\\\b",
	"// x",
	"/* x */",
	"# x",
	"$(id)",
	"`id`",
	/* Markdown */
	"| a | b |",
	"\\|",
	"a\\|b",
	"a|b",
	"`code`",
	"```",
	"*em*",
	"_em_",
	"a_b_c",
	"_a",
	"a_",
	"[link](http://x.org)",
	"![x](y.png)",
	"[ref]: x",
	"[^1]",
	"<!-- x -->",
	"1. x",
	"2) x",
	"1.",
	"- x",
	"+ x",
	"> x",
	"--- ",
	"===",
	"    code",
	"~~~",
	"http://x.org/a?b=c&d=e",
	"www.x.org",
	"https://x.org",
	"ftp://x.org/y",
	"mailto:a@b.org",
	"xmpp:a@b.org/c",
	"(www.x.org) WWW.x.org",
	"a.b+c-d@e-f.x.org",
	"a@b.org",
	":smile:",
	"==mark==",
	"%%x%%",
	"^x^",
	"<http://x.org>",
	"\\*",
	"\\",
	"a\\",
	"#1 x",
	/* LaTeX */
	"\\begin{x}",
	"\\end{document}",
	"\\input{/etc/passwd}",
	"$x_1$",
	"^ ~ % & # _ { }",
	"}{",
	"{",
	"}",
	"ff fi fl ffi ffl",
	"a?`b!`c",
	",,x''y``z",
	"<<x>>",
	"x--y---z",
	"\\\\[2cm]",
	"^^41",
	"%",
	/* JSON, HTML */
	"{\"a\": [1, null]}",
	"</script>",
	"</pre><b>",
	"&quot;",
	"' onclick='x",
	"true",
	"null",
	/* letters, spaces, bytes */
	"¿Qué pasó? ¡Año, güeño, ÑÁÉÍÓÚ!",
	"a  b   c",
	" before",
	"behind ",
	"日本語 → … “x”",
	"«y»",
	"á",
	"GET / HTTP/1.1\r\nHost: x\t\001\177\377",
	"\u202eabc\u200b",
	("long long long long long long long long long long long long long long long long long "
	 "long "
	 "long long long long long long long long long long long long long long long"),
	"012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
	"0",
};
#define N_WORDS G_N_ELEMENTS(words)

typedef struct {
	Story story;
	Ladder *ladder;
	Figure *figure;
	FigureOptions options;
} Made;

static void
made_init(Made *made, void (*tell)(Story *story))
{
	story_init(&made->story, 4);
	tell(&made->story);
	made->ladder = ladder_new(made->story.trace, SELECTION_ALL);
	ladder_update(made->ladder);
	made->options = (FigureOptions){ .states = TRUE, .width = 100 };
	made->figure = figure_new(made->ladder, &made->options);
}

static void
made_clear(Made *made)
{
	figure_free(made->figure);
	ladder_free(made->ladder);
	story_clear(&made->story);
}

static void
word_put(char **place, guint *next)
{
	g_free(*place);
	*place = text_escape(words[(*next)++ % N_WORDS], -1);
}

/* Puts words in the place of all texts, from word `first` on. */
static void
figure_fill(Figure *figure, guint first)
{
	word_put(&figure->title, &first);
	word_put(&figure->caption, &first);
	for (guint lane = 0; lane < figure->lanes->len; lane++)
		word_put((char **)&g_ptr_array_index(figure->lanes, lane), &first);
	for (guint i = 0; i < figure->rows->len; i++) {
		FigureRow *row = &g_array_index(figure->rows, FigureRow, i);

		if (row->label)
			word_put(&row->label, &first);
		for (guint side = 0; side < 2; side++) {
			if (row->cell[side].call)
				word_put(&row->cell[side].call, &first);
		}
	}
}

/* A third lane, and arrows between each two of them. */
static void
figure_widen(Figure *figure)
{
	static const guint32 lanes[][2] = { { 0, 1 }, { 1, 2 }, { 0, 2 }, { 2, 1 } };

	g_ptr_array_add(figure->lanes, g_strdup("Third"));
	for (guint i = 0; i < figure->rows->len; i++) {
		FigureRow *row = &g_array_index(figure->rows, FigureRow, i);
		gboolean from_client = row->from == row->lane[SIDE_CLIENT];

		memcpy(row->lane, lanes[i % G_N_ELEMENTS(lanes)], sizeof row->lane);
		row->from = row->lane[from_client ? SIDE_CLIENT : SIDE_SERVER];
		row->to = row->lane[from_client ? SIDE_SERVER : SIDE_CLIENT];
	}
	for (guint i = 0; i < figure->bars->len; i++) {
		FigureBar *bar = &g_array_index(figure->bars, FigureBar, i);

		bar->lane = figure_row(figure, bar->first)->lane[i % 2];
	}
}

static void
word_line(GString *lines, const char *kind, const char *text)
{
	if (text)
		g_string_append_printf(lines, "%s\t%s\n", kind, text);
}

static void
words_write(const Figure *figure, const char *folder, const char *name)
{
	g_autofree char *path = g_strdup_printf("%s/%s.words", folder, name);
	g_autoptr(GString) lines = g_string_new(NULL);

	word_line(lines, "title", figure->title);
	word_line(lines, "caption", figure->caption);
	for (guint lane = 0; lane < figure->lanes->len; lane++)
		word_line(lines, "lane", g_ptr_array_index(figure->lanes, lane));
	for (guint i = 0; i < figure->rows->len; i++) {
		const FigureRow *row = figure_row(figure, i);

		word_line(lines, "label", row->label);
		for (guint side = 0; side < 2; side++) {
			word_line(lines, "call", row->cell[side].call);
			word_line(lines, "state", row->cell[side].state);
		}
	}
	g_assert_true(g_file_set_contents(path, lines->str, lines->len, NULL));
}

/* Of those, the ladder itself is not asked for what stands where. */
static const char *const formats[] = { "mermaid", "plantuml", "mscgen", "tikz",
				       "latex",   "markdown", "json" };

/* Twice, since the same figure gives the same bytes. */
static void
made_write(const Made *made, const char *folder, const char *name)
{
	words_write(made->figure, folder, name);
	for (guint i = 0; i < G_N_ELEMENTS(formats); i++) {
		const FigureFormat *format = figure_format_find(formats[i]);
		g_autofree char *path = g_strdup_printf("%s/%s.%s", folder, name, format->id);
		g_autoptr(GString) out = g_string_new(NULL), again = g_string_new(NULL);

		figure_format_write(format, made->figure, &made->options, out);
		figure_format_write(format, made->figure, &made->options, again);
		g_assert_true(g_string_equal(out, again));
		g_assert_true(g_file_set_contents(path, out->str, out->len, NULL));
	}
}

static void
tell_nothing(Story *story)
{
	(void)story;
}

static void
tell_one(Story *story)
{
	story_udp(story, SIDE_CLIENT, 12);
}

static void
tell_long(Story *story)
{
	for (guint i = 0; i < 2500; i++) {
		story_udp(story, SIDE_CLIENT, 12);
		story_udp(story, SIDE_SERVER, 12);
	}
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*tell)(Story *story);
	} plain[] = {
		{ "tcp", story_tcp_demo },    { "udp", story_udp_demo },
		{ "trouble", story_trouble }, { "nothing", tell_nothing },
		{ "one", tell_one },          { "long", tell_long },
	};

	g_assert_cmpint(argc, ==, 2);
	for (guint i = 0; i < G_N_ELEMENTS(plain); i++) {
		Made made;

		made_init(&made, plain[i].tell);
		made_write(&made, argv[1], plain[i].name);
		made_clear(&made);
	}
	/* Each word is title, caption and lane once; the rows take those that follow. */
	for (guint first = 0; first < N_WORDS; first++) {
		g_autofree char *name = g_strdup_printf("words-%03u", first);
		Made made;

		made_init(&made, first % 2 ? story_udp_demo : story_trouble);
		if (first % 5 == 0)
			figure_widen(made.figure);
		figure_fill(made.figure, first);
		made_write(&made, argv[1], name);
		made_clear(&made);
	}
	return 0;
}

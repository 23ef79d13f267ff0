#include "figure_style.h"

#include "figure_layout.h"

static const char *const classes[] = {
	[ROLE_PLAIN] = "plain", [ROLE_SYN] = "syn",   [ROLE_ACK] = "ack",
	[ROLE_DATA] = "data",	[ROLE_FOLD] = "fold", [ROLE_FIN] = "fin",
	[ROLE_RST] = "rst",	[ROLE_DATAGRAM] = "datagram", [ROLE_ICMP] = "icmp",
	[ROLE_ODD] = "odd",	[ROLE_PROBLEM] = "problem",   [ROLE_NOTE] = "note",
	[ROLE_DROPS] = "drops", [ROLE_CALL] = "calls",
};

const char *
figure_role_class(Role role)
{
	return role < G_N_ELEMENTS(classes) && classes[role] ? classes[role] : "plain";
}

/* Inks by what they are for, on a light ground and on a dark one. From Okabe and
 * Ito's colours: green, blue, purple, vermilion, orange; see figure.h. */
typedef struct {
	const char *classes; /* that have it as text and as line: "%s" is the class */
	const char *light, *dark;
} Ink;

static const Ink inks[] = {
	{ "syn", "#007a5a", "#2fcf9f" },
	{ "ack", "#4d5763", "#a7b1bd" },
	{ "data", "#0066a6", "#62bdf0" },
	{ "fold", "#0066a6", "#62bdf0" },
	{ "datagram", "#0066a6", "#62bdf0" },
	{ "fin", "#94407a", "#e39ac9" },
	{ "rst", "#b23c00", "#ff9157" },
	{ "icmp", "#875c00", "#e8b13a" },
	{ "odd", "#6a4fa3", "#bba6ee" },
	{ "problem", "#b23c00", "#ff9157" },
	{ "plain", "#1c2430", "#e6e9ee" },
};

/* Kinds of lines: one each, so that they differ in black and white. */
static const char lines[] =
	".line{fill:none;stroke-width:1.5}\n"
	".ack .line{stroke-width:1.3;stroke-dasharray:5 4}\n"
	".data .line{stroke-width:2.6}\n"
	".fold .line{stroke-width:2.6;stroke-dasharray:16 4}\n"
	".datagram .line{stroke-width:2.2;stroke-dasharray:10 5}\n"
	".fin .line{stroke-width:1.2}\n"
	".ticks{fill:none;stroke-width:8;stroke-dasharray:1.5 16}\n"
	".icmp .line{stroke-width:1.8;stroke-dasharray:1.8 4}\n"
	".odd .line{stroke-dasharray:9 4 2 4}\n"
	".problem .label,.rst .label,.drops .label{font-weight:bold}\n";

/* A family's name as a CSS string: what is no letter, digit or blank by its number. */
static void
family_append(GString *out, const char *family)
{
	g_string_append_c(out, '"');
	for (const char *p = family; *p; p = g_utf8_next_char(p)) {
		gunichar character = g_utf8_get_char(p);

		if (character >= 0x80 ? g_unichar_isalnum(character)
				      : g_ascii_isalnum(character) || character == ' ' || character == '-')
			g_string_append_unichar(out, character);
		else
			g_string_append_printf(out, "\\%x ", character);
	}
	g_string_append(out, "\",");
}

static void
faces_append(GString *out, const FigureOptions *options)
{
	g_string_append(out, "text{font-family:");
	if (options->font)
		family_append(out, options->font);
	g_string_append(out, "Helvetica,Arial,\"Liberation Sans\",\"Nimbus Sans\",\"DejaVu Sans\","
			     "sans-serif}\n");
	g_string_append(out, ".call,.time,.number{font-family:\"DejaVu Sans Mono\",Menlo,Consolas,"
			     "\"Liberation Mono\",monospace}\n");
	g_string_append_printf(out,
			       ".label{font-size:%gpx;text-anchor:middle}\n"
			       ".over{paint-order:stroke;stroke-width:3px;stroke-linejoin:round}\n"
			       ".call{font-size:%gpx}\n"
			       ".failed{font-weight:bold}\n"
			       ".state{font-size:%gpx;font-weight:bold}\n"
			       ".time,.number{font-size:%gpx;text-anchor:end}\n"
			       ".who{font-size:%gpx;font-weight:bold;text-anchor:middle}\n"
			       ".title{font-size:%gpx;font-weight:bold}\n"
			       ".remark,.caption,.foot{font-size:%gpx}\n"
			       ".remark{text-anchor:middle}\n"
			       ".end{text-anchor:end}\n",
			       FIGURE_LABEL_SIZE, FIGURE_CALL_SIZE, FIGURE_STATE_SIZE,
			       FIGURE_TIME_SIZE, FIGURE_HEAD_SIZE, FIGURE_TITLE_SIZE,
			       FIGURE_NOTE_SIZE);
}

/* What is drawn in no ink of a row's: ground, text, fainter text, lifelines, boxes. */
typedef struct {
	const char *paper, *text, *faint, *lifeline, *box, *bar, *bad;
} Ground;

static void
ground_append(GString *out, const Ground *ground)
{
	g_string_append_printf(out,
			       ".paper{fill:%s}\n"
			       ".over{stroke:%s}\n"
			       "text{fill:%s}\n"
			       ".time,.number,.foot{fill:%s}\n"
			       ".lifeline{stroke:%s}\n"
			       ".box{fill:%s;stroke:%s}\n"
			       ".bar{fill:%s;stroke:%s}\n"
			       ".bar.open{fill-opacity:.35}\n"
			       ".failed,.drops .remark{fill:%s}\n",
			       ground->paper, ground->paper, ground->text, ground->faint,
			       ground->lifeline, ground->box, ground->lifeline, ground->bar,
			       ground->faint, ground->bad);
}

static void
inks_append(GString *out, gboolean dark)
{
	for (guint i = 0; i < G_N_ELEMENTS(inks); i++) {
		const char *ink = dark ? inks[i].dark : inks[i].light;

		g_string_append_printf(out,
				       ".%s .line,.%s .ticks{stroke:%s}.%s .head,.%s .label{fill:%s}\n",
				       inks[i].classes, inks[i].classes, ink, inks[i].classes,
				       inks[i].classes, ink);
	}
}

void
figure_style_append(GString *out, const FigureOptions *options)
{
	static const Ground light = { "#fff",	 "#1c2430", "#56606c", "#8c96a3",
				      "#f1f4f8", "#c3cedb", "#b23c00" };
	static const Ground dark = { "#12161b", "#e6e9ee", "#a0a9b4", "#66717d",
				     "#1e252d", "#4a5a6b", "#ff9157" };
	static const Ground print = { "#fff", "#000", "#000", "#000", "#fff", "#ccc", "#000" };

	faces_append(out, options);
	g_string_append(out, ".lifeline{stroke-width:1.2}\n.box{stroke-width:1}\n.bar{stroke-width:.6}\n");
	g_string_append(out, lines);
	if (options->palette == FIGURE_PALETTE_BW) {
		ground_append(out, &print);
		g_string_append(out, ".line,.ticks{stroke:#000}.head{fill:#000}\n");
		return;
	}
	ground_append(out, &light);
	inks_append(out, FALSE);
	g_string_append(out, "@media screen and (prefers-color-scheme:dark){\n");
	ground_append(out, &dark);
	inks_append(out, TRUE);
	g_string_append(out, "}\n");
}

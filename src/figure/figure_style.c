#include "figure_style.h"

#include "figure_layout.h"
#include "pktladder/svg.h"

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

static void
faces_append(GString *out, const FigureOptions *options)
{
	g_string_append(out, "text{font-family:");
	if (options->font) {
		/* A family's name as a CSS string: what is no letter, digit or blank by its number.
		 */
		g_string_append_c(out, '"');
		for (const char *p = options->font; *p; p = g_utf8_next_char(p)) {
			gunichar character = g_utf8_get_char(p);

			if (character >= 0x80 ? g_unichar_isalnum(character)
					      : g_ascii_isalnum(character) || character == ' ' ||
						    character == '-')
				g_string_append_unichar(out, character);
			else
				g_string_append_printf(out, "\\%x ", character);
		}
		g_string_append(out, "\",");
	}
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

/* What is drawn in no ink of a row's. */
static const char ground_rules[] =
	".paper{fill:%p}\n"
	".over{stroke:%p}\n"
	"text{fill:%t}\n"
	".time,.number,.foot{fill:%f}\n"
	".lifeline{stroke:%l}\n"
	".box{fill:%b;stroke:%l}\n"
	".bar{fill:%w;stroke:%f}\n"
	".bar.open{fill-opacity:.35}\n"
	".failed,.drops .remark{fill:%v}\n";

static void
inks_append(GString *out, SvgGround ground)
{
	static const Role roles[] = { ROLE_SYN, ROLE_ACK, ROLE_DATA, ROLE_FOLD,	   ROLE_DATAGRAM, ROLE_FIN,
				      ROLE_RST, ROLE_ICMP, ROLE_ODD, ROLE_PROBLEM, ROLE_PLAIN };

	for (guint i = 0; i < G_N_ELEMENTS(roles); i++) {
		const char *class = figure_role_class(roles[i]);
		const char *ink = svg_ink(svg_ink_of_role(roles[i]), ground);

		g_string_append_printf(out, ".%s .line,.%s .ticks{stroke:%s}.%s .head,.%s .label{fill:%s}\n",
				       class, class, ink, class, class, ink);
	}
}

void
figure_style_append(GString *out, const FigureOptions *options)
{
	gboolean print = options->palette == FIGURE_PALETTE_BW;

	faces_append(out, options);
	g_string_append(out, ".lifeline{stroke-width:1.2}\n.box{stroke-width:1}\n.bar{stroke-width:.6}\n");
	g_string_append(out, lines);
	svg_sheet(out, ground_rules, print ? SVG_PRINT : SVG_LIGHT);
	if (print) {
		g_string_append(out, ".line,.ticks{stroke:#000}.head{fill:#000}\n");
		return;
	}
	inks_append(out, SVG_LIGHT);
	g_string_append(out, "@media screen and (prefers-color-scheme:dark){\n");
	svg_sheet(out, ground_rules, SVG_DARK);
	inks_append(out, SVG_DARK);
	g_string_append(out, "}\n");
}

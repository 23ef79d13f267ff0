/* SPDX-License-Identifier: MIT */
/* plantuml.c - a figure as a PlantUML sequence diagram: calls and states are notes without a frame,
 * so that they stand beside the lifelines as text. Notes and bars belong to the message before
 * them: where a row has no arrow, a hidden one stands for it. */
#include "writers.h"
#include "sequence.h"

#include <string.h>

/* Besides letters and digits, what PlantUML takes as it is; and what it takes
 * alone, but not twice in a row, nor at the beginning of a text. Everything else
 * is written by its number: Creole markup would be left out in silence. */
#define PLAIN       "(),+"
#define PLAIN_ALONE " .:-_/="

static gboolean
is_plain(const char *text, const char *at)
{
	guchar byte = *at;

	if (byte >= 0x80 || g_ascii_isalnum(byte))
		return TRUE;
	if (strchr(PLAIN_ALONE, byte))
		return at > text && at[1] && at[-1] != byte && at[1] != byte;
	/* one of these as the whole text is no text (1.2020.2) */
	return strchr(PLAIN, byte) && (at > text || at[1]);
}

static void
plantuml_escape(GString *out, const char *text)
{
	for (const char *p = text, *next; *p; p = next) {
		gunichar character = g_utf8_get_char(p);

		next = g_utf8_next_char(p);
		if (g_utf8_strchr("“”«»", -1, character)) { /* they end a name as plain ones do */
			g_string_append_printf(out, "&#%u;", character);
		} else if (is_plain(text, p)) {
			g_string_append_len(out, p, next - p);
		} else if (*p == '$' || *p == '\\' || g_str_has_prefix(p, "<U+")) {
			/* of numbers as below the first two make 1.2020.2 crash, the last one is
			 * read again */
			g_string_append_printf(out, "<U+%04X>", character);
		} else { /* of spaces, those that would be left out stay as wide ones */
			g_string_append_printf(out, "&#%u;", *p == ' ' ? 160 : character);
		}
	}
	if (!*text)
		g_string_append(out, "&#160;");
}

static const char look[] = "hide footbox\n"
			   "skinparam backgroundColor transparent\n"
			   "skinparam shadowing false\n"
			   "skinparam sequence {\n"
			   "  ArrowColor #555555\n"
			   "  LifeLineBorderColor #888888\n"
			   "  LifeLineBackgroundColor #888888\n"
			   "  ParticipantBackgroundColor transparent\n"
			   "  ParticipantBorderColor #888888\n"
			   "}\n"
			   "skinparam note {\n"
			   "  BackgroundColor transparent\n"
			   "  BorderColor transparent\n"
			   "}\n";

/* Where a call begins when another one ends the bar goes on: PlantUML takes one
 * change a lane and message. */
static const SequenceSyntax syntax = {
	.escape = plantuml_escape,
	.steps = { STEP_MESSAGE, STEP_CELLS, STEP_BARS },
	.lane = "participant \"%t\" as L%l\n",
	.arrow = "L%f -%k> L%g : %t\n",
	.note = "hnote over L0,L%n : %t\n",
	.wrong = "hnote over L0,L%n #F9E3D5 : %t\n",
	.silent = "L%f -[hidden]> L%g\n",
	.lines = { { "", "[dotted]", "[bold]", "" },
		   { "[#%h]", "[#%h,dotted]", "[#%h,bold]", "[#%h]" } },
	.cell = "note %s : %t\n",
	.between = "\\n",
	.state = { "<b>", "</b>" },
	.sides = { "right", "left" },
	.bar = { "deactivate L%l\n", "activate L%l\n" },
};

void
figure_write_plantuml(const Figure *figure, const FigureOptions *options, GString *out)
{
	g_autoptr(SequenceWaits) waits = sequence_waits_new(figure);
	Sequence at = { &syntax, figure, options, out, waits };

	g_string_append_printf(out, "@startuml\n%s", look);
	sequence_put(&at, "title %t\n", figure->title);
	sequence_put(&at, "caption %t\n", figure->caption);
	sequence_lanes(&at);
	sequence_rows(&at);
	g_string_append(out, "@enduml\n");
}

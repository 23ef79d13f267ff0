/* SPDX-License-Identifier: MIT */
/* mermaid.c - a figure as a Mermaid sequence diagram. Mermaid has no place beside a message, so the
 * call that causes a segment is a note above it, and what follows from it a note below. */
#include "writers.h"
#include "sequence.h"

#include <string.h>

/* Mermaid takes no longer diagram, unless the page around it says otherwise. */
#define MAX_CHARACTERS 50000

/* Besides letters and digits, what Mermaid takes as it is. Everything else is
 * written by its number: ";" would end a statement, "#" begins a number, "%%{"
 * and "@{" begin settings, "$$" a formula, "<" becomes HTML. */
#define PLAIN " .,()=:/-+_[]'"

static void
mermaid_escape(GString *out, const char *text)
{
	gboolean order = strstr(text, "wrap:") != NULL; /* it would be obeyed */

	for (const char *p = text; *p; p++) {
		guchar byte = *p;

		/* Spaces that a browser would leave out stay as wide ones. */
		if (*p == ' ' && (p == text || p[1] == ' ' || p[1] == '\0'))
			g_string_append(out, "#160;");
		else if (byte >= 0x80 || g_ascii_isalnum(byte) ||
			 (strchr(PLAIN, byte) && !(order && byte == ':')))
			g_string_append_c(out, byte);
		else
			g_string_append_printf(out, "#%u;", byte);
	}
	if (!*text) /* a message must have one */
		g_string_append(out, "#160;");
}

/* Characters that front matter cannot show as they are: Mermaid shows "&amp;", leaves out
 * elements, and looks for settings. */
#define NO_TITLE "&<>%{}"

static const SequenceSyntax syntax = {
	.escape = mermaid_escape,
	.steps = { STEP_BEGUN, STEP_CAUSES, STEP_MESSAGE, STEP_EFFECTS, STEP_ENDED },
	.lane = "    participant L%l as %t\n",
	.across = "    Note over L0,L%n: %t\n",
	.arrow = "    L%f%kL%g: %t\n",
	.note = "    Note over L0,L%n: %t\n",
	/* a band, since arrows have no colours */
	.problem = { "    rect rgba(213, 94, 0, 0.2)\n", "    end\n" },
	.lines = { { "->>", "-->>", "->>", "->>" } },
	.cell = "    Note %s of L%l: %t\n",
	.between = "<br/>",
	.sides = { "right", "left" },
	.bar = { "    deactivate L%l\n", "    activate L%l\n" },
};

void
figure_write_mermaid(const Figure *figure, const FigureOptions *options, GString *out)
{
	g_autoptr(SequenceWaits) waits = sequence_waits_new(figure);
	gsize start = out->len;
	Sequence at = { &syntax, figure, options, out, waits };

	/* Front matter is YAML, in which text in double quotes is as it is, but for two
	 * characters. */
	const char *title = at.figure->title;
	gboolean in_front = title && !strpbrk(title, NO_TITLE);

	g_string_append(at.out, "---\n");
	if (in_front) {
		g_autoptr(GString) quoted = g_string_new(title);

		g_string_replace(quoted, "\\", "\\\\", 0);
		g_string_replace(quoted, "\"", "\\\"", 0);
		g_string_append_printf(at.out, "title: \"%s\"\n", quoted->str);
	}
	g_string_append(at.out, "config:\n  sequence:\n    mirrorActors: false\n---\n"
				"sequenceDiagram\n");
	sequence_lanes(&at);
	if (!in_front)
		sequence_put(&at, syntax.across, title);
	sequence_rows(&at);
	sequence_put(&at, syntax.across, figure->caption);
	if (g_utf8_strlen(out->str + start, -1) > MAX_CHARACTERS)
		g_string_append_printf(out,
				       "%%%% longer than maxTextSize (%d) of Mermaid allows: "
				       "raise it, or draw fewer rows\n",
				       MAX_CHARACTERS);
}

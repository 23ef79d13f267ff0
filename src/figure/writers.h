/* SPDX-License-Identifier: MIT */
/* writers.h - the writers that formats.c lists. Private to src/figure. Pure. */
#pragma once

#include "pktladder/figure.h"

FigureWrite figure_write_svg, figure_write_html;
FigureWrite figure_write_text, figure_write_ansi;
FigureWrite figure_write_mermaid, figure_write_plantuml, figure_write_mscgen;
FigureWrite figure_write_tikz, figure_write_latex, figure_write_markdown;
FigureWrite figure_write_story, figure_write_story_markdown;

/* Text as Markdown; of a paragraph, what is markup at its beginning, too. */
void markdown_escape(GString *out, const char *text, gboolean paragraph);
extern const FigureStream figure_stream_json, figure_stream_jsonl;

/* The page of the HTML figure: player.html (a template), player.css and player.js, which
 * embed.cmake puts into the program. */
extern const char player_html[], player_css[], player_js[];

/* The class of what has that role: "syn", "data", ... Static. */
const char *figure_role_class(Role role);

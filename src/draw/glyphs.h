/* SPDX-License-Identifier: MIT */
/* glyphs.h - the characters that lines and bars are made of. Private to src/draw. */
#pragma once

#include "pktladder/grid.h"

/* An arrow's line: a pattern, repeated from the head backwards, and how it leaves a lifeline. */
typedef struct {
	Glyph pattern[3]; /* ended by 0 */
	Glyph joint[2];   /* by the sender's Side */
} LineGlyphs;

/* Each kind of arrow has a line of its own, so that it reads without colour. */
const LineGlyphs *line_glyphs(Role role, Glyphs glyphs);

/* By the receiver's Side. */
Glyph head_glyph(Side to, Glyphs glyphs);
Glyph lifeline_glyph(Glyphs glyphs);
/* Where an arrow of that role crosses a lifeline. */
Glyph cross_glyph(Role role, Glyphs glyphs);
Glyph bar_glyph(guint part, Glyphs glyphs);
Glyph rule_glyph(Rule rule, Glyphs glyphs);

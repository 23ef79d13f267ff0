/* glyphs.h - the characters that lines and bars are made of. Private to src/figure. */
#pragma once

#include "pktladder/grid.h"

/* An arrow's line: a pattern, repeated from the head backwards, and how it
 * leaves a lifeline. */
typedef struct {
	gunichar pattern[3]; /* ended by 0 */
	gunichar joint[2];   /* by the sender's Side */
} LineGlyphs;

/* Each kind of arrow has a line of its own, so that it reads without colour. */
const LineGlyphs *line_glyphs(Role role, Glyphs glyphs);

/* By the receiver's Side. */
gunichar head_glyph(Side to, Glyphs glyphs);
gunichar lifeline_glyph(Glyphs glyphs);
/* Where an arrow of that role crosses a lifeline. */
gunichar cross_glyph(Role role, Glyphs glyphs);
gunichar bar_glyph(guint part, Glyphs glyphs);

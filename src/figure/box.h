/* box.h - characters that are made of lines, as lines: what a picture of cells
 * draws so that they join. Private to src/figure. Pure.
 */
#pragma once

#include <glib.h>

/* What goes from a cell's middle to one of its edges. */
typedef enum { ARM_NONE, ARM_LIGHT, ARM_DASHED, ARM_HEAVY, ARM_HEAVY_DASHED, ARM_DOUBLE, N_ARMS } BoxArm;
typedef enum { BOX_LEFT, BOX_RIGHT, BOX_UP, BOX_DOWN, N_BOX_SIDES } BoxSide;

typedef struct {
	gunichar character;
	guint8 arm[N_BOX_SIDES]; /* BoxArm */
	gint8 head;		 /* an arrowhead that points left (-1) or right (1) */
} BoxGlyph;

/* NULL: the character is not made of lines. */
const BoxGlyph *box_glyph(gunichar character);

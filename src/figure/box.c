#include "box.h"

#include <uchar.h>

/* clang-format off */
#define L ARM_LIGHT
#define H ARM_HEAVY
#define D ARM_DOUBLE

static const BoxGlyph glyphs[] = {
	/* left, right, up, down */
	{ U'─', { L, L, 0, 0 } }, { U'│', { 0, 0, L, L } },
	{ U'├', { 0, L, L, L } }, { U'┤', { L, 0, L, L } },
	{ U'┬', { L, L, 0, L } }, { U'┴', { L, L, L, 0 } }, { U'┼', { L, L, L, L } },
	{ U'┌', { 0, L, 0, L } }, { U'┐', { L, 0, 0, L } },
	{ U'└', { 0, L, L, 0 } }, { U'┘', { L, 0, L, 0 } },
	{ U'╌', { ARM_DASHED, ARM_DASHED, 0, 0 } },
	{ U'╍', { ARM_HEAVY_DASHED, ARM_HEAVY_DASHED, 0, 0 } },
	{ U'╎', { 0, 0, ARM_DASHED, ARM_DASHED } },
	{ U'╏', { 0, 0, ARM_HEAVY_DASHED, ARM_HEAVY_DASHED } },
	{ U'━', { H, H, 0, 0 } }, { U'┃', { 0, 0, H, H } },
	{ U'┝', { 0, H, L, L } }, { U'┥', { H, 0, L, L } }, { U'┿', { H, H, L, L } },
	{ U'╻', { 0, 0, 0, H } }, { U'╹', { 0, 0, H, 0 } },
	{ U'═', { D, D, 0, 0 } }, { U'║', { 0, 0, D, D } },
	{ U'╞', { 0, D, L, L } }, { U'╡', { D, 0, L, L } }, { U'╪', { D, D, L, L } },
	{ U'╥', { L, L, 0, D } }, { U'╨', { L, L, D, 0 } }, { U'╫', { L, L, D, D } },
	{ U'◄', .head = -1 },	  { U'►', .head = 1 },
};
/* clang-format on */

const BoxGlyph *
box_glyph(gunichar character)
{
	for (gsize i = 0; character > 0x7f && i < G_N_ELEMENTS(glyphs); i++) {
		if (glyphs[i].character == character)
			return &glyphs[i];
	}
	return NULL;
}

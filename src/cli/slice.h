/* SPDX-License-Identifier: MIT */
/* slice.h - how long work may go on before the screen gets its turn. */
#pragma once

/* A change is painted no sooner than so long after the last paint. */
#define FRAME_US (16 * 1000)

/* What takes long goes on for half a frame at a time; the other half is the painting's. */
#define SLICE_US (8 * 1000)

/* SPDX-License-Identifier: MIT */
/* conversations.h - `--conversations 0,3,5-7`: which conversations are drawn. */
#pragma once

#include <gio/gio.h>

#include "pktladder/figure.h"

typedef FigureFrames Range; /* frames or conversations: from the first to the last */

/* Ranges such as "3", "1-9", "8-" (to the end) and "-4" (from `least` on), with commas between
 * them, as an array of Range; NULL: the text is none. */
GArray *ranges_parse(const char *text, guint32 least);

/* Whether the text says conversations: ranges from 0 on, or "all". */
gboolean conversations_check(const char *text, GError **error);

/* Selects them, once there are all of the capture: one alone, or a set (the selection gets
 * its reference). FALSE where some of them are not there. `text`: NULL selects nothing. */
gboolean conversations_select(const char *text, const Trace *trace, Selection *selection,
			      GError **error);

/* Where nobody has selected any: those of the figure, a lane for each of their
 * endpoints, if these are 3 to 12, or more and `any_lanes`; the selection gets its reference. FALSE
 * where they are not; that they are too many is said. */
gboolean conversations_of_figure(const Figure *figure, gboolean any_lanes, Selection *selection);

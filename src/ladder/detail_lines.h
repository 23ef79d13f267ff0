/* detail_lines.h - what the parts of the detail pane share. Private to the layer. */
#pragma once

#include "pktladder/detail.h"

/* Appends one line, escaped. */
void line_add(GPtrArray *lines, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* The caller frees both. */
char *time_to_string(gint64 time_ns);
char *duration_to_string(gint64 ns);

/* Each header that was walked over. */
void detail_headers(GPtrArray *lines, const Event *event, const Facts *facts);

/* What the conversation says: states, what it acknowledges, verdicts with their evidence. */
void detail_analysis(GPtrArray *lines, const Trace *trace, guint32 index, const Facts *facts);

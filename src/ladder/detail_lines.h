/* SPDX-License-Identifier: MIT */
/* detail_lines.h - what the files of the detail pane share. Private to ladder. */
#pragma once

#include "pktladder/detail.h"
#include "pktladder/trace.h"

/* Adds a line, escaped. */
void detail_add(GPtrArray *lines, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* detail_headers.c: the packet's headers, and what is wrong with it. */
void detail_headers(GPtrArray *lines, const Trace *trace, guint32 index, const Packet *packet,
		    const Facts *facts);

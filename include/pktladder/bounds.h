/* SPDX-License-Identifier: MIT */
/* bounds.h - what a capture may be and a reader has to be told: it needs more memory than there is,
 * or than a file of its size is worth, or its time stamps are not what they should be. Not pure. */
#pragma once

#include "pktladder/trace.h"

/* All zero to begin with. */
typedef struct {
	gint64 asked_us;     /* monotonic time at which memory was asked for last */
	gint64 last_ns;      /* time stamp of the packet before */
	gint64 future_ns;    /* from here on it is the future; 0: not known yet */
	guint32 packets;     /* that were seen */
	guint32 n_back;      /* packets whose time stamp is before that of the one before */
	guint32 first_back;  /* the first one's frame */
	gint64 most_back_ns; /* the farthest of these steps */
	guint32 n_without, first_without; /* packets whose time stamp is 0, the first one's frame */
	guint32 n_future, first_future;
	gint64 first_future_ns;
	guint32 most_events, most_conversations; /* 0: nearly as many as have an index */
} Bounds;

/* Whatever a file is, so much of memory is its own; and so much more for each of its
 * bytes. A packet takes 36 of the trace: of one that was compressed to less than a
 * third of a byte there are seven millions. */
#define BOUNDS_MEMORY        (G_GUINT64_CONSTANT(256) * 1024 * 1024)
#define BOUNDS_MEMORY_A_BYTE 128

/* Why no more packets may be read into `trace` (translated; the caller frees),
 * or NULL. Cheap: memory is looked at now and then. `file_bytes`: of the file as it is,
 * compressed, that have been read; G_MAXUINT64: it is no file. */
char *bounds_full(Bounds *bounds, const Trace *trace, guint64 file_bytes);

/* Each packet, in the order of the capture. */
void bounds_add_time(Bounds *bounds, gint64 time_ns);

/* What there is to say about the time stamps; NULL nothing. The caller frees. */
char *bounds_time_text(const Bounds *bounds);

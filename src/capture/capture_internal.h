/* SPDX-License-Identifier: MIT */
/* capture_internal.h - what the sources of packets have in common, for this layer and its tests. */
#pragma once

#include "bpf.h"
#include "bytes.h"
#include "pktladder/recording.h"
#include "reader.h"

#define CAPTURE_SNAPSHOT_LENGTH 262144

/* A source of packets: an interface (live.c), or a file (file.c). */
struct _Capture {
	void (*next)(Capture *capture, CaptureItem *item);
	gboolean (*set_filter)(Capture *capture, const char *filter, GError **error);
	guint16 link_type;
	gboolean broken, ended;
	int fd;       /* see capture_fd() */
	int delay_ms; /* see capture_delay_ms() */
	char *note;   /* behind the note of the last item */

	/* of a file */
	Bytes *bytes; /* NULL: it is live */
	Reader *reader;
	int file; /* that its packets can be fetched from again; -1: they must be kept for that */
	Bpf *filter;     /* NULL: none */
	guint64 packets; /* that were read */
	char *end_note;
	gboolean delivered; /* anything: a packet, a call, a loss; or why there is none */

	/* live */
	pcap_t *pcap;
	char *interface;
	gboolean nanoseconds;
	int control; /* a socket to ask about the interface; -1 none */
	gint64 next_count_us;
	guint32 counted; /* the kernel's number of losses when last asked */
	gint64 time_ns;  /* of the newest packet */
};

/* Makes `item` a NOTE or an END with this note, which is taken over. */
void capture_item_note(Capture *capture, CaptureItem *item, CaptureItemKind kind, char *note);

/* What packets are seen again from, as long as somebody has a reference. */
struct _Recording {
	int fd;
	GByteArray *buffer;  /* what follows in the file */
	guint64 written;     /* bytes that left the buffer so far */
	char *name;          /* for people; NULL: a spool */
	gboolean is_draft;   /* it gets its name when all of it is written, or never */
	GByteArray *pending; /* options of the next packet: comments */
	gint64 time_ns;      /* of the last item */
	guint64 dropped;
	gboolean has_new_drops; /* since the last statistics block */
	GArray *link_types;     /* guint16, of its interfaces */
	Reader *reader;         /* of what it says once */
	guint64 place;          /* of the newest packet; CAPTURE_NO_OFFSET: it was given up */
};
Recording *recording_ref(Recording *recording);
void recording_unref(Recording *recording);

typedef struct {
	int buffer_size;    /* of the kernel's ring, bytes */
	gboolean immediate; /* a packet wakes the reader at once; see live.c */
} LiveOptions;

Capture *live_open(const char *interface, const char *filter, const LiveOptions *options,
		   GError **error);

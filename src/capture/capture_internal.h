/* SPDX-License-Identifier: MIT */
/* capture_internal.h - what the sources of packets have in common, for this layer and its tests. */
#pragma once

#include <pcap/pcap.h>

#include "bytes.h"
#include "pktladder/recording.h"
#include "reader.h"

#define CAPTURE_SNAPSHOT_LENGTH 262144

/* ---- bpf.c: a filter over packets of any link types, and what it keeps back although its words
 * are about it ---- */

typedef struct _Bpf Bpf;

/* `link_type`: that of most packets; an error in the filter is found with it. */
Bpf *bpf_new(const char *text, guint16 link_type, GError **error);
void bpf_free(Bpf *filter);

/* Whether it lets a packet of a file pass; what it keeps back is noted. */
gboolean bpf_passes(Bpf *filter, const Packet *packet);
/* What to tell of what it has kept back, translated, once; or NULL. The caller frees. */
char *bpf_take_unseen(Bpf *filter);

/* Compiles for `pcap`; the caller frees with pcap_freecode(). */
gboolean bpf_compile(pcap_t *pcap, const char *text, struct bpf_program *program, GError **error);

/* One of several files, and what is in front of it. */
typedef struct {
	Capture *capture; /* NULL: it has ended */
	guint64 base;     /* what is added to the places of its packets */
	guint64 size;     /* all its places are smaller */
	guint64 packets;  /* that were read */
	gint64 time_ns;   /* of the item */
	CaptureItem item;
	guint number; /* its place among those that were named */
	guint16 file; /* its number in the Origins */
	gboolean in_heap;
} MergePart;

/* Several files as one capture. */
typedef struct {
	GPtrArray *parts; /* MergePart *, in the order in which they were named */
	GPtrArray *heap;  /* those that have an item: the earliest first */
	MergePart *due;   /* whose item was given, or is waited for; NULL none */
	guint begun;      /* so many of the parts were read */
	guint64 size;     /* of the files whose packets are found again: where their places end */
	guint64 read, total; /* bytes of the files that have ended */
	GPtrArray *problems; /* char *: why others are not among them, to be told */
} Merge;

/* A source of packets: an interface (live.c), a file (file.c), or several (merge.c). */
struct _Capture {
	void (*next)(Capture *capture, CaptureItem *item);
	gboolean (*set_filter)(Capture *capture, const char *filter, GError **error);
	void (*progress)(const Capture *capture, guint64 *read, guint64 *total); /* NULL: live */
	void (*close)(Capture *capture); /* what is the source's alone; NULL: nothing */
	guint16 link_type;
	gboolean broken, ended;
	int fd;       /* see capture_fd() */
	int delay_ms; /* see capture_delay_ms() */
	char *note;   /* behind the note of the last item */
	Origins *origins;
	Merge *merge; /* NULL: it is one file, or live */

	/* of a file */
	Bytes *bytes; /* NULL: it is live, or several */
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

/* file.c: a capture of no file yet, which takes the reference to the origins; one of `input`, which
 * is taken, without a filter; the END, and before it, once, the note that belongs there. */
Capture *file_capture(void (*next)(Capture *capture, CaptureItem *item), Origins *origins);
Capture *file_open(CaptureInput *input, Origins *origins, GError **error);
/* By the filter, where there is one. */
gboolean capture_passes(Capture *capture, const Packet *packet);
void capture_end_next(Capture *capture, CaptureItem *item);

typedef struct {
	guint16 link_type, number; /* in the Origins */
} RecordedInterface;

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
	GArray *interfaces;     /* RecordedInterface */
	guint newest;           /* of them: the last packet's */
	Origins *origins;       /* NULL none */
	GHashTable *processes;  /* of the origins that are in it -> the number of its block */
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

/* capture_internal.h - what the sources of packets have in common, for this
 * layer and its tests.
 */
#pragma once

#include "pktladder/recording.h"
#include "output.h"
#include "reader.h"

#define CAPTURE_SNAPSHOT_LENGTH 262144

/* A regular file with a capture in it; all is the capture's. */
typedef struct {
	int fd;
	const char *name;
	Reader *reader;
} CaptureFile;

/* A source of packets: an interface, a file. Each extends struct _Capture. */
typedef struct {
	void (*next)(Capture *capture, CaptureItem *item);
	gboolean (*set_filter)(Capture *capture, const char *filter, GError **error);
	gboolean (*lock_filter)(Capture *capture); /* NULL: nobody else could change it */
	int (*fd)(const Capture *capture);
	/* The file that its packets can be fetched from again; NULL or FALSE: none. */
	gboolean (*file)(const Capture *capture, CaptureFile *file);
	void (*progress)(const Capture *capture, guint64 *read_bytes, guint64 *total_bytes);
	void (*free)(Capture *capture);
	gboolean is_live;
} CaptureOps;

struct _Capture {
	const CaptureOps *ops;
	guint16 link_type;
	gboolean broken;
	int delay_ms; /* see capture_delay_ms(); longer than any between a packet and its delivery */
	char *note;   /* behind the note of the last item */
};

/* FALSE where the packets of this capture must be kept to be seen again. */
gboolean capture_file(const Capture *capture, CaptureFile *file);

/* Makes `item` a NOTE or an END with this note, which is taken over. */
void capture_item_note(Capture *capture, CaptureItem *item, CaptureItemKind kind, char *note);

/* What packets are seen again from, as long as somebody has a reference. */
struct _Recording {
	Output output;
	gint references;
	char *name;         /* for people; NULL: a spool */
	gboolean is_draft;  /* it gets its name when all of it is written, or never */
	GPtrArray *pending; /* comments (char *) for the next packet */
	gsize pending_bytes;
	gint64 time_ns; /* of the last item */
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

/* "eth0, lo, any": the interfaces that can be opened; the caller frees. */
char *interfaces_names(void);

/* Whether libpcap knows `name`, even where it may not be opened. */
gboolean interface_exists(const char *name);

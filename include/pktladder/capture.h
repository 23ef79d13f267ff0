/* SPDX-License-Identifier: MIT */
/* capture.h - packets from an interface, through libpcap, or a file. Only this layer knows libpcap.
 * Not pure. */
#pragma once

#include "pktladder/call.h"
#include "pktladder/origins.h"
#include "pktladder/packet.h"

typedef enum {
	CAPTURE_ERROR_NO_PERMISSION,
	CAPTURE_ERROR_NO_INTERFACE,
	CAPTURE_ERROR_FILTER,
	CAPTURE_ERROR_NO_FILE,
	CAPTURE_ERROR_FORMAT,
	CAPTURE_ERROR_FAILED
} CaptureError;
#define CAPTURE_ERROR g_quark_from_static_string("pktladder-capture-error-quark")

/* A capture delivers these, in the order of the capture. */
typedef enum {
	CAPTURE_PACKET,
	CAPTURE_CALL,   /* from a recording that holds socket calls */
	CAPTURE_DROPS,  /* `dropped` more packets were lost before this point */
	CAPTURE_NOTE,   /* `note`: e.g. the file ends in the middle of a packet, or holds none */
	CAPTURE_END,    /* of the file; live: the interface is gone (`note` says so) */
	CAPTURE_NOTHING /* none now, and not at the end: poll capture_fd() */
} CaptureItemKind;

#define CAPTURE_NO_OFFSET G_MAXUINT64

typedef struct {
	CaptureItemKind kind;
	Packet packet; /* its bytes are valid until the next capture_next() */
	guint64
	    offset; /* of a packet's record in its file, or CAPTURE_NO_OFFSET; for store_add() */
	const GPtrArray
	    *comments;      /* of a packet: char *, not escaped; NULL: none; valid as its bytes */
	guint32 process[2]; /* of a packet: its process, and the one that it works for, by their
		numbers in the Origins; 0 none */
	CallRecord call;
	gint64 time_ns; /* of DROPS */
	guint64 dropped;
	const char *note; /* translated UTF-8; owned by the capture, valid until the next call */
} CaptureItem;

typedef struct _Capture Capture;

/* Non-blocking, not promiscuous, nanoseconds where the system has them, snapshot length 262144.
 * Immediate mode where packets are small (the private network), else see capture_delay_ms().
 * `interface` may be "any". `filter`: BPF syntax; NULL for none. Errors say what to do (setcap, the
 * known interfaces, what is wrong with the filter). */
Capture *capture_open_live(const char *interface, const char *filter, GError **error);

typedef enum {
	CAPTURE_DEFAULT = 0,
	CAPTURE_FOLLOW = 1 << 0, /* a file has no end as long as somebody may write to it */
} CaptureFlags;

/* A file that is open, and of which no byte was looked at: what opens it may have rights that
 * what reads it has not. "-" is standard input. */
typedef struct _CaptureInput CaptureInput;
CaptureInput *capture_input_open(const char *path, CaptureFlags flags, GError **error);
void capture_input_free(CaptureInput *input);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CaptureInput, capture_input_free)

/* Takes the input, and reads its head.
 *
 * pcap and pcapng as libpcap reads them, also where interfaces differ in link type and snapshot
 * length, and sections in byte order; both also compressed (gzip, zstd, xz, lz4, bzip2; by their
 * bytes, whatever the name). A recording's socket calls and drops come in their places, also where
 * the filter drops the packets around them; so do the losses that other programs noted. A pipe's
 * packets come as they arrive: opening waits for its header, capture_next() never waits. A
 * compressed file's packets come as it is expanded, like a pipe's.
 *
 * Followed, a file is read as it grows, like a pipe, until it shrinks, is overwritten, removed or
 * replaced: then come a NOTE and the END. One that is still empty is waited for. To all but regular
 * files the flag says nothing. */
Capture *capture_open_input(CaptureInput *input, const char *filter, GError **error);

/* All of the files, in that order; of a folder, all files that begin as captures, or are
 * compressed. One of them may be "-". Followed can be one file only. */
GPtrArray *capture_inputs_open(const char *const *paths, CaptureFlags flags, GError **error);

/* Takes the inputs: one is capture_open_input()'s, several are one capture in the order of time,
 * whatever their formats, byte orders and link types. Where a file cannot be read, or not to its
 * end, a NOTE says so and the others go on; the capture is broken then. NULL: none can be read. */
Capture *capture_open_inputs(GPtrArray *inputs, const char *filter, GError **error);

/* capture_input_open() and capture_open_input() in one, of a file that is not followed. */
Capture *capture_open_file(const char *path, const char *filter, GError **error);

/* Replaces the filter of an open capture. */
gboolean capture_set_filter(Capture *capture, const char *filter, GError **error);

/* From here on a live capture's filter stays as it is, whoever may get hold of its socket.
 * FALSE where the kernel does not do that (before Linux 3.9). */
gboolean capture_lock_filter(Capture *capture);

/* The next item, without waiting. Live: drops are asked for at most every
 * 100 ms. After END comes END. */
void capture_next(Capture *capture, CaptureItem *item);

/* To poll, when the last item was NOTHING; -1 for a plain file, which never has
 * that. Of one file it is the same as long as the capture is open; of several, that which is
 * waited for. */
int capture_fd(const Capture *capture);
gboolean capture_is_live(const Capture *capture);

/* After END: it broke off, and not all could be read (a file that is damaged or has
 * changed, an interface that fails); a note said why. A last packet that is not there
 * whole, as where its writer was killed, is no such reason: nothing follows it. */
gboolean capture_is_broken(const Capture *capture);

/* Live: how long after its time stamp a packet may be delivered, where the machine is not busy: 0
 * in immediate mode, else an upper bound of the kernel's timer (typically 1 to 8 ms). A socket call
 * that is this old comes after no packet that is still to be delivered. */
int capture_delay_ms(const Capture *capture);

/* How far a file is read, in its own bytes (compressed ones where it is
 * compressed). `total_bytes` is 0 where it is not known: pipes, live. */
void capture_progress(const Capture *capture, guint64 *read_bytes, guint64 *total_bytes);

/* What the files say beside the packets: it grows while they are read. Live: the interface. The
 * capture's, to be referenced. */
Origins *capture_origins(const Capture *capture);

/* At its end: what the user should know of its files, a text each, as the files have it: comments
 * of sections and interfaces, and which of several files holds what. Free with g_ptr_array_unref().
 */
GPtrArray *capture_facts(const Capture *capture);

/* LINKTYPE_ number of the interface, or the file's first one. */
guint16 capture_link_type(const Capture *capture);
void capture_free(Capture *capture);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Capture, capture_free)

/* "lo\tLoopback, up, 127.0.0.1" ..., one string each. The caller frees with g_strfreev(). */
char **capture_interfaces(GError **error);

/* Can this process open `interface` now? FALSE with why and how to mend it. */
gboolean capture_probe(const char *interface, GError **error);

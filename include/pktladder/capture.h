/* capture.h - packets from an interface or a file, through libpcap. Only this
 * layer knows libpcap. Not pure.
 */
#pragma once

#include "pktladder/call.h"
#include "pktladder/packet.h"

typedef enum {
	CAPTURE_ERROR_NO_PERMISSION,
	CAPTURE_ERROR_NO_INTERFACE,
	CAPTURE_ERROR_FILTER,
	CAPTURE_ERROR_NO_FILE,
	CAPTURE_ERROR_FORMAT,
	CAPTURE_ERROR_FAILED
} CaptureError;
#define CAPTURE_ERROR capture_error_quark()
GQuark capture_error_quark(void);

/* One thing that a capture delivers, in the order of the capture. */
typedef enum {
	CAPTURE_PACKET,
	CAPTURE_CALL,	 /* from a recording that holds socket calls */
	CAPTURE_DROPS,	 /* `dropped` more packets were lost before this point */
	CAPTURE_NOTE,	 /* `note`: e.g. the file ends in the middle of a packet */
	CAPTURE_END,	 /* of the file; live: the interface is gone (`note` says so) */
	CAPTURE_NOTHING	 /* none now: live, and not at its end */
} CaptureItemKind;

typedef struct {
	CaptureItemKind kind;
	Packet packet; /* its bytes are valid until the next capture_next() */
	CallRecord call;
	gint64 time_ns; /* of DROPS */
	guint64 dropped;
	const char *note; /* translated UTF-8; owned by the capture, valid until the next call */
} CaptureItem;

typedef struct _Capture Capture;

/* Immediate mode, non-blocking, nanoseconds where the system has them,
 * snapshot length 262144. `filter`: BPF syntax; NULL for none. Errors say what
 * to do (setcap, the known interfaces, where the filter's error is). */
Capture *capture_open_live(const char *interface, const char *filter, GError **error);

/* pcap and pcapng as libpcap reads them, "-" for standard input; a recording's
 * socket calls and drops come in their places. */
Capture *capture_open_file(const char *path, const char *filter, GError **error);

/* Replaces the filter of an open capture. */
gboolean capture_set_filter(Capture *capture, const char *filter, GError **error);

/* The next item. Live: drains without blocking. Drops are asked for at most
 * every 100 ms, and at once when capture_count_drops() was called. */
void capture_next(Capture *capture, CaptureItem *item);

/* To poll; -1 for a file. */
int capture_fd(const Capture *capture);
gboolean capture_is_live(const Capture *capture);
guint16 capture_link_type(const Capture *capture);
guint64 capture_total_drops(Capture *capture);
void capture_free(Capture *capture);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Capture, capture_free)

/* "lo\tLoopback, up, 127.0.0.1" ..., one string each. The caller frees with g_strfreev(). */
char **capture_interfaces(GError **error);

/* Can this process open `interface` now? FALSE with why and how to mend it. */
gboolean capture_probe(const char *interface, GError **error);

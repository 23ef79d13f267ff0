/* SPDX-License-Identifier: MIT */
/* session.h - where the pieces meet: a capture, perhaps a tracer, a recording and a packet store on
 * one side, the trace on the other. Not pure.
 *
 * Theory of operation. The tracer writes a call's entry before the program goes on, so before any
 * segment that the call causes; the kernel puts a segment into the capture's ring before the call
 * that sent it returns. So what was read in one round is in order up to a short time before the
 * round began: items wait that long (SESSION_SETTLE_NS), are sorted by their time, and then go into
 * the recording and the trace in one and the same order. That is why a replay of the recording
 * gives the same trace. Without a tracer, and from a file, the order is that of the capture and
 * nothing waits.
 */
#pragma once

#include <gio/gio.h>

#include "pktladder/bounds.h"
#include "pktladder/program_output.h"
#include "pktladder/capture.h"
#include "pktladder/recording.h"
#include "pktladder/store.h"
#include "pktladder/trace.h"
#include "pktladder/tracer.h"

#define SESSION_SETTLE_NS (2 * 1000 * 1000)

/* How reading the capture has ended; a later one is worse. */
typedef enum {
	READ_GOES_ON, /* it has not */
	READ_WHOLE,   /* at its end, or after as many packets as were asked for */
	READ_STOPPED, /* by the user */
	READ_BROKEN,  /* not all could be read, or kept: a note says why */
} ReadEnd;

typedef struct {
	Trace *trace;
	PacketStore *store;    /* the packets' bytes; NULL where they are not kept */
	Capture *capture;      /* NULL once it has ended */
	Tracer *tracer;        /* NULL none, or ended */
	Recording *recording;  /* NULL none */
	gboolean to_reader;    /* it goes to standard output */
	GError *unwritten;     /* why it could not be written just now; NULL */
	GArray *waiting;       /* items that still settle */
	GQueue *held;          /* CallRecord *: calls that wait at their entry */
	guint released;        /* so many of them were told to go */
	guint releases;        /* calls that go as soon as they come, */
	gboolean runs_on;      /* or all of them */
	ProgramOutput *output; /* of the programs; NULL none */
	GPtrArray *notices;    /* what the user needs to hear at the end, translated, escaped */
	gboolean
	    filter_ports; /* host's lo: capture only the ports that the programs bind; the tracer
			     holds all calls, so that none goes on before the filter has its port */
	GPtrArray *ports; /* "port 80", ended by NULL */
	guint32 packet_limit; /* -c; 0 none */
	Bounds bounds;
	ReadEnd read;
	gboolean full;         /* live: packets are recorded, but no longer drawn */
	gint64 done_us;        /* monotonic time at which the tracer was done; 0 not yet */
	gboolean copies_told;  /* live: that there are some */
	gboolean store_failed; /* the packets' bytes are no longer kept */
	GPtrArray *notes;      /* char *: about the capture, escaped, the newest one last */
	char *note;            /* the newest of them in one text; NULL none */
	gboolean failed;       /* the capture failed; or, unless `runs`, a program */
	guint n_programs;
	gboolean runs;  /* the user's programs: the exit status is the last one's, */
	int status;     /* or why that never ran; 0 so far */
	gboolean ended; /* nothing will come any more */
} Session;

/* Takes the capture, live or of a file (NULL: it could not be opened, which the error says
 * already); the caller gives the rest its values. `keeps`: the packets, as events, and their
 * bytes are asked for again. `packet_limit`: so many are read; 0: all. */
Session *session_new(Capture *capture, gboolean keeps, guint32 packet_limit,
		     VerdictVersion verdicts, GError **error);

/* The session of a command's files, which are opened with all rights; they are gone then. */
Session *session_open(const char *const *paths, CaptureFlags flags, const char *filter,
		      gboolean keeps, guint32 packet_limit, VerdictVersion verdicts,
		      GError **error);
void session_free(Session *session);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Session, session_free)

/* Records what the open capture brings into `path`, which the broker opens. NULL: nothing
 * is recorded. */
gboolean session_record(Session *session, const char *path, GError **error);

/* Reads what is there, without blocking, at most a slice of a file. TRUE where
 * it should be called again at once (a file has more). */
gboolean session_pump(Session *session);

/* Milliseconds until session_pump() has to be called although no descriptor
 * became readable; -1 never. */
int session_timeout(const Session *session);

/* Stops reading a file; what was read stays. */
void session_stop_reading(Session *session);

/* Why the trace is only a part of what there is to read, as a sentence without its full stop; NULL
 * where it is whole, or live: what is captured has no end. A part replaces no file (draft.h). */
const char *session_part_text(const Session *session);

/* The exit status that the session asks for: a failure, what could not be read, or OK; of the
 * user's programs, the last one's. */
int session_status(const Session *session);
/* That of a failure of ours. */
int session_failure(const Session *session);

/* Its notices, and its notes where they are wanted, a line each on standard error. */
void session_tell(const Session *session, gboolean notes);

/* How far a file is read: bytes of `total` (0 unknown); FALSE where nothing is
 * being read, or it is live. */
gboolean session_progress(const Session *session, guint64 *read_bytes, guint64 *total_bytes);

/* A packet's bytes again, from where they are kept, until the next call: a
 * LabelFetch. FALSE where they cannot be had. */
gboolean session_fetch(const Event *event, Packet *packet, gpointer session);

/* Everything that still waits goes into the trace; recording closed. */
void session_finish(Session *session);

/* Ends the programs, and tells the rest of what they print, or, after a screen, all of
 * it. Nothing of ours may be on the screen any more. */
void session_end_programs(Session *session);

/* Whether a call waits that was not told to go yet. */
gboolean session_holds(const Session *session);
/* Lets the next call go: where none waits, the one that comes next. */
void session_release(Session *session);
void session_release_all(Session *session);

/* Reads to the end of the session's file; FALSE where a signal came first (complain.h). */
gboolean session_read_whole(Session *session);

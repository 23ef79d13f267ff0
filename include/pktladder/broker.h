/* SPDX-License-Identifier: MIT */
/* broker.h - what a confined process still needs from outside, it asks of two small processes that
 * were started before it: one makes the files that the user names, the other runs the program that
 * draws PDF and PNG. Not pure.
 *
 * Theory of operation. The process that decodes and draws can open nothing (confine.h). It sends
 * requests of one fixed size over a pair of sockets, and gets an answer with a descriptor. The
 * brokers believe none of it: what is asked for is looked at as if an attacker had written it,
 * since one who has taken the decoder over would have. So there is no request that reads a file,
 * and none that runs anything but the one converter; a file whose name, or a folder of it, begins
 * with a dot is made only where the command line named it, as settings and programs that start by
 * themselves live there; and nothing that is made is executable.
 *
 * Under sudo both are the user who called. Where root works in person, the first keeps his name,
 * and so his files; the second becomes nobody, since it reads what came from packets.
 */
#pragma once

#include <glib.h>

typedef enum { BROKER_FILES, BROKER_CONVERTER, N_BROKERS } BrokerKind;

/* Forks the broker. Before anything of a file is read, before there is a capture (which it must not
 * have), and with the rights that the files are to be made with. `named`: the names of files
 * on the command line, ended by NULL; those may be hidden. */
gboolean broker_start(BrokerKind kind, const char *const *named, GError **error);

/* The socket to the broker; -1 where it was not started. */
int broker_fd(BrokerKind kind);

/* Ends both, and with them what is not finished. */
void broker_stop(void);

/* ---- files; on failure errno says why; ENOKEY: a name that only the command line may have ---- */

/* Whether a part of the path begins with a dot. */
gboolean broker_name_is_hidden(const char *path);

typedef enum {
	BROKER_THERE = 1 << 0,   /* the name is taken, also by a link that leads nowhere */
	BROKER_ORDINARY = 1 << 1 /* nothing is there, or a regular file */
} BrokerPlace;

/* What is at `path`: BrokerPlace's bits. */
guint broker_ask(const char *path);

/* Opens `path` to be written from its beginning, at once: only names of the command line.
 * The caller closes it. -1: errno. */
int broker_open(const char *path);

/* A draft of what is to stand at `path`: *number names it. -1: errno. `part`: of a part of
 * what there was to read, which replaces nothing. *hidden: nothing is seen of it before it is
 * published; FALSE: it is a pipe or a device. The caller closes it. */
int broker_draft(const char *path, gboolean part, guint *number, gboolean *hidden);

#define BROKER_SUFFIX_MAX 32

/* All of the draft was written: it takes its place. `suffix`: what the name of a part got behind
 * it. The number is free again. */
gboolean broker_publish(guint number, char suffix[BROKER_SUFFIX_MAX]);

/* Nothing is left of the draft. The number is free again. */
void broker_discard(guint number);

/* ---- the converter ---- */

#define BROKER_SAID_MAX 500

/* How the converter ended. */
typedef struct {
	gint32 status; /* as waitpid() tells it */
	guint32 length;
	char said[BROKER_SAID_MAX]; /* the beginning of what it said, as it said it */
} BrokerEnd;

typedef struct {
	char format[4]; /* "pdf" or "png" */
	double scale;   /* of a PNG */
	gint64 date_s;  /* that a PDF gives itself; 0: now */
} BrokerDocument;

/* A page for the next conversion: SVG in a memory file, read from its beginning. The caller
 * closes it. */
gboolean broker_page(int fd);

/* Starts the converter on the pages. *made becomes a memory file, whole once *end has a BrokerEnd
 * to read; closing *end before kills the converter. ENOENT: it is not installed. */
gboolean broker_convert(const BrokerDocument *document, int *made, int *end);

/* SPDX-License-Identifier: MIT */
/* place.h - in the broker: files that take their place when all of them is written, and not
 * before; until then what was there stays. Functions that fail leave errno.
 *
 * Theory of operation. A draft has no name (O_TMPFILE): whatever ends the broker, also
 * SIGKILL, the kernel takes it away. In the end it gets a name by linkat(), which replaces
 * nothing; where something is to be replaced, it gets one beside that for as long as the
 * rename() takes. A file system that lacks O_TMPFILE has it under that name from the start.
 */
#pragma once

#include <glib.h>

typedef struct {
	int fd;          /* -1: nothing is drafted here */
	char *path;      /* that it will have; NULL: a pipe or a device, written straight into */
	gboolean named;  /* by the command line: it may be a pipe or a device */
	gboolean part;   /* it replaces nothing */
	char *temporary; /* that it has; NULL none */
} FilePlace;

/* BrokerPlace's bits. */
guint place_ask(const char *path);

/* open() to write with these flags. A pipe that nobody reads from yet is waited for, as open()
 * does, but not for longer than `peer`, whoever asked, is there. */
int place_open(const char *path, int flags, int peer);

/* Through a link, of the file that it leads to. `part`: not all of what was to be there; it
 * becomes PATH.partial, PATH.partial.2 and so on, the first name that is free. */
gboolean place_draft(FilePlace *place, const char *path, gboolean named, gboolean part, int peer);

/* On the disk, and in its place. Frees it either way. `suffix`: what its name got behind it. */
gboolean place_publish(FilePlace *place, char *suffix, gsize size);
/* errno stays. */
void place_discard(FilePlace *place);

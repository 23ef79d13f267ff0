/* SPDX-License-Identifier: MIT */
/* identity.h - whether an open file still is what it was when it was opened. */
#pragma once

#include <glib.h>
#include <sys/stat.h>

typedef enum { FILE_SAME, FILE_SHRANK, FILE_OVERWRITTEN, FILE_REMOVED } FileChange;

typedef struct {
	int fd; /* the owner's */
	gboolean has_name;
	struct timespec modified; /* when the head was last compared */
	guint8 head[256];
	gsize head_size; /* a short file may still grow by bytes that tell it from another */
} FileIdentity;

void identity_init(FileIdentity *identity, int fd);

/* `needed`: so many bytes of it must still be there. A file that was REMOVED
 * can be read as before; that is told only where nothing worse happened. */
FileChange identity_check(FileIdentity *identity, guint64 needed);

/* "x.pcap shrank while it was open." For people; the caller frees. */
char *identity_text(FileChange change, const char *name);

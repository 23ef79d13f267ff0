/* SPDX-License-Identifier: MIT */
/* draft.h - a file that takes its name when all of it is written, and not before: until
 * then what was there stays, and where it does not come to that, nothing is left. Not pure.
 *
 * The broker makes it (broker.h; how, src/broker/place.h says); here it is written.
 *
 * A part of what there was to read replaces nothing: it becomes PATH.partial, or
 * PATH.partial.2 and so on, the first name that is free.
 */
#pragma once

#include <gio/gio.h>

typedef struct {
	char *name;         /* the path, for people; after draft_publish(), the name that it got */
	int fd;             /* what to write into; the caller may steal it */
	gboolean hidden;    /* nothing is seen of it until draft_publish() */
	gboolean enough;    /* who reads standard output has seen enough (`| head`): no error */
	gboolean of_broker; /* that has it still, by this number */
	guint number;
	const char *part; /* why nothing is replaced; NULL: it is all that there was */
} Draft;

/* The draft of what is to stand at `path`; through a link, of the file that it leads to. Standard
 * output ("-"), a pipe and a device have nothing to replace: they are written straight
 * into. `part`: why it is not of all that there was to
 * read, a sentence without its full stop; NULL: it is.
 * NULL: why nothing can be written there. */
Draft *draft_new(const char *path, const char *part, GError **error);

/* Writes more into it. */
gboolean draft_write(Draft *draft, const void *bytes, gsize length, GError **error);

/* On the disk, and in its place; the mode is that of the file that was there. */
gboolean draft_publish(Draft *draft, GError **error);

/* All of that for bytes in memory. NULL: `error`. */
Draft *draft_replace(const char *path, const char *part, GBytes *bytes, GError **error);

/* Takes `text`, what was done, and adds for a part why it has another name than was asked
 * for. The caller frees. */
char *draft_tell(const Draft *draft, char *text);

/* Nothing is left of one that was not published. */
void draft_free(Draft *draft);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Draft, draft_free)

/* Nothing that writing into would hold the screen up, such as a pipe. */
gboolean draft_place_is_ordinary(const char *path, GError **error);

/* draft.h - a file that takes its name when all of it is written, and not before: until
 * then what was there stays, and where it does not come to that, nothing is left. Not pure.
 *
 * Theory of operation. The draft has no name (O_TMPFILE): whatever ends the program, also
 * SIGKILL, the kernel takes it away. At the end it gets a name by linkat(), which replaces
 * nothing; where something is to be replaced, it gets one beside that for as long as the
 * rename() takes. A file system that lacks O_TMPFILE has it under that name from the start.
 */
#pragma once

#include <gio/gio.h>

typedef struct _Draft Draft;

/* Of what is to stand at `path`; through a link, of the file that it leads to. Standard
 * output ("-"), a pipe and a device have nothing to replace: they are written straight
 * into. NULL: why nothing can be written there. */
Draft *draft_new(const char *path, GError **error);

/* What to write into. It stays the draft's. */
int draft_fd(const Draft *draft);

/* The path, for people. */
const char *draft_name(const Draft *draft);

/* Whether nothing is seen of it until draft_publish(). */
gboolean draft_is_hidden(const Draft *draft);

/* All of the bytes. Who reads standard output may have seen enough (`| head`): that is
 * no error. */
gboolean draft_write(Draft *draft, const void *bytes, gsize length, GError **error);

/* On the disk, and in its place; the mode is that of the file that was there. */
gboolean draft_publish(Draft *draft, GError **error);

/* Nothing is left of one that was not published. */
void draft_free(Draft *draft);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Draft, draft_free)

/* Nothing that writing into would hold the screen up, such as a pipe. */
gboolean draft_place_is_ordinary(const char *path, GError **error);

/* draft.h - a file that takes its name when all of it is written, and not before: until
 * then what was there stays, and where it does not come to that, nothing is left. Not pure.
 *
 * The broker makes it (broker.h; how, src/broker/place.h says); here it is written.
 */
#pragma once

#include <gio/gio.h>

typedef struct _Draft Draft;

/* Of what is to stand at `path`; through a link, of the file that it leads to. Standard
 * output ("-"), a pipe and a device have nothing to replace: they are written straight
 * into. NULL: why nothing can be written there. */
Draft *draft_new(const char *path, GError **error);

/* What to write into, instead of draft_write(). It is the caller's from here on. */
int draft_take_fd(Draft *draft);

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

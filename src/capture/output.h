/* output.h - a descriptor that is written through a buffer. Nothing is lost
 * when a write fails: what was not written stays in the buffer, so that a later
 * try goes on where this one stopped.
 */
#pragma once

#include <glib.h>

enum { OUTPUT_BUFFER = 256 * 1024 }; /* so much is kept before it is written */

typedef struct {
	int fd;
	GByteArray *buffer;
	guint64 written; /* bytes that left the buffer so far */
} Output;

/* Takes `fd` over. */
void output_init(Output *output, int fd);

/* Writes the buffer, as far as possible in one write(). FALSE: errno says why. */
gboolean output_drain(Output *output);

/* Drains where there is much in the buffer. FALSE where that failed: then
 * nothing more should be put in. */
gboolean output_make_room(Output *output);

/* What was put in from `offset` on, whether it is written or not; `fd` reads what `output` has
 * written. Returns how many bytes there were, or -1: errno. */
gssize output_read(const Output *output, int fd, guint64 offset, guint8 *bytes, gsize n);
void output_clear(Output *output);

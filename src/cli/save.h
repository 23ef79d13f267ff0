/* SPDX-License-Identifier: MIT */
/* save.h - writes what is in view into a capture file of its own: packets from
 * the packet store, calls and losses from the trace. Not pure.
 *
 * Theory of operation. It goes through the trace in slices, so that the screen
 * stays usable, into a draft: whatever fails before its end leaves what was there.
 */
#pragma once

#include "options.h"
#include "session.h"
#include "pktladder/selection.h"

typedef struct _Save Save;

/* Everything of the session's trace as it is now that the selection has. `path`: "-" is
 * standard output. */
Save *save_new(const Session *session, const Selection *selection, const char *path,
	       GError **error);

typedef enum { SAVE_GOES_ON, SAVE_DONE, SAVE_FAILED } SaveResult;

/* A slice of it; after SAVE_DONE the file is whole and in its place. */
SaveResult save_slice(Save *save, GError **error);

/* How far it has come, or what was done: translated; the caller frees. */
char *save_text(const Save *save);

/* `replay -w`: reads all of the session's file and writes what the options show
 * of it. Returns the exit status. */
int save_file(Session *session, const Options *options);

/* Where it is not done, nothing remains of it. */
void save_free(Save *save);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Save, save_free)

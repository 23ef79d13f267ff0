/* SPDX-License-Identifier: MIT */
/* pidns.h - a PID namespace for the programs: what is in it sees no other
 * process, cannot leave, and dies with its process 1. */
#pragma once

#include <glib.h>
#include <sys/types.h>

typedef struct {
	pid_t init;   /* its process 1, a child of this process; 0: there is no namespace */
	int lifeline; /* process 1 ends when this is closed by all who have it */
} Pidns;

/* Starts process 1, which calls `fork_inside(data)` (NULL: nothing), to fork what is to live there,
 * and then only waits. A /proc of its own stands in for the one outside, and nothing in the place
 * of our terminal. Takes CAP_SYS_ADMIN, which process 1 gives up after the call, see
 * privileges_drop(). FALSE and why: then nothing was called. */
gboolean pidns_start(Pidns *pidns, void (*fork_inside)(gpointer data), gpointer data,
		     gboolean change_user, GError **error);

/* Ends it, and all that is in it. Its process 1 is still to be waited for. */
void pidns_end(Pidns *pidns);

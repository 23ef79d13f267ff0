/* SPDX-License-Identifier: MIT */
/* confine.h - a process gives up, for good, what it does not need any more: it can open no
 * file and no socket, start, trace or signal no other process. Not pure.
 *
 * A list of the system calls that are left (seccomp) is the first wall. Landlock, where the
 * kernel has it, is the second: no path leads to a file any more, whatever call is used.
 * What the process may still have is what it had open before, and what a broker hands over.
 */
#pragma once

#include <glib.h>

/* What the process is there for; each has its own list. */
typedef enum {
	CONFINE_EXPANDING, /* decompresses: reads, writes, takes memory, and ends */
	CONFINE_DRAWING,   /* decodes packets and draws: terminal, poll loop, files that are open */
	CONFINE_FILES,     /* makes files: opens to write, never to read, no program among them */
	CONFINE_CONVERTING, /* runs a program, which inherits it: it reads, but can make no file,
			       and has no network */
} ConfineRole;

/* Nothing in it may be undone. TRUE where the kernel's seccomp is in force; FALSE: this
 * kernel, or whoever sandboxes us, has none. All threads are meant, though only the calling
 * one gets Landlock's wall. `sockets`: the only descriptors that messages may be sent over; a
 * negative one is none. What is forbidden fails with EPERM, paths by Landlock with EACCES. */
gboolean confine(ConfineRole role, const int *sockets, gsize n_sockets);

/* Nothing is sent or written over this one descriptor any more, and it is neither bound to
 * something else nor copied; reading it goes on. Children inherit that, whatever the number
 * stands for with them. Before confine(). TRUE where it is in force. */
gboolean confine_to_reading(int fd);

/* The version of Landlock's interface that this kernel offers; 0: none. */
int confine_landlock(void);

/* TRUE in a build with sanitizers: their libraries open files, and so may whoever is confined. */
gboolean confine_spares_sanitizers(void);

/* SPDX-License-Identifier: MIT */
/* memory.h - how much memory is left before the system, a container or a limit of the shell would
 * end the program. Not pure. */
#pragma once

#include <glib.h>

/* Bytes that can still be had: the least of what the system has available, what
 * the process's control groups may still take (cgroup v2), and what `ulimit -v`
 * and `ulimit -d` allow. G_MAXUINT64 where none of them is known. */
guint64 memory_left(void);

/* Opens the kernel's files that memory_left() reads; else it does so itself, the first time.
 * They stay open. */
void memory_open(void);

/* landlock.h - Landlock, spoken to directly: C libraries know nothing of it yet. */
#pragma once

#include <glib.h>

/* The version of the kernel's interface; 0: none. */
int landlock_version(void);

/* No path, no TCP port, no abstract socket and no other process's signals are reached from
 * here on, as far as the kernel's version goes. FALSE where there is none. */
gboolean landlock_close(void);

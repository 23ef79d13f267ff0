/* SPDX-License-Identifier: MIT */
/* landlock.h - Landlock, spoken to directly: C libraries know nothing of it yet. */
#pragma once

#include <glib.h>

/* What may still be done with files. */
typedef enum {
	LANDLOCK_NOTHING,
	LANDLOCK_WRITING, /* make, write, rename and remove regular files */
	LANDLOCK_READING, /* read and execute; and write into /dev/null */
} LandlockLeft;

/* Nothing else is reached by a path from here on, and no TCP port, abstract socket or other
 * process by a signal, as far as the kernel's version goes. FALSE where there is none. */
gboolean landlock_close(LandlockLeft left);

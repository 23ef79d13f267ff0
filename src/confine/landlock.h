/* SPDX-License-Identifier: MIT */
/* landlock.h - Landlock, spoken to directly: C libraries know nothing of it yet. */
#pragma once

#include "pktladder/confine.h"

/* From here on the process reaches by a path only what its role needs: nothing; regular files, to
 * make, write, rename and remove them; or files, to read and execute them, and /dev/null to write
 * into. No TCP port, abstract socket or other process by a signal is reached either, as far as the
 * kernel's version goes. FALSE where there is no Landlock. */
gboolean landlock_close(ConfineRole role);

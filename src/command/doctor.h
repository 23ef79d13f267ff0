/* SPDX-License-Identifier: MIT */
/* doctor.h - tries what this machine allows, and says how to mend the rest. */
#pragma once

#include <glib.h>

/* One line for each thing that pktladder needs, tried for real, and a last one that says what
 * `pktladder demo` will use. TRUE where that is real traffic. Call it while there is one thread. */
gboolean doctor_run(GString *report, gboolean ascii);

/* The AppArmor profile for this very program. The caller frees. */
char *doctor_apparmor_profile(void);

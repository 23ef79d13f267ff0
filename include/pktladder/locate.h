/* SPDX-License-Identifier: MIT */
/* locate.h - files that belong to the program, installed or in its build tree. */
#pragma once

/* The saved capture of that name, or NULL. The caller frees. */
char *locate_capture(const char *name);

/* The directory of the translations. The caller frees. */
char *locate_locale(void);

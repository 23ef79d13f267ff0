/* SPDX-License-Identifier: MIT */
/* number.h - whole numbers that may be long, in groups of three digits as the
 * language of the texts writes them. Pure. */
#pragma once

#include <glib.h>

/* "999", "1,234" and "12,345,678" in English; "1234" and "12 345 678" with
 * no-break spaces in Spanish (RAE, Ortografía: spaces, neither points nor commas,
 * and four digits stay together). The caller frees. */
char *number_text(guint64 number);

/* The number with digits in groups divided by `separator`, from `least` digits on. */
char *number_group(guint64 number, const char *separator, guint least);

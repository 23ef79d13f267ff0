/* text.h - makes text from outside harmless, once, where it enters the ladder. Pure. */
#pragma once

#include <glib.h>

/* Valid UTF-8 without control, format (bidi, zero-width) or private-use
 * characters: each offending byte or character becomes \xNN or \u{NNNN}. The
 * caller frees. `length` -1: up to the NUL. */
char *text_escape(const char *bytes, gssize length);

/* Columns that a terminal needs for UTF-8 text (wide characters count 2,
 * combining ones 0). */
guint text_width(const char *text);

/* The longest beginning of at most `columns` columns, with "…" (or "~" where
 * `ascii`) in the last one where something was cut. The caller frees. */
char *text_fit(const char *text, guint columns, gboolean ascii);

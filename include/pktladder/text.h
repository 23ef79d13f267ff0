/* SPDX-License-Identifier: MIT */
/* text.h - makes text from outside harmless, once, where it enters the ladder; how wide text is;
 * and long numbers as text. Pure. */
#pragma once

#include <glib.h>

/* Valid UTF-8 without control, format (bidi, zero-width), invisible, private-use or unassigned
 * characters, and without piles of combining marks: each offending byte or character becomes \xNN
 * or \u{NNNN}. The caller frees. `length` -1: up to the NUL. */
char *text_escape(const char *bytes, gssize length);

/* Whether text_escape() lets the character pass (a mark: after a visible character). */
gboolean text_is_harmless(gunichar character);

/* Whether it combines with the character before it. */
gboolean text_is_mark(gunichar character);

/* A time in seconds, of `length` bytes, with up to nine decimals, an "s" behind it
 * or not: "1", "1.5", ".5s"; up to 136 years. FALSE where it is none. */
gboolean text_to_ns(const char *text, gsize length, gint64 *ns, guint *decimals);

/* Columns that a terminal needs for UTF-8 text (wide characters count 2,
 * combining ones 0), and for one character. */
guint text_width(const char *text);
guint text_character_width(gunichar character);

/* The longest beginning of at most `columns` columns, with "…" (or "~" where
 * `ascii`) in the last one where something was cut. The caller frees. */
char *text_fit(const char *text, guint columns, gboolean ascii);

/* A whole number in groups of three digits, as the language of the texts writes them: "999",
 * "1,234" and "12,345,678" in English; "1234" and "12 345 678" with no-break spaces in Spanish
 * (RAE, Ortografía: spaces, neither points nor commas, and four digits stay together). The caller
 * frees. */
char *number_text(guint64 number);

/* The number with digits in groups divided by `separator`, from `least` digits on. */
char *number_group(guint64 number, const char *separator, guint least);

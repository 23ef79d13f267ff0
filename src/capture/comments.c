/* SPDX-License-Identifier: MIT */
#include "pcapng.h"

#include <string.h>

/* Longer comments than ours are somebody else's. */
#define COMMENT_MAX 1024

#define DROPS_MARK " lost here | v=1 drops="

char *
drops_to_comment(gint64 time_ns, guint64 dropped)
{
	return g_strdup_printf("pktladder: %" G_GUINT64_FORMAT " packet%s" DROPS_MARK
			       "%" G_GUINT64_FORMAT " t=%" G_GINT64_FORMAT,
			       dropped, dropped == 1 ? "" : "s", dropped, time_ns);
}

gboolean
comment_parse(const char *text, gsize length, CaptureItem *item)
{
	if (length > COMMENT_MAX || memchr(text, '\0', length))
		return FALSE;
	g_autofree char *line = g_strndup(text, length);
	const char *mark = g_str_has_prefix(line, "pktladder: ") ? strstr(line, DROPS_MARK) : NULL;
	g_auto(GStrv) words = mark ? g_strsplit(mark + strlen(DROPS_MARK), " t=", 2) : NULL;
	if (words && g_strv_length(words) == 2 &&
	    g_ascii_string_to_unsigned(words[0], 10, 1, G_MAXUINT64, &item->dropped, NULL) &&
	    g_ascii_string_to_signed(words[1], 10, G_MININT64, G_MAXINT64, &item->time_ns, NULL)) {
		item->kind = CAPTURE_DROPS;
		return TRUE;
	}
	item->kind = CAPTURE_CALL;
	return call_from_comment(text, length, &item->call);
}

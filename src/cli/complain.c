/* SPDX-License-Identifier: MIT */
#include "complain.h"

#include <stdio.h>

#include "pktladder/text.h"

void
complain(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	g_autofree char *text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	g_autofree char *safe = text_escape(text, -1);

	fprintf(stderr, "pktladder: %s\n", safe);
}

int
complain_failed(const GError *error)
{
	complain("%s", error->message);
	return STATUS_FAILED;
}

gboolean
refuse(GError **error, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	g_autofree char *text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, text);
	return FALSE;
}

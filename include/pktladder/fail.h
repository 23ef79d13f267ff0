/* SPDX-License-Identifier: MIT */
/* fail.h - for functions that set an error and return FALSE. */
#pragma once

#include <glib.h>

/* g_set_error(); FALSE. */
static inline gboolean G_GNUC_PRINTF(4, 5)
    fail_with(GError **error, GQuark domain, int code, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	g_propagate_error(error, g_error_new_valist(domain, code, format, arguments));
	va_end(arguments);
	return FALSE;
}

/* SPDX-License-Identifier: MIT */
#include "pktladder/complain.h"

#include <signal.h>
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

gboolean
error_set(GError **error, GQuark domain, int code, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	g_propagate_error(error, g_error_new_valist(domain, code, format, arguments));
	va_end(arguments);
	return FALSE;
}

static volatile sig_atomic_t interrupted;

static void
on_interrupt(int number)
{
	interrupted = number;
}

void
interruption_catch(void)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
	struct sigaction action = { .sa_handler = on_interrupt };

	for (guint i = 0; i < G_N_ELEMENTS(numbers); i++)
		sigaction(numbers[i], &action, NULL);
}

int
interruption_signal(void)
{
	return interrupted;
}

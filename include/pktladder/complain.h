/* SPDX-License-Identifier: MIT */
/* complain.h - what the user is told on standard error; how a command ends: its exit status, or the
 * signal that it is ended by. */
#pragma once

#include <gio/gio.h>

enum {
	STATUS_OK = 0,
	STATUS_FAILED = 1,
	STATUS_USAGE = 2,
	STATUS_PART = 3, /* not all of the input could be read */

	/* Of a command whose status is that of a program which it runs, as timeout's and env's. */
	STATUS_OWN_FAILURE = 125,
	STATUS_NOT_EXECUTED = 126,
	STATUS_NOT_FOUND = 127,
	STATUS_SIGNAL = 128, /* and the signal's number: it was ended by that */
};

/* One line on standard error, escaped: "pktladder: ...". */
void complain(const char *format, ...) G_GNUC_PRINTF(1, 2);
/* The same, and the exit status of a command whose command line makes no sense, or that failed. */
#define complain_usage(...)    (complain(__VA_ARGS__), STATUS_USAGE)
#define complain_failed(error) (complain("%s", (error)->message), STATUS_FAILED)

/* Sets the error; FALSE. */
gboolean error_set(GError **error, GQuark domain, int code, const char *format, ...)
    G_GNUC_PRINTF(4, 5);
/* The same, for what the user asked for; and for what the system refuses (errno). */
#define refuse(error, ...) error_set(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, __VA_ARGS__)
#define refuse_file(error, ...)                                                                    \
	error_set(error, G_FILE_ERROR, g_file_error_from_errno(errno), __VA_ARGS__)

/* From now on SIGINT, SIGTERM, SIGHUP and SIGQUIT are noted: commands without a screen end in
 * order, and leave no half file behind. */
void interruption_catch(void);
/* The signal that came; 0 none. */
int interruption_signal(void);

/* interruption.h - commands without a screen that read a whole file first: Ctrl-C
 * ends them in order, and leaves no half file behind. Not pure. */
#pragma once

#include "session.h"

/* From now on SIGINT, SIGTERM, SIGHUP and SIGQUIT are noted. */
void interruption_catch(void);

/* The signal that came; 0 none. */
int interruption_signal(void);

/* Reads to the end of the session's file; FALSE where a signal came first. */
gboolean session_read_whole(Session *session);

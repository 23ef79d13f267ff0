/* SPDX-License-Identifier: MIT */
/* view.h - a session is looked at, on the screen or as text. */
#pragma once

#include "pktladder/look.h"
#include "pktladder/options.h"

/* Starts the brokers that view_run() will need: before any file is read, and before rights are
 * given up. */
gboolean view_prepare(const Options *options, GError **error);

/* Whether view_run() will be interactive: standard output and input are a
 * terminal and --text was not given. */
gboolean view_is_interactive(const Options *options);

/* On a terminal the interactive view, else (or with --text) text as it comes.
 * Returns the exit status. Signals end it in order. */
int view_run(Session *session, const Options *options, const ViewOptions *view);

/* SPDX-License-Identifier: MIT */
/* session_run.h - the tracer process, as the process that started it sees it. */
#pragma once

#include "pktladder/tracer.h"

/* What the parent writes to the control pipe, a byte each; closing it ends everything. */
#define SESSION_START       's' /* the server, first of all; then the client */
#define SESSION_RELEASE     'r'
#define SESSION_RELEASE_ALL 'a'

/* Gives up all privileges, waits for SESSION_START, runs the programs and writes
 * TracerMessages, until all have ended. */
void session_run(const TracerOptions *options, int message_fd, int control_fd, pid_t parent);

/* SPDX-License-Identifier: MIT */
/* serve.h - the broker's process. */
#pragma once

#include "pktladder/broker.h"

/* Answers what comes over the socket until the other side is gone; then ends the process. */
void serve(BrokerKind kind, int socket, const char *const *named) G_GNUC_NORETURN;

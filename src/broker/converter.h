/* SPDX-License-Identifier: MIT */
/* converter.h - in the broker: the program that makes PDF and PNG of SVG. */
#pragma once

#include "pktladder/broker.h"

#define CONVERTER "rsvg-convert"

typedef struct {
	char *program; /* its path; NULL: it is not installed */
	GArray *pages; /* int: descriptors */
	pid_t process; /* that was started; what it says, and where its end is told */
	int said, end;
} Converter;

void converter_init(Converter *converter);

/* Takes the descriptor. FALSE: errno. */
gboolean converter_add_page(Converter *converter, int fd);

/* Starts it. fds[0] and fds[1] are for whoever asked, as broker_convert() says of *made and *end.
 * FALSE: errno. */
gboolean converter_start(Converter *converter, const BrokerDocument *document, int fds[2]);

/* Waits for the end of what was started, and tells it over *end. Kills it, and all that it started,
 * where nobody waits for it any more. */
void converter_watch(Converter *converter);

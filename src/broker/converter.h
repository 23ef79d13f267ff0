/* SPDX-License-Identifier: MIT */
/* converter.h - in the broker: the program that makes PDF and PNG of SVG. */
#pragma once

#include "pktladder/broker.h"

#define CONVERTER "rsvg-convert"

typedef struct {
	char *program; /* its path; NULL: it is not installed */
	GArray *pages; /* int: descriptors */
} Converter;

void converter_init(Converter *converter);

/* Takes the descriptor. FALSE: errno. */
gboolean converter_add_page(Converter *converter, int fd);

/* Pages of a document that is not made. */
void converter_forget(Converter *converter);

/* Starts it: `*made` and `*end` are for whoever asked, as broker_convert() says. Its process,
 * or 0 with errno. */
pid_t converter_start(Converter *converter, const BrokerDocument *document, int *made, int *said);

/* Waits for its end, and tells it over `end`. Kills it, and all that it started, where nobody
 * waits for it any more. */
void converter_watch(pid_t process, int said, int end);

/* SPDX-License-Identifier: MIT */
/* confinement.h - from opening files to reading them: rights and ways out are given up.
 *
 * Theory of operation. A command goes through four steps. It becomes the user who called
 * (privileges_become_caller()); starts the brokers, which make files and run the converter for it
 * from then on (broker.h); opens its input; and then, before a packet is decoded, is confined for
 * good. Whatever opens a file when it is first used must have done so before: catalogs of messages,
 * the tables of a character set, the time zone, the kernel's files about memory.
 */
#pragma once

#include "pktladder/capture.h"

/* The brokers that the command can need: for the one or two files that it names (NULL none), and
 * the converter. */
gboolean confinement_prepare(const char *file, const char *other, gboolean converts,
			     GError **error);

/* Root is nobody from here on, and keeps his name in the broker. After all inputs are open,
 * before one is read. */
gboolean confinement_drop_root(GError **error);

/* Decodes and draws from here on, and nothing else. After everything is open. Over a live
 * capture nothing can be sent; NULL: there is none. */
void confinement_enter(const Capture *capture);

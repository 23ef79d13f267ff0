/* SPDX-License-Identifier: MIT */
/* unseen.h - what a capture filter keeps back although its words are about it. Pure. */
#pragma once

#include "bpf.h"

typedef struct _Unseen Unseen;

Unseen *unseen_new(void); /* g_free() frees it */

/* Each packet of a file, and whether the filter has let it pass. */
void unseen_add(Unseen *unseen, Bpf *filter, const Packet *packet, gboolean passed);

/* What to tell about the filter of that text, translated, or NULL. The caller frees. */
char *unseen_text(const Unseen *unseen, const char *filter);

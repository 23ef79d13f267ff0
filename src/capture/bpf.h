/* SPDX-License-Identifier: MIT */
/* bpf.h - a capture filter over packets of any link types, and what it keeps back although its
 * words are about it. */
#pragma once

#include "pktladder/packet.h"

#include <pcap/pcap.h>

typedef struct _Bpf Bpf;

/* `link_type`: that of most packets; an error in the filter is found with it. */
Bpf *bpf_new(const char *text, guint16 link_type, GError **error);
void bpf_free(Bpf *filter);

const char *bpf_text(const Bpf *filter);
gboolean bpf_matches(Bpf *filter, const Packet *packet);

/* Compiles for `pcap`; the caller frees with pcap_freecode(). */
gboolean bpf_compile(pcap_t *pcap, const char *text, struct bpf_program *program, GError **error);

typedef struct _Unseen Unseen;

Unseen *unseen_new(void); /* g_free() frees it */

/* Each packet of a file, and whether the filter has let it pass. */
void unseen_add(Unseen *unseen, Bpf *filter, const Packet *packet, gboolean passed);

/* What to tell about the filter of that text, translated, or NULL. The caller frees. */
char *unseen_text(const Unseen *unseen, const char *filter);

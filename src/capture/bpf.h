/* SPDX-License-Identifier: MIT */
/* bpf.h - a BPF filter over packets of any link types. */
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

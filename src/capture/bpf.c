/* SPDX-License-Identifier: MIT */
#include "bpf.h"
#include "capture_internal.h"
#include "link_type.h"
#include "pktladder/complain.h"

struct _Bpf {
	char *text;
	GHashTable *programs; /* link type -> struct bpf_program *, NULL where it fits none */
};

static void
program_free(gpointer data)
{
	struct bpf_program *program = data;

	if (program)
		pcap_freecode(program);
	g_free(program);
}

gboolean
bpf_compile(pcap_t *pcap, const char *text, struct bpf_program *program, GError **error)
{
	if (pcap_compile(pcap, program, text, 1, PCAP_NETMASK_UNKNOWN) == 0)
		return TRUE;
	g_autofree char *words = g_utf8_make_valid(pcap_geterr(pcap), -1);
	return error_set(error, CAPTURE_ERROR, CAPTURE_ERROR_FILTER,
			 _("The filter “%s” cannot be used: %s. A filter that can: “tcp port 80 "
			   "and host 127.0.0.1” (more: man pcap-filter)."),
			 text, words);
}

static gboolean
add_program(Bpf *filter, guint16 link_type, GError **error)
{
	pcap_t *pcap = pcap_open_dead(link_type_to_dlt(link_type), CAPTURE_SNAPSHOT_LENGTH);
	g_autofree struct bpf_program *program = g_new0(struct bpf_program, 1);
	gboolean ok = bpf_compile(pcap, filter->text, program, error);

	pcap_close(pcap);
	g_hash_table_insert(filter->programs, GUINT_TO_POINTER(link_type),
			    ok ? g_steal_pointer(&program) : NULL);
	return ok;
}

Bpf *
bpf_new(const char *text, guint16 link_type, GError **error)
{
	Bpf *filter = g_new0(Bpf, 1);

	filter->text = g_strdup(text);
	filter->programs = g_hash_table_new_full(NULL, NULL, NULL, program_free);
	if (!add_program(filter, link_type, error))
		g_clear_pointer(&filter, bpf_free);
	return filter;
}

void
bpf_free(Bpf *filter)
{
	if (!filter)
		return;
	g_hash_table_unref(filter->programs);
	g_free(filter->text);
	g_free(filter);
}

const char *
bpf_text(const Bpf *filter)
{
	return filter->text;
}

gboolean
bpf_matches(Bpf *filter, const Packet *packet)
{
	const struct pcap_pkthdr header = { .caplen = packet->captured, .len = packet->length };
	gpointer key = GUINT_TO_POINTER(packet->link_type), program;

	if (!g_hash_table_lookup_extended(filter->programs, key, NULL, &program)) {
		add_program(filter, packet->link_type, NULL);
		program = g_hash_table_lookup(filter->programs, key);
	}
	return program && pcap_offline_filter(program, &header, packet->data);
}

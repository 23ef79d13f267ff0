/* SPDX-License-Identifier: MIT */
/* bpf.c - capture filters on each link type, and what they keep back.
 *
 * Theory of operation
 *
 * A capture filter is the kernel's, and tcpdump's: it looks at the outermost headers, and a file is
 * filtered as an interface is, so that the same words give the same packets. But who asks for port
 * 80 may not know that the packets are tagged or in a tunnel. So what does not pass is asked the
 * same question about its innermost datagram; and later fragments, which have no ports, are counted
 * where the first one has passed. The reader is told how many there are, and what finds them.
 */
#include "capture_internal.h"

#include <string.h>

#include "pktladder/complain.h"
#include "pktladder/decode.h"
#include "pktladder/filter.h"
#include "pktladder/text.h"

enum { RAW_IP = 101, DATAGRAMS = 64, NAMES_MAX = 4 };

/* A datagram whose first fragment has passed. */
typedef struct {
	Endpoint source, destination; /* without ports */
	guint32 id;
} Datagram;

typedef struct {
	guint inside, fragments;
	const char *names[NAMES_MAX]; /* of what is around the inside */
	Datagram passed[DATAGRAMS];
	guint n_passed;
} Unseen;

struct _Bpf {
	char *text;
	GHashTable *programs; /* link type -> struct bpf_program *, NULL where it fits none */
	Unseen unseen;        /* what it keeps back */
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

static gboolean
matches(Bpf *filter, const Packet *packet)
{
	const struct pcap_pkthdr header = { .caplen = packet->captured, .len = packet->length };
	gpointer key = GUINT_TO_POINTER(packet->link_type), program;

	if (!g_hash_table_lookup_extended(filter->programs, key, NULL, &program)) {
		add_program(filter, packet->link_type, NULL);
		program = g_hash_table_lookup(filter->programs, key);
	}
	return program && pcap_offline_filter(program, &header, packet->data);
}

static Datagram
datagram_of(const Facts *facts)
{
	Datagram datagram = { facts->source, facts->destination, facts->ip_id };

	datagram.source.port = datagram.destination.port = 0;
	return datagram;
}

static gboolean
has_passed(const Unseen *unseen, const Facts *facts)
{
	Datagram wanted = datagram_of(facts);

	for (guint i = 0; i < MIN(unseen->n_passed, DATAGRAMS); i++)
		if (memcmp(&unseen->passed[i], &wanted, sizeof wanted) == 0)
			return TRUE;
	return FALSE;
}

/* The innermost IP header where something is around it, whose name *name becomes; else NULL. */
static const Layer *
inside_find(const Facts *facts, const char **name)
{
	const Layer *around = NULL, *inside = NULL;

	for (guint i = 0; i < facts->n_layers; i++) {
		const Layer *layer = &facts->layers[i];
		gboolean is_ip = layer->kind == LAYER_IPV4 || layer->kind == LAYER_IPV6;

		if (!around && (inside || (layer->kind != LAYER_LINK && !is_ip)))
			around = inside && is_ip ? inside : layer;
		if (is_ip)
			inside = layer;
	}
	if (!inside || !around || around->offset >= inside->offset)
		return NULL;
	*name = facts->in_tunnel ? tunnel_name(facts) : layer_name(around);
	return *name ? inside : NULL;
}

static void
name_add(Unseen *unseen, const char *name)
{
	for (guint i = 0; i < NAMES_MAX; i++) {
		if (unseen->names[i] && strcmp(unseen->names[i], name) == 0)
			return;
		if (unseen->names[i])
			continue;
		unseen->names[i] = name;
		return;
	}
}

static void
unseen_add(Bpf *filter, const Packet *packet, gboolean passed)
{
	Unseen *unseen = &filter->unseen;
	const Layer *inside;
	const char *name;
	Facts facts;

	decode_headers(packet, &facts);
	if (passed && facts.more_fragments && facts.fragment_offset == 0)
		unseen->passed[unseen->n_passed++ % DATAGRAMS] = datagram_of(&facts);
	if (passed)
		return;
	if (facts.fragment_offset > 0)
		unseen->fragments += has_passed(unseen, &facts);
	inside = inside_find(&facts, &name);
	if (!inside || inside->offset >= packet->captured)
		return;
	Packet datagram = *packet;
	datagram.data += inside->offset;
	datagram.captured -= inside->offset;
	datagram.length -= MIN(inside->offset, datagram.length);
	datagram.link_type = RAW_IP;
	if (!matches(filter, &datagram))
		return;
	unseen->inside++;
	name_add(unseen, name);
}

gboolean
bpf_passes(Bpf *filter, const Packet *packet)
{
	gboolean passes = matches(filter, packet);

	unseen_add(filter, packet, passes);
	return passes;
}

/* What to do instead: the same words, where they are a display filter's too. */
static char *
advice_text(const char *filter)
{
	g_autoptr(Filter) same = filter_new(filter, NULL);
	g_autofree char *safe = text_escape(filter, -1);

	return same && !strchr(filter, '\'')
		   ? g_strdup_printf(_("Leave it out, and say --show '%s' instead."), safe)
		   : g_strdup(_("Leave it out, and use --show (FILTERS in the manual) instead."));
}

char *
bpf_take_unseen(Bpf *filter)
{
	const Unseen unseen = filter->unseen;
	g_autofree char *advice = advice_text(filter->text);
	g_autoptr(GString) names = g_string_new(NULL);

	filter->unseen = (Unseen){ 0 };
	for (guint i = 0; i < NAMES_MAX && unseen.names[i]; i++)
		g_string_append_printf(names, "%s%s", i > 0 ? ", " : "", unseen.names[i]);
	if (unseen.inside > 0)
		return g_strdup_printf(
		    ngettext("%u packet has what the filter asks for inside (%s), where capture "
			     "filters do not look. %s",
			     "%u packets have what the filter asks for inside (%s), where capture "
			     "filters do not look. %s",
			     unseen.inside),
		    unseen.inside, names->str, advice);
	if (unseen.fragments > 0)
		return g_strdup_printf(
		    ngettext("%u later fragment of what passes the filter does not pass: it has no "
			     "ports. %s",
			     "%u later fragments of what passes the filter do not pass: they have "
			     "no ports. %s",
			     unseen.fragments),
		    unseen.fragments, advice);
	return NULL;
}

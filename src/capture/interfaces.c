/* SPDX-License-Identifier: MIT */
#include "capture_internal.h"

#include <pcap/pcap.h>
#include "pktladder/i18n.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>

static char *
interface_to_string(const pcap_if_t *interface)
{
	g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);

	if (strcmp(interface->name, "any") == 0)
		g_ptr_array_add(words, g_strdup(_("All interfaces")));
	else if (interface->description)
		g_ptr_array_add(words, g_strdup(interface->description));
	if (interface->flags & PCAP_IF_LOOPBACK)
		g_ptr_array_add(words, g_strdup(_("Loopback")));
	if (interface->flags & PCAP_IF_WIRELESS)
		g_ptr_array_add(words, g_strdup(_("Wireless")));
	g_ptr_array_add(words, g_strdup(interface->flags & PCAP_IF_UP ? _("up") : _("down")));
	for (const pcap_addr_t *a = interface->addresses; a; a = a->next) {
		int family = a->addr ? a->addr->sa_family : AF_UNSPEC;
		char text[INET6_ADDRSTRLEN];
		if (family != AF_INET && family != AF_INET6)
			continue;
		const void *address = family == AF_INET
					  ? (void *)&((struct sockaddr_in *)a->addr)->sin_addr
					  : (void *)&((struct sockaddr_in6 *)a->addr)->sin6_addr;
		if (inet_ntop(family, address, text, sizeof(text)))
			g_ptr_array_add(words, g_strdup(text));
	}
	g_ptr_array_add(words, NULL);
	g_autofree char *rest = g_strjoinv(", ", (char **)words->pdata);
	return g_strdup_printf("%s\t%s", interface->name, rest);
}

char **
capture_interfaces(GError **error)
{
	char words[PCAP_ERRBUF_SIZE] = "";
	pcap_if_t *all = NULL;

	if (pcap_findalldevs(&all, words) != 0) {
		g_autofree char *valid = g_utf8_make_valid(words, -1);
		g_set_error(error, CAPTURE_ERROR, CAPTURE_ERROR_FAILED,
			    _("The interfaces cannot be listed: %s."), valid);
		return NULL;
	}
	GPtrArray *lines = g_ptr_array_new();
	/* libpcap also lists what carries no IP packets: USB buses, D-Bus, Bluetooth */
	for (const pcap_if_t *i = all; i; i = i->next)
		if (strcmp(i->name, "any") == 0 || if_nametoindex(i->name) != 0)
			g_ptr_array_add(lines, interface_to_string(i));
	g_ptr_array_add(lines, NULL);
	pcap_freealldevs(all);
	return (char **)g_ptr_array_free(lines, FALSE);
}

char *
interfaces_names(void)
{
	g_auto(GStrv) lines = capture_interfaces(NULL);

	for (char **line = lines; line && *line; line++)
		*strchr(*line, '\t') = '\0';
	return lines ? g_strjoinv(", ", lines) : g_strdup("");
}

gboolean
interface_exists(const char *name)
{
	char words[PCAP_ERRBUF_SIZE];
	pcap_if_t *all = NULL;
	gboolean found = FALSE;

	if (if_nametoindex(name))
		return TRUE;
	if (pcap_findalldevs(&all, words) != 0)
		return FALSE;
	for (const pcap_if_t *i = all; i && !found; i = i->next)
		found = strcmp(i->name, name) == 0;
	pcap_freealldevs(all);
	return found;
}

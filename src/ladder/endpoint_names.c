/* endpoint_names.c - names that the user gave: by endpoint as it is printed. */
#include <arpa/inet.h>
#include <string.h>

#include "pktladder/i18n.h"
#include "pktladder/labels.h"
#include "pktladder/text.h"

struct _EndpointNames {
	grefcount references;
	GHashTable *names; /* "127.0.0.1:5000" or "127.0.0.1" => name */
};

EndpointNames *
endpoint_names_new(void)
{
	EndpointNames *names = g_new0(EndpointNames, 1);

	g_ref_count_init(&names->references);
	names->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	return names;
}

EndpointNames *
endpoint_names_ref(EndpointNames *names)
{
	if (names)
		g_ref_count_inc(&names->references);
	return names;
}

void
endpoint_names_unref(EndpointNames *names)
{
	if (!names || !g_ref_count_dec(&names->references))
		return;
	g_hash_table_unref(names->names);
	g_free(names);
}

static gboolean
address_parse(const char *text, guint16 port, Endpoint *endpoint)
{
	guint8 version = strchr(text, ':') ? 6 : 4;
	guint8 address[16] = { 0 };

	if (inet_pton(version == 6 ? AF_INET6 : AF_INET, text, address) != 1)
		return FALSE;
	*endpoint = endpoint_make(version, address, port);
	return TRUE;
}

/* "a.b.c.d:port", "[a::b]:port"; an address alone has the port 0. */
static gboolean
endpoint_parse(const char *text, Endpoint *endpoint)
{
	const char *colon = strrchr(text, ':');
	g_autofree char *host = NULL;
	guint64 port;

	if (address_parse(text, 0, endpoint))
		return TRUE;
	if (!colon || !g_ascii_string_to_unsigned(colon + 1, 10, 1, G_MAXUINT16, &port, NULL))
		return FALSE;
	host = g_strndup(text, colon - text);
	if (*host == '[' && g_str_has_suffix(host, "]")) {
		host[strlen(host) - 1] = '\0';
		return strchr(host, ':') && address_parse(host + 1, port, endpoint);
	}
	return !strchr(host, ':') && address_parse(host, port, endpoint);
}

gboolean
endpoint_names_add(EndpointNames *names, const char *text, GError **error)
{
	const char *equals = strchr(text, '=');
	g_autofree char *left = equals ? g_strndup(text, equals - text) : NULL;
	Endpoint endpoint;

	if (!equals || equals[1] == '\0' || !endpoint_parse(left, &endpoint)) {
		g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
			    _("\"%s\" names no endpoint: write it as 127.0.0.1:5000=NAME, "
			      "[::1]:5000=NAME or, for all ports, 127.0.0.1=NAME"),
			    text);
		return FALSE;
	}
	g_hash_table_insert(names->names, endpoint_to_string(&endpoint), text_escape(equals + 1, -1));
	return TRUE;
}

char *
endpoint_names_get(const EndpointNames *names, const Endpoint *endpoint)
{
	char text[ENDPOINT_TEXT_SIZE];
	Endpoint address = *endpoint;
	const char *name;

	if (!names)
		return NULL;
	name = g_hash_table_lookup(names->names, endpoint_print(endpoint, text, sizeof text));
	if (name)
		return g_strdup(name);
	address.port = 0;
	name = g_hash_table_lookup(names->names, endpoint_print(&address, text, sizeof text));
	return name ? g_strdup_printf("%s:%u", name, endpoint->port) : NULL;
}

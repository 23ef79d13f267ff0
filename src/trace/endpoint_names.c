/* SPDX-License-Identifier: MIT */
/* endpoint_names.c - names that the user gave: by endpoint as it is printed. */
#include <string.h>

#include "pktladder/endpoint_names.h"
#include "pktladder/i18n.h"
#include "pktladder/text.h"

EndpointNames *
endpoint_names_new(void)
{
	return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
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
	gboolean any_port = address_parse(left, &endpoint);
	g_hash_table_insert(names,
			    any_port ? g_strdup(address_text(&endpoint).text)
				     : endpoint_to_string(&endpoint),
			    text_escape(equals + 1, -1));
	return TRUE;
}

char *
endpoint_names_get(EndpointNames *names, const Endpoint *endpoint)
{
	if (!names)
		return NULL;
	const char *name = g_hash_table_lookup(names, endpoint_text(endpoint).text);
	if (name)
		return g_strdup(name);
	name = g_hash_table_lookup(names, address_text(endpoint).text);
	return name ? g_strdup_printf("%s:%u", name, endpoint->port) : NULL;
}

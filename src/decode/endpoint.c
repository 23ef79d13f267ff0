/* SPDX-License-Identifier: MIT */
/* endpoint.c - addresses with ports: compare, print. */
#include "decoder.h"

#include <arpa/inet.h>

void
endpoint_set_address(Endpoint *endpoint, guint8 version, const guint8 *address)
{
	memset(endpoint, 0, sizeof *endpoint);
	endpoint->version = version;
	memcpy(endpoint->address, address, version == 4 ? 4 : 16);
}

Endpoint
endpoint_make(guint8 version, const guint8 *address, guint16 port)
{
	static const guint8 v4_mapped[12] = { [10] = 0xff, [11] = 0xff };
	Endpoint endpoint = { 0 };

	if (version == 6 && memcmp(address, v4_mapped, sizeof v4_mapped) == 0)
		endpoint_set_address(&endpoint, 4, address + 12);
	else if (version == 4 || version == 6)
		endpoint_set_address(&endpoint, version, address);
	endpoint.port = port;
	return endpoint;
}

gboolean
endpoint_equal(const Endpoint *a, const Endpoint *b)
{
	return memcmp(a, b, sizeof *a) == 0;
}

gboolean
endpoint_is_any(const Endpoint *endpoint)
{
	static const guint8 zero[16];

	return endpoint->version && memcmp(endpoint->address, zero, sizeof zero) == 0;
}

ShortText
address_text(const Endpoint *endpoint)
{
	ShortText text = { "?" };

	if (endpoint->version)
		inet_ntop(endpoint->version == 4 ? AF_INET : AF_INET6, endpoint->address, text.text,
			  sizeof text.text);
	return text;
}

ShortText
endpoint_text(const Endpoint *endpoint)
{
	ShortText address = address_text(endpoint), text;

	if (!endpoint->version)
		return address;
	g_snprintf(text.text, sizeof text.text, endpoint->version == 4 ? "%.45s:%u" : "[%.45s]:%u",
		   address.text, endpoint->port);
	return text;
}

static gboolean
parse(const char *text, guint16 port, Endpoint *endpoint)
{
	guint8 version = strchr(text, ':') ? 6 : 4;
	guint8 address[16] = { 0 };

	if (inet_pton(version == 6 ? AF_INET6 : AF_INET, text, address) != 1)
		return FALSE;
	*endpoint = endpoint_make(version, address, port);
	return TRUE;
}

gboolean
address_parse(const char *text, Endpoint *endpoint)
{
	return parse(text, 0, endpoint);
}

gboolean
endpoint_parse(const char *text, Endpoint *endpoint)
{
	const char *colon = strrchr(text, ':');
	guint64 port;

	if (address_parse(text, endpoint))
		return TRUE;
	if (!colon || !g_ascii_string_to_unsigned(colon + 1, 10, 0, G_MAXUINT16, &port, NULL))
		return FALSE;
	g_autofree char *host = g_strndup(text, colon - text);
	if (*host == '[' && g_str_has_suffix(host, "]")) {
		host[strlen(host) - 1] = '\0';
		return parse(host + 1, port, endpoint);
	}
	return !strchr(host, ':') && parse(host, port, endpoint);
}

char *
endpoint_to_string(const Endpoint *endpoint)
{
	return g_strdup(endpoint_text(endpoint).text);
}

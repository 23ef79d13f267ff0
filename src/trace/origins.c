/* SPDX-License-Identifier: MIT */
#include "pktladder/origins.h"

#include <string.h>

#include "pktladder/i18n.h"
#include "pktladder/text.h"

enum {
	INTERFACES_MAX = G_MAXUINT16,
	TEXTS_MAX = 256, /* of one kind: more are a program's doing */
};

static void
interface_free(gpointer data)
{
	Origin *interface = data;

	g_free(interface->name);
	g_free(interface->description);
	g_ptr_array_unref(interface->comments);
	g_free(interface);
}

Origins *
origins_new(void)
{
	Origins *origins = g_rc_box_new0(Origins);

	origins->files = g_ptr_array_new_with_free_func(g_free);
	origins->interfaces = g_ptr_array_new_with_free_func(interface_free);
	origins->processes = g_array_new(FALSE, FALSE, sizeof(PacketProcess));
	origins->comments = g_ptr_array_new_with_free_func(g_free);
	origins->names = endpoint_names_new();
	return origins;
}

Origins *
origins_ref(Origins *origins)
{
	return g_rc_box_acquire(origins);
}

static void
origins_clear(gpointer data)
{
	Origins *origins = data;

	g_ptr_array_unref(origins->files);
	g_ptr_array_unref(origins->interfaces);
	g_array_unref(origins->processes);
	g_ptr_array_unref(origins->comments);
	g_hash_table_unref(origins->names);
}

void
origins_unref(Origins *origins)
{
	if (origins)
		g_rc_box_release_full(origins, origins_clear);
}

guint16
origins_add_file(Origins *origins, const char *name)
{
	g_ptr_array_add(origins->files, g_strdup(name));
	return origins->files->len - 1;
}

guint16
origins_add_interface(Origins *origins, guint16 file, guint16 link_type)
{
	if (origins->interfaces->len < INTERFACES_MAX) {
		Origin *interface = g_new0(Origin, 1);

		interface->comments = g_ptr_array_new_with_free_func(g_free);
		interface->link_type = link_type;
		interface->file = file;
		g_ptr_array_add(origins->interfaces, interface);
		origins->memory += sizeof *interface;
	}
	return origins->interfaces->len - 1;
}

Origin *
origins_interface(const Origins *origins, guint16 number)
{
	return number < origins->interfaces->len ? origins->interfaces->pdata[number] : NULL;
}

const char *
origin_name(const Origin *interface)
{
	/* Wireshark's programs write this where they convert pcap, which has no names */
	static const char none[] = "Unknown/not available in original file format";

	return interface->name && !g_str_has_prefix(interface->name, none) ? interface->name
									   : interface->description;
}

guint32
origins_add_process(Origins *origins, guint32 pid, const char *name, gsize length)
{
	PacketProcess process = { .number = (gint32)pid };

	memcpy(process.name, length ? name : "", MIN(length, sizeof process.name - 1));
	g_array_append_val(origins->processes, process);
	origins->memory += sizeof process;
	return origins->processes->len;
}

void
origins_add_text(Origins *origins, GPtrArray *texts, const char *text, gsize length)
{
	g_autofree char *copy = g_strndup(text, length);

	if (texts->len >= TEXTS_MAX || !*g_strstrip(copy) ||
	    g_ptr_array_find_with_equal_func(texts, copy, g_str_equal, NULL))
		return;
	origins->memory += length;
	g_ptr_array_add(texts, g_steal_pointer(&copy));
}

void
origins_add_name(Origins *origins, const Endpoint *address, const char *name, gsize length)
{
	g_autofree char *key = g_strdup(address_text(address).text);

	if (length == 0 || g_hash_table_contains(origins->names, key))
		return;
	origins->memory += 2 * length + 64;
	g_hash_table_insert(origins->names, g_steal_pointer(&key), text_escape(name, length));
}

char *
origins_text(const Origins *origins, guint16 number)
{
	const Origin *interface = origins_interface(origins, number);

	if (!interface || origins->interfaces->len < 2)
		return NULL;
	const char *name = origin_name(interface);
	g_autofree char *safe = name ? text_escape(name, -1) : NULL;
	if (!safe)
		safe = g_strdup_printf(_("interface %u"), number);
	if (origins->files->len < 2)
		return g_steal_pointer(&safe);
	g_autofree char *file = text_escape(origins->files->pdata[interface->file], -1);
	return name ? g_strdup_printf(_("%s of %s"), safe, file) : g_steal_pointer(&file);
}

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

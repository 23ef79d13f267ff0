/* SPDX-License-Identifier: MIT */
#include "packets.h"

static void
put16(guint8 *at, guint16 value)
{
	at[0] = value >> 8;
	at[1] = (guint8)value;
}

static void
put32(guint8 *at, guint32 value)
{
	put16(at, value >> 16);
	put16(at + 2, (guint16)value);
}

Endpoint
loopback(guint16 port)
{
	return endpoint_make(4, (const guint8[]){ 127, 0, 0, 1 }, port);
}

/* Words: "4000", "127.0.0.1.4000", "2001:db8::1.4000". */

guint32
number_parse(const char *word)
{
	guint64 number;

	g_assert_nonnull(word);
	g_assert_true(g_ascii_string_to_unsigned(word, 10, 0, G_MAXUINT32, &number, NULL));
	return (guint32)number;
}

static Endpoint
endpoint_said(char *word)
{
	char *point = strrchr(word, '.');
	Endpoint endpoint;

	if (!point)
		return loopback(number_parse(word));
	*point = '\0';
	g_assert_true(endpoint_parse(word, &endpoint));
	endpoint.port = number_parse(point + 1);
	return endpoint;
}

guint16
flags_parse(const char *word)
{
	static const char letters[] = "FSRP.UEW";
	guint16 flags = 0;

	if (g_str_equal(word, "none"))
		return 0;
	for (; *word; word++) {
		const char *letter = strchr(letters, *word);

		g_assert_nonnull(letter);
		flags |= 1 << (letter - letters);
	}
	return flags;
}

static void
value_parse(PacketSpec *spec, const char *name, const char *value)
{
	if (g_str_equal(name, "ack")) {
		spec->ack = number_parse(value);
	} else if (g_str_equal(name, "win")) {
		spec->window = number_parse(value);
	} else if (g_str_equal(name, "len")) {
		spec->length = number_parse(value);
	} else {
		g_error("unknown word \"%s\" in a packet", name);
	}
}

static PacketSpec
spec_parse(const char *text)
{
	g_auto(GStrv) words = g_strsplit(text, " ", -1);
	PacketSpec spec = { .protocol = IPPROTO_TCP, .window = 65535, .data = 'x' };
	guint next = 5;

	g_assert_cmpuint(g_strv_length(words), >=, 4);
	g_assert_cmpstr(words[1], ==, ">");
	spec.from = endpoint_said(words[0]);
	spec.to = endpoint_said(words[2]);
	if (g_str_equal(words[3], "udp")) {
		spec.protocol = IPPROTO_UDP;
		next = 4;
	} else {
		spec.flags = flags_parse(words[3]);
		spec.seq = number_parse(words[4]);
	}
	for (; words[next]; next += 2)
		value_parse(&spec, words[next], words[next + 1]);
	return spec;
}

G_GNUC_PRINTF(1, 0)
static PacketSpec
spec_said(const char *words, va_list arguments)
{
	g_autofree char *said = g_strdup_vprintf(words, arguments);

	return spec_parse(said);
}

void
packet_spec_scale(PacketSpec *spec, guint8 scale)
{
	memcpy(spec->options + spec->n_options, (guint8[]){ 3, 3, scale, 1 }, 4);
	spec->n_options += 4;
}

void
packet_spec_sack(PacketSpec *spec, guint32 left, guint32 right)
{
	memcpy(spec->options + spec->n_options, (guint8[]){ 1, 1, 5, 10 }, 4);
	put32(spec->options + spec->n_options + 4, left);
	put32(spec->options + spec->n_options + 8, right);
	spec->n_options += 12;
}

guint
packet_put_headers(const PacketSpec *spec, guint8 *bytes)
{
	guint ip = spec->from.version == 6 ? 40 : 20, transport = 0;
	guint8 *at = bytes + ip;

	if (spec->protocol == IPPROTO_TCP)
		transport = 20 + spec->n_options;
	else if (spec->protocol == IPPROTO_UDP)
		transport = 8;
	memset(bytes, 0, ip + transport);
	if (spec->from.version == 6) {
		bytes[0] = 0x60;
		put16(bytes + 4, transport + spec->length);
		bytes[6] = spec->protocol;
		bytes[7] = 64;
		memcpy(bytes + 8, spec->from.address, 16);
		memcpy(bytes + 24, spec->to.address, 16);
	} else {
		bytes[0] = 0x45;
		put16(bytes + 2, ip + transport + spec->length);
		put32(bytes + 4, 1 << 16 | 0x4000);
		bytes[8] = 64;
		bytes[9] = spec->protocol;
		memcpy(bytes + 12, spec->from.address, 4);
		memcpy(bytes + 16, spec->to.address, 4);
	}
	if (transport) {
		put16(at, spec->from.port);
		put16(at + 2, spec->to.port);
	}
	if (spec->protocol == IPPROTO_TCP) {
		put32(at + 4, spec->seq);
		put32(at + 8, spec->ack);
		put16(at + 12, transport / 4 << 12 | spec->flags);
		put16(at + 14, spec->window);
		memcpy(at + 20, spec->options, spec->n_options);
	} else if (transport) {
		put16(at + 4, transport + spec->length);
	}
	return ip + transport;
}

guint
packet_put(const PacketSpec *spec, guint8 *bytes)
{
	guint headers = packet_put_headers(spec, bytes);

	memset(bytes + headers, spec->data, spec->length);
	return headers + spec->length;
}

Packet
packet_make(Made *made, gint64 time_ns, const PacketSpec *spec)
{
	g_assert_cmpuint(spec->length, <=, sizeof(made->bytes) - 120);
	guint length = packet_put(spec, made->bytes);

	return (Packet){ .time_ns = time_ns,
			 .data = made->bytes,
			 .captured = length,
			 .length = length,
			 .link_type = LINKTYPE_RAW };
}

Packet
packet_said(Made *made, gint64 time_us, const char *words, ...)
{
	va_list arguments;

	va_start(arguments, words);
	PacketSpec spec = spec_said(words, arguments);
	va_end(arguments);
	return packet_make(made, time_us * 1000, &spec);
}

guint32
add_packet(Trace *trace, gint64 time_us, const char *words, ...)
{
	va_list arguments;
	Made made;

	va_start(arguments, words);
	PacketSpec spec = spec_said(words, arguments);
	va_end(arguments);
	Packet packet = packet_make(&made, time_us * 1000, &spec);
	return trace_add_packet(trace, &packet, 0);
}

CallRecord
call_entry(guint32 id, gint64 time_us, CallRole role, CallName name, gint32 fd, guint64 socket)
{
	return (CallRecord){ .time_ns = time_us * 1000,
			     .id = id,
			     .phase = CALL_ENTRY,
			     .name = name,
			     .role = role,
			     .transport = TRANSPORT_TCP,
			     .version = 4,
			     .pid = 10 + role,
			     .tid = 10 + role,
			     .fd = fd,
			     .size = -1,
			     .socket = socket };
}

void
add_return(Trace *trace, const CallRecord *entry, gint64 time_us, gint64 result)
{
	CallRecord record = *entry;

	record.phase = CALL_RETURN;
	record.time_ns = time_us * 1000;
	record.result = result;
	trace_add_call(trace, &record);
}

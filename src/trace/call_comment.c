/* SPDX-License-Identifier: MIT */
/* call_comment.c - a socket call as a packet comment of a recording, and back.
 *
 * Theory of operation
 *
 * Such a comment has two readers: a person in Wireshark, for whom its first
 * part is, and call_from_comment(), which looks only at what follows the bar:
 *
 *   pktladder: client connect(3, 127.0.0.1:5000) begins | v=2 t=1790000000.123456789 id=7 ...
 *
 * One table of fields serves both directions. Fields that have their usual
 * value are left out. Numbers of our own enums never stand there, only their
 * words, so that the enums may change; TCP states and error numbers are the
 * kernel's. Version 1 told of no waits. Keys that are not known are skipped, so that an older
 * pktladder reads the file of a newer one; whatever else is not as we write it makes the comment
 * somebody else's.
 */
#include <stddef.h>
#include <string.h>

#include "pktladder/call.h"
#include "pktladder/track.h"

#define COMMENT_PREFIX "pktladder: "
#define COMMENT_FIELDS " | v=2 "
#define COMMENT_BEFORE " | v=1 "
#define COMMENT_MAX    1023
#define COMMAND_BYTES  G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "._+:-"
#define NS_PER_SECOND  G_GINT64_CONSTANT(1000000000)
/* The largest error number that the kernel returns. */
#define ERRNO_MAX 4095

static const char *const phases[] = { NULL, "entry", "return" }; /* HELD is never recorded */
static const char *const roles[] = { "client", "server" };
static const char *const transports[] = { NULL, "tcp", "udp" };
static const char *const lasts[] = { NULL, "no", "yes" };
static const char *const waits[] = { NULL, "none", "slept" };
G_STATIC_ASSERT(CALL_ENTRY == 1 && CALL_RETURN == 2);
G_STATIC_ASSERT(ROLE_CLIENT == 0 && ROLE_SERVER == 1);
G_STATIC_ASSERT(G_N_ELEMENTS(transports) == N_TRANSPORTS);
G_STATIC_ASSERT(G_N_ELEMENTS(waits) == N_CALL_WAITS);
G_STATIC_ASSERT(G_N_ELEMENTS(lasts) == N_CALL_LASTS);

/* How a field is written and read. */
typedef enum {
	FIELD_TIME, /* gint64 nanoseconds as SECONDS.NNNNNNNNN */
	FIELD_CALL, /* guint8, by call_name() */
	FIELD_WORD, /* guint8, index of `words` */
	FIELD_NUMBER,
	FIELD_NAME,   /* characters of COMMAND_BYTES, and a 0 */
	FIELD_COOKIE, /* guint64, hexadecimal */
	FIELD_ENDPOINT,
	FIELD_ADDRESS, /* an Endpoint that is there where has_address is */
} FieldKind;

typedef struct {
	const char *key;
	FieldKind kind;
	gsize offset, size;
	gboolean required;
	gint64 usual;       /* left out where it has this value; a missing one has it */
	gint64 least, most; /* of numbers */
	const char *const *words;
	guint n_words;
} Field;

#define AT(member)                                                                                 \
	.offset = offsetof(CallRecord, member), .size = sizeof(((CallRecord *)NULL)->member)
#define WORDS(table)       .words = table, .n_words = G_N_ELEMENTS(table)
#define BETWEEN(low, high) .least = low, .most = high

static const Field fields[] = {
	{ "t", FIELD_TIME, AT(time_ns), .required = TRUE },
	{ "id", FIELD_NUMBER, AT(id), .required = TRUE, BETWEEN(0, G_MAXUINT32) },
	{ "phase", FIELD_WORD, AT(phase), .required = TRUE, WORDS(phases) },
	{ "role", FIELD_WORD, AT(role), .required = TRUE, WORDS(roles) },
	{ "call", FIELD_CALL, AT(name), .required = TRUE },
	{ "pid", FIELD_NUMBER, AT(pid), BETWEEN(G_MININT32, G_MAXINT32) },
	{ "tid", FIELD_NUMBER, AT(tid), BETWEEN(G_MININT32, G_MAXINT32) },
	{ "fd", FIELD_NUMBER, AT(fd), .usual = -1, BETWEEN(G_MININT32, G_MAXINT32) },
	{ "flags", FIELD_NUMBER, AT(flags), BETWEEN(G_MININT32, G_MAXINT32) },
	{ "size", FIELD_NUMBER, AT(size), .usual = -1, BETWEEN(G_MININT64, G_MAXINT64) },
	{ "result", FIELD_NUMBER, AT(result), BETWEEN(-ERRNO_MAX, G_MAXINT64) },
	{ "transport", FIELD_WORD, AT(transport), WORDS(transports) },
	{ "ip", FIELD_NUMBER, AT(version), BETWEEN(4, 6) },
	{ "state", FIELD_NUMBER, AT(kernel_state), BETWEEN(0, N_TCP_STATES - 1) },
	{ "last", FIELD_WORD, AT(last), WORDS(lasts) },
	{ "socket", FIELD_COOKIE, AT(socket) },
	{ "accepted", FIELD_COOKIE, AT(accepted) },
	{ "local", FIELD_ENDPOINT, AT(local) },
	{ "peer", FIELD_ENDPOINT, AT(peer) },
	{ "address", FIELD_ADDRESS, AT(address) },
	{ "wait", FIELD_WORD, AT(wait), WORDS(waits) },
	{ "program", FIELD_NUMBER, AT(program), BETWEEN(0, G_MAXUINT8) },
	{ "programs", FIELD_NUMBER, AT(programs), BETWEEN(0, G_MAXUINT8) },
	{ "line", FIELD_NUMBER, AT(line), BETWEEN(0, G_MAXUINT8) },
	{ "command", FIELD_NAME, AT(command) },
};
G_STATIC_ASSERT(G_N_ELEMENTS(fields) < 32); /* a bit each */

/* The value of a number or word, whatever its width. */
static gint64
field_get(const Field *field, const CallRecord *call)
{
	const void *at = (const guint8 *)call + field->offset;

	if (field->kind == FIELD_ADDRESS)
		return call->has_address;
	switch (field->size) {
	case 1:
		return *(const guint8 *)at;
	case 4:
		return field->least < 0 ? *(const gint32 *)at : (gint64) * (const guint32 *)at;
	case 8:
		return *(const gint64 *)at;
	case sizeof(((CallRecord *)NULL)->command):
		return *(const char *)at;
	default:
		return ((const Endpoint *)at)->version;
	}
}

static void
field_set(const Field *field, CallRecord *call, gint64 value)
{
	void *at = (guint8 *)call + field->offset;

	if (field->size == 1)
		*(guint8 *)at = (guint8)value;
	else if (field->size == 4)
		*(gint32 *)at = (gint32)value;
	else if (field->size == 8)
		*(gint64 *)at = value;
}

static void
field_append(GString *text, const Field *field, const CallRecord *call)
{
	const gint64 value = field_get(field, call);

	if (!field->required && value == field->usual)
		return;
	g_string_append_printf(text, "%s=", field->key);
	switch (field->kind) {
	case FIELD_TIME:
		g_string_append_printf(text, "%" G_GINT64_FORMAT ".%09d ", value / NS_PER_SECOND,
				       (int)(value % NS_PER_SECOND));
		break;
	case FIELD_CALL:
		g_string_append_printf(text, "%s ", call_name((CallName)value));
		break;
	case FIELD_WORD:
		g_string_append_printf(
		    text, "%s ",
		    value < field->n_words && field->words[value] ? field->words[value] : "?");
		break;
	case FIELD_NAME:
		g_string_append_printf(text, "%s ", (const char *)call + field->offset);
		break;
	case FIELD_COOKIE:
		g_string_append_printf(text, "%" G_GINT64_MODIFIER "x ", (guint64)value);
		break;
	case FIELD_ENDPOINT:
	case FIELD_ADDRESS:
		g_string_append_printf(
		    text, "%s ",
		    endpoint_text((const Endpoint *)((const guint8 *)call + field->offset)).text);
		break;
	default:
		g_string_append_printf(text, "%" G_GINT64_FORMAT " ", value);
	}
}

char *
call_to_comment(const CallRecord *call)
{
	g_autofree char *words = call_to_string(call, CALL_FULL);
	GString *text = g_string_new(COMMENT_PREFIX);

	g_string_append_printf(text, "%s %s", roles[call->role == ROLE_SERVER], words);
	if (call->phase == CALL_RETURN) {
		g_autofree char *result = call_result_to_string(call);
		g_string_append_printf(text, " = %s", result);
	} else {
		g_string_append(text, " begins");
	}
	if (call->kernel_state)
		g_string_append_printf(text, " (%s)", tcp_state_name(call->kernel_state));
	g_string_append(text, COMMENT_FIELDS);
	for (guint i = 0; i < G_N_ELEMENTS(fields); i++)
		field_append(text, &fields[i], call);
	g_string_truncate(text, text->len - 1); /* the last space */
	return g_string_free(text, FALSE);
}

/* Reading. */

static gboolean
parse_time(const char *text, gint64 *time_ns)
{
	g_auto(GStrv) parts = g_strsplit(text, ".", 2);
	gint64 seconds;
	guint64 fraction;

	if (g_strv_length(parts) != 2 || strlen(parts[1]) != 9 ||
	    !g_ascii_string_to_signed(parts[0], 10, 0, G_MAXINT64 / NS_PER_SECOND - 1, &seconds,
				      NULL) ||
	    !g_ascii_string_to_unsigned(parts[1], 10, 0, NS_PER_SECOND - 1, &fraction, NULL))
		return FALSE;
	*time_ns = seconds * NS_PER_SECOND + (gint64)fraction;
	return TRUE;
}

static gboolean
field_parse(const Field *field, const char *text, CallRecord *call)
{
	gint64 value = 0;
	guint64 cookie;
	Endpoint *endpoint;

	switch (field->kind) {
	case FIELD_TIME:
		if (!parse_time(text, &value))
			return FALSE;
		break;
	case FIELD_CALL:
		value = call_name_from(text);
		if (value == CALL_NONE)
			return FALSE;
		break;
	case FIELD_WORD:
		while (value < field->n_words && g_strcmp0(field->words[value], text) != 0)
			value++;
		if (value == field->n_words)
			return FALSE;
		break;
	case FIELD_COOKIE:
		if (!g_ascii_string_to_unsigned(text, 16, 0, G_MAXUINT64, &cookie, NULL))
			return FALSE;
		value = (gint64)cookie;
		break;
	case FIELD_NAME:
		return strlen(text) < field->size && strspn(text, COMMAND_BYTES) == strlen(text) &&
		       g_strlcpy((char *)call + field->offset, text, field->size) > 0;
	case FIELD_ADDRESS:
		call->has_address = TRUE;
		/* fall through */
	case FIELD_ENDPOINT:
		endpoint = (Endpoint *)((guint8 *)call + field->offset);
		*endpoint = (Endpoint){ 0 };
		return strcmp(text, "?") == 0 || endpoint_parse(text, endpoint);
	default:
		/* GLib would take "+3", which we never write */
		if (*text == '+' ||
		    !g_ascii_string_to_signed(text, 10, field->least, field->most, &value, NULL))
			return FALSE;
	}
	field_set(field, call, value);
	return TRUE;
}

/* Every "key=value" of the list into the record; FALSE where one is wrong or
 * stands twice, or a required one is missing. */
static gboolean
parse_fields(const char *list, CallRecord *call)
{
	g_auto(GStrv) tokens = g_strsplit(list, " ", -1);
	guint32 seen = 0;

	for (char **token = tokens; *token; token++) {
		char *value = strchr(*token, '=');
		if (!value || value == *token)
			return FALSE;
		*value++ = '\0';
		for (guint i = 0; i < G_N_ELEMENTS(fields); i++) {
			if (strcmp(fields[i].key, *token) != 0)
				continue;
			if (seen & 1u << i || !field_parse(&fields[i], value, call))
				return FALSE;
			seen |= 1u << i;
		}
	}
	for (guint i = 0; i < G_N_ELEMENTS(fields); i++)
		if (fields[i].required && !(seen & 1u << i))
			return FALSE;
	return call->version != 5;
}

gboolean
call_from_comment(const char *text, gsize length, CallRecord *call)
{
	if (length > COMMENT_MAX || length < strlen(COMMENT_PREFIX) ||
	    memchr(text, '\0', length) != NULL ||
	    memcmp(text, COMMENT_PREFIX, strlen(COMMENT_PREFIX)) != 0)
		return FALSE;

	g_autofree char *copy = g_strndup(text, length);
	const char *list = strstr(copy, COMMENT_FIELDS);
	if (!list)
		list = strstr(copy, COMMENT_BEFORE);
	if (!list)
		return FALSE;

	CallRecord parsed = { 0 };
	for (guint i = 0; i < G_N_ELEMENTS(fields); i++)
		field_set(&fields[i], &parsed, fields[i].usual);
	if (!parse_fields(list + strlen(COMMENT_FIELDS), &parsed))
		return FALSE;
	*call = parsed;
	return TRUE;
}

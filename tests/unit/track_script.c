/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "../packets.h"
#include "track_script.h"

Endpoint
script_endpoint(guint8 host, guint16 port)
{
	const guint8 address[4] = { 10, 0, 0, host };

	return endpoint_make(4, address, port);
}

static void
option_parse(Facts *facts, const char *name, guint32 number)
{
	if (strcmp(name, "ack") == 0) {
		facts->tcp.ack = number;
	} else if (strcmp(name, "win") == 0) {
		facts->tcp.window = (guint16)number;
	} else if (strcmp(name, "len") == 0) {
		facts->payload_length = facts->payload_captured = number;
	} else if (strcmp(name, "id") == 0) {
		facts->ip_id = number;
	} else if (strcmp(name, "tsval") == 0) {
		facts->tcp.timestamp_value = number;
		facts->tcp.options |= TCP_OPTION_TIMESTAMPS;
	} else if (strcmp(name, "wscale") == 0) {
		facts->tcp.window_scale = (guint8)number;
		facts->tcp.options |= TCP_OPTION_WINDOW_SCALE;
	} else {
		g_error("unknown word \"%s\" in a script", name);
	}
}

/* "1101-1201,1251-1301" */
static void
sack_parse(Facts *facts, const char *word)
{
	g_auto(GStrv) blocks = g_strsplit(word, ",", G_N_ELEMENTS(facts->tcp.sack));

	for (guint i = 0; blocks[i]; i++) {
		g_auto(GStrv) edges = g_strsplit(blocks[i], "-", 2);

		facts->tcp.sack[i] = (SackBlock){ number_parse(edges[0]), number_parse(edges[1]) };
		facts->tcp.n_sack++;
	}
	facts->tcp.options |= TCP_OPTION_SACK;
}

void
script_facts(const char *segment, Facts *facts)
{
	g_auto(GStrv) words = g_strsplit(segment, " ", -1);
	Endpoint client = script_endpoint(1, SCRIPT_CLIENT_PORT);
	Endpoint server = script_endpoint(2, SCRIPT_SERVER_PORT);
	gboolean by_client = strcmp(words[0], "<") != 0;

	*facts = (Facts){
		.transport = TRANSPORT_TCP,
		.source = by_client ? client : server,
		.destination = strcmp(words[0], ">") == 0 ? server : client,
		.ip_version = 4,
		.ip_protocol = 6,
		.has_transport_header = TRUE,
		.has_payload_length = TRUE,
		.tcp = { .flags = flags_parse(words[1]),
			 .seq = number_parse(words[2]),
			 .window = 1000,
			 .header_length = 20 },
	};
	for (guint i = 3; words[i]; i += 2) {
		if (strcmp(words[i], "sack") == 0)
			sack_parse(facts, words[i + 1]);
		else if (strcmp(words[i + 1], "?") == 0)
			facts->has_payload_length = FALSE;
		else
			option_parse(facts, words[i], number_parse(words[i + 1]));
	}
	facts->kind = KIND_DATA; /* flow does not look at it, but for errors and fragments */
}

static guint32
verdict_bit(const char *name)
{
	for (guint bit = 0; bit < N_PLAIN_VERDICTS; bit++)
		if (strcmp(verdict_name(bit), name) == 0)
			return 1u << bit;
	g_error("unknown verdict \"%s\" in a script", name);
}

static gint64
verdict_value(const FlowResult *result, const Conversation *c, const char *key)
{
	const TcpVerdict *v = &result->verdict;
	const struct {
		const char *key;
		gint64 value;
	} values[] = {
		{ "seq", v->seq },
		{ "ack", v->ack },
		{ "acks", v->acks_frame },
		{ "rtt", v->ack_rtt_ns < 0 ? v->ack_rtt_ns : v->ack_rtt_ns / 1000 },
		{ "of", v->duplicate_of },
		{ "number", v->duplicate_number },
		{ "flight", v->bytes_in_flight },
		{ "window", v->window },
		{ "scale", v->window_scale },
		{ "complete", v->completeness },
		{ "stream", c->stream },
		{ "irtt", tcp_track_initial_rtt(&c->tcp) / 1000 },
	};

	for (guint i = 0; i < G_N_ELEMENTS(values); i++)
		if (strcmp(values[i].key, key) == 0)
			return values[i].value;
	g_error("unknown key \"%s\" in a script", key);
}

static char *
flags_to_string(guint32 flags)
{
	GString *text = g_string_new(NULL);

	for (guint bit = 0; bit < N_PLAIN_VERDICTS; bit++)
		if (flags & 1u << bit)
			g_string_append_printf(text, " %s", verdict_name(bit));
	return g_string_free(text, FALSE);
}

static void
step_check(const Step *step, const char *expect, const FlowResult *result, const Conversation *c)
{
	g_auto(GStrv) words = g_strsplit(expect, " ", -1);
	const TcpVerdict *v = &result->verdict;
	g_autofree char *states =
	    g_strdup_printf("%s/%s", tcp_state_name(v->state[0]), tcp_state_name(v->state[1]));
	guint32 flags = 0, plain = 0;
	gboolean has_plain = FALSE;

	for (guint i = 0; words[i]; i++) {
		char *equals = strchr(words[i], '=');

		if (equals) {
			*equals = '\0';
			gint64 value = verdict_value(result, c, words[i]);

			if (value != g_ascii_strtoll(equals + 1, NULL, 10))
				g_error("\"%s\": %s is %" G_GINT64_FORMAT ", not %s", step->segment,
					words[i], value, equals + 1);
		} else if (strchr(words[i], '/')) {
			if (strcmp(words[i], states) != 0)
				g_error("\"%s\": states are %s, not %s", step->segment, states,
					words[i]);
		} else if (*words[i] == '~') {
			has_plain = TRUE;
			plain |= words[i][1] ? verdict_bit(words[i] + 1) : 0;
		} else if (*words[i]) {
			flags |= verdict_bit(words[i]);
		}
	}
	g_autofree char *text = flags_to_string(v->flags);

	if (flags != v->flags)
		g_error("\"%s\": the verdict is%s, not \"%s\"", step->segment, text, expect);
	guint32 is = verdicts_plain(v->flags, v->evidence);
	g_autofree char *truth = flags_to_string(is);

	if (has_plain && plain != is)
		g_error("\"%s\": in plain words it is%s, not \"%s\"", step->segment, truth, expect);
}

void
script_check(FlowTable *table, VerdictVersion version, const Step *steps, gsize n_steps)
{
	flow_table_set_verdicts(table, version);
	for (gsize i = 0; i < n_steps; i++) {
		Facts facts;
		FlowResult result;

		script_facts(steps[i].segment, &facts);
		flow_table_add(table, &facts, steps[i].at_us * 1000, (guint32)i + 1, &result);
		g_assert_cmpuint(result.conversation, !=, CONVERSATION_NONE);
		step_check(&steps[i],
			   version == VERDICTS_4_4 && steps[i].expect_4_4 ? steps[i].expect_4_4
									  : steps[i].expect,
			   &result, flow_table_get(table, result.conversation));
	}
}

void
script_run(const Step *steps, gsize n_steps)
{
	for (VerdictVersion version = 0; version < N_VERDICT_VERSIONS; version++) {
		g_autoptr(FlowTable) table = flow_table_new();

		script_check(table, version, steps, n_steps);
	}
}

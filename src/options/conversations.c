/* SPDX-License-Identifier: MIT */
#include "pktladder/conversations.h"

#include <string.h>

#include "pktladder/complain.h"
#include "pktladder/trace.h"

/* "3", "5-7", "8-", "-4". Blanks may stand around numbers. */
static gboolean
range_parse(const char *text, guint32 least, Range *range)
{
	g_auto(GStrv) ends = g_strsplit(text, "-", 2);
	const char *left = ends[0] ? g_strstrip(ends[0]) : "";
	const char *right = ends[0] && ends[1] ? g_strstrip(ends[1]) : left;
	guint64 first = least, last = G_MAXUINT32;

	if ((!*left && !*right) ||
	    (*left && !g_ascii_string_to_unsigned(left, 10, least, G_MAXUINT32, &first, NULL)) ||
	    (*right && !g_ascii_string_to_unsigned(right, 10, least, G_MAXUINT32, &last, NULL)))
		return FALSE;
	*range = (Range){ first, last };
	return first <= last;
}

GArray *
ranges_parse(const char *text, guint32 least)
{
	g_autoptr(GArray) ranges = g_array_new(FALSE, FALSE, sizeof(Range));
	g_auto(GStrv) parts = g_strsplit(text, ",", -1);
	Range range;

	for (guint i = 0; parts[i]; i++) {
		if (!range_parse(parts[i], least, &range))
			return NULL;
		g_array_append_val(ranges, range);
	}
	return ranges->len > 0 ? g_steal_pointer(&ranges) : NULL;
}

static GArray *
conversations_parse(const char *text)
{
	return ranges_parse(g_str_equal(text, "all") ? "0-" : text, 0);
}

gboolean
conversations_check(const char *text, GError **error)
{
	g_autoptr(GArray) ranges = conversations_parse(text);

	return ranges || refuse(error,
				_("--conversations takes numbers and ranges such as 0,3,5-7, or "
				  "all; not \"%s\""),
				text);
}

/* A figure with more lanes is no figure for people any more. */
#define LANES_MAX 12

gboolean
conversations_of_figure(const Figure *figure, gboolean any_lanes, Selection *selection)
{
	const Trace *trace = figure->ladder->trace;
	g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
	g_autoptr(GArray) indices = g_array_new(FALSE, FALSE, sizeof(guint32));

	if (ladder_n_lanes(figure->ladder) > 2) /* each program has its own */
		return FALSE;
	for (guint i = 0; i < figure->picked->len; i++) {
		LadderRow row = ladder_row(figure->ladder, figure_index(figure, i));
		guint32 index = trace_event(trace, row.event)->conversation;

		if (index != CONVERSATION_NONE && g_hash_table_add(seen, GUINT_TO_POINTER(index)))
			g_array_append_val(indices, index);
	}
	g_autoptr(ConversationSet) set =
	    conversation_set_new((guint32 *)indices->data, indices->len);
	g_autoptr(Ladder) ladder =
	    ladder_new(trace, (Selection){ .conversation = CONVERSATION_NONE, .set = set });
	guint n_lanes = ladder_n_lanes(ladder);
	gboolean too_many = n_lanes > LANES_MAX && !any_lanes;
	if (too_many)
		complain(_("the figure is of %u endpoints, the clients on one lifeline and the "
			   "servers on the other; for a lifeline each, choose some with "
			   "--conversations (pktladder list shows them)"),
			 n_lanes);
	if (n_lanes <= 2 || too_many)
		return FALSE;
	selection->set = g_steal_pointer(&set);
	selection->strays = TRUE;
	return TRUE;
}

gboolean
conversations_select(const char *text, const Trace *trace, Selection *selection, GError **error)
{
	guint n = flow_table_length(trace_flows(trace));
	g_autoptr(GArray) ranges = text ? conversations_parse(text) : NULL;
	g_autofree gboolean *chosen = g_new0(gboolean, MAX(n, 1));
	g_autoptr(GArray) indices = g_array_new(FALSE, FALSE, sizeof(guint32));

	if (!text)
		return TRUE;
	if (n == 0)
		return refuse(error, _("--conversations: there is no conversation in the capture"));
	for (guint i = 0; i < ranges->len; i++) {
		const Range *range = &g_array_index(ranges, Range, i);
		guint missing = MAX(range->first, n);

		if (missing == range->first || (range->last >= n && range->last != G_MAXUINT32))
			return refuse(
			    error,
			    ngettext("--conversations: there is no %u: the capture has %u "
				     "conversation, 0 (pktladder list shows it)",
				     "--conversations: there is no %u: the capture has %u "
				     "conversations, numbered from 0 (pktladder list shows them)",
				     n),
			    missing, n);
		for (guint32 index = range->first; index <= range->last && index < n; index++)
			chosen[index] = TRUE;
	}
	for (guint32 index = 0; index < n; index++) {
		if (chosen[index])
			g_array_append_val(indices, index);
	}
	if (indices->len == 1) {
		selection->conversation = g_array_index(indices, guint32, 0);
		return TRUE;
	}
	g_clear_pointer(&selection->set, conversation_set_unref);
	selection->set = conversation_set_new((guint32 *)indices->data, indices->len);
	return TRUE;
}

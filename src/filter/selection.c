/* SPDX-License-Identifier: MIT */
#include "pktladder/selection.h"
#include "pktladder/sorted.h"
#include "pktladder/trace.h"

#include <string.h>

struct _ConversationSet {
	GHashTable *meetings; /* trace_meetings(), where a call asked for them; else NULL */
	guint length;
	guint32 index[]; /* ascending */
};

static ConversationSet *
set_alloc(guint length)
{
	ConversationSet *set =
	    g_rc_box_alloc0(sizeof(ConversationSet) + (gsize)length * sizeof(guint32));

	set->length = length;
	return set;
}

ConversationSet *
conversation_set_new(const guint32 *indices, guint n)
{
	if (n == 0)
		return NULL;
	ConversationSet *set = set_alloc(n);
	memcpy(set->index, indices, (gsize)n * sizeof *indices);
	qsort(set->index, n, sizeof *set->index, sorted_numbers);
	return set;
}

/* The first place whose index is not smaller. */
static guint
set_place(const ConversationSet *set, guint32 index)
{
	return set ? sorted_before(set->index, set->length, sizeof index, 0, index) : 0;
}

ConversationSet *
conversation_set_toggle(const ConversationSet *set, guint32 index)
{
	guint length = conversation_set_length(set), place = set_place(set, index);
	gboolean has = conversation_set_has(set, index);

	if (has && length == 1)
		return NULL;
	ConversationSet *changed = set_alloc(has ? length - 1 : length + 1);
	for (guint i = 0, from = 0; i < changed->length; i++) {
		from += has && from == place;
		changed->index[i] = !has && i == place ? index : set->index[from++];
	}
	return changed;
}

ConversationSet *
conversation_set_ref(ConversationSet *set)
{
	return set ? g_rc_box_acquire(set) : NULL;
}

static void
set_clear(gpointer set)
{
	g_clear_pointer(&((ConversationSet *)set)->meetings, g_hash_table_unref);
}

void
conversation_set_unref(ConversationSet *set)
{
	if (set)
		g_rc_box_release_full(set, set_clear);
}

guint
conversation_set_length(const ConversationSet *set)
{
	return set ? set->length : 0;
}

guint32
conversation_set_get(const ConversationSet *set, guint at)
{
	g_assert(at < conversation_set_length(set));
	return set->index[at];
}

guint
conversation_set_find(const ConversationSet *set, guint32 index)
{
	guint length = conversation_set_length(set), place = set_place(set, index);

	return place < length && set->index[place] == index ? place : length;
}

gboolean
conversation_set_has(const ConversationSet *set, guint32 index)
{
	return conversation_set_find(set, index) < conversation_set_length(set);
}

guint32
conversation_set_call(ConversationSet *set, const Trace *trace, const Event *event)
{
	guint32 found = event->conversation;

	if (conversation_set_has(set, found))
		return found;
	if (!set->meetings)
		set->meetings = trace_meetings(trace, set->index, set->length);
	found = trace_call_among(trace, event, set->meetings);
	return conversation_set_has(set, found) ? found : CONVERSATION_NONE;
}

gboolean
selection_equal(const Selection *one, const Selection *other)
{
	return one->conversation == other->conversation && one->hide_calls == other->hide_calls &&
	       one->setup == other->setup && one->hide_copies == other->hide_copies &&
	       one->fold == other->fold && one->set == other->set && one->strays == other->strays &&
	       one->filter == other->filter;
}

gboolean
selection_within(const Selection *selection, const Trace *trace, guint32 index)
{
	const Event *event = trace_event(trace, index);

	if (event->kind == EVENT_CALL && selection->hide_calls)
		return FALSE;
	if (selection->hide_copies && event->kind == EVENT_PACKET &&
	    evidence_is_of_copy(event->evidence))
		return FALSE;
	if (selection->strays && event->kind == EVENT_PACKET &&
	    event->conversation == CONVERSATION_NONE)
		return TRUE;
	if (selection->set && event->kind == EVENT_CALL)
		return conversation_set_call(selection->set, trace, event) != CONVERSATION_NONE;
	if (selection->set)
		return event->kind != EVENT_PACKET ||
		       conversation_set_has(selection->set, event->conversation);
	return selection->conversation == CONVERSATION_NONE ||
	       trace_event_in(trace, event, selection->conversation);
}

gboolean
selection_has(const Selection *selection, const Trace *trace, guint32 index)
{
	return selection_within(selection, trace, index) &&
	       (!selection->filter || filter_match(selection->filter, trace, index));
}

/* Conversations are numbered as they begin. In a large set it is not worth while
 * to look which one ends last. */
#define FEW 64

void
selection_span(const Selection *selection, const Trace *trace, guint32 *first, guint32 *end)
{
	const FlowTable *flows = trace_flows(trace);
	guint n = selection->set ? selection->set->length : 1;
	const guint32 *index = selection->set ? selection->set->index : &selection->conversation;
	guint32 last = 0;

	*first = 0;
	*end = trace_length(trace);
	if (index[0] == CONVERSATION_NONE || selection->strays)
		return;
	if (index[0] >= flow_table_length(flows)) { /* none of them has begun */
		*first = *end;
		return;
	}
	*first = trace_event_of_frame(trace, flow_table_get(flows, index[0])->first_frame);
	for (guint i = 0; i < n && n <= FEW && index[i] < flow_table_length(flows); i++)
		last = MAX(last, flow_table_get(flows, index[i])->last_frame);
	if (n <= FEW)
		*end = trace_event_of_frame(trace, last) + 1;
}

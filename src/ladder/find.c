/* SPDX-License-Identifier: MIT */
#include "pktladder/find.h"

#include <string.h>

#include "pktladder/filter.h"
#include "pktladder/trace.h"

struct _Find {
	const Ladder *ladder;
	FindWhat what;
	char *text; /* in small letters where the case does not matter */
	gsize length;
	gboolean fold;
	gboolean backward;
	guint32 from; /* rows, unfolded: where it began, looked at last; EVENT_NONE none */
	guint32 at;   /* the row that was looked at; to begin with, `from` */
	guint32 seen; /* rows */
	gboolean wrapped;
	gboolean waits;
	LabelFetch *fetch;
	gpointer data;
};

/* To the next of `length` rows; goes round at the ends. */
static void
step(Find *find, guint32 length)
{
	guint32 row = find->at;

	if (row == EVENT_NONE) {
		find->at = find->backward ? length - 1 : 0;
	} else if (find->backward) {
		find->wrapped = find->wrapped || row == 0;
		find->at = row == 0 ? length - 1 : MIN(row, length) - 1;
	} else {
		find->wrapped = find->wrapped || row + 1 >= length;
		find->at = row + 1 >= length ? 0 : row + 1;
	}
	find->seen++;
}

Find *
find_new(const Ladder *ladder, FindWhat what, const char *text, guint32 row, gboolean backward,
	 LabelFetch *fetch, gpointer data)
{
	Find *find = g_new(Find, 1);

	*find = (Find){ .ladder = ladder,
			.what = what,
			.backward = backward,
			.fetch = fetch,
			.data = data,
			.fold = TRUE };
	/* What else a fold holds is found on the row that is left. */
	find->from = find->at = row == EVENT_NONE || row >= ladder_length(ladder)
				    ? EVENT_NONE
				    : ladder_unfolded_index(ladder, row, !backward);
	text = text ? text : "";
	for (const char *p = text; *p; p = g_utf8_next_char(p))
		if (g_unichar_isupper(g_utf8_get_char(p)))
			find->fold = FALSE;
	find->text = find->fold ? g_ascii_strdown(text, -1) : g_strdup(text);
	find->length = strlen(find->text);
	return find;
}

void
find_free(Find *find)
{
	g_free(find->text);
	g_free(find);
}

/* Whether the text is somewhere in the bytes. */
static gboolean
bytes_have(const Find *find, const char *bytes, gsize length)
{
	if (!find->fold)
		return memmem(bytes, length, find->text, find->length) != NULL;
	for (gsize i = 0; i + find->length <= length; i++)
		if (g_ascii_strncasecmp(bytes + i, find->text, find->length) == 0)
			return TRUE;
	return FALSE;
}

static gboolean
text_has(const Find *find, char *text)
{
	gboolean has = text && bytes_have(find, text, strlen(text));

	g_free(text);
	return has;
}

static gboolean
row_matches(const Find *find, FindPlace *place)
{
	LadderRow row = ladder_unfolded_row(find->ladder, find->at);
	const Trace *trace = find->ladder->trace;
	Packet packet;
	Facts facts;
	guint n = 0;

	*place = FIND_IN_LABEL;
	if (find->what == FIND_PROBLEM) {
		guint32 events[LADDER_ROW_EVENTS];
		guint i = 0;

		n = ladder_row_events(&row, events);
		while (i < n && !filter_is_problem(trace, events[i]))
			i++;
		return i < n;
	}
	if (text_has(find, ladder_label(find->ladder, &row, 0)))
		return TRUE;
	*place = FIND_IN_CALL;
	for (Side side = SIDE_CLIENT; side <= SIDE_SERVER; side++)
		if ((row.cell[side].entry != EVENT_NONE || row.cell[side].result != EVENT_NONE) &&
		    text_has(find, ladder_cell_text(find->ladder, &row, side, 0)))
			return TRUE;
	*place = FIND_IN_COMMENT;
	for (const char *comment; (comment = trace_comment(trace, row.event, n)); n++)
		if (bytes_have(find, comment, strlen(comment)))
			return TRUE;
	*place = FIND_IN_PAYLOAD;
	const Event *event = trace_event(trace, row.event);
	if (event->kind != EVENT_PACKET || event->length == 0 || !find->fetch ||
	    !find->fetch(event, &packet, find->data))
		return FALSE;
	decode_headers(&packet, &facts);
	if (!facts.has_transport_header && facts.kind != KIND_FRAGMENT)
		return bytes_have(find, (const char *)packet.data, packet.captured);
	return bytes_have(find, (const char *)packet.data + facts.payload_offset,
			  facts.payload_captured);
}

/* All rows were looked at: the one where it began is the last. */
static gboolean
is_last(const Find *find, guint32 length)
{
	if (find->from != EVENT_NONE)
		return find->at == find->from;
	return find->backward ? find->at == 0
			      : find->at + 1 >= length && ladder_is_whole(find->ladder);
}

/* Going on would go past the end, which is not there yet. */
static gboolean
is_before_end(const Find *find, guint32 length)
{
	if (ladder_is_whole(find->ladder))
		return FALSE;
	if (find->backward)
		return find->at == 0 || find->at == EVENT_NONE;
	return length == 0 || (find->at != EVENT_NONE && find->at + 1 >= length);
}

gboolean
find_waits(const Find *find)
{
	return find->waits;
}

gboolean
find_run(Find *find, guint n_rows, FindHit *hit)
{
	*hit = (FindHit){ .row = EVENT_NONE };
	for (guint i = 0; i < n_rows; i++) {
		guint32 length = ladder_unfolded_length(find->ladder);
		FindPlace place;

		find->waits = is_before_end(find, length);
		if (find->waits)
			return FALSE;
		if (length == 0)
			return TRUE;
		/* A row can go again: a call that turned out to be nothing to show. */
		if (find->from != EVENT_NONE)
			find->from = MIN(find->from, length - 1);
		step(find, length);
		if (row_matches(find, &place)) {
			guint32 event = ladder_unfolded_row(find->ladder, find->at).event;

			*hit =
			    (FindHit){ ladder_row_of(find->ladder, event), place, find->wrapped };
			return TRUE;
		}
		if (is_last(find, length))
			return TRUE;
	}
	return FALSE;
}

guint
find_progress(const Find *find)
{
	guint64 length = MAX(ladder_unfolded_length(find->ladder), 1);

	return MIN(find->seen, length) * 100 / length;
}

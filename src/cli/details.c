#include "details.h"

#include "pktladder/detail.h"
#include "slice.h"

/* Events between two looks at the clock, and before a frame. */
#define HISTORY_EVENTS 256

/* Whether the call that returns with event i began on the same row: one telling is enough. */
static gboolean
is_told(const Trace *trace, const guint32 *events, guint i)
{
	guint32 entry = trace_call_entry(trace, trace_event(trace, events[i]));

	for (guint before = 0; before < i; before++) {
		if (events[before] == entry)
			return TRUE;
	}
	return FALSE;
}

static GPtrArray *
packet_lines(const Trace *trace, PacketStore *store, History *history, guint32 index,
	     guint n_events, char **trouble)
{
	g_autoptr(GError) error = NULL;
	Packet packet;
	Facts facts;
	TcpVerdict verdict;
	/* The verdict first: it reads other packets from the store. */
	gboolean known = history_verdict(history, trace, store, index, n_events, &verdict);
	gboolean have =
		store_fetch(store, event_offset(trace_event(trace, index)), &packet, &error);

	if (have)
		decode_packet(&packet, &facts);
	else if (trouble && !*trouble)
		*trouble = g_strdup(error->message);
	return detail_packet(trace, index, have ? &packet : NULL, have ? &facts : NULL,
			     known ? &verdict : NULL);
}

GPtrArray *
details_make(const Ladder *ladder, guint32 row, const Play *play, PacketStore *store,
	     History *history, guint n_events, char **trouble)
{
	g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
	const Trace *trace = ladder_trace(ladder);
	guint32 events[LADDER_ROW_EVENTS];
	gint64 until_ns = play ? play_now(play, ladder) : G_MAXINT64;
	LadderRow found;
	guint n;

	if (row >= ladder_length(ladder))
		return NULL;
	found = play_row(play, ladder, row);
	if (found.kind == ROW_FOLD)
		return detail_fold(ladder, &found);
	n = ladder_row_events(&found, events);
	for (guint i = 0; i < n; i++) {
		EventKind kind = trace_event(trace, events[i])->kind;
		GPtrArray *more = NULL;

		if (kind == EVENT_CALL && !is_told(trace, events, i))
			more = detail_call_until(trace, events[i], until_ns);
		else if (kind == EVENT_PACKET)
			more = packet_lines(trace, store, history, events[i], n_events, trouble);
		if (!more)
			continue;
		if (lines->len > 0)
			g_ptr_array_add(lines, g_strdup(""));
		g_ptr_array_extend_and_steal(lines, more);
	}
	return g_steal_pointer(&lines);
}

void
details_add(Figure *figure, PacketStore *store)
{
	const Trace *trace = ladder_trace(figure->ladder);
	History history = { .several = g_hash_table_new(NULL, NULL) };

	for (guint i = 0; i < figure->rows->len; i++) {
		guint32 event = figure_row(figure, i)->row.event;

		g_hash_table_add(history.several,
				 GUINT_TO_POINTER(trace_event(trace, event)->conversation));
	}
	for (guint i = 0; i < figure->rows->len; i++)
		figure_take_details(figure, i,
				    details_make(figure->ladder, figure_row(figure, i)->index, NULL,
						 store, &history, G_MAXUINT, NULL));
	history_clear(&history);
}

char *
pane_make(DetailPane *pane, const Ladder *ladder, const TuiState *state, PacketStore *store)
{
	g_autofree char *trouble = NULL;
	guint hash;

	g_clear_pointer(&pane->lines, g_ptr_array_unref);
	if (state->detail && !state->list)
		pane->lines = details_make(ladder, state->selected, &state->play, store,
					   &pane->history, HISTORY_EVENTS, &trouble);
	hash = trouble ? g_str_hash(trouble) : pane->told;
	if (hash == pane->told)
		return NULL;
	pane->told = hash;
	return g_steal_pointer(&trouble);
}

gboolean
pane_slice(DetailPane *pane, const Trace *trace, PacketStore *store)
{
	gint64 end_us = g_get_monotonic_time() + SLICE_US;
	TcpVerdict verdict;

	if (!pane_goes_on(pane))
		return FALSE;
	while (!history_verdict(&pane->history, trace, store, pane->history.wanted, HISTORY_EVENTS,
				&verdict) &&
	       pane_goes_on(pane) && g_get_monotonic_time() < end_us)
		;
	return !pane_goes_on(pane);
}

gboolean
pane_goes_on(const DetailPane *pane)
{
	return history_goes_on(&pane->history);
}

void
pane_clear(DetailPane *pane)
{
	g_clear_pointer(&pane->lines, g_ptr_array_unref);
	history_clear(&pane->history);
}

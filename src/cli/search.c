/* SPDX-License-Identifier: MIT */
#include "search.h"

#include "pktladder/i18n.h"
#include "pktladder/trace.h"
#include "slice.h"

/* Rows between two looks at the clock: of text, whose payload may have to be
 * read from a disk, and of problems, which the events tell. */
#define TEXT_ROWS    32
#define PROBLEM_ROWS 4096

/* The packet's bytes again, from where they are kept. */
static gboolean
packet_fetch(const Event *event, Packet *packet, gpointer data)
{
	Search *search = data;
	g_autoptr(GError) error = NULL;

	if (!search->store)
		return FALSE;
	if (store_fetch(search->store, event_offset(event), packet, &error))
		return TRUE;
	search->unread++;
	g_free(search->why);
	search->why = g_strdup(error->message);
	return FALSE;
}

void
search_stop(Search *search)
{
	g_clear_pointer(&search->find, find_free);
	g_free(search->wanted);
	g_free(search->text);
	g_free(search->why);
	*search = (Search){ 0 };
}

void
search_start(Search *search, const Ladder *ladder, PacketStore *store, const TuiState *state)
{
	const TuiSearch *wanted = &state->search;

	search_stop(search);
	search->store = store;
	search->what = wanted->what;
	search->wanted = g_strdup(wanted->text);
	search->find = find_new(ladder, wanted->what, wanted->text, state->selected,
				wanted->backward, packet_fetch, search);
}

void
search_wait(Search *search)
{
	search_stop(search);
	search->waits = TRUE;
}

gboolean
search_slice(Search *search, FindHit *hit, char **trouble)
{
	gint64 end_us = g_get_monotonic_time() + SLICE_US;
	guint rows = search->what == FIND_TEXT ? TEXT_ROWS : PROBLEM_ROWS;

	*trouble = NULL;
	while (!find_run(search->find, rows, hit)) {
		if (!find_waits(search->find) && g_get_monotonic_time() < end_us)
			continue;

		guint progress = find_progress(search->find);

		g_free(search->text);
		search->text =
		    search->what == FIND_TEXT
			? g_strdup_printf(_("Searching for \"%s\": %u%% (Esc stops it)"),
					  search->wanted, progress)
			: g_strdup_printf(_("Searching for a problem: %u%% (Esc stops it)"),
					  progress);
		return FALSE;
	}
	if (hit->row == EVENT_NONE && search->unread > 0)
		*trouble = g_strdup_printf(
		    ngettext("The payload of %u packet was not searched. %s",
			     "The payload of %u packets was not searched. %s", search->unread),
		    search->unread, search->why);
	search_stop(search);
	return TRUE;
}

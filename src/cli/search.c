#include "search.h"

#include "pktladder/i18n.h"
#include "slice.h"

/* Rows between two looks at the clock: of text, whose payload may have to be
 * read from a disk, and of problems, which the events tell. */
#define TEXT_ROWS    32
#define PROBLEM_ROWS 4096

struct _Search {
	Find *find;
	Session *session;
	FindWhat what;
	char *text;
	guint unread; /* packets whose bytes could not be had, */
	char *why;    /* and why the last one's could not */
};

/* The packet's bytes again, from where they are kept. */
static gboolean
packet_fetch(const Event *event, Packet *packet, gpointer data)
{
	Search *search = data;
	g_autoptr(GError) error = NULL;

	if (!search->session->store)
		return FALSE;
	if (store_fetch(search->session->store, event_offset(event), packet, &error))
		return TRUE;
	search->unread++;
	g_free(search->why);
	search->why = g_strdup(error->message);
	return FALSE;
}

Search *
search_new(const Ladder *ladder, Session *session, const TuiSearch *wanted, guint32 row)
{
	Search *search = g_new0(Search, 1);

	search->session = session;
	search->what = wanted->what;
	search->text = g_strdup(wanted->text);
	search->find = find_new(ladder, wanted->what, wanted->text, row, wanted->backward,
				packet_fetch, search);
	return search;
}

void
search_free(Search *search)
{
	if (!search)
		return;
	find_free(search->find);
	g_free(search->text);
	g_free(search->why);
	g_free(search);
}

gboolean
search_slice(Search *search, FindHit *hit)
{
	gint64 end_us = g_get_monotonic_time() + SLICE_US;
	guint rows = search->what == FIND_TEXT ? TEXT_ROWS : PROBLEM_ROWS;

	do {
		if (find_run(search->find, rows, hit))
			return TRUE;
	} while (!find_waits(search->find) && g_get_monotonic_time() < end_us);
	return FALSE;
}

char *
search_text(const Search *search)
{
	guint progress = find_progress(search->find);

	if (search->what == FIND_TEXT)
		return g_strdup_printf(_("Searching for \"%s\": %u%% (Esc stops it)"), search->text,
				       progress);
	return g_strdup_printf(_("Searching for a problem: %u%% (Esc stops it)"), progress);
}

char *
search_trouble(const Search *search)
{
	if (search->unread == 0)
		return NULL;
	return g_strdup_printf(ngettext("The payload of %u packet was not searched. %s",
					"The payload of %u packets was not searched. %s",
					search->unread),
			       search->unread, search->why);
}

void
searching_stop(Searching *searching)
{
	g_clear_pointer(&searching->search, search_free);
	g_clear_pointer(&searching->text, g_free);
	searching->waits = FALSE;
}

void
searching_start(Searching *searching, const Ladder *ladder, Session *session, const TuiState *state)
{
	searching_stop(searching);
	searching->search = search_new(ladder, session, &state->search, state->selected);
}

void
searching_wait(Searching *searching)
{
	searching_stop(searching);
	searching->waits = TRUE;
}

gboolean
searching_slice(Searching *searching, FindHit *hit, char **trouble)
{
	*trouble = NULL;
	g_clear_pointer(&searching->text, g_free);
	if (!search_slice(searching->search, hit)) {
		searching->text = search_text(searching->search);
		return FALSE;
	}
	if (hit->row == EVENT_NONE)
		*trouble = search_trouble(searching->search);
	searching_stop(searching);
	return TRUE;
}

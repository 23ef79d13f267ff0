/* SPDX-License-Identifier: MIT */
#include "display.h"

#include "pktladder/trace.h"

/* Rows between two looks at the clock: of text, whose payload may have to be
 * read from a disk, and of problems, which the events tell. */
#define TEXT_ROWS    32
#define PROBLEM_ROWS 4096

/* The packet's bytes again, from where they are kept. */
static gboolean
packet_fetch(const Event *event, Packet *packet, gpointer data)
{
	Display *display = data;
	Search *search = &display->search;
	PacketStore *store = display->session->store;
	g_autoptr(GError) error = NULL;

	if (!store)
		return FALSE;
	if (store_fetch(store, event_offset(event), packet, &error))
		return TRUE;
	search->unread++;
	g_free(search->why);
	search->why = g_strdup(error->message);
	return FALSE;
}

void
search_clear(Display *display)
{
	g_clear_pointer(&display->search.find, find_free);
	g_free(display->search.why);
	display->search = (Search){ 0 };
}

void
search_start(Display *display)
{
	const TuiState *state = &display->state;
	Search *search = &display->search;

	search_clear(display);
	search->waits = display->builder.next != NULL;
	if (!search->waits)
		search->find =
		    find_new(display->builder.ladder, state->search.what, state->search.text,
			     state->selected, state->search.backward, packet_fetch, display);
}

/* ---- the job ---- */

static JobState
search_state(gconstpointer data, guint32 end G_GNUC_UNUSED)
{
	const Search *search = &((const Display *)data)->search;

	return search->find || search->waits ? JOB_GOES_ON : JOB_DONE;
}

static void
search_slice(gpointer data, gint64 until_us)
{
	Display *display = data;
	Search *search = &display->search;
	guint rows = display->state.search.what == FIND_TEXT ? TEXT_ROWS : PROBLEM_ROWS;
	FindHit hit;

	if (search->waits)
		search_start(display);
	if (!search->find)
		return;
	while (!find_run(search->find, rows, &hit)) {
		if (find_waits(search->find) || g_get_monotonic_time() >= until_us)
			return;
	}
	if (hit.row == EVENT_NONE && search->unread > 0) {
		g_autofree char *unread = g_strdup_printf(
		    ngettext("The payload of %u packet was not searched. %s",
			     "The payload of %u packets was not searched. %s", search->unread),
		    search->unread, search->why);

		display_notice(display, unread);
	}
	search_clear(display);
	search->hit = hit;
	search->found = TRUE;
}

static char *
search_progress(gconstpointer data, int *percent)
{
	const Display *display = data;
	const TuiSearch *wanted = &display->state.search;

	if (!display->search.find)
		return NULL;
	*percent = find_progress(display->search.find);
	return wanted->what == FIND_TEXT ? g_strdup_printf(_("Searching for \"%s\""), wanted->text)
					 : g_strdup(_("Searching for a problem"));
}

/* The same Esc also gives up the ladder that a search waits for. */
static gboolean
search_stop(gpointer data)
{
	gboolean runs = ((Display *)data)->search.find != NULL;

	search_clear(data);
	return runs;
}

const JobKind search_job = { .state = search_state,
			     .slice = search_slice,
			     .progress = search_progress,
			     .stop = search_stop };

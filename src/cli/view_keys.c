/* SPDX-License-Identifier: MIT */
/* Theory of operation. Keys are handled in their order, and each finds the view as
 * it would have been painted: what goes on in slices is brought up to date before
 * it. A key that needs more than that (tui_key_needs()) waits until it is there,
 * with the ones behind it; so a word of keys means the same however fast it is
 * typed. Esc alone overtakes them, where what it ends was told of on the screen
 * before it was pressed. What is behind a key stays in the terminal as long as
 * that key does not wait: it may be for the shell.
 */
#include "slice.h"
#include "view_private.h"

/* One that was read, and is not handled yet. */
typedef struct {
	TuiInput input;
	guint32 events; /* length of the trace when it was read */
	guint told;     /* TuiWork that the screen told of then */
	gboolean ahead; /* it was typed before anything was painted */
} Typed;

#define CONTROL_Z ('Z' - '@')

/* ---- what they do ---- */

static void
action_do(View *view, TuiAction action)
{
	switch (action) {
	case TUI_QUIT:
		view_quit(view);
		break;
	case TUI_RELEASE:
		session_release(view->session);
		break;
	case TUI_RELEASE_ALL:
		session_release_all(view->session);
		view->running_on = TRUE;
		break;
	case TUI_READING_STOP:
		session_stop_reading(view->session);
		break;
	case TUI_SUSPEND:
		screen_stop(view->screen.terminal);
		view_film_forget(view);
		break;
	case TUI_REDRAW:
		screen_redraw(view->screen.terminal);
		break;
	case TUI_SELECTION:
		view_select(view);
		break;
	case TUI_SEARCH:
		view_search(view);
		break;
	case TUI_SEARCH_STOP:
		view_stop_work(view);
		break;
	case TUI_SAVE:
		writing_save(view);
		break;
	case TUI_FIGURE:
		writing_figure(view);
		break;
	case TUI_PICTURE:
		writing_picture(view);
		break;
	case TUI_NOTHING:
		break;
	}
}

static void
key_handle(View *view, const Typed *typed)
{
	TuiModel model = view_model(view);
	gboolean was_paused = view->state.paused;

	action_do(view, tui_update(&view->state, &model, &typed->input));
	if (view->state.paused && !was_paused)
		view->paused_at = trace_length(view->session->trace);
	view->dirty = TRUE;
}

/* ---- whose turn it is ---- */

/* The work that it waits for. */
static guint
key_waits(View *view, const Typed *typed)
{
	TuiModel model = view_model(view);
	guint needs = tui_key_needs(&view->state, &model, &typed->input);

	if (typed->ahead)
		needs |= TUI_WORK_READING;
	/* Who was told of it does not mean what is there once it has ended. */
	needs &=
	    ~(typed->input.key == TUI_KEY_ESCAPE ? typed->told : typed->told & TUI_WORK_WRITING);
	return needs & view_work_left(view, typed->events);
}

/* Esc ends what the others wait for, where somebody was told of it. FALSE: it waits, too. */
static gboolean
escape_overtakes(View *view, const Typed *typed)
{
	guint seen = typed->told & view->keys.waits;

	if (seen & TUI_WORK_LADDER && !view->builder.next) /* the last of its rows */
		seen &= ~TUI_WORK_LADDER;
	if (seen & TUI_WORK_READING)
		action_do(view, TUI_READING_STOP);
	else if (seen & (TUI_WORK_ROWS | TUI_WORK_WRITING))
		action_do(view, TUI_SEARCH_STOP);
	else if (seen & TUI_WORK_PLOT)
		key_handle(view, typed); /* closes it */
	else
		return FALSE;
	view->dirty = TRUE;
	return TRUE;
}

static Typed *
key_read(View *view)
{
	Typed typed = { .events = trace_length(view->session->trace),
			.told = view->screen.told,
			.ahead = view->keys.ahead };

	if (screen_read(view->screen.terminal, &typed.input))
		return g_memdup2(&typed, sizeof typed);
	view->keys.ahead = FALSE;
	return NULL;
}

/* While the first one waits: TRUE where one has overtaken it. What is typed after
 * Ctrl-Z is for the shell. */
static gboolean
keys_read_ahead(View *view)
{
	const Typed *last;

	while ((last = g_queue_peek_tail(view->keys.typed))) {
		Typed *typed;

		if (last->input.key == TUI_KEY_CHARACTER && last->input.character == CONTROL_Z)
			return FALSE;
		typed = key_read(view);
		if (!typed)
			return FALSE;
		if (typed->input.key == TUI_KEY_RESIZE)
			key_handle(view, typed);
		if (typed->input.key == TUI_KEY_RESIZE ||
		    (typed->input.key == TUI_KEY_ESCAPE && escape_overtakes(view, typed))) {
			g_free(typed);
			return TRUE;
		}
		g_queue_push_tail(view->keys.typed, typed);
		view->dirty = TRUE; /* how many wait is to be seen */
	}
	return FALSE;
}

void
view_keys_take(View *view)
{
	gint64 end_us = g_get_monotonic_time() + SLICE_US;
	const Typed *first;

	view->keys.more = TRUE;
	while (!view->loop.quitting && g_get_monotonic_time() < end_us) {
		if (g_queue_is_empty(view->keys.typed)) {
			Typed *typed = key_read(view);

			if (typed)
				g_queue_push_tail(view->keys.typed, typed);
		}
		first = g_queue_peek_head(view->keys.typed);
		view->keys.more = first != NULL;
		if (!first)
			break;
		view_film_run(view); /* until now as it was */
		if (view->dirty || view->keys.waits != 0)
			view_settle(view);
		view->keys.waits = key_waits(view, first);
		if (view->keys.waits == TUI_WORK_PAINTING) {
			view->keys.waits = 0;
			view_paint(view);
		}
		if (view->keys.waits == 0) {
			g_autofree Typed *typed = g_queue_pop_head(view->keys.typed);

			key_handle(view, typed);
		} else if (!keys_read_ahead(view)) {
			view->keys.more = FALSE;
			break;
		}
	}
}

gboolean
view_keys_are_due(const View *view)
{
	/* What others do, tells when it has ended. */
	guint others = TUI_WORK_WRITING | TUI_WORK_READING;

	return view->keys.more ||
	       (!g_queue_is_empty(view->keys.typed) && (view->keys.waits & ~others));
}

/* SPDX-License-Identifier: MIT */
/* Theory of operation. Keys are handled in their order, and each finds the view as it would have
 * been painted: what goes on in slices is brought up to date before it. A key that needs more than
 * that (tui_key_needs()) waits until it is there, with the ones behind it; so a word of keys means
 * the same however fast it is typed. Esc alone overtakes them, where what it ends was told of on
 * the screen before it was pressed. What is behind a key stays in the terminal as long as that key
 * does not wait: it may be for the shell. */
#include "display.h"

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
action_do(Display *display, TuiAction action)
{
	Session *session = display->session;

	switch (action) {
	case TUI_QUIT:
		display->quitting = TRUE;
		break;
	case TUI_RELEASE:
		session_release(session);
		break;
	case TUI_RELEASE_ALL:
		session_release_all(session);
		display->running_on = TRUE;
		break;
	case TUI_READING_STOP:
		session_stop_reading(session);
		break;
	case TUI_SUSPEND:
		screen_stop(display->terminal);
		display_play_forget(display);
		break;
	case TUI_REDRAW:
		screen_redraw(display->terminal);
		break;
	case TUI_SELECTION:
		display_select(display);
		break;
	case TUI_SEARCH:
		search_start(display);
		display_run(display, DISPLAY_SEARCH, SLICE_US);
		break;
	case TUI_SEARCH_STOP:
		display_stop(display, TUI_WORK_ROWS | TUI_WORK_WRITING);
		break;
	case TUI_SAVE:
		writing_save(display);
		break;
	case TUI_FIGURE:
		writing_figure(display);
		break;
	case TUI_PICTURE:
		writing_picture(display);
		break;
	case TUI_NOTHING:
		break;
	}
}

static void
key_handle(Display *display, const Typed *typed)
{
	TuiModel model = display_model(display);
	gboolean was_paused = display->state.paused;

	action_do(display, tui_update(&display->state, &model, &typed->input));
	if (display->state.paused && !was_paused)
		display->paused_at = trace_length(display->session->trace);
	display->dirty = TRUE;
}

/* ---- whose turn it is ---- */

/* The work that a key waits for. */
static guint
key_waits(Display *display, const Typed *typed)
{
	TuiModel model = display_model(display);
	guint needs = tui_key_needs(&display->state, &model, &typed->input);

	if (typed->ahead)
		needs |= TUI_WORK_READING;
	/* Who was told of the work does not mean what is there once it has ended. */
	needs &=
	    ~(typed->input.key == TUI_KEY_ESCAPE ? typed->told : typed->told & TUI_WORK_WRITING);
	return needs & display_work_left(display, typed->events);
}

/* Esc ends what the others wait for, where somebody was told of it. FALSE: it waits, too. */
static gboolean
escape_overtakes(Display *display, const Typed *typed)
{
	guint seen = typed->told & display->keys.waits;

	if (seen & TUI_WORK_READING) {
		action_do(display, TUI_READING_STOP);
	} else if (!display_stop(display, seen)) {
		if (!(seen & TUI_WORK_PLOT))
			return FALSE;
		key_handle(display, typed); /* closes the plots */
	}
	display->dirty = TRUE;
	return TRUE;
}

static Typed *
key_read(Display *display)
{
	Typed typed = { .events = trace_length(display->session->trace),
			.told = display->told,
			.ahead = display->keys.ahead };

	if (screen_read(display->terminal, &typed.input))
		return g_memdup2(&typed, sizeof typed);
	display->keys.ahead = FALSE;
	return NULL;
}

/* While the first one waits: TRUE where one has overtaken it. What is typed after
 * Ctrl-Z is for the shell. */
static gboolean
keys_read_ahead(Display *display)
{
	GQueue *keys = display->keys.typed;
	const Typed *last;

	while ((last = g_queue_peek_tail(keys))) {
		Typed *typed;

		if (last->input.key == TUI_KEY_CHARACTER && last->input.character == CONTROL_Z)
			return FALSE;
		typed = key_read(display);
		if (!typed)
			return FALSE;
		if (typed->input.key == TUI_KEY_RESIZE)
			key_handle(display, typed);
		if (typed->input.key == TUI_KEY_RESIZE ||
		    (typed->input.key == TUI_KEY_ESCAPE && escape_overtakes(display, typed))) {
			g_free(typed);
			return TRUE;
		}
		g_queue_push_tail(keys, typed);
		display->dirty = TRUE; /* how many wait is to be seen */
	}
	return FALSE;
}

void
keys_take(Display *display)
{
	gint64 end_us = g_get_monotonic_time() + SLICE_US;
	Keys *keys = &display->keys;
	const Typed *first;

	keys->more = TRUE;
	while (!display->quitting && g_get_monotonic_time() < end_us) {
		if (g_queue_is_empty(keys->typed)) {
			Typed *typed = key_read(display);

			if (typed)
				g_queue_push_tail(keys->typed, typed);
		}
		first = g_queue_peek_head(keys->typed);
		keys->more = first != NULL;
		if (!first)
			break;
		display_play(display); /* until now with what the keys before have made of it */
		if (display->dirty || keys->waits != 0)
			display_settle(display);
		keys->waits = key_waits(display, first);
		if (keys->waits == TUI_WORK_PAINTING) {
			keys->waits = 0;
			display_paint(display);
		}
		if (keys->waits == 0) {
			g_autofree Typed *typed = g_queue_pop_head(keys->typed);

			key_handle(display, typed);
		} else if (!keys_read_ahead(display)) {
			keys->more = FALSE;
			break;
		}
	}
}

gboolean
keys_are_due(const Display *display)
{
	const Keys *keys = &display->keys;
	/* What others do, tells when it has ended. */
	guint others = TUI_WORK_WRITING | TUI_WORK_READING;

	return keys->more || (!g_queue_is_empty(keys->typed) && (keys->waits & ~others));
}

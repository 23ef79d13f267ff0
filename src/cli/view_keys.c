#include "view_private.h"

static void
calls_run_on(View *view)
{
	session_release_all(view->session);
	view->running_on = TRUE;
}

static void
view_suspend(View *view)
{
	screen_stop(view->screen.terminal);
	player_forget(&view->player);
}

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
		calls_run_on(view);
		break;
	case TUI_READING_STOP:
		session_stop_reading(view->session);
		break;
	case TUI_SUSPEND:
		view_suspend(view);
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
		writing_save(&view->writing);
		break;
	case TUI_FIGURE:
		writing_figure(&view->writing);
		break;
	case TUI_PICTURE:
		writing_picture(&view->writing, view->screen.shown);
		break;
	case TUI_NOTHING:
		break;
	}
}

void
view_keys_take(View *view)
{
	TuiInput input;

	while (!view->loop.quitting && screen_read(view->screen.terminal, &input)) {
		g_autofree char *held = NULL;
		TuiModel model = view_model(view, &held);
		gboolean was_paused = view->state.paused;

		view_film_run(view); /* until now as it was */
		action_do(view, tui_update(&view->state, &model, &input));
		if (view->state.paused && !was_paused)
			view->paused_at = trace_length(view->session->trace);
		view->dirty = TRUE;
	}
}

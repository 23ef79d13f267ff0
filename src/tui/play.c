/* SPDX-License-Identifier: MIT */
/* play.c - playback of the ladder: its keys and its line.
 *
 * Theory of operation. play.h knows which rows are there already; the view treats them
 * as the whole ladder, and follows its newest row as it follows what is live. A
 * live ladder's playback that has shown everything is over: the view is live again.
 * While a file is still being read, it waits for more.
 */
#include "tui_private.h"

#include "pktladder/timestamp.h"

#define NS_PER_SECOND G_GINT64_CONSTANT(1000000000)

static gboolean
is_going(const TuiState *state)
{
	return state->play.state == PLAY_RUNNING || state->play.state == PLAY_PAUSED;
}

/* More may come, so that having shown all is not the end. */
static gboolean
more_comes(const TuiModel *model)
{
	return model->live && model->replay;
}

void
tui_play_settle(TuiState *state, const TuiModel *model)
{
	play_settle(&state->play, model->ladder);
	if (state->play.state != PLAY_ENDED || !model->live || model->replay)
		return;
	play_stop(&state->play);
	state->follow = TRUE;
	tui_tell(state, state->paused ? _("Playback has shown all that came before the pause.")
				      : _("Playback has caught up: this is live again."));
}

gboolean
tui_play(TuiState *state, const TuiModel *model, gint64 elapsed_ns)
{
	return play_advance(&state->play, model->ladder, elapsed_ns, more_comes(model));
}

gboolean
tui_play_go(TuiState *state, const TuiModel *model, guint32 shown, gint64 time_ns)
{
	if (!is_going(state))
		return FALSE;
	if (shown != EVENT_NONE)
		play_go(&state->play, model->ladder, shown, more_comes(model));
	else
		play_go_time(&state->play, model->ladder, time_ns, more_comes(model));
	state->follow = TRUE;
	return TRUE;
}

/* The wait for the next row, where it is worth telling; else 0. A wait is told in units of seconds,
 * minutes or hours; seconds are counted down to 1. */
static gint64
wait_told(const TuiState *state, const TuiModel *model, gint64 *unit, gint64 *rounding)
{
	gint64 wait_ns = is_going(state) ? play_row_ns(&state->play, model->ladder) : -1;

	*unit = wait_ns <= 120 * NS_PER_SECOND        ? NS_PER_SECOND
		: wait_ns <= 120 * 60 * NS_PER_SECOND ? 60 * NS_PER_SECOND
						      : 3600 * NS_PER_SECOND;
	*rounding = *unit == NS_PER_SECOND ? *unit - 1 : *unit / 2;
	return wait_ns >= NS_PER_SECOND && !state->play.even ? wait_ns : 0;
}

gint64
tui_play_next_ns(const TuiState *state, const TuiModel *model)
{
	gint64 next =
	    play_next_ns(&state->play, model->ladder, tui_play_columns(state), more_comes(model));
	gint64 unit, rounding, wait_ns = wait_told(state, model, &unit, &rounding);
	gint64 line_ns = spacing_passes_in(state->ns_per_line, model->ladder, &state->play);

	if (state->play.state == PLAY_RUNNING && line_ns >= 0 && !state->play.even)
		next = MIN(next, timestamp_from_double((double)line_ns / state->play.speed + 1));
	if (state->play.state == PLAY_RUNNING && wait_ns > 0)
		next = MIN(next, (wait_ns + rounding) % unit + 1);
	return next;
}

/* From the selected row on; where that is the last one, from the first. */
TUI_COMMAND(tui_play_toggle, unused)
{
	guint32 length = ladder_length(model->ladder);
	guint32 row = state->selected + 1 < length ? state->selected : 0;

	if (tui_play_is_on(state)) {
		play_stop(&state->play);
		state->follow = state->follow && model->live;
	} else if (length == 0 && !model->live) {
		tui_tell(state, _("There are no rows to play."));
	} else {
		play_start(&state->play, model->ladder, state->selected == EVENT_NONE ? 0 : row);
		state->follow = TRUE;
		state->detail_focus = FALSE;
	}
}

/* Without playback these keys would seem dead. */
static gboolean
playback_is_off(TuiState *state)
{
	if (tui_play_is_on(state))
		return FALSE;
	tui_tell(state, _("Nothing is being played: P plays the rows back."));
	return TRUE;
}

TUI_COMMAND(tui_play_pause, unused)
{
	if (state->play.state == PLAY_ENDED)
		state->follow = TRUE;
	play_toggle(&state->play, model->ladder);
}

/* On: playback goes on from there. Back: it pauses, or the row would come again at once. */
TUI_COMMAND(tui_play_step, by)
{
	guint32 shown = tui_length(state, model);

	if (playback_is_off(state))
		return;
	if (by > 0 && !is_going(state))
		return; /* all is there */
	play_go(&state->play, model->ladder, by > 0 ? shown + 1 : shown - MIN(shown, 1),
		more_comes(model));
	if (by < 0 && is_going(state))
		state->play.state = PLAY_PAUSED;
	state->follow = TRUE;
}

TUI_COMMAND(tui_play_pace, by)
{
	if (!playback_is_off(state))
		play_pace_step(&state->play, by);
}

TUI_COMMAND(tui_play_even, unused)
{
	if (!playback_is_off(state)) {
		state->play.even = !state->play.even;
		state->play.waited_ns = 0;
	}
}

static void
part_go(TuiState *state, const TuiModel *model, double part)
{
	play_go_part(&state->play, model->ladder, part, more_comes(model));
	state->follow = TRUE;
}

TUI_COMMAND(tui_play_part, tenths)
{
	if (!playback_is_off(state))
		part_go(state, model, tenths / 10.0);
}

/* The bar is filled up to there afterwards. */
void
tui_play_click(TuiState *state, const TuiModel *model, const TuiLayout *layout, guint x)
{
	if (x < layout->play_cells)
		part_go(state, model, (double)(x + 1) / layout->play_cells);
}

/* Most important first: what is too long for the line is cut at its end. */
static char *
line_text(const TuiState *state, const TuiModel *model)
{
	static const char *const states[] = { [PLAY_OFF] = "",
					      [PLAY_RUNNING] = N_("PLAYING"),
					      [PLAY_PAUSED] = N_("PAUSED"),
					      [PLAY_ENDED] = N_("END") };
	PlayPlace place = play_place(&state->play, model->ladder);
	double position = place.passed_ns / 1e9, total = place.whole_ns / 1e9;
	int decimals = total >= 1000 ? 1 : total >= 1 ? 3 : 6; /* as the whole needs */
	g_autofree char *pace = play_pace_text(&state->play);
	gint64 unit, rounding, wait_ns = wait_told(state, model, &unit, &rounding);
	guint64 wait = (wait_ns + rounding) / unit;
	GString *text = g_string_new(NULL);

	/* "0.507/1.213 s" */
	g_string_append_printf(text, " %s %s  %.*f/%.*f s", _(states[state->play.state]), pace,
			       decimals, position, decimals, total);
	if (state->play.state == PLAY_ENDED) {
		g_string_append_printf(text, "  %s", _("Space: again, P: close"));
	} else if (wait_ns > 0) {
		g_string_append(text, "  ");
		g_string_append_printf(text,
				       unit == NS_PER_SECOND        ? _("next row in %u s")
				       : unit == 60 * NS_PER_SECOND ? _("next row in %u min")
								    : _("next row in %u h"),
				       (guint)MIN(wait, G_MAXUINT));
	} else if (state->play.state == PLAY_RUNNING && more_comes(model) &&
		   state->play.shown >= ladder_length(model->ladder)) {
		g_string_append_printf(text, "  %s", _("waiting for more"));
	}
	return g_string_free(text, FALSE);
}

void
tui_play_paint(const TuiState *state, const TuiModel *model, const TuiLayout *layout, Grid *grid)
{
	const TuiRect *rect = &layout->play;
	g_autofree char *text = line_text(state, model);

	for (guint x = 0; x < layout->play_cells; x++) {
		gboolean passed = x < layout->play_passed;

		grid_put(grid, rect->y, rect->x + x, 1, tui_bar_cell(state, passed),
			 passed ? ROLE_KEY : ROLE_LIFELINE);
	}
	tui_put_fit(state, grid, rect->y, rect->x + layout->play_cells,
		    rect->columns - layout->play_cells, text, ROLE_HEAD);
}

/* SPDX-License-Identifier: MIT */
/* tui_goto.c - going to a place: a frame, a time, a step of time from here. */
#include "tui_ask.h"

#include <string.h>

#include "pktladder/i18n.h"
#include "pktladder/text.h"
#include "pktladder/timestamp.h"
#include "pktladder/sorted.h"
#include "pktladder/trace.h"
#include "tui_prompt.h"

#define NS_PER_S 1e9

typedef enum { PLACE_FRAME, PLACE_TIME, PLACE_STEP } PlaceKind;

typedef struct {
	PlaceKind kind;
	guint32 frame;
	gint64 ns; /* since the start; or from the selected row */
} Place;

/* "123", "1.5" or "2s", "+0.2" or "-0.2". */
static gboolean
place_parse(const char *text, Place *place)
{
	g_autofree char *stripped = g_strstrip(g_strdup(text));
	gboolean sign = *stripped == '+' || *stripped == '-';
	const char *number = stripped + (sign ? 1 : 0);
	guint64 frame;
	guint decimals;

	if (!sign && g_ascii_string_to_unsigned(number, 10, 1, G_MAXUINT32, &frame, NULL)) {
		*place = (Place){ PLACE_FRAME, .frame = frame };
		return TRUE;
	}
	if (!sign && !strpbrk(number, ".sS"))
		return FALSE;
	place->kind = sign ? PLACE_STEP : PLACE_TIME;
	if (!text_to_ns(number, strlen(number), &place->ns, &decimals))
		return FALSE;
	if (*stripped == '-')
		place->ns = -place->ns;
	return TRUE;
}

void
tui_row_go(TuiState *state, const TuiModel *model, guint32 row)
{
	guint height = MAX(tui_layout(state, model).ladder.rows, 1);
	Spacing spacing = tui_spacing(state);

	state->detail_focus = FALSE;
	if (row >= tui_length(state, model) && tui_play_go(state, model, row + 1))
		return;
	state->follow = FALSE;
	state->selected = row;
	if (row < state->top ||
	    row - state->top >= spacing_rows(&spacing, model->ladder, state->top, height, row + 1))
		state->top = spacing_top(&spacing, model->ladder, row, height / 2 + 1);
}

double
tui_capture_seconds(const Trace *trace)
{
	guint32 length = trace_length(trace);

	return length == 0 ? 0
			   : timestamp_between(trace_start(trace),
					       trace_event(trace, length - 1)->time_ns) /
				 NS_PER_S;
}

void
tui_goto_settle(TuiState *state, const TuiModel *model)
{
	guint32 event = state->destination;

	if (event == EVENT_NONE ||
	    (ladder_taken(model->ladder) <= event && !ladder_is_whole(model->ladder)))
		return;
	state->destination = EVENT_NONE;
	if (!tui_play_go(state, model, tui_row_near(model->ladder, event) + 1))
		tui_row_go(state, model, tui_row_near(model->ladder, event));
	if (state->destination_frame > 0 && ladder_row_of(model->ladder, event) == EVENT_NONE)
		tui_tell(state, g_strdup_printf(_("Frame %u is not in view: it would be here."),
						state->destination_frame));
}

static void
go_event(TuiState *state, const TuiModel *model, guint32 event, guint32 frame)
{
	state->destination = event;
	state->destination_frame = frame;
	tui_goto_settle(state, model);
}

/* The first event that is not before the time; the last one where there is none.
 * Where the capture's clock went backwards, one of the events that it may be. */
static void
go_time(TuiState *state, const TuiModel *model, const Place *place)
{
	const Trace *trace = ladder_trace(model->ladder);
	guint32 low = 0, high = trace_length(trace);
	guint32 selected = state->selected == EVENT_NONE
			       ? 0
			       : MIN(state->selected, ladder_length(model->ladder) - 1);
	gint64 start = trace_start(trace);
	gint64 from =
	    place->kind == PLACE_STEP ? ladder_row(model->ladder, selected).time_ns : start;
	gint64 wanted = timestamp_plus(from, place->ns), since = timestamp_between(start, wanted);

	if (since < 0 || since > tui_capture_seconds(trace) * NS_PER_S + 1) {
		tui_tell(state,
			 g_strdup_printf(_("%.6f s is outside: the capture goes from 0 to %.6f s."),
					 since / NS_PER_S, tui_capture_seconds(trace)));
	} else if (!tui_play_go_time(state, model, wanted)) {
		SORTED_SEARCH(low, high, trace_event(trace, middle)->time_ns < wanted);
		go_event(state, model, MIN(low, trace_length(trace) - 1), 0);
	}
}

gboolean
tui_is_place(const char *text)
{
	Place place;

	return place_parse(text, &place);
}

TuiAction
tui_goto_apply(TuiState *state, const TuiModel *model)
{
	TuiPrompt *prompt = state->prompt[TUI_ASK_GOTO];
	const Trace *trace = ladder_trace(model->ladder);
	const char *text = tui_prompt_text(prompt);
	guint32 event;
	Place place;

	if (*text && !place_parse(text, &place)) {
		state->refused = TRUE;
		return TUI_NOTHING;
	}
	tui_prompt_accept(prompt);
	if (!*text)
		return TUI_NOTHING;
	if (ladder_length(model->ladder) == 0)
		tui_tell(state, g_strdup(_("There are no rows to go to.")));
	else if (place.kind != PLACE_FRAME)
		go_time(state, model, &place);
	else if ((event = trace_event_of_frame(trace, place.frame)) != EVENT_NONE)
		go_event(state, model, event, place.frame);
	else
		tui_tell(state, g_strdup_printf(_("There is no frame %u: they go from 1 to %u."),
						place.frame, trace_n_packets(trace)));
	return TUI_NOTHING;
}

/* SPDX-License-Identifier: MIT */
#include "display.h"

#include "pktladder/trace.h"

/* Events between two looks at the clock. */
#define BUILD_EVENTS 1024

static Ladder *
ladder_begin(const Builder *builder, Selection selection)
{
	Ladder *ladder = ladder_new(builder->trace, selection);

	ladder_set_labels(ladder, &builder->labels);
	return ladder;
}

void
builder_init(Builder *builder, const Trace *trace, TuiState *state, Selection selection,
	     const LadderLabels *labels)
{
	*builder = (Builder){ .trace = trace, .state = state, .labels = *labels };
	builder->ladder = ladder_begin(builder, selection);
}

void
builder_clear(Builder *builder)
{
	g_clear_pointer(&builder->ladder, ladder_free);
	g_clear_pointer(&builder->next, ladder_free);
}

void
builder_select(Builder *builder, gboolean whole)
{
	ladder_free(builder->next);
	builder->next = ladder_begin(builder, builder->state->selection);
	builder->goal = trace_length(builder->trace);
	ladder_keep_folds(builder->next, builder->ladder);
	ladder_update_slice(builder->next, 0);
	if (whole)
		ladder_update(builder->next);
}

char *
builder_text(const Builder *builder)
{
	if (ladder_is_whole(builder->ladder))
		return NULL;
	return g_strdup_printf(_("Laying out the rows: %u%%"), ladder_progress(builder->ladder));
}

/* ---- the job ---- */

static JobState
builder_state(gconstpointer data, guint32 end)
{
	const Builder *builder = data;
	gboolean whole = ladder_is_whole(builder->ladder);

	if (builder->next || (end == JOB_ALL_EVENTS && !whole))
		return JOB_GOES_ON;
	if (end == JOB_ALL_EVENTS || (whole && builder->state->paused))
		return JOB_DONE;
	return builder->ladder->taken < MAX(end, builder->goal) ? JOB_GOES_ON : JOB_DONE;
}

static void
builder_slice(gpointer data, gint64 until_us)
{
	Builder *builder = data;
	Ladder *ladder = builder->next ? builder->next : builder->ladder;

	if (builder->state->paused && !builder->next && ladder_is_whole(ladder))
		return;
	while (ladder_update_slice(ladder, BUILD_EVENTS) && g_get_monotonic_time() < until_us)
		;
	if (builder->next && tui_ladder_is_ready(builder->state, builder->next)) {
		/* tui_settle() finds the selected event again in the new ladder. */
		ladder_free(builder->ladder);
		builder->ladder = g_steal_pointer(&builder->next);
	}
}

static char *
builder_progress(gconstpointer data, int *percent)
{
	const Builder *builder = data;

	if (!builder->next)
		return NULL;
	*percent = ladder_progress(builder->next);
	return g_strdup(_("Laying out the rows"));
}

static gboolean
builder_stop(gpointer data)
{
	Builder *builder = data;

	if (!builder->next)
		return FALSE;
	g_clear_pointer(&builder->next, ladder_free);
	tui_selection_abandon(builder->state, &(TuiModel){ .ladder = builder->ladder });
	return TRUE;
}

const JobKind builder_job = { .state = builder_state,
			      .slice = builder_slice,
			      .progress = builder_progress,
			      .stop = builder_stop };

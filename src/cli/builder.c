/* SPDX-License-Identifier: MIT */
#include "builder.h"

#include "pktladder/i18n.h"
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
builder_init(Builder *builder, const Trace *trace, Selection selection, const LadderLabels *labels)
{
	*builder = (Builder){ .trace = trace, .labels = *labels };
	builder->ladder = ladder_begin(builder, selection);
}

void
builder_clear(Builder *builder)
{
	g_clear_pointer(&builder->ladder, ladder_free);
	builder_abandon(builder);
}

void
builder_select(Builder *builder, Selection selection, gboolean whole)
{
	ladder_free(builder->next);
	builder->next = ladder_begin(builder, selection);
	builder->goal = trace_length(builder->trace);
	ladder_keep_folds(builder->next, builder->ladder);
	ladder_update_slice(builder->next, 0);
	if (whole)
		ladder_update(builder->next);
}

void
builder_abandon(Builder *builder)
{
	g_clear_pointer(&builder->next, ladder_free);
	g_clear_pointer(&builder->text, g_free);
}

BuilderChange
builder_slice(Builder *builder, const TuiState *state, gint64 slice_us)
{
	Ladder *ladder = builder->next ? builder->next : builder->ladder;
	gint64 end_us = g_get_monotonic_time() + slice_us;
	BuilderChange change = builder->text ? BUILDER_FURTHER : BUILDER_SAME;

	if (state->paused && !builder->next && ladder_is_whole(ladder))
		return BUILDER_SAME;
	while (ladder_update_slice(ladder, BUILD_EVENTS) && g_get_monotonic_time() < end_us)
		;
	if (builder->next && tui_ladder_is_ready(state, builder->next)) {
		/* tui_settle() finds the selected event again in the new ladder. */
		ladder_free(builder->ladder);
		builder->ladder = g_steal_pointer(&builder->next);
		change = BUILDER_REPLACED;
	}
	g_clear_pointer(&builder->text, g_free);
	if (!ladder_is_whole(ladder))
		builder->text =
		    g_strdup_printf(builder->next ? _("Laying out the rows: %u%% (Esc: leave it)")
						  : _("Laying out the rows: %u%%"),
				    ladder_progress(ladder));
	return change;
}

gboolean
builder_owes(const Builder *builder, const TuiState *state, guint32 end)
{
	const Ladder *ladder = builder->ladder;

	if (builder->next)
		return TRUE;
	if (state->paused && ladder_is_whole(ladder))
		return FALSE;
	return ladder_taken(ladder) < MAX(end, builder->goal);
}

gboolean
builder_goes_on(const Builder *builder)
{
	return builder->next || !ladder_is_whole(builder->ladder);
}

/* SPDX-License-Identifier: MIT */
/* cells.c - beside the lifelines: calls and states. */
#include "pktladder/text.h"
#include "pktladder/trace.h"
#include "scene_build.h"

/* The longest level of the call that fits beside `state_width` columns; where none does,
 * NULL, or with `cut` the shortest one in what is left. */
static char *
fitting_call(const RowContext *context, Side side, guint room, guint state_width, gboolean cut)
{
	guint beside = state_width > 0 ? state_width + 1 : 0, width;
	g_autofree char *text = g_strdup("");

	for (guint level = 0; level < LADDER_CELL_LEVELS; level++) {
		char *next = ladder_cell_text(context->ladder, context->row, side, level);

		if (!next)
			break;
		g_free(text);
		text = scene_text(next, context->options->ascii);
		width = text_width(text);
		if (width == 0 || width + beside <= room)
			return g_steal_pointer(&text);
	}
	return cut ? text_fit(text, room - MIN(room, beside), context->options->ascii) : NULL;
}

gboolean
scene_call_failed(const Ladder *ladder, const LadderRow *row, Side side)
{
	const Trace *trace = ladder_trace(ladder);
	guint32 result = row->cell[side].result;
	const CallRecord *call;

	if (result == EVENT_NONE)
		return FALSE;
	call = trace_call(trace, trace_event(trace, result));
	return call->result < 0 || (call->name == CALL_EXIT && call->result != 0);
}

/* The state's name as ss prints it, where the RFC's is too long. */
static const char *
short_state_name(const Ladder *ladder, TcpState state)
{
	if (ladder_labels(ladder)->style == LABELS_STEVENS)
		return ladder_state_text(ladder, state, SIDE_CLIENT, TRUE);
	return state == TCP_STATE_ESTABLISHED    ? "ESTAB"
	       : state == TCP_STATE_SYN_RECEIVED ? "SYN-RECV"
						 : tcp_state_name(state);
}

/* A state is never left out: first the call gets shorter, then the state's
 * name, and at last the call is cut. */
void
scene_add_cell(const RowContext *context, Side side, guint x, guint room, gboolean state_left)
{
	TcpState state = context->options->no_states
			     ? TCP_STATE_UNKNOWN
			     : ladder_state(context->ladder, context->row, side);
	const char *name = ladder_state_text(context->ladder, state, side, FALSE);
	guint width = text_width(name), call_width, gap, state_x;
	char *call = width <= room ? fitting_call(context, side, room, width, FALSE) : NULL;
	gboolean failed = scene_call_failed(context->ladder, context->row, side);

	if (!call) {
		name = short_state_name(context->ladder, state);
		width = text_width(name);
		call = fitting_call(context, side, room, width, TRUE);
	}
	call_width = text_width(call);
	gap = !*call || !*name ? 0 : width + call_width + 2 <= room ? 2 : 1;
	state_x = state_left ? x : x + room - width;
	scene_add_text(context, state_left ? x + width + gap : state_x - gap - call_width, call,
		       failed ? ROLE_CALL_FAILED : ROLE_CALL);
	scene_add_text(context, state_x, scene_text(g_strdup(name), context->options->ascii),
		       ROLE_STATE);
}

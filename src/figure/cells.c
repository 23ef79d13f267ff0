/* cells.c - beside the lifelines: calls and states. */
#include "pktladder/text.h"
#include "scene_build.h"

#include <string.h>

/* The state's name as ss prints it, where the RFC's is too long. */
static const char *const short_state_names[N_TCP_STATES] = {
	[TCP_STATE_ESTABLISHED] = "ESTAB",
	[TCP_STATE_SYN_RECEIVED] = "SYN-RECV",
};

static const char *
short_state_name(const Ladder *ladder, TcpState state)
{
	if (ladder_labels(ladder)->style == LABELS_STEVENS)
		return ladder_state_text(ladder, state, SIDE_CLIENT, TRUE);
	return short_state_names[state] ? short_state_names[state] : tcp_state_name(state);
}

typedef struct {
	char *call;        /* "" none */
	const char *state; /* "" none */
	guint gap;         /* between them */
} CellText;

/* The longest level of the call that fits beside `state_width` columns; where none does,
 * NULL, or the shortest one in what is left, cut. */
static char *
fitting_call(const RowContext *context, Side side, guint room, guint state_width, gboolean cut)
{
	guint beside = state_width > 0 ? state_width + 1 : 0;
	g_autofree char *text = g_strdup("");

	for (guint level = 0; level < LADDER_CELL_LEVELS; level++) {
		char *next = ladder_cell_text(context->ladder, context->row, side, level);
		guint width;

		if (!next)
			break;
		g_free(text);
		text = scene_text(next, context->options->ascii);
		width = text_width(text);
		if (!cut && (width > 0 ? width + beside : 0) <= room)
			return g_steal_pointer(&text);
	}
	return cut ? text_fit(text, room - MIN(room, beside), context->options->ascii) : NULL;
}

/* A state is never left out: first the call gets shorter, then the state's
 * name, and at last the call is cut. */
static CellText
compose_cell(const RowContext *context, Side side, guint room)
{
	TcpState state = context->options->no_states
				 ? TCP_STATE_UNKNOWN
				 : ladder_state(context->ladder, context->row, side);
	CellText cell = { .state = ladder_state_text(context->ladder, state, side, FALSE) };
	guint state_width = text_width(cell.state);

	if (state_width <= room)
		cell.call = fitting_call(context, side, room, state_width, FALSE);
	if (!cell.call) {
		cell.state = short_state_name(context->ladder, state);
		state_width = text_width(cell.state);
		cell.call = fitting_call(context, side, room, state_width, FALSE);
	}
	if (!cell.call)
		cell.call = fitting_call(context, side, room, state_width, TRUE);
	if (*cell.call && *cell.state)
		cell.gap = state_width + text_width(cell.call) + 2 <= room ? 2 : 1;
	return cell;
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

void
scene_add_cell(const RowContext *context, Side side, guint x, guint room, gboolean state_left)
{
	CellText cell = compose_cell(context, side, room);
	guint state_width = text_width(cell.state), call_width = text_width(cell.call);
	guint state_x = state_left ? x : x + room - state_width;
	guint call_x = state_left ? x + state_width + cell.gap : state_x - cell.gap - call_width;
	gboolean failed = scene_call_failed(context->ladder, context->row, side);

	scene_add_text(context, call_x, cell.call, failed ? ROLE_CALL_FAILED : ROLE_CALL);
	scene_add_text(context, state_x, scene_text(g_strdup(cell.state), context->options->ascii),
		       ROLE_STATE);
}

#include "pktladder/selection.h"

gboolean
selection_has(const Selection *selection, const Trace *trace, const Event *event)
{
	if (event->kind == EVENT_CALL && selection->hide_calls)
		return FALSE;
	if (selection->conversation == CONVERSATION_NONE)
		return TRUE;
	return trace_event_in(trace, event, selection->conversation);
}

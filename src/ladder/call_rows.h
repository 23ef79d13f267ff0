/* call_rows.h - a ladder's rows from its first call on: which events share one. Pure.
 *
 * Theory of operation: see ladder.h for what shares a row. Rows are kept whole, and
 * `places` maps events to them; rows that are there stay as they were kept, but
 * for the last ones. A call between its entry and its return is in `open`, and has
 * a bar (bars.h), which a return that turns out not to have blocked takes back.
 */
#pragma once

#include "bars.h"
#include "lanes.h"
#include "row.h"

typedef struct _CallRows CallRows;

/* All must outlive it; the set's lanes: NULL both, client and server. */
CallRows *call_rows_new(const Trace *trace, ConversationSet *set, const Lanes *lanes);
void call_rows_free(CallRows *rows);

/* Takes in the next event that is in view: number `index` of the trace. */
void call_rows_take(CallRows *rows, guint32 index, const Event *event);
/* That packet of `from` is held back by the filter: a call before it may have
 * caused it, and no packet that comes after it. */
void call_rows_hold_back(CallRows *rows, guint32 index, Side from);

guint32 call_rows_length(const CallRows *rows);
/* The first that the return of a call may still change, at that time, which must not
 * go backwards; the length where none can. */
guint32 call_rows_changing(CallRows *rows, gint64 now_ns);
/* row < length; valid until the next event is taken in. */
const Row *call_rows_get(const CallRows *rows, guint32 row);
/* On which row an event is; EVENT_NONE where it is on none. */
guint32 call_rows_find(const CallRows *rows, guint32 event);
const BarIndex *call_rows_bars(const CallRows *rows);

/* row_detail.h - the lines of the detail pane: a row's events, decoded anew. */
#pragma once

#include "pktladder/detail.h"
#include "history.h"

/* NULL where there is no such row; else the caller's. So many of the events before
 * it are looked at for its verdict in full; history_goes_on() where that was not
 * enough: the lines about it are left out. */
GPtrArray *row_detail(const Ladder *ladder, PacketStore *store, History *history, guint32 row,
		      guint n_events);

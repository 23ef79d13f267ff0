/* details.h - what a row of the ladder says in full: its events' lines (detail.h),
 * with bytes read again from the packet store. Not pure.
 */
#pragma once

#include "history.h"
#include "pktladder/ladder.h"
#include "pktladder/play.h"

/* Lines, as detail.h has them; NULL where there is no such row. The caller frees.
 * `play`: as far as the film has come; NULL none is played.
 * `history` is the caller's, for this trace; asking row by row costs least.
 * So many of the events before a packet are looked at for its verdict in full;
 * history_goes_on() where that was not enough: what it says is left out.
 * `*trouble`, where it is NULL, becomes why a packet's bytes cannot be had, which
 * the caller frees; `trouble` may be NULL. */
GPtrArray *details_make(const Ladder *ladder, guint32 row, const Play *play, PacketStore *store,
			History *history, guint n_events, char **trouble);

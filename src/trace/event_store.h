/* SPDX-License-Identifier: MIT */
/* event_store.h - a trace's events in memory. Pure.
 *
 * Theory of operation. Events are kept in pieces: they never move, and growing never needs the
 * memory twice. But for the first one, which is enough for small captures, pieces are parts of
 * blocks, for which the system is asked to give huge pages, and each piece at once: page by page,
 * as each is first written to, costs as much as decoding the packets, and several times that in a
 * virtual machine. What of a block is not used yet takes no memory.
 */
#pragma once

#include "pktladder/trace.h"

#define PIECE_SHIFT  14
#define PIECE_EVENTS (1u << PIECE_SHIFT)

typedef struct {
	GPtrArray *blocks; /* what the pieces are parts of */
	GPtrArray *pieces; /* Event[PIECE_EVENTS] */
	guint32 length;    /* events */
} EventStore;

void event_store_init(EventStore *store);
void event_store_clear(EventStore *store);

/* Room for PIECE_EVENTS more. */
void event_store_add_piece(EventStore *store);

/* index < length */
static inline Event *
event_store_at(const EventStore *store, guint32 index)
{
	Event *piece = g_ptr_array_index(store->pieces, index >> PIECE_SHIFT);

	return &piece[index & (PIECE_EVENTS - 1)];
}

/* Room for one event at the end; what is in it is anything. */
static inline Event *
event_store_append(EventStore *store)
{
	guint32 index = store->length++;

	if ((index & (PIECE_EVENTS - 1)) == 0)
		event_store_add_piece(store);
	return event_store_at(store, index);
}

/* SPDX-License-Identifier: MIT */
#include "event_store.h"

#include <sys/mman.h>

#define PIECE_SIZE   (PIECE_EVENTS * sizeof(Event))
#define BLOCK_PIECES 32
#define BLOCK_SIZE   (BLOCK_PIECES * PIECE_SIZE)
#define PAGE_MAX     65536     /* of any machine */
#define HUGE_PAGE    (2 << 20) /* of most; elsewhere the advice does nothing */
G_STATIC_ASSERT(PIECE_SIZE % PAGE_MAX == 0 && BLOCK_SIZE % HUGE_PAGE == 0);

void
event_store_init(EventStore *store)
{
	store->blocks = g_ptr_array_new_with_free_func(g_aligned_free);
	store->pieces = g_ptr_array_new();
	store->length = 0;
}

void
event_store_clear(EventStore *store)
{
	g_ptr_array_unref(store->pieces);
	g_ptr_array_unref(store->blocks);
}

void
event_store_add_piece(EventStore *store)
{
	guint n = store->pieces->len, part = (n - 1) % BLOCK_PIECES; /* of its block */
	guint8 *piece;

	if (n == 0) {
		piece = g_aligned_alloc(1, PIECE_SIZE, PAGE_MAX);
		g_ptr_array_add(store->blocks, piece);
	} else if (part == 0) {
		piece = g_aligned_alloc(1, BLOCK_SIZE, HUGE_PAGE);
		g_ptr_array_add(store->blocks, piece);
#ifdef MADV_HUGEPAGE
		madvise(piece, BLOCK_SIZE, MADV_HUGEPAGE); /* without it they are small ones */
#endif
	} else {
		piece = g_ptr_array_index(store->pieces, n - 1);
		piece += PIECE_SIZE;
	}
#ifdef MADV_POPULATE_WRITE
	if (n > 0)
		madvise(piece, PIECE_SIZE, MADV_POPULATE_WRITE); /* an older Linux does nothing */
#endif
	g_ptr_array_add(store->pieces, piece);
}

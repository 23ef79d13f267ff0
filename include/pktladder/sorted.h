/* sorted.h - looking up by halving, in an array that ascends by a number. Pure. */
#pragma once

#include <glib.h>
#include <stddef.h>

/* How many of `n` items of `size` bytes have a guint32 at `offset` that is below `key`. */
static inline guint
sorted_before(gconstpointer items, guint n, gsize size, gsize offset, guint32 key)
{
	const guint8 *bytes = items;
	guint low = 0, high = n;

	while (low < high) {
		guint middle = low + (high - low) / 2;

		if (*(const guint32 *)(gconstpointer)(bytes + middle * size + offset) < key)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The same of a GArray of `type`, whose `field` is a guint32. */
#define SORTED_BEFORE(array, type, field, key) \
	sorted_before((array)->data, (array)->len, sizeof(type), offsetof(type, field), (key))

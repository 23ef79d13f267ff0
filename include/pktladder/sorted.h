/* SPDX-License-Identifier: MIT */
/* sorted.h - looking up by halving, and the order of two numbers. Pure. */
#pragma once

#include <glib.h>
#include <stddef.h>

/* Leaves in `low` the first `middle` from `low` to before `high` that is not `below`; all
 * that are below come before all others. */
#define SORTED_SEARCH(low, high, below)                                                            \
	while ((low) < (high)) {                                                                   \
		guint32 middle = (low) + ((high) - (low)) / 2;                                     \
		if (below)                                                                         \
			(low) = middle + 1;                                                        \
		else                                                                               \
			(high) = middle;                                                           \
	}

/* As a comparison has it: less than 0, 0, more than 0. */
#define SORTED_ORDER(a, b) (((a) > (b)) - ((a) < (b)))

/* For g_array_sort() of guint. */
static inline int
sorted_numbers(gconstpointer a, gconstpointer b)
{
	return SORTED_ORDER(*(const guint *)a, *(const guint *)b);
}

/* Defines a function that compares two of `type` by a field, then by another one. */
#define SORTED_COMPARE(name, type, first_field, second_field)                                      \
	static int name(gconstpointer a, gconstpointer b)                                          \
	{                                                                                          \
		const type *one = a, *two = b;                                                     \
		return SORTED_ORDER(one->first_field, two->first_field)                            \
			   ?: SORTED_ORDER(one->second_field, two->second_field);                  \
	}

/* How many of `n` items of `size` bytes have a guint32 at `offset` that is below `key`. */
static inline guint
sorted_before(gconstpointer items, guint n, gsize size, gsize offset, guint32 key)
{
	const guint8 *bytes = items;
	guint low = 0, high = n;

	SORTED_SEARCH(low, high,
		      *(const guint32 *)(gconstpointer)(bytes + middle * size + offset) < key);
	return low;
}

/* sorted_before() of a GArray of `type`, whose `field` is a guint32. */
#define SORTED_BEFORE(array, type, field, key)                                                     \
	sorted_before((array)->data, (array)->len, sizeof(type), offsetof(type, field), (key))

/* SPDX-License-Identifier: MIT */
/* Theory of operation
 *
 * Several files are one capture in the order of time, as mergecap has it: the next item is the
 * earliest of those that are in front in their files; of several at one time, that of the file that
 * was named first. A file's own order is kept. A heap holds the files by what is in front; each has
 * that one item in memory, and a stretch of its bytes.
 *
 * A packet is found again by its place behind the places of the files before its own (store.c), so
 * a file is read as far as it was long when it was opened. Where a file breaks off, or cannot be
 * read at all, a note says so, and the others go on.
 */
#include "capture_internal.h"
#include "pktladder/complain.h"
#include "pktladder/sorted.h"

/* The bytes at hand of all files together, about. */
enum { BYTES_ALL = 4 * 1024 * 1024, BYTES_LEAST = 16 * 1024, BYTES_MOST = 128 * 1024 };

static gboolean
is_before(const MergePart *one, const MergePart *other)
{
	return one->time_ns != other->time_ns ? one->time_ns < other->time_ns
					      : one->number < other->number;
}

/* The first in the heap may stand too far in front. */
static void
heap_sink(GPtrArray *heap)
{
	gpointer *parts = heap->pdata;
	guint at = 0, child;

	while ((child = 2 * at + 1) < heap->len) {
		child += child + 1 < heap->len && is_before(parts[child + 1], parts[child]);
		if (!is_before(parts[child], parts[at]))
			return;
		gpointer moved = parts[at];
		parts[at] = parts[child];
		parts[child] = moved;
		at = child;
	}
}

static void
heap_add(GPtrArray *heap, MergePart *part)
{
	guint at = heap->len;

	g_ptr_array_add(heap, part);
	for (; at > 0 && is_before(part, heap->pdata[(at - 1) / 2]); at = (at - 1) / 2)
		heap->pdata[at] = heap->pdata[(at - 1) / 2];
	heap->pdata[at] = part;
}

/* Calls and sockets of one file are not those of another one that have the same number. */
static void
call_tell_apart(CallRecord *call, guint number)
{
	guint64 mark = (guint64)number << 48;

	call->id += number << 24;
	call->socket = call->socket ? call->socket ^ mark : 0;
	call->accepted = call->accepted ? call->accepted ^ mark : 0;
}

/* The part has its next item in front: its time, and its place in the heap. */
static void
part_place(Merge *merge, MergePart *part)
{
	CaptureItem *item = &part->item;

	part->time_ns = item->time_ns;
	if (item->kind == CAPTURE_PACKET) {
		part->time_ns = item->packet.time_ns;
		item->offset += item->offset != CAPTURE_NO_OFFSET ? part->base : 0;
	} else if (item->kind == CAPTURE_CALL) {
		part->time_ns = item->call.time_ns;
		call_tell_apart(&item->call, part->number);
	}
	if (part->in_heap)
		heap_sink(merge->heap);
	else
		heap_add(merge->heap, part);
	part->in_heap = TRUE;
	merge->due = NULL;
}

static void
part_end(Capture *capture, MergePart *part)
{
	Merge *merge = capture->merge;
	guint64 read, total;

	capture_progress(part->capture, &read, &total);
	merge->read += read;
	merge->total += MAX(total, read); /* a pipe's is not known */
	capture->broken |= part->capture->broken;
	g_clear_pointer(&part->capture, capture_free);
	if (part->in_heap) {
		g_ptr_array_remove_index_fast(merge->heap, 0);
		heap_sink(merge->heap);
	}
	merge->due = NULL;
}

/* Reads on in a part until it has an item in front, or has ended. FALSE: `item` is to be given at
 * once, a note, or that there is nothing now. */
static gboolean
part_read(Capture *capture, MergePart *part, CaptureItem *item)
{
	Capture *from = part->capture;

	for (;;) {
		capture_next(from, &part->item);
		switch (part->item.kind) {
		case CAPTURE_PACKET:
			if (part->item.offset != CAPTURE_NO_OFFSET &&
			    part->item.offset >= part->size) {
				part_end(capture, part);
				return TRUE;
			}
			capture->packets++;
			part->packets++;
			if (!capture_passes(capture, &part->item.packet))
				continue;
			G_GNUC_FALLTHROUGH;
		case CAPTURE_CALL:
		case CAPTURE_DROPS:
			part_place(capture->merge, part);
			return TRUE;
		case CAPTURE_END:
			part_end(capture, part);
			return TRUE;
		case CAPTURE_NOTE:
			capture_item_note(capture, item, CAPTURE_NOTE, g_strdup(part->item.note));
			return FALSE;
		case CAPTURE_NOTHING:
			capture->fd = from->fd;
			item->kind = CAPTURE_NOTHING;
			return FALSE;
		}
	}
}

/* What `from` has; a call's record is large, and seldom there. */
static void
item_copy(CaptureItem *item, const CaptureItem *from)
{
	item->kind = from->kind;
	item->packet = from->packet;
	item->offset = from->offset;
	item->comments = from->comments;
	memcpy(item->process, from->process, sizeof item->process);
	item->time_ns = from->time_ns;
	item->dropped = from->dropped;
	if (from->kind == CAPTURE_CALL)
		item->call = from->call;
}

static void
merge_next(Capture *capture, CaptureItem *item)
{
	Merge *merge = capture->merge;

	if (merge->problems->len > 0) {
		capture_item_note(capture, item, CAPTURE_NOTE,
				  g_ptr_array_steal_index(merge->problems, 0));
		return;
	}
	capture->fd = -1;
	while (merge->due || merge->begun < merge->parts->len) {
		if (!merge->due)
			merge->due = merge->parts->pdata[merge->begun++];
		if (!part_read(capture, merge->due, item))
			return;
	}
	if (merge->heap->len == 0) {
		capture_end_next(capture, item);
		return;
	}
	merge->due = merge->heap->pdata[0];
	item_copy(item, &merge->due->item);
	capture->delivered = TRUE;
}

static void
part_free(gpointer data)
{
	MergePart *part = data;

	capture_free(part->capture);
	g_free(part);
}

static void
merge_close(Capture *capture)
{
	Merge *merge = capture->merge;

	g_ptr_array_unref(merge->parts);
	g_ptr_array_unref(merge->heap);
	g_ptr_array_unref(merge->problems);
	g_free(merge);
}

static void
merge_progress(const Capture *capture, guint64 *read_bytes, guint64 *total_bytes)
{
	const Merge *merge = capture->merge;

	*read_bytes = merge->read;
	*total_bytes = merge->total;
	for (guint i = 0; i < merge->parts->len; i++) {
		const MergePart *part = merge->parts->pdata[i];
		guint64 read = 0, total = 0;

		if (part->capture)
			capture_progress(part->capture, &read, &total);
		*read_bytes += read;
		*total_bytes += MAX(total, read);
	}
}

/* Another file; where it is no capture, that is a problem of its own. */
static void
part_add(Capture *capture, CaptureInput *input, GError **first)
{
	Merge *merge = capture->merge;
	g_autoptr(GError) error = NULL;
	Capture *file = file_open(input, capture->origins, &error);

	if (!file) {
		g_ptr_array_add(merge->problems, g_strdup_printf(_("%s The other files are shown."),
								 error->message));
		if (*first == NULL)
			*first = g_steal_pointer(&error);
		capture->broken = TRUE;
		return;
	}
	MergePart *part = g_new0(MergePart, 1);
	*part = (MergePart){ .capture = file,
			     .base = merge->size,
			     .size = bytes_size(file->bytes),
			     .number = merge->parts->len,
			     .file = capture->origins->files->len - 1 };
	merge->size += file->file >= 0 ? part->size : 0;
	file->delivered = TRUE; /* that there is nothing in it is said of all */
	g_ptr_array_add(merge->parts, part);
}

Capture *
capture_open_inputs(GPtrArray *inputs, const char *filter, GError **error)
{
	g_autoptr(GPtrArray) owned = inputs;
	g_autoptr(Capture) capture = NULL;
	g_autoptr(GError) first = NULL;
	gsize chunk = CLAMP(BYTES_ALL / inputs->len, BYTES_LEAST, BYTES_MOST);

	if (inputs->len == 1)
		return capture_open_input(g_ptr_array_steal_index(inputs, 0), filter, error);
	capture = file_capture(merge_next, origins_new());
	capture->progress = merge_progress;
	capture->close = merge_close;
	capture->merge = g_new0(Merge, 1);
	capture->merge->parts = g_ptr_array_new_with_free_func(part_free);
	capture->merge->heap = g_ptr_array_new();
	capture->merge->problems = g_ptr_array_new_with_free_func(g_free);
	while (inputs->len > 0) {
		CaptureInput *input = g_ptr_array_steal_index(inputs, 0);
		bytes_set_chunk(input, chunk);
		part_add(capture, input, &first);
	}
	if (capture->merge->parts->len == 0) {
		g_propagate_error(error, g_steal_pointer(&first));
		return NULL;
	}
	const MergePart *part = capture->merge->parts->pdata[0];
	capture->link_type = part->capture->link_type;
	if (filter && !capture_set_filter(capture, filter, error))
		return NULL;
	return g_steal_pointer(&capture);
}

/* SPDX-License-Identifier: MIT */
/* stream.c - a figure that is written row by row. Its packets are read again and tracked anew
 * beside the rows, in their order: each says what was known when it came. */
#include "pktladder/drawing.h"

#include "pktladder/draft.h"
#include "pktladder/i18n.h"
#include "pktladder/walk.h"

#define FLUSH_AT 65536 /* bytes */

typedef struct {
	const FigureStream *format;
	FigureOptions options;
	Ladder *ladder;
	Figure *figure;
	Draft *draft;
	Walk walk;
	GString *text; /* not written yet */
	guint next;    /* row */
	GError *error;
} Stream;

static gboolean
is_over(const Stream *stream)
{
	return stream->error || stream->draft->enough;
}

static void
text_flush(Stream *stream, gsize at_least)
{
	if (stream->text->len < at_least || is_over(stream))
		return;
	draft_write(stream->draft, stream->text->str, stream->text->len, &stream->error);
	g_string_truncate(stream->text, 0);
}

static void
row_write(Stream *stream, guint place)
{
	FigureRow row = figure_row_make(stream->figure, &stream->options, place);
	const Event *event = trace_event(stream->walk.trace, row.row.event);
	FigurePacket packet;
	FlowResult flow;
	gboolean known = row.row.kind != ROW_FOLD && event->kind == EVENT_PACKET &&
			 walk_to(&stream->walk, row.row.event, &packet.facts, &flow);

	if (known) {
		packet.packet = stream->walk.packet;
		packet.verdict = flow.verdict;
	}
	g_string_append(stream->text, place == 0 ? stream->format->first : stream->format->between);
	stream->format->row(stream->figure, &row, known ? &packet : NULL, stream->text);
	figure_row_clear(&row);
	text_flush(stream, FLUSH_AT);
}

static JobState
stream_state(gconstpointer data, guint32 end G_GNUC_UNUSED)
{
	const Stream *stream = data;

	return is_over(stream) || stream->next == stream->figure->picked->len ? JOB_DONE
									      : JOB_GOES_ON;
}

static void
stream_slice(gpointer data, gint64 until_us)
{
	Stream *stream = data;

	do {
		if (stream_state(stream, JOB_ALL_EVENTS) == JOB_DONE)
			return;
		row_write(stream, stream->next++);
	} while (g_get_monotonic_time() < until_us);
}

static char *
stream_progress(gconstpointer data, int *percent)
{
	const Stream *stream = data;

	*percent = (int)((guint64)stream->next * 100 / MAX(stream->figure->picked->len, 1));
	return g_strdup_printf(_("%s is being written"), stream->draft->name);
}

static char *
stream_finish(gpointer data, GError **error)
{
	Stream *stream = data;
	guint n = stream->figure->picked->len;

	g_string_append(stream->text, stream->format->end);
	text_flush(stream, 0);
	if (stream->error || !draft_publish(stream->draft, &stream->error)) {
		g_propagate_error(error, g_steal_pointer(&stream->error));
		return NULL;
	}
	g_autofree char *what =
	    g_strdup_printf(ngettext("%u row was written", "%u rows were written", n), n);
	return draft_tell(stream->draft,
			  g_strdup_printf(_("%s into %s."), what, stream->draft->name));
}

static void
stream_free(gpointer data)
{
	Stream *stream = data;

	walk_clear(&stream->walk);
	draft_free(stream->draft);
	figure_free(stream->figure);
	ladder_free(stream->ladder);
	g_string_free(stream->text, TRUE);
	g_clear_error(&stream->error);
	g_free(stream);
}

Job
figure_begin_stream(Ladder *ladder, const FigureOptions *options, const FigureTarget *target,
		    GError **error)
{
	static const JobKind kind = { .state = stream_state,
				      .slice = stream_slice,
				      .progress = stream_progress,
				      .finish = stream_finish,
				      .free = stream_free,
				      .stopped = N_("Writing was stopped: no file was written.") };
	g_autoptr(Ladder) own = ladder;
	Draft *draft = draft_new(target->path, target->part, error);
	Stream *stream;

	if (!draft)
		return (Job){ 0 };
	stream = g_new0(Stream, 1);
	*stream = (Stream){ .format = target->format->stream,
			    .options = *options,
			    .ladder = g_steal_pointer(&own),
			    .draft = draft,
			    .text = g_string_new(NULL) };
	stream->options.rows_later = TRUE;
	stream->figure = figure_new(ladder, &stream->options);
	if (figure_is_empty(stream->figure))
		g_array_set_size(stream->figure->picked, 0);
	walk_begin(&stream->walk, ladder->trace, target->store, 0);
	stream->format->head(stream->figure, stream->text);
	return (Job){ .kind = &kind, .data = stream };
}

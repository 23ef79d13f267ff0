/* SPDX-License-Identifier: MIT */
/* scene_ladder.c - a ladder's head and its rows in view.
 *
 * Theory of operation. The layout's columns keep everything apart, so a text only has to fit its
 * own column. The head and a row's times are added here, everything else of a row by scene_row.c.
 */
#include "pktladder/trace.h"
#include "pktladder/text.h"
#include "pktladder/timestamp.h"
#include "draw_private.h"

#include <string.h>

#define ADDRESS_LEAST 5 /* columns that are worth showing of one that is cut */

static void
add_right_aligned(const RowContext *context, guint x, guint width, char *text)
{
	scene_put(context, x + width - text_width(text), text, ROLE_TIME);
}

/* Since the trace's start, or a clock's; then since the row before, or since the marked one,
 * which says so. */
static void
add_times(const RowContext *context, guint32 index)
{
	const SceneOptions *options = context->options;
	const SceneLayout *layout = &options->layout;
	gboolean marked = options->delta == SCENE_DELTA_MARK;
	gint64 time_ns = context->row->time_ns, start_ns = trace_start(context->ladder->trace);
	guint width = layout->time_width, delta_width = layout->delta_width;
	char *delta;

	if (width > 0)
		add_right_aligned(
		    context, layout->time_x, width,
		    options->time == SCENE_TIME_START
			? trace_seconds(context->ladder->trace, start_ns, time_ns, width, FALSE)
			: timestamp_clock(time_ns, width, options->time == SCENE_TIME_LOCAL));
	if (delta_width == 0 || (!marked && index == 0))
		return;
	if (marked && index == options->mark_row) {
		delta = text_fit(_("mark"), delta_width, context->ascii);
	} else {
		gint64 from_ns =
		    marked ? options->mark_ns : ladder_row(context->ladder, index - 1).time_ns;

		delta = trace_seconds(context->ladder->trace, from_ns, time_ns, delta_width, TRUE);
	}
	add_right_aligned(context, layout->delta_x, delta_width, delta);
}

/* "Client 127.0.0.1:50796" in `room` columns: whole, else the address alone
 * (its place says whose it is), else the first word. */
static char *
fitting_name(const char *name, guint room, gboolean ascii)
{
	const char *space = strchr(name, ' ');
	g_autofree char *word = space ? g_strndup(name, space - name) : g_strdup(name);

	if (text_width(name) <= room)
		return g_strdup(name);
	if (space && text_width(space + 1) <= room)
		return g_strdup(space + 1);
	return text_fit(word, room, ascii);
}

/* Takes the name; centred over its lifeline as far as `from` and `to` (exclusive) let it. */
static void
add_name(const RowContext *context, guint y, guint lifeline_x, guint from, guint to, char *name)
{
	RowContext line = *context;
	guint width = text_width(name);
	guint x = lifeline_x > from + width / 2 ? lifeline_x - width / 2 : from;

	line.y = y;
	scene_put(&line, x + width > to ? to - width : x, name, ROLE_HEAD);
}

static char *
name_of_two(const RowContext *context, guint lane)
{
	const SceneOptions *options = context->options;

	return scene_text(options->heads
			      ? g_strdup(g_ptr_array_index(options->heads, lane))
			      : ladder_lane_head(context->ladder, options->selected_row, lane),
			  context->ascii);
}

/* Both names on one line; the longer one may use what the other leaves. "#3 Client 10.0.0.1:4000",
 * where labels number the conversation; the number goes first where there is no room. */
static void
add_names(const RowContext *context)
{
	const SceneLayout *layout = &context->options->layout;
	gboolean ascii = context->ascii;
	guint32 row = context->options->selected_row;
	g_autofree char *client = name_of_two(context, 0), *server = name_of_two(context, 1);
	guint client_width = text_width(client), server_width = text_width(server);
	/* An empty column between the two. */
	guint border = (layout->lifeline_x[0] + layout->lifeline_x[1]) / 2;
	guint right = layout->width - border - 1;

	if (client_width > border && server_width < right)
		border += MIN(client_width - border, right - server_width);
	else if (server_width > right && client_width < border)
		border -= MIN(server_width - right, border - client_width);
	guint32 number = ladder_conversation_shown(context->ladder,
						   ladder_conversation_at(context->ladder, row));
	char *fitting = fitting_name(client, border, ascii);
	g_autofree char *whole = g_strdup_printf("#%u %s", number, fitting);
	if (number != CONVERSATION_NONE && text_width(whole) <= border) {
		g_free(fitting);
		fitting = g_steal_pointer(&whole);
	}
	add_name(context, 0, layout->lifeline_x[0], 0, border, fitting);
	add_name(context, 0, layout->lifeline_x[1], border + 1, layout->width,
		 fitting_name(server, layout->width - border - 1, ascii));
}

/* A lane's address where there are more than two: "[2001:db8::1]:443" in `room` columns: whole,
 * else with less of the address, and the port at last. */
static char *
fitting_address(const char *address, guint room, gboolean ascii)
{
	const char *port = strrchr(address, ':');
	const char *tail = strchr(address, ']') ? strchr(address, ']') : port;
	g_autofree char *front = NULL, *cut = NULL;

	if (!port || text_width(address) <= room)
		return text_fit(address, room, ascii);
	if (room < strlen(tail) + ADDRESS_LEAST)
		return text_fit(port, room, ascii);
	front = g_strndup(address, tail - address);
	cut = text_fit(front, room - strlen(tail), ascii);
	return g_strconcat(cut, tail, NULL);
}

/* "3: Client" over "10.0.0.1:4000", between the middles of the gaps; a name that the user
 * gave has no address. */
static void
add_lane_head(const RowContext *context, guint lane)
{
	const SceneLayout *layout = &context->options->layout;
	gboolean ascii = context->ascii;
	guint x = scene_lane_x(layout, lane), half = layout->pitch / 2;
	guint from = lane == layout->first_lane ? 0 : x - half + 1;
	guint to = lane + 1 == layout->first_lane + layout->n_visible ? layout->width
								      : x + layout->pitch - half;
	Side side;
	const Conversation *conversation =
	    ladder_lane_conversation(context->ladder, EVENT_NONE, lane, &side);
	g_autofree char *address =
	    conversation ? endpoint_to_string(&conversation->endpoint[side]) : g_strdup("");
	g_autofree char *head =
	    scene_text(ladder_lane_head(context->ladder, EVENT_NONE, lane), ascii);
	char *space = strrchr(head, ' ');
	gboolean has_address = space && g_str_equal(space + 1, address);
	g_autofree char *name = g_strdup_printf(
	    "%u: %.*s", lane + 1, has_address ? (int)(space - head) : (int)strlen(head), head);

	add_name(context, 0, x, from, to, text_fit(name, to - from, ascii));
	if (has_address)
		add_name(context, 1, x, from, to, fitting_address(address, to - from, ascii));
}

/* How many lanes are out of view at either end. */
static void
add_hidden(const RowContext *context)
{
	const SceneLayout *layout = &context->options->layout;
	guint hidden[2] = { layout->first_lane,
			    layout->n_lanes - layout->first_lane - layout->n_visible };

	for (guint right = 0; right < 2; right++) {
		g_autofree char *text = scene_text(
		    g_strdup_printf(right ? _("%u more »") : _("« %u more"), hidden[right]),
		    context->ascii);
		guint width = text_width(text), room = layout->gutter_width[right];

		if (hidden[right] > 0 && width < room)
			scene_put(context,
				  right ? layout->gutter_x[1] + room - width : layout->gutter_x[0],
				  g_steal_pointer(&text), ROLE_TIME);
	}
}

static void
add_title(const RowContext *context, guint x, guint width, const char *title, gboolean right)
{
	g_autofree char *spelled = scene_text(g_strdup(title), context->ascii);
	char *text = text_fit(spelled, width, context->ascii);

	scene_put(context, right ? x + width - text_width(text) : x, text, ROLE_TIME);
}

static RowContext
context_of(const Ladder *ladder, const SceneOptions *options, Grid *grid, guint y, guint x)
{
	return (RowContext){ ladder, options, grid, y, x, options->glyphs == GLYPHS_ASCII };
}

void
scene_head_paint(const Ladder *ladder, const SceneOptions *options, Grid *grid, guint y, guint x)
{
	static const char *const time_titles[N_SCENE_TIMES] = {
		[SCENE_TIME_START] = N_("time"),
		[SCENE_TIME_UTC] = N_("time UTC"),
		[SCENE_TIME_LOCAL] = N_("local time"),
	};
	const SceneLayout *layout = &options->layout;
	guint room = layout->gutter_width[0] - layout->beside;
	RowContext context = context_of(ladder, options, grid, y, x);

	context.y = layout->head_rows - 1;
	if (layout->too_small)
		return;
	g_assert(layout->n_lanes == ladder_n_lanes(ladder));
	add_title(&context, layout->time_x, layout->time_width, _(time_titles[options->time]),
		  TRUE);
	add_title(&context, layout->delta_x, layout->delta_width,
		  options->delta == SCENE_DELTA_MARK ? _("to mark") : _("delta"), TRUE);
	if (layout->n_lanes <= 2) {
		add_title(&context, layout->gutter_x[0], room,
			  layout->calls ? _("calls, state") : _("state"), TRUE);
		add_title(&context, layout->gutter_x[1] + layout->beside, room,
			  layout->calls ? _("state, calls") : _("state"), FALSE);
		add_names(&context);
	} else { /* the gaps have all kinds: no titles */
		add_hidden(&context);
		for (guint i = 0; i < layout->n_visible; i++)
			add_lane_head(&context, layout->first_lane + i);
	}
	scene_lifelines_paint(&context, NULL);
}

void
scene_rows_paint(const Ladder *ladder, const SceneOptions *options, Grid *grid, guint y, guint x)
{
	guint32 length = play_length(options->play, ladder);
	guint64 index = options->first_row;
	RowContext line = context_of(ladder, options, grid, y, x);

	if (options->layout.too_small)
		return;
	g_assert(options->layout.n_lanes == ladder_n_lanes(ladder));
	for (; line.y < options->n_rows; line.y++, index++) {
		if (index >= length) {
			scene_lifelines_paint(&line, NULL);
			continue;
		}
		LadderRow row = play_row(options->play, ladder, index);
		line.row = &row;
		if (line.y > 0 || options->lead)
			line.y = scene_gap_paint(&line, index);
		if (line.y >= options->n_rows)
			break;
		add_times(&line, index);
		scene_row_paint(&line, index);
		scene_running_paint(&line, index);
		if (index == options->selected_row)
			grid_select(grid, y + line.y, x, options->layout.width);
	}
}

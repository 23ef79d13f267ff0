/* head.c - a scene's head: the endpoints' names and the column titles. */
#include "pktladder/i18n.h"
#include "pktladder/text.h"
#include "scene_build.h"

#include <string.h>

#define ADDRESS_LEAST 5 /* columns that are worth showing of one that is cut */

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
add_name(Scene *scene, guint y, guint lifeline_x, guint from, guint to, char *name)
{
	guint width = text_width(name);
	guint x = lifeline_x > from + width / 2 ? lifeline_x - width / 2 : from;

	if (x + width > to)
		x = to - width;
	scene_add_text(scene, y, x, name, ROLE_HEAD, FALSE);
}

/* Both names on one line; the longer one may use what the other leaves. */
static void
add_names(Scene *scene, const Ladder *ladder, const SceneOptions *options)
{
	const SceneLayout *layout = &options->layout;
	g_autofree char *client = scene_text(ladder_lane_head(ladder, 0), options->ascii);
	g_autofree char *server = scene_text(ladder_lane_head(ladder, 1), options->ascii);
	guint client_width = text_width(client), server_width = text_width(server);
	/* A blank column between the two. */
	guint border = (layout->lifeline_x[SIDE_CLIENT] + layout->lifeline_x[SIDE_SERVER]) / 2;
	guint right = layout->width - border - 1;

	if (client_width > border && server_width < right)
		border += MIN(client_width - border, right - server_width);
	else if (server_width > right && client_width < border)
		border -= MIN(server_width - right, border - client_width);
	add_name(scene, 0, layout->lifeline_x[SIDE_CLIENT], 0, border,
		 fitting_name(client, border, options->ascii));
	add_name(scene, 0, layout->lifeline_x[SIDE_SERVER], border + 1, layout->width,
		 fitting_name(server, layout->width - border - 1, options->ascii));
}

/* ---- more than two lanes ---- */

/* "[2001:db8::1]:443" in `room` columns: whole, else with less of the address, and
 * the port at last. */
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

/* Cuts "Client 10.0.0.1:4000" in two; returns the address, NULL where the head is a
 * name that the user gave. */
static char *
head_split(const Ladder *ladder, guint lane, char *head)
{
	Side side;
	const Conversation *conversation = ladder_lane_conversation(ladder, lane, &side);
	g_autofree char *address = endpoint_to_string(&conversation->endpoint[side]);
	char *space = strrchr(head, ' ');

	if (!space || !g_str_equal(space + 1, address))
		return NULL;
	*space = '\0';
	return space + 1;
}

/* "3: Client" over "10.0.0.1:4000", between the middles of the gaps. */
static void
add_lane_head(Scene *scene, const Ladder *ladder, const SceneOptions *options, guint lane)
{
	const SceneLayout *layout = &options->layout;
	guint x = scene_lane_x(layout, lane), half = layout->pitch / 2;
	guint from = lane == layout->first_lane ? 0 : x - half + 1;
	guint to = lane + 1 == layout->first_lane + layout->n_visible ? layout->width : x + layout->pitch - half;
	g_autofree char *head = scene_text(ladder_lane_head(ladder, lane), options->ascii);
	char *address = head_split(ladder, lane, head);
	g_autofree char *name = NULL;

	name = g_strdup_printf("%u: %s", lane + 1, head);
	add_name(scene, 0, x, from, to, text_fit(name, to - from, options->ascii));
	if (address)
		add_name(scene, 1, x, from, to,
			       fitting_address(address, to - from, options->ascii));
}

/* How many lanes are out of view at either end. */
static void
add_hidden(Scene *scene, const SceneOptions *options)
{
	const SceneLayout *layout = &options->layout;
	guint hidden[2] = { layout->first_lane, layout->n_lanes - layout->first_lane - layout->n_visible };

	for (guint right = 0; right < 2; right++) {
		g_autofree char *text =
			g_strdup_printf(right ? _("%u more »") : _("« %u more"), hidden[right]);
		char *spelled = scene_text(g_steal_pointer(&text), options->ascii);
		guint width = text_width(spelled), room = layout->gutter_width[right];

		if (hidden[right] == 0 || width + 1 > room) {
			g_free(spelled);
			continue;
		}
		scene_add_text(scene, layout->head_rows - 1,
			       right ? layout->gutter_x[1] + room - width : layout->gutter_x[0],
			       spelled, ROLE_TIME, FALSE);
	}
}

/* ---- column titles ---- */

static void
add_title(Scene *scene, guint x, guint width, const char *title, gboolean right,
	  const SceneOptions *options)
{
	g_autofree char *spelled = scene_text(g_strdup(title), options->ascii);
	char *text = text_fit(spelled, width, options->ascii);

	scene_add_text(scene, options->layout.head_rows - 1,
		       right ? x + width - text_width(text) : x, text, ROLE_TIME, FALSE);
}

static const char *const time_titles[] = {
	[SCENE_TIME_START] = N_("time"),
	[SCENE_TIME_UTC] = N_("time UTC"),
	[SCENE_TIME_LOCAL] = N_("local time"),
};
G_STATIC_ASSERT(G_N_ELEMENTS(time_titles) == N_SCENE_TIMES);

static void
add_titles(Scene *scene, const SceneOptions *options)
{
	const SceneLayout *layout = &options->layout;
	guint room = layout->gutter_width[0] - layout->beside;

	add_title(scene, layout->time_x, layout->time_width, _(time_titles[options->time]), TRUE,
		  options);
	add_title(scene, layout->delta_x, layout->delta_width,
		  options->delta == SCENE_DELTA_MARK ? _("to mark") : _("delta"), TRUE, options);
	if (layout->n_lanes > 2)
		return; /* the gaps have all kinds */
	add_title(scene, layout->gutter_x[0], room,
		  layout->calls ? _("calls, state") : _("state"), TRUE, options);
	add_title(scene, layout->gutter_x[1] + layout->beside, room,
		  layout->calls ? _("state, calls") : _("state"), FALSE, options);
}

void
scene_head_add(const RowContext *context)
{
	const SceneOptions *options = context->options;
	const SceneLayout *layout = &options->layout;

	add_titles(context->scene, options);
	if (layout->n_lanes <= 2)
		add_names(context->scene, context->ladder, options);
	else
		add_hidden(context->scene, options);
	for (guint i = 0; layout->n_lanes > 2 && i < layout->n_visible; i++)
		add_lane_head(context->scene, context->ladder, options, layout->first_lane + i);
	scene_add_lifelines(context);
}

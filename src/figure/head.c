/* head.c - a scene's head: the endpoints' names and the column titles. */
#include "pktladder/i18n.h"
#include "pktladder/text.h"
#include "scene_build.h"

#include <string.h>

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

void
scene_add_name(Scene *scene, guint y, guint lifeline_x, guint from, guint to, char *name)
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
	scene_add_name(scene, 0, layout->lifeline_x[SIDE_CLIENT], 0, border,
		 fitting_name(client, border, options->ascii));
	scene_add_name(scene, 0, layout->lifeline_x[SIDE_SERVER], border + 1, layout->width,
		 fitting_name(server, layout->width - border - 1, options->ascii));
}

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

	add_title(scene, layout->time_x, layout->time_width, _(time_titles[options->time]), TRUE,
		  options);
	add_title(scene, layout->delta_x, layout->delta_width,
		  options->delta == SCENE_DELTA_MARK ? _("to mark") : _("delta"), TRUE, options);
	if (layout->n_lanes > 2)
		return; /* the gaps have all kinds */
	add_title(scene, layout->gutter_x[0], layout->gutter_width[0],
		  layout->calls ? _("calls, state") : _("state"), TRUE, options);
	add_title(scene, layout->gutter_x[1], layout->gutter_width[1],
		  layout->calls ? _("state, calls") : _("state"), FALSE, options);
}

Scene *
scene_head(const Ladder *ladder, const SceneOptions *options)
{
	Scene *scene = scene_new(options->layout.width);

	if (options->layout.too_small)
		return scene;
	g_assert(options->layout.n_lanes == ladder_n_lanes(ladder));
	add_titles(scene, options);
	if (options->layout.n_lanes > 2) {
		scene_add_lanes_head(scene, ladder, options);
		return scene;
	}
	add_names(scene, ladder, options);
	scene_add_lifelines(scene, &options->layout, 1, FALSE);
	return scene;
}

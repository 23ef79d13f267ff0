/* SPDX-License-Identifier: MIT */
/* scene.c - the list of a scene's primitives, and what is added to it in texts. */
#include "pktladder/trace.h"
#include "pktladder/text.h"
#include "scene_build.h"

#define ROOM 512 /* primitives: those of most screens, so that the array seldom has to grow */

static void
primitive_clear(gpointer data)
{
	g_free(((Primitive *)data)->text);
}

Scene *
scene_new(guint width)
{
	Scene *scene = g_new0(Scene, 1);

	scene->width = width;
	scene->primitives = g_array_sized_new(FALSE, FALSE, sizeof(Primitive), ROOM);
	g_array_set_clear_func(scene->primitives, primitive_clear);
	return scene;
}

void
scene_free(Scene *scene)
{
	g_array_unref(scene->primitives);
	g_free(scene);
}

char *
scene_text(char *text, gboolean ascii)
{
	if (!text || !ascii || g_str_is_ascii(text))
		return text;
	char *spelled = g_str_to_ascii(text, "C");
	g_free(text);
	return spelled;
}

void
scene_add_text(const RowContext *context, guint x, char *text, Role role)
{
	Primitive primitive = { .kind = PRIMITIVE_TEXT,
				.role = role,
				.selected = context->selected,
				.y = context->y,
				.x = x,
				.width = text_width(text),
				.text = text };

	if (*text == '\0')
		g_free(text);
	else
		g_array_append_val(context->scene->primitives, primitive);
}

gboolean
scene_call_failed(const Ladder *ladder, const LadderRow *row, Side side)
{
	const Trace *trace = ladder->trace;
	guint32 result = ladder_cell_result(ladder, row, side);

	if (result == EVENT_NONE)
		return FALSE;
	const CallRecord *call = trace_call(trace, trace_event(trace, result));
	return call->result < 0 || (call->name == CALL_EXIT && call->result != 0);
}

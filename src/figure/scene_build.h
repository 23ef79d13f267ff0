/* scene_build.h - what scene.c and head.c build scenes with. Private to src/figure. */
#pragma once

#include "pktladder/scene.h"

Scene *scene_new(guint width);

/* Takes the text; where only ASCII may be, gives its nearest spelling. NULL stays NULL. */
char *scene_text(char *text, gboolean ascii);

/* Takes the text. Nothing is added where it is empty. */
void scene_add_text(Scene *scene, guint y, guint x, char *text, Role role, gboolean selected);

/* One cell of both. */
void scene_add_lifelines(Scene *scene, const SceneLayout *layout, guint y, gboolean selected);

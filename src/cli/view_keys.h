/* view_keys.h - the keys that came, and what they ask for. */
#pragma once

typedef struct _View View;

/* Takes all that are there. */
void view_keys_take(View *view);

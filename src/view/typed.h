/* SPDX-License-Identifier: MIT */
/* typed.h - the keys that came, and what they ask for. */
#pragma once

#include "display.h"

/* Takes all keys that are there and need not wait, for a slice of time at most. */
void keys_take(Display *display);
/* Whether to take them again at once: there are more, or what one waits for goes on in slices. */
gboolean keys_are_due(const Display *display);

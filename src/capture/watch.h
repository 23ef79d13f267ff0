/* watch.h - a descriptor that becomes readable when an open file changes. */
#pragma once

#include <glib.h>

/* Of the open file `fd`; -1 with an error. The caller closes it. */
int watch_new(int fd, const char *name, GError **error);

/* What happened so far is known: only what comes makes it readable again. */
void watch_clear(int watch);

/* SPDX-License-Identifier: MIT */
/* children.h - runs a case in a child, as root or as an ordinary user. */
#pragma once

#include <glib.h>
#include <sys/types.h>

typedef enum { ROOT, ORDINARY } Who;

/* Whom an ordinary case becomes: tester, where we are root. */
extern uid_t ordinary_uid;
extern gid_t ordinary_gid;

/* Call it first in main(). */
void children_init(void);

/* For good; for use in a child. */
void become_ordinary(void);

/* A failed assertion of `body` kills the child, which fails the test. */
void in_child(Who who, void (*body)(void));

/* FALSE and a loud skip where the case needs root and we are not; or where
 * unshare(1) cannot make what a private network needs. */
gboolean is_possible(Who who);
gboolean is_namespace_possible(Who who);

/* in_child() where is_namespace_possible(). */
void run_inside(Who who, void (*body)(void));

/* network_enter_private(), which must succeed. */
void enter(void);

/* A path of a test for both kinds of user: "PATH/root", "PATH/ordinary". */
void add_for_both(const char *path, void (*test)(gconstpointer who));

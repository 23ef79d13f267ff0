/* SPDX-License-Identifier: MIT */
/* policy.h - why this machine forbids a private network (private to network). */
#pragma once

#include <glib.h>

typedef struct {
	const char *root;    /* where /proc and the like are looked up: "/", or a test's own tree */
	int error;           /* errno of the call that failed */
	gboolean privileged; /* root is not held by the limits for ordinary users */
} PolicyQuestion;

/* One paragraph: the cause, and the command that mends it. The caller frees. */
char *policy_explain(const PolicyQuestion *question);

/* Is that sysctl there, and does it hold `value`? `name` is a path below /proc/sys. */
gboolean policy_sysctl_is(const char *root, const char *name, gint64 value);

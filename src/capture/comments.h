/* SPDX-License-Identifier: MIT */
/* comments.h - socket calls and losses as comments of a recording. Pure. */
#pragma once

#include "pktladder/call.h"

/* Longer comments than ours are somebody else's. */
#define COMMENT_MAX 1024

/* What stands in a recording between two packets. */
typedef enum { COMMENT_CALL, COMMENT_DROPS, COMMENT_FOREIGN } CommentKind;

typedef struct {
	CommentKind kind;
	CallRecord call;
	gint64 time_ns; /* of DROPS */
	guint64 dropped;
} Comment;

/* "pktladder: 12 packets lost here | v=1 drops=12 t=1700000000000000000"; the caller frees. */
char *drops_to_comment(gint64 time_ns, guint64 dropped);

/* FOREIGN where the text is none of ours. Any bytes, not terminated. */
Comment comment_parse(const char *text, gsize length);

/* SPDX-License-Identifier: MIT */
/* selection.h - which events are in view, for the screen and for figures alike. Pure. */
#pragma once

#include "pktladder/filter.h"

/* A set of conversations by their index. Immutable and shared: a change makes
 * another one. NULL is the empty set, for all of these. */
typedef struct _ConversationSet ConversationSet;

/* In any order, each at most once. */
ConversationSet *conversation_set_new(const guint32 *indices, guint n);
/* The set with `index` added or, where it is there, left out. */
ConversationSet *conversation_set_toggle(const ConversationSet *set, guint32 index);
ConversationSet *conversation_set_ref(ConversationSet *set);
void conversation_set_unref(ConversationSet *set);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ConversationSet, conversation_set_unref)
guint conversation_set_length(const ConversationSet *set);
/* Ascending; at < length. */
guint32 conversation_set_get(const ConversationSet *set, guint at);
/* Where it is in the set; its length where it is not. */
guint conversation_set_find(const ConversationSet *set, guint32 index);
gboolean conversation_set_has(const ConversationSet *set, guint32 index);
/* Which of them a call belongs to, a listening socket's to the first one; CONVERSATION_NONE none.
 * `set` is not NULL. */
guint32 conversation_set_call(ConversationSet *set, const Trace *trace, const Event *event);

/* Calls that only set a socket up, and waits in vain (trace_call_sets_up()). */
typedef enum {
	SETUP_BY_LANES, /* shown where there are two lanes, hidden where there are more */
	SETUP_SHOWN,
	SETUP_HIDDEN,
} SelectionSetup;

/* Plain data; a copy that outlives where it came from has its own references of
 * `set` and `filter`. */
typedef struct {
	guint32 conversation; /* CONVERSATION_NONE: all of them, or those of `set` */
	gboolean hide_calls;  /* only packets */
	gboolean hide_copies; /* not what was captured before: VERDICT_SAME_PACKET */
	guint8 setup;         /* SelectionSetup: of calls that only set sockets up */
	gboolean fold;        /* runs of data and ACKs are one row each: no event leaves the view */
	ConversationSet *set; /* only these; NULL: no set */
	gboolean strays;      /* with `set`: packets that belong to no conversation, too */
	Filter *filter;       /* only what passes; NULL: everything does */
} Selection;

#define SELECTION_ALL ((Selection){ .conversation = CONVERSATION_NONE })

gboolean selection_equal(const Selection *one, const Selection *other);

/* Whether event `index` is in view: within, and passed by the filter. */
gboolean selection_has(const Selection *selection, const Trace *trace, guint32 index);
/* selection_has() but for the filter. */
gboolean selection_within(const Selection *selection, const Trace *trace, guint32 index);
/* Its packets lie from event `first` on and before `end`; other events anywhere. */
void selection_span(const Selection *selection, const Trace *trace, guint32 *first, guint32 *end);

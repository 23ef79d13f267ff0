/* selection.h - which events are in view, for the screen and for figures alike. Pure. */
#pragma once

#include "pktladder/trace.h"

/* Plain data; all of it copied. */
typedef struct {
	guint32 conversation; /* CONVERSATION_NONE: all of them */
	gboolean hide_calls;  /* only packets */
} Selection;

#define SELECTION_ALL ((Selection){ .conversation = CONVERSATION_NONE })

gboolean selection_has(const Selection *selection, const Trace *trace, const Event *event);

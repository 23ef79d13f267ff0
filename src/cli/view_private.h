/* view_private.h - what the files of the view share: all that a run of it has. */
#pragma once

#include "builder.h"
#include "details.h"
#include "player.h"
#include "plots.h"
#include "search.h"
#include "trouble.h"
#include "view.h"
#include "view_keys.h"
#include "view_loop.h"
#include "view_model.h"
#include "view_screen.h"
#include "view_text.h"
#include "view_work.h"
#include "writing.h"

struct _View {
	Session *session;
	const ViewOptions *options;
	ViewLoop loop;
	ViewScreen screen; /* the one, */
	ViewText text;	   /* or the other */
	TuiState state;
	ViewKeys keys;
	Builder builder;  /* the ladder */
	Summary *summary; /* with the screen */
	DetailPane pane;
	Plots plots;
	Searching searching;
	Writing writing;
	Player player;
	Reading reading;
	Trouble trouble;
	guint32 paused_at;   /* length of the trace */
	gboolean running_on; /* the user let all calls run */
	gboolean dirty;	     /* there is something to be seen */
	int status;
};

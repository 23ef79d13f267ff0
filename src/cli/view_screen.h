/* view_screen.h - the view on a terminal: opened, painted, recorded. */
#pragma once

#include "cast.h"
#include "options.h"
#include "pktladder/screen.h"

typedef struct _View View;

typedef struct {
	Screen *terminal;  /* NULL: text */
	gint64 painted_us; /* monotonic time of the last paint */
	Grid *shown;	   /* as it was before something was asked for */
	guint told;	   /* TuiWork that it told of before the keys that come now were typed */
	Cast *cast;	   /* NULL: it is not recorded */
	char *cast_trouble; /* why it no longer is; NULL none */
} ViewScreen;

/* Takes the terminal, and what the options say about the screen. */
gboolean view_screen_start(View *view, const Options *options, GError **error);
/* Gives it back; the recording ends. `cast_trouble` stays. */
void view_screen_close(ViewScreen *screen);

/* Brings what is on the screen up to date, as far as a short slice of time goes. */
void view_settle(View *view);

/* That, and paints it. */
void view_paint(View *view);

/* view_model.h - what the screen is given to look at. */
#pragma once

#include "pktladder/tui.h"

typedef struct _View View;

/* While a file is read so slowly that somebody may want to know. */
typedef struct {
	gint64 since_us;
	TuiProgress progress;
} Reading;

/* Made anew before each update or paint. `held` becomes the text in it that is
 * no other's; the caller frees. */
TuiModel view_model(View *view, char **held);

/* Whether there is more of a file to be read than has been. */
gboolean view_is_reading(View *view);

/* The newest thing that there is to say; NULL nothing. */
const char *view_notice(const View *view);

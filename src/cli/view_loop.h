/* view_loop.h - the one poll loop: keys, signals, the session's descriptors, timers.
 *
 * Theory of operation. A GMainContext watches every descriptor in this one
 * thread; signals come through a signalfd, so no code ever runs inside a
 * handler (the screen's own crash handler apart). Each wake-up pumps the
 * session; a change is painted at once where the last paint is a frame ago,
 * else when that frame is over. Nothing wakes up where nothing happens.
 */
#pragma once

#include <glib.h>

typedef struct _View View;

typedef struct {
	GMainLoop *main;
	guint timer; /* source of the next pump or paint; 0 none */
	guint capture_source, tracer_source, output_sources[2]; /* 0: not watched */
	int signal_fd;
	int signal; /* that ended us; 0 none */
	gboolean quitting;
	gboolean more;	/* a file has more to read at once */
	guint32 events; /* length of the trace when it was last looked at, */
	guint32 output; /* and of what the programs printed */
} ViewLoop;

/* From now on signals wait until view_loop() takes them. */
void view_loop_open(ViewLoop *loop);
void view_loop_close(ViewLoop *loop);

/* Until the user, a signal, or what has failed ends it; text also ends with the session. */
void view_loop(View *view);

/* Something has ended, of which there is something to be seen. `view`: a View. */
void view_wake(gpointer view);

/* view_loop() returns when what is being done is done. */
void view_quit(View *view);

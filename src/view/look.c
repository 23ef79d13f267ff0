/* SPDX-License-Identifier: MIT */
/* look.c - what all the jobs of the display share. */
#include "display.h"

#include "pktladder/text.h"

guint32
display_length(const Display *display)
{
	return display->state.paused ? display->paused_at : trace_length(display->session->trace);
}

void
display_notice(Display *display, const char *text)
{
	g_autofree char *safe = text ? text_escape(text, -1) : NULL;

	if (g_strcmp0(safe, display->notice) == 0)
		return;
	g_free(display->notice);
	display->notice = g_steal_pointer(&safe);
	if (text)
		display->state.notice_seen = 0;
}

void
display_run(Display *display, DisplayJob which, gint64 slice_us)
{
	Job *job = &display->jobs[which];
	g_autoptr(GError) error = NULL;

	if (job_run(job, slice_us))
		display->dirty = TRUE;
	if (!job->data || !job->kind->finish || job_state(job, JOB_ALL_EVENTS) != JOB_DONE)
		return;
	g_autofree char *done = job->kind->finish(job->data, &error);
	if (done)
		tui_tell(&display->state, "%s", done);
	else
		display_notice(display, error->message);
	display->dirty = TRUE;
	job_clear(job);
}

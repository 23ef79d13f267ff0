/* SPDX-License-Identifier: MIT */
#include "pktladder/look.h"

#include "pktladder/text.h"

guint32
look_length(const Look *look)
{
	return look->state.paused ? look->paused_at : trace_length(look->session->trace);
}

void
look_notice(Look *look, const char *text)
{
	g_autofree char *safe = text ? text_escape(text, -1) : NULL;

	if (g_strcmp0(safe, look->notice) == 0)
		return;
	g_free(look->notice);
	look->notice = g_steal_pointer(&safe);
	if (text)
		look->state.notice_seen = 0;
}

void
look_run(Look *look, Job *job, gint64 slice_us)
{
	g_autoptr(GError) error = NULL;

	if (job_run(job, slice_us))
		look->dirty = TRUE;
	if (!job->data || !job->kind->finish || job_state(job, JOB_ALL_EVENTS) != JOB_DONE)
		return;
	g_autofree char *done = job->kind->finish(job->data, &error);
	if (done)
		tui_tell(&look->state, "%s", done);
	else
		look_notice(look, error->message);
	look->dirty = TRUE;
	job_clear(job);
}

gboolean
look_stop(Look *look, Job *job)
{
	if (!job->data || !job->kind->stopped)
		return job->data && job->kind->stop && job->kind->stop(job->data);
	job_clear(job);
	tui_tell(&look->state, "%s", _(job->kind->stopped));
	return TRUE;
}

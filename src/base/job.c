/* SPDX-License-Identifier: MIT */
#include "pktladder/job.h"

#include <poll.h>

#include "pktladder/complain.h"
#include "pktladder/i18n.h"

/* Between two looks at whether a signal has come, which may do so just before poll(). */
#define TICK_MS 100

JobState
job_state(const Job *job, guint32 end)
{
	return job->data ? job->kind->state(job->data, end) : JOB_DONE;
}

gboolean
job_run(const Job *job, gint64 slice_us)
{
	JobState before = job_state(job, JOB_ALL_EVENTS);

	if (job->data)
		job->kind->slice(job->data, g_get_monotonic_time() + slice_us);
	return before == JOB_GOES_ON || job_state(job, JOB_ALL_EVENTS) != before;
}

char *
job_text(const Job *job)
{
	int percent = -1;
	g_autofree char *what =
	    job->data && job->kind->progress ? job->kind->progress(job->data, &percent) : NULL;

	if (!what)
		return NULL;
	return percent < 0 ? g_strdup_printf(_("%s (Esc stops it)"), what)
			   : g_strdup_printf(_("%s: %d%% (Esc stops it)"), what, percent);
}

int
job_fd(const Job *job)
{
	return job_state(job, JOB_ALL_EVENTS) == JOB_WAITS ? job->kind->fd(job->data) : -1;
}

gboolean
job_complete(const Job *job)
{
	while (job_state(job, JOB_ALL_EVENTS) != JOB_DONE && interruption_signal() == 0) {
		if (job_fd(job) >= 0)
			poll(&(struct pollfd){ .fd = job_fd(job), .events = POLLIN }, 1, TICK_MS);
		job_run(job, SLICE_US);
	}
	return job_state(job, JOB_ALL_EVENTS) == JOB_DONE;
}

void
job_clear(Job *job)
{
	if (job->data && job->kind->free)
		job->kind->free(job->data);
	job->data = NULL;
}

/* SPDX-License-Identifier: MIT */
/* job.h - work that may take longer than a frame, such as building a ladder, searching, or
 * drawing a figure: it goes on in slices, says how far it is, and can be stopped. Not pure.
 *
 * Theory of operation. There is one thread. Whoever runs a job gives it some milliseconds at a
 * time, and has no need to know which job it is. A job keeps nothing beside its data: how it
 * stands is asked of that each time, so that something new to do needs no word to begin it.
 */
#pragma once

#include <glib.h>

/* A change is painted no sooner than so long after the last paint. */
#define FRAME_US (16 * 1000)

/* What takes long goes on for half a frame at a time; the other half is the painting's. */
#define SLICE_US (8 * 1000)

/* As the end of the events that a job is asked about: all that it knows of. */
#define JOB_ALL_EVENTS G_MAXUINT32

typedef enum {
	JOB_DONE,    /* or there is nothing to do */
	JOB_WAITS,   /* for its descriptor */
	JOB_GOES_ON, /* there is more to do at once */
} JobState;

/* What is below `slice` may be NULL. */
typedef struct {
	/* How the job stands with the events before `end`. */
	JobState (*state)(gconstpointer data, guint32 end);

	/* Goes on until the monotonic time `until_us`, a little at least. Most jobs are done after
	 * their first slice. */
	void (*slice)(gpointer data, gint64 until_us);

	/* What a job does that Esc can stop ("Saving into a.pcapng"), translated; the caller frees.
	 * *percent: how much of it is done; -1: nobody knows. NULL: there is nothing to say. */
	char *(*progress)(gconstpointer data, int *percent);

	/* Gives the job up. TRUE: nothing else is meant by the same Esc. */
	gboolean (*stop)(gpointer data);

	/* The descriptor that becomes readable when a job that waits can go on; it is asked now and
	 * then, too, whether it has waited too long. */
	int (*fd)(gconstpointer data);

	/* When a job that makes a file is done: what to tell of it, translated; the caller frees.
	 * NULL: `error`. */
	char *(*finish)(gpointer data, GError **error);
	void (*free)(gpointer data); /* nothing is left of what was not finished */
	const char *stopped;         /* msgid: what to tell where that was the user's command */
} JobKind;

typedef struct {
	const JobKind *kind;
	gpointer data; /* NULL: there is nothing to do */
	guint work;    /* TuiWork: as what keys wait for it */
} Job;

JobState job_state(const Job *job, guint32 end);

/* Goes on for so long. TRUE: there is something new to be seen. */
gboolean job_run(const Job *job, gint64 slice_us);

/* "Saving into a.pcapng: 34% (Esc stops it)"; the caller frees. NULL: there is nothing to say. */
char *job_text(const Job *job);

/* -1: it does not wait. */
int job_fd(const Job *job);

/* Runs a job to its end, for a command that has nothing else to do. FALSE: a signal came before
 * (complain.h). */
gboolean job_complete(const Job *job);

/* Frees the data. */
void job_clear(Job *job);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Job, job_clear)

/* SPDX-License-Identifier: MIT */
/* launch.c - how the two programs come to run.
 *
 * Theory of operation
 *
 * Namespaces take rights, and the client is started when nobody has any more. So
 * both programs' processes are forked first of all, in a PID namespace of their
 * own where there can be one; then everybody gives up all privileges, and waits
 * for what is to come: the server's process for the parent's word, the client's
 * for that word after the server waits for it.
 */
#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pktladder/network.h"
#include "session.h"

static void
line_close(Program *program)
{
	if (program->line >= 0)
		close(program->line);
	program->line = -1;
}

/* In the process that becomes their parent. */
static void
fork_programs(gpointer data)
{
	Session *session = data;

	for (guint role = 0; role < G_N_ELEMENTS(session->programs); role++) {
		const Program *program = &session->programs[role];
		const ProgramStart start = { .output_fd = session->options.output_fds[role],
					     .change_user = session->options.change_user,
					     .filter = session->filter };

		if (program->child_line >= 0)
			program_fork(&start, &program->program, program->child_line);
	}
}

static gboolean
open_lines(Session *session)
{
	for (guint role = 0; role < G_N_ELEMENTS(session->programs); role++) {
		Program *program = &session->programs[role];
		int ends[2];
		if (!program->program.argv)
			continue;
		if (!program_line(ends))
			return FALSE;
		program->line = ends[0];
		program->child_line = ends[1];
	}
	return TRUE;
}

void
launch_prepare(Session *session)
{
	g_autoptr(GError) error = NULL, why_not = NULL;

	if (open_lines(session)) {
		/* Forks the programs' processes, in a PID namespace where there can be one. */
		if (!pidns_start(&session->pidns, fork_programs, session,
				 session->options.change_user, &why_not)) {
			g_debug("%s", why_not->message);
			fork_programs(session);
		}
		for (guint role = 0; role < G_N_ELEMENTS(session->programs); role++) {
			Program *program = &session->programs[role];
			if (program->child_line < 0)
				continue;
			close(program->child_line);
			program->child_line = -1;
			program->waiting = program_await(program->line);
		}
	}
	if (!privileges_drop(session->options.change_user, &error))
		session_fail(session, "%s", error->message);
	prctl(PR_SET_PDEATHSIG, SIGKILL); /* which a change of user clears */
}

void
launch_program(Session *session, CallRole role)
{
	Program *program = &session->programs[role];
	ProgramFailure failure = { .step = PROGRAM_NO_FORK, .error = EAGAIN };

	if (program->waiting && program_start(program->waiting, program->line, &failure)) {
		program->pid = program->waiting;
		tracee_add(session->tracees, program->pid, program->pid, role);
		return;
	}
	line_close(program); /* which ends it */
	g_autofree char *why = program_explain(&program->program, &failure);
	session_fail(session, "%s", why);
}

gboolean
launch_failed(Session *session, CallRole role)
{
	Program *program = &session->programs[role];
	ProgramFailure failure;

	const gboolean failed = program_failed(program->line, &failure);
	g_autofree char *why = failed ? program_explain(&program->program, &failure) : NULL;
	line_close(program);
	if (failed)
		session_fail(session, "%s", why);
	return failed;
}

void
launch_end(Session *session)
{
	int status;
	pid_t tid;

	pidns_end(&session->pidns);
	while (session->pidns.init && (tid = waitpid(-1, &status, __WALL)) > 0) {
		if (tid == session->pidns.init)
			session->pidns.init = 0;
		else
			stop_handle(session, tid, status);
	}
}

/* SPDX-License-Identifier: MIT */
/* tracer.c - the tracer process, seen from the process that starts it.
 *
 * Theory of operation
 *
 * ptrace requests must come from the thread that attached, and its stops are
 * waited for with waitpid(), which no poll loop can wait for. So the tracing is
 * done by a process of its own. Two pipes join it to us: messages of one fixed
 * size come from it, commands of one byte go to it. When we close our ends, or
 * die, it ends the programs.
 *
 * The tracer is forked early, before there is a capture: it needs rights for the
 * programs' namespaces, and must not have what we open later.
 *
 *   tracer.c   (us)        new, start, read, release, free, probe
 *   loop.c     (it)        the loop, the client's start, the end
 *   stop.c                 ptrace stops
 *   entry.c                entries and returns of calls, holding; EINTR, or do they go on?
 *   order.c                whether a call of a scenario may begin
 *   tracing.c              what the parent is told, and how programs are ended
 *   syscall.c              which system calls, and their arguments
 *   socket.c               the tracees' sockets, and what has become of closed ones
 *   tracee.c               processes and threads
 *   program.c              how the programs come to run: their PID namespace, fork, seize, filter,
 *                          exec
 *   proc.c                 what a tracee's memory and /proc tell
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pktladder/complain.h"
#include "pktladder/fd.h"
#include "pktladder/i18n.h"
#include "pktladder/tracer.h"
#include "proc.h"
#include "tracing.h"

/* How long the tracer may take to end the programs: SIGTERM, 500 ms, SIGKILL, and some time. */
#define END_MS 3000

/* Much longer than a probe takes, which is some milliseconds. */
#define PROBE_MS 5000

/* Room for messages while the reader paints. */
#define PIPE_SIZE (1 << 20)

struct _Tracer {
	pid_t pid;
	int message_fd, control_fd;
	gboolean over; /* the last message was read */
};

/* Closes what the tracer does not need. */
static void
close_others(const int *keep, guint n)
{
	g_autoptr(GArray) fds = g_array_new(FALSE, FALSE, sizeof(int));

	proc_list_fds(getpid(), STDERR_FILENO + 1, G_MAXINT, fds);
	for (guint i = 0; i < fds->len; i++) {
		const int fd = g_array_index(fds, int, i);
		gboolean kept = FALSE;
		for (guint k = 0; k < n; k++)
			kept = kept || keep[k] == fd;
		if (!kept)
			close(fd);
	}
}

Tracer *
tracer_new(const TracerOptions *options, GError **error)
{
	g_auto(FdPair) messages = FD_PAIR_NONE;
	g_auto(FdPair) control = FD_PAIR_NONE;
	const gboolean piped =
	    pipe2(messages.end, O_CLOEXEC) == 0 && pipe2(control.end, O_CLOEXEC) == 0;
	const pid_t parent = getpid();
	pid_t pid = -1;

	if (piped) {
		fcntl(messages.end[1], F_SETPIPE_SZ, PIPE_SIZE); /* a smaller one does too */
		fcntl(messages.end[0], F_SETFL, O_NONBLOCK);
		fcntl(control.end[1], F_SETFL, O_NONBLOCK);
		fflush(NULL); /* or both would write what is buffered */
		pid = fork();
	}
	if (pid == 0) {
		int keep[2 + PROGRAMS_MAX] = { messages.end[1], control.end[0] };
		memcpy(keep + 2, options->output_fds, sizeof(options->output_fds));
		close_others(keep, G_N_ELEMENTS(keep));
		tracing_run(options, messages.end[1], control.end[0], parent);
		_exit(0);
	}
	if (pid < 0) {
		g_set_error(error, TRACER_ERROR, TRACER_ERROR_START,
			    _("Cannot start the tracer: %s: %s"), piped ? "fork" : "pipe",
			    g_strerror(errno));
		return NULL;
	}
	Tracer *tracer = g_new0(Tracer, 1);
	*tracer = (Tracer){ .pid = pid,
			    .message_fd = g_steal_fd(&messages.end[0]),
			    .control_fd = g_steal_fd(&control.end[1]) };
	return tracer;
}

int
tracer_fd(const Tracer *tracer)
{
	return tracer->message_fd;
}

gboolean
tracer_read(Tracer *tracer, TracerMessage *message)
{
	if (tracer->over)
		return FALSE;
	const gssize length =
	    TEMP_FAILURE_RETRY(read(tracer->message_fd, message, sizeof(*message)));
	if (length < 0 && errno == EAGAIN)
		return FALSE;
	/* where the tracer itself has died, nothing explains it but its parent's log */
	if (length != sizeof(*message) || message->size != sizeof(*message)) {
		*message = (TracerMessage){ .kind = TRACER_FAILED,
					    .size = sizeof(*message),
					    .status = STATUS_OWN_FAILURE };
		g_strlcpy(
		    message->problem,
		    _("The tracer process ended unexpectedly; the programs were ended with it."),
		    sizeof(message->problem));
	}
	tracer->over = message->kind == TRACER_FAILED || message->kind == TRACER_DONE;
	return TRUE;
}

/* A tracer that has ended hears nothing more; nor need it. */
static void
command(const Tracer *tracer, char what)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN }, before;

	sigaction(SIGPIPE, &ignore, &before);
	(void)TEMP_FAILURE_RETRY(write(tracer->control_fd, &what, 1));
	sigaction(SIGPIPE, &before, NULL);
}

void
tracer_start(Tracer *tracer)
{
	command(tracer, TRACING_START);
}

void
tracer_release(Tracer *tracer)
{
	command(tracer, TRACING_RELEASE);
}

void
tracer_release_all(Tracer *tracer)
{
	command(tracer, TRACING_RELEASE_ALL);
}

void
tracer_free(Tracer *tracer)
{
	close(tracer->message_fd); /* first: it may be waiting for us to read */
	close(tracer->control_fd);

	g_auto(Fd) end = pidfd_open(tracer->pid, 0);
	if (end >= 0)
		TEMP_FAILURE_RETRY(
		    poll(&(struct pollfd){ .fd = end, .events = POLLIN }, 1, END_MS));
	kill(tracer->pid, SIGKILL); /* and what it still traces, by EXITKILL */
	TEMP_FAILURE_RETRY(waitpid(tracer->pid, NULL, 0));
	g_free(tracer);
}

/* Whether this system lets programs be traced: by tracing one. */

/* The program: one socket, opened and closed. */
static int
probe_main(int argc G_GNUC_UNUSED, char **argv G_GNUC_UNUSED)
{
	const int fd = socket(AF_INET, SOCK_DGRAM, 0);

	return fd >= 0 ? close(fd) : 1;
}

gboolean
tracer_probe(GError **error)
{
	char name[] = "probe";
	char *argv[] = { name, NULL };
	const TracerOptions options = {
		.programs = { { .argv = argv, .main = probe_main } },
		.output_fds = { -1 },
	};
	TracerMessage last = { 0 };
	gboolean seen = FALSE, over = FALSE;

	g_autoptr(Tracer) tracer = tracer_new(&options, error);
	if (!tracer)
		return FALSE;
	tracer_start(tracer);
	/* until the end: whether the socket's return and its cookie are seen */
	struct pollfd fd = { .fd = tracer_fd(tracer), .events = POLLIN };
	while (!over && poll(&fd, 1, PROBE_MS) > 0) {
		while (!over && tracer_read(tracer, &last)) {
			over = last.kind == TRACER_FAILED || last.kind == TRACER_DONE;
			seen = seen || (!over && last.call.name == CALL_SOCKET &&
					last.call.phase == CALL_RETURN && last.call.socket != 0);
		}
	}
	if (over && seen)
		return TRUE;
	if (last.kind == TRACER_FAILED)
		g_set_error(error, TRACER_ERROR, TRACER_ERROR_REFUSED, "%s", last.problem);
	else
		g_set_error(error, TRACER_ERROR, TRACER_ERROR_REFUSED,
			    _("A program was traced, but its sockets could not be seen "
			      "(pidfd_getfd): it needs Linux 5.6, and a container may forbid it "
			      "(--cap-add=SYS_PTRACE)."));
	return FALSE;
}

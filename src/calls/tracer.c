/* tracer.c - the tracer process, seen from the process that starts it.
 *
 * Theory of operation
 *
 * ptrace requests must come from the thread that attached, and its stops are
 * waited for with waitpid(), which no poll loop can wait for. So the tracing is
 * done by a process of its own. Two pipes join it to us: messages of one fixed
 * size come from it, wishes of one byte go to it. When we close our ends, or
 * die, it ends the programs.
 *
 * It is forked early, before there is a capture: it needs rights for the
 * programs' namespaces, and must not have what we open later.
 *
 *   tracer.c   (us)        new, start, read, release, free
 *   session.c  (it)        the loop, the client's start, the end
 *   launch.c               how the programs come to run
 *   stop.c                 ptrace stops
 *   entry.c                entries and returns of calls, holding
 *   interrupt.c            calls that a signal ended: EINTR, or do they go on?
 *   syscall.c              which system calls, and their arguments
 *   socket.c, diag.c       the tracees' sockets, and what has become of closed ones
 *   tracee.c               processes and threads
 *   program.c              start of a program: fork, seize, filter, exec
 *   pidns.c                the programs' PID namespace
 *   proc.c                 what a tracee's memory and /proc tell
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pktladder/i18n.h"
#include "pktladder/tracer.h"
#include "proc.h"
#include "session_run.h"

G_DEFINE_QUARK(tracer - error - quark, tracer_error)

/* How long the tracer may take to end the programs: SIGTERM, 500 ms, SIGKILL, and some time. */
#define END_MS 3000

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
	int ends[4] = { -1, -1, -1, -1 }, *messages = ends, *control = ends + 2;
	const gboolean piped = pipe2(messages, O_CLOEXEC) == 0 && pipe2(control, O_CLOEXEC) == 0;
	const pid_t parent = getpid();
	pid_t pid = -1;

	if (piped) {
		fcntl(messages[1], F_SETPIPE_SZ, PIPE_SIZE); /* a smaller one does too */
		fcntl(messages[0], F_SETFL, O_NONBLOCK);
		fcntl(control[1], F_SETFL, O_NONBLOCK);
		fflush(NULL); /* or both would write what is buffered */
		pid = fork();
	}
	if (pid == 0) {
		const int keep[] = { messages[1], control[0], options->output_fds[0],
				     options->output_fds[1] };
		close_others(keep, G_N_ELEMENTS(keep));
		session_run(options, messages[1], control[0], parent);
		_exit(0);
	}
	if (pid < 0) {
		const int reason = errno;
		for (guint i = 0; i < G_N_ELEMENTS(ends); i++)
			if (ends[i] >= 0)
				close(ends[i]);
		g_set_error(error, TRACER_ERROR, TRACER_ERROR_START,
			    _("Cannot start the tracer: %s: %s"), piped ? "fork" : "pipe",
			    g_strerror(reason));
		return NULL;
	}
	close(messages[1]);
	close(control[0]);
	Tracer *tracer = g_new0(Tracer, 1);
	*tracer = (Tracer){ .pid = pid, .message_fd = messages[0], .control_fd = control[1] };
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
		*message = (TracerMessage){ .kind = TRACER_FAILED, .size = sizeof(*message) };
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
wish(const Tracer *tracer, char what)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN }, before;

	sigaction(SIGPIPE, &ignore, &before);
	(void)TEMP_FAILURE_RETRY(write(tracer->control_fd, &what, 1));
	sigaction(SIGPIPE, &before, NULL);
}

void
tracer_start(Tracer *tracer)
{
	wish(tracer, SESSION_START);
}

void
tracer_release(Tracer *tracer)
{
	wish(tracer, SESSION_RELEASE);
}

void
tracer_release_all(Tracer *tracer)
{
	wish(tracer, SESSION_RELEASE_ALL);
}

void
tracer_free(Tracer *tracer)
{
	close(tracer->message_fd); /* first: it may be waiting for us to read */
	close(tracer->control_fd);

	struct pollfd end = { .fd = pidfd_open(tracer->pid, 0), .events = POLLIN };
	if (end.fd >= 0) {
		TEMP_FAILURE_RETRY(poll(&end, 1, END_MS));
		close(end.fd);
	}
	kill(tracer->pid, SIGKILL); /* and what it still traces, by EXITKILL */
	TEMP_FAILURE_RETRY(waitpid(tracer->pid, NULL, 0));
	g_free(tracer);
}

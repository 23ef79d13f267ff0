/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "message.h"
#include "pktladder/fd.h"
#include "pktladder/complain.h"
#include "pktladder/i18n.h"
#include "pktladder/network.h"

static struct {
	int socket;
	pid_t process;
} brokers[N_BROKERS] = { { .socket = -1 }, { .socket = -1 } };

/* The process of a broker. Signals of the terminal are for others; the broker ends when nobody can
 * ask any more. Where files are made, /dev/tty still names the user's terminal; the converter has
 * none. */
static void G_GNUC_NORETURN
broker_run(BrokerKind kind, int socket, const char *const *named)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	if (kind == BROKER_CONVERTER)
		setsid();
	prctl(PR_SET_NAME, kind == BROKER_FILES ? "pktladder-files" : "pktladder-conv");
	for (BrokerKind other = 0; other < N_BROKERS; other++)
		fd_clear(&brokers[other].socket);
	/* Who converts, decodes: root does not. Files are his in his name. */
	if (!privileges_become_caller(NULL) ||
	    !(kind == BROKER_FILES ? privileges_drop_but_files(NULL)
				   : privileges_drop(privileges_can_change_user(), NULL)))
		_exit(1);
	serve(kind, socket, named);
}

gboolean
broker_start(BrokerKind kind, const char *const *named, GError **error)
{
	g_auto(FdPair) ends = FD_PAIR_NONE;
	pid_t process = -1;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.end) == 0)
		process = fork();
	if (process == 0) {
		fd_clear(&ends.end[0]);
		broker_run(kind, ends.end[1], named);
	}
	if (process < 0)
		return refuse_file(error, _("The process that opens files cannot be started: %s."),
				   g_strerror(errno));
	brokers[kind].socket = g_steal_fd(&ends.end[0]);
	brokers[kind].process = process;
	return TRUE;
}

int
broker_fd(BrokerKind kind)
{
	return brokers[kind].socket;
}

void
broker_stop(void)
{
	for (BrokerKind kind = 0; kind < N_BROKERS; kind++) {
		if (brokers[kind].socket < 0)
			continue;
		fd_clear(&brokers[kind].socket);
		TEMP_FAILURE_RETRY(waitpid(brokers[kind].process, NULL, 0));
	}
}

/* ---- requests ---- */

typedef struct {
	Answer answer;
	int fds[MESSAGE_FDS]; /* that came with it; -1 none */
} Reply;

/* `path`: that of the request; NULL none. `fd`: the caller's, that goes with it; -1 none. Where
 * the answer tells an error, errno is it. */
static Reply
request_do(BrokerKind kind, Request request, const char *path, int fd)
{
	Reply reply = { .fds = { fd, -1 } };
	int socket = brokers[kind].socket;

	if (path && g_strlcpy(request.path, path, sizeof(request.path)) >= sizeof(request.path)) {
		reply = (Reply){ .answer.error = ENAMETOOLONG, .fds = { -1, -1 } };
	} else if (!message_send(socket, &request, sizeof(request), reply.fds) ||
		   !message_receive(socket, &reply.answer, sizeof(reply.answer), reply.fds)) {
		/* Who was interrupted while a pipe waited for its reader does not wait for the
		 * answer, which may come at any time: nothing is asked any more. The broker
		 * ends. */
		reply = (Reply){ .answer.error = errno == EINTR ? EINTR : EIO, .fds = { -1, -1 } };
		fd_clear(&brokers[kind].socket);
	}
	errno = reply.answer.error;
	return reply;
}

guint
broker_ask(const char *path)
{
	Answer answer = request_do(BROKER_FILES, (Request){ .kind = ASK }, path, -1).answer;

	return answer.error ? BROKER_ORDINARY : answer.flags;
}

int
broker_open(const char *path)
{
	return request_do(BROKER_FILES, (Request){ .kind = OPEN }, path, -1).fds[0];
}

int
broker_draft(const char *path, gboolean part, guint *number, gboolean *hidden)
{
	Request request = { .kind = DRAFT, .number = part };
	Reply reply = request_do(BROKER_FILES, request, path, -1);

	*number = reply.answer.number;
	*hidden = reply.answer.flags != 0;
	return reply.fds[0];
}

gboolean
broker_publish(guint number, char suffix[BROKER_SUFFIX_MAX])
{
	Request request = { .kind = PUBLISH, .number = number };
	Answer answer = request_do(BROKER_FILES, request, NULL, -1).answer;

	if (answer.error == 0)
		g_strlcpy(suffix, answer.suffix, BROKER_SUFFIX_MAX);
	return answer.error == 0;
}

void
broker_discard(guint number)
{
	request_do(BROKER_FILES, (Request){ .kind = DISCARD, .number = number }, NULL, -1);
}

gboolean
broker_page(int fd)
{
	return request_do(BROKER_CONVERTER, (Request){ .kind = PAGE }, NULL, fd).answer.error == 0;
}

gboolean
broker_convert(const BrokerDocument *document, int *made, int *end)
{
	Request request = { .kind = CONVERT, .document = *document };
	Reply reply = request_do(BROKER_CONVERTER, request, NULL, -1);

	*made = reply.fds[0];
	*end = reply.fds[1];
	return reply.answer.error == 0;
}

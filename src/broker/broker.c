/* SPDX-License-Identifier: MIT */
#include "pktladder/broker.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "message.h"
#include "pktladder/i18n.h"
#include "pktladder/network.h"
#include "serve.h"

static struct {
	int socket;
	pid_t process;
} brokers[N_BROKERS] = { { .socket = -1 }, { .socket = -1 } };

/* Signals of the terminal are for others; it ends when nobody can ask any more. Where files
 * are made, /dev/tty still names the user's terminal; the converter has none. */
static void G_GNUC_NORETURN
broker_run(BrokerKind kind, int socket, const char *const *named)
{
	gboolean dropped;
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	if (kind == BROKER_CONVERTER)
		setsid();
	prctl(PR_SET_NAME, kind == BROKER_FILES ? "pktladder-files" : "pktladder-conv");
	for (BrokerKind other = 0; other < N_BROKERS; other++) {
		if (brokers[other].socket >= 0)
			close(brokers[other].socket);
	}
	/* Who converts, decodes: root does not. Files are his in his name. */
	dropped = privileges_become_caller(NULL) &&
		  (kind == BROKER_FILES ? privileges_drop_but_files(NULL)
					: privileges_drop(privileges_can_change_user(), NULL));
	if (!dropped)
		_exit(1);
	serve(kind, socket, named);
}

gboolean
broker_start(BrokerKind kind, const char *const *named, GError **error)
{
	int ends[2] = { -1, -1 };
	pid_t process = -1;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == 0)
		process = fork();
	if (process == 0) {
		close(ends[0]);
		broker_run(kind, ends[1], named);
	}
	if (process < 0) {
		g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno),
			    _("The process that opens files cannot be started: %s."),
			    g_strerror(errno));
		return FALSE;
	}
	close(ends[1]);
	brokers[kind].socket = ends[0];
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
		close(brokers[kind].socket);
		brokers[kind].socket = -1;
		while (waitpid(brokers[kind].process, NULL, 0) < 0 && errno == EINTR)
			;
	}
}

/* ---- requests ---- */

typedef struct {
	Answer answer;
	int fds[MESSAGE_FDS]; /* of the request, and the caller's; then of the answer */
} Reply;

/* `path`: that of the request; NULL none. FALSE: errno says why. */
static gboolean
request_do(BrokerKind kind, Request *request, const char *path, Reply *reply)
{
	int socket = brokers[kind].socket;

	if (path &&
	    g_strlcpy(request->path, path, sizeof(request->path)) >= sizeof(request->path)) {
		errno = ENAMETOOLONG;
		return FALSE;
	}
	if (!message_send(socket, request, sizeof(*request), reply->fds) ||
	    !message_receive(socket, &reply->answer, sizeof(reply->answer), reply->fds)) {
		int reason = errno;

		/* Who was interrupted while a pipe waited for its reader does not wait for the
		 * answer, which may come at any time: nothing is asked any more. The broker
		 * ends. */
		close(socket);
		brokers[kind].socket = -1;
		errno = reason == EINTR ? EINTR : EIO;
		return FALSE;
	}
	errno = reply->answer.error;
	return errno == 0;
}

guint
broker_ask(const char *path)
{
	Request request = { .kind = ASK };
	Reply reply = { .fds = { -1, -1 } };

	return request_do(BROKER_FILES, &request, path, &reply) ? reply.answer.flags
								: BROKER_ORDINARY;
}

int
broker_open(const char *path)
{
	Request request = { .kind = OPEN };
	Reply reply = { .fds = { -1, -1 } };

	return request_do(BROKER_FILES, &request, path, &reply) ? reply.fds[0] : -1;
}

int
broker_draft(const char *path, gboolean part, guint *number, gboolean *hidden)
{
	Request request = { .kind = DRAFT, .number = part };
	Reply reply = { .fds = { -1, -1 } };

	if (!request_do(BROKER_FILES, &request, path, &reply))
		return -1;
	*number = reply.answer.number;
	*hidden = reply.answer.flags != 0;
	return reply.fds[0];
}

gboolean
broker_publish(guint number, char suffix[BROKER_SUFFIX_MAX])
{
	Request request = { .kind = PUBLISH, .number = number };
	Reply reply = { .fds = { -1, -1 } };

	if (!request_do(BROKER_FILES, &request, NULL, &reply))
		return FALSE;
	g_strlcpy(suffix, reply.answer.suffix, BROKER_SUFFIX_MAX);
	return TRUE;
}

void
broker_discard(guint number)
{
	request_do(BROKER_FILES, &(Request){ .kind = DISCARD, .number = number }, NULL,
		   &(Reply){ .fds = { -1, -1 } });
}

gboolean
broker_page(int fd)
{
	return request_do(BROKER_CONVERTER, &(Request){ .kind = PAGE }, NULL,
			  &(Reply){ .fds = { fd, -1 } });
}

gboolean
broker_convert(const BrokerDocument *document, int *made, int *end)
{
	Request request = { .kind = CONVERT, .document = *document };
	Reply reply = { .fds = { -1, -1 } };

	if (!request_do(BROKER_CONVERTER, &request, NULL, &reply))
		return FALSE;
	*made = reply.fds[0];
	*end = reply.fds[1];
	return TRUE;
}

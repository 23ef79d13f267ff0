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

/* Who converts, decodes: root does not. Files are his in his name. */
static gboolean
rights_drop(BrokerKind kind, GError **error)
{
	if (!privileges_become_caller(error))
		return FALSE;
	if (kind == BROKER_FILES)
		return privileges_drop_but_files(error);
	return privileges_drop(privileges_can_change_user(), error);
}

/* Signals of the terminal are for others; it ends when nobody can ask any more. Where files
 * are made, /dev/tty still names the user's terminal; the converter has none. */
static void G_GNUC_NORETURN
broker_run(BrokerKind kind, int socket, const char *const *named)
{
	g_autoptr(GError) error = NULL;
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
	if (!rights_drop(kind, &error))
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

static gboolean
request_path(Request *request, const char *path)
{
	if (g_strlcpy(request->path, path, sizeof(request->path)) < sizeof(request->path))
		return TRUE;
	errno = ENAMETOOLONG;
	return FALSE;
}

/* Who was interrupted while a pipe waited for its reader does not wait for the answer, which
 * may come at any time: nothing is asked any more. The broker ends. */
static void
broker_abandon(BrokerKind kind)
{
	int reason = errno;

	close(brokers[kind].socket);
	brokers[kind].socket = -1;
	errno = reason == EINTR ? EINTR : EIO;
}

/* FALSE: errno says why. Descriptors of the request stay the caller's; those of the answer
 * take their place. */
static gboolean
request_do(BrokerKind kind, const Request *request, Answer *answer, int fds[MESSAGE_FDS])
{
	int socket = brokers[kind].socket;

	if (!message_send(socket, request, sizeof(*request), fds) ||
	    !message_receive(socket, answer, sizeof(*answer), fds)) {
		broker_abandon(kind);
		return FALSE;
	}
	errno = answer->error;
	return answer->error == 0;
}

guint
broker_ask(const char *path)
{
	Request request = { .kind = ASK };
	int fds[MESSAGE_FDS] = { -1, -1 };
	Answer answer;

	return request_path(&request, path) && request_do(BROKER_FILES, &request, &answer, fds)
		       ? answer.flags
		       : BROKER_ORDINARY;
}

int
broker_open(const char *path)
{
	Request request = { .kind = OPEN };
	int fds[MESSAGE_FDS] = { -1, -1 };
	Answer answer;

	return request_path(&request, path) && request_do(BROKER_FILES, &request, &answer, fds)
		       ? fds[0]
		       : -1;
}

int
broker_draft(const char *path, gboolean part, guint *number, gboolean *hidden)
{
	Request request = { .kind = DRAFT, .number = part };
	int fds[MESSAGE_FDS] = { -1, -1 };
	Answer answer;

	if (!request_path(&request, path) || !request_do(BROKER_FILES, &request, &answer, fds))
		return -1;
	*number = answer.number;
	*hidden = answer.flags != 0;
	return fds[0];
}

gboolean
broker_publish(guint number, char suffix[BROKER_SUFFIX_MAX])
{
	Request request = { .kind = PUBLISH, .number = number };
	int fds[MESSAGE_FDS] = { -1, -1 };
	Answer answer;

	if (!request_do(BROKER_FILES, &request, &answer, fds))
		return FALSE;
	g_strlcpy(suffix, answer.suffix, BROKER_SUFFIX_MAX);
	return TRUE;
}

void
broker_discard(guint number)
{
	Request request = { .kind = DISCARD, .number = number };
	int fds[MESSAGE_FDS] = { -1, -1 };
	Answer answer;

	request_do(BROKER_FILES, &request, &answer, fds);
}

gboolean
broker_page(int fd)
{
	Request request = { .kind = PAGE };
	int fds[MESSAGE_FDS] = { fd, -1 };
	Answer answer;

	return request_do(BROKER_CONVERTER, &request, &answer, fds);
}

gboolean
broker_convert(const BrokerDocument *document, int *made, int *end)
{
	Request request = { .kind = CONVERT, .document = *document };
	int fds[MESSAGE_FDS] = { -1, -1 };
	Answer answer;

	if (!request_do(BROKER_CONVERTER, &request, &answer, fds))
		return FALSE;
	*made = fds[0];
	*end = fds[1];
	return TRUE;
}

/* probe.c - whether this system lets programs be traced: by tracing one. */
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pktladder/i18n.h"
#include "pktladder/tracer.h"
#include "pidns.h"

/* Much longer than it takes, which is some milliseconds. */
#define PATIENCE_MS 5000

/* The program: one socket, opened and closed. */
static int
probe_main(int argc G_GNUC_UNUSED, char **argv G_GNUC_UNUSED)
{
	const int fd = socket(AF_INET, SOCK_DGRAM, 0);

	return fd >= 0 ? close(fd) : 1;
}

/* Reads until the end; TRUE where the socket's return and its cookie were seen. */
static gboolean
see_socket(Tracer *tracer, TracerMessage *last)
{
	struct pollfd fd = { .fd = tracer_fd(tracer), .events = POLLIN };
	gboolean seen = FALSE;

	while (poll(&fd, 1, PATIENCE_MS) > 0) {
		while (tracer_read(tracer, last)) {
			if (last->kind == TRACER_FAILED || last->kind == TRACER_DONE)
				return seen;
			seen = seen || (last->call.name == CALL_SOCKET &&
					last->call.phase == CALL_RETURN && last->call.socket != 0);
		}
	}
	return FALSE;
}

gboolean
tracer_probe(GError **error)
{
	char name[] = "probe";
	char *argv[] = { name, NULL };
	const TracerOptions options = {
		.server = { .argv = argv, .main = probe_main },
		.output_fds = { -1, -1 },
	};
	TracerMessage last = { 0 };

	g_autoptr(Tracer) tracer = tracer_new(&options, error);
	if (!tracer)
		return FALSE;
	tracer_start(tracer);
	if (see_socket(tracer, &last))
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

gboolean
tracer_probe_pidns(GError **error)
{
	Pidns pidns;

	if (!pidns_start(&pidns, NULL, NULL, FALSE, error))
		return FALSE;
	pidns_end(&pidns);
	waitpid(pidns.init, NULL, 0);
	return TRUE;
}

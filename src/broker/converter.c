/* SPDX-License-Identifier: MIT */
/* Theory of operation. Pages and what is made of them are memory files, so that nothing is
 * left behind whatever is killed. What rsvg-convert says comes through a pipe: the beginning is
 * kept, the rest read and forgotten. rsvg-convert, which may be any program of that name, has a
 * process group of its own: to end that ends what it has started. */
#include "converter.h"
#include "pktladder/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

void
converter_init(Converter *converter)
{
	struct rlimit limit;

	*converter = (Converter){ .program = g_find_program_in_path(CONVERTER),
				  .pages = g_array_new(FALSE, FALSE, sizeof(int)) };
	g_array_set_clear_func(converter->pages, (GDestroyNotify)fd_clear);
	/* A descriptor for each page. */
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

/* Only memory files have seals. Whatever else a decoder may hold, such as a packet socket, the
 * converter must not have: it runs another program, which others may rob. */
gboolean
converter_add_page(Converter *converter, int fd)
{
	g_auto(Fd) page = fd;

	errno = page < 0 ? EMFILE : EINVAL; /* it was sent, and found no room */
	if (page < 0 || fcntl(page, F_GET_SEALS) < 0)
		return FALSE;
	fd = g_steal_fd(&page);
	g_array_append_val(converter->pages, fd);
	return TRUE;
}

/* In the process that becomes the converter. */
static void G_GNUC_NORETURN
converter_execute(const Converter *converter, const BrokerDocument *document, int made, int said)
{
	g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *date = g_strdup_printf("%" G_GINT64_FORMAT, document->date_s);
	int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
	char scale[G_ASCII_DTOSTR_BUF_SIZE];
	sigset_t none;

	g_ptr_array_add(words, g_strdup(CONVERTER));
	g_ptr_array_add(words, g_strdup("--unlimited"));
	g_ptr_array_add(words, g_strdup_printf("--format=%s", document->format));
	g_ascii_formatd(scale, sizeof(scale), "%.4f", document->scale);
	if (g_str_equal(document->format, "png"))
		g_ptr_array_add(words, g_strdup_printf("--zoom=%s", scale));
	for (guint i = 0; i < converter->pages->len; i++) {
		int page = g_array_index(converter->pages, int, i);

		g_ptr_array_add(words, g_strdup_printf("/proc/self/fd/%d", page));
		fcntl(page, F_SETFD, 0);
	}
	g_ptr_array_add(words, NULL);
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	dup2(nothing, STDIN_FILENO);
	dup2(made, STDOUT_FILENO);
	dup2(said, STDERR_FILENO);
	/* The same capture gives the same bytes, whenever (reproducible-builds.org). */
	if (document->date_s > 0)
		g_setenv("SOURCE_DATE_EPOCH", date, FALSE);
	execv(converter->program, (char **)words->pdata);
	dprintf(STDERR_FILENO, "%s: %s", converter->program, g_strerror(errno));
	_exit(127);
}

/* Whether it starts or not, its pages are not those of the next one. The memory file is for the
 * one who asked to read, and for the converter to write. */
gboolean
converter_start(Converter *converter, const BrokerDocument *document, int fds[2])
{
	gboolean valid =
	    (g_str_equal(document->format, "pdf") || g_str_equal(document->format, "png")) &&
	    document->scale > 0 && document->scale < 1000 && document->date_s >= 0;
	g_auto(FdPair) said = FD_PAIR_NONE;
	g_auto(FdPair) end = FD_PAIR_NONE;
	g_auto(Fd) output = -1;
	g_auto(Fd) made = -1;
	pid_t process = -1;

	errno = converter->program ? EINVAL : ENOENT;
	if (converter->program && valid && converter->pages->len > 0)
		output = memfd_create("pktladder", MFD_CLOEXEC);
	g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", output);
	if (output >= 0)
		made = open(path, O_RDONLY | O_CLOEXEC);
	if (made >= 0 && pipe2(said.end, O_CLOEXEC) == 0 && pipe2(end.end, O_CLOEXEC) == 0)
		process = fork();
	if (process == 0)
		converter_execute(converter, document, output, said.end[1]);
	g_array_set_size(converter->pages, 0);
	if (process < 0)
		return FALSE;
	converter->process = process;
	converter->said = g_steal_fd(&said.end[0]);
	converter->end = g_steal_fd(&end.end[1]);
	fds[0] = g_steal_fd(&made);
	fds[1] = g_steal_fd(&end.end[0]);
	return TRUE;
}

/* Takes what the converter says from here on; FALSE: it says nothing any more. */
static gboolean
said_take(int said, BrokerEnd *end)
{
	char bytes[4096];
	gssize n = read(said, bytes, sizeof(bytes));
	gsize room = sizeof(end->said) - end->length;

	if (n < 0)
		return errno == EINTR || errno == EAGAIN;
	memcpy(end->said + end->length, bytes, MIN((gsize)n, room));
	end->length += MIN((gsize)n, room);
	return n > 0;
}

void
converter_watch(Converter *converter)
{
	BrokerEnd end = { 0 };
	g_auto(Fd) process = pidfd_open(converter->process, 0);
	struct pollfd fds[] = { { .fd = process, .events = POLLIN },
				{ .fd = converter->said, .events = POLLIN },
				{ .fd = converter->end } };

	fcntl(converter->said, F_SETFL, O_NONBLOCK);
	while (poll(fds, G_N_ELEMENTS(fds), -1) > 0 || errno == EINTR) {
		if (fds[2].revents || fds[0].revents)
			break;
		if (fds[1].revents && !said_take(converter->said, &end))
			fds[1].fd = -1;
	}
	kill(-converter->process, SIGKILL);
	TEMP_FAILURE_RETRY(waitpid(converter->process, &end.status, 0));
	while (end.length < sizeof(end.said) &&
	       poll(&(struct pollfd){ .fd = converter->said, .events = POLLIN }, 1, 0) == 1 &&
	       said_take(converter->said, &end))
		;
	if (write(converter->end, &end, sizeof(end)) < 0)
		g_debug("nobody wants to know");
	fd_clear(&converter->said);
	fd_clear(&converter->end);
}

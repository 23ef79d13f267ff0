/* SPDX-License-Identifier: MIT */
/* Theory of operation. Pages and what is made of them are memory files, so that nothing is
 * left behind whatever is killed. What rsvg-convert says comes through a pipe: the beginning is
 * kept, the rest read and forgotten. rsvg-convert, which may be any program of that name, has a
 * process group of its own: to end that ends what it has started. */
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
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "message.h"
#include "place.h"
#include "pktladder/confine.h"
#include "pktladder/fd.h"

/* Drafts at a time: pages of a figure come one after the other. */
enum { PLACES = 8 };

#define CONVERTER "rsvg-convert"

typedef struct {
	char *program; /* its path; NULL: it is not installed */
	GArray *pages; /* int: descriptors */
	pid_t process; /* that was started; what it says, and where its end is told */
	int said, end;
} Converter;

typedef struct {
	int socket;
	const char *const *named;
	FilePlace places[PLACES];
	Converter converter;
} Broker;

/* ---- names ---- */

gboolean
broker_name_is_hidden(const char *path)
{
	g_auto(GStrv) parts = g_strsplit(path, "/", -1);

	for (GStrv part = parts; *part; part++) {
		if ((*part)[0] == '.' && !g_str_equal(*part, ".") && !g_str_equal(*part, ".."))
			return TRUE;
	}
	return FALSE;
}

/* A page of a figure of that name: OUT-07.svg of OUT.svg. A link would make it another file. */
static gboolean
is_page(const char *path, const char *figure)
{
	const char *slash = strrchr(figure, '/');
	const char *point = strrchr(slash ? slash : figure, '.');
	gsize stem = point ? (gsize)(point - figure) : strlen(figure);

	if (strncmp(path, figure, stem) != 0 || path[stem] != '-')
		return FALSE;
	gsize digits = strspn(path + stem + 1, G_CSET_DIGITS);
	return digits > 0 && g_str_equal(path + stem + 1 + digits, figure + stem) &&
	       !g_file_test(path, G_FILE_TEST_IS_SYMLINK);
}

/* Where a path leads: its folder, through all links, and the name in it. */
static char *
path_resolve(const char *path)
{
	g_autofree char *folder = g_path_get_dirname(path);
	g_autofree char *name = g_path_get_basename(path);
	g_autofree char *real = realpath(path, NULL);
	g_autofree char *real_folder = real ? NULL : realpath(folder, NULL);

	if (real)
		return g_steal_pointer(&real);
	return real_folder ? g_build_filename(real_folder, name, NULL)
			   : g_canonicalize_filename(path, NULL);
}

/* The path below the folder; NULL: it is not there. */
static const char *
path_below(const char *path, const char *folder)
{
	gsize length = strlen(folder);

	return length > 1 && strncmp(path, folder, length) == 0 && path[length] == '/'
		   ? path + length
		   : NULL;
}

/* Below a folder such as /tmp, where anybody makes files: nothing there decides anything. */
static gboolean
is_everybodys(const char *path)
{
	g_autofree char *folder = g_path_get_dirname(path);
	struct stat info;

	if (g_str_equal(folder, "/") || g_str_equal(folder, "."))
		return FALSE;
	return (stat(folder, &info) == 0 && info.st_mode & S_IWOTH) || is_everybodys(folder);
}

/* The folder that we work in may itself have a dot. Root's files are everywhere, and decide
 * what the machine does (/etc/cron.d): of his only those below here, below
 * his home, and where anybody makes files. */
static gboolean
may_name(const char *path, const char *const *named)
{
	g_autofree char *resolved = path_resolve(path);
	g_autofree char *here = g_get_current_dir();
	const char *below = path_below(resolved, here);

	for (; *named; named++) {
		if (g_str_equal(path, *named) || is_page(path, *named))
			return TRUE;
	}
	if (geteuid() == 0 && !below && !path_below(resolved, g_get_home_dir()) &&
	    !is_everybodys(resolved))
		return FALSE;
	return !broker_name_is_hidden(path) && !broker_name_is_hidden(below ? below : resolved);
}

/* ---- the program that makes PDF and PNG of SVG ---- */

/* Only memory files have seals. Whatever else a decoder may hold, such as a packet socket, the
 * converter must not have: it runs another program, which others may rob. FALSE: errno. */
static gboolean
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
 * one who asked to read, and for the converter to write. fds[0] and fds[1] are as broker_convert()
 * says of *made and *end. FALSE: errno. */
static gboolean
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

/* Waits for the end of what was started, and tells it over *end. Kills it, and all that it started,
 * where nobody waits for it any more. */
static void
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

/* ---- requests; each leaves errno where it fails ---- */

static gboolean
draft(Broker *broker, const Request *request, Answer *answer, int fds[MESSAGE_FDS])
{
	guint number = 0;

	while (number < PLACES && broker->places[number].fd >= 0)
		number++;
	errno = EMFILE;
	if (number == PLACES)
		return FALSE;
	if (!may_name(request->path, broker->named)) {
		errno = ENOKEY; /* which no file system says */
		return FALSE;
	}
	if (!place_draft(&broker->places[number], request->path,
			 g_strv_contains(broker->named, request->path), request->number != 0,
			 broker->socket))
		return FALSE;
	fds[0] = dup(broker->places[number].fd);
	answer->number = number;
	answer->flags = broker->places[number].path != NULL;
	return fds[0] >= 0;
}

static void
answer_send(int socket, const Answer *answer, int fds[MESSAGE_FDS])
{
	if (!message_send(socket, answer, sizeof(*answer), fds))
		_exit(0);
	for (int i = 0; i < MESSAGE_FDS; i++)
		fd_clear(&fds[i]);
}

static gboolean
request_handle(Broker *broker, const Request *request, Answer *answer, int fds[MESSAGE_FDS])
{
	FilePlace *place = request->number < PLACES && broker->places[request->number].fd >= 0
			       ? &broker->places[request->number]
			       : NULL;

	switch ((RequestKind)request->kind) {
	case ASK:
		answer->flags = place_ask(request->path);
		return TRUE;
	case OPEN:
		errno = ENOKEY;
		if (!g_strv_contains(broker->named, request->path))
			return FALSE;
		fds[0] = place_open(request->path, O_CREAT | O_TRUNC, broker->socket);
		return fds[0] >= 0;
	case DRAFT:
		return draft(broker, request, answer, fds);
	case PUBLISH:
		errno = EBADF;
		return place && place_publish(place, answer->suffix, sizeof(answer->suffix));
	case DISCARD:
		errno = EBADF;
		if (place)
			place_discard(place);
		return place != NULL;
	case PAGE: /* takes the descriptor that came */
		return converter_add_page(&broker->converter, g_steal_fd(&fds[0]));
	case CONVERT: /* answers as soon as the converter runs, and goes on when it has ended */
		if (!converter_start(&broker->converter, &request->document, fds))
			return FALSE;
		answer_send(broker->socket, answer, fds);
		converter_watch(&broker->converter);
		return TRUE;
	}
	g_assert_not_reached();
}

void
serve(BrokerKind kind, int socket, const char *const *named)
{
	static const BrokerKind whose[] = {
		[ASK] = BROKER_FILES,         [OPEN] = BROKER_FILES,    [DRAFT] = BROKER_FILES,
		[PUBLISH] = BROKER_FILES,     [DISCARD] = BROKER_FILES, [PAGE] = BROKER_CONVERTER,
		[CONVERT] = BROKER_CONVERTER,
	};
	Broker broker = { .socket = socket, .named = named };
	int fds[MESSAGE_FDS];
	Request request;

	for (guint i = 0; i < PLACES; i++)
		broker.places[i].fd = -1;
	if (kind == BROKER_CONVERTER) {
		struct rlimit limit;

		broker.converter.program = g_find_program_in_path(CONVERTER);
		broker.converter.pages = g_array_new(FALSE, FALSE, sizeof(int));
		g_array_set_clear_func(broker.converter.pages, (GDestroyNotify)fd_clear);
		/* A descriptor for each page. */
		if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
			limit.rlim_cur = limit.rlim_max;
			setrlimit(RLIMIT_NOFILE, &limit);
		}
	}
	confine(kind == BROKER_FILES ? CONFINE_FILES : CONFINE_CONVERTING, &socket, 1);
	while (message_receive(socket, &request, sizeof(request), fds)) {
		Answer answer = { 0 };

		/* Nobody honest is left where a request is none that a client of ours would send.
		 */
		if (request.kind >= G_N_ELEMENTS(whose) || whose[request.kind] != kind ||
		    memchr(request.path, '\0', sizeof(request.path)) == NULL)
			_exit(1);
		request.document.format[sizeof(request.document.format) - 1] = '\0';
		if (!request_handle(&broker, &request, &answer, fds))
			answer.error = errno ? errno : EIO;
		else if (request.kind == CONVERT)
			continue;
		answer_send(socket, &answer, fds);
	}
	for (guint i = 0; i < PLACES; i++)
		place_discard(&broker.places[i]);
	_exit(0);
}

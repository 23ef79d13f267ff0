/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "converter.h"
#include "message.h"
#include "place.h"
#include "pktladder/confine.h"
#include "pktladder/fd.h"

/* Drafts at a time: pages of a figure come one after the other. */
enum { PLACES = 8 };

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
		fds[0] = place_open(request->path, broker->socket);
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
	if (kind == BROKER_CONVERTER)
		converter_init(&broker.converter);
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

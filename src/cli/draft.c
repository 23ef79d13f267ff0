#include "draft.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pktladder/i18n.h"
#include "pktladder/text.h"

#define NAME_TRIES 100

struct _Draft {
	int fd;
	char *name;	 /* for people */
	char *path;	 /* that it will have; NULL: it is written straight into */
	char *temporary; /* that it has; NULL none */
};

static gboolean
fail(const char *name, int reason, GError **error)
{
	g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(reason), _("%s cannot be written: %s"),
		    name, g_strerror(reason));
	return FALSE;
}

/* ---- the beginning ---- */

/* Through /proc it can be named later; without, it needs a name from the start. */
static int
open_unnamed(const char *path)
{
	g_autofree char *folder = g_path_get_dirname(path);

	if (access("/proc/self/fd", X_OK) != 0)
		return -1;
	return open(folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
}

static int
open_named(Draft *draft)
{
	int fd;

	draft->temporary = g_strconcat(draft->path, ".XXXXXX", NULL);
	fd = g_mkstemp_full(draft->temporary, O_WRONLY | O_CLOEXEC, 0666);
	if (fd < 0)
		g_clear_pointer(&draft->temporary, g_free);
	return fd;
}

static int
open_hidden(Draft *draft, const struct stat *before)
{
	int fd = open_unnamed(draft->path);

	if (fd < 0)
		fd = open_named(draft);
	/* Who might read the old one, may read the new one, and nobody else. */
	if (fd >= 0 && before && fchmod(fd, before->st_mode & 0777) != 0)
		g_debug("%s has another mode", draft->path);
	return fd;
}

/* -1: errno says why. */
static int
open_place(Draft *draft, const char *path)
{
	g_autofree char *real = NULL;
	struct stat info;
	gboolean there = stat(path, &info) == 0;

	if (there && S_ISDIR(info.st_mode)) {
		errno = EISDIR;
		return -1;
	}
	/* What may not be written is not replaced either. */
	if (there && access(path, W_OK) != 0)
		return -1;
	if (there && !S_ISREG(info.st_mode))
		return open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	real = there ? realpath(path, NULL) : NULL;
	draft->path = g_strdup(real ? real : path);
	return open_hidden(draft, there ? &info : NULL);
}

Draft *
draft_new(const char *path, GError **error)
{
	gboolean out = g_str_equal(path, "-");
	g_autoptr(Draft) draft = g_new0(Draft, 1);

	draft->name = out ? g_strdup(_("standard output")) : text_escape(path, -1);
	draft->fd = out ? STDOUT_FILENO : open_place(draft, path);
	if (draft->fd < 0) {
		fail(draft->name, errno, error);
		return NULL;
	}
	return g_steal_pointer(&draft);
}

/* ---- writing ---- */

int
draft_fd(const Draft *draft)
{
	return draft->fd;
}

const char *
draft_name(const Draft *draft)
{
	return draft->name;
}

gboolean
draft_is_hidden(const Draft *draft)
{
	return draft->path != NULL;
}

gboolean
draft_write(Draft *draft, const void *bytes, gsize length, GError **error)
{
	const char *next = bytes;

	while (length > 0) {
		gssize n = write(draft->fd, next, length);

		if (n < 0 && errno == EPIPE && draft->fd == STDOUT_FILENO)
			return TRUE;
		if (n < 0 && errno != EINTR)
			return fail(draft->name, errno, error);
		next += MAX(n, 0);
		length -= MAX(n, 0);
	}
	return TRUE;
}

/* ---- the end ---- */

/* FALSE: errno says why. */
static gboolean
link_to(const Draft *draft, const char *path)
{
	g_autofree char *open_file = g_strdup_printf("/proc/self/fd/%d", draft->fd);

	return linkat(AT_FDCWD, open_file, AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0;
}

/* A name beside the one that is wanted. */
static gboolean
temporary_link(Draft *draft)
{
	for (int i = 0; i < NAME_TRIES; i++) {
		g_autofree char *name = g_strdup_printf("%s.%06x", draft->path, g_random_int() >> 8);

		if (link_to(draft, name)) {
			draft->temporary = g_steal_pointer(&name);
			return TRUE;
		}
		if (errno != EEXIST)
			break;
	}
	return FALSE;
}

static gboolean
place_take(Draft *draft)
{
	if (!draft->temporary) {
		if (link_to(draft, draft->path))
			return TRUE;
		if (errno != EEXIST || !temporary_link(draft))
			return FALSE;
	}
	if (g_rename(draft->temporary, draft->path) != 0)
		return FALSE;
	g_clear_pointer(&draft->temporary, g_free);
	return TRUE;
}

gboolean
draft_publish(Draft *draft, GError **error)
{
	if (!draft->path || (fsync(draft->fd) == 0 && place_take(draft)))
		return TRUE;
	return fail(draft->name, errno, error);
}

void
draft_free(Draft *draft)
{
	if (!draft)
		return;
	if (draft->fd > STDERR_FILENO)
		close(draft->fd);
	if (draft->temporary)
		g_unlink(draft->temporary);
	g_free(draft->temporary);
	g_free(draft->path);
	g_free(draft->name);
	g_free(draft);
}

gboolean
draft_place_is_ordinary(const char *path, GError **error)
{
	g_autofree char *safe = text_escape(path, -1);
	struct stat info;

	if (stat(path, &info) != 0 || S_ISREG(info.st_mode))
		return TRUE;
	g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
		    _("%s is no ordinary file: give another name"), safe);
	return FALSE;
}

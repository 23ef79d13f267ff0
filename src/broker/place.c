/* SPDX-License-Identifier: MIT */
#include "place.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pktladder/broker.h"
#include "pktladder/fd.h"

enum { NAME_TRIES = 100, PIPE_MS = 50 };

/* What is made may be read and written as far as the umask allows, and is no program. */
#define MODE 0666

guint
place_ask(const char *path)
{
	struct stat info;
	guint found = lstat(path, &info) == 0 ? BROKER_THERE : 0;

	if (stat(path, &info) != 0 || S_ISREG(info.st_mode))
		found |= BROKER_ORDINARY;
	return found;
}

int
place_open(const char *path, int flags, int peer)
{
	struct pollfd gone = { .fd = peer };
	struct stat info;
	int fd;

	while ((fd = open(path, flags | O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, MODE)) < 0 &&
	       errno == ENXIO) {
		/* open() says the same of sockets and terminals. */
		if (stat(path, &info) != 0 || !S_ISFIFO(info.st_mode)) {
			errno = ENXIO;
			return -1;
		}
		if (poll(&gone, 1, PIPE_MS) == 1 && gone.revents & (POLLHUP | POLLERR)) {
			errno = EINTR;
			return -1;
		}
	}
	if (fd >= 0)
		fcntl(fd, F_SETFL, 0);
	return fd;
}

/* ---- drafts ---- */

static int
open_place(FilePlace *place, const char *path, int peer)
{
	struct stat before;
	gboolean there = stat(path, &before) == 0;
	int fd = -1;

	if (there && S_ISDIR(before.st_mode)) {
		errno = EISDIR;
		return -1;
	}
	/* A file that may not be written is not replaced either. */
	if (there && access(path, W_OK) != 0)
		return -1;
	if (there && !S_ISREG(before.st_mode) && place->named)
		return place_open(path, 0, peer);
	if (there && !S_ISREG(before.st_mode)) {
		errno = ENOKEY;
		return -1;
	}
	/* A part stands beside what the user named, which may be a link. */
	g_autofree char *real = there && !place->part ? realpath(path, NULL) : NULL;
	place->path = g_strdup(real ? real : path);
	g_autofree char *folder = g_path_get_dirname(place->path);
	/* Through /proc it can be named later; without, it needs a name from the start. */
	if (access("/proc/self/fd", X_OK) == 0)
		fd = open(folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, MODE);
	if (fd < 0) {
		place->temporary = g_strconcat(place->path, ".XXXXXX", NULL);
		fd = g_mkstemp_full(place->temporary, O_WRONLY | O_CLOEXEC, MODE);
	}
	if (fd < 0)
		g_clear_pointer(&place->temporary, g_free);
	if (fd < 0 || !there)
		return fd;
	/* Who might read the old file, may read the new one, and nobody else: where the group is
	 * another, its members may do what all others might. Only root gives a file to the user
	 * whose it was. */
	mode_t mode = before.st_mode & MODE;
	fchmod(fd, (mode & ~(mode_t)S_IRWXG) | (mode & S_IRWXO) << 3);
	if (fchown(fd, geteuid() == 0 ? before.st_uid : (uid_t)-1, before.st_gid) == 0)
		fchmod(fd, mode);
	return fd;
}

gboolean
place_draft(FilePlace *place, const char *path, gboolean named, gboolean part, int peer)
{
	*place = (FilePlace){ .named = named, .part = part };
	place->fd = open_place(place, path, peer);
	if (place->fd >= 0)
		return TRUE;
	place_discard(place);
	return FALSE;
}

/* ---- the end ---- */

static gboolean
link_to(const FilePlace *place, const char *path)
{
	g_autofree char *open_file = g_strdup_printf("/proc/self/fd/%d", place->fd);

	return linkat(AT_FDCWD, open_file, AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0;
}

static gboolean
name_take(FilePlace *place)
{
	if (!place->temporary && link_to(place, place->path))
		return TRUE;
	/* A name beside the one that is wanted. */
	for (int i = 0; !place->temporary && errno == EEXIST && i < NAME_TRIES; i++) {
		g_autofree char *name =
		    g_strdup_printf("%s.%06x", place->path, g_random_int() >> 8);

		if (link_to(place, name))
			place->temporary = g_steal_pointer(&name);
	}
	if (!place->temporary || g_rename(place->temporary, place->path) != 0)
		return FALSE;
	g_clear_pointer(&place->temporary, g_free);
	return TRUE;
}

/* Gives it a name that is free. FALSE: EEXIST where it is not. Not all file systems have a
 * rename() that replaces nothing. */
static gboolean
free_name_take(FilePlace *place, const char *name)
{
	struct stat info;

	if (!place->temporary)
		return link_to(place, name);
	gboolean taken =
	    renameat2(AT_FDCWD, place->temporary, AT_FDCWD, name, RENAME_NOREPLACE) == 0;
	if (!taken && (errno == EINVAL || errno == ENOSYS)) {
		taken = lstat(name, &info) != 0 && g_rename(place->temporary, name) == 0;
		errno = taken ? 0 : EEXIST;
	}
	if (taken)
		g_clear_pointer(&place->temporary, g_free);
	return taken;
}

static gboolean
part_name_take(FilePlace *place, char *suffix, gsize size)
{
	g_strlcpy(suffix, ".partial", size);
	for (guint n = 2;; n++) {
		g_autofree char *name = g_strconcat(place->path, suffix, NULL);

		if (free_name_take(place, name))
			return TRUE;
		if (errno != EEXIST)
			return FALSE;
		g_snprintf(suffix, size, ".partial.%u", n);
	}
}

gboolean
place_publish(FilePlace *place, char *suffix, gsize size)
{
	gboolean done = !place->path ||
			(fsync(place->fd) == 0 &&
			 (place->part ? part_name_take(place, suffix, size) : name_take(place)));

	place_discard(place);
	return done;
}

void
place_discard(FilePlace *place)
{
	int reason = errno;

	fd_clear(&place->fd);
	if (place->temporary)
		g_unlink(place->temporary);
	g_free(place->temporary);
	g_free(place->path);
	*place = (FilePlace){ .fd = -1 };
	errno = reason;
}

/* SPDX-License-Identifier: MIT */
#include "pktladder/draft.h"

#include <errno.h>
#include <unistd.h>

#include "pktladder/fd.h"
#include "pktladder/broker.h"
#include "pktladder/complain.h"
#include "pktladder/i18n.h"
#include "pktladder/text.h"

static gboolean
fail(const Draft *draft, GError **error)
{
	return refuse_file(error, _("%s cannot be written: %s"), draft->name, g_strerror(errno));
}

Draft *
draft_new(const char *path, const char *part, GError **error)
{
	gboolean out = g_str_equal(path, "-");
	g_autoptr(Draft) draft = g_new0(Draft, 1);

	draft->name = out ? g_strdup(_("standard output")) : text_escape(path, -1);
	draft->fd =
	    out ? STDOUT_FILENO : broker_draft(path, part != NULL, &draft->number, &draft->hidden);
	draft->of_broker = !out && draft->fd >= 0;
	draft->part = draft->hidden ? part : NULL; /* else there is nothing to replace */
	if (draft->fd >= 0)
		return g_steal_pointer(&draft);
	if (errno != ENOKEY) {
		fail(draft, error);
		return NULL;
	}
	/* The broker has its rules for names that the command line does not have. */
	error_set(error, G_FILE_ERROR, G_FILE_ERROR_ACCES,
		  broker_name_is_hidden(path)
		      ? _("%s cannot be written from the screen: files and folders whose names "
			  "begin with a dot are for settings and programs. Give another name")
		      : _("%s cannot be written from the screen: choose a name below the folder in "
			  "which pktladder was started"),
		  draft->name);
	return NULL;
}

gboolean
draft_publish(Draft *draft, GError **error)
{
	char suffix[BROKER_SUFFIX_MAX];

	if (!draft->of_broker)
		return TRUE;
	draft->of_broker = FALSE;
	if (!broker_publish(draft->number, suffix))
		return fail(draft, error);
	g_autofree char *asked = draft->name;
	draft->name = g_strconcat(asked, suffix, NULL);
	return TRUE;
}

gboolean
draft_write(Draft *draft, const void *bytes, gsize length, GError **error)
{
	if (draft->enough || bytes_write(draft->fd, bytes, length))
		return TRUE;
	draft->enough = errno == EPIPE && draft->fd == STDOUT_FILENO;
	return draft->enough || fail(draft, error);
}

Draft *
draft_replace(const char *path, const char *part, GBytes *bytes, GError **error)
{
	g_autoptr(Draft) draft = draft_new(path, part, error);
	gsize length;
	const void *data = g_bytes_get_data(bytes, &length);

	if (!draft)
		return NULL;
	return draft_write(draft, data, length, error) && draft_publish(draft, error)
		   ? g_steal_pointer(&draft)
		   : NULL;
}

char *
draft_tell(const Draft *draft, char *text)
{
	g_autofree char *done = text;

	if (!draft->part)
		return g_steal_pointer(&done);
	return g_strdup_printf(_("%s %s: no file was replaced."), done, draft->part);
}

void
draft_free(Draft *draft)
{
	if (!draft)
		return;
	if (draft->fd > STDERR_FILENO)
		close(draft->fd);
	if (draft->of_broker)
		broker_discard(draft->number);
	g_free(draft->name);
	g_free(draft);
}

gboolean
draft_place_is_ordinary(const char *path, GError **error)
{
	g_autofree char *safe = text_escape(path, -1);

	if (broker_ask(path) & BROKER_ORDINARY)
		return TRUE;
	return error_set(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
			 _("%s is no ordinary file: give another name"), safe);
}

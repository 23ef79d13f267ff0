/* SPDX-License-Identifier: MIT */
#include "pktladder/cast.h"

#include <errno.h>
#include <json-glib/json-glib.h>
#include <unistd.h>

#include "pktladder/fd.h"
#include "pktladder/broker.h"
#include "pktladder/complain.h"
#include "pktladder/text.h"

struct _Cast {
	int fd;
	char *safe; /* the file's name, for people */
	char *title;
	Grid *shown; /* NULL nothing yet */
	gint64 start_us;
	goffset length; /* of the file: what is written whole */
	gboolean failed;
};

Cast *
cast_new(const char *path, const char *title, GError **error)
{
	g_autoptr(Cast) cast = g_new0(Cast, 1);

	cast->safe = text_escape(path, -1);
	cast->title = g_strdup(title);
	cast->fd = broker_open(path);
	if (cast->fd >= 0)
		return g_steal_pointer(&cast);
	refuse_file(error, _("%s cannot be written: %s"), cast->safe, g_strerror(errno));
	return NULL;
}

/* A line, whole or not at all. */
static gboolean
line_write(Cast *cast, const GString *line, GError **error)
{
	if (cast->failed)
		return FALSE;
	if (bytes_write(cast->fd, line->str, line->len)) {
		cast->length += line->len;
		return TRUE;
	}
	refuse_file(error, _("the recording of the screen ends here: %s cannot be written: %s"),
		    cast->safe, g_strerror(errno));
	cast->failed = TRUE;
	if (ftruncate(cast->fd, cast->length) < 0)
		g_debug("a pipe keeps what it has");
	return FALSE;
}

static char *
json_quote(const char *text)
{
	g_autoptr(JsonNode) node = json_node_init_string(json_node_alloc(), text);

	return json_to_string(node, FALSE);
}

static gboolean
header_write(Cast *cast, const Grid *grid, GError **error)
{
	static const char *const names[] = { "TERM", "SHELL" };
	g_autofree char *title = json_quote(cast->title);
	g_autoptr(GString) line = g_string_new(NULL);

	g_string_printf(line,
			"{\"version\":2,\"width\":%u,\"height\":%u,\"timestamp\":%" G_GINT64_FORMAT
			",\"title\":%s,\"env\":{",
			grid->columns, grid->rows, g_get_real_time() / G_USEC_PER_SEC, title);
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		const char *value = g_getenv(names[i]);
		g_autofree char *quoted = NULL;

		if (!value || !g_utf8_validate(value, -1, NULL))
			continue;
		quoted = json_quote(value);
		g_string_append_printf(line, "%s\"%s\":%s",
				       g_str_has_suffix(line->str, "{") ? "" : ",", names[i],
				       quoted);
	}
	g_string_append(line, "}}\n");
	return line_write(cast, line, error);
}

/* [1.234567, "o", "..."] */
static gboolean
event_write(Cast *cast, gint64 time_us, const char *code, const char *data, GError **error)
{
	g_autofree char *quoted = json_quote(data);
	g_autoptr(GString) line = g_string_new(NULL);

	g_string_printf(line, "[%" G_GINT64_FORMAT ".%06d, \"%s\", %s]\n", time_us / G_USEC_PER_SEC,
			(int)(time_us % G_USEC_PER_SEC), code, quoted);
	return line_write(cast, line, error);
}

gboolean
cast_show(Cast *cast, const Grid *grid, GError **error)
{
	g_autoptr(GString) changes = g_string_new(NULL);
	g_autofree char *size = g_strdup_printf("%ux%u", grid->columns, grid->rows);
	gint64 now_us = g_get_monotonic_time(), time_us;

	if (!cast->shown) {
		cast->start_us = now_us;
		g_string_append(changes, "\033[?25l"); /* no cursor */
		if (!header_write(cast, grid, error))
			return FALSE;
	} else if (cast->shown->rows != grid->rows || cast->shown->columns != grid->columns) {
		if (!event_write(cast, now_us - cast->start_us, "r", size, error))
			return FALSE;
	}
	time_us = now_us - cast->start_us;
	grid_to_ansi_changes(grid, cast->shown, changes);
	g_clear_pointer(&cast->shown, grid_free);
	cast->shown = grid_copy(grid);
	return changes->len == 0 || event_write(cast, time_us, "o", changes->str, error);
}

void
cast_free(Cast *cast)
{
	if (!cast)
		return;
	if (cast->shown && !cast->failed) {
		g_autofree char *end = g_strdup_printf("\033[%u;1H\033[?25h", cast->shown->rows);

		event_write(cast, g_get_monotonic_time() - cast->start_us, "o", end, NULL);
	}
	if (cast->fd >= 0)
		close(cast->fd);
	grid_free(cast->shown);
	g_free(cast->safe);
	g_free(cast->title);
	g_free(cast);
}

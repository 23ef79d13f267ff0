#include "raster.h"

#include <string.h>

#include "pktladder/i18n.h"
#include "pktladder/text.h"

#define PROGRAM "rsvg-convert"

static GSubprocess *
program_start(const char *format, const char *const *arguments, GError **error)
{
	g_autoptr(GPtrArray) argv = g_ptr_array_new();
	g_autoptr(GError) trouble = NULL;
	GSubprocess *program;

	g_ptr_array_add(argv, (char *)PROGRAM);
	g_ptr_array_add(argv, (char *)"--format");
	g_ptr_array_add(argv, (char *)format);
	for (gsize i = 0; arguments && arguments[i]; i++)
		g_ptr_array_add(argv, (char *)arguments[i]);
	g_ptr_array_add(argv, NULL);
	program = g_subprocess_newv((const char *const *)argv->pdata,
				    G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE |
					    G_SUBPROCESS_FLAGS_STDERR_PIPE,
				    &trouble);
	if (program)
		return program;
	if (g_error_matches(trouble, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT))
		g_set_error_literal(error, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT,
				    _("PNG and PDF are made by rsvg-convert, which is not "
				      "installed: apt-get install librsvg2-bin"));
	else
		g_set_error(error, G_SPAWN_ERROR, trouble->code, _("%s cannot be run: %s"), PROGRAM,
			    trouble->message);
	return NULL;
}

/* The first line of what it said. */
static char *
complaint(GBytes *said)
{
	gsize length = 0;
	const char *text = said ? g_bytes_get_data(said, &length) : NULL;
	const char *end = text ? memchr(text, '\n', length) : NULL;

	return text_escape(text ? text : "", end ? end - text : (gssize)length);
}

GBytes *
raster_make(const GString *svg, const char *format, const char *const *arguments, GError **error)
{
	g_autoptr(GSubprocess) program = program_start(format, arguments, error);
	g_autoptr(GBytes) input = g_bytes_new(svg->str, svg->len);
	g_autoptr(GBytes) said = NULL;
	g_autoptr(GBytes) made = NULL;
	g_autofree char *why = NULL;

	if (!program || !g_subprocess_communicate(program, input, NULL, &made, &said, error))
		return NULL;
	if (g_subprocess_get_successful(program) && made && g_bytes_get_size(made) > 0)
		return g_steal_pointer(&made);
	why = complaint(said);
	g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, _("%s could not make the %s: %s"), PROGRAM,
		    format, why);
	return NULL;
}

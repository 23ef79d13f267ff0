/* SPDX-License-Identifier: MIT */
/* terminfo.c - what the terminal's description says. */
#include "terminal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pktladder/complain.h"
#include "pktladder/screen.h"

#include <term.h> /* the description only: what draws is screen.c. Last: it has macros of words */

static gboolean
has_capability(const char *name)
{
	const char *value = tigetstr(name);

	return value && value != (char *)-1;
}

/* Reads the terminal's description, and holds it against what a screen needs. */
gboolean
terminfo_load(GError **error)
{
	const char *term = getenv("TERM");
	int reason = 0;

	if (!term || !*term)
		return refuse(error,
			      _("TERM is not set, so that nobody knows how to draw on this "
				"terminal. Set it (try TERM=xterm-256color), or use --text."));
	if (setupterm(term, STDOUT_FILENO, &reason) != 0 && reason < 0)
		return refuse(error, _("The terminals' descriptions (terminfo) are not installed: "
				       "the package ncurses-base has them. Or use --text."));
	if (reason == 0)
		return refuse(error,
			      _("The terminal type \"%s\" (TERM) is not known here. Try "
				"TERM=xterm-256color, or use --text."),
			      term);
	if (has_capability("cup") && has_capability("clear"))
		return TRUE;
	return refuse(error,
		      _("A terminal of type \"%s\" (TERM) cannot place its cursor. If it really "
			"can, try TERM=xterm-256color, else use --text."),
		      term);
}

gboolean
screen_knows(const char *term)
{
	int reason = 0;

	if (setupterm(term, STDOUT_FILENO, &reason) == 0)
		del_curterm(cur_term);
	return reason == 1;
}

#define ENTRY_MAX 32768 /* bytes; ncurses reads no more */

void
screen_keep_description(void)
{
	g_autofree char *own = g_build_filename(g_get_home_dir(), ".terminfo", NULL);
	const char *term = getenv("TERM"), *const folders[] = { getenv("TERMINFO"), own };

	if (!term || !*term || strchr(term, '/'))
		return;
	for (guint i = 0; i < G_N_ELEMENTS(folders); i++) {
		g_autofree char *path =
		    g_strdup_printf("%s/%c/%s", folders[i] ? folders[i] : own, term[0], term);
		g_autofree char *bytes = NULL;
		gsize length;

		struct stat info;

		if (stat(path, &info) != 0 || !S_ISREG(info.st_mode) || info.st_size > ENTRY_MAX ||
		    !g_file_get_contents(path, &bytes, &length, NULL))
			continue;
		g_autofree char *coded = g_base64_encode((guchar *)bytes, length);
		g_autofree char *value = g_strconcat("b64:", coded, NULL);
		g_setenv("TERMINFO", value, TRUE);
		return;
	}
}

static GString *collected; /* tputs() takes a function without data */

static int
collect(int character)
{
	g_string_append_c(collected, character);
	return character;
}

/* The bytes that undo what ncurses, and screen.c, do to the screen. CAN ends a sequence that
 * was cut short. */
GString *
terminfo_restore(void)
{
	static const char *const capabilities[] = { "sgr0", "op", "rmkx", "cnorm", "rmcup" };

	collected = g_string_new(NULL);
	if (g_str_has_prefix(tigetstr("cup"), "\033["))
		g_string_append_c(collected, '\030');
	if (has_capability("kmous"))
		g_string_append(collected, TERMINFO_MOUSE_OFF);
	for (gsize i = 0; i < G_N_ELEMENTS(capabilities); i++)
		if (has_capability(capabilities[i]))
			tputs(tigetstr(capabilities[i]), 1, collect);
	g_string_truncate(collected, MIN(collected->len, TERMINAL_RESTORE_MAX));
	del_curterm(cur_term); /* newterm() makes its own */
	return g_steal_pointer(&collected);
}

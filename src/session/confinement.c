/* SPDX-License-Identifier: MIT */
#include "pktladder/confinement.h"

#include <iconv.h>
#include <langinfo.h>
#include <libintl.h>
#include <signal.h>
#include <string.h>
#include <wchar.h>

#include "pktladder/memory.h"
#include "pktladder/broker.h"
#include "pktladder/confine.h"
#include "pktladder/network.h"
#include "pktladder/screen.h"
#include "pktladder/store.h"

gboolean
confinement_prepare(const char *file, const char *other, gboolean converts, GError **error)
{
	const char *names[] = { file ? file : other, file ? other : NULL, NULL };

	return broker_start(BROKER_FILES, names, error) &&
	       (!converts || broker_start(BROKER_CONVERTER, names, error));
}

gboolean
confinement_drop_root(GError **error)
{
	gboolean changes = privileges_can_change_user();

	if (changes) {
		store_reserve();
		if (!privileges_are_lent())
			screen_keep_description();
	}
	return privileges_drop(changes, error);
}

void
confinement_enter(const Capture *capture)
{
	static const struct {
		const char *domain, *message;
	} found[] = { { GETTEXT_PACKAGE, "Client" },
		      { "libc", "No such file or directory" },
		      { "glib20", "Usage:" } };
	const int sockets[] = { broker_fd(BROKER_FILES), broker_fd(BROKER_CONVERTER) };
	wchar_t character;
	mbstate_t state = { 0 };

	/* gettext opens a catalog when it is first asked for a message, and all those of a list
	 * of languages for one that none of them has; it converts them when it has found one. */
	for (gsize i = 0; i < G_N_ELEMENTS(found); i++) {
		(dgettext)(found[i].domain, "no catalog has this message");
		(dgettext)(found[i].domain, found[i].message);
	}
	strsignal(SIGTERM);
	/* The C library loads a character set when it is first used, and keeps it while it is in
	 * use. Both ways; the descriptors are never closed. */
	mbrtowc(&character, "a", 1, &state);
	if (!g_get_charset(NULL)) {
		iconv_open("UTF-8", nl_langinfo(CODESET));
		iconv_open(nl_langinfo(CODESET), "UTF-8");
	}
	/* GLib keeps the zone as long as TZ has the zone's name. */
	GTimeZone *zone = g_time_zone_new_local(); /* kept */
	g_setenv("TZ", g_time_zone_get_identifier(zone), TRUE);
	g_time_zone_unref(g_time_zone_new_local());
	g_get_home_dir();
	memory_open();
	if (capture && capture_is_live(capture) && !confine_to_reading(capture_fd(capture)))
		g_debug("this kernel has no seccomp: packets could be sent");
	if (!confine(CONFINE_DRAWING, sockets, G_N_ELEMENTS(sockets)))
		g_debug("this kernel has no seccomp");
}

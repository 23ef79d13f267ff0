/* live, replay and doctor. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "confinement.h"
#include "doctor.h"
#include "pktladder/i18n.h"
#include "pktladder/network.h"
#include "pktladder/screen.h"
#include "pktladder/text.h"
#include "save.h"
#include "view.h"

/* "tcp port 80" may come as one word or as several. */
static char *
filter_join(char **words)
{
	return words && words[0] ? g_strjoinv(" ", words) : NULL;
}

static int
interfaces_list(void)
{
	g_autoptr(GError) error = NULL;
	g_auto(GStrv) interfaces = capture_interfaces(&error);

	if (!interfaces) {
		complain("%s", error->message);
		return STATUS_FAILED;
	}
	for (guint i = 0; interfaces[i]; i++) {
		g_autofree char *name = text_escape(interfaces[i], strcspn(interfaces[i], "\t"));
		const char *tab = strchr(interfaces[i], '\t');
		g_autofree char *what = text_escape(tab ? tab + 1 : "", -1);

		printf("%-16s %s\n", name, what);
	}
	return STATUS_OK;
}

static Session *
live_open(const Options *options, const char *interface, GError **error)
{
	g_autofree char *filter = filter_join(options->rest);
	Capture *capture = view_prepare(options, error) ? capture_open_live(interface, filter, error)
							: NULL;
	g_autoptr(Session) session = NULL;

	if (!capture)
		return NULL;
	if (confinement_drop_root(error))
		session = session_new(capture, TRUE, options->verdicts, error);
	else
		capture_free(capture);
	if (!session)
		return NULL;
	capture_lock_filter(capture);
	session->packet_limit = options->count;
	if (!session_record(session, options->write, interface, error))
		return NULL;
	return g_steal_pointer(&session);
}

int
command_live(const Options *options)
{
	const char *interface = options->interface ? options->interface : "lo";
	g_autofree char *safe = text_escape(interface, -1);
	g_autoptr(GError) error = NULL;
	g_autoptr(Session) session = NULL;
	ViewOptions view = { .title = _("live"), .source = safe };

	if (options->interfaces)
		return interfaces_list();
	session = live_open(options, interface, &error);
	if (!session) {
		complain("%s", error->message);
		return STATUS_FAILED;
	}
	if (!view_is_interactive(options))
		complain(_("listening on %s; Ctrl-C ends"), interface);
	return view_run(session, options, &view);
}

static Session *
replay_open(const Options *options, const char *path, const char *filter, GError **error)
{
	CaptureFlags flags = options->follow ? CAPTURE_FOLLOW : CAPTURE_DEFAULT;
	CaptureInput *input = view_prepare(options, error) ? input_open(path, flags, error) : NULL;
	Capture *capture = input ? capture_open_input(input, filter, error) : NULL;

	return capture ? session_new(capture, TRUE, options->verdicts, error) : NULL;
}

int
command_replay(const Options *options)
{
	char **rest = options->rest;
	const char *path = options->read;
	g_autofree char *filter = NULL;
	g_autofree char *safe = NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(Session) session = NULL;
	ViewOptions view = { 0 };

	if (!path && rest && rest[0])
		path = *rest++;
	if (!path) {
		complain(_("say which capture to draw: pktladder replay FILE (\"-\" is standard input)"));
		return STATUS_USAGE;
	}
	filter = filter_join(rest);
	session = replay_open(options, path, filter, &error);
	if (!session) {
		complain("%s", error->message);
		return STATUS_FAILED;
	}
	session->packet_limit = options->count;
	if (options->write)
		return save_file(session, options);
	safe = text_escape(path, -1);
	view.title = safe;
	view.replay = TRUE;
	return view_run(session, options, &view);
}

int
command_doctor(const Options *options)
{
	g_autoptr(GString) report = g_string_new(NULL);
	gboolean well;

	if (options->profile) {
		g_autofree char *profile = doctor_apparmor_profile();

		fputs(profile, stdout);
		return STATUS_OK;
	}
	well = doctor_run(report, screen_glyphs(options->ascii) == GLYPHS_ASCII);
	fputs(report->str, stdout);
	return well ? STATUS_OK : STATUS_FAILED;
}

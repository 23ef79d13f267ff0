/* SPDX-License-Identifier: MIT */
/* live, replay and doctor. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "pktladder/confinement.h"
#include "pktladder/conversations.h"
#include "doctor.h"
#include "pktladder/screen.h"
#include "pktladder/text.h"
#include "pktladder/save.h"
#include "pktladder/view.h"

static int
interfaces_list(void)
{
	g_autoptr(GError) error = NULL;
	g_auto(GStrv) interfaces = capture_interfaces(&error);

	if (!interfaces)
		return complain_failed(error);
	for (guint i = 0; interfaces[i]; i++) {
		g_autofree char *name = text_escape(interfaces[i], strcspn(interfaces[i], "\t"));
		const char *tab = strchr(interfaces[i], '\t');
		g_autofree char *what = text_escape(tab ? tab + 1 : "", -1);

		printf("%-16s %s\n", name, what);
	}
	return STATUS_OK;
}

int
command_live(const Options *options)
{
	const char *interface = options->interface ? options->interface : "lo";
	g_autofree char *safe = text_escape(interface, -1);
	/* "tcp port 80" may come as one word or as several. */
	g_autofree char *filter = options->rest ? g_strjoinv(" ", options->rest) : NULL;
	g_autoptr(Capture) capture = NULL;
	g_autoptr(GError) error = NULL;
	ViewOptions view = { .title = _("live"), .source = safe };

	if (options->interfaces)
		return interfaces_list();
	if (view_prepare(options, &error))
		capture = capture_open_live(interface, filter, &error);
	if (!capture || !confinement_drop_root(&error))
		return complain_failed(error);
	g_autoptr(Session) session = session_new(g_steal_pointer(&capture), TRUE, options->count,
						 options->verdicts.place, &error);
	if (session)
		capture_lock_filter(session->capture);
	if (!session || !session_record(session, options->write, &error))
		return complain_failed(error);
	if (!view_is_interactive(options))
		complain(_("listening on %s; Ctrl-C ends"), interface);
	return view_run(session, options, &view);
}

/* `replay -w`: reads all of the file and writes what the options show of it. */
static int
replay_save(Session *session, const Options *options)
{
	Selection selection = options_selection(options);
	g_auto(Job) job = { 0 };
	g_autoptr(GError) error = NULL;
	g_autofree char *done = NULL;

	interruption_catch();
	confinement_enter(NULL);
	if (session_read_whole(session) &&
	    conversations_select(options->conversations, session->trace, &selection, &error))
		job = save_begin(session->trace, session->store, &selection, options->write,
				 session_part_text(session), &error);
	conversation_set_unref(selection.set);
	if (job.data && job_complete(&job))
		done = job.kind->finish(job.data, &error);
	session_tell(session, TRUE); /* what the file was: cut short, empty */
	if (done)
		complain("%s", done);
	/* The signal says why: it came while a broker, or a pipe's reader, was waited for. */
	else if (interruption_signal() && g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_INTR))
		return 128 + interruption_signal();
	/* Who reads standard output has seen enough. */
	else if (g_str_equal(options->write, "-") &&
		 g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_PIPE))
		return STATUS_OK;
	else
		return error ? complain_failed(error) : 128 + interruption_signal();
	return session_status(session);
}

int
command_replay(const Options *options)
{
	g_autofree char *title = options_captures_text(options);
	g_autoptr(GError) error = NULL;
	g_autoptr(Session) session = NULL;
	ViewOptions view = { .title = title, .replay = TRUE };

	if (!options->captures)
		return complain_usage(_(
		    "say which capture to draw: pktladder replay FILE (\"-\" is standard input)"));
	if (view_prepare(options, &error))
		session = session_open((const char *const *)options->captures,
				       options->follow ? CAPTURE_FOLLOW : CAPTURE_DEFAULT,
				       options->capture_filter, TRUE, options->count,
				       options->verdicts.place, &error);
	if (!session)
		return complain_failed(error);
	return options->write ? replay_save(session, options) : view_run(session, options, &view);
}

int
command_doctor(const Options *options)
{
	g_autoptr(GString) report = g_string_new(NULL);

	if (options->profile) {
		g_autofree char *profile = doctor_apparmor_profile();

		fputs(profile, stdout);
		return STATUS_OK;
	}
	gboolean well = doctor_run(report, screen_glyphs(options->ascii) == GLYPHS_ASCII);
	fputs(report->str, stdout);
	return well ? STATUS_OK : STATUS_FAILED;
}

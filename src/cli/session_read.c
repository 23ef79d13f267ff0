/* SPDX-License-Identifier: MIT */
/* session_read.c - how the capture was read: how far, whether all of it; what is said of
 * that, and the exit status. And a packet again. */
#include "session.h"

#include <poll.h>
#include <signal.h>

#include "pktladder/i18n.h"

/* ---- commands without a screen ---- */

static volatile sig_atomic_t interrupted;

static void
on_interrupt(int number)
{
	interrupted = number;
}

void
interruption_catch(void)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
	struct sigaction action = { .sa_handler = on_interrupt };

	for (guint i = 0; i < G_N_ELEMENTS(numbers); i++)
		sigaction(numbers[i], &action, NULL);
}

int
interruption_signal(void)
{
	return interrupted;
}

gboolean
session_read_whole(Session *session)
{
	while (!session->ended && !interrupted) {
		gboolean more = session_pump(session);
		struct pollfd wait = { .events = POLLIN };

		if (more || session->ended || !session->capture)
			continue;
		wait.fd = capture_fd(session->capture);
		poll(&wait, 1, session_timeout(session)); /* a pipe */
	}
	return !interrupted;
}

/* ---- how far, and what is said of it ---- */

gboolean
session_progress(const Session *session, guint64 *read_bytes, guint64 *total_bytes)
{
	if (!session->capture || capture_is_live(session->capture))
		return FALSE;
	capture_progress(session->capture, read_bytes, total_bytes);
	return TRUE;
}

gboolean
session_fetch(const Event *event, Packet *packet, gpointer data)
{
	Session *session = data;

	return session->store && store_fetch(session->store, event_offset(event), packet, NULL);
}

const char *
session_part_text(const Session *session)
{
	static const char *const texts[] = {
		[READ_GOES_ON] = N_("Reading has not ended"),
		[READ_STOPPED] = N_("Reading was stopped"),
		[READ_BROKEN] = N_("Not all could be read"),
	};

	if (session->read == READ_WHOLE ||
	    (session->read == READ_GOES_ON && capture_is_live(session->capture)))
		return NULL;
	return _(texts[session->read]);
}

int
session_status(const Session *session)
{
	if (session->failed)
		return STATUS_FAILED;
	return session->read == READ_BROKEN ? STATUS_PART : STATUS_OK;
}

void
session_tell(const Session *session, gboolean notes)
{
	for (guint i = 0; notes && i < session->notes->len; i++) {
		const char *note = session->notes->pdata[i];

		if (!g_ptr_array_find_with_equal_func(session->troubles, note, g_str_equal, NULL))
			complain("%s", note);
	}
	for (guint i = 0; i < session->troubles->len; i++)
		complain("%s", (char *)session->troubles->pdata[i]);
}

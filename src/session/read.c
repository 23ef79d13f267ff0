/* SPDX-License-Identifier: MIT */
/* read.c - how the capture was read: how far, whether all of it; what is said of
 * that, and the exit status. And a packet again. */
#include "pktladder/session.h"

#include <poll.h>

#include "pktladder/complain.h"

gboolean
session_read_whole(Session *session)
{
	while (!session->ended && interruption_signal() == 0) {
		gboolean more = session_pump(session);
		struct pollfd wait = { .events = POLLIN };

		if (more || session->ended || !session->capture)
			continue;
		wait.fd = capture_fd(session->capture);
		poll(&wait, 1, session_timeout(session)); /* a pipe */
	}
	return interruption_signal() == 0;
}

/* ---- how far, and what is said of it ---- */

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
session_failure(const Session *session)
{
	return session->runs ? STATUS_OWN_FAILURE : STATUS_FAILED;
}

int
session_status(const Session *session)
{
	if (session->runs && session->status != STATUS_OK)
		return session->status;
	if (session->failed || (session->runs && session->read == READ_BROKEN))
		return session_failure(session);
	return session->read == READ_BROKEN ? STATUS_PART : STATUS_OK;
}

void
session_tell(const Session *session, gboolean notes)
{
	for (guint i = 0; notes && i < session->notes->len; i++) {
		const char *note = session->notes->pdata[i];

		if (!g_ptr_array_find_with_equal_func(session->notices, note, g_str_equal, NULL))
			complain("%s", note);
	}
	for (guint i = 0; i < session->notices->len; i++)
		complain("%s", (char *)session->notices->pdata[i]);
}

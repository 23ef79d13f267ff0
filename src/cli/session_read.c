/* session_read.c - how the capture was read: how far, whether all of it; what is said of
 * that, and the exit status. And a packet again. */
#include "options.h"
#include "pktladder/i18n.h"
#include "pktladder/text.h"
#include "session.h"

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

static gboolean
trouble_has(const Session *session, const char *text)
{
	for (guint i = 0; i < session->troubles->len; i++) {
		g_autofree char *safe = text_escape(session->troubles->pdata[i], -1);

		if (g_str_equal(safe, text))
			return TRUE;
	}
	return FALSE;
}

void
session_tell(const Session *session, gboolean notes)
{
	for (guint i = 0; notes && i < session->notes->len; i++) {
		if (!trouble_has(session, session->notes->pdata[i]))
			complain("%s", (char *)session->notes->pdata[i]);
	}
	for (guint i = 0; i < session->troubles->len; i++)
		complain("%s", (char *)session->troubles->pdata[i]);
}

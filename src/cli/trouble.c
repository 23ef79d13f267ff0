#include "trouble.h"

#include "pktladder/text.h"

void
trouble_tell(Trouble *trouble, TuiState *state, const char *text)
{
	g_autofree char *safe = text_escape(text, -1);

	if (g_strcmp0(safe, trouble->text) == 0)
		return;
	g_free(trouble->text);
	trouble->text = g_steal_pointer(&safe);
	state->notice_seen = 0;
}

void
trouble_forget(Trouble *trouble)
{
	g_clear_pointer(&trouble->text, g_free);
}

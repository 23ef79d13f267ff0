#include <errno.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "conversations.h"
#include "pktladder/i18n.h"
#include "view_private.h"

static guint
width_wanted(const Options *options)
{
	struct winsize size;

	if (options->width > 0)
		return options->width;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 24)
		return MIN(size.ws_col, 1000);
	return 100;
}

void
view_text_start(View *view, const Options *options)
{
	const char *no_color = g_getenv("NO_COLOR");

	view->text.printer = (Printer){
		.ladder = view->builder.ladder,
		.glyphs = screen_glyphs(options->ascii),
		.time = options->time,
		.spacing = { .ns_per_line = options->spacing_ns, .most = SPACING_MOST },
		.spacing_auto = options->spacing_auto,
		.play = &view->state.play,
		.width = width_wanted(options),
		.widens = options->width == 0 && !isatty(STDOUT_FILENO),
		.colour = isatty(STDOUT_FILENO) && (!no_color || !*no_color),
		/* `-w -`: standard output carries the recording, as in tcpdump. */
		.file = g_strcmp0(options->write, "-") == 0 ? NULL : stdout,
	};
	if (view->options->notice)
		complain("%s", view->options->notice);
}

void
view_text_update(View *view)
{
	Printer *printer = &view->text.printer;

	if (!printer->file || view->text.conversations || view->status != STATUS_OK)
		return;
	if (printer_update(printer, view->session->ended))
		return;
	/* `pktladder … | head`: the reader has seen enough. */
	if (errno != EPIPE) {
		complain(_("cannot write the ladder: %s"), g_strerror(errno));
		view->status = STATUS_FAILED;
	}
	view_quit(view);
}

gboolean
view_text_waits(const View *view)
{
	const Printer *printer = &view->text.printer;

	return printer->file && printer->spacing_auto && !view->session->ended;
}

gboolean
view_conversations_choose(View *view)
{
	guint n = flow_table_length(trace_flows(view->session->trace));
	g_autoptr(GError) error = NULL;

	if (conversations_select(view->text.conversations, n, &view->state.selection, &error)) {
		view_select(view);
		view->text.printer.ladder = view->builder.ladder;
	} else if (view->screen.terminal) {
		trouble_tell(&view->trouble, &view->state, error->message);
	} else {
		complain("%s", error->message);
		view->status = STATUS_USAGE;
	}
	view->text.conversations = NULL;
	return view->status == STATUS_OK;
}

/* SPDX-License-Identifier: MIT */
/* viewer.c - a ladder on the terminal with as little around it as there can be:
 * what tests/screens holds the screen against before there is a whole program.
 * X writes to nowhere, A aborts, O runs out of stack, n adds an exchange. With
 * --child there is a child as the tracer is one: forked, with all that is open.
 */
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "../unit/story.h"
#include "pktladder/screen.h"

typedef struct {
	Story story;
	Ladder *ladder;
	Screen *screen;
	TuiState state;
	Summary *summary;
	GPtrArray *detail, *output;
	gboolean stepping, quit;
	int status;
	const char *why;
} Viewer;

static TuiModel
model_make(const Viewer *viewer)
{
	return (TuiModel){
		.ladder = viewer->ladder,
		.title = "viewer día",
		.source = "bytes",
		.held = viewer->stepping ? "client: connect(3, 127.0.0.1:5000)" : NULL,
		.live = TRUE,
		.stepping = viewer->stepping,
		.detail = viewer->detail,
		.output = viewer->output,
		.n_conversations = flow_table_length(trace_flows(viewer->story.trace)),
		.summary = viewer->summary,
	};
}

static void
viewer_paint(Viewer *viewer)
{
	TuiModel model = model_make(viewer);
	g_autoptr(Grid) grid = NULL;

	tui_settle(&viewer->state, &model);
	grid = grid_new(viewer->state.rows, viewer->state.columns);
	tui_paint(&viewer->state, &model, grid);
	screen_show(viewer->screen, grid);
}

static void
ladder_make(Viewer *viewer)
{
	g_clear_pointer(&viewer->ladder, ladder_free);
	viewer->ladder = ladder_new(viewer->story.trace, viewer->state.selection);
	ladder_update(viewer->ladder);
}

static void
exchange_add(Viewer *viewer)
{
	story_tcp_demo(&viewer->story);
	viewer->story.port[SIDE_CLIENT]++;
	ladder_update(viewer->ladder);
	g_ptr_array_add(viewer->output, g_strdup("the server printed this"));
}

static void __attribute__((noinline)) stack_use(volatile char *before)
{
	volatile char more[4096];

	more[0] = before[0];
	if (more[0] == 0) /* always */
		stack_use(more);
	before[0] = more[0];
}

static gboolean
test_key(Viewer *viewer, const TuiInput *input)
{
	char nothing = 0;
	volatile char *volatile nowhere = NULL;

	if (input->key != TUI_KEY_CHARACTER)
		return FALSE;
	switch (input->character) {
	case 'X':
		*nowhere = nothing;
		return TRUE;
	case 'A':
		abort();
	case 'O':
		stack_use(&nothing);
		return TRUE;
	case 'n':
		exchange_add(viewer);
		return TRUE;
	default:
		return FALSE;
	}
}

static void
action_do(Viewer *viewer, TuiAction action)
{
	switch (action) {
	case TUI_QUIT:
		viewer->quit = TRUE;
		viewer->why = "quit";
		break;
	case TUI_RELEASE:
		exchange_add(viewer);
		break;
	case TUI_RELEASE_ALL:
		viewer->stepping = FALSE;
		break;
	case TUI_SUSPEND:
		screen_stop(viewer->screen);
		break;
	case TUI_REDRAW:
		screen_redraw(viewer->screen);
		break;
	case TUI_SELECTION:
		ladder_make(viewer);
		break;
	case TUI_SEARCH:
	case TUI_READING_STOP:
	case TUI_FIGURE:
	case TUI_SAVE:
	case TUI_PICTURE:
	case TUI_SEARCH_STOP:
	case TUI_NOTHING:
		break;
	}
}

static void
keys_read(Viewer *viewer)
{
	TuiInput input;

	while (screen_read(viewer->screen, &input)) {
		TuiModel model = model_make(viewer);

		tui_settle(&viewer->state, &model);
		if (!test_key(viewer, &input))
			action_do(viewer, tui_update(&viewer->state, &model, &input));
	}
	if (screen_gone(viewer->screen)) {
		viewer->quit = TRUE;
		viewer->why = "the terminal is gone";
	}
}

static void
signal_read(Viewer *viewer, int fd)
{
	struct signalfd_siginfo info;

	if (read(fd, &info, sizeof info) != sizeof info)
		return;
	switch (info.ssi_signo) {
	case SIGTSTP:
		screen_stop(viewer->screen);
		break;
	case SIGCONT:
		screen_resume(viewer->screen);
		break;
	case SIGWINCH:
		screen_resized(viewer->screen);
		break;
	default:
		viewer->quit = TRUE;
		viewer->why = g_strsignal(info.ssi_signo);
		viewer->status = 128 + info.ssi_signo;
	}
}

static int
signals_open(void)
{
	static const int numbers[] = {
		SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH
	};
	sigset_t set;

	sigemptyset(&set);
	for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++)
		sigaddset(&set, numbers[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void
viewer_run(Viewer *viewer)
{
	struct pollfd fds[] = { { .fd = screen_fd(viewer->screen), .events = POLLIN },
				{ .fd = signals_open(), .events = POLLIN } };

	while (!viewer->quit) {
		viewer_paint(viewer);
		poll(fds, G_N_ELEMENTS(fds), -1);
		if (fds[1].revents)
			signal_read(viewer, fds[1].fd);
		keys_read(viewer);
	}
	close(fds[1].fd);
}

static void
viewer_open(Viewer *viewer, gboolean ascii)
{
	guint rows, columns;

	screen_size(viewer->screen, &rows, &columns);
	tui_init(&viewer->state, rows, columns, screen_glyphs(ascii));
	story_init(&viewer->story, 4);
	viewer->detail = g_ptr_array_new_with_free_func(g_free);
	viewer->output = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(viewer->detail, g_strdup("Internet Protocol"));
	g_ptr_array_add(viewer->detail, g_strdup("  source 127.0.0.1"));
	viewer->summary = summary_new(viewer->story.trace);
	ladder_make(viewer);
	exchange_add(viewer);
}

static void
viewer_close(Viewer *viewer)
{
	tui_clear(&viewer->state);
	ladder_free(viewer->ladder);
	summary_free(viewer->summary);
	g_ptr_array_unref(viewer->detail);
	g_ptr_array_unref(viewer->output);
	story_clear(&viewer->story);
}

static pid_t
child_start(void)
{
	pid_t child = fork();

	while (child == 0)
		pause();
	return child;
}

int
main(int argc, char **argv)
{
	Viewer viewer = { 0 };
	gboolean ascii = FALSE, with_child = FALSE;
	pid_t child = 0;
	g_autoptr(GError) error = NULL;

	setlocale(LC_ALL, "");
	for (int i = 1; i < argc; i++) {
		ascii |= g_str_equal(argv[i], "--ascii");
		with_child |= g_str_equal(argv[i], "--child");
		viewer.stepping |= g_str_equal(argv[i], "--step");
	}
	viewer.screen = screen_open(&error);
	if (!viewer.screen) {
		fprintf(stderr, "viewer: %s\n", error->message);
		return 1;
	}
	if (with_child)
		child = child_start();
	viewer_open(&viewer, ascii);
	viewer_run(&viewer);
	screen_close(viewer.screen);
	viewer_close(&viewer);
	if (child > 0) /* after the screen, which must not wait for it */
		kill(child, SIGKILL);
	printf("viewer ends: %s\n", viewer.why);
	return viewer.status;
}

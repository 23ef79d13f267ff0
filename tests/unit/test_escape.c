/* SPDX-License-Identifier: MIT */
/* Programs that try to leave their tracer, to outlive it, or to lay hands on it:
 * as root and as an ordinary user; in the private network, where they have a PID
 * namespace of their own, and outside of it, where the user's have none. */
#include "tracer/program.h"
#include "children.h"
#include "tracer_run.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* How many programs say what they try; see tracees/escape.c. */
typedef struct {
	const char *what;
	const char *answer; /* all that it prints */
	gboolean wide;      /* of 64-bit programs only */
} Attempt;

static const Attempt attempts[] = {
	{ "untraced", "clone: EPERM\n", FALSE },
	{ "clone3", "clone3: ENOSYS\nthread: done\nspawn: done\nfork: done\n", FALSE },
	{ "io_uring", "io_uring_setup: ENOSYS\n", FALSE },
#ifdef __x86_64__
	{ "other-abi", "clone: EPERM\nclone3: ENOSYS\nio_uring_setup: ENOSYS\n", TRUE },
	{ "x32", "clone: EPERM\n", TRUE },
#endif
	{ "itself", "signals: end\nown /proc: yes\nby number: yes\nprocess 1: no\n", FALSE },
};

/* In the child of a case. */
static gboolean inside;
static const char *program;

static char *
output_of(const char *what)
{
	g_autofree char *line = g_strdup_printf("%s %s", program, what);
	g_autoptr(Run) run = run_commands(line, NULL, 0);

	g_assert_cmpstr(run->problem, ==, NULL);
	g_assert_cmpint(run->status[ROLE_SERVER], ==, 0);
	return g_strdup(run->output);
}

static void
try_all(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(attempts); i++) {
		if (attempts[i].wide && strstr(program, "32"))
			continue;
		g_autofree char *output = output_of(attempts[i].what);
		if (!g_str_equal(output, "no 32-bit ABI\n"))
			g_assert_cmpstr(output, ==, attempts[i].answer);
	}
}

/* Each line of it is a refusal. */
static void
assert_refused(const char *output)
{
	static const char *refusals[] = { ": EPERM", ": EACCES", ": ESRCH", ": ENOENT" };
	g_auto(GStrv) lines = g_strsplit(output, "\n", -1);

	g_assert_cmpuint(g_strv_length(lines), ==, 7);
	for (guint i = 0; i < 6; i++) {
		gboolean refused = FALSE;
		for (guint k = 0; k < G_N_ELEMENTS(refusals); k++)
			refused = refused || g_str_has_suffix(lines[i], refusals[k]);
		if (!refused)
			g_error("not refused: %s", lines[i]);
	}
}

static void
rob_all(void)
{
	g_autofree char *tracer = output_of("tracer");
	g_autofree char *parent = output_of("parent");

	if (inside)
		g_assert_cmpstr(tracer, ==, "no tracer is seen\n");
	else if (!g_str_equal(tracer, "no tracer is seen\n"))
		assert_refused(tracer);
	assert_refused(parent);
}

/* ---- outliving ---- */

/* With *output, which ends when the last process ends that can write to it. */
static Tracer *
start_outlive(int *output)
{
	g_auto(GStrv) argv = command("escape outlive", 0);
	char said[32];
	int ends[2];

	g_assert_cmpint(pipe(ends), ==, 0);
	const TracerOptions options = { .programs[0].argv = argv,
					.output_fds = { ends[1], ends[1] } };
	Tracer *tracer = tracer_new(&options, NULL);
	close(ends[1]);
	tracer_start(tracer);
	g_assert_cmpint(read(ends[0], said, sizeof(said)), ==, strlen("living on: done\n"));
	*output = ends[0];
	return tracer;
}

static void
assert_all_gone(int output)
{
	struct pollfd end = { .fd = output, .events = POLLIN };

	g_assert_cmpint(poll(&end, 1, 3000), ==, 1);
	g_assert_cmpint(end.revents, ==, POLLHUP);
	close(output);
}

static pid_t
child_of(pid_t parent)
{
	g_autofree char *path = g_strdup_printf("/proc/%d/task/%d/children", parent, parent);
	g_autofree char *text = NULL;

	return g_file_get_contents(path, &text, NULL, NULL) ? atoi(text) : 0;
}

static void
outlive_all(void)
{
	int output;
	Tracer *tracer = start_outlive(&output);

	tracer_free(tracer);
	assert_all_gone(output);
	tracer = start_outlive(&output);
	const pid_t process = child_of(getpid());
	if (process > 0) { /* else this kernel does not tell */
		kill(process, SIGKILL);
		assert_all_gone(output);
	}
	tracer_free(tracer);
}

/* ---- each of them, here and there ---- */

static void (*body)(void);

static void
body_somewhere(void)
{
	if (inside)
		enter();
	body();
}

typedef struct {
	const char *path, *program;
	void (*body)(void);
} Case;

static const Case cases[] = {
	{ "attempts", "escape", try_all },
	{ "attempts-32-bit", "escape32", try_all },
	{ "robbery", "escape", rob_all },
	{ "outliving", "escape", outlive_all },
};

typedef struct {
	const Case *one;
	Who who;
	gboolean inside;
} Turn;

static void
test_turn(gconstpointer data)
{
	const Turn *turn = data;
	g_autofree char *path = tracee_path(turn->one->program);

	if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
		g_test_skip("MISSING: 32-bit programs cannot be built here (gcc-multilib)");
		return;
	}
	inside = turn->inside;
	program = turn->one->program;
	body = turn->one->body;
	if (inside)
		run_inside(turn->who, body_somewhere);
	else if (is_possible(turn->who))
		in_child(turn->who, body_somewhere);
}

static void
add_turns(const Case *one)
{
	for (guint i = 0; i < 4; i++) {
		Turn *turn = g_new(Turn, 1);
		*turn = (Turn){ one, i & 1 ? ORDINARY : ROOT, i & 2 ? TRUE : FALSE };
		g_autofree char *path =
		    g_strdup_printf("/escape/%s/%s/%s", one->path, i & 2 ? "inside" : "outside",
				    i & 1 ? "ordinary" : "root");
		g_test_add_data_func_full(path, turn, test_turn, g_free);
	}
}

/* ---- the namespace itself ---- */

/* A process that nobody traces and nobody waits for. It holds a pipe open. */
static void
fork_free(gpointer data G_GNUC_UNUSED)
{
	if (fork() == 0) {
		setsid();
		signal(SIGTERM, SIG_IGN);
		if (fork() == 0)
			for (;;)
				pause();
		_exit(0);
	}
}

static void
body_namespace(void)
{
	g_autoptr(GError) error = NULL;
	int held[2];
	Pidns pidns;

	enter();
	g_assert_cmpint(pipe(held), ==, 0);
	pidns_start(&pidns, fork_free, NULL, FALSE, &error);
	g_assert_no_error(error);
	close(held[1]);
	struct pollfd end = { .fd = held[0], .events = POLLIN };
	g_assert_cmpint(poll(&end, 1, 300), ==, 0); /* it lives, though its parent ended */
	pidns_end(&pidns);
	g_assert_cmpint(waitpid(pidns.init, NULL, 0), ==, pidns.init);
	g_assert_cmpint(poll(&end, 1, 0), ==, 1);
}

static void
test_namespace(gconstpointer who)
{
	run_inside(GPOINTER_TO_INT(who), body_namespace);
}

/* Nobody's rights suffice: it is said, and nothing was forked. */
static void
body_refused(void)
{
	g_autoptr(GError) error = NULL;
	Pidns pidns;

	g_assert_false(pidns_start(&pidns, fork_free, NULL, FALSE, &error));
	g_assert_error(error, TRACER_ERROR, TRACER_ERROR_REFUSED);
	g_assert_cmpint(pidns.init, ==, 0);
	g_assert_cmpint(waitpid(-1, NULL, WNOHANG), ==, -1);
	g_assert_cmpint(errno, ==, ECHILD);
}

static void
test_refused(void)
{
	if (geteuid() != 0 || ordinary_uid != 0)
		in_child(ORDINARY, body_refused);
}

int
main(int argc, char **argv)
{
	/* LeakSanitizer cannot run in a traced process */
	g_setenv("ASAN_OPTIONS", "detect_leaks=0", TRUE);
	children_init();
	g_test_init(&argc, &argv, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
		add_turns(&cases[i]);
	add_for_both("/escape/namespace", test_namespace);
	g_test_add_func("/escape/namespace/refused", test_refused);
	return g_test_run();
}

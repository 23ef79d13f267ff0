/* SPDX-License-Identifier: MIT */
/* The doctor's report: each case is a child that is in some state of its own. */
#include "command/doctor.h"
#include "children.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <locale.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { N_CHECKS = 12 };

/* The report's lines; `real` is what doctor_run() returned. */
static GStrv
examine(gboolean ascii, gboolean *real)
{
	g_autoptr(GString) report = g_string_new(NULL);

	*real = doctor_run(report, ascii);
	g_test_message("%s", report->str);
	return g_strsplit(report->str, "\n", -1);
}

static const char *
line_of(GStrv lines, const char *name)
{
	for (guint i = 0; lines[i]; i++)
		if (strlen(lines[i]) > 4 && g_str_has_prefix(lines[i] + 4, name))
			return lines[i];
	g_error("there is no line \"%s\"", name);
}

static gboolean
is_ok(GStrv lines, const char *name)
{
	return g_str_has_prefix(line_of(lines, name), "ok  ");
}

static const char *
conclusion(GStrv lines)
{
	return lines[N_CHECKS + 1];
}

/* The verdicts, an empty line, the conclusion, the end. */
static void
body_form(void)
{
	gboolean real;
	g_auto(GStrv) lines = examine(FALSE, &real);

	g_assert_cmpuint(g_strv_length(lines), ==, N_CHECKS + 3);
	for (guint i = 0; i < N_CHECKS; i++)
		g_assert_true(g_str_has_prefix(lines[i], "ok  ") ||
			      g_str_has_prefix(lines[i], "no  "));
	g_assert_cmpstr(lines[N_CHECKS], ==, "");
	g_assert_true(g_str_has_prefix(conclusion(lines), "`pktladder demo` will use: "));
}

static void
test_form(void)
{
	in_child(ORDINARY, body_form);
}

static void
body_well(void)
{
	gboolean real;
	g_auto(GStrv) lines = examine(FALSE, &real);

	g_assert_true(is_ok(lines, "private network"));
	g_assert_true(is_ok(lines, "capture inside it"));
	g_assert_true(is_ok(lines, "tracing"));
	g_assert_true(is_ok(lines, "PID namespace"));
	g_assert_true(is_ok(lines, "sealed capture"));
	g_assert_true(is_ok(lines, "hidden processes"));
	g_assert_true(is_ok(lines, "confinement"));
	g_assert_true(real);
	g_assert_nonnull(strstr(conclusion(lines), "a private network"));
}

static void
test_well(gconstpointer who)
{
	run_inside(GPOINTER_TO_INT(who), body_well);
}

static void
filter_enter(struct sock_filter *code, gsize length)
{
	struct sock_fprog program = { length, code };

	g_assert_cmpint(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), ==, 0);
	g_assert_cmpint(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), ==, 0);
}

/* From now on that call gives EPERM in this process, as in a container. */
static void
forbid_call(int number)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};

	filter_enter(code, G_N_ELEMENTS(code));
}

/* Both ways to a filter, as on a kernel that has none. */
static void
forbid_filters(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_seccomp, 3, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_prctl, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0])),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PR_SET_SECCOMP, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EINVAL),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};

	filter_enter(code, G_N_ELEMENTS(code));
}

/* What is left depends on the rights to lo: the conclusion must follow the lines. */
static void
body_no_namespaces(void)
{
	gboolean real;

	forbid_call(SYS_unshare);
	g_auto(GStrv) lines = examine(FALSE, &real);
	g_assert_false(is_ok(lines, "private network"));
	g_assert_nonnull(strstr(line_of(lines, "private network"), "seccomp"));
	g_assert_false(is_ok(lines, "capture inside it"));
	g_assert_true(is_ok(lines, "tracing"));
	g_assert_true(real == is_ok(lines, "capture on lo"));
	g_assert_true(real == (strstr(conclusion(lines), "own lo") != NULL));
}

static void
test_no_namespaces(gconstpointer who)
{
	if (is_possible(GPOINTER_TO_INT(who)))
		in_child(GPOINTER_TO_INT(who), body_no_namespaces);
}

static void
body_no_tracing(void)
{
	gboolean real;

	forbid_call(SYS_ptrace);
	g_auto(GStrv) lines = examine(FALSE, &real);
	g_assert_false(is_ok(lines, "tracing"));
	g_assert_false(real);
	g_assert_null(strstr(conclusion(lines), "network"));
}

static void
test_no_tracing(void)
{
	in_child(ORDINARY, body_no_tracing);
}

/* A kernel without seccomp's filters: nothing is confined, and that is said. */
static void
body_no_filters(void)
{
	gboolean real;

	forbid_filters();
	g_auto(GStrv) lines = examine(FALSE, &real);
	g_assert_false(is_ok(lines, "confinement"));
	g_assert_nonnull(strstr(line_of(lines, "confinement"), "seccomp"));
	g_assert_false(is_ok(lines, "sealed capture"));
}

static void
test_no_filters(void)
{
	in_child(ORDINARY, body_no_filters);
}

/* No locale, and names that would write to the terminal. */
static void
body_harmless(void)
{
	gboolean real;

	g_setenv("LC_ALL", "\033[31m\xff", TRUE);
	g_setenv("TERM", "\033[31mx", TRUE);
	g_auto(GStrv) lines = examine(TRUE, &real);
	for (guint i = 0; lines[i]; i++)
		for (const char *p = lines[i]; *p; p++)
			g_assert_true(g_ascii_isprint(*p));
	g_assert_nonnull(strstr(line_of(lines, "characters"), "\\x1b[31m"));
}

static void
test_harmless(void)
{
	in_child(ORDINARY, body_harmless);
}

static void
test_profile(void)
{
	g_autofree char *profile = doctor_apparmor_profile();
	g_autofree char *program = g_file_read_link("/proc/self/exe", NULL);

	g_assert_nonnull(strstr(profile, program));
	g_assert_nonnull(strstr(profile, "userns,"));
}

int
main(int argc, char **argv)
{
	children_init();
	setlocale(LC_ALL, "C.UTF-8");
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/doctor/form", test_form);
	add_for_both("/doctor/well", test_well);
	add_for_both("/doctor/no-namespaces", test_no_namespaces);
	g_test_add_func("/doctor/no-tracing", test_no_tracing);
	g_test_add_func("/doctor/no-filters", test_no_filters);
	g_test_add_func("/doctor/harmless", test_harmless);
	g_test_add_func("/doctor/profile", test_profile);
	return g_test_run();
}

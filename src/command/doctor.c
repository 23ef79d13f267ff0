/* SPDX-License-Identifier: MIT */
/* Theory of operation
 *
 * What a machine allows cannot be looked up: there are too many places that forbid. So each thing
 * is done as the demo will do it, in a child process where it cannot be undone, and the error that
 * comes back is shown: the layers name the cause and the mending themselves. A check sees the
 * verdicts of those before it in the table.
 */
#include "doctor.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <libintl.h>
#include <locale.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "pktladder/locate.h"
#include "pktladder/capture.h"
#include "pktladder/complain.h"
#include "pktladder/confine.h"
#include "pktladder/fd.h"
#include "pktladder/network.h"
#include "pktladder/scenario.h"
#include "pktladder/screen.h"
#include "pktladder/text.h"
#include "pktladder/tracer.h"

enum {
	TRY_PORT = 9, /* the discard service's: nobody listens on it */
	TRY_MS = 2000,
	FULL_ROWS = 24,
	FULL_COLUMNS = 80,
};

typedef enum {
	CHECK_PRIVATE,
	CHECK_CAPTURE,
	CHECK_TRACING,
	CHECK_PIDNS,
	CHECK_SEALED,
	CHECK_HIDDEN,
	CHECK_HOST,
	CHECK_CONFINED,
	CHECK_TERMINAL,
	CHECK_LOCALE,
	CHECK_LANGUAGES,
	CHECK_SAVED,
	N_CHECKS
} CheckId;

typedef struct {
	gboolean works[N_CHECKS];
	gboolean ascii;
} Doctor;

/* Appends what it found, in one line. FALSE: the error is that. */
typedef gboolean Check(const Doctor *doctor, GString *text, GError **error);

/* As the demo does: open, give up the rights, and only then listen. Nobody needs to take the
 * datagram: it is seen on its way. */
static gboolean
step_capture(GError **error)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons(TRY_PORT),
				       .sin_addr = { htonl(INADDR_LOOPBACK) } };
	g_autofree char *filter = g_strdup_printf("udp port %d", TRY_PORT);
	g_autoptr(Capture) capture = capture_open_live("lo", filter, error);
	g_auto(Fd) fd = -1;
	CaptureItem item;

	if (!capture || !privileges_drop(FALSE, error))
		return FALSE;
	if ((fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) < 0)
		return refuse(error, "socket(): %s", g_strerror(errno));
	if (sendto(fd, "?", 1, 0, (struct sockaddr *)&address, sizeof(address)) != 1)
		return refuse(error, "sendto(): %s", g_strerror(errno));
	gint64 end_us = g_get_monotonic_time() + TRY_MS * 1000;
	struct pollfd wait = { .fd = capture_fd(capture), .events = POLLIN };
	do {
		capture_next(capture, &item);
		if (item.kind == CAPTURE_PACKET)
			return TRUE;
		if (item.kind == CAPTURE_NOTHING)
			poll(&wait, 1, 10);
	} while (item.kind != CAPTURE_END && g_get_monotonic_time() < end_us);
	return refuse(error,
		      _("lo was opened, but a datagram sent over it was not seen within %d "
			"milliseconds; please report it as a bug"),
		      TRY_MS);
}

static gboolean
step_sealed(GError **error)
{
	g_autoptr(Capture) capture = capture_open_live("lo", NULL, error);

	if (!capture)
		return FALSE;
	if (!capture_lock_filter(capture))
		return refuse(error, "SO_LOCK_FILTER: %s", g_strerror(errno));
	if (confine_to_reading(capture_fd(capture)) && write(capture_fd(capture), "", 1) < 0 &&
	    errno == EPERM)
		return TRUE;
	return refuse(error,
		      _("its filter is locked, but packets could be sent through it: this kernel, "
			"or the container, takes no filter of system calls (seccomp)"));
}

/* In the child, without rights: is a process that hides as ours do safe from us? */
static gboolean
step_hidden(GError **error)
{
	if (!privileges_drop(FALSE, error))
		return FALSE;
	pid_t child = fork();
	if (child == 0)
		for (;;)
			pause();
	int pidfd = child < 0 ? -1 : pidfd_open(child, 0);
	int taken = pidfd < 0 ? -1 : pidfd_getfd(pidfd, STDIN_FILENO, 0);
	int reason = errno;
	if (child > 0)
		kill(child, SIGKILL);
	if (taken < 0 && reason == EPERM)
		return TRUE;
	if (taken < 0)
		return refuse(error, "pidfd_getfd(): %s", g_strerror(reason));
	return refuse(error, _("another program of yours can take what pktladder has open: this "
			       "kernel does not keep it from that"));
}

/* It is a way out where there is no private network, and what `live` needs. */
static gboolean
check_host(const Doctor *doctor, GString *text, GError **error)
{
	g_string_append(text, _("`pktladder live` can listen to this computer's own traffic"));
	if (capture_probe("lo", error))
		return TRUE;
	if (doctor->works[CHECK_CAPTURE])
		g_prefix_error(error, "%s",
			       _("the demo does not need it, only `pktladder live` does: "));
	return FALSE;
}

/* As a command does before it decodes a packet; then, as whoever takes the decoder over
 * would: no file is opened, no connection made, no program started. */
static gboolean
step_confined(GError **error)
{
	char *arguments[] = { (char *)"true", NULL };
	gboolean holds = confine(CONFINE_DRAWING, NULL, 0);

	holds = holds && (confine_spares_sanitizers() || open("/", O_RDONLY | O_CLOEXEC) < 0);
	holds = holds && socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0) < 0;
	holds = holds && execv("/bin/true", arguments) < 0 && errno == EPERM;
	return holds || refuse(error, _("this kernel, or the container, takes no filter of system "
					"calls (seccomp): what decodes packets could do all that "
					"you can. Draw no capture that you do not trust"));
}

/* What holds in whoever has taken the decoder over: see docs/SECURITY.md. */
static gboolean
check_confined(const Doctor *doctor G_GNUC_UNUSED, GString *text, GError **error)
{
	int version = confine_landlock();

	if (version == 0)
		g_string_append(
		    text,
		    _("what decodes packets can open no file and no connection (seccomp). Linux "
		      "5.13 and later have a second wall (Landlock); here there is none"));
	else
		g_string_append_printf(text,
				       _("what decodes packets can open no file and no connection "
					 "(seccomp, and Landlock %d)"),
				       version);
	return network_probe(FALSE, step_confined, error);
}

static gboolean
check_terminal(const Doctor *doctor G_GNUC_UNUSED, GString *text, GError **error)
{
	const char *term = g_getenv("TERM") ? g_getenv("TERM") : "";
	g_autofree char *safe = text_escape(term, -1);
	const char *no_color = g_getenv("NO_COLOR");
	struct winsize size = { 0 };

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return refuse(
		    error,
		    _("standard input and output are not both a terminal: ladders are printed as "
		      "text. Start pktladder in a terminal, without a pipe, to scroll and step"));
	if (!*term || g_str_equal(term, "dumb"))
		return refuse(error, _("TERM does not say which terminal this is. Mend it with: "
				       "export TERM=xterm-256color"));
	if (!screen_knows(term))
		return refuse(error,
			      _("nothing is known of the terminal TERM=%s. Mend it with: export "
				"TERM=xterm-256color, or: sudo apt install ncurses-term"),
			      safe);
	ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
	if (size.ws_col == 0 || size.ws_row == 0)
		g_string_append_printf(text, _("%s, which does not tell its size"), safe);
	else
		g_string_append_printf(text, _("%s, %d columns, %d rows"), safe, size.ws_col,
				       size.ws_row);
	if (no_color && *no_color)
		g_string_append(text, _("; no colours, since NO_COLOR is set"));
	if (size.ws_col < FULL_COLUMNS || size.ws_row < FULL_ROWS)
		g_string_append_printf(text, _(". %d columns and %d rows show all of a ladder"),
				       FULL_COLUMNS, FULL_ROWS);
	return TRUE;
}

static gboolean
check_locale(const Doctor *doctor, GString *text, GError **error)
{
	/* The first of these is what the C library goes by. */
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };
	const char *codeset = nl_langinfo(CODESET), *asked = NULL;

	for (guint i = 0; i < G_N_ELEMENTS(names) && !(asked && *asked); i++)
		asked = g_getenv(names[i]);
	g_autofree char *wanted = text_escape(asked ? asked : "", -1);
	if (!setlocale(LC_ALL, ""))
		return refuse(error,
			      _("the locale \"%s\" is not installed on this computer: ladders are "
				"drawn in ASCII. Mend it with: export LC_ALL=C.UTF-8, or: sudo "
				"dpkg-reconfigure locales"),
			      wanted);
	if (!g_str_equal(codeset, "UTF-8"))
		return refuse(error,
			      _("the character set is %s: ladders are drawn in ASCII. For lines "
				"and arrows: export LC_ALL=C.UTF-8"),
			      codeset);
	g_string_append_printf(text, _("%s: lines and arrows can be drawn"),
			       *wanted ? wanted : codeset);
	if (doctor->ascii)
		g_string_append(text, _(", but --ascii was asked for"));
	return TRUE;
}

static gboolean
check_languages(const Doctor *doctor G_GNUC_UNUSED, GString *text, GError **error)
{
	const char *folder = bindtextdomain(GETTEXT_PACKAGE, NULL);
	const char *wanted = g_getenv("LANGUAGE");
	g_autofree char *path =
	    g_build_filename(folder ? folder : "", "es", "LC_MESSAGES", "pktladder.mo", NULL);
	g_autofree char *safe = text_escape(path, -1);

	if (!g_file_test(path, G_FILE_TEST_IS_REGULAR))
		return refuse(error,
			      _("English only: the Spanish translation is not at %s. It comes "
				"with: cmake --install"),
			      safe);
	g_string_append(text, _("English, Spanish (for Spanish: LANG=es_ES.UTF-8)"));
	/* The C library heeds LANGUAGE only where the locale is another one than C (since glibc
	 * 2.41, than C.UTF-8 too). The empty text's translation is what a catalogue says of
	 * itself. */
	if (wanted && g_str_has_prefix(wanted, "es") && !*gettext(""))
		g_string_append_printf(text, _("; LANGUAGE does not count in the locale %s"),
				       setlocale(LC_MESSAGES, NULL));
	return TRUE;
}

static gboolean
check_saved(const Doctor *doctor G_GNUC_UNUSED, GString *text, GError **error)
{
	g_autoptr(GString) missing = g_string_new(NULL);

	for (guint i = 0; scenarios[i]; i++) {
		g_autofree char *name = scenario_capture(scenarios[i]);
		g_autofree char *path = locate_capture(name);
		if (!path)
			g_string_append_printf(missing, "%s%s", missing->len ? ", " : "", name);
	}
	if (missing->len > 0)
		return refuse(error, _("not found: %s. They come with: cmake --install"),
			      missing->str);
	g_string_append(text, _("one of each demo, for machines that forbid live ones"));
	return TRUE;
}

/* Where a step is tried, in a child: in a private network; in this one; or where the programs
 * will be, which is the first if they can. */
typedef enum { INSIDE, OUTSIDE, PROGRAMS } Place;

static const struct {
	const char *name;
	Check *check; /* NULL: this step, and what is said where it works */
	Place place;
	NetworkStep *step;
	const char *well;
} checks[] = {
	[CHECK_PRIVATE] = { N_("private network"), NULL, INSIDE, NULL,
			    N_("the programs' own traffic and nothing else, in segments of real "
			       "size") },
	[CHECK_CAPTURE] = { N_("capture inside it"), NULL, INSIDE, step_capture,
			    N_("a datagram was sent over its lo, and seen") },
	[CHECK_TRACING] = { N_("tracing"), NULL, PROGRAMS, tracer_probe,
			    N_("socket calls are seen, and can be released one at a time") },
	[CHECK_PIDNS] = { N_("PID namespace"), NULL, PROGRAMS, tracer_probe_pidns,
			  N_("the programs see only one another, and all that they start ends with "
			     "them") },
	[CHECK_SEALED] = { N_("sealed capture"), NULL, INSIDE, step_sealed,
			   N_("its filter stays as it is, and nothing can be sent through it") },
	[CHECK_HIDDEN] = { N_("hidden processes"), NULL, OUTSIDE, step_hidden,
			   N_("no other program of yours can attach to pktladder, or take its "
			      "capture") },
	[CHECK_HOST] = { N_("capture on lo"), check_host },
	[CHECK_CONFINED] = { N_("confinement"), check_confined },
	[CHECK_TERMINAL] = { N_("terminal"), check_terminal },
	[CHECK_LOCALE] = { N_("characters"), check_locale },
	[CHECK_LANGUAGES] = { N_("languages"), check_languages },
	[CHECK_SAVED] = { N_("saved captures"), check_saved },
};
G_STATIC_ASSERT(G_N_ELEMENTS(checks) == N_CHECKS);

static gboolean
step_check(const Doctor *doctor, CheckId id, GString *text, GError **error)
{
	gboolean inside = id == CHECK_PRIVATE || doctor->works[CHECK_PRIVATE];

	if (checks[id].place == INSIDE && !inside)
		return refuse(error, _("not tried: there is no private network"));
	g_string_append(text, _(checks[id].well));
	return network_probe(inside && checks[id].place != OUTSIDE, checks[id].step, error);
}

gboolean
doctor_run(GString *report_text, gboolean ascii)
{
	Doctor doctor = { .ascii = ascii };
	const gboolean *works = doctor.works;
	const char *use = _("nothing: mend what is marked \"no\" above");
	guint columns = 0;

	for (CheckId id = 0; id < N_CHECKS; id++)
		columns = MAX(columns, text_width(_(checks[id].name)));
	/* Not wrapped: a command in it can be copied whole. */
	for (CheckId id = 0; id < N_CHECKS; id++) {
		g_autoptr(GString) found = g_string_new(NULL);
		g_autoptr(GError) error = NULL;
		const char *name = _(checks[id].name);

		doctor.works[id] = checks[id].check ? checks[id].check(&doctor, found, &error)
						    : step_check(&doctor, id, found, &error);
		g_string_append_printf(
		    report_text, "%s  %s%*s  %s\n", doctor.works[id] ? _("ok") : _("no"), name,
		    (int)(columns - text_width(name)), "", error ? error->message : found->str);
	}
	/* Real traffic takes the calls too: the programs are started by the tracer. */
	gboolean real = works[CHECK_TRACING] && (works[CHECK_CAPTURE] || works[CHECK_HOST]);
	if (real && works[CHECK_CAPTURE])
		use = _("a private network");
	else if (real)
		use = _("this computer's own lo");
	else if (works[CHECK_SAVED])
		use =
		    _("a saved capture, not live; for live ones mend what is marked \"no\" above");
	g_string_append_printf(report_text, _("\n`pktladder demo` will use: %s\n"), use);
	if (ascii) {
		g_autofree char *plain = g_str_to_ascii(report_text->str, NULL);
		g_string_assign(report_text, plain);
	}
	return real;
}

char *
doctor_apparmor_profile(void)
{
	g_autofree char *program = g_file_read_link("/proc/self/exe", NULL);

	return network_apparmor_profile(program ? program : "/usr/local/bin/pktladder");
}

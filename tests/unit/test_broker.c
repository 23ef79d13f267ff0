/* SPDX-License-Identifier: MIT */
/* What a broker does for whoever asks, and what it does for nobody. It is asked as one who
 * has taken the decoder over would: by its own messages. */
#include "broker/message.h"
#include "pktladder/broker.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static char *folder;
static const char *named[3];

static char *
path_of(const char *name)
{
	return g_build_filename(folder, name, NULL);
}

static void
start(void)
{
	g_autoptr(GError) error = NULL;

	broker_start(BROKER_FILES, named, &error);
	g_assert_no_error(error);
}

static int
draft(const char *name, guint *number)
{
	g_autofree char *path = path_of(name);
	gboolean hidden;

	return broker_draft(path, FALSE, number, &hidden);
}

static void
assert_file(const char *name, const char *text)
{
	g_autofree char *path = path_of(name);
	g_autofree char *found = NULL;

	g_file_get_contents(path, &found, NULL, NULL);
	g_assert_cmpstr(found, ==, text);
}

static guint
count_files(void)
{
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	guint n = 0;

	while (g_dir_read_name(dir))
		n++;
	return n;
}

/* Nothing is there before it is published, all of it is then, and it is no program. */
static void
test_draft(void)
{
	g_autofree char *path = path_of("new");
	char suffix[BROKER_SUFFIX_MAX];
	struct stat info;
	guint number;

	start();
	int fd = draft("new", &number);
	g_assert_cmpint(fd, >=, 0);
	g_assert_cmpint(write(fd, "text", 4), ==, 4);
	g_assert_cmpint(fcntl(fd, F_GETFL) & O_ACCMODE, ==, O_WRONLY);
	close(fd);
	assert_file("new", NULL);
	g_assert_true(broker_publish(number, suffix));
	assert_file("new", "text");
	g_assert_cmpint(stat(path, &info), ==, 0);
	g_assert_cmpuint(info.st_mode & 07111, ==, 0);
	fd = draft("new", &number);
	close(fd);
	broker_discard(number);
	assert_file("new", "text");
	broker_stop();
	g_unlink(path);
}

/* A program that is replaced is none any more. */
static void
test_no_program(void)
{
	g_autofree char *path = path_of("program");
	char suffix[BROKER_SUFFIX_MAX];
	struct stat info;
	guint number;

	g_assert_true(g_file_set_contents(path, "#!/bin/sh\n", -1, NULL));
	g_assert_cmpint(chmod(path, 04755), ==, 0);
	start();
	int fd = draft("program", &number);
	g_assert_cmpint(fd, >=, 0);
	close(fd);
	g_assert_true(broker_publish(number, suffix));
	broker_stop();
	g_assert_cmpint(stat(path, &info), ==, 0);
	g_assert_cmpuint(info.st_mode & 07111, ==, 0);
	g_unlink(path);
}

/* Files that programs read when they start, and folders of such. */
static void
test_hidden(void)
{
	static const char *const names[] = {
		".profile",    ".config/x",      "a/.ssh/authorized_keys",
		"link/x",      ".namedrc",       ".named.svgrc",
		".named-.svg", ".named-2.svg/x", ".named-2svg",
		".named-3.svg"
	};
	g_autofree char *hidden = path_of(".config");
	g_autofree char *deeper = path_of("a/.ssh");
	g_autofree char *link = path_of("link");
	g_autofree char *page = path_of(".named-3.svg");
	g_autofree char *allowed = path_of(".named.svg");
	guint number;

	g_assert_cmpint(g_mkdir_with_parents(hidden, 0755) | g_mkdir_with_parents(deeper, 0755), ==,
			0);
	g_assert_cmpint(symlink(".config", link), ==, 0);
	g_assert_cmpint(symlink(".profile", page), ==, 0);
	named[0] = allowed;
	start();
	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		g_assert_cmpint(draft(names[i], &number), ==, -1);
		g_assert_cmpint(errno, ==, ENOKEY);
	}
	/* The command line has named it, and so the pages of it. */
	int fd = draft(".named-2.svg", &number);
	g_assert_cmpint(fd, >=, 0);
	close(fd);
	broker_stop();
	named[0] = NULL;
	g_unlink(link);
	g_unlink(page);
	g_rmdir(hidden);
	g_rmdir(deeper);
	g_autofree char *a = path_of("a");
	g_rmdir(a);
	g_assert_cmpuint(count_files(), ==, 0);
}

/* A pipe without a reader is waited for; of a socket open() says the same, and nobody comes. */
static void
test_socket(void)
{
	g_autofree char *path = path_of("socket");
	g_autofree char *pipe = path_of("pipe");
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	guint number;

	g_strlcpy(address.sun_path, path, sizeof(address.sun_path));
	g_assert_cmpint(bind(fd, (struct sockaddr *)&address, sizeof(address)), ==, 0);
	g_assert_cmpint(mkfifo(pipe, 0600), ==, 0);
	named[0] = path;
	start();
	g_assert_cmpint(draft("socket", &number), ==, -1);
	g_assert_cmpint(errno, ==, ENXIO);
	/* Nobody named this one: whoever reads from it expects no figure. */
	g_assert_cmpint(draft("pipe", &number), ==, -1);
	g_assert_cmpint(errno, ==, ENOKEY);
	broker_stop();
	named[0] = NULL;
	close(fd);
	g_unlink(path);
	g_unlink(pipe);
}

/* Whose file it was, it stays, with what the others might do. */
static void
test_owner(void)
{
	g_autofree char *path = path_of("owned");
	char suffix[BROKER_SUFFIX_MAX];
	struct stat before, after;
	guint number;

	g_assert_true(g_file_set_contents(path, "old", -1, NULL));
	g_assert_cmpint(chmod(path, 0660), ==, 0);
	if (geteuid() == 0)
		g_assert_cmpint(chown(path, 12345, 12346), ==, 0);
	g_assert_cmpint(stat(path, &before), ==, 0);
	start();
	int fd = draft("owned", &number);
	g_assert_cmpint(fd, >=, 0);
	close(fd);
	g_assert_true(broker_publish(number, suffix));
	broker_stop();
	g_assert_cmpint(stat(path, &after), ==, 0);
	g_assert_cmpuint(after.st_ino, !=, before.st_ino);
	g_assert_cmpuint(after.st_uid, ==, before.st_uid);
	g_assert_cmpuint(after.st_gid, ==, before.st_gid);
	g_assert_cmpuint(after.st_mode, ==, before.st_mode);
	g_unlink(path);
}

/* Only what the command line names is opened without being a draft. */
static void
test_open(void)
{
	g_autofree char *path = path_of("recording");
	g_autofree char *other = path_of("other");

	g_assert_true(g_file_set_contents(other, "text", -1, NULL));
	named[0] = path;
	start();
	int fd = broker_open(path);
	g_assert_cmpint(fd, >=, 0);
	g_assert_cmpint(fcntl(fd, F_GETFL) & O_ACCMODE, ==, O_WRONLY);
	close(fd);
	g_assert_cmpint(broker_open(other), ==, -1);
	g_assert_cmpint(errno, ==, ENOKEY);
	assert_file("other", "text");
	broker_stop();
	named[0] = NULL;
	g_unlink(path);
	g_unlink(other);
}

/* Root's files decide what the machine does: of those only what lies below here. */
static void
test_root(void)
{
	gboolean hidden;
	guint number;

	if (geteuid() != 0) {
		g_test_skip("NOT TESTED: not root");
		return;
	}
	start();
	g_assert_cmpint(broker_draft("/etc/pktladder-test", FALSE, &number, &hidden), ==, -1);
	g_assert_cmpint(errno, ==, ENOKEY);
	/* Where anybody makes files root may, too. */
	g_assert_cmpint(chdir("/"), ==, 0);
	int fd = draft("everybodys", &number);
	g_assert_cmpint(fd, >=, 0);
	close(fd);
	broker_stop();
	g_assert_cmpint(chdir(folder), ==, 0);
}

/* A part never replaces. */
static void
test_part(void)
{
	g_autofree char *path = path_of("whole");
	static const char *const wanted[] = { ".partial", ".partial.2", ".partial.3" };

	g_assert_true(g_file_set_contents(path, "whole", -1, NULL));
	start();
	for (guint i = 0; i < G_N_ELEMENTS(wanted); i++) {
		g_autofree char *name = g_strconcat(path, wanted[i], NULL);
		char suffix[BROKER_SUFFIX_MAX];
		gboolean hidden;
		guint number;
		int fd = broker_draft(path, TRUE, &number, &hidden);

		close(fd);
		g_assert_true(broker_publish(number, suffix));
		g_assert_cmpstr(suffix, ==, wanted[i]);
		g_assert_cmpint(
		    g_unlink(name) | (i < 2 ? !g_file_set_contents(name, "", 0, NULL) : 0), ==, 0);
	}
	assert_file("whole", "whole");
	broker_stop();
	for (guint i = 0; i < 2; i++) {
		g_autofree char *name = g_strconcat(path, wanted[i], NULL);
		g_unlink(name);
	}
	g_unlink(path);
}

/* Whoever asks is gone: so is what was not finished, and the broker. */
static void
test_killed(void)
{
	int ends[2];
	char byte;

	g_assert_cmpint(pipe(ends), ==, 0);
	pid_t child = fork();
	if (child == 0) {
		guint number;
		start();
		int fd = draft("unfinished", &number);
		_exit(write(fd, "text", 4) == 4 && kill(getpid(), SIGKILL) != 0);
	}
	close(ends[1]);
	g_assert_cmpint(waitpid(child, NULL, 0), ==, child);
	/* The broker has its copy of the pipe until it ends. */
	g_assert_cmpint(poll(&(struct pollfd){ .fd = ends[0], .events = POLLIN }, 1, 10000), ==, 1);
	g_assert_cmpint(read(ends[0], &byte, 1), ==, 0);
	close(ends[0]);
	g_assert_cmpuint(count_files(), ==, 0);
}

/* Messages that no client of ours sends: the broker ends at once. */
static void
assert_ends(BrokerKind kind, const void *message, gsize size)
{
	int fds[MESSAGE_FDS] = { -1, -1 };
	g_autoptr(GError) error = NULL;
	Answer answer;

	broker_start(kind, named, &error);
	g_assert_no_error(error);
	int socket = broker_fd(kind);
	g_assert_true(message_send(socket, message, size, fds));
	g_assert_false(message_receive(socket, &answer, sizeof(answer), fds));
	broker_stop();
}

static void
test_malformed(void)
{
	Request unknown = { .kind = 77 }, endless = { .kind = ASK }, others = { .kind = CONVERT };

	memset(endless.path, 'x', sizeof(endless.path));
	assert_ends(BROKER_FILES, &unknown, sizeof(unknown));
	assert_ends(BROKER_FILES, &endless, sizeof(endless));
	assert_ends(BROKER_FILES, &others, sizeof(others));
	assert_ends(BROKER_FILES, "short", 5);
	others.kind = DRAFT;
	assert_ends(BROKER_CONVERTER, &others, sizeof(others));
}

/* Numbers of drafts that there are not, and more of them than there may be. */
static void
test_numbers(void)
{
	char suffix[BROKER_SUFFIX_MAX];
	guint number, n = 0;

	start();
	g_assert_false(broker_publish(0, suffix));
	g_assert_cmpint(errno, ==, EBADF);
	g_assert_false(broker_publish(G_MAXUINT, suffix));
	for (int fd; (fd = draft("many", &number)) >= 0; n++) {
		close(fd);
		g_assert_cmpuint(n, <, 100);
	}
	g_assert_cmpint(errno, ==, EMFILE);
	broker_stop();
	g_assert_cmpuint(count_files(), ==, 0);
}

/* The converter that stands first in PATH, with a page. */
static gboolean
convert(const char *script, const BrokerDocument *document, BrokerEnd *end, char *made, gsize size)
{
	g_autofree char *program = path_of("rsvg-convert");
	g_autoptr(GError) error = NULL;
	int made_fd, end_fd, page = memfd_create("page", MFD_CLOEXEC);

	g_assert_true(g_file_set_contents(program, script, -1, NULL));
	g_assert_cmpint(chmod(program, 0755), ==, 0);
	broker_start(BROKER_CONVERTER, named, &error);
	g_assert_no_error(error);
	g_assert_cmpint(write(page, "<svg/>", 6), ==, 6);
	int other = socket(AF_UNIX, SOCK_STREAM, 0);
	g_assert_false(broker_page(other)); /* no page: nobody else is to have it */
	g_assert_cmpint(errno, ==, EINVAL);
	close(other);
	g_assert_true(broker_page(page));
	/* Of one that cannot be made no page is left for the next. */
	g_assert_false(broker_convert(&(BrokerDocument){ "txt", 1, 0 }, &made_fd, &end_fd));
	g_assert_true(broker_page(page));
	close(page);
	gboolean started = broker_convert(document, &made_fd, &end_fd);
	if (started) {
		g_assert_cmpint(read(end_fd, end, sizeof(*end)), ==, sizeof(*end));
		gssize n = pread(made_fd, made, size - 1, 0);
		made[MAX(n, 0)] = '\0';
		close(end_fd);
		close(made_fd);
	}
	int reason = errno;
	broker_stop();
	g_unlink(program);
	errno = reason;
	return started;
}

static void
test_convert(void)
{
	const BrokerDocument pdf = { .format = "pdf", .scale = 1, .date_s = 7 };
	BrokerEnd end = { 0 };
	char made[200];

	g_assert_true(convert(
	    "#!/bin/sh\necho \"$2 $SOURCE_DATE_EPOCH $#\"; cat \"$3\"; echo why >&2; exit 3\n",
	    &pdf, &end, made, sizeof(made)));
	g_assert_cmpstr(made, ==, "--format=pdf 7 3\n<svg/>");
	g_assert_cmpint(WEXITSTATUS(end.status), ==, 3);
	g_assert_cmpint(strncmp(end.said, "why\n", end.length), ==, 0);
}

/* It reads a picture that an attacker may have made: it has no network, and makes no file. */
static void
test_converter_is_confined(void)
{
	g_autofree char *file = path_of("file");
	g_autofree char *script = g_strdup_printf("#!/bin/sh\ngrep Seccomp: /proc/self/status\n(: "
						  ">%s) 2>/dev/null && echo made\nexit 0\n",
						  file);
	const BrokerDocument pdf = { .format = "pdf", .scale = 1 };
	BrokerEnd end;
	char made[200];

	g_assert_true(convert(script, &pdf, &end, made, sizeof(made)));
	g_assert_nonnull(strstr(made, "Seccomp:\t2"));
#if !defined(__SANITIZE_ADDRESS__)
	if (syscall(444 /* landlock_create_ruleset */, NULL, 0, 1) > 0)
		g_assert_null(strstr(made, "made"));
	else
		g_test_skip("NOT TESTED: this kernel has no Landlock");
#endif
	g_unlink(file);
}

static void
test_documents(void)
{
	const BrokerDocument wrong[] = { { .format = "svg", .scale = 1 },
					 { .format = "png", .scale = 0 },
					 { .format = "png", .scale = 1e9 },
					 { .format = "p\nf", .scale = 1 } };
	BrokerEnd end;
	char made[10];

	for (guint i = 0; i < G_N_ELEMENTS(wrong); i++) {
		g_assert_false(convert("#!/bin/sh\n", &wrong[i], &end, made, sizeof(made)));
		g_assert_cmpint(errno, ==, EINVAL);
	}
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *path;
		void (*test)(void);
	} tests[] = {
		{ "/broker/draft", test_draft },
		{ "/broker/no-program", test_no_program },
		{ "/broker/hidden", test_hidden },
		{ "/broker/socket", test_socket },
		{ "/broker/owner", test_owner },
		{ "/broker/open", test_open },
		{ "/broker/root", test_root },
		{ "/broker/part", test_part },
		{ "/broker/killed", test_killed },
		{ "/broker/malformed", test_malformed },
		{ "/broker/numbers", test_numbers },
		{ "/broker/convert", test_convert },
		{ "/broker/converter-is-confined", test_converter_is_confined },
		{ "/broker/documents", test_documents },
	};

	g_test_init(&argc, &argv, NULL);
	folder = g_dir_make_tmp("pktladder-broker-XXXXXX", NULL);
	g_chmod(folder, 0755); /* root's converter runs as nobody */
	g_assert_cmpint(chdir(folder), ==, 0);
	g_autofree char *path = g_strdup_printf("%s:%s", folder, g_getenv("PATH"));
	g_setenv("PATH", path, TRUE);
	for (guint i = 0; i < G_N_ELEMENTS(tests); i++)
		g_test_add_func(tests[i].path, tests[i].test);
	int status = g_test_run();
	g_rmdir(folder);
	return status;
}

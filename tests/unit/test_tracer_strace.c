/* SPDX-License-Identifier: MIT */
/* test_tracer_strace.c - strace as the reference for names, arguments and
 * results: the same program under strace and under the tracer gives the same
 * calls. Each line of strace is put into the words of call_to_string(). */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <gio/gio.h>

#include "tracer_run.h"

#define STRACE                                                                                     \
	"strace -f -yy -s 4 -o %s -e "                                                             \
	"trace=network,read,write,readv,writev,close,close_range,dup,dup2,dup3,fcntl,execve,"      \
	"sendfile,splice,poll,ppoll,select,pselect6,epoll_wait,epoll_pwait,"                       \
	"?fcntl64,?sendfile64,?ppoll_time64,?_newselect,?pselect6_time64 %s"

/* The port of the test stays; those that the kernel chose differ from run to
 * run, and become 1. */
static char *
mask_port(const char *address, guint own)
{
	const char *colon = strrchr(address, ':');
	const gboolean has_port = colon && (*address == '[' || strchr(address, ':') == colon);

	if (!has_port || (guint)atoi(colon + 1) == own || atoi(colon + 1) == 0)
		return g_strdup(address);
	return g_strdup_printf("%.*s:1", (int)(colon - address), address);
}

/* strace's lines. */

/* Splits at the commas that stand in no bracket and no string. */
static GPtrArray *
split_arguments(const char *text, gsize length)
{
	GPtrArray *arguments = g_ptr_array_new_with_free_func(g_free);
	gsize start = 0;
	int depth = 0;
	gboolean quoted = FALSE;

	for (gsize i = 0; i <= length; i++) {
		const char c = i < length ? text[i] : ',';
		if (c == '"' && (i == 0 || text[i - 1] != '\\'))
			quoted = !quoted;
		if (quoted)
			continue;
		if (strchr("([{", c))
			depth++;
		else if (strchr(")]}", c))
			depth--;
		if (c == ',' && (depth == 0 || i == length)) {
			char *argument = g_strndup(text + start, i - start);
			g_ptr_array_add(arguments, g_strstrip(argument));
			start = i + 1;
		}
	}
	return arguments;
}

static const char *
argument(const GPtrArray *arguments, guint i)
{
	return i < arguments->len ? g_ptr_array_index(arguments, i) : "";
}

static gint64
sum_of_vectors(const char *text)
{
	gint64 sum = 0;

	while ((text = strstr(text, "iov_len="))) {
		text += strlen("iov_len=");
		sum += atoi(text);
	}
	return sum;
}

/* "{sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("127.0.0.1")}" as
 * "127.0.0.1:80"; NULL where it is no address. */
static char *
strace_address(const char *text, guint own)
{
	char host[64];
	guint port;
	const char *htons = strstr(text, "port=htons(");
	const char *v4 = strstr(text, "inet_addr(\""), *v6 = strstr(text, "inet_pton(AF_INET6, \"");

	if (*text != '{' || !htons || sscanf(htons, "port=htons(%u", &port) != 1)
		return NULL;
	if (v4 && sscanf(v4, "inet_addr(\"%63[^\"]", host) == 1) {
		g_autofree char *address = g_strdup_printf("%s:%u", host, port);
		return mask_port(address, own);
	}
	if (v6 && sscanf(v6, "inet_pton(AF_INET6, \"%63[^\"]", host) == 1) {
		g_autofree char *address = g_strdup_printf("[%s]:%u", host, port);
		return mask_port(address, own);
	}
	return NULL;
}

/* The number of the first descriptor that is an IP socket: "5<TCP:[...". */
static int
first_socket(const char *text)
{
	const char *tcp = strstr(text, "<TCP"), *udp = strstr(text, "<UDP");
	const char *at = tcp && (!udp || tcp < udp) ? tcp : udp;

	if (!at)
		return -1;
	while (at > text && g_ascii_isdigit(at[-1]))
		at--;
	return atoi(at);
}

/* ", 12 B", ", MSG_PEEK", ", 127.0.0.1:80": what is there. */
static void
append_data(GString *line, gint64 size, const char *flags, const char *address, guint own)
{
	g_autofree char *to = strace_address(address, own);

	g_string_append_printf(line, ", %" G_GINT64_FORMAT " B", size);
	if (*flags && strcmp(flags, "0") != 0)
		g_string_append_printf(line, ", %s", flags);
	if (to)
		g_string_append_printf(line, ", %s", to);
}

static gint64
strace_timeout(const char *text)
{
	gint64 seconds, nanoseconds;

	if (sscanf(text, "{tv_sec=%" G_GINT64_FORMAT ", tv_nsec=%" G_GINT64_FORMAT, &seconds,
		   &nanoseconds) == 2)
		return seconds * 1000 + (nanoseconds + 999999) / 1000000;
	return *text == '-' || g_ascii_isdigit(*text) ? atoi(text) : -1;
}

static void
append_wait(GString *line, const char *name, int fd, gint64 timeout)
{
	g_string_append_printf(line, "%s(%d", name, fd);
	if (timeout >= 0)
		g_string_append_printf(line, ", %" G_GINT64_FORMAT " ms", timeout);
}

/* Where an address was filled in: ", from ...". */
static void
append_from(GString *from, const char *address, guint own)
{
	g_autofree char *text = strace_address(address, own);

	if (text)
		g_string_append_printf(from, " from %s", text);
}

/* The calls that move bytes: how many, with which flags, to whom; and from whom. */
static void
convert_data(GString *line, GString *from, const char *name, const char *whole, const GPtrArray *a,
	     guint own)
{
	if (strcmp(name, "send") == 0 || strcmp(name, "sendto") == 0) {
		append_data(line, atoi(argument(a, 2)), argument(a, 3), argument(a, 4), own);
	} else if (strcmp(name, "recv") == 0 || strcmp(name, "recvfrom") == 0) {
		append_data(line, atoi(argument(a, 2)), argument(a, 3), "", own);
		append_from(from, argument(a, 4), own);
	} else if (g_str_has_suffix(name, "mmsg")) {
		append_data(line, sum_of_vectors(whole), argument(a, 3), "", own);
	} else if (g_str_has_suffix(name, "msg")) {
		append_data(line, sum_of_vectors(whole), argument(a, 2), "", own);
	} else if (g_str_has_suffix(name, "v")) {
		append_data(line, sum_of_vectors(whole), "", "", own);
	} else if (strcmp(name, "read") == 0 || strcmp(name, "write") == 0) {
		append_data(line, atoi(argument(a, 2)), "", "", own);
	} else if (strcmp(name, "sendfile") == 0) {
		append_data(line, atoi(argument(a, 3)), "", "", own);
	} else if (strcmp(name, "splice") == 0) {
		append_data(line, atoi(argument(a, 4)), argument(a, 5), "", own);
	} else {
		g_assert_true(strcmp(name, "close") == 0 || strcmp(name, "dup") == 0);
	}
}

/* The calls on one socket. */
static void
convert_socket_call(GString *line, GString *from, const char *name, const char *whole,
		    const GPtrArray *a, guint own)
{
	g_string_append_printf(line, "%s(%d", name, first_socket(whole));
	if (strcmp(name, "bind") == 0 || strcmp(name, "connect") == 0) {
		g_autofree char *address = strace_address(argument(a, 1), own);
		if (address)
			g_string_append_printf(line, ", %s", address);
	} else if (strcmp(name, "listen") == 0 || strcmp(name, "shutdown") == 0) {
		g_string_append_printf(line, ", %s", argument(a, 1));
	} else if (strcmp(name, "accept") == 0 || strcmp(name, "accept4") == 0) {
		if (*argument(a, 3))
			g_string_append_printf(line, ", %s", argument(a, 3));
		append_from(from, argument(a, 1), own);
	} else if (g_str_has_prefix(name, "getsockn") || strcmp(name, "getpeername") == 0) {
		append_from(from, argument(a, 1), own);
	} else if (g_str_has_suffix(name, "sockopt")) {
		g_string_append_printf(line, ", %s, %s",
				       strcmp(argument(a, 1), "SOL_TCP") == 0 ? "IPPROTO_TCP"
									      : argument(a, 1),
				       argument(a, 2));
	} else {
		convert_data(line, from, name, whole, a, own);
	}
}

static void
append_range(GString *line, const GPtrArray *a)
{
	g_string_append_printf(line, "close_range(%s, %s", argument(a, 0),
			       strcmp(argument(a, 1), "4294967295") == 0 ? "~0U" : argument(a, 1));
	if (*argument(a, 2) != '0')
		g_string_append_printf(line, ", %s", argument(a, 2));
}

/* One call in our words; FALSE where it is none that the tracer shows. `whole`
 * are all the arguments. */
static gboolean
convert(GString *line, GString *from, const char *name, const char *whole, const GPtrArray *a,
	guint own)
{
	const int fd = first_socket(whole);
	const gboolean no_address = strcmp(argument(a, 4), "NULL") == 0;

	if (strcmp(name, "execve") == 0 && !strstr(argument(a, 1), "agai"))
		return FALSE; /* nothing is closed */

	if (strcmp(name, "socket") == 0) {
		g_string_append_printf(line, "socket(%s, %s", argument(a, 0), argument(a, 1));
		return strcmp(argument(a, 2), "IPPROTO_IP") == 0 &&
		       g_str_has_prefix(argument(a, 0), "AF_INET");
	}
	if (strcmp(name, "epoll_wait") == 0)
		append_wait(line, name, atoi(argument(a, 0)), strace_timeout(argument(a, 3)));
	else if (strcmp(name, "execve") == 0)
		g_string_append(line, "execve(");
	else if (strstr(whole, "SCM_RIGHTS"))
		g_string_append_printf(line, "%s(%d, SCM_RIGHTS [%d]", name, atoi(whole), fd);
	else if (strcmp(name, "close_range") == 0)
		append_range(line, a);
	else if (fd < 0)
		return FALSE;
	else if (strcmp(name, "dup2") == 0 || strcmp(name, "dup3") == 0)
		g_string_append_printf(line, "%s(%d, %d%s%s", name, atoi(argument(a, 0)),
				       atoi(argument(a, 1)), *argument(a, 2) ? ", " : "",
				       argument(a, 2));
	else if (strcmp(name, "fcntl") == 0) {
		g_string_append_printf(line, "fcntl(%d, %s, %s", fd, argument(a, 1),
				       argument(a, 2));
		return g_str_has_prefix(argument(a, 1), "F_DUPFD");
	} else if (strcmp(name, "poll") == 0)
		append_wait(line, "poll", fd, strace_timeout(argument(a, 2)));
	else if (strcmp(name, "pselect6") == 0)
		append_wait(line, "select", fd, strace_timeout(argument(a, 4)));
	else if (strcmp(name, "sendto") == 0 && no_address)
		convert_socket_call(line, from, "send", whole, a, own);
	else if (strcmp(name, "recvfrom") == 0 && no_address)
		convert_socket_call(line, from, "recv", whole, a, own);
	else
		convert_socket_call(line, from, name, whole, a, own);
	return TRUE;
}

/* Of "= ?": a thread that is killed in its call never returns from it; else a handler ran. */
static const char *
end_of_interrupted(const char *line, const char *all)
{
	g_autofree char *killed = g_strdup_printf("\n%-5d +++ killed", atoi(line));

	return strstr(all, killed) ? "?" : "EINTR";
}

/* One line, "123  send(3<TCP:[1]>, "x", 1, 0) = -1 EPIPE (Broken pipe)"; NULL
 * where it is no call that the tracer shows. */
static char *
convert_line(const char *text, const char *all, guint own)
{
	g_autoptr(GRegex) regex =
	    g_regex_new("^\\d+ +(\\w+)\\((.*)\\) += (?:(-?\\d+)(?: (E\\w+))?|\\?)", 0, 0, NULL);
	g_autoptr(GMatchInfo) match = NULL;

	if (!g_regex_match(regex, text, 0, &match))
		return NULL;
	g_autofree char *name = g_match_info_fetch(match, 1);
	g_autofree char *whole = g_match_info_fetch(match, 2);
	g_autofree char *number = g_match_info_fetch(match, 3);
	g_autofree char *error = g_match_info_fetch(match, 4);
	g_autoptr(GPtrArray) arguments = split_arguments(whole, strlen(whole));
	g_autoptr(GString) from = g_string_new(NULL);
	g_autoptr(GString) line = g_string_new(NULL);

	if (!convert(line, from, name, whole, arguments, own))
		return NULL;
	/* one that finds something at once is not told: those that sleep are in test_tracer.c */
	if (strcmp(name, "epoll_wait") == 0 && atoi(number) > 0)
		return NULL;
	return g_strdup_printf("%s) = %s%s", line->str,
			       error && *error     ? error
			       : number && *number ? number
						   : end_of_interrupted(text, all),
			       from->str);
}

/* strace's lines, with the arguments that it leaves out where a call is cut off, and as the option
 * is called. */
static gboolean
read_words(const char *path, char **words)
{
	g_autofree char *text = NULL;

	if (!g_file_get_contents(path, &text, NULL, NULL))
		return FALSE;
	g_autoptr(GString) whole = g_string_new(text);
	g_string_replace(whole, "  <unfinished ...>", " 0x1, 1, 0, NULL, NULL", 0);
	g_string_replace(whole, "TIMEO_OLD", "TIMEO", 0);
	g_string_replace(whole, "TIMEO_NEW", "TIMEO", 0);
	g_string_replace(whole, "_time64", "", 0); /* the names of the 32-bit ABI */
	g_string_replace(whole, "fcntl64", "fcntl", 0);
	g_string_replace(whole, "sendfile64", "sendfile", 0);
	g_string_replace(whole, "_newselect", "pselect6", 0);
	*words = g_string_free(g_steal_pointer(&whole), FALSE);
	return TRUE;
}

static char *
read_strace(const char *path, guint own)
{
	g_autofree char *text = NULL;
	GString *lines = g_string_new(NULL);

	g_assert_true(read_words(path, &text));
	g_auto(GStrv) each = g_strsplit(text, "\n", -1);
	for (char **line = each; *line; line++) {
		g_autofree char *converted = convert_line(*line, text, own);
		if (converted)
			g_string_append_printf(lines, "%s\n", converted);
	}
	return g_string_free(lines, FALSE);
}

/* Ours. */

static char *
show_returns(const Run *run, CallRole role, guint own)
{
	GString *lines = g_string_new(NULL);

	for (guint i = 0; i < run->calls->len; i++) {
		CallRecord call = g_array_index(run->calls, CallRecord, i);
		if (call.role != role || call.phase != CALL_RETURN || call.name == CALL_EXIT)
			continue;
		if (call.name == CALL_EPOLL_WAIT && call.result > 0)
			continue;
		const gboolean bad = call.result < 0;
		if (call.has_address && call.address.port != own && call.address.port != 0)
			call.address.port = 1;
		g_autofree char *address = endpoint_to_string(&call.address);
		const gboolean fills = (call.name >= CALL_RECV && call.name <= CALL_READV) ||
				       call.name == CALL_ACCEPT || call.name == CALL_ACCEPT4 ||
				       call.name == CALL_GETSOCKNAME ||
				       call.name == CALL_GETPEERNAME;
		g_autofree char *full = call_to_string(&call, CALL_FULL);
		g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, call.result);
		g_autofree char *result = call_result_to_string(&call);
		g_string_append_printf(lines, "%s = %s%s%s\n", full, bad ? result : number,
				       fills && call.has_address ? " from " : "",
				       fills && call.has_address ? address : "");
	}
	return g_string_free(lines, FALSE);
}

static char *
temporary(void)
{
	char *path = NULL;
	const int fd = g_file_open_tmp("pktladder-strace-XXXXXX", &path, NULL);

	g_assert_cmpint(fd, >=, 0);
	close(fd);
	return path;
}

static GSubprocess *
spawn_strace(const char *program, guint port, const char *path)
{
	g_auto(GStrv) words = command(program, port);
	g_autofree char *line = g_strjoinv(" ", words);
	g_autofree char *all = g_strdup_printf(STRACE, path, line);
	g_auto(GStrv) argv = g_strsplit(all, " ", -1);
	g_autoptr(GError) error = NULL;
	GSubprocess *process = g_subprocess_newv((const char *const *)argv, 0, &error);

	g_assert_no_error(error);
	return process;
}

/* The server has its port, as /proc/net says: "127.0.0.1:PORT" in hexadecimal. */
static void
await_port(const char *table, guint port)
{
	g_autofree char *entry = g_strdup_printf("0100007F:%04X 00000000:0000 %s", port,
						 strstr(table, "tcp") ? "0A" : "07");

	for (guint i = 0; i < 500; i++) {
		g_autofree char *text = NULL;
		g_assert_true(g_file_get_contents(table, &text, NULL, NULL));
		if (strstr(text, entry))
			return;
		g_usleep(10000);
	}
	g_error("no server on port %u", port);
}

static gboolean
strace_is_missing(void)
{
	g_autofree char *strace = g_find_program_in_path("strace");

	if (!strace)
		g_test_skip("MISSING: strace is not installed, the tracer was not held against it");
	return strace == NULL;
}

static void
finish(GSubprocess *process)
{
	g_autoptr(GError) error = NULL;

	g_subprocess_wait_check(process, NULL, &error);
	g_assert_no_error(error);
	g_object_unref(process);
}

/* The program makes each kind of call. */
static void
compare_calls(const char *program)
{
	if (strace_is_missing())
		return;
	const guint port = free_port();
	g_autofree char *path = temporary(), *line = g_strconcat(program, " @", NULL);

	finish(spawn_strace(line, port, path));
	g_autofree char *expected = read_strace(path, port);
	g_autoptr(Run) run = run_commands(line, NULL, port);
	g_assert_cmpint(run->status[ROLE_SERVER], ==, 0);
	g_autofree char *seen = show_returns(run, ROLE_SERVER, port);
	g_assert_cmpstr(seen, ==, expected);
	g_assert_nonnull(strstr(expected, "sendmmsg(4, 6 B) = 2")); /* it is not all empty */
	g_assert_nonnull(strstr(expected, "recvmsg(6, SCM_RIGHTS [8]) = 1"));
	g_assert_nonnull(strstr(expected, "execve() = 0"));
	remove(path);
}

static void
test_calls(void)
{
	compare_calls("calls");
}

/* The same of the other ABI. */
static void
test_calls32(void)
{
	g_autofree char *program = tracee_path("calls32");

	if (g_file_test(program, G_FILE_TEST_IS_EXECUTABLE))
		compare_calls("calls32");
	else
		g_test_skip("MISSING: gcc -m32 (gcc-multilib) makes no 32-bit programs here");
}

/* Calls that a signal or the end of their process cut off. */
static void
test_ends(void)
{
	if (strace_is_missing())
		return;
	const guint port = free_port();
	g_autofree char *path = temporary();

	finish(spawn_strace("waits alone @", port, path));
	g_autofree char *expected = read_strace(path, port);
	g_autoptr(Run) run = run_commands("waits alone @", NULL, port);
	g_autofree char *seen = show_returns(run, ROLE_SERVER, port);
	g_assert_cmpstr(seen, ==, expected);
	g_assert_nonnull(strstr(expected, "recv(3, 1 B) = EINTR\nrecv(3, 1 B) = ?\n"));
	remove(path);
}

static void
compare_peers(const char *server, const char *client, const char *table)
{
	const guint port = free_port();
	g_autofree char *server_path = temporary(), *client_path = temporary();
	GSubprocess *server_process = spawn_strace(server, port, server_path);

	await_port(table, port);
	finish(spawn_strace(client, port, client_path));
	finish(server_process);
	g_autofree char *server_expected = read_strace(server_path, port);
	g_autofree char *client_expected = read_strace(client_path, port);
	g_autoptr(Run) run = run_commands(server, client, port);
	g_autofree char *server_seen = show_returns(run, ROLE_SERVER, port);
	g_autofree char *client_seen = show_returns(run, ROLE_CLIENT, port);
	g_assert_cmpstr(server_seen, ==, server_expected);
	g_assert_cmpstr(client_seen, ==, client_expected);
	g_assert_nonnull(strstr(client_expected, "socket(AF_INET"));
	remove(server_path);
	remove(client_path);
}

static void
test_peers(void)
{
	if (strace_is_missing())
		return;
	compare_peers("peer tcp-server @ 3", "peer tcp-client @ 3", "/proc/net/tcp");
	compare_peers("peer udp-server @ 3", "peer udp-client @ 3", "/proc/net/udp");
}

/* Where strace follows our children, we cannot trace them: it says so. */
static void
test_probe_refused(void)
{
	if (strace_is_missing())
		return;
	g_autofree char *probe = tracee_path("probe");
	g_autofree char *output = NULL;
	const char *argv[] = { "strace", "-f", "-o", "/dev/null", probe, NULL };
	g_autoptr(GError) error = NULL;
	g_autoptr(GSubprocess) process = g_subprocess_newv(
	    argv, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error);

	g_assert_no_error(error);
	g_assert_true(g_subprocess_communicate_utf8(process, NULL, NULL, &output, NULL, NULL));
	g_assert_nonnull(strstr(output, "debugger or strace"));
}

int
main(int argc, char **argv)
{
	/* LeakSanitizer cannot run in a traced process */
	g_setenv("ASAN_OPTIONS", "detect_leaks=0", TRUE);
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/tracer/strace/calls", test_calls);
	g_test_add_func("/tracer/strace/calls32", test_calls32);
	g_test_add_func("/tracer/strace/ends", test_ends);
	g_test_add_func("/tracer/strace/peers", test_peers);
	g_test_add_func("/tracer/strace/probe", test_probe_refused);
	return g_test_run();
}

/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "pktladder/track.h"
#include "tracer_run.h"

/* No run takes so long between two messages, but for the timers of after_one_ended(). */
#define PATIENCE_MS 20000

char *
tracee_path(const char *name)
{
	return g_strdup_printf("%s/tests/unit/tracee-%s", BINARY_DIR, name);
}

static guint
bind_port(int type, guint port)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = g_htons((guint16)port),
				       .sin_addr.s_addr = g_htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(address);
	const int fd = socket(AF_INET, type, 0);

	g_assert_cmpint(fd, >=, 0);
	const gboolean bound = bind(fd, (struct sockaddr *)&address, size) == 0 &&
			       getsockname(fd, (struct sockaddr *)&address, &size) == 0;
	close(fd);
	return bound ? g_ntohs(address.sin_port) : 0;
}

guint
free_port(void)
{
	guint port;

	do
		port = bind_port(SOCK_STREAM, 0);
	while (bind_port(SOCK_DGRAM, port) == 0);
	return port;
}

char **
command(const char *text, guint port)
{
	char **words = g_strsplit(text, " ", -1);
	g_autofree char *number = g_strdup_printf("%u", port);

	for (char **word = words; *word; word++) {
		g_auto(GStrv) parts = g_strsplit(*word, "@", -1);
		g_free(*word);
		*word = g_strjoinv(number, parts);
	}
	char *first = words[0];
	if (first[0] == '$')
		words[0] = g_strdup(first + 1);
	else
		words[0] = strchr(first, '/') ? g_strdup(first) : tracee_path(first);
	g_free(first);
	return words;
}

/* What must hold for the records of any run: they stand in the order of time,
 * each entry has one return of the same call, and a thread is in one call at a
 * time (but for several sockets that end at once). */
static void
check_run(const Run *run)
{
	g_autoptr(GHashTable) open = g_hash_table_new(NULL, NULL);
	g_autoptr(GHashTable) busy = g_hash_table_new(NULL, NULL);
	gint64 time_ns = 0;

	for (guint i = 0; i < run->calls->len; i++) {
		const CallRecord *call = &g_array_index(run->calls, CallRecord, i);
		const gpointer id = GUINT_TO_POINTER(call->id), tid = GINT_TO_POINTER(call->tid);
		g_assert_cmpint(call->time_ns, >=, time_ns);
		time_ns = call->time_ns;
		if (call->phase == CALL_HELD)
			continue;
		if (call->phase == CALL_ENTRY) {
			g_assert_false(g_hash_table_contains(open, id));
			g_hash_table_insert(open, id, (gpointer)call);
			if (call->name != CALL_EXIT)
				g_assert_true(g_hash_table_add(busy, tid));
			continue;
		}
		const CallRecord *entry = g_hash_table_lookup(open, id);
		g_assert_nonnull(entry);
		g_assert_cmpint(entry->tid, ==, call->tid);
		g_assert_cmpint(entry->name, ==, call->name);
		g_assert_cmpint(entry->fd, ==, call->fd);
		if (call_effect(call->name) != CALL_WAITS) /* which tells what is ready */
			g_assert_cmpint(entry->flags, ==, call->flags);
		g_assert_cmpint(entry->size, ==, call->size);
		if (call->fd >= 0)
			g_assert_cmpuint(entry->socket, ==, call->socket);
		g_hash_table_remove(open, id);
		g_hash_table_remove(busy, tid);
	}
	g_assert_cmpuint(g_hash_table_size(open), ==, 0);
}

static void
take(Run *run, Tracer *tracer, const TracerMessage *message)
{
	g_assert_cmpuint(message->size, ==, sizeof(*message));
	switch ((TracerMessageKind)message->kind) {
	case TRACER_CALL:
		g_array_append_val(run->calls, message->call);
		if (message->call.phase == CALL_HELD)
			tracer_release(tracer);
		break;
	case TRACER_SERVER_WAITS:
		g_assert_cmpuint(run->started.id, ==, 0);
		run->started = message->call;
		tracer_start(tracer);
		break;
	case TRACER_PROGRAM_ENDED:
		g_assert_cmpint(run->status[message->call.role], ==, -1);
		run->status[message->call.role] = message->call.result;
		run->signal[message->call.role] = message->call.flags;
		break;
	case TRACER_UNSEEN:
	case TRACER_SAYS:
		g_test_message("says: %s", message->problem);
		break;
	case TRACER_FAILED:
		run->problem = g_strdup(message->problem);
		break;
	case TRACER_OUT_OF_TURN:
		run->out_of_turn = message->call;
		break;
	case TRACER_DONE:
		break;
	}
}

static char *
read_output(int fd)
{
	const off_t size = lseek(fd, 0, SEEK_END);
	char *text = g_malloc0((gsize)size + 1);

	g_assert_cmpint(pread(fd, text, (gsize)size, 0), ==, size);
	close(fd);
	return text;
}

Run *
run_options(const TracerOptions *given)
{
	g_autoptr(GError) error = NULL;
	TracerOptions options = *given;
	TracerMessage message = { 0 };
	Run *run = g_new0(Run, 1);

	run->calls = g_array_new(FALSE, FALSE, sizeof(CallRecord));
	run->status[0] = run->status[1] = -1;
	options.output_fds[0] = options.output_fds[1] = memfd_create("output", MFD_CLOEXEC);
	g_autoptr(Tracer) tracer = tracer_new(&options, &error);
	g_assert_no_error(error);
	tracer_start(tracer);
	struct pollfd fd = { .fd = tracer_fd(tracer), .events = POLLIN };
	while (message.kind != TRACER_FAILED && message.kind != TRACER_DONE) {
		if (poll(&fd, 1, PATIENCE_MS) <= 0) {
			run->output = read_output(options.output_fds[0]);
			g_error("no message in time; output: %s", run->output);
		}
		while (tracer_read(tracer, &message))
			take(run, tracer, &message);
	}
	g_assert_false(tracer_read(tracer, &message));
	run->output = read_output(options.output_fds[0]);
	check_run(run);
	return run;
}

Run *
run_commands(const char *server, const char *client, guint port)
{
	g_auto(GStrv) server_argv = command(server, port);
	g_auto(GStrv) client_argv = client ? command(client, port) : NULL;
	const TracerOptions options = {
		.programs[0].argv = server_argv,
		.programs[1].argv = client_argv,
		.ask_kernel_state = TRUE,
	};
	Run *run = run_options(&options);

	if (run->problem)
		g_test_message("problem: %s", run->problem);
	if (*run->output)
		g_test_message("output: %s", run->output);
	return run;
}

void
run_free(Run *run)
{
	g_array_unref(run->calls);
	g_free(run->problem);
	g_free(run->output);
	g_free(run);
}

char *
run_sequence(const Run *run, CallRole role)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < run->calls->len; i++) {
		const CallRecord *call = &g_array_index(run->calls, CallRecord, i);
		if (call->role == role && call->phase == CALL_ENTRY && call->name != CALL_EXIT)
			g_string_append_printf(text, "%s%s", text->len ? " " : "",
					       call_name(call->name));
	}
	return g_string_free(text, FALSE);
}

static const CallRecord *
find(const Run *run, CallRole role, CallName name, CallPhase phase, guint n, guint *count)
{
	for (guint i = 0; i < run->calls->len; i++) {
		const CallRecord *call = &g_array_index(run->calls, CallRecord, i);
		if (call->role == role && call->name == name && call->phase == phase &&
		    (*count)++ == n)
			return call;
	}
	return NULL;
}

const CallRecord *
run_find(const Run *run, CallRole role, CallName name, CallPhase phase, guint n)
{
	guint count = 0;
	const CallRecord *call = find(run, role, name, phase, n, &count);

	if (!call)
		g_error("%s of the %s: number %u is not there", call_name(name),
			role == ROLE_SERVER ? "server" : "client", n);
	return call;
}

guint
run_count(const Run *run, CallRole role, CallName name, CallPhase phase)
{
	guint count = 0;

	find(run, role, name, phase, G_MAXUINT, &count);
	return count;
}

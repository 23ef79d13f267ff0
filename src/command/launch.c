/* SPDX-License-Identifier: MIT */
/* demo and run: programs in the private network, or the best that this machine allows instead; the
 * user is told which it is, why, and how to get the better. */
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "pktladder/confinement.h"
#include "pktladder/fd.h"
#include "pktladder/locate.h"
#include "pktladder/network.h"
#include "pktladder/scenario.h"
#include "pktladder/text.h"
#include "pktladder/view.h"

/* A socket call in so many milliseconds: an eye follows it. */
#define EYE_PACE_MS 350

typedef enum { PLACE_PRIVATE, PLACE_HOST, PLACE_NOWHERE } Place;

typedef struct {
	const Options *options;
	TracerOptions tracer;
	const Scenario *scenario; /* NULL: the user's own programs */
	char *title;
	Place place;
	gboolean runs_on; /* neither step by step nor paced */
	char *why_not_private, *why_not_host;
	char **commands[PROGRAMS_MAX]; /* in their order; of a scenario: name, port, count */
	guint n;                       /* of them */
} Launch;

static void
launch_clear(Launch *launch)
{
	g_free(launch->title);
	g_free(launch->why_not_private);
	g_free(launch->why_not_host);
	for (guint i = 0; i < launch->n; i++)
		g_strfreev(launch->commands[i]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Launch, launch_clear)

/* Private network, else the host's lo, else nowhere. */
static void
place_choose(Launch *launch)
{
	g_autoptr(GError) error = NULL;
	gboolean traces = tracer_probe(&error);

	launch->place = PLACE_PRIVATE;
	if (traces && network_probe(TRUE, NULL, &error) && network_enter_private(&error)) {
		if (launch->scenario)
			network_set_client_ports(SCENARIO_CLIENT_PORT,
						 MAX(launch->scenario->client_ports, 1));
		return;
	}
	launch->why_not_private = g_strdup(error->message);
	g_clear_error(&error);
	launch->place = traces && capture_probe("lo", &error) ? PLACE_HOST : PLACE_NOWHERE;
	if (error)
		launch->why_not_host = g_strdup(error->message);
}

static Session *
session_start(Launch *launch, GError **error)
{
	int *ends = launch->tracer.output_fds;
	g_autoptr(ProgramOutput) output = program_output_new(launch->n, ends, error);
	gboolean shared = launch->place == PLACE_HOST;

	if (!output)
		return NULL;
	/* Before the capture, of which it must have nothing. */
	g_autoptr(Tracer) tracer = tracer_new(&launch->tracer, error);
	for (guint i = 0; i < launch->n; i++)
		fd_clear(&ends[i]);
	/* The private network has only our traffic; on the host nothing is captured until a program
	 * binds a port (no packet is this short), so that the filter is never the last one. */
	g_autoptr(Capture) capture =
	    tracer ? capture_open_live("lo", shared ? "less 1" : NULL, error) : NULL;
	if (capture && !shared)
		capture_lock_filter(capture);
	if (!capture || !confinement_drop_root(error))
		return NULL;
	g_autoptr(Session) session =
	    session_new(g_steal_pointer(&capture), TRUE, launch->options->count,
			launch->options->verdicts.place, error);
	if (!session || !session_record(session, launch->options->write, error))
		return NULL;
	session->filter_ports = shared;
	session->output = g_steal_pointer(&output);
	session->runs_on = launch->runs_on;
	session->n_programs = launch->n;
	session->runs = !launch->scenario;
	session->tracer = g_steal_pointer(&tracer);
	return g_steal_pointer(&session);
}

static gboolean
port_is_free(unsigned port, int type)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons(port),
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	g_auto(Fd) fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);

	return bind(fd, (struct sockaddr *)&address, sizeof address) == 0;
}

static void
source_show(const Scenario *scenario, ViewOptions *view)
{
	view->program = scenario_source(scenario, &view->program_length, &view->program_line);
}

/* The peers get the scenario's own port; on the host, whose port it may be, the next free one. */
static void
scenario_prepare(Launch *launch, ViewOptions *view)
{
	static const CallCondition no_order[] = { { 0 } };
	unsigned port = SCENARIO_PORT;
	g_autofree char *count = g_strdup_printf("%d", MAX(launch->options->messages, 1));

	while (launch->place == PLACE_HOST && port < 65535 &&
	       (!port_is_free(port, SOCK_STREAM) || !port_is_free(port, SOCK_DGRAM)))
		port++;
	g_autofree char *number = g_strdup_printf("%u", port);
	launch->commands[0] = g_strdupv((char *[]){ (char *)"server", number, count, NULL });
	launch->commands[1] = g_strdupv((char *[]){ (char *)"client", number, count, NULL });
	launch->n = 2;
	launch->tracer.programs[0].main = launch->scenario->server;
	launch->tracer.programs[1].main = launch->scenario->client;
	launch->tracer.order = launch->scenario->order ? launch->scenario->order : no_order;
	launch->tracer.line = &scenario_line;
	source_show(launch->scenario, view);
	launch->tracer.order_in_flight = launch->scenario->in_flight;
}

static int
launch_replay(Launch *launch)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Session) session = NULL;
	ViewOptions view = { .title = launch->title, .source = _("saved capture"), .replay = TRUE };

	if (!launch->scenario) {
		complain("%s", launch->why_not_private);
		if (launch->why_not_host)
			complain("%s", launch->why_not_host);
		complain(_("your programs cannot be watched here; `pktladder doctor` says how to "
			   "mend it"));
		return STATUS_OWN_FAILURE;
	}
	g_autofree char *why = g_strjoin("; ", launch->why_not_private, launch->why_not_host, NULL);
	g_autofree char *notice = g_strdup_printf(
	    _("a saved capture, not live (%s). `pktladder doctor` says how to mend it"), why);
	view.notice = notice;
	source_show(launch->scenario, &view);
	g_autofree char *capture = scenario_capture(launch->scenario);
	g_autofree char *path = locate_capture(capture);
	if (path)
		session =
		    session_open((const char *const[]){ path, NULL }, CAPTURE_DEFAULT, NULL, TRUE,
				 launch->options->count, launch->options->verdicts.place, &error);
	if (!session) {
		complain("%s", notice);
		complain("%s", error ? error->message : _("the saved capture is not installed"));
		return STATUS_FAILED;
	}
	return view_run(session, launch->options, &view);
}

/* The status where we failed, and nothing of the programs' has any. */
static int
launch_failed(const Launch *launch, const GError *error)
{
	complain("%s", error->message);
	return launch->scenario ? STATUS_FAILED : STATUS_OWN_FAILURE;
}

static int
launch_run(Launch *launch)
{
	const Options *options = launch->options;
	g_autoptr(GError) error = NULL;
	g_autofree char *notice = NULL;
	ViewOptions view = { .title = launch->title, .stepping = options->step };

	if (options->step && !view_is_interactive(options)) {
		complain(_("--step needs a terminal, whose space bar it waits for; use --pace MS "
			   "in scripts"));
		return launch->scenario ? STATUS_USAGE : STATUS_OWN_FAILURE;
	}
	if (!view_prepare(options, &error))
		return launch_failed(launch, error);
	place_choose(launch);
	if (launch->place == PLACE_NOWHERE)
		return launch_replay(launch);
	if (launch->place == PLACE_HOST)
		notice = g_strdup_printf(
		    _("on this computer's own lo, with only the programs' ports (%s)"),
		    launch->why_not_private);
	if (options->pace_ms != OPTION_NO_NUMBER)
		view.pace_ms = options->pace_ms;
	else if (!options->step && launch->scenario && view_is_interactive(options))
		view.pace_ms = EYE_PACE_MS;
	view.notice = notice;
	view.source = launch->place == PLACE_PRIVATE ? _("private network") : _("lo");
	if (launch->scenario)
		scenario_prepare(launch, &view);
	for (guint i = 0; i < launch->n; i++)
		launch->tracer.programs[i].argv = launch->commands[i];
	if (launch->scenario && launch->scenario->own_pace) {
		if (options->pace_ms > 0 || options->step)
			complain(_("%s is about times: its calls are not held"),
				 launch->scenario->name);
		view.stepping = FALSE;
		view.pace_ms = 0;
	}
	launch->runs_on = !view.stepping && view.pace_ms == 0;
	launch->tracer.hold = !launch->runs_on || launch->place == PLACE_HOST;
	launch->tracer.private_network = launch->place == PLACE_PRIVATE;
	launch->tracer.hold_setup =
	    launch->scenario || (options->calls.text && options->calls.place == 0);
	launch->tracer.ask_kernel_state = TRUE;

	/* Under sudo the programs are the user's, not root's. Root in person keeps its name for
	 * programs of its own, whose files it may want; the demo's peers need nobody's. */
	gboolean wanted =
	    privileges_are_lent() || (launch->scenario && launch->place == PLACE_HOST);

	launch->tracer.change_user = wanted && privileges_can_change_user();
	launch->tracer.server_wait_ms = options->wait_s * 1000;
	launch->tracer.port = options->port;
	/* 0 s: at once */
	launch->tracer.linger_ms =
	    options->linger_s == OPTION_NO_NUMBER ? 0 : MAX(options->linger_s * 1000, 1);
	g_autoptr(Session) session = session_start(launch, &error);
	return session ? view_run(session, options, &view) : launch_failed(launch, error);
}

/* `--list`: by groups, a line each. */
static int
scenarios_list(void)
{
	for (ScenarioGroup group = 0; group < N_SCENARIO_GROUPS; group++) {
		printf("%s%s\n", group ? "\n" : "", _(scenario_groups[group]));
		for (guint i = 0; scenarios[i]; i++)
			if (scenarios[i]->group == group)
				printf("  %-18s %s%s%s%s\n", scenarios[i]->name,
				       _(scenarios[i]->summary), scenarios[i]->alias ? " (" : "",
				       scenarios[i]->alias ? scenarios[i]->alias : "",
				       scenarios[i]->alias ? ")" : "");
	}
	return STATUS_OK;
}

/* `--source`. */
static int
source_print(const Scenario *scenario)
{
	gsize length;
	guint first;
	const char *source = scenario_source(scenario, &length, &first);

	printf("/* %s */\n\n", _(scenario->teaches));
	fwrite(source, 1, length, stdout);
	return STATUS_OK;
}

int
command_demo(const Options *options)
{
	const char *name = options->rest ? options->rest[0] : NULL;
	g_auto(Launch) launch = { .options = options, .scenario = scenario_find(name) };
	g_autoptr(GString) names = g_string_new(NULL);

	for (guint i = 0; scenarios[i]; i++)
		g_string_append_printf(names, "%s%s", names->len ? ", " : "", scenarios[i]->name);
	if (options->list)
		return scenarios_list();
	if (!launch.scenario)
		return complain_usage(_("there is no scenario \"%s\"; there are: %s"), name,
				      names->str);
	if (options->rest && options->rest[1])
		return complain_usage(_("one scenario at a time; \"%s\" is one too many"),
				      options->rest[1]);
	if (options->source)
		return source_print(launch.scenario);
	launch.title = g_strdup_printf(_("demo %s"), launch.scenario->name);
	return launch_run(&launch);
}

/* "python3 -m http.server --and curl -s http://..." in two; FALSE where one of them is nothing. */
static gboolean
commands_split(Launch *launch, char **words)
{
	g_autoptr(GStrvBuilder) part = g_strv_builder_new();
	guint length = 0;

	for (;; words++) {
		if (*words && !g_str_equal(*words, "--and")) {
			g_strv_builder_add(part, *words);
			length++;
			continue;
		}
		if (length == 0 || launch->n == PROGRAMS_MAX)
			return FALSE;
		launch->commands[launch->n++] = g_strv_builder_end(part);
		length = 0;
		if (!*words)
			return TRUE;
	}
}

int
command_run(const Options *options)
{
	g_auto(Launch) launch = { .options = options };
	g_autoptr(GString) title = g_string_new(NULL);
	char *none[] = { NULL };

	if (!commands_split(&launch, options->rest ? options->rest : none)) {
		if (launch.n == PROGRAMS_MAX)
			complain(_("run starts %d programs at most"), PROGRAMS_MAX);
		else
			complain(_("say what to run: pktladder run -- SERVER... --and CLIENT..., "
				   "for example pktladder run -- python3 -m http.server 8000 "
				   "--and curl -s http://127.0.0.1:8000/"));
		return STATUS_OWN_FAILURE;
	}
	for (guint i = 0; i < launch.n; i++)
		g_string_append_printf(title, "%s%s", i > 0 ? " + " : "", launch.commands[i][0]);
	launch.title = text_escape(title->str, -1);
	return launch_run(&launch);
}

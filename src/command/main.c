/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "pktladder/locate.h"
#include "pktladder/options.h"
#include "pktladder/broker.h"
#include "pktladder/network.h"

static const struct {
	int (*run)(const Options *options);
	gboolean keeps_rights; /* it needs them to capture, and gives them up itself */
} runs[] = {
	[COMMAND_DEMO] = { command_demo, TRUE }, [COMMAND_RUN] = { command_run, TRUE },
	[COMMAND_LIVE] = { command_live, TRUE }, [COMMAND_REPLAY] = { command_replay },
	[COMMAND_LIST] = { command_list },       [COMMAND_FIGURE] = { command_figure },
	[COMMAND_EXPLAIN] = { command_figure },  [COMMAND_DOCTOR] = { command_doctor, TRUE },
};
G_STATIC_ASSERT(G_N_ELEMENTS(runs) == N_COMMANDS);

static void
language_set(void)
{
	g_autofree char *locale = locate_locale();

	setlocale(LC_ALL, "");
	setlocale(LC_NUMERIC, "C"); /* one decimal point, in the ladder and beside it */
	bindtextdomain(GETTEXT_PACKAGE, locale);
	/* What comes out is UTF-8 as long as the locale is; else it is ASCII. */
	bind_textdomain_codeset(GETTEXT_PACKAGE, "UTF-8");
	textdomain(GETTEXT_PACKAGE);
}

/* `words`: those of the command stand behind the first. */
static int
command_start(CommandId command, char **words)
{
	g_auto(Options) options = { 0 };
	g_autoptr(GError) error = NULL;

	if (!options_parse(command, &options, words, &error)) {
		complain(_("%s; see pktladder %s --help"), error->message, commands[command].name);
		return command == COMMAND_RUN ? STATUS_OWN_FAILURE : STATUS_USAGE;
	}
	if (options.help) {
		fputs(options.help_text, stdout);
		return STATUS_OK;
	}
	if (!runs[command].keeps_rights && !privileges_become_caller(&error))
		return complain_failed(error);
	int status = runs[command].run(&options);
	broker_stop();
	return status;
}

static int
words_run(int argc, char **argv)
{
	g_autoptr(GString) names = g_string_new(commands[0].name);
	const char *word = argv[1];

	if (argc < 2 || g_str_equal(word, "--help") || g_str_equal(word, "-h") ||
	    g_str_equal(word, "help")) {
		g_autofree char *help = options_help();

		fputs(help, stdout);
		return argc < 2 ? STATUS_USAGE : STATUS_OK;
	}
	if (g_str_equal(word, "--version")) {
		puts("pktladder " PKTLADDER_VERSION);
		return STATUS_OK;
	}
	CommandId command = command_find(word);
	if (command < N_COMMANDS)
		return command_start(command, argv + 1);
	/* `pktladder FILE`, `pktladder -`, `pktladder -r FILE` and `pktladder -D` need none. */
	if (g_str_equal(word, "-r") || g_str_equal(word, "-") || g_str_has_prefix(word, "--read") ||
	    (word[0] != '-' && g_file_test(word, G_FILE_TEST_EXISTS)))
		return command_start(COMMAND_REPLAY, argv);
	if (g_str_equal(word, "-D") || g_str_equal(word, "-i") || g_str_equal(word, "-w"))
		return command_start(COMMAND_LIVE, argv);
	if (word[0] == '-')
		return complain_usage(_("unknown option \"%s\"; see pktladder --help"), word);
	for (CommandId id = 1; id < N_COMMANDS; id++)
		g_string_append_printf(names, ", %s", commands[id].name);
	return complain_usage(_("\"%s\" is neither a command (%s) nor a file that exists"), word,
			      names->str);
}

static void
on_failed_write(int number G_GNUC_UNUSED)
{
}

/* A reader that has ended, and a limit on the size of files, end us by a signal, unless
 * somebody takes it: then they are errors of that write, and what it was for can be
 * cleared up. By a handler, which the programs that we start do not inherit. */
static void
write_errors_take(void)
{
	static const int numbers[] = { SIGPIPE, SIGXFSZ };
	struct sigaction action = { .sa_handler = on_failed_write, .sa_flags = SA_RESTART };

	for (guint i = 0; i < G_N_ELEMENTS(numbers); i++) {
		struct sigaction before;

		if (sigaction(numbers[i], NULL, &before) == 0 && before.sa_handler == SIG_DFL)
			sigaction(numbers[i], &action, NULL);
	}
}

/* What could not be written, and was not told yet: an unwritten help is no success. */
static int
output_check(int status)
{
	/* Of a write that failed earlier, stdio does not remember why. */
	int reason = fflush(stdout) != 0 ? errno : ferror(stdout) ? EIO : 0;
	struct pollfd output = { .fd = STDOUT_FILENO };

	if ((status != STATUS_OK && status != STATUS_PART) || reason == 0)
		return status;
	/* Who reads it has ended, having seen enough, as in `| head`. */
	if (poll(&output, 1, 0) == 1 && output.revents & (POLLERR | POLLHUP))
		return status;
	complain(_("cannot write to standard output: %s"), g_strerror(reason));
	return STATUS_FAILED;
}

/* Where one of the first three descriptors is closed, a file or a socket of ours would
 * take its place, and what is printed would go into that. What takes it now can be
 * used for nothing, as if it were closed still. */
static void
descriptors_hold(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
			open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
	}
}

int
main(int argc, char **argv)
{
	privileges_hide();
	descriptors_hold();
	write_errors_take();
	language_set();
	return output_check(words_run(argc, argv));
}

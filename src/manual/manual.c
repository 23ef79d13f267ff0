/* SPDX-License-Identifier: MIT */
/* manual.c - a program of the build: what of the manual and of the shells' completions follows
 * from the table of options and the table of keys.
 *
 *   pktladder-manual man TEMPLATE | bash | zsh | fish
 *
 * Theory of operation. The manual's template is an mdoc page. In it a block between
 *
 *   .\" @options COMMAND        (or "common": what more than two commands take)
 *   .\" @keys HEADING           (of a group of the help page)
 *
 * and `.\" @end` becomes a list of all that the table has for it. A block says more about an
 * option or a line of keys by naming it as the table does, `.\" @ other-end`, and going on from the
 * table's sentence. What names nothing, stands in no block, or would stand in two ends the build.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pktladder/options.h"
#include "pktladder/figure.h"
#include "pktladder/scenario.h"
#include "pktladder/summary.h"
#include "tui/tui_private.h"

/* An option that fewer commands take stands with each of them. */
#define COMMON_FROM 3

static G_NORETURN G_GNUC_PRINTF(1, 2) void fail(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	fputs("pktladder-manual: ", stderr);
	vfprintf(stderr, format, arguments);
	fputc('\n', stderr);
	va_end(arguments);
	exit(1);
}

static gboolean
is_common(const Option *option)
{
	/* what explains is a figure */
	if (option->commands & 1u << COMMAND_FIGURE && option->commands & 1u << COMMAND_EXPLAIN)
		return __builtin_popcount(option->commands) > COMMON_FROM;
	return __builtin_popcount(option->commands) >= COMMON_FROM;
}

/* Those whose values stand in a table of their own; freed by the caller. */
static char *
option_values(const Option *option)
{
	g_autoptr(GString) words = g_string_new(option->values);

	if (g_str_equal(option->name, "format") && option->commands & 1 << COMMAND_FIGURE) {
		for (const FigureFormat *format = figure_formats; format->id; format++)
			g_string_append_printf(words, "%s ", format->id);
		g_string_append(words, "help");
	}
	for (guint i = 0; g_str_equal(option->name, "sort") && i < N_SUMMARY_COLUMNS; i++)
		g_string_append_printf(words, "%s%s -%s", i > 0 ? " " : "", summary_columns[i].id,
				       summary_columns[i].id);
	return g_string_free(g_steal_pointer(&words), FALSE);
}

/* The manual ------------------------------------------------------------------ */

/* As mdoc reads it: a hyphen may be copied, and a sentence begins a line. */
static void
roff_put(const char *text)
{
	for (const char *p = text; *p; p++) {
		if (*p == '-' || *p == '\\')
			fputs(*p == '-' ? "\\-" : "\\e", stdout);
		else
			putchar(*p == ' ' && p > text && p[-1] == '.' ? '\n' : *p);
	}
}

/* "what the time column shows": a sentence. A word of `values` it may begin with stays as it is. */
static void
sentence_put(const char *what, char **values)
{
	g_autofree char *rest = g_strdup(what);
	g_autofree char *first = g_strndup(what, strcspn(what, " ,"));

	if (!values || !g_strv_contains((const char *const *)values, first))
		rest[0] = g_ascii_toupper(rest[0]);
	roff_put(rest);
	puts(g_str_has_suffix(rest, ".") ? "" : ".");
}

static void
option_put(guint i)
{
	const Option *option = &option_table[i];
	const char *argument = option->argument ? option->argument : "";
	g_auto(GStrv) values = g_strsplit(option->values ? option->values : "", " ", -1);
	g_autofree char *choice = g_strjoinv(" | ", values);
	g_autofree char *what = values[0] && values[1] ? g_strdup_printf(" Cm %s", choice)
				: values[0] ? g_strdup_printf(" Cm %s | Ar %s", choice, argument)
				: *argument ? g_strdup_printf(" Ar %s", argument)
					    : g_strdup("");

	printf(".It ");
	if (option->letter)
		printf("Fl %c%s , ", option->letter, what);
	printf("Fl ");
	roff_put("-");
	roff_put(option->name);
	puts(what);
	sentence_put(option->what, values);
	if (!is_common(option) || __builtin_popcount(option->commands) >= N_COMMANDS - 1)
		return;
	printf(".Pq Of Cm");
	for (CommandId id = 0, n = 0; id < N_COMMANDS; id++) {
		if (option->commands & 1u << id)
			printf("%s %s", n++ > 0 ? " ," : "", commands[id].name);
	}
	putchar('\n');
}

static void
keys_put(guint i)
{
	const TuiKeyHelp *line = &tui_keys[i];
	g_auto(GStrv) words = g_strsplit(line->keys_ascii ? line->keys_ascii : line->keys, " ", -1);

	printf(".It Ic");
	for (char **word = words; *word; word++) {
		printf("%s \\&", word > words ? " ," : "");
		roff_put(*word);
	}
	putchar('\n');
	sentence_put(line->help, NULL);
}

/* What a block is of: the entries of a table by number, until `name` returns NULL. */
typedef struct {
	const char *kind;
	const char *(*name)(guint i, const char *of); /* "": not of this block */
	void (*put)(guint i);
	guint n;
	guint8 *seen; /* by entry: how many blocks had it */
} Table;

static const char *
option_name(guint i, const char *of)
{
	const Option *option = &option_table[i];
	CommandId id = command_find(of);
	gboolean here = id == N_COMMANDS ? is_common(option)
					 : !is_common(option) && option->commands & 1u << id;

	return option->what && here ? option->name : "";
}

static const char *
keys_name(guint i, const char *of)
{
	return tui_keys[i].keys && g_str_equal(tui_key_groups[tui_keys[i].group], of)
		   ? tui_keys[i].keys
		   : "";
}

/* Takes the lines of a block from `lines`; returns the line behind it. */
static char **
block_put(const Table *table, const char *of, char **lines)
{
	g_autoptr(GHashTable) more = g_hash_table_new(g_str_hash, g_str_equal);
	guint found = 0;

	for (; *lines && !g_str_equal(*lines, ".\\\" @end"); lines++) {
		if (g_str_has_prefix(*lines, ".\\\" @ "))
			g_hash_table_insert(more, *lines + strlen(".\\\" @ "), lines + 1);
	}
	for (guint i = 0; i < table->n; i++) {
		const char *name = table->name(i, of);
		char **line = g_hash_table_lookup(more, name);

		if (!*name)
			continue;
		found++;
		table->seen[i]++;
		table->put(i);
		for (; line && *line && !g_str_has_prefix(*line, ".\\\" @"); line++)
			puts(*line);
		g_hash_table_remove(more, name);
	}
	if (!*lines || found == 0)
		fail("nothing of \"@%s %s\", or no @end", table->kind, of);
	if (g_hash_table_size(more) > 0) {
		GHashTableIter iter;
		gpointer name;

		g_hash_table_iter_init(&iter, more);
		g_hash_table_iter_next(&iter, &name, NULL);
		fail("\"@%s %s\" has no \"%s\"", table->kind, of, (char *)name);
	}
	return lines + 1;
}

static void
manual_put(const char *path)
{
	Table tables[] = {
		{ "options", option_name, option_put, n_options, g_new0(guint8, n_options) },
		{ "keys", keys_name, keys_put, n_tui_keys, g_new0(guint8, n_tui_keys) },
	};
	g_autofree char *text = NULL;

	if (!g_file_get_contents(path, &text, NULL, NULL))
		fail("cannot read %s", path);
	g_auto(GStrv) lines = g_strsplit(g_strchomp(text), "\n", -1);
	for (char **line = lines; *line;) {
		char **next = NULL;

		for (guint i = 0; i < G_N_ELEMENTS(tables); i++) {
			g_autofree char *begin = g_strdup_printf(".\\\" @%s ", tables[i].kind);

			if (g_str_has_prefix(*line, begin))
				next = block_put(&tables[i], *line + strlen(begin), line + 1);
		}
		if (!next)
			puts(*line);
		line = next ? next : line + 1;
	}
	for (guint i = 0; i < n_options; i++) {
		guint places =
		    is_common(&option_table[i]) ? 1 : __builtin_popcount(option_table[i].commands);

		if (option_table[i].what && tables[0].seen[i] != places)
			fail("--%s stands in %u blocks, not in %u", option_table[i].name,
			     tables[0].seen[i], places);
	}
	for (guint i = 0; i < n_tui_keys; i++) {
		if (tui_keys[i].keys && tables[1].seen[i] != 1)
			fail("the keys \"%s\" stand in %u blocks", tui_keys[i].keys,
			     tables[1].seen[i]);
	}
	for (guint i = 0; i < G_N_ELEMENTS(tables); i++)
		g_free(tables[i].seen);
}

/* Completions ----------------------------------------------------------------- */

/* How a shell spells them. Placeholders: %c the command, %C all of them, %w what it or the option
 * does, %n the option's name, %l its letter as `letter` has it, %L that letter, %a its argument,
 * %v the words that may stand there, %O all options of the command, %s the scenarios where it takes
 * one. */
typedef struct {
	const char *name, *begin, *summary, *middle, *options, *options_end, *end;
	const char *flag, *values, *file, *text; /* by what follows the option */
	const char *letter;
	const char *escapes[4]; /* pairs: characters, and what is put before each of them */
} Shell;

static const Shell shells[] = {
	{ .name = "bash",
	  .begin =
	      "_pktladder() {\n"
	      "\tlocal command=${COMP_WORDS[1]} words= kind= at=$((COMP_CWORD - 1))\n"
	      "\tlocal word=${COMP_WORDS[COMP_CWORD]}\n"
	      "\tlocal before=${COMP_WORDS[at]} program=\" ${COMP_WORDS[*]:2:at > 0 ? at - 1 : 0} "
	      "\"\n"
	      "\t[[ \" %C \" == *\" $command \"* ]] || command=replay\n"
	      "\t[ \"$before\" != = ] || before=${COMP_WORDS[at - 1]} # --option=word: three "
	      "words\n"
	      "\t[ \"$word\" != = ] || word=\n"
	      "\tif [[ $command == run && $program == *' -- '* ]]; then\n"
	      "\t\t[[ $before == -- || $before == --and ]] && before=program || before=argument\n"
	      "\tfi\n"
	      "\tcase $((at > 0)):$command:$before in\n"
	      "\t0:*) words='%C --help --version' kind=-f ;;\n"
	      "\t1:run:program) kind=-c ;;\n"
	      "\t1:run:argument) words=--and kind=-f ;;\n",
	  .values = "\t1:%c:--%n%l) words='%v' ;;\n",
	  .file = "\t1:%c:--%n%l) kind=-f ;;\n",
	  .text = "\t1:%c:--%n%l) ;;\n",
	  .options_end = "\t1:%c:*) words='%O %s' kind=-f ;;\n",
	  .end = "\tesac\n"
		 "\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n"
		 "\t[ -z \"$kind\" ] || mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen $kind "
		 "-- \"$word\")\n"
		 "}\n"
		 "complete -o filenames -F _pktladder pktladder\n",
	  .letter = "|1:%c:-%L" },
	{ .name = "zsh",
	  .begin = "#compdef pktladder\n"
		   "local -a subcommands=(\n",
	  .summary = "\t'%c:%w'\n",
	  .middle = ")\n"
		    "if ((CURRENT == 2)); then\n"
		    "\t_describe command subcommands\n"
		    "\tcompadd -- --help --version\n"
		    "\t_files\n"
		    "\treturn\n"
		    "fi\n"
		    "local command=$words[2]\n"
		    "((${subcommands[(I)$command:*]})) || command=replay\n"
		    "local -i at=${words[(i)--]} and=${words[(i)--and]}\n"
		    "if [[ $command == run ]] && ((at < CURRENT)); then\n"
		    "\t((and >= CURRENT)) || at=and\n"
		    "\tshift $at words\n"
		    "\t((CURRENT -= at))\n"
		    "\t_normal\n"
		    "\treturn\n"
		    "fi\n"
		    "shift words\n"
		    "((CURRENT--))\n"
		    "case $command in\n",
	  .options = "%c)\n"
		     "\t_arguments \\\n",
	  .flag = "\t\t%l'--%n[%w]' \\\n",
	  .values = "\t\t%l'--%n=[%w]:%a:(%v)' \\\n",
	  .file = "\t\t%l'--%n=[%w]:%a:_files' \\\n",
	  .text = "\t\t%l'--%n=[%w]:%a: ' \\\n",
	  .options_end = "\t\t'*:word:{compadd -- %s; _files}'\n"
			 "\t;;\n",
	  .end = "esac\n",
	  .letter = "'-%L[%w]' ",
	  .escapes = { "'", "'\\'", "[]:", "\\" } },
	{ .name = "fish",
	  .begin = "complete -c pktladder -n __fish_use_subcommand -l help\n"
		   "complete -c pktladder -n __fish_use_subcommand -l version\n"
		   "set -l program 'contains -- (commandline -opc)[-1] -- --and'\n"
		   "complete -c pktladder -n $program -x -a '(__fish_complete_command)'\n",
	  .summary = "complete -c pktladder -n __fish_use_subcommand -a %c -d '%w'\n",
	  .options = "set -l only '__fish_seen_subcommand_from %c'\n"
		     "complete -c pktladder -n $only -a '%s'\n",
	  .flag = "complete -c pktladder -n $only%l -l %n -d '%w'\n",
	  .values = "complete -c pktladder -n $only%l -l %n -x -a '%v' -d '%w'\n",
	  .file = "complete -c pktladder -n $only%l -l %n -r -F -d '%w'\n",
	  .text = "complete -c pktladder -n $only%l -l %n -x -d '%w'\n",
	  .letter = " -s %L",
	  .escapes = { "'\\", "\\" } },
};

static void
escaped_put(const Shell *shell, const char *text)
{
	for (; *text; text++) {
		for (guint i = 0; i < G_N_ELEMENTS(shell->escapes); i += 2) {
			if (shell->escapes[i] && strchr(shell->escapes[i], *text))
				fputs(shell->escapes[i + 1], stdout);
		}
		putchar(*text);
	}
}

/* `option`: NULL of the command itself. */
static void
template_put(const Shell *shell, const char *template, CommandId id, const Option *option)
{
	for (; template && *template; template ++) {
		if (*template != '%') {
			putchar(*template);
			continue;
		}
		switch (*++template) {
		case 'c':
			fputs(commands[id].name, stdout);
			break;
		case 'C':
			for (CommandId other = 0; other < N_COMMANDS; other++)
				printf("%s%s", other > 0 ? " " : "", commands[other].name);
			break;
		case 'w':
			escaped_put(shell, option ? option->what : commands[id].summary);
			break;
		case 'n':
			fputs(option->name, stdout);
			break;
		case 'l':
			if (option->letter)
				template_put(shell, shell->letter, id, option);
			break;
		case 'L':
			putchar(option->letter);
			break;
		case 'a':
			escaped_put(shell, option->argument);
			break;
		case 'v': {
			g_autofree char *values = option_values(option);

			fputs(values, stdout);
			break;
		}
		case 'O':
			for (guint i = 0; i < n_options; i++) {
				if (option_table[i].what && option_table[i].commands & 1u << id)
					printf("--%s ", option_table[i].name);
			}
			break;
		case 's':
			for (guint i = 0; id == COMMAND_DEMO && scenarios[i]; i++)
				printf("%s%s", i ? " " : "", scenarios[i]->name);
			break;
		}
	}
}

static void
completion_put(const Shell *shell)
{
	template_put(shell, shell->begin, 0, NULL);
	for (CommandId id = 0; id < N_COMMANDS; id++)
		template_put(shell, shell->summary, id, NULL);
	template_put(shell, shell->middle, 0, NULL);
	for (CommandId id = 0; id < N_COMMANDS; id++) {
		template_put(shell, shell->options, id, NULL);
		for (guint i = 0; i < n_options; i++) {
			const Option *option = &option_table[i];
			g_autofree char *values = option_values(option);

			if (!option->what || !(option->commands & 1u << id))
				continue;
			template_put(shell,
				     option->kind == G_OPTION_ARG_NONE       ? shell->flag
				     : *values                               ? shell->values
				     : option->kind == G_OPTION_ARG_FILENAME ? shell->file
									     : shell->text,
				     id, option);
		}
		template_put(shell, shell->options_end, id, NULL);
	}
	template_put(shell, shell->end, 0, NULL);
}

int
main(int argc, char **argv)
{
	if (argc == 3 && g_str_equal(argv[1], "man")) {
		manual_put(argv[2]);
		return 0;
	}
	for (guint i = 0; argc == 2 && i < G_N_ELEMENTS(shells); i++) {
		if (!g_str_equal(argv[1], shells[i].name))
			continue;
		completion_put(&shells[i]);
		return 0;
	}
	fail("man TEMPLATE | bash | zsh | fish");
}

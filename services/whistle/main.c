/*
 * whistle NOUN VERB: finds the command's row, takes its options, runs it.
 */
#include <stdlib.h>
#include <string.h>
#include "arguments.h"
#include "commands.h"
#include "help.h"
#include "hidden.h"
#include "lang.h"
#include "say.h"
#include "session.h"
#include "table.h"

enum { TIMEOUT_S = 10, TIMEOUT_MAX_S = 3600 };

void cli_global_rows(
    struct option_row rows_out[CLI_GLOBAL_ROWS], struct cli *cli)
{
	const struct option_row rows[CLI_GLOBAL_ROWS] = {
		{ "home", OPTION_TEXT, &cli->home_option, 0, 0, "DIR",
		    N_("the city folder (WHISTLE_HOME, else ./run)") },
		{ "as", OPTION_TEXT, &cli->as, 0, 0, "NAME",
		    N_("the operator to be (WHISTLE_AS, else admin)") },
		{ "node", OPTION_TEXT, &cli->node_name, 0, 0, "NAME",
		    N_("the node to ask (else the one that serves the "
		       "operator's unit)") },
		{ "lang", OPTION_TEXT, &cli->lang, 0, 0, "zh|en",
		    N_("the language (else that of the environment)") },
		{ "color", OPTION_TEXT, &cli->color, 0, 0, "auto|always|never",
		    N_("colours in tables (else on a terminal, unless NO_COLOR "
		       "is set)") },
		{ "json", OPTION_FLAG, &cli->json, 0, 0, "",
		    N_("answer in JSON, for scripts") },
		{ "timeout", OPTION_NUMBER, &cli->timeout_s, 1, TIMEOUT_MAX_S,
		    "SECONDS", N_("how long to wait for a node (10)") },
		{ "help", OPTION_FLAG, &cli->help, 0, 0, "",
		    N_("explain the command") },
		{ "version", OPTION_FLAG, &cli->version, 0, 0, "",
		    N_("say which version this is") },
	};
	memcpy(rows_out, rows, sizeof(rows));
}

static enum cli_exit say_unknown_verb(const char *noun, const char *verb)
{
	const char *near = commands_near_verb(noun, verb);
	if (near)
		say_error(_("“whistle %s” has no %s; did you mean “whistle "
			    "%s %s”?"),
		    noun, verb, noun, near);
	else
		say_error(_("“whistle %s” has no %s; see “whistle %s "
			    "--help”."),
		    noun, verb, noun);
	return CLI_USAGE;
}

static enum cli_exit say_unknown_noun(const char *noun)
{
	const char *near = commands_near_noun(noun);
	if (near)
		say_error(_("There is no command %s; did you mean “whistle "
			    "%s”?"),
		    noun, near);
	else
		say_error(
		    _("There is no command %s; see “whistle help”."), noun);
	return CLI_USAGE;
}

/* No command was named: help, if it was asked for; else how to ask. */
static enum cli_exit explain_noun(const char *noun, bool is_asked)
{
	FILE *out = is_asked ? stdout : stderr;
	if (noun)
		help_noun(out, noun);
	else
		help_all(out);
	return is_asked ? CLI_DONE : CLI_USAGE;
}

/* CLI_DONE with *command_out NULL: help was asked for and given. */
static enum cli_exit find_command(const struct cli_command **command_out,
    struct arguments *arguments, const struct option_row *rows)
{
	bool wants_help = arguments_has(arguments, "--help");
	const char *verb = NULL;
	const char *noun = arguments_take(arguments, rows, CLI_GLOBAL_ROWS);
	*command_out = NULL;
	if (!noun)
		return explain_noun(NULL, wants_help);
	*command_out = commands_find(noun, NULL);
	if (!*command_out) {
		if (!commands_has_noun(noun))
			return say_unknown_noun(noun);
		verb = arguments_take(arguments, rows, CLI_GLOBAL_ROWS);
		if (!verb)
			return explain_noun(noun, wants_help);
		*command_out = commands_find(noun, verb);
	}
	if (!*command_out)
		return say_unknown_verb(noun, verb);
	if (wants_help) {
		help_command(stdout, *command_out);
		*command_out = NULL;
	}
	return CLI_DONE;
}

static enum cli_exit check_words(const struct cli_command *command, int count)
{
	const char *verb = command->verb ? command->verb : "";
	if (count >= command->words_min &&
	    (command->words_max < 0 || count <= command->words_max))
		return CLI_DONE;
	if (count < command->words_min)
		say_error(_("Something is missing: whistle %s%s%s %s"),
		    command->noun, *verb ? " " : "", verb, command->words);
	else
		say_error(_("That is too much: whistle %s%s%s %s"),
		    command->noun, *verb ? " " : "", verb, command->words);
	return CLI_USAGE;
}

static enum cli_exit run_command(struct cli *cli,
    const struct cli_command *command, struct arguments *arguments)
{
	struct option_row rows[CLI_ROWS_MAX];
	size_t row_count = command->row_count + CLI_GLOBAL_ROWS;
	cli_global_rows(rows, cli);
	for (size_t i = 0; i < command->row_count; i++)
		rows[CLI_GLOBAL_ROWS + i] = command->rows[i];
	enum cli_exit exit = arguments_check(arguments, rows, row_count);
	if (exit != CLI_DONE)
		return exit;
	char message[256];
	int count;
	if (options_parse(&count, arguments->items, message, sizeof(message),
		rows, row_count, arguments->count, arguments->items) < 0) {
		say_error("%s", message);
		return CLI_USAGE;
	}
	exit = check_words(command, count);
	if (exit == CLI_DONE && !table_paints(cli->color)) {
		say_error(_("--color is auto, always or never, not “%s”."),
		    cli->color);
		return CLI_USAGE;
	}
	return exit == CLI_DONE
		   ? command->run(cli, command, count, arguments->items)
		   : exit;
}

static enum cli_exit run(struct cli *cli, struct arguments *arguments)
{
	struct option_row rows[CLI_GLOBAL_ROWS];
	const struct cli_command *command = NULL;
	if (hidden_is_asked(arguments))
		return hidden_run(cli, arguments);
	cli_global_rows(rows, cli);
	const char *lang = arguments_peek(arguments, "--lang");
	if (!lang_set(lang)) {
		say_error(_("--lang is zh or en, not “%s”."), lang);
		return CLI_USAGE;
	}
	if (arguments_has(arguments, "--version"))
		return help_version(stdout);
	enum cli_exit exit = find_command(&command, arguments, rows);
	if (command && exit == CLI_DONE)
		exit = run_command(cli, command, arguments);
	return exit;
}

int main(int argc, char **argv)
{
	struct cli cli = { .timeout_s = TIMEOUT_S, .clock = clock_system() };
	struct arguments arguments = { argc > 0 ? argc - 1 : 0, argv + 1 };
	enum cli_exit exit = run(&cli, &arguments);
	session_close(&cli);
	/* What could not be written was not done: a full disk, say. */
	if (fflush(stdout) != 0 || ferror(stdout)) {
		say_error(_("Standard output cannot be written."));
		exit = CLI_FAILED;
	}
	return (int)exit;
}

#include "help.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include "commands.h"
#include "lang.h"
#include "say.h"

enum { USAGE_COLUMNS = 34 };

/* Columns on a terminal; the locale is UTF-8. */
static int columns_of(const char *text)
{
	wchar_t wide[256];
	size_t len = mbstowcs(wide, text, sizeof(wide) / sizeof(wide[0]));
	if (len == (size_t)-1 || len == sizeof(wide) / sizeof(wide[0]))
		return (int)strlen(text);
	return wcswidth(wide, len);
}

/* One column for "noun verb WORDS", then what it does. */
static void help_line(FILE *out, const struct cli_command *command)
{
	char usage[160];
	snprintf(usage, sizeof(usage), "%s%s%s %s", command->noun,
	    command->verb ? " " : "", command->verb ? command->verb : "",
	    command->words);
	int left = USAGE_COLUMNS - columns_of(usage);
	if (left < 0)
		fprintf(out, "  %s\n  %*s %s\n", usage, USAGE_COLUMNS, "",
		    lang_text(command->help));
	else
		fprintf(out, "  %s%*s %s\n", usage, left, "",
		    lang_text(command->help));
}

static void global_options(FILE *out)
{
	struct cli cli = { 0 };
	struct option_row rows[CLI_GLOBAL_ROWS];
	cli_global_rows(rows, &cli);
	fprintf(out, "\n%s\n", _("Options of every command:"));
	options_help(out, rows, CLI_GLOBAL_ROWS, lang_text);
}

static void exit_codes(FILE *out)
{
	fprintf(out, "\n%s\n",
	    _("Exit codes: 0 done, 1 refused, 2 usage, 3 not reachable, "
	      "4 not found, 5 failure."));
}

enum cli_exit help_all(FILE *out)
{
	const struct cli_command *row;
	const char *noun = "";
	fprintf(out, "%s\n",
	    _("whistle NOUN VERB … asks a city's nodes about its tickets."));
	for (size_t i = 0; (row = commands_at(i)) != NULL; i++) {
		if (strcmp(noun, row->noun) != 0)
			fputc('\n', out);
		noun = row->noun;
		help_line(out, row);
	}
	global_options(out);
	exit_codes(out);
	return CLI_DONE;
}

enum cli_exit help_noun(FILE *out, const char *noun)
{
	const struct cli_command *row;
	for (size_t i = 0; (row = commands_at(i)) != NULL; i++)
		if (strcmp(row->noun, noun) == 0)
			help_line(out, row);
	fprintf(out, "\n");
	fprintf(
	    out, _("“whistle %s VERB --help” explains one of them.\n"), noun);
	return CLI_DONE;
}

enum cli_exit help_command(FILE *out, const struct cli_command *command)
{
	fprintf(out, "whistle %s%s%s %s\n\n%s\n", command->noun,
	    command->verb ? " " : "", command->verb ? command->verb : "",
	    command->words, lang_text(command->help));
	if (command->more)
		fprintf(out, "\n%s\n", lang_text(command->more));
	if (command->row_count > 0) {
		fprintf(out, "\n%s\n", _("Options:"));
		options_help(out, command->rows, command->row_count, lang_text);
	}
	global_options(out);
	exit_codes(out);
	return CLI_DONE;
}

enum cli_exit help_version(FILE *out)
{
	fprintf(out, "whistle %s\n", WHISTLE_VERSION);
	return CLI_DONE;
}

static enum cli_exit help_run(
    struct cli *cli, const struct cli_command *command, int count, char **words)
{
	(void)cli;
	(void)command;
	if (count == 0)
		return help_all(stdout);
	const struct cli_command *row =
	    commands_find(words[0], count > 1 ? words[1] : NULL);
	if (row)
		return help_command(stdout, row);
	if (commands_has_noun(words[0]) && count == 1)
		return help_noun(stdout, words[0]);
	say_error(_("There is no such command; see “whistle help”."));
	return CLI_USAGE;
}

static enum cli_exit version_run(
    struct cli *cli, const struct cli_command *command, int count, char **words)
{
	(void)cli;
	(void)command;
	(void)count;
	(void)words;
	return help_version(stdout);
}

static const struct cli_command rows[] = {
	{ "help", NULL, "[NOUN [VERB]]", 0, 2, NULL, 0, help_run, NULL,
	    N_("explain the commands"), NULL },
	{ "version", NULL, "", 0, 0, NULL, 0, version_run, NULL,
	    N_("say which version this is"), NULL },
};

const struct cli_commands help_commands = { CLI_ROWS(rows) };

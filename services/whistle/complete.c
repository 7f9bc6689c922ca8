#include "complete.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "commands.h"
#include "offer.h"

enum { ARGUMENT_TEXT = 64, PATH_TEXT = 1024 };

/* The command line up to the cursor, word by word. */
struct reading {
	struct cli *cli;
	struct option_row globals[CLI_GLOBAL_ROWS];
	const struct cli_command *command; /* NULL: not said yet */
	const struct option_row *option;   /* waits for its value */
	const char *noun, *verb, *first;
	int bare;	/* bare words after noun and verb */
	bool has_ended; /* a "--": bare words from there on */
	char home[PATH_TEXT];
};

static const struct option_row *row_in(
    const struct option_row *rows, size_t count, const char *name, size_t len)
{
	for (size_t i = 0; i < count; i++)
		if (strncmp(rows[i].name, name, len) == 0 &&
		    rows[i].name[len] == '\0')
			return &rows[i];
	return NULL;
}

/* "--name" or "--name=value"; before the command is known, of any. */
static const struct option_row *row_of(
    const struct reading *reading, const char *word)
{
	const char *name = word + 2;
	size_t len = strcspn(name, "=");
	const struct cli_command *command = reading->command;
	const struct option_row *row =
	    row_in(reading->globals, CLI_GLOBAL_ROWS, name, len);
	if (!row && command)
		return row_in(command->rows, command->row_count, name, len);
	for (size_t i = 0; !row && (command = commands_at(i)); i++)
		row = row_in(command->rows, command->row_count, name, len);
	return row;
}

/* The shell has not replaced a "~" that is still being typed. */
static const char *home_folder(struct reading *reading, const char *value)
{
	const char *home = getenv("HOME");
	if (strncmp(value, "~/", 2) != 0 || !home)
		return value;
	int len = snprintf(
	    reading->home, sizeof(reading->home), "%s%s", home, value + 1);
	/* A path cut short would be another folder. */
	return len < (int)sizeof(reading->home) ? reading->home : value;
}

static void take_value(
    struct reading *reading, const struct option_row *option, const char *value)
{
	if (strcmp(option->name, "home") == 0)
		reading->cli->home_option = home_folder(reading, value);
	else if (strcmp(option->name, "as") == 0)
		reading->cli->as = value;
}

static void take_option(struct reading *reading, const char *word)
{
	const struct option_row *row = row_of(reading, word);
	const char *equals = strchr(word, '=');
	if (!row || row->type == OPTION_FLAG)
		return;
	if (equals)
		take_value(reading, row, equals + 1);
	else
		reading->option = row;
}

static void take_bare(struct reading *reading, const char *word)
{
	if (!reading->noun) {
		reading->noun = word;
		reading->command = commands_find(word, NULL);
	} else if (!reading->command && !reading->verb) {
		reading->verb = word;
		reading->command = commands_find(reading->noun, word);
	} else {
		if (reading->bare++ == 0)
			reading->first = word;
	}
}

static void take_word(struct reading *reading, const char *word)
{
	const struct option_row *option = reading->option;
	reading->option = NULL;
	if (option)
		take_value(reading, option, word);
	else if (!reading->has_ended && strcmp(word, "--") == 0)
		reading->has_ended = true;
	else if (!reading->has_ended && strncmp(word, "--", 2) == 0)
		take_option(reading, word);
	else
		take_bare(reading, word);
}

/* ---- what may be next ---- */

static void offer_rows(
    struct spot *spot, const struct option_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char word[ARGUMENT_TEXT];
		snprintf(word, sizeof(word), "--%s", rows[i].name);
		offer_word(spot, word);
	}
}

static void offer_options(struct spot *spot, const struct reading *reading)
{
	const struct cli_command *command = reading->command;
	if (command)
		offer_rows(spot, command->rows, command->row_count);
	offer_rows(spot, reading->globals, CLI_GLOBAL_ROWS);
}

/*
 * The name of bare word number `number` in a command's words, as
 * "ID [DEPARTMENT…]": the last, where it has an ellipsis, goes on for ever.
 * False past the end.
 */
static bool argument_at(char out[ARGUMENT_TEXT], const char *words, int number)
{
	static const char ellipsis[] = "…";
	bool repeats = false;
	size_t len = 0;
	for (int at = 0; at <= number; at++) {
		words += strspn(words, " []");
		if (!*words)
			return repeats && len > 0;
		len = strcspn(words, " []");
		repeats = len > sizeof(ellipsis) - 1 &&
			  strncmp(words + len - (sizeof(ellipsis) - 1),
			      ellipsis, sizeof(ellipsis) - 1) == 0;
		size_t keep = len - (repeats ? sizeof(ellipsis) - 1 : 0);
		snprintf(out, ARGUMENT_TEXT, "%.*s", (int)keep, words);
		words += len;
	}
	return true;
}

static void offer_bare(struct spot *spot, const struct reading *reading)
{
	char argument[ARGUMENT_TEXT];
	if (!reading->noun)
		offer_nouns(spot);
	else if (!reading->command && !reading->verb)
		offer_verbs(spot, reading->noun);
	else if (reading->command &&
		 argument_at(argument, reading->command->words, reading->bare))
		offer_argument(spot, argument);
}

static void offer_value(
    struct spot *spot, const struct option_row *row, const char *prefix)
{
	spot->option = row->name;
	spot->prefix = prefix;
	if (row->type == OPTION_TEXT || row->type == OPTION_LIST)
		offer_argument(spot, row->argument);
}

static void offer(struct spot *spot, const struct reading *reading)
{
	const char *word = spot->prefix;
	bool is_option = !reading->has_ended && word[0] == '-';
	const char *equals = is_option ? strchr(word, '=') : NULL;
	const struct option_row *row =
	    equals && word[1] == '-' ? row_of(reading, word) : NULL;
	if (reading->option)
		offer_value(spot, reading->option, word);
	else if (row)
		offer_value(spot, row, equals + 1);
	else if (is_option)
		offer_options(spot, reading);
	else
		offer_bare(spot, reading);
	/* Nothing to say of a word that is yet to come: then what else may. */
	if (spot->offered == 0 && !*word && !reading->option &&
	    !reading->has_ended && strcmp(spot->kind, "words") == 0)
		offer_options(spot, reading);
}

enum cli_exit complete(struct cli *cli, int count, char **words)
{
	struct reading reading = { .cli = cli };
	cli_global_rows(reading.globals, cli);
	for (int i = 0; i + 1 < count; i++)
		take_word(&reading, words[i]);
	struct spot spot = {
		.cli = cli,
		.noun = reading.noun,
		.verb = reading.verb,
		.first = reading.first,
		.prefix = count > 0 ? words[count - 1] : "",
		.kind = "words",
	};
	offer(&spot, &reading);
	printf("%s\n", spot.kind);
	return CLI_DONE;
}

#include "arguments.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "commands.h"
#include "lang.h"
#include "nearest.h"
#include "say.h"

static bool is_option(const char *item)
{
	return item[0] == '-' && item[1] != '\0';
}

/* The part of "--name=value" before the '=', without dashes. */
static const char *name_of(size_t *len_out, const char *item)
{
	const char *name = item + strspn(item, "-");
	*len_out = strcspn(name, "=");
	return name;
}

static const struct option_row *row_in(
    const struct option_row *rows, size_t count, const char *item)
{
	size_t len;
	const char *name = name_of(&len, item);
	for (size_t i = 0; i < count; i++)
		if (strncmp(rows[i].name, name, len) == 0 &&
		    rows[i].name[len] == '\0')
			return &rows[i];
	return NULL;
}

/* Before the command is known: the same name has the same type in all. */
static const struct option_row *row_anywhere(
    const struct option_row *rows, size_t count, const char *item)
{
	const struct option_row *row = row_in(rows, count, item);
	const struct cli_command *command;
	for (size_t i = 0; !row && (command = commands_at(i)); i++)
		row = row_in(command->rows, command->row_count, item);
	return row;
}

static bool takes_next(const struct option_row *row, const char *item)
{
	return row && row->type != OPTION_FLAG && !strchr(item, '=');
}

static void remove_at(struct arguments *arguments, int at)
{
	for (int i = at; i + 1 < arguments->count; i++)
		arguments->items[i] = arguments->items[i + 1];
	arguments->count--;
}

const char *arguments_take(struct arguments *arguments,
    const struct option_row *rows, size_t row_count)
{
	for (int i = 0; i < arguments->count; i++) {
		char *item = arguments->items[i];
		if (strcmp(item, "--") == 0)
			return NULL;
		if (!is_option(item)) {
			remove_at(arguments, i);
			return item;
		}
		if (takes_next(row_anywhere(rows, row_count, item), item))
			i++;
	}
	return NULL;
}

const char *arguments_peek(
    const struct arguments *arguments, const char *option)
{
	size_t len = strlen(option);
	for (int i = 0; i < arguments->count; i++) {
		const char *item = arguments->items[i];
		if (strcmp(item, "--") == 0)
			break;
		if (strncmp(item, option, len) != 0)
			continue;
		if (item[len] == '=')
			return item + len + 1;
		if (item[len] == '\0' && i + 1 < arguments->count)
			return arguments->items[i + 1];
	}
	return NULL;
}

bool arguments_has(const struct arguments *arguments, const char *option)
{
	for (int i = 0; i < arguments->count; i++) {
		if (strcmp(arguments->items[i], "--") == 0)
			break;
		if (strcmp(arguments->items[i], option) == 0)
			return true;
	}
	return false;
}

static enum cli_exit say_unknown(
    const struct option_row *rows, size_t count, const char *item)
{
	size_t len;
	const char *name = name_of(&len, item);
	char word[64];
	if (len >= sizeof(word))
		len = sizeof(word) - 1;
	memcpy(word, name, len);
	word[len] = '\0';
	struct nearest nearest = nearest_to(word);
	for (size_t i = 0; i < count; i++)
		nearest_try(&nearest, rows[i].name);
	if (nearest.best)
		say_error(_("There is no option --%s here; did you mean --%s?"),
		    word, nearest.best);
	else
		say_error(_("There is no option --%s here; add --help to see "
			    "which there are."),
		    word);
	return CLI_USAGE;
}

static enum cli_exit check_number(
    const struct option_row *row, const char *value)
{
	char *end;
	errno = 0;
	long long number = strtoll(value, &end, 10);
	if (errno == 0 && end != value && *end == '\0' && number >= row->min &&
	    number <= row->max)
		return CLI_DONE;
	say_error(_("--%s needs a whole number from %lld to %lld, not “%s”."),
	    row->name, (long long)row->min, (long long)row->max, value);
	return CLI_USAGE;
}

static enum cli_exit check_value(
    const struct option_row *row, const char *item, const char *next)
{
	const char *equals = strchr(item, '=');
	if (row->type == OPTION_FLAG) {
		if (!equals)
			return CLI_DONE;
		say_error(_("--%s takes no value."), row->name);
		return CLI_USAGE;
	}
	const char *value = equals ? equals + 1 : next;
	if (!value) {
		say_error(_("--%s needs a value: --%s %s."), row->name,
		    row->name, row->argument);
		return CLI_USAGE;
	}
	return row->type == OPTION_NUMBER ? check_number(row, value) : CLI_DONE;
}

enum cli_exit arguments_check(const struct arguments *arguments,
    const struct option_row *rows, size_t row_count)
{
	for (int i = 0; i < arguments->count; i++) {
		const char *item = arguments->items[i];
		if (strcmp(item, "--") == 0)
			break;
		if (!is_option(item))
			continue;
		const struct option_row *row = row_in(rows, row_count, item);
		if (!row || item[1] != '-')
			return say_unknown(rows, row_count, item);
		const char *next =
		    i + 1 < arguments->count ? arguments->items[i + 1] : NULL;
		enum cli_exit exit = check_value(row, item, next);
		if (exit != CLI_DONE)
			return exit;
		if (takes_next(row, item))
			i++;
	}
	return CLI_DONE;
}

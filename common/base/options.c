#include "base/options.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include "base/bytes.h"
#include "base/err.h"

/* What is left to parse, what came of it, and where a mistake is told. */
struct parse {
	const struct option_row *rows;
	size_t row_count;
	int argc, at;
	char **argv;
	char **words;
	int count;
	char *message;
	size_t message_size;
};

static int complain(struct parse *parse, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static int complain(struct parse *parse, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(parse->message, parse->message_size, format, args);
	va_end(args);
	return ERR_INVALID;
}

static const struct option_row *find_row(
    const struct parse *parse, const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < parse->row_count; i++) {
		if (strncmp(parse->rows[i].name, name, len) == 0 &&
		    parse->rows[i].name[len] == '\0')
			return &parse->rows[i];
	}
	return NULL;
}

static int set_number(
    struct parse *parse, const struct option_row *row, const char *text)
{
	long long number;
	char *end;

	errno = 0;
	number = strtoll(text, &end, 10);
	if ((*text != '-' && (*text < '0' || *text > '9')) || end == text ||
	    *end != '\0')
		return complain(parse, "--%s: \"%.40s\" is not a whole number",
		    row->name, text);
	if (errno == ERANGE || number < row->min || number > row->max)
		return complain(parse,
		    "--%s: %.40s is out of range: use %" PRId64 " to %" PRId64,
		    row->name, text, row->min, row->max);
	*(int64_t *)row->value = number;
	return 0;
}

static int add_item(
    struct parse *parse, const struct option_row *row, const char *text)
{
	struct option_list *list = row->value;

	if (list->count == OPTION_LIST_MAX)
		return complain(parse, "--%s: at most %d times", row->name,
		    OPTION_LIST_MAX);
	list->items[list->count++] = text;
	return 0;
}

static int set_value(
    struct parse *parse, const struct option_row *row, const char *text)
{
	if (row->type == OPTION_NUMBER)
		return set_number(parse, row, text);
	if (row->type == OPTION_LIST)
		return add_item(parse, row, text);
	*(const char **)row->value = text;
	return 0;
}

static int set_flag(
    struct parse *parse, const struct option_row *row, const char *value)
{
	if (value)
		return complain(parse, "--%s takes no value", row->name);
	*(bool *)row->value = true;
	return 0;
}

/* An option in the place of a value is a value forgotten; whoever means it
 * writes "--name=--value". */
static const char *next_word(struct parse *parse)
{
	if (parse->at >= parse->argc ||
	    strncmp(parse->argv[parse->at], "--", 2) == 0)
		return NULL;
	return parse->argv[parse->at++];
}

/* The option at argv[at], and its value if that is the next word. */
static int take_option(struct parse *parse)
{
	const char *name = parse->argv[parse->at++] + 2;
	size_t len = strcspn(name, "=");
	const char *value = name[len] == '=' ? name + len + 1 : NULL;
	const struct option_row *row = find_row(parse, name, len);

	if (!row)
		return complain(parse,
		    "there is no option --%.*s; --help shows them all",
		    (int)text_cut(name, len < 40 ? len : 40), name);
	if (row->type == OPTION_FLAG)
		return set_flag(parse, row, value);
	if (!value)
		value = next_word(parse);
	if (!value)
		return complain(parse, "--%s needs a value: --%s %s", row->name,
		    row->name, row->argument ? row->argument : "VALUE");
	return set_value(parse, row, value);
}

/* A word, or an option with its value. `words` may be `argv`: what is kept
 * never overtakes what is read. */
static int take_one(struct parse *parse)
{
	char *word = parse->argv[parse->at];

	if (word[0] != '-' || word[1] == '\0') {
		parse->words[parse->count++] = word;
		parse->at++;
		return 0;
	}
	if (word[1] != '-')
		return complain(parse,
		    "%.40s: options have two dashes, as in --help", word);
	return take_option(parse);
}

int options_parse(int *count_out, char **words, char *message,
    size_t message_size, const struct option_row *rows, size_t row_count,
    int argc, char **argv)
{
	struct parse parse = { rows, row_count, argc, 0, argv, words, 0,
		message, message_size };
	bool has_ended = false;
	int rc = 0;

	while (rc == 0 && parse.at < argc) {
		if (has_ended) {
			words[parse.count++] = argv[parse.at++];
		} else if (strcmp(argv[parse.at], "--") == 0) {
			has_ended = true;
			parse.at++;
		} else {
			rc = take_one(&parse);
		}
	}
	*count_out = parse.count;
	return rc;
}

/* "--name ARGUMENT" into the first column; its width. */
static int left_column(char *out, size_t size, const struct option_row *row)
{
	const char *argument = row->argument ? row->argument : "VALUE";

	return row->type == OPTION_FLAG
		   ? snprintf(out, size, "--%s", row->name)
		   : snprintf(out, size, "--%s %s", row->name, argument);
}

void options_help(FILE *out, const struct option_row *rows, size_t row_count,
    const char *(*translate)(const char *))
{
	char left[80];
	int width = 0, len;
	size_t i;

	for (i = 0; i < row_count; i++) {
		len = left_column(left, sizeof(left), &rows[i]);
		width = len > width ? len : width;
	}
	for (i = 0; i < row_count; i++) {
		left_column(left, sizeof(left), &rows[i]);
		fprintf(
		    out, "  %-*s  %s", width, left, translate(rows[i].help));
		if (rows[i].type == OPTION_NUMBER)
			fprintf(out, " [%" PRId64 "..%" PRId64 "]", rows[i].min,
			    rows[i].max);
		fputc('\n', out);
	}
}

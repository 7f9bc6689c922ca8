#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "base/options.h"

static bool json;
static const char *home;
static int64_t port;

static const struct option_row rows[] = {
	{ "json", OPTION_FLAG, &json, 0, 0, NULL, "For scripts" },
	{ "home", OPTION_TEXT, &home, 0, 0, "DIR", "The city's folder" },
	{ "port", OPTION_NUMBER, &port, -1, 65535, "NUMBER", "Where" },
};

static char message[128];
static char *words[16];
static int count;

/* Splits `line` at spaces; a lone "_" is an empty argument. */
static int parse(const char *line)
{
	static char text[256];
	char *argv[16], *word, *rest = text;
	int argc = 0;

	json = false;
	home = "run";
	port = 8311;
	message[0] = '\0';
	snprintf(text, sizeof(text), "%s", line);
	while ((word = strsep(&rest, " ")) && *word != '\0')
		argv[argc++] = strcmp(word, "_") == 0 ? word + 1 : word;
	memcpy(words, argv, sizeof(argv));
	return options_parse(
	    &count, words, message, sizeof(message), rows, 3, argc, words);
}

static void keeps_the_defaults(void **state)
{
	(void)state;
	assert_int_equal(parse(""), 0);
	assert_int_equal(count, 0);
	assert_false(json);
	assert_string_equal(home, "run");
	assert_int_equal(port, 8311);
}

static void takes_options_from_among_the_words(void **state)
{
	(void)state;
	assert_int_equal(
	    parse("ticket --json list --home /a --port=80 open"), 0);
	assert_int_equal(count, 3);
	assert_string_equal(words[0], "ticket");
	assert_string_equal(words[1], "list");
	assert_string_equal(words[2], "open");
	assert_true(json);
	assert_string_equal(home, "/a");
	assert_int_equal(port, 80);
}

static void two_dashes_end_the_options(void **state)
{
	(void)state;
	assert_int_equal(parse("a - -- --json -x --"), 0);
	assert_int_equal(count, 5);
	assert_string_equal(words[1], "-");
	assert_string_equal(words[2], "--json");
	assert_string_equal(words[4], "--");
	assert_false(json);
}

static void the_last_one_counts_and_values_may_be_odd(void **state)
{
	(void)state;
	assert_int_equal(parse("--home a --home=--b=c --port -1"), 0);
	assert_string_equal(home, "--b=c");
	assert_int_equal(port, -1);
	assert_int_equal(parse("--home= x"), 0);
	assert_string_equal(home, "");
	assert_int_equal(parse("--home _ x"), 0);
	assert_string_equal(home, "");
	assert_int_equal(count, 1);
}

static void refuse(const char *line, const char *sentence)
{
	assert_int_equal(parse(line), ERR_INVALID);
	assert_string_equal(message, sentence);
}

static void names_what_is_wrong(void **state)
{
	(void)state;
	refuse("--jsn", "there is no option --jsn; --help shows them all");
	refuse("--js", "there is no option --js; --help shows them all");
	refuse("--=x", "there is no option --; --help shows them all");
	refuse("-j", "-j: options have two dashes, as in --help");
	refuse("--json=yes", "--json takes no value");
	refuse("--home", "--home needs a value: --home DIR");
	refuse("--home --json", "--home needs a value: --home DIR");
}

static void takes_whole_numbers_within_their_bounds(void **state)
{
	(void)state;
	refuse("--port x", "--port: \"x\" is not a whole number");
	refuse("--port 80x", "--port: \"80x\" is not a whole number");
	refuse("--port=", "--port: \"\" is not a whole number");
	refuse("--port=+1", "--port: \"+1\" is not a whole number");
	refuse("--port=-", "--port: \"-\" is not a whole number");
	refuse(
	    "--port 65536", "--port: 65536 is out of range: use -1 to 65535");
	refuse("--port 99999999999999999999",
	    "--port: 99999999999999999999 is out of range: use -1 to 65535");
	assert_int_equal(port, 8311);
}

static void a_long_word_does_not_overflow_the_message(void **state)
{
	char line[200] = "--";

	(void)state;
	memset(line + 2, 'x', sizeof(line) - 3);
	assert_int_equal(parse(line), ERR_INVALID);
	assert_true(strlen(message) < sizeof(message));
}

static const char *louder(const char *text)
{
	return strcmp(text, "Where") == 0 ? "WHERE" : text;
}

static void help_shows_two_columns(void **state)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	(void)state;
	assert_non_null(out);
	options_help(out, rows, 3, louder);
	fclose(out);
	assert_string_equal(text, "  --json         For scripts\n"
				  "  --home DIR     The city's folder\n"
				  "  --port NUMBER  WHERE [-1..65535]\n");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_the_defaults),
		cmocka_unit_test(takes_options_from_among_the_words),
		cmocka_unit_test(two_dashes_end_the_options),
		cmocka_unit_test(the_last_one_counts_and_values_may_be_odd),
		cmocka_unit_test(names_what_is_wrong),
		cmocka_unit_test(takes_whole_numbers_within_their_bounds),
		cmocka_unit_test(a_long_word_does_not_overflow_the_message),
		cmocka_unit_test(help_shows_two_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

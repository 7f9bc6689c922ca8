#include "harness/harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void run_list(struct run *run_out, const struct city *city,
    const char *operator_name, const char *option, va_list list)
{
	const char *argv[ARGUMENTS_MAX] = { BIN_DIR "/whistle", "--home",
		city->home.path, "--as", operator_name };
	size_t count = 5;
	const char *word;

	while ((word = va_arg(list, const char *)) != NULL) {
		assert_true(count < ARGUMENTS_MAX - 2);
		argv[count++] = word;
	}
	argv[count] = option;
	run_program(run_out, argv, 2 * PATIENCE_MS);
}

void cli(struct run *run_out, const struct city *city,
    const char *operator_name, ...)
{
	va_list list;

	va_start(list, operator_name);
	run_list(run_out, city, operator_name, NULL, list);
	va_end(list);
}

void cli_exits(
    int code, const struct city *city, const char *operator_name, ...)
{
	struct run run;
	va_list list;

	va_start(list, operator_name);
	run_list(&run, city, operator_name, NULL, list);
	va_end(list);
	if (run.code != code)
		fail_msg("exit code %d, not %d: %s%s", run.code, code,
		    run_text(&run.out), run_text(&run.err));
	run_free(&run);
}

json_t *cli_json(const struct city *city, const char *operator_name, ...)
{
	json_error_t error;
	struct run run;
	va_list list;

	va_start(list, operator_name);
	run_list(&run, city, operator_name, "--json", list);
	va_end(list);
	if (run.code != 0)
		fail_msg("exit code %d: %s%s", run.code, run_text(&run.out),
		    run_text(&run.err));
	json_t *json =
	    json_loads(run_text(&run.out), JSON_REJECT_DUPLICATES, &error);
	if (!json)
		fail_msg("no JSON: %s: %s", error.text, run_text(&run.out));
	run_free(&run);
	return json;
}

static json_t *step(json_t *value, const char *word, size_t len)
{
	char key[64];

	if (word[0] == '[')
		return json_array_get(value, strtoul(word + 1, NULL, 10));
	snprintf(key, sizeof(key), "%.*s", (int)len, word);
	return json_object_get(value, key);
}

json_t *json_at(json_t *value, const char *path)
{
	for (const char *at = path; *at;) {
		size_t len = 1 + strcspn(at + 1, ".[");
		value = step(value, at, len);
		if (!value)
			fail_msg("no %s in what was printed", path);
		at += len;
		at += *at == '.';
	}
	return value;
}

const char *json_text_at(json_t *value, const char *path)
{
	json_t *text = json_at(value, path);

	if (!json_is_string(text))
		fail_msg("%s is no text", path);
	return json_string_value(text);
}

int64_t json_number_at(json_t *value, const char *path)
{
	json_t *number = json_at(value, path);

	if (!json_is_integer(number))
		fail_msg("%s is no number", path);
	return json_integer_value(number);
}

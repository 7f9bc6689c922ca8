#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/bytes.h"
#include "base/err.h"
#include "base/yaml.h"

enum colour { RED, YELLOW };

struct item {
	char *code;
	char *note;
	enum colour colour;
	uint32_t days;
	char **lead;
	uint32_t lead_count;
};

struct city {
	char *name;
	uint8_t returns;
	int64_t offset;
	int8_t shift;
	double weight;
	bool open;
	uint8_t bits;
	struct item *items;
	uint32_t items_count;
};

static const cyaml_strval_t colours[] = { { "red", RED },
	{ "yellow", YELLOW } };
static const cyaml_strval_t days[] = { { "mon", 1 }, { "tue", 2 } };

static const cyaml_bitdef_t bits[] = { { "low", 0, 2 }, { "high", 2, 2 } };

static const cyaml_schema_value_t text_entry = { CYAML_VALUE_STRING(
    CYAML_FLAG_POINTER, char *, 1, 20) };
static const cyaml_schema_field_t item_fields[] = {
	CYAML_FIELD_STRING_PTR(
	    "code", CYAML_FLAG_POINTER, struct item, code, 1, 8),
	CYAML_FIELD_STRING_PTR("note",
	    CYAML_FLAG_POINTER_NULL_STR | CYAML_FLAG_OPTIONAL, struct item,
	    note, 0, CYAML_UNLIMITED),
	CYAML_FIELD_ENUM(
	    "colour", CYAML_FLAG_STRICT, struct item, colour, colours, 2),
	CYAML_FIELD_FLAGS("days", CYAML_FLAG_STRICT | CYAML_FLAG_OPTIONAL,
	    struct item, days, days, 2),
	CYAML_FIELD_SEQUENCE("lead", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
	    struct item, lead, &text_entry, 1, 3),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t item_entry = { CYAML_VALUE_MAPPING(
    CYAML_FLAG_DEFAULT, struct item, item_fields) };
static const cyaml_schema_field_t city_fields[] = {
	CYAML_FIELD_STRING_PTR(
	    "name", CYAML_FLAG_POINTER, struct city, name, 0, 40),
	CYAML_FIELD_UINT("returns", CYAML_FLAG_OPTIONAL, struct city, returns),
	CYAML_FIELD_INT("offset", CYAML_FLAG_OPTIONAL, struct city, offset),
	CYAML_FIELD_INT("shift", CYAML_FLAG_OPTIONAL, struct city, shift),
	CYAML_FIELD_FLOAT("weight", CYAML_FLAG_OPTIONAL, struct city, weight),
	CYAML_FIELD_BOOL("open", CYAML_FLAG_OPTIONAL, struct city, open),
	CYAML_FIELD_BITFIELD(
	    "bits", CYAML_FLAG_OPTIONAL, struct city, bits, bits, 2),
	CYAML_FIELD_SEQUENCE("items", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
	    struct city, items, &item_entry, 0, CYAML_UNLIMITED),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t city_schema = { CYAML_VALUE_MAPPING(
    CYAML_FLAG_POINTER, struct city, city_fields) };

static char path[64];
static struct report report;
static struct yaml *yaml;

static int make_path(void **state)
{
	int fd;

	(void)state;
	strcpy(path, "/tmp/whistle-yaml-XXXXXX");
	fd = mkstemp(path);
	return fd < 0 ? -1 : close(fd);
}

static int drop_path(void **state)
{
	(void)state;
	yaml_close(&yaml);
	report_free(&report);
	return unlink(path);
}

static void write_bytes(const void *data, size_t len)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, len, file), len);
	fclose(file);
}

static struct city *open_sound(const char *text)
{
	void *data = NULL;

	write_bytes(text, strlen(text));
	if (yaml_open(&yaml, &data, &report, path, &city_schema) != 0)
		report_print(&report, stderr);
	assert_non_null(yaml);
	assert_int_equal(report.count, 0);
	return data;
}

static void refuse_bytes(const void *text, size_t len)
{
	void *data = NULL;

	write_bytes(text, len);
	report_free(&report);
	assert_int_equal(
	    yaml_open(&yaml, &data, &report, path, &city_schema), ERR_INVALID);
	assert_null(yaml);
	assert_null(data);
	assert_true(report.count > 0);
}

/* The one problem of `text`. */
static void refuse(const char *text, long line, const char *sentence)
{
	refuse_bytes(text, strlen(text));
	if (report.count > 1)
		report_print(&report, stderr);
	assert_string_equal(report.problems[0].text, sentence);
	assert_int_equal(report.problems[0].line, line);
	assert_string_equal(report.problems[0].file, path);
	assert_int_equal(report.count, 1);
}

static void loads_what_the_schema_says(void **state)
{
	struct city *city = open_sound("\xef\xbb\xbfname: 鄂州\n"
				       "returns: 255\n"
				       "offset: -7\n"
				       "shift: -12\n"
				       "weight: 0.3\n"
				       "open: yes\n"
				       "items:\n"
				       "  - {code: a, colour: yellow,"
				       " days: [mon, tue], lead: [x, y]}\n"
				       "  - code: b\n"
				       "    note: ~\n"
				       "    colour: red\n");

	(void)state;
	assert_string_equal(city->name, "鄂州");
	assert_int_equal(city->returns, 255);
	assert_int_equal(city->offset, -7);
	assert_int_equal(city->shift, -12);
	assert_true(city->weight > 0.29 && city->weight < 0.31);
	assert_true(city->open);
	assert_int_equal(city->items_count, 2);
	assert_int_equal(city->items[0].colour, YELLOW);
	assert_int_equal(city->items[0].days, 3);
	assert_int_equal(city->items[0].lead_count, 2);
	assert_string_equal(city->items[0].lead[1], "y");
	assert_string_equal(city->items[1].code, "b");
	assert_null(city->items[1].note);
	assert_null(city->items[1].lead);
}

static void finds_the_line_of_a_path(void **state)
{
	(void)state;
	open_sound("# a comment\n"
		   "name: x\n"
		   "items:\n"
		   "  - code: a\n"
		   "    colour: red\n"
		   "    lead:\n"
		   "      - x\n"
		   "      - y\n"
		   "  - {code: b, colour: red}\n");
	assert_int_equal(yaml_line(yaml, "%s", ""), 2);
	assert_int_equal(yaml_line(yaml, "name"), 2);
	assert_int_equal(yaml_line(yaml, "items"), 3);
	assert_int_equal(yaml_line(yaml, "items[%d]", 0), 4);
	assert_int_equal(yaml_line(yaml, "items[0].lead"), 6);
	assert_int_equal(yaml_line(yaml, "items[0].lead[1]"), 8);
	assert_int_equal(yaml_line(yaml, "items[1].code"), 9);
}

static void a_path_that_is_not_there_has_its_parents_line(void **state)
{
	(void)state;
	open_sound("name: x\nitems:\n  - {code: a, colour: red}\n");
	assert_int_equal(yaml_line(yaml, "items[0].lead[3]"), 3);
	assert_int_equal(yaml_line(yaml, "items[9].lead"), 2);
	assert_int_equal(yaml_line(yaml, "items.code"), 2);
	assert_int_equal(yaml_line(yaml, "name[0]"), 1);
	assert_int_equal(yaml_line(yaml, "..[[]]x"), 1);
	assert_int_equal(yaml_line(yaml, "items[99999999999999999999]"), 2);
	assert_int_equal(yaml_line(yaml, "items[-1]"), 2);
}

static void names_what_is_missing_or_unknown(void **state)
{
	(void)state;
	refuse("returns: 1\n", 1, "\"name\" is missing");
	refuse("name: x\nnmae: y\n", 2,
	    "nmae: unknown key; known here: name, returns, offset, shift, "
	    "weight, open, bits, items");
	refuse("name: x\nitems:\n  - code: a\n    colour: red\n"
	       "    leed: x\n",
	    5,
	    "items[0].leed: unknown key; known here: code, note, colour, "
	    "days, lead");
	refuse("name: x\nitems:\n  - code: a\n", 3,
	    "items[0]: \"colour\" is missing");
	refuse("name: x\nname: y\n", 2, "name: given twice, first in line 1");
}

static void names_a_value_of_the_wrong_kind(void **state)
{
	(void)state;
	refuse("- a\n", 1, "must be a mapping of keys to values");
	refuse("name: [a]\n", 1, "name: must be one value, not a list");
	refuse("name:\n  a: b\n", 2, "name: must be one value, not a mapping");
	refuse("name: x\nitems: x\n", 2, "items: must be a list");
	refuse("name: x\nitems:\n", 2, "items: must be a list");
	refuse("name: x\nitems: [3]\n", 2,
	    "items[0]: must be a mapping of keys to values");
	refuse("name: x\n? [a, b]\n: c\n", 2, "must be one value, not a list");
}

static void takes_no_number_that_only_starts_like_one(void **state)
{
	(void)state;
	refuse("name: x\nreturns: 30m\n", 2,
	    "returns: \"30m\" is not a whole number");
	refuse("name: x\noffset:\n", 2, "offset: \"\" is not a whole number");
	refuse("name: x\noffset: 010\n", 2,
	    "offset: \"010\" is not a whole number");
	refuse("name: x\nreturns: 256\n", 2,
	    "returns: 256 is out of range: use 0 to 255");
	refuse("name: x\nreturns: -1\n", 2,
	    "returns: -1 is out of range: use 0 to 255");
	refuse("name: x\nshift: 200\n", 2,
	    "shift: 200 is out of range: use -128 to 127");
	refuse(
	    "name: x\nweight: 1e999\n", 2, "weight: \"1e999\" is not a number");
	refuse("name: x\nopen: maybe\n", 2,
	    "open: \"maybe\" is neither yes nor no: use true or false");
}

static void passes_on_what_only_libcyaml_refuses(void **state)
{
	(void)state;
	refuse("name: x\nbits:\n  low: 4\n", 3, "Value too big for bits: low");
	refuse("name: x\nbits: {lw: 1}\n", 2, "Unknown bit value: lw");
}

static void checks_words_and_lengths(void **state)
{
	(void)state;
	refuse("name: x\nitems: [{code: a, colour: 红}]\n", 2,
	    "items[0].colour: \"红\" is not known; known here: red, yellow");
	refuse("name: x\nitems: [{code: a, colour: red, days: [sun]}]\n", 2,
	    "items[0].days: \"sun\" is not known; known here: mon, tue");
	refuse("name: x\nitems: [{code: \"\", colour: red}]\n", 2,
	    "items[0].code: must not be empty");
	refuse("name: x\nitems: [{code: 123456789, colour: red}]\n", 2,
	    "items[0].code: has 9 bytes, at most 8 are allowed");
	refuse("name: x\nitems: [{code: a, colour: red, lead: []}]\n", 2,
	    "items[0].lead: has 0 entries, at least 1 are needed");
	refuse("name: x\nitems: [{code: a, colour: red, lead: [a,b,c,d]}]\n", 2,
	    "items[0].lead: has 4 entries, at most 3 are allowed");
	refuse(
	    "name: \"a\\0b\"\n", 1, "name: must not contain a NUL character");
}

static void shows_every_mistake_in_one_run(void **state)
{
	const char *text = "returns: x\nitems:\n  - {cod: a}\n";

	(void)state;
	refuse_bytes(text, strlen(text));
	assert_int_equal(report.count, 5);
	assert_string_equal(
	    report.problems[0].text, "returns: \"x\" is not a whole number");
	assert_string_equal(report.problems[4].text, "\"name\" is missing");
}

static void names_a_missing_file(void **state)
{
	void *data;

	(void)state;
	assert_int_equal(
	    yaml_open(&yaml, &data, &report, "/nonexistent.yaml", &city_schema),
	    ERR_INVALID);
	assert_string_equal(report.problems[0].text, "there is no such file");
	assert_string_equal(report.problems[0].file, "/nonexistent.yaml");
	assert_int_equal(yaml_open(&yaml, &data, &report, "/tmp", &city_schema),
	    ERR_INVALID);
	assert_string_equal(report.problems[1].text, "cannot be read");
}

static void refuses_an_empty_file(void **state)
{
	(void)state;
	refuse("", 0, "the file is empty");
	refuse("# nothing\n", 0, "the file is empty");
	refuse("---\n", 2, "must be a mapping of keys to values");
}

static void refuses_anchors_aliases_and_second_documents(void **state)
{
	const char *anchors = "anchors and aliases (& and *) are not taken: "
			      "write the value out";

	(void)state;
	refuse("name: &a x\n", 1, anchors);
	refuse("name: x\nitems: &all []\n", 2, anchors);
	refuse("name: x\noffset: *a\n", 2, anchors);
	refuse("name: x\n---\nname: y\n", 2,
	    "a second document (---) is not taken: use one file for each");
}

static void names_the_line_of_bad_syntax(void **state)
{
	(void)state;
	refuse("name: x\nitems: [a\nb: c\n", 3,
	    "not valid YAML: did not find expected ',' or ']', while "
	    "parsing a flow sequence");
	refuse_bytes("name: \"x\n", 9);
	refuse_bytes("a:\n\t- b\n", 8);
	refuse_bytes("name: \x01\n", 8);
}

static void refuses_bytes_that_are_not_utf8(void **state)
{
	static const char nul[] = "name: x\0y\n";
	static const char utf16[] = "\xff\xfen\0a\0m\0e\0:\0 \0x\0\n\0";

	(void)state;
	refuse("name: x\n# \xb6\xf5\n", 2,
	    "not UTF-8 text; save the file as UTF-8");
	refuse_bytes(nul, sizeof(nul) - 1);
	refuse_bytes(utf16, sizeof(utf16) - 1);
}

static void refuses_what_is_too_large_or_too_deep(void **state)
{
	const size_t size = 16 * 1024 * 1024 + 1;
	char *text = malloc(size);

	(void)state;
	assert_non_null(text);
	memset(text, '#', size);
	refuse_bytes(text, size);
	assert_string_equal(
	    report.problems[0].text, "larger than 16 MiB; split or shorten it");
	memset(text, '[', size);
	refuse_bytes(text, 100000);
	assert_string_equal(report.problems[0].text, "nested too deeply");
	memset(text, ',', size);
	memcpy(text, "items: [a", 9);
	for (size_t i = 9; i < 2000000; i += 2)
		text[i + 1] = 'a';
	refuse_bytes(text, 2000000);
	assert_string_equal(
	    report.problems[0].text, "too many values in one file");
	free(text);
}

/* Cut and damaged files: refused with a sentence, or loaded. */
static void survives_damaged_files(void **state)
{
	static const char sound[] =
	    "name: 鄂州\nreturns: 2\nopen: true\nitems:\n"
	    "  - {code: a, colour: red, days: [mon], lead: [x, y]}\n"
	    "  - code: b\n    note: |\n      long\n    colour: yellow\n";
	static const char odd[] = "[]{}:-,&*!|>'\"%@`#?\n\t a0~\xe9";
	char text[sizeof(sound)];
	unsigned int seed = 7;
	void *data;
	int round, hits, rc;

	(void)state;
	for (round = 0; round < 4000; round++) {
		memcpy(text, sound, sizeof(sound));
		for (hits = rand_r(&seed) % 4; hits >= 0; hits--)
			text[(size_t)rand_r(&seed) % (sizeof(sound) - 1)] =
			    odd[(size_t)rand_r(&seed) % (sizeof(odd) - 1)];
		write_bytes(text, (size_t)rand_r(&seed) % sizeof(sound));
		rc = yaml_open(&yaml, &data, &report, path, &city_schema);
		assert_true(rc == 0 || rc == ERR_INVALID);
		assert_int_equal(rc == 0, report.count == 0);
		yaml_close(&yaml);
		report_free(&report);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_path, drop_path)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(loads_what_the_schema_says),
		TEST(finds_the_line_of_a_path),
		TEST(a_path_that_is_not_there_has_its_parents_line),
		TEST(names_what_is_missing_or_unknown),
		TEST(names_a_value_of_the_wrong_kind),
		TEST(takes_no_number_that_only_starts_like_one),
		TEST(passes_on_what_only_libcyaml_refuses),
		TEST(checks_words_and_lengths),
		TEST(shows_every_mistake_in_one_run),
		TEST(names_a_missing_file),
		TEST(refuses_an_empty_file),
		TEST(refuses_anchors_aliases_and_second_documents),
		TEST(names_the_line_of_bad_syntax),
		TEST(refuses_bytes_that_are_not_utf8),
		TEST(refuses_what_is_too_large_or_too_deep),
		TEST(survives_damaged_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

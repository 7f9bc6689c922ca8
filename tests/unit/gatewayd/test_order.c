#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "base/limits.h"
#include "gatewayd/body.h"
#include "gatewayd/order.h"
#include "gatewayd/order_text.h"
#include "wire/wire.h"

static struct arena *arena;
static struct command command;
static struct http_problem problem;
static const char *same_as;

static int open_arena(void **state)
{
	(void)state;
	return arena_open(&arena, 1024 * 1024);
}

static int close_arena(void **state)
{
	(void)state;
	arena_close(&arena);
	return 0;
}

static int take_bytes(const void *body, size_t len)
{
	memset(&command, 0, sizeof(command));
	problem = problem_of(PROBLEM_NONE);
	arena_reset(arena);
	return order_read(
	    &command, &same_as, &problem, arena, bytes_of(body, len), NULL);
}

static int take(const char *body)
{
	return take_bytes(body, strlen(body));
}

/* Whatever is taken, the law takes as an open. */
static void expect_taken(const char *body)
{
	const char *field, *what;

	assert_int_equal(take(body), 0);
	assert_int_equal(
	    particulars_check(&field, &what, &command.what, VERB_OPEN, true),
	    0);
}

static void expect_fault(
    const char *body, const char *field, enum field_fault fault)
{
	assert_int_equal(take(body), ERR_INVALID);
	assert_int_equal(problem.kind, PROBLEM_BAD_FIELD);
	assert_string_equal(problem.field, field);
	assert_int_equal(problem.fault, fault);
}

static void expect_not_json(const char *body)
{
	assert_int_equal(take(body), ERR_INVALID);
	assert_int_equal(problem.kind, PROBLEM_BAD_JSON);
}

static void takes_a_whole_order(void **state)
{
	struct wire_contact contact;

	(void)state;
	expect_taken("{\"number\":\"EZ20261101-0004\",\"kind\":\"投诉\","
		     "\"title\":\"地下冒水\",\"content\":\"冒清水十几天了\","
		     "\"item\":\"water.burst\",\"tags\":[\"供水\",\"夜间\"],"
		     "\"address\":\"寒溪社区8号\",\"division\":\"420704001\","
		     "\"urgent\":true,\"confidential\":true,"
		     "\"callback\":true,\"caller\":\"王某\","
		     "\"phone\":\"13900000000\","
		     "\"created\":\"2026-11-01T10:06:34+08:00\"}");
	assert_int_equal(command.verb, VERB_OPEN);
	assert_true(id_is_zero(&command.ticket));
	assert_int_equal(command.what.kind, KIND_APPEAL);
	assert_int_equal(command.what.source, SOURCE_HOTLINE);
	assert_string_equal(command.what.external_id, "EZ20261101-0004");
	assert_string_equal(command.what.title, "地下冒水");
	assert_string_equal(command.what.text,
	    "诉求类型：投诉\n标签：供水、夜间\n"
	    "登记时间：2026-11-01T10:06:34+08:00\n冒清水十几天了");
	assert_string_equal(command.what.item, "water.burst");
	assert_string_equal(command.what.address, "寒溪社区8号");
	assert_string_equal(command.what.place.s, "420704001");
	assert_true(command.what.urgent);
	assert_true(command.what.confidential);
	assert_true(command.what.callback);
	assert_int_equal(
	    wire_contact_unpack(&contact, arena, command.contact), 0);
	assert_string_equal(contact.name, "王某");
	assert_string_equal(contact.phone, "13900000000");
}

static void takes_an_order_of_two_fields(void **state)
{
	(void)state;
	expect_taken("{\"number\":\"1\",\"title\":\"t\"}");
	assert_string_equal(command.what.text, "");
	assert_int_equal(command.contact.len, 0);
	assert_false(command.what.urgent);
	expect_taken("{\"number\":\"1\",\"content\":\"c\"}");
	assert_string_equal(command.what.title, "");
	assert_string_equal(command.what.text, "c");
}

static void takes_null_and_empty_for_absent(void **state)
{
	(void)state;
	expect_taken("{\"number\":\"1\",\"title\":\"t\",\"content\":null,"
		     "\"kind\":null,\"tags\":null,\"urgent\":null,"
		     "\"division\":\"\",\"item\":\"\",\"phone\":\"\","
		     "\"created\":\"\",\"urgency\":\"\"}");
	assert_string_equal(command.what.text, "");
	assert_int_equal(command.contact.len, 0);
}

static void names_a_field_that_it_does_not_know(void **state)
{
	char long_name[200], body[400], cut[64];

	(void)state;
	expect_fault("{\"number\":\"1\",\"title\":\"t\",\"ttile\":\"x\"}",
	    "ttile", FIELD_UNKNOWN);
	expect_fault("{\"\":1}", "", FIELD_UNKNOWN);
	memset(long_name, 'x', sizeof(long_name));
	long_name[199] = '\0';
	memset(cut, 'x', sizeof(cut));
	cut[63] = '\0';
	snprintf(body, sizeof(body), "{\"%s\":1}", long_name);
	expect_fault(body, cut, FIELD_UNKNOWN);
}

static void wants_a_number_and_some_words(void **state)
{
	(void)state;
	expect_fault("{\"title\":\"t\"}", "number", FIELD_MISSING);
	expect_fault(
	    "{\"number\":\"\",\"title\":\"t\"}", "number", FIELD_MISSING);
	expect_fault(
	    "{\"number\":\"1\",\"kind\":\"投诉\"}", "title", FIELD_MISSING);
	expect_fault("{\"number\":\"1\",\"title\":\"\",\"content\":\"\"}",
	    "title", FIELD_MISSING);
}

static void refuses_values_of_another_type(void **state)
{
	(void)state;
	expect_fault(
	    "{\"number\":1,\"title\":\"t\"}", "number", FIELD_NOT_TEXT);
	expect_fault(
	    "{\"number\":\"1\",\"title\":[\"t\"]}", "title", FIELD_NOT_TEXT);
	expect_fault("{\"number\":\"1\",\"title\":\"t\",\"urgent\":\"yes\"}",
	    "urgent", FIELD_NOT_FLAG);
	expect_fault("{\"number\":\"1\",\"title\":\"t\",\"callback\":1}",
	    "callback", FIELD_NOT_FLAG);
	expect_fault("{\"number\":\"1\",\"title\":\"t\",\"tags\":\"a\"}",
	    "tags", FIELD_NOT_LIST);
	expect_fault("{\"number\":\"1\",\"title\":\"t\",\"tags\":[1]}", "tags",
	    FIELD_NOT_LIST);
}

static void refuses_what_is_not_one_object(void **state)
{
	(void)state;
	expect_not_json("");
	expect_not_json("null");
	expect_not_json("[]");
	expect_not_json("\"number\"");
	expect_not_json("{");
	expect_not_json("{} {}");
	expect_not_json("{\"number\":\"1\",\"number\":\"2\",\"title\":\"t\"}");
	expect_not_json("{'number':'1'}");
	expect_not_json("{\"number\":\"\xff\",\"title\":\"t\"}");
	expect_not_json("{\"number\":\"\\u0000\",\"title\":\"t\"}");
	expect_not_json("{\"number\":\"\\ud800\",\"title\":\"t\"}");
	assert_int_equal(take_bytes("{}\0", 3), ERR_INVALID);
	assert_int_equal(problem.kind, PROBLEM_BAD_JSON);
}

/* 256 KiB of brackets must cost neither stack nor time. */
static void refuses_a_deep_nest(void **state)
{
	size_t len = 256 * 1024;
	char *body = malloc(len);

	(void)state;
	assert_non_null(body);
	memset(body, '[', len);
	assert_int_equal(take_bytes(body, len), ERR_INVALID);
	memcpy(body, "{\"tags\":", 8);
	assert_int_equal(take_bytes(body, len), ERR_INVALID);
	assert_int_equal(problem.kind, PROBLEM_BAD_JSON);
	free(body);
}

static void expect_number(size_t len, bool is_fine)
{
	char body[400], number[200];

	memset(number, '7', len);
	number[len] = '\0';
	snprintf(
	    body, sizeof(body), "{\"number\":\"%s\",\"title\":\"t\"}", number);
	if (is_fine)
		expect_taken(body);
	else
		expect_fault(body, "number", FIELD_TOO_LONG);
}

static void bounds_the_number(void **state)
{
	(void)state;
	expect_number(EXTERNAL_ID_MAX - 1, true);
	expect_number(EXTERNAL_ID_MAX, false);
	expect_fault(
	    "{\"number\":\"a\\nb\",\"title\":\"t\"}", "number", FIELD_CONTROL);
	expect_fault("{\"number\":\"a\\u007f\",\"title\":\"t\"}", "number",
	    FIELD_CONTROL);
	expect_fault("{\"number\":\"a\\u009b\",\"title\":\"t\"}", "number",
	    FIELD_CONTROL);
	expect_taken("{\"number\":\"鄂热线〔2026〕1号/2 #?\",\"title\":\"t\"}");
}

/* With its header lines the text is what must fit. */
static void expect_content(size_t len, const char *kind, bool is_fine)
{
	char *body = malloc(len + 200);
	int at;

	assert_non_null(body);
	at = sprintf(
	    body, "{\"number\":\"1\",\"kind\":\"%s\",\"content\":\"", kind);
	memset(body + at, 'x', len);
	strcpy(body + at + len, "\"}");
	if (is_fine)
		expect_taken(body);
	else
		expect_fault(body, "content", FIELD_TOO_LONG);
	free(body);
}

static void bounds_the_content(void **state)
{
	const size_t line = strlen("诉求类型：投诉\n");

	(void)state;
	expect_content(TEXT_MAX_BYTES, "", true);
	expect_content(TEXT_MAX_BYTES + 1, "", false);
	expect_content(TEXT_MAX_BYTES - line, "投诉", true);
	expect_content(TEXT_MAX_BYTES - line + 1, "投诉", false);
}

static void bounds_tags(void **state)
{
	(void)state;
	expect_fault("{\"number\":\"1\",\"title\":\"t\",\"tags\":[\"1\",\"2\","
		     "\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\",\"10\","
		     "\"11\",\"12\",\"13\",\"14\",\"15\",\"16\",\"17\"]}",
	    "tags", FIELD_TOO_MANY);
	expect_fault("{\"number\":\"1\",\"title\":\"t\",\"tags\":["
		     "\"1234567890123456789012345678901234567890"
		     "1234567890123456789012345\"]}",
	    "tags", FIELD_TOO_LONG);
	expect_fault("{\"number\":\"1\",\"title\":\"t\",\"tags\":[\"a\\nb\"]}",
	    "tags", FIELD_CONTROL);
	expect_taken("{\"number\":\"1\",\"title\":\"t\",\"tags\":[]}");
	assert_string_equal(command.what.text, "");
}

/* The longest tags there can be. */
static void holds_as_many_tags_as_it_says(void **state)
{
	char body[2048], tag[BODY_TAG_BYTES + 1];
	int at = sprintf(body, "{\"number\":\"1\",\"title\":\"t\",\"tags\":[");

	(void)state;
	memset(tag, 'y', BODY_TAG_BYTES);
	tag[BODY_TAG_BYTES] = '\0';
	for (int i = 0; i < BODY_TAGS_MAX; i++)
		at += sprintf(body + at, "%s\"%s\"", i ? "," : "", tag);
	strcpy(body + at, "]}");
	expect_taken(body);
	assert_int_equal(strlen(command.what.text),
	    strlen("标签：") + BODY_TAGS_MAX * BODY_TAG_BYTES +
		(BODY_TAGS_MAX - 1) * strlen("、"));
}

static void takes_each_kind_of_appeal_and_no_other(void **state)
{
	static const char *const kinds[] = { "咨询", "求助", "投诉", "举报",
		"建议", "表扬" };
	char body[200], line[64];

	(void)state;
	for (size_t i = 0; i < 6; i++) {
		snprintf(body, sizeof(body),
		    "{\"number\":\"1\",\"title\":\"t\",\"kind\":\"%s\"}",
		    kinds[i]);
		expect_taken(body);
		snprintf(line, sizeof(line), "诉求类型：%s", kinds[i]);
		assert_string_equal(command.what.text, line);
	}
	expect_fault("{\"number\":\"1\",\"title\":\"t\",\"kind\":\"其他\"}",
	    "kind", FIELD_NOT_LISTED);
}

static void expect_place(const char *division, const char *place)
{
	char body[200];

	snprintf(body, sizeof(body),
	    "{\"number\":\"1\",\"title\":\"t\",\"division\":\"%s\"}", division);
	if (!place) {
		expect_fault(body, "division", FIELD_NOT_CODE);
		return;
	}
	expect_taken(body);
	assert_string_equal(command.what.place.s, place);
}

static void reads_divisions_as_the_country_writes_them(void **state)
{
	(void)state;
	expect_place("4207", "4207");
	expect_place("420700", "4207");
	expect_place("420700000000", "4207");
	expect_place("420704000000", "420704");
	expect_place("420704001000", "420704001");
	expect_place("420704001001", "420704001001");
	expect_place("420704001001007", "420704001001007");
	expect_place("420704-zjj", "420704-zjj");
	expect_place("西山街道", NULL);
	expect_place("420704'--", NULL);
	expect_place("-", NULL);
}

static void takes_urgency_either_way_but_not_both_ways(void **state)
{
	(void)state;
	expect_taken("{\"number\":\"1\",\"title\":\"t\",\"urgent\":true}");
	assert_true(command.what.urgent);
	expect_taken(
	    "{\"number\":\"1\",\"title\":\"t\",\"urgency\":\"urgent\"}");
	assert_true(command.what.urgent);
	expect_taken(
	    "{\"number\":\"1\",\"title\":\"t\",\"urgency\":\"normal\"}");
	assert_false(command.what.urgent);
	expect_taken("{\"number\":\"1\",\"title\":\"t\",\"urgent\":true,"
		     "\"urgency\":\"urgent\"}");
	assert_true(command.what.urgent);
	expect_fault("{\"number\":\"1\",\"title\":\"t\",\"urgent\":false,"
		     "\"urgency\":\"urgent\"}",
	    "urgency", FIELD_CONTRADICTS);
	expect_fault("{\"number\":\"1\",\"title\":\"t\",\"urgent\":true,"
		     "\"urgency\":\"normal\"}",
	    "urgency", FIELD_CONTRADICTS);
	expect_fault("{\"number\":\"1\",\"title\":\"t\","
		     "\"urgency\":\"very\"}",
	    "urgency", FIELD_NOT_LISTED);
}

static void refuses_times_without_a_zone(void **state)
{
	(void)state;
	expect_fault("{\"number\":\"1\",\"title\":\"t\","
		     "\"created\":\"2026-11-01 10:06:34\"}",
	    "created", FIELD_NOT_TIME);
	expect_fault("{\"number\":\"1\",\"title\":\"t\","
		     "\"created\":\"2026-13-01T10:06:34Z\"}",
	    "created", FIELD_NOT_TIME);
	expect_taken("{\"number\":\"1\",\"title\":\"t\","
		     "\"created\":\"2026-11-01T10:06:34.250Z\"}");
}

static void packs_a_caller_without_a_phone(void **state)
{
	struct wire_contact contact;

	(void)state;
	expect_taken("{\"number\":\"1\",\"title\":\"t\",\"caller\":\"王\"}");
	assert_int_equal(
	    wire_contact_unpack(&contact, arena, command.contact), 0);
	assert_string_equal(contact.name, "王");
	assert_string_equal(contact.phone, "");
	expect_fault("{\"number\":\"1\",\"title\":\"t\",\"phone\":\"1\\t2\"}",
	    "phone", FIELD_CONTROL);
}

static void says_when_there_is_no_memory(void **state)
{
	struct arena *small;

	(void)state;
	assert_int_equal(arena_open(&small, 16), 0);
	assert_int_equal(
	    order_read(&command, &same_as, &problem, small,
		bytes_of("{\"number\":\"12345678901234567890\"}", 33), NULL),
	    ERR_NOMEM);
	arena_close(&small);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_a_whole_order),
		cmocka_unit_test(takes_an_order_of_two_fields),
		cmocka_unit_test(takes_null_and_empty_for_absent),
		cmocka_unit_test(names_a_field_that_it_does_not_know),
		cmocka_unit_test(wants_a_number_and_some_words),
		cmocka_unit_test(refuses_values_of_another_type),
		cmocka_unit_test(refuses_what_is_not_one_object),
		cmocka_unit_test(refuses_a_deep_nest),
		cmocka_unit_test(bounds_the_number),
		cmocka_unit_test(bounds_the_content),
		cmocka_unit_test(bounds_tags),
		cmocka_unit_test(holds_as_many_tags_as_it_says),
		cmocka_unit_test(takes_each_kind_of_appeal_and_no_other),
		cmocka_unit_test(reads_divisions_as_the_country_writes_them),
		cmocka_unit_test(takes_urgency_either_way_but_not_both_ways),
		cmocka_unit_test(refuses_times_without_a_zone),
		cmocka_unit_test(packs_a_caller_without_a_phone),
		cmocka_unit_test(says_when_there_is_no_memory),
	};

	return cmocka_run_group_tests(tests, open_arena, close_arena);
}

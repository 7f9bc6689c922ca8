#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "base/limits.h"
#include "gatewayd/call_body.h"

static struct buf packed[3];
static struct bytes events[3];
static struct wire_ticket_row row = { .title = "", .external_id = "D-1" };
static struct wire_reply shown;
static struct arena *arena;
static struct id ticket = { { 1, 2, 3 } };

static void pack(size_t at, enum verb verb, const char *text)
{
	struct event event = { .ticket = ticket,
		.seq = (uint32_t)at + 1,
		.term = 1,
		.prev = { { at ? 7 : 0 } },
		.time_ms = 1000,
		.verb = verb,
		.operator= "who" };

	particulars_clear(&event.what);
	strcpy(event.unit.s, "4207-12345");
	event.what.text = text;
	if (verb == VERB_OPEN) {
		event.what.kind = KIND_APPEAL;
		event.what.source = SOURCE_HOTLINE;
		event.what.external_id = "D-1";
	}
	if (verb == VERB_RESOLVE) {
		event.what.outcome = OUTCOME_SOLVED;
		event.what.channel = CHANNEL_GOVERNMENT;
		strcpy(event.what.to.s, "4207-12345");
	}
	assert_int_equal(wire_event_pack(&packed[at], &event), 0);
	events[at] = bytes_of(packed[at].data, packed[at].len);
}

static int open_log(void **state)
{
	(void)state;
	pack(0, VERB_OPEN, "路灯不亮 \"<&>\"");
	pack(1, VERB_NOTE, "看过");
	pack(2, VERB_RESOLVE, "修好了");
	shown.show.row = &row;
	shown.show.events = events;
	shown.show.event_count = 3;
	return arena_open(&arena, DECODE_MAX_BYTES);
}

static int close_log(void **state)
{
	(void)state;
	for (size_t i = 0; i < 3; i++)
		buf_free(&packed[i]);
	arena_close(&arena);
	return 0;
}

static json_t *body_of(uint32_t seq)
{
	struct call_fold fold = { STATE_NONE, 1 };
	struct call call = { .ticket = ticket, .seq = seq };
	char *text = NULL;
	json_t *body;

	shown.show.event_count = 3;
	assert_int_equal(
	    call_body(&text, &fold, &call, &shown, arena, NULL), 0);
	body = json_loads(text, 0, NULL);
	free(text);
	assert_non_null(body);
	return body;
}

static void expect(const json_t *body, const char *name, const char *value)
{
	assert_string_equal(
	    json_string_value(json_object_get(body, name)), value);
}

static void says_each_event_with_the_state_after_it(void **state)
{
	json_t *body = body_of(1);

	(void)state;
	expect(body, "verb", "open");
	expect(body, "state", "open");
	expect(body, "number", "D-1");
	expect(body, "text", "路灯不亮 \"<&>\"");
	json_decref(body);
	body = body_of(2);
	expect(body, "verb", "note");
	expect(body, "state", "open");
	assert_true(json_is_null(json_object_get(body, "outcome")));
	json_decref(body);
	body = body_of(3);
	expect(body, "state", "resolved");
	expect(body, "outcome", "solved");
	expect(body, "to", "4207-12345");
	assert_int_equal(json_integer_value(json_object_get(body, "seq")), 3);
	json_decref(body);
}

/* Another event stands there now: a fence went before it. */
static void says_nothing_of_what_is_not_there_any_more(void **state)
{
	struct call_fold fold = { STATE_NONE, 1 };
	struct call call = { .ticket = ticket, .seq = 2, .mark = 7 };
	char *text = NULL;

	(void)state;
	shown.show.event_count = 3;
	assert_int_equal(
	    call_body(&text, &fold, &call, &shown, arena, NULL), ERR_NOT_FOUND);
	assert_null(text);
}

static void goes_on_from_page_to_page(void **state)
{
	struct call_fold fold = { STATE_NONE, 1 };
	struct call call = { .ticket = ticket, .seq = 3 };
	char *text = NULL;

	(void)state;
	shown.show.event_count = 2;
	assert_int_equal(
	    call_body(&text, &fold, &call, &shown, arena, NULL), ERR_NOT_FOUND);
	assert_int_equal(fold.state, STATE_OPEN);
	assert_int_equal(fold.next, 3);
	shown.show.events = events + 2;
	shown.show.event_count = 1;
	assert_int_equal(
	    call_body(&text, &fold, &call, &shown, arena, NULL), 0);
	assert_non_null(strstr(text, "\"state\":\"resolved\""));
	free(text);
	shown.show.events = events;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_each_event_with_the_state_after_it),
		cmocka_unit_test(says_nothing_of_what_is_not_there_any_more),
		cmocka_unit_test(goes_on_from_page_to_page),
	};

	return cmocka_run_group_tests(tests, open_log, close_log);
}

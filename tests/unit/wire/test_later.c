/*
 * Which version a message belongs to, in a program that has a table of what
 * came later: this file takes the place of wire/version.c.
 */
#include "sample.h"
#include "link.pb-c.h"
#include "wire/later.h"

const struct wire_versions wire_versions = { .oldest = 1, .newest = 2 };

const struct wire_later wire_later[] = {
	{ &whistle__particulars__descriptor, 23, 1, 2 }, /* closing */
	{ &whistle__callout__descriptor, 3, 1, 2 },	 /* lead */
	{ &whistle__particulars__descriptor, 5, COLOUR_RED, 2 },
	{ &whistle__event__descriptor, 6, VERB_ERASE_CONTACT, 3 },
	{ &whistle__command__descriptor, 3, VERB_ERASE_CONTACT, 3 },
	{ &whistle__event__descriptor, 3, 9, 3 }, /* term */
	{ .message = NULL },
};

static struct event plain(enum verb verb)
{
	struct event event = sample_event(verb);

	particulars_clear(&event.what);
	return event;
}

static void what_is_not_in_the_table_is_of_the_first_version(void **state)
{
	struct event event = plain(VERB_NOTE);
	(void)state;

	event.what.text = "电已恢复";
	assert_int_equal(wire_event_version(&event), 1);
}

static void a_field_that_came_later_makes_the_event_later(void **state)
{
	struct event event = plain(VERB_RESOLVE);
	(void)state;

	assert_int_equal(wire_event_version(&event), 1);
	event.what.measures = "换了开关";
	assert_int_equal(wire_event_version(&event), 2);
}

static void a_word_that_came_later_does_and_the_others_do_not(void **state)
{
	struct event event = plain(VERB_FORWARD);
	(void)state;

	event.what.colour = COLOUR_RED + 1;
	assert_int_equal(wire_event_version(&event), 2);
	event.what.colour = COLOUR_RED;
	assert_int_equal(wire_event_version(&event), 2);
	if (COLOUR_RED > 1) {
		event.what.colour = COLOUR_RED - 1;
		assert_int_equal(wire_event_version(&event), 1);
	}
}

static void one_of_many_parts_is_enough(void **state)
{
	struct event event = plain(VERB_WHISTLE);
	struct callout callouts[2] = { { .lead = false }, { .lead = false } };
	(void)state;

	for (size_t i = 0; i < 2; i++) {
		callouts[i].ticket = sample_id((uint8_t)(i + 1));
		callouts[i].department = sample_code("420704-zjj");
	}
	event.what.callouts = callouts;
	event.what.callout_count = 2;
	assert_int_equal(wire_event_version(&event), 1);
	callouts[1].lead = true;
	assert_int_equal(wire_event_version(&event), 2);
}

static void the_newest_of_all_decides(void **state)
{
	struct event event = plain(VERB_RESOLVE);
	(void)state;

	event.what.measures = "换了开关";
	event.term = 9;
	assert_int_equal(wire_event_version(&event), 3);
	event.verb = VERB_ERASE_CONTACT;
	event.what.measures = "";
	event.term = 1;
	assert_int_equal(wire_event_version(&event), 3);
}

static void a_command_is_of_a_version_as_its_event_is(void **state)
{
	struct command command = {
		.id = sample_id(1), .ticket = sample_id(2), .verb = VERB_RESOLVE
	};
	(void)state;

	particulars_clear(&command.what);
	assert_int_equal(wire_command_version(&command), 1);
	command.what.measures = "换了开关";
	assert_int_equal(wire_command_version(&command), 2);
	command.what.measures = "";
	command.verb = VERB_ERASE_CONTACT;
	assert_int_equal(wire_command_version(&command), 3);
}

static void packs_what_this_program_knows(void **state)
{
	struct event event = sample_event(VERB_RESOLVE), out;
	struct arena *arena = sample_arena();
	struct buf buf = { 0 };
	(void)state;

	event.what.measures = "换了开关";
	assert_int_equal(wire_event_pack(&buf, &event), 0);
	assert_int_equal(
	    wire_event_unpack(&out, NULL, arena, sample_bytes(&buf)), 0);
	assert_string_equal(out.what.measures, event.what.measures);
	assert_int_equal(wire_event_version(&out), 2);
	buf_free(&buf);
	arena_close(&arena);
}

static void packs_nothing_of_a_version_that_it_does_not_know(void **state)
{
	struct event event = sample_event(VERB_NOTE);
	struct buf buf = { 0 };
	(void)state;

	event.term = 9;
	assert_int_equal(wire_event_pack(&buf, &event), ERR_INVALID);
	assert_int_equal(buf.len, 0);
	event.term = 8;
	assert_int_equal(wire_event_pack(&buf, &event), 0);
	buf_free(&buf);
}

/* As a program of that version would have packed it. */
static void takes_nothing_of_a_version_that_it_does_not_know(void **state)
{
	struct event event = sample_event(VERB_NOTE), out;
	struct arena *arena = sample_arena();
	struct buf buf = { 0 };
	uint8_t later[2048];
	(void)state;

	assert_int_equal(wire_event_pack(&buf, &event), 0);
	Whistle__Event *message =
	    whistle__event__unpack(NULL, buf.len, buf.data);
	assert_non_null(message);
	for (message->term = 8; message->term <= 9; message->term++) {
		size_t len = whistle__event__get_packed_size(message);
		assert_true(len <= sizeof(later));
		whistle__event__pack(message, later);
		assert_int_equal(
		    wire_event_unpack(&out, NULL, arena, bytes_of(later, len)),
		    message->term == 8 ? 0 : ERR_INVALID);
	}
	whistle__event__free_unpacked(message, NULL);
	buf_free(&buf);
	arena_close(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    what_is_not_in_the_table_is_of_the_first_version),
		cmocka_unit_test(a_field_that_came_later_makes_the_event_later),
		cmocka_unit_test(
		    a_word_that_came_later_does_and_the_others_do_not),
		cmocka_unit_test(one_of_many_parts_is_enough),
		cmocka_unit_test(the_newest_of_all_decides),
		cmocka_unit_test(a_command_is_of_a_version_as_its_event_is),
		cmocka_unit_test(packs_what_this_program_knows),
		cmocka_unit_test(
		    packs_nothing_of_a_version_that_it_does_not_know),
		cmocka_unit_test(
		    takes_nothing_of_a_version_that_it_does_not_know),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

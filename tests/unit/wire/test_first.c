/*
 * What the first version had. Whoever adds a field or a word to an event or a
 * command without a row in wire/version.c writes logs that programs of before
 * cannot read, and no city could tell.
 */
#include "sample.h"
#include "link.pb-c.h"
#include "wire/later.h"

/* How many fields a message had, and which was the last. */
static const struct {
	const ProtobufCMessageDescriptor *message;
	unsigned count;
	uint32_t last;
} fields[] = {
	{ &whistle__event__descriptor, 10, 10 },
	{ &whistle__particulars__descriptor, 24, 25 },
	{ &whistle__attachment__descriptor, 4, 4 },
	{ &whistle__closing__descriptor, 3, 3 },
	{ &whistle__opening__descriptor, 11, 11 },
	{ &whistle__call__descriptor, 5, 5 },
	{ &whistle__callout__descriptor, 3, 3 },
	{ &whistle__verdict__descriptor, 3, 3 },
	{ &whistle__command__descriptor, 9, 9 },
	{ &whistle__order__descriptor, 2, 2 },
	{ &whistle__answer__descriptor, 5, 5 },
};

/* How many words, with the one for none, a field could be. */
static const struct {
	const ProtobufCMessageDescriptor *message;
	uint32_t field;
	unsigned count, now;
} words[] = {
	{ &whistle__event__descriptor, 6, 21, VERB_COUNT },
	{ &whistle__command__descriptor, 3, 21, VERB_COUNT },
	{ &whistle__command__descriptor, 6, 8, ROLE_COUNT },
	{ &whistle__particulars__descriptor, 5, 4, COLOUR_COUNT },
	{ &whistle__particulars__descriptor, 12, 3, OUTCOME_COUNT },
	{ &whistle__particulars__descriptor, 13, 7, CHANNEL_COUNT },
	{ &whistle__particulars__descriptor, 16, 4, DEADLINE_COUNT },
	{ &whistle__closing__descriptor, 1, 3, FINDING_COUNT },
	{ &whistle__attachment__descriptor, 4, 14, FILE_TYPE_COUNT },
	{ &whistle__opening__descriptor, 1, 3, KIND_COUNT },
	{ &whistle__opening__descriptor, 2, 6, SOURCE_COUNT },
	{ &whistle__call__descriptor, 1, 4, WHISTLE_COUNT },
	{ &whistle__verdict__descriptor, 3, 5, SATISFACTION_COUNT },
};

/* From the value on; 1: the field as such. */
static bool has_row(
    const ProtobufCMessageDescriptor *message, uint32_t field, uint32_t from)
{
	for (const struct wire_later *row = wire_later; row->message; row++)
		if (row->message == message && row->field == field &&
		    row->from <= from)
			return true;
	return false;
}

static void each_younger_field_has_its_row(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
		const ProtobufCMessageDescriptor *message = fields[i].message;
		unsigned first = 0;

		for (unsigned k = 0; k < message->n_fields; k++) {
			const ProtobufCFieldDescriptor *field =
			    &message->fields[k];
			bool is_later = has_row(message, field->id, 1);
			first += !is_later;
			if (field->id > fields[i].last && !is_later)
				fail_msg("%s.%s has no row in version.c",
				    message->name, field->name);
		}
		if (first != fields[i].count)
			fail_msg("%s has %u fields of the first version, not "
				 "%u: one that is new has no row in version.c",
			    message->name, first, fields[i].count);
	}
}

static void each_younger_word_has_its_row(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (words[i].now > words[i].count &&
		    !has_row(words[i].message, words[i].field, words[i].count))
			fail_msg("%s: %u words, and no row in version.c from "
				 "%u on",
			    words[i].message->name, words[i].now,
			    words[i].count);
}

static void each_row_is_of_a_field_that_is_there(void **state)
{
	(void)state;
	for (const struct wire_later *row = wire_later; row->message; row++) {
		assert_non_null(protobuf_c_message_descriptor_get_field(
		    row->message, row->field));
		assert_in_range(row->version, 2, wire_versions.newest);
		assert_true(row->from > 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_younger_field_has_its_row),
		cmocka_unit_test(each_younger_word_has_its_row),
		cmocka_unit_test(each_row_is_of_a_field_that_is_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

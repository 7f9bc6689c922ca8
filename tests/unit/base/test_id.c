#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>
#include "base/err.h"
#include "base/id.h"

static void fill_with(void *context, uint8_t *out, size_t len)
{
	memset(out, *(uint8_t *)context, len);
}

/* Every random byte is *byte. */
static struct id_maker maker_of(uint8_t *byte)
{
	return (struct id_maker){ .entropy = { fill_with, byte } };
}

static uint64_t time_of(const struct id *id)
{
	uint64_t time = 0;
	int i;

	for (i = 0; i < 6; i++)
		time = time << 8 | id->b[i];
	return time;
}

static void an_id_starts_with_its_time(void **state)
{
	uint8_t byte = 0xab;
	struct id_maker maker = maker_of(&byte);
	struct id id;

	(void)state;
	id_next(&id, &maker, 1700000000123);
	assert_int_equal(time_of(&id), 1700000000123);
	assert_int_equal(id.b[6], 0xab);
	assert_int_equal(id.b[15], 0xab);
}

static void ids_grow_while_the_clock_stands_still_or_steps_back(void **state)
{
	struct id_maker maker = { .entropy = entropy_system() };
	struct id last, id;
	int i;

	(void)state;
	id_next(&last, &maker, 5000);
	for (i = 0; i < 5000; i++) {
		id_next(&id, &maker, i % 3 == 0 ? 5000 : 5000 - i);
		assert_true(memcmp(id.b, last.b, ID_BYTES) > 0);
		last = id;
	}
	id_next(&id, &maker, 6000);
	assert_int_equal(time_of(&id), 6000);
}

static void a_full_random_part_is_carried_into_the_time(void **state)
{
	uint8_t byte = 0xff;
	struct id_maker maker = maker_of(&byte);
	struct id first, second;

	(void)state;
	id_next(&first, &maker, 1000);
	id_next(&second, &maker, 1000);
	assert_int_equal(time_of(&first), 1000);
	assert_int_equal(time_of(&second), 1001);
	assert_true(memcmp(second.b, first.b, ID_BYTES) > 0);
}

static void the_next_id_is_more_than_one_away(void **state)
{
	uint8_t byte = 0x10;
	struct id_maker maker = maker_of(&byte);
	struct id first, second;

	(void)state;
	id_next(&first, &maker, 1000);
	id_next(&second, &maker, 1000);
	assert_int_equal(first.b[15] + 0x11, second.b[15]);
	assert_int_equal(first.b[10] + 0x10, second.b[10]);
	assert_int_equal(first.b[9], second.b[9]);
}

static void times_out_of_range_are_the_nearest_one(void **state)
{
	uint8_t byte = 1;
	struct id_maker maker = maker_of(&byte), other = maker_of(&byte);
	struct id id;

	(void)state;
	id_next(&id, &maker, -5);
	assert_int_equal(time_of(&id), 0);
	id_next(&id, &other, INT64_MAX);
	assert_int_equal(time_of(&id), ((uint64_t)1 << 48) - 1);
}

static void two_makers_make_different_ids(void **state)
{
	struct id_maker a = { .entropy = entropy_system() }, b = a;
	struct id one, other;

	(void)state;
	id_next(&one, &a, 1000);
	id_next(&other, &b, 1000);
	assert_false(id_equal(&one, &other));
}

static void text_goes_there_and_back(void **state)
{
	char text[ID_TEXT];
	struct id id, back;
	int i, k;

	(void)state;
	for (i = 0; i < 256; i++) {
		for (k = 0; k < ID_BYTES; k++)
			id.b[k] = (uint8_t)(i * 7 + k * 31);
		assert_int_equal(strlen(id_format(text, &id)), 26);
		assert_int_equal(id_parse(&back, text), 0);
		assert_true(id_equal(&id, &back));
	}
}

static void text_is_that_of_a_ulid(void **state)
{
	static const uint8_t known[ID_BYTES] = { 0x01, 0x56, 0x3d, 0xf3, 0x64,
		0x81, 0x4d, 0xd2, 0x11, 0xb4, 0xe9, 0xaa, 0x79, 0x04, 0x00,
		0xff };
	char text[ID_TEXT];
	struct id id, full;

	(void)state;
	memcpy(id.b, known, ID_BYTES);
	assert_string_equal(id_format(text, &id), "01ARYZ6S419Q913D79N9WG807Z");
	memset(full.b, 0xff, ID_BYTES);
	assert_string_equal(
	    id_format(text, &full), "7ZZZZZZZZZZZZZZZZZZZZZZZZZ");
	memset(full.b, 0, ID_BYTES);
	assert_string_equal(
	    id_format(text, &full), "00000000000000000000000000");
}

static void text_grows_as_ids_do(void **state)
{
	struct id_maker maker = { .entropy = entropy_system() };
	char last[ID_TEXT], text[ID_TEXT];
	struct id id;
	int i;

	(void)state;
	id_next(&id, &maker, 1);
	id_format(last, &id);
	for (i = 0; i < 1000; i++) {
		id_next(&id, &maker, 1 + i / 10);
		id_format(text, &id);
		assert_true(strcmp(text, last) > 0);
		memcpy(last, text, ID_TEXT);
	}
}

static void takes_what_people_write_for_one_and_zero(void **state)
{
	struct id a, b;

	(void)state;
	assert_int_equal(id_parse(&a, "01arz3ndektsv4rrffq69g5fav"), 0);
	assert_int_equal(id_parse(&b, "OIARZ3NDEKTSV4RRFFQ69G5FAV"), 0);
	assert_true(id_equal(&a, &b));
	assert_int_equal(id_parse(&b, "olARZ3NDEKTSV4RRFFQ69G5FAV"), 0);
	assert_true(id_equal(&a, &b));
}

static void refuses_what_is_no_id(void **state)
{
	static const char *const bad[] = { "", "0", "01ARZ3NDEKTSV4RRFFQ69G5FA",
		"01ARZ3NDEKTSV4RRFFQ69G5FAVV", "81ARZ3NDEKTSV4RRFFQ69G5FAV",
		"U1ARZ3NDEKTSV4RRFFQ69G5FAV", "01ARZ3NDEKTSV4RRFFQ69G5FAU",
		"01ARZ3NDEKTSV4-RFFQ69G5FAV", "01ARZ3NDEKTSV4RRFFQ69G5FA ",
		"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff" };
	struct id id = { { 1 } }, before = id;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(id_parse(&id, bad[i]), ERR_INVALID);
		assert_true(id_equal(&id, &before));
	}
}

static void knows_the_zero_id(void **state)
{
	struct id id = { { 0 } };

	(void)state;
	assert_true(id_is_zero(&id));
	id.b[15] = 1;
	assert_false(id_is_zero(&id));
}

static void hashes_with_blake2b_256(void **state)
{
	struct hash hash, other;
	char text[HASH_TEXT];

	(void)state;
	hash_of(&hash, bytes_of("abc", 3));
	assert_string_equal(hash_format(text, &hash),
	    "bddd813c634239723171ef3fee98579b"
	    "94964e3bb1cb3e427262c8c068d52319");
	hash_of(&other, bytes_of(NULL, 0));
	assert_string_equal(hash_format(text, &other),
	    "0e5751c026e543b2e8ab2eb06099daa1"
	    "d1e5df47778f7787faab45cdf12fe3a8");
	assert_false(hash_equal(&hash, &other));
	assert_true(hash_equal(&hash, &hash));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_id_starts_with_its_time),
		cmocka_unit_test(
		    ids_grow_while_the_clock_stands_still_or_steps_back),
		cmocka_unit_test(a_full_random_part_is_carried_into_the_time),
		cmocka_unit_test(the_next_id_is_more_than_one_away),
		cmocka_unit_test(times_out_of_range_are_the_nearest_one),
		cmocka_unit_test(two_makers_make_different_ids),
		cmocka_unit_test(text_goes_there_and_back),
		cmocka_unit_test(text_is_that_of_a_ulid),
		cmocka_unit_test(text_grows_as_ids_do),
		cmocka_unit_test(takes_what_people_write_for_one_and_zero),
		cmocka_unit_test(refuses_what_is_no_id),
		cmocka_unit_test(knows_the_zero_id),
		cmocka_unit_test(hashes_with_blake2b_256),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>
#include "base/bytes.h"
#include "base/err.h"

static bool is_text(const char *text)
{
	return bytes_is_text(bytes_of(text, strlen(text)));
}

static void bytes_are_equal_by_length_and_content(void **state)
{
	(void)state;
	assert_true(bytes_equal(bytes_of("ab", 2), bytes_of("ab", 2)));
	assert_false(bytes_equal(bytes_of("ab", 2), bytes_of("ac", 2)));
	assert_false(bytes_equal(bytes_of("ab", 2), bytes_of("ab", 1)));
	assert_true(bytes_equal(bytes_of(NULL, 0), bytes_of("", 0)));
}

static void takes_every_length_of_character(void **state)
{
	(void)state;
	assert_true(bytes_is_text(bytes_of(NULL, 0)));
	assert_true(is_text("plain ASCII, longer than one word\n\t"));
	assert_true(is_text("智慧吹哨 é 鄂州"));
	assert_true(is_text("\xc2\x80\xdf\xbf"));
	assert_true(
	    is_text("\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf"));
	assert_true(is_text("\xf0\x90\x80\x80\xf4\x8f\xbf\xbf"));
}

static void refuses_what_is_no_character(void **state)
{
	static const char *const bad[] = { "\x80", "\xbf", "\xc0\x80",
		"\xc1\xbf", "\xc2", "\xc2\x41", "\xe0\x80\x80", "\xe0\x9f\xbf",
		"\xe4\xb8", "\xe4\xb8\x41", "\xed\xa0\x80", "\xed\xbf\xbf",
		"\xf0\x8f\xbf\xbf", "\xf0\x9f\x92", "\xf4\x90\x80\x80",
		"\xf5\x80\x80\x80", "\xff", "\xfe" };
	char text[32];
	size_t i, lead;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		for (lead = 0; lead < 17; lead++) {
			memset(text, 'a', lead);
			strcpy(text + lead, bad[i]);
			assert_false(is_text(text));
			strcat(text, "b");
			assert_false(is_text(text));
		}
	}
}

static void refuses_nul_wherever_it_stands(void **state)
{
	char text[24];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(text); i++) {
		memset(text, 'a', sizeof(text));
		text[i] = '\0';
		assert_false(bytes_is_text(bytes_of(text, sizeof(text))));
		text[i] = '\x01';
		assert_true(bytes_is_text(bytes_of(text, sizeof(text))));
	}
}

static void cuts_no_character_in_two(void **state)
{
	(void)state;
	assert_int_equal(text_cut("abc", 5), 3);
	assert_int_equal(text_cut("abc", 3), 3);
	assert_int_equal(text_cut("abc", 2), 2);
	assert_int_equal(text_cut("abc", 0), 0);
	assert_int_equal(text_cut("a鄂州", 7), 7);
	assert_int_equal(text_cut("a鄂州", 6), 4);
	assert_int_equal(text_cut("a鄂州", 5), 4);
	assert_int_equal(text_cut("a鄂州", 4), 4);
	assert_int_equal(text_cut("\xf0\xa0\x80\x80", 3), 0);
	assert_int_equal(text_cut("", 9), 0);
	assert_int_equal(text_cut("abc", SIZE_MAX), 3);
}

static void cuts_bytes_that_are_no_text_all_the_same(void **state)
{
	(void)state;
	assert_int_equal(text_cut("\x80\x80\x80\x80\x80\x80\x80\x80", 6), 6);
}

static void a_buffer_grows_and_keeps_what_it_has(void **state)
{
	struct buf buf = { 0 };
	uint8_t *room;
	uint32_t i;

	(void)state;
	for (i = 0; i < 10000; i++)
		assert_int_equal(buf_add(&buf, &i, sizeof(i)), 0);
	assert_int_equal(buf.len, 40000);
	assert_memory_equal(buf.data + 4 * 777, &(uint32_t){ 777 }, 4);
	assert_int_equal(buf_grow(&room, &buf, 3), 0);
	assert_ptr_equal(room, buf.data + 40000);
	assert_int_equal(buf.len, 40003);
	assert_int_equal(buf_add(&buf, NULL, 0), 0);
	buf_clear(&buf);
	assert_int_equal(buf.len, 0);
	buf_free(&buf);
	assert_null(buf.data);
}

static void a_buffer_that_cannot_grow_is_unchanged(void **state)
{
	struct buf buf = { 0 };
	uint8_t *room = NULL;

	(void)state;
	buf_add(&buf, "abc", 3);
	assert_int_equal(buf_grow(&room, &buf, SIZE_MAX), ERR_NOMEM);
	assert_int_equal(buf_grow(&room, &buf, SIZE_MAX - 3), ERR_NOMEM);
	assert_null(room);
	assert_int_equal(buf.len, 3);
	assert_memory_equal(buf.data, "abc", 3);
	buf_free(&buf);
}

static void pieces_are_aligned_and_apart(void **state)
{
	uint8_t *pieces[400];
	struct arena *arena;
	size_t i, k;

	(void)state;
	assert_int_equal(arena_open(&arena, 1 << 20), 0);
	for (i = 0; i < 400; i++) {
		pieces[i] = arena_alloc(arena, i);
		assert_non_null(pieces[i]);
		assert_int_equal(
		    (uintptr_t)pieces[i] % alignof(max_align_t), 0);
		memset(pieces[i], (int)i, i);
	}
	for (i = 0; i < 400; i++)
		for (k = 0; k < i; k++)
			assert_int_equal(pieces[i][k], (uint8_t)i);
	arena_close(&arena);
	assert_null(arena);
	arena_close(&arena);
}

static void nothing_is_handed_out_beyond_the_limit(void **state)
{
	struct arena *arena;

	(void)state;
	assert_int_equal(arena_open(&arena, 1000), 0);
	assert_null(arena_alloc(arena, 1009));
	assert_null(arena_alloc(arena, SIZE_MAX));
	assert_null(arena_text(arena, "", SIZE_MAX));
	assert_non_null(arena_alloc(arena, 1000));
	assert_null(arena_alloc(arena, 16));
	arena_reset(arena);
	assert_int_equal(arena_used(arena), 0);
	assert_non_null(arena_alloc(arena, 1000));
	arena_close(&arena);
}

static void the_same_turn_fits_again_after_a_reset(void **state)
{
	struct arena *arena;
	size_t used = 0;
	int turn, i;

	(void)state;
	assert_int_equal(arena_open(&arena, 4 << 20), 0);
	for (turn = 0; turn < 20; turn++) {
		for (i = 0; i < 1000; i++)
			assert_non_null(arena_alloc(arena, 1000));
		assert_non_null(arena_alloc(arena, 2 << 20));
		assert_non_null(arena_alloc(arena, 1));
		assert_true(turn == 0 || arena_used(arena) == used);
		used = arena_used(arena);
		arena_reset(arena);
	}
	arena_close(&arena);
}

static void the_next_turn_uses_the_same_memory(void **state)
{
	struct arena *arena;
	void *first;

	(void)state;
	assert_int_equal(arena_open(&arena, 1 << 20), 0);
	first = arena_alloc(arena, 10);
	assert_non_null(arena_alloc(arena, 10));
	arena_reset(arena);
	assert_ptr_equal(arena_alloc(arena, 10), first);
	arena_close(&arena);
}

static void a_text_is_copied_with_its_end(void **state)
{
	struct arena *arena;
	char *copy;

	(void)state;
	assert_int_equal(arena_open(&arena, 1 << 20), 0);
	copy = arena_text(arena, "whistle", 4);
	assert_string_equal(copy, "whis");
	assert_string_equal(arena_text(arena, NULL, 0), "");
	arena_close(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_are_equal_by_length_and_content),
		cmocka_unit_test(takes_every_length_of_character),
		cmocka_unit_test(refuses_what_is_no_character),
		cmocka_unit_test(refuses_nul_wherever_it_stands),
		cmocka_unit_test(cuts_no_character_in_two),
		cmocka_unit_test(cuts_bytes_that_are_no_text_all_the_same),
		cmocka_unit_test(a_buffer_grows_and_keeps_what_it_has),
		cmocka_unit_test(a_buffer_that_cannot_grow_is_unchanged),
		cmocka_unit_test(pieces_are_aligned_and_apart),
		cmocka_unit_test(nothing_is_handed_out_beyond_the_limit),
		cmocka_unit_test(the_same_turn_fits_again_after_a_reset),
		cmocka_unit_test(the_next_turn_uses_the_same_memory),
		cmocka_unit_test(a_text_is_copied_with_its_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

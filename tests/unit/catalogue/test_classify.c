#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "city.h"

static struct city city;

static int make(void **state)
{
	(void)state;
	city_make(&city);
	city_load(&city);
	return 0;
}

static int unmake(void **state)
{
	(void)state;
	city_remove(&city);
	return 0;
}

static void expect(
    const char *title, const char *text, const char *item, const char *hint)
{
	const struct item *hinted;
	const struct item *found =
	    catalogue_classify(&hinted, city.catalogue, title, text);

	assert_string_equal(found == NULL ? "" : found->code, item);
	assert_string_equal(hinted == NULL ? "" : hinted->code, hint);
	assert_ptr_equal(
	    catalogue_classify(NULL, city.catalogue, title, text), found);
}

static void finds_the_item_whose_keywords_weigh_most(void **state)
{
	(void)state;
	expect("", "小区路灯坏了", "lamp", "lamp");
	expect("", "路灯旁的公交车站", "bus", "bus"); /* 2 + 3 against 2 */
	expect("", "公交站边路灯坏了，灯不亮", "lamp", "lamp");
}

static void counts_words_of_the_title_twice(void **state)
{
	(void)state;
	expect("路灯", "公交", "lamp", "lamp");
	expect("路灯", "外墙和独居", "lamp", "lamp");
}

static void counts_a_keyword_once_however_often_it_stands(void **state)
{
	(void)state;
	expect("", "路灯路灯路灯路灯，房产证", "deed", "deed");
	/* in the title and in the text: twice, not three times */
	expect("路灯", "路灯，公交车", "bus", "bus");
}

static void names_none_when_two_are_equal(void **state)
{
	(void)state;
	expect("", "路灯和外墙", "", "lamp");
	expect("", "外墙和路灯", "", "lamp");
}

static void names_none_when_nothing_is_found(void **state)
{
	(void)state;
	expect("", "", "", "");
	expect("你好", "请问几点下班", "", "");
	expect("", "路 灯", "", "");
}

static void reads_small_and_wide_letters_as_capitals(void **state)
{
	(void)state;
	expect("", "p2p爆雷", "paint", "paint");
	expect("", "Ｐ２ｐ爆雷", "paint", "paint");
}

static void bears_cut_and_wild_bytes(void **state)
{
	static char text[100 * 1024];
	unsigned seed = 3;

	(void)state;
	expect("\xe8\xb7", "\xe8\xb7\xaf\xe7\x81", "", "");
	for (size_t i = 0; i < sizeof(text) - 1; i++) {
		seed = seed * 1103515245U + 12345U;
		text[i] = (char)(1 + (seed >> 16) % 255);
	}
	text[sizeof(text) - 1] = '\0';
	catalogue_classify(NULL, city.catalogue, text, text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_the_item_whose_keywords_weigh_most),
		cmocka_unit_test(counts_words_of_the_title_twice),
		cmocka_unit_test(counts_a_keyword_once_however_often_it_stands),
		cmocka_unit_test(names_none_when_two_are_equal),
		cmocka_unit_test(names_none_when_nothing_is_found),
		cmocka_unit_test(reads_small_and_wide_letters_as_capitals),
		cmocka_unit_test(bears_cut_and_wild_bytes),
	};

	return cmocka_run_group_tests(tests, make, unmake);
}

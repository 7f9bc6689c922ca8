#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>
#include "base/encoding.h"
#include "base/err.h"

static iconv_t converter;

static int open_converter(void **state)
{
	(void)state;
	return encoding_open(&converter);
}

static int close_converter(void **state)
{
	(void)state;
	return iconv_close(converter);
}

static enum encoding guess(const char *text, bool is_cut)
{
	return encoding_guess(bytes_of(text, strlen(text)), is_cut, converter);
}

static void every_field_has_a_vote(void **state)
{
	(void)state;
	assert_int_equal(guess("", false), ENCODING_UTF8);
	assert_int_equal(guess("plain,text", false), ENCODING_UTF8);
	assert_int_equal(guess("鄂州,街道", false), ENCODING_UTF8);
	assert_int_equal(guess("\xb6\xf5\xd6\xdd,\xbd\xd6\xb5\xc0", false),
	    ENCODING_GB18030);
	/* 联通 in GB18030 is a sound text in UTF-8, too */
	assert_int_equal(
	    guess("\xc1\xaa\xcd\xa8,\xb6\xf5\xd6\xdd\n\xbd\xd6\xb5\xc0", false),
	    ENCODING_GB18030);
	assert_int_equal(
	    guess("鄂州,街道\n\xe9\x84,\xff\n", false), ENCODING_UTF8);
}

static void the_last_field_of_a_cut_text_has_none(void **state)
{
	(void)state;
	assert_int_equal(guess("a,b,\xe9\x84", true), ENCODING_UTF8);
	assert_int_equal(guess("a,b,\xb6\xf5", false), ENCODING_GB18030);
}

static void converts_what_is_gb18030(void **state)
{
	char out[64];
	size_t len = 0;

	(void)state;
	assert_int_equal(encoding_convert(&len, out, sizeof(out), converter,
			     bytes_of("a\xb6\xf5\x95\x32\x82\x36", 7)),
	    0);
	assert_int_equal(len, 8);
	assert_memory_equal(out, "a鄂\xf0\xa0\x80\x80", 8);
}

static void refuses_what_is_not(void **state)
{
	char out[64];
	size_t len = 0;

	(void)state;
	assert_int_equal(encoding_convert(&len, out, sizeof(out), converter,
			     bytes_of("a\xff", 2)),
	    ERR_INVALID);
	assert_int_equal(encoding_convert(&len, out, sizeof(out), converter,
			     bytes_of("a\xb6", 2)),
	    ERR_INVALID);
	assert_int_equal(encoding_convert(&len, out, sizeof(out), converter,
			     bytes_of("a\0b", 3)),
	    ERR_INVALID);
	/* a mistake leaves the converter ready */
	assert_int_equal(encoding_convert(&len, out, sizeof(out), converter,
			     bytes_of("\xb6\xf5", 2)),
	    0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_field_has_a_vote),
		cmocka_unit_test(the_last_field_of_a_cut_text_has_none),
		cmocka_unit_test(converts_what_is_gb18030),
		cmocka_unit_test(refuses_what_is_not),
	};

	return cmocka_run_group_tests(tests, open_converter, close_converter);
}

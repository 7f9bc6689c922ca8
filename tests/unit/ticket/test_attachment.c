#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "base/limits.h"
#include "ticket/attachment.h"

static void takes_names_as_people_give_them(void **state)
{
	static const char *const good[] = { "a", "现场 1.jpg",
		"report.final.pdf", "-rf", "a..b", "ünï.txt", "~", "C",
		"照片（一）.png" };
	(void)state;

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_true(attachment_name_is_valid(good[i]));
}

static void refuses_names_that_lead_elsewhere_or_lie(void **state)
{
	static const char *const bad[] = { "", ".", "..", ".bashrc",
		"../../etc/passwd", "/etc/passwd", "a/b", "a\\b", "C:x", "a\nb",
		"a\x1b[2J", "a\x7f",
		"a\xc2\x9b"
		"b",
		"a*", "a?", "<svg>", "a|b", "\"", "\xff\xfe", "\xc0\xae",
		"gpj.\xe2\x80\xae"
		"exe",
		"a\xe2\x81\xa6", "\xe2\x80\x8f" };
	char long_name[FILE_NAME_MAX + 1];
	(void)state;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (attachment_name_is_valid(bad[i]))
			fail_msg("took name %zu", i);
	memset(long_name, 'n', sizeof(long_name));
	long_name[FILE_NAME_MAX] = '\0';
	assert_false(attachment_name_is_valid(long_name));
	long_name[FILE_NAME_MAX - 1] = '\0';
	assert_true(attachment_name_is_valid(long_name));
}

#define HEAD(text) bytes_of(text, sizeof(text) - 1)

static void knows_a_file_by_its_first_bytes(void **state)
{
	static const struct {
		struct bytes head;
		enum file_type type;
	} heads[] = {
#define H(text, type) { { (const uint8_t *)text, sizeof(text) - 1 }, type }
		H("\xff\xd8\xff\xe0", FILE_JPEG),
		H("\x89PNG\r\n\x1a\n....", FILE_PNG),
		H("GIF89a", FILE_GIF),
		H("RIFF....WEBPVP8 ", FILE_WEBP),
		H("RIFF....WAVEfmt ", FILE_WAV),
		H("RIFF....AVI LIST", FILE_NONE),
		H("....ftypheic....", FILE_HEIC),
		H("....ftypisom....", FILE_MP4),
		H("....ftypqt  ....", FILE_MOV),
		H("....ftypM4A ....", FILE_M4A),
		H("....ftypevil....", FILE_NONE),
		H("%PDF-1.7", FILE_PDF),
		H("ID3\x04", FILE_MP3),
		H("\xff\xfb\x90", FILE_MP3),
		H("#!AMR\n", FILE_AMR),
		H("MZ\x90\0", FILE_NONE),
		H("\x7f"
		  "ELF\2\1\1\0",
		    FILE_NONE),
		H("PK\3\4\0\0", FILE_NONE),
		H("说明", FILE_TEXT),
		H("", FILE_NONE),
#undef H
	};
	(void)state;

	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		assert_int_equal(
		    attachment_sniff(heads[i].head), heads[i].type);
}

static void text_is_text_and_nothing_that_runs(void **state)
{
	(void)state;
	assert_true(attachment_is_text(HEAD("第一行\r\n\t第二行\f")));
	assert_true(attachment_is_text(HEAD("\xef\xbb\xbf"
					    "a < b")));
	assert_false(attachment_is_text(HEAD("")));
	assert_false(attachment_is_text(HEAD("<html>")));
	assert_false(attachment_is_text(HEAD(" \n\t<svg>")));
	assert_false(attachment_is_text(HEAD("\xef\xbb\xbf <!DOCTYPE html>")));
	assert_false(attachment_is_text(HEAD("#!/bin/sh")));
	assert_false(attachment_is_text(HEAD("a\0b")));
	assert_false(attachment_is_text(HEAD("a\x1b[31m")));
	assert_false(attachment_is_text(HEAD("\xb5\xda\xd2\xbb"))); /* GBK */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_names_as_people_give_them),
		cmocka_unit_test(refuses_names_that_lead_elsewhere_or_lie),
		cmocka_unit_test(knows_a_file_by_its_first_bytes),
		cmocka_unit_test(text_is_text_and_nothing_that_runs),
	};

	return cmocka_run_group_tests_name("attachment", tests, NULL, NULL);
}

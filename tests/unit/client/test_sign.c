#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/err.h"
#include "client/sign.h"

static const uint8_t key[] = "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk";

static struct sign_parts order(void)
{
	return (struct sign_parts){ "POST", "/hotline/v1/tickets", 1763712000,
		"abcdefghij0123456789", bytes_of("{\"a\":1}", 7), NULL };
}

static struct sign_parts question(void)
{
	return (struct sign_parts){ "GET", "/hotline/v1/tickets/A%2F1?x=y", 0,
		"AAAAAAAAAAAAAAAA", bytes_of(NULL, 0), NULL };
}

/* The two values were made with openssl, as api.md shows. */
static void signs_as_openssl_does(void **state)
{
	struct sign_parts parts = order();
	char hex[SIGN_TEXT];

	(void)state;
	assert_int_equal(sign_request(hex, key, &parts), 0);
	assert_string_equal(hex, "6517d5fd8fce0bad47f302997f81a3a9"
				 "06f8870b8e2cdb6e2c66c942fa210847");
	parts = question();
	assert_int_equal(sign_request(hex, key, &parts), 0);
	assert_string_equal(hex, "e3f8ed08004d0c52a201a8d69f2a38c9"
				 "be66c2a991900bf6e5c9887eabbcaa72");
}

static void accepts_only_what_was_signed(void **state)
{
	struct sign_parts parts = order(), other;
	char hex[SIGN_TEXT];
	uint8_t other_key[SIGN_KEY_BYTES];

	(void)state;
	assert_int_equal(sign_request(hex, key, &parts), 0);
	assert_true(sign_matches(hex, key, &parts));

	other = order();
	other.method = "PUT";
	assert_false(sign_matches(hex, key, &other));
	other = order();
	other.target = "/hotline/v1/tickets?";
	assert_false(sign_matches(hex, key, &other));
	other = order();
	other.time_s++;
	assert_false(sign_matches(hex, key, &other));
	other = order();
	other.nonce = "abcdefghij0123456780";
	assert_false(sign_matches(hex, key, &other));
	other = order();
	other.body = bytes_of("{\"a\":2}", 7);
	assert_false(sign_matches(hex, key, &other));
	other = order();
	other.idempotency_key = "one";
	assert_false(sign_matches(hex, key, &other));
	memcpy(other_key, key, sizeof(other_key));
	other_key[31] ^= 1;
	assert_false(sign_matches(hex, other_key, &parts));
}

/* Else whoever overhears an act could have it done again as another. */
static void signs_the_name_of_an_act(void **state)
{
	struct sign_parts parts = order(), other;
	char hex[SIGN_TEXT];

	(void)state;
	parts.idempotency_key = "one";
	assert_int_equal(sign_request(hex, key, &parts), 0);
	assert_string_equal(hex, "5765bb263a134df55bb75c58d232c15f"
				 "1595058524d934ed6bd64046231914e2");
	assert_true(sign_matches(hex, key, &parts));
	other = parts;
	other.idempotency_key = "two";
	assert_false(sign_matches(hex, key, &other));
	other.idempotency_key = NULL;
	assert_false(sign_matches(hex, key, &other));
	other.idempotency_key = "one\ntwo";
	assert_int_equal(sign_request(hex, key, &other), ERR_INVALID);
}

static void refuses_signatures_of_another_shape(void **state)
{
	struct sign_parts parts = order();
	char hex[SIGN_TEXT], longer[SIGN_TEXT + 1];

	(void)state;
	assert_int_equal(sign_request(hex, key, &parts), 0);
	snprintf(longer, sizeof(longer), "%s0", hex);
	assert_false(sign_matches(longer, key, &parts));
	assert_false(sign_matches("", key, &parts));
	longer[63] = '\0';
	assert_false(sign_matches(longer, key, &parts));
	hex[0] = 'Z';
	assert_false(sign_matches(hex, key, &parts));
	assert_int_equal(sign_request(hex, key, &parts), 0);
	for (char *at = hex; *at; at++)
		*at = (char)(*at >= 'a' ? *at - 'a' + 'A' : *at);
	assert_false(sign_matches(hex, key, &parts));
}

/* Otherwise "GET\n/a" for "/b" could read as "GET" for "/a\n/b". */
static void refuses_parts_that_could_read_as_others(void **state)
{
	struct sign_parts parts = order();
	char hex[SIGN_TEXT];

	(void)state;
	parts.target = "/a\n1763712000";
	assert_int_equal(sign_request(hex, key, &parts), ERR_INVALID);
	assert_false(sign_matches(hex, key, &parts));
	parts.target = "";
	assert_int_equal(sign_request(hex, key, &parts), ERR_INVALID);
	parts = order();
	parts.method = "PO ST";
	assert_int_equal(sign_request(hex, key, &parts), ERR_INVALID);
	parts = order();
	parts.time_s = -1;
	assert_int_equal(sign_request(hex, key, &parts), ERR_INVALID);
	parts = order();
	parts.nonce = "abcdefghij012345\n";
	assert_int_equal(sign_request(hex, key, &parts), ERR_INVALID);
}

static void knows_a_nonce_by_its_shape(void **state)
{
	char nonce[80];

	(void)state;
	memset(nonce, 'x', sizeof(nonce));
	nonce[65] = '\0';
	assert_false(sign_nonce_is_valid(nonce));
	nonce[64] = '\0';
	assert_true(sign_nonce_is_valid(nonce));
	nonce[16] = '\0';
	assert_true(sign_nonce_is_valid(nonce));
	nonce[15] = '\0';
	assert_false(sign_nonce_is_valid(nonce));
	assert_true(sign_nonce_is_valid("AZaz09_-AZaz09_-"));
	assert_false(sign_nonce_is_valid("AZaz09_-AZaz09_+"));
	assert_false(sign_nonce_is_valid("AZaz09_-AZaz09_ "));
	assert_false(sign_nonce_is_valid(""));
}

static char path[64];

static int make_path(void **state)
{
	(void)state;
	strcpy(path, "/tmp/whistle-sign-XXXXXX");
	if (!mkdtemp(path))
		return -1;
	strcat(path, "/a.key");
	return 0;
}

static int drop_path(void **state)
{
	(void)state;
	unlink(path);
	*strrchr(path, '/') = '\0';
	return rmdir(path);
}

static int load_text(const char *text, size_t len, mode_t mode)
{
	uint8_t loaded[SIGN_KEY_BYTES];
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(path, mode), 0);
	return sign_key_load(loaded, path);
}

#define HEX32 "00112233445566778899AABBCCDDeeff"
#define HEX64 HEX32 HEX32

static void loads_one_line_of_hex(void **state)
{
	(void)state;
	assert_int_equal(load_text(HEX64, 64, 0600), 0);
	assert_int_equal(load_text(HEX64 "\n", 65, 0600), 0);
	assert_int_equal(load_text(HEX64 "\r\n", 66, 0400), 0);
}

static void refuses_files_that_hold_anything_else(void **state)
{
	static const char zeros[] = "00000000000000000000000000000000"
				    "00000000000000000000000000000000";

	(void)state;
	assert_int_equal(load_text("", 0, 0600), ERR_INVALID);
	assert_int_equal(load_text(HEX64, 63, 0600), ERR_INVALID);
	assert_int_equal(load_text(HEX64 "0", 65, 0600), ERR_INVALID);
	assert_int_equal(load_text(HEX64 "\n\n", 66, 0600), ERR_INVALID);
	assert_int_equal(load_text(HEX64 "\r\n ", 67, 0600), ERR_INVALID);
	assert_int_equal(load_text(HEX64 "\0", 65, 0600), ERR_INVALID);
	assert_int_equal(load_text(HEX32 " " HEX32, 65, 0600), ERR_INVALID);
	assert_int_equal(
	    load_text(HEX32 "0x112233445566778899AABBCCDDeeff", 64, 0600),
	    ERR_INVALID);
	assert_int_equal(load_text(zeros, 64, 0600), ERR_INVALID);
}

static void refuses_keys_that_others_may_read(void **state)
{
	uint8_t loaded[SIGN_KEY_BYTES];

	(void)state;
	assert_int_equal(load_text(HEX64, 64, 0640), ERR_ACCESS);
	assert_int_equal(load_text(HEX64, 64, 0604), ERR_ACCESS);
	assert_int_equal(load_text(HEX64, 64, 0620), ERR_ACCESS);
	assert_int_equal(sign_key_load(loaded, "/dev/null"), ERR_INVALID);
	assert_int_equal(
	    sign_key_load(loaded, "/nowhere/at/all"), ERR_NOT_FOUND);
}

static void makes_keys_that_load_and_never_overwrites(void **state)
{
	uint8_t first[SIGN_KEY_BYTES], again[SIGN_KEY_BYTES];

	(void)state;
	assert_int_equal(sign_key_make(path), 0);
	assert_int_equal(sign_key_load(first, path), 0);
	assert_int_equal(sign_key_make(path), ERR_EXISTS);
	assert_int_equal(sign_key_load(again, path), 0);
	assert_memory_equal(first, again, sizeof(first));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(signs_as_openssl_does),
		cmocka_unit_test(accepts_only_what_was_signed),
		cmocka_unit_test(signs_the_name_of_an_act),
		cmocka_unit_test(refuses_signatures_of_another_shape),
		cmocka_unit_test(refuses_parts_that_could_read_as_others),
		cmocka_unit_test(knows_a_nonce_by_its_shape),
		cmocka_unit_test_setup_teardown(
		    loads_one_line_of_hex, make_path, drop_path),
		cmocka_unit_test_setup_teardown(
		    refuses_files_that_hold_anything_else, make_path,
		    drop_path),
		cmocka_unit_test_setup_teardown(
		    refuses_keys_that_others_may_read, make_path, drop_path),
		cmocka_unit_test_setup_teardown(
		    makes_keys_that_load_and_never_overwrites, make_path,
		    drop_path),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

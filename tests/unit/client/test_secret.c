#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <ctype.h>
#include <string.h>
#include "base/err.h"
#include "client/secret.h"

static const uint8_t key[SIGN_KEY_BYTES] = { 1, 2, 3 };
static const struct id ticket = { { 9, 8, 7, 6 } };

static void opens_what_it_made(void **state)
{
	char text[SECRET_TEXT];
	struct id back;

	(void)state;
	secret_format(text, key, &ticket);
	assert_int_equal(strlen(text), SECRET_TEXT - 1);
	assert_int_equal(secret_parse(&back, key, text), 0);
	assert_true(id_equal(&back, &ticket));
}

static void refuses_any_other_character(void **state)
{
	char text[SECRET_TEXT];
	struct id back;

	(void)state;
	for (size_t i = 0; i < SECRET_TEXT - 1; i++) {
		secret_format(text, key, &ticket);
		text[i] = text[i] == '0' ? '1' : '0';
		assert_int_equal(secret_parse(&back, key, text), ERR_INVALID);
		secret_format(text, key, &ticket);
		if (!islower(text[i]))
			continue;
		text[i] = (char)toupper(text[i]);
		assert_int_equal(secret_parse(&back, key, text), ERR_INVALID);
	}
}

static void refuses_another_length(void **state)
{
	char text[SECRET_TEXT + 1];
	struct id back;

	(void)state;
	secret_format(text, key, &ticket);
	strcat(text, "0");
	assert_int_equal(secret_parse(&back, key, text), ERR_INVALID);
	text[SECRET_TEXT - 2] = '\0';
	assert_int_equal(secret_parse(&back, key, text), ERR_INVALID);
	assert_int_equal(secret_parse(&back, key, ""), ERR_INVALID);
}

static void refuses_another_key_and_ticket(void **state)
{
	static const uint8_t other_key[SIGN_KEY_BYTES] = { 1, 2, 4 };
	static const struct id other = { { 9, 8, 7, 5 } };
	char text[SECRET_TEXT], wrong[SECRET_TEXT];
	struct id back;

	(void)state;
	secret_format(text, key, &ticket);
	assert_int_equal(secret_parse(&back, other_key, text), ERR_INVALID);
	secret_format(wrong, key, &other);
	memcpy(wrong, text, ID_TEXT);
	assert_int_equal(secret_parse(&back, key, wrong), ERR_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opens_what_it_made),
		cmocka_unit_test(refuses_any_other_character),
		cmocka_unit_test(refuses_another_length),
		cmocka_unit_test(refuses_another_key_and_ticket),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

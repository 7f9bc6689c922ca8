#include "base/code.h"

#include <string.h>
#include "base/err.h"

enum { CODE_DIGITS_MIN = 4, CODE_DIGITS_MAX = 15 };

static bool is_short_name(const char *text)
{
	return *text != '\0' &&
	       text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-")] ==
		   '\0';
}

int code_set(struct unit_code *code_out, const char *text)
{
	size_t digits = strspn(text, "0123456789");
	size_t len = strnlen(text, UNIT_CODE_MAX);

	memset(code_out, 0, sizeof(*code_out));
	if (len >= UNIT_CODE_MAX)
		return ERR_INVALID;
	if (digits < CODE_DIGITS_MIN || digits > CODE_DIGITS_MAX)
		return ERR_INVALID;
	if (text[digits] != '\0' &&
	    (text[digits] != '-' || !is_short_name(text + digits + 1)))
		return ERR_INVALID;
	memcpy(code_out->s, text, len);
	return 0;
}

bool code_is_empty(const struct unit_code *code)
{
	return code->s[0] == '\0';
}

bool code_is_padded(const struct unit_code *code)
{
	static const struct unit_code none;
	size_t len = strnlen(code->s, sizeof(code->s));

	return len < sizeof(code->s) &&
	       memcmp(code->s + len, none.s, sizeof(code->s) - len) == 0;
}

bool code_equal(const struct unit_code *a, const struct unit_code *b)
{
	return memcmp(a->s, b->s, sizeof(a->s)) == 0;
}

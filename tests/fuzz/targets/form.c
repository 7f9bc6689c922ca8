/* A query string or the body of an HTML form. */
#include <string.h>
#include "base/err.h"
#include "base/limits.h"
#include "fuzz.h"
#include "gatewayd/form.h"

static void check_pair(const struct form *form, const struct form_pair *pair)
{
	promise(strlen(pair->name) <= FORM_NAME_MAX);
	promise(bytes_is_text(bytes_of(pair->name, strlen(pair->name))));
	promise(bytes_is_text(bytes_of(pair->value, strlen(pair->value))));
	promise(form_value(form, pair->name) == pair->value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct form form = { .count = 0 };
	int rc = form_add(&form, fuzz_arena(), bytes_of(data, size));

	promise(rc == 0 || rc == ERR_INVALID || rc == ERR_TOO_LARGE);
	promise(form.count <= FORM_PAIRS_MAX);
	for (size_t i = 0; i < form.count; i++)
		check_pair(&form, &form.pairs[i]);
	return 0;
}

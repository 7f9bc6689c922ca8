/* A list of divisions, as “whistle city new” reads it. */
#include <string.h>
#include "fuzz.h"
#include "whistle/divisions.h"

static void check_tree(const struct divisions *divisions)
{
	promise(divisions->count > 0);
	promise(divisions->of[0].level == DIVISION_CITY);
	for (size_t i = 0; i < divisions->count; i++) {
		const struct division *at = &divisions->of[i];

		promise(at->level < DIVISION_LEVELS);
		promise(strlen(at->code.s) == division_digits(at->level));
		promise(i == 0 ||
			strcmp(divisions->of[i - 1].code.s, at->code.s) < 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct divisions divisions;

	if (divisions_read(&divisions, fuzz_file(data, size), NULL) == CLI_DONE)
		check_tree(&divisions);
	divisions_free(&divisions);
	return 0;
}

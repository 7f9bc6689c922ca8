#include "base/err.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const err_texts[] = { [ERR_NONE] = "done",
#define X(name, text) [ERR_##name##_POSITIVE] = text,
	ERR_CODES(X)
#undef X
};

const char *err_text(int code)
{
	const int count = (int)(sizeof(err_texts) / sizeof(err_texts[0]));

	if (code > 0 || code <= -count)
		return "an unknown error";
	return err_texts[-code];
}

void panic_at(const char *file, int line, const char *what)
{
	fprintf(stderr, "panic at=%s:%d bug=\"%s\"\n", file, line, what);
	abort();
}

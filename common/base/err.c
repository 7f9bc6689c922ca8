#include "base/err.h"

#include <errno.h>
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

int err_of_errno(int number)
{
	switch (number) {
	case ENOENT:
	case ENOTDIR:
		return ERR_NOT_FOUND;
	case EACCES:
	case EPERM:
	case EROFS:
	case ELOOP:
		return ERR_ACCESS;
	case EEXIST:
		return ERR_EXISTS;
	case ENOSPC:
	case EDQUOT:
		return ERR_FULL;
	case EBUSY:
	case EAGAIN:
		return ERR_BUSY;
	case ENOMEM:
		return ERR_NOMEM;
	default:
		return ERR_IO;
	}
}

void panic_at(const char *file, int line, const char *what)
{
	fprintf(stderr, "panic at=%s:%d bug=\"%s\"\n", file, line, what);
	abort();
}

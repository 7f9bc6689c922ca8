/*
 * What was asked of the engine and not answered yet, by request id: a
 * bounded table. It knows nothing of who asked but a pointer.
 */
#ifndef WHISTLE_GATEWAYD_ASKS_H
#define WHISTLE_GATEWAYD_ASKS_H

#include <stddef.h>
#include <stdint.h>
#include "base/id.h"

enum { ASKS_MAX = 1024 };

struct ask {
	struct id id;
	int64_t until_ms;
	void *asker;
};

struct asks {
	size_t count;
	struct ask rows[ASKS_MAX];
};

/* ERR_FULL. */
int asks_add(
    struct asks *asks, const struct id *id, void *asker, int64_t until_ms);
/* Who asked, taken off the table; NULL for an answer that comes too late. */
void *asks_take(struct asks *asks, const struct id *id);
/* One whose time has come, taken off, and what it asked; NULL when there is
 * none. */
void *asks_overdue(struct id *id_out, struct asks *asks, int64_t now_ms);
/* All that one has asked: it is gone. */
void asks_forget(struct asks *asks, const void *asker);

#endif

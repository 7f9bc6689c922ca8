#include "gatewayd/asks.h"

#include "base/err.h"

int asks_add(
    struct asks *asks, const struct id *id, void *asker, int64_t until_ms)
{
	if (asks->count == ASKS_MAX)
		return ERR_FULL;
	asks->rows[asks->count++] = (struct ask){ *id, until_ms, asker };
	return 0;
}

/* The last row fills the gap: order is no matter. */
static void *take(struct asks *asks, size_t at)
{
	void *asker = asks->rows[at].asker;

	asks->rows[at] = asks->rows[--asks->count];
	return asker;
}

void *asks_take(struct asks *asks, const struct id *id)
{
	for (size_t i = 0; i < asks->count; i++)
		if (id_equal(&asks->rows[i].id, id))
			return take(asks, i);
	return NULL;
}

void *asks_overdue(struct id *id_out, struct asks *asks, int64_t now_ms)
{
	for (size_t i = 0; i < asks->count; i++)
		if (now_ms >= asks->rows[i].until_ms) {
			*id_out = asks->rows[i].id;
			return take(asks, i);
		}
	return NULL;
}

void asks_forget(struct asks *asks, const void *asker)
{
	for (size_t i = asks->count; i > 0; i--)
		if (asks->rows[i - 1].asker == asker)
			take(asks, i - 1);
}

/*
 * The counters once more, from the logs: a tree of sums by unit, item and
 * month (tsearch), taken apart again while the stored rows go by.
 */
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include "audit/inside.h"
#include "score/score.h"
#include "store/counters.h"

struct sums {
	struct unit_code unit;
	char item[ITEM_CODE_MAX];
	char period[SCORE_PERIOD_TEXT];
	uint64_t of[SCORE_COUNT];
	bool is_seen; /* a stored row says the same */
};

struct recount {
	void *tree;
};

static int compare(const void *a, const void *b)
{
	const struct sums *x = a, *y = b;
	int order = strcmp(x->unit.s, y->unit.s);

	if (!order)
		order = strcmp(x->item, y->item);
	return order ? order : strcmp(x->period, y->period);
}

int recount_open(struct recount **recount_out)
{
	*recount_out = calloc(1, sizeof(**recount_out));
	return *recount_out ? 0 : ERR_NOMEM;
}

void recount_close(struct recount **recount)
{
	if (!*recount)
		return;
	tdestroy((*recount)->tree, free);
	free(*recount);
	*recount = NULL;
}

static struct sums *sums_for(struct recount *recount, const struct sums *like)
{
	struct sums *const *found = tfind(like, &recount->tree, compare);
	struct sums *made;

	if (found)
		return *found;
	made = malloc(sizeof(*made));
	if (!made)
		return NULL;
	*made = *like;
	if (!tsearch(made, &recount->tree, compare)) {
		free(made);
		return NULL;
	}
	return made;
}

int recount_event(struct recount *recount, const struct ticket *before,
    const struct ticket *after, const struct event *event)
{
	struct score_delta deltas[SCORE_DELTAS_MAX];
	size_t count = score_deltas(deltas, before, after, event);

	for (size_t i = 0; i < count; i++) {
		struct sums like = { .unit = deltas[i].unit }, *sums;

		memcpy(like.item, after->item, sizeof(like.item));
		score_period(like.period, event->time_ms);
		sums = sums_for(recount, &like);
		if (!sums)
			return ERR_NOMEM;
		sums->of[deltas[i].count] += deltas[i].by;
	}
	return 0;
}

/* A row of an older version may have fewer sums than there are counts. */
static bool is_same(const struct sums *sums, const struct bytes value)
{
	uint64_t stored[COUNTERS_WIDTH_MAX] = { 0 };

	if (value.len > sizeof(stored) || value.len % sizeof(*stored))
		return false;
	memcpy(stored, value.data, value.len);
	for (unsigned i = 0; i < COUNTERS_WIDTH_MAX; i++)
		if (stored[i] != (i < SCORE_COUNT ? sums->of[i] : 0))
			return false;
	return true;
}

static bool read_key(struct sums *sums, struct bytes key)
{
	char *const to[] = { sums->unit.s, sums->item, sums->period };
	const size_t room[] = { sizeof(sums->unit.s), sizeof(sums->item),
		sizeof(sums->period) };
	size_t at = 0;

	for (int i = 0; i < 3; i++) {
		const uint8_t *end = memchr(key.data + at, 0, key.len - at);
		size_t len = end ? (size_t)(end - key.data) - at : 0;

		if (!end || len >= room[i])
			return false;
		memcpy(to[i], key.data + at, len);
		at += len + 1;
	}
	return at == key.len;
}

static int found(struct audit *audit, const struct sums *sums)
{
	return audit_found(audit, AUDIT_COUNTER, KV_COUNTERS, "%s %s %s",
	    sums->unit.s, sums->item[0] ? sums->item : "-", sums->period);
}

static int check_row(struct audit *audit, struct bytes key, struct bytes value)
{
	struct sums like = { .is_seen = false };
	struct sums *const *sums;

	if (!read_key(&like, key))
		return audit_found_key(audit, AUDIT_SHAPE, KV_COUNTERS, key);
	sums = tfind(&like, &audit->recount->tree, compare);
	if (sums)
		(*sums)->is_seen = true;
	return is_same(sums ? *sums : &like, value) ? 0 : found(audit, &like);
}

struct rest {
	struct audit *audit;
	int rc;
};

static void check_seen(const void *node, VISIT visit, void *context)
{
	const struct sums *sums = *(struct sums *const *)node;
	struct rest *rest = context;

	if (!rest->rc && (visit == postorder || visit == leaf) &&
	    !sums->is_seen)
		rest->rc = found(rest->audit, sums);
}

int recount_compare(struct audit *audit)
{
	struct rest rest = { audit, 0 };

	if (audit->is_partial)
		return 0;
	rest.rc = audit_each(audit, KV_COUNTERS, check_row);
	twalk_r(audit->recount->tree, check_seen, &rest);
	return rest.rc;
}

/*
 * The counters once more, from the logs: a tree of sums by unit, month, item
 * and counterpart (tsearch), taken apart again while the stored rows go by.
 * Of the lists behind the sums only a print is kept, a sum over its entries
 * that does not mind their order.
 */
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include "audit/inside.h"
#include "score/score.h"
#include "store/counters.h"

struct sums {
	struct unit_code unit, other;
	char item[ITEM_CODE_MAX];
	char period[SCORE_PERIOD_TEXT];
	uint64_t of[SCORE_COUNT];
	uint64_t print, print_seen; /* of the list: by the logs, as stored */
	bool is_seen;		    /* a stored row says the same */
};

/* What one event of the ticket at hand did to one row. */
struct moved {
	struct sums *sums;
	struct counted counted;
};

struct recount {
	void *tree;
	struct moved *moved;
	size_t moved_count, moved_cap;
};

static int compare(const void *a, const void *b)
{
	const struct sums *x = a, *y = b;
	int order = strcmp(x->unit.s, y->unit.s);

	if (!order)
		order = strcmp(x->period, y->period);
	if (!order)
		order = strcmp(x->item, y->item);
	return order ? order : strcmp(x->other.s, y->other.s);
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
	free((*recount)->moved);
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

static uint64_t print_of(const struct counted *counted)
{
	uint8_t bytes[COUNTED_BYTES];
	struct hash hash;

	memcpy(bytes, counted->ticket.b, ID_BYTES);
	store_be32(bytes + ID_BYTES, counted->seq);
	store_be64(bytes + ID_BYTES + 4, counted->counts);
	hash_of(&hash, bytes_of(bytes, sizeof(bytes)));
	return store_read_be64(hash.b);
}

/* ---- from the logs ---- */

/* The row's entry of this event; another one when it has the bit. */
static struct moved *moved_for(struct recount *recount, struct sums *sums,
    const struct event *event, uint64_t bit)
{
	for (size_t i = recount->moved_count; i > 0; i--) {
		struct moved *moved = &recount->moved[i - 1];

		if (moved->counted.seq != event->seq)
			break;
		if (moved->sums == sums && !(moved->counted.counts & bit))
			return moved;
	}
	if (recount->moved_count == recount->moved_cap) {
		size_t cap = recount->moved_cap ? 2 * recount->moved_cap : 64;
		struct moved *grown =
		    realloc(recount->moved, cap * sizeof(*grown));

		if (!grown)
			return NULL;
		recount->moved = grown;
		recount->moved_cap = cap;
	}
	struct moved *made = &recount->moved[recount->moved_count++];

	*made = (struct moved){ sums, { event->ticket, event->seq, 0 } };
	return made;
}

/* An entry gets another value, and its row's print with it. */
static void move(struct moved *moved, uint64_t counts)
{
	if (moved->counted.counts)
		moved->sums->print -= print_of(&moved->counted);
	moved->counted.counts = counts;
	if (counts)
		moved->sums->print += print_of(&moved->counted);
}

/* The ticket is out: what its events so far had counted is counted as
 * left. */
static void leave(struct recount *recount, uint32_t before_seq)
{
	for (size_t i = 0; i < recount->moved_count; i++) {
		struct moved *moved = &recount->moved[i];
		uint64_t counts = moved->counted.counts, left = 0;

		if (moved->counted.seq >= before_seq)
			continue;
		for (unsigned n = 0; n < SCORE_COUNT; n++) {
			unsigned to = score_if_excluded((enum score_count)n);

			if (!(counts >> n & 1))
				continue;
			left |= UINT64_C(1) << to;
			moved->sums->of[n]--;
			moved->sums->of[to]++;
		}
		move(moved, left);
	}
}

int recount_event(struct recount *recount, const struct ticket *before,
    const struct ticket *after, const struct event *event)
{
	struct score_delta deltas[SCORE_DELTAS_MAX];
	size_t count = score_deltas(deltas, before, after, event);

	if (event->seq == 1)
		recount->moved_count = 0;
	for (size_t i = 0; i < count; i++) {
		struct sums like = { .unit = deltas[i].unit,
			.other = deltas[i].other };
		uint64_t bit = UINT64_C(1) << deltas[i].count;
		struct sums *sums;
		struct moved *moved;

		memcpy(like.item, after->item, sizeof(like.item));
		score_period(like.period, event->time_ms);
		sums = sums_for(recount, &like);
		moved = sums ? moved_for(recount, sums, event, bit) : NULL;
		if (!moved)
			return ERR_NOMEM;
		sums->of[deltas[i].count] += deltas[i].by;
		move(moved, moved->counted.counts | bit);
	}
	if (event->verb == VERB_EXCLUDE)
		leave(recount, event->seq);
	return 0;
}

/* ---- against what is stored ---- */

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

static bool copy(char *to, size_t room, const char *text)
{
	size_t len = strlen(text);

	if (len >= room)
		return false;
	memcpy(to, text, len);
	return true;
}

static bool read_key(struct sums *sums, struct bytes key, size_t number_len)
{
	struct counters_key at;

	return counters_key_read(&at, key, number_len) == 0 &&
	       copy(sums->unit.s, sizeof(sums->unit.s), at.unit) &&
	       copy(sums->period, sizeof(sums->period), at.period) &&
	       copy(sums->item, sizeof(sums->item), at.item) &&
	       copy(sums->other.s, sizeof(sums->other.s), at.other);
}

static int found(struct audit *audit, enum audit_fault fault,
    enum kv_table table, const struct sums *sums)
{
	return audit_found(audit, fault, table, "%s %s %s%s%s", sums->unit.s,
	    sums->item[0] ? sums->item : "-", sums->period,
	    sums->other.s[0] ? " " : "", sums->other.s);
}

static int check_row(struct audit *audit, struct bytes key, struct bytes value)
{
	struct sums like = { .is_seen = false };
	struct sums *const *sums;

	if (!read_key(&like, key, 0))
		return audit_found_key(audit, AUDIT_SHAPE, KV_COUNTERS, key);
	sums = tfind(&like, &audit->recount->tree, compare);
	if (sums)
		(*sums)->is_seen = true;
	if (is_same(sums ? *sums : &like, value))
		return 0;
	return found(audit, AUDIT_COUNTER, KV_COUNTERS, &like);
}

static int check_list(struct audit *audit, struct bytes key, struct bytes value)
{
	struct counted list[COUNTED_CHUNK];
	struct sums like = { .is_seen = false };
	struct sums *const *sums;
	size_t count;

	if (!read_key(&like, key, COUNTED_NUMBER_BYTES) ||
	    counted_read(list, &count, value))
		return audit_found_key(audit, AUDIT_SHAPE, KV_COUNTED, key);
	sums = tfind(&like, &audit->recount->tree, compare);
	if (!sums)
		return found(audit, AUDIT_COUNTED, KV_COUNTED, &like);
	for (size_t i = 0; i < count; i++)
		(*sums)->print_seen += print_of(&list[i]);
	return 0;
}

struct rest {
	struct audit *audit;
	int rc;
};

static void check_seen(const void *node, VISIT visit, void *context)
{
	const struct sums *sums = *(struct sums *const *)node;
	struct rest *rest = context;

	if (visit != postorder && visit != leaf)
		return;
	if (!rest->rc && !sums->is_seen)
		rest->rc = found(rest->audit, AUDIT_COUNTER, KV_COUNTERS, sums);
	if (!rest->rc && sums->print != sums->print_seen)
		rest->rc = found(rest->audit, AUDIT_COUNTED, KV_COUNTED, sums);
}

int recount_compare(struct audit *audit)
{
	struct rest rest = { audit, 0 };

	if (audit->is_partial)
		return 0;
	rest.rc = audit_each(audit, KV_COUNTERS, check_row);
	if (!rest.rc)
		rest.rc = audit_each(audit, KV_COUNTED, check_list);
	if (!rest.rc)
		twalk_r(audit->recount->tree, check_seen, &rest);
	return rest.rc;
}

#include "../ticket/wander.h"
#include "../score/slow.h"
#include "chance.h"
#include "wire/wire.h"

enum { TRIES = 200, MONTHS = 14 };

/* ---- logs ---- */

/* The city has fewer units than a story: each stands for one of its own. */
static void settle(struct unit_code *code)
{
	static const char *const streets[] = { "420704001", "420704002" };
	static const char *const communities[] = { "420704001001",
		"420704002001" };
	static const char *const grids[] = { "420704001001001",
		"420704001001002", "420704002001001" };
	static const char *const departments[] = { "420704-cgj", "420704-gaj",
		"4207-zjj" };
	size_t len = strlen(code->s), number = 0;
	const char *to = code->s;
	struct unit_code settled = { { 0 } };

	for (size_t i = 0; i < len; i++)
		number = 7 * number + (unsigned char)code->s[i];
	if (strchr(code->s, '-'))
		to = departments[number % 3];
	else if (len == 9)
		to = streets[number % 2];
	else if (len == 12)
		to = communities[number % 2];
	else if (len == 15)
		to = grids[number % 3];
	memcpy(settled.s, to, strlen(to));
	*code = settled;
}

static void settle_event(struct event *event, struct callout callouts[16])
{
	struct particulars *what = &event->what;

	settle(&event->unit);
	if (!code_is_empty(&what->to))
		settle(&what->to);
	for (size_t i = 0; i < what->callout_count; i++) {
		callouts[i] = what->callouts[i];
		settle(&callouts[i].department);
	}
	if (what->callout_count)
		what->callouts = callouts;
}

/* False: it does not follow, once its units are the city's. */
static bool tell(struct story *story, struct event *event, struct buf *packed)
{
	const char *field, *problem;
	struct ticket before = story->ticket;
	struct hash hash;

	/* nobody calls itself */
	if (event->verb == VERB_OPEN &&
	    code_equal(&event->unit, &event->what.to))
		return false;
	if (particulars_check(
		&field, &problem, &event->what, event->verb, false) ||
	    wire_event_pack(packed, event))
		return false;
	hash_of(&hash, bytes_of(packed->data, packed->len));
	if (!ticket_fold(&story->ticket, event, &hash))
		return true;
	story->ticket = before;
	buf_free(packed);
	return false;
}

static void item_of(struct event *event, struct story *story)
{
	static const char *const items[] = { "", "hole", "lamp", "hole" };

	if (event->verb == VERB_OPEN ||
	    (event->verb == VERB_FORWARD && story_random(story, 8) == 0))
		event->what.item = items[story_random(story, 4)];
}

size_t chance_log(struct buf events_out[CHANCE_EVENTS_MAX],
    const struct id *ticket, uint64_t seed)
{
	struct story story = story_new();
	struct callout callouts[16];
	size_t count = 0, length;

	story.random = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
	story.now_ms +=
	    (int64_t)story_random(&story, MONTHS) * 30 * 24 * HOUR_MS;
	story.ticket.id = *ticket;
	length = 2 + story_random(&story, CHANCE_EVENTS_MAX - 2);
	for (unsigned tries = 0; count < length && tries < TRIES; tries++) {
		struct event event;

		if (!wander_next(&event, &story))
			break;
		event.ticket = *ticket;
		item_of(&event, &story);
		settle_event(&event, callouts);
		events_out[count] = (struct buf){ 0 };
		if (!tell(&story, &event, &events_out[count]))
			continue;
		/* sometimes on to the next month */
		story.now_ms += story_random(&story, 16) == 0
				    ? (int64_t)20 * 24 * HOUR_MS
				    : MINUTE_MS;
		count++;
	}
	return count;
}

/* ---- the slow count ---- */

struct slow {
	struct sums sums;
	struct reader reader;
	struct arena *arena;
	size_t taken;
};

struct slow *slow_open(void)
{
	struct slow *slow = calloc(1, sizeof(*slow));

	assert_non_null(slow);
	assert_int_equal(arena_open(&slow->arena, DECODE_MAX_BYTES), 0);
	return slow;
}

void slow_close(struct slow **slow)
{
	sums_clear(&(*slow)->sums);
	arena_close(&(*slow)->arena);
	free(*slow);
	*slow = NULL;
}

void slow_begin(struct slow *slow)
{
	memset(&slow->reader, 0, sizeof(slow->reader));
	slow->reader.sums = &slow->sums;
}

void slow_event(struct slow *slow, struct bytes bytes)
{
	struct event event;

	arena_reset(slow->arena);
	assert_int_equal(
	    wire_event_unpack(&event, NULL, slow->arena, bytes), 0);
	read_event(&slow->reader, &event);
}

const uint64_t *slow_take(struct slow *slow, const char *unit,
    const char *other, const char *item, const char *month)
{
	struct sum_row like = { .unit = "" };

	sum_copy(like.unit, sizeof(like.unit), unit);
	sum_copy(like.other, sizeof(like.other), other);
	sum_copy(like.item, sizeof(like.item), item);
	sum_copy(like.month, sizeof(like.month), month);
	struct sum_row *const *found =
	    tfind(&like, &slow->sums.tree, sum_row_order);

	if (!found)
		return NULL;
	slow->taken++;
	return (*found)->counts;
}

static size_t rows_counted;

static void count_row(const void *node, VISIT visit, int depth)
{
	const struct sum_row *row = *(struct sum_row *const *)node;

	(void)depth;
	if (visit != postorder && visit != leaf)
		return;
	for (unsigned i = 0; i < SCORE_COUNT; i++) {
		if (!row->counts[i])
			continue;
		rows_counted++;
		return;
	}
}

size_t slow_left(const struct slow *slow)
{
	rows_counted = 0;
	twalk(slow->sums.tree, count_row);
	return rows_counted - slow->taken;
}

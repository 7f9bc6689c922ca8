#include "cases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"

enum {
	SLOTS = 1 << 16,
	ROOM = SLOTS / 2,
	PAGE = 200,
	ANSWER_MS = 10 * 1000,
};

int cases_open(struct cases *cases_out)
{
	struct cases cases = { .room = ROOM, .slot_count = SLOTS };

	cases.rows = calloc(ROOM, sizeof(*cases.rows));
	cases.slots = calloc(SLOTS, sizeof(*cases.slots));
	*cases_out = cases;
	if (cases.rows && cases.slots)
		return 0;
	cases_close(cases_out);
	return ERR_NOMEM;
}

/* The last bytes of an id are random. */
static size_t slot_of(const struct cases *cases, const struct id *id)
{
	uint32_t number;

	memcpy(&number, id->b + ID_BYTES - sizeof(number), sizeof(number));
	size_t slot = number % cases->slot_count;
	while (cases->slots[slot] &&
	       !id_equal(&cases->rows[cases->slots[slot] - 1].now.id, id))
		slot = (slot + 1) % cases->slot_count;
	return slot;
}

struct demo_case *cases_find(const struct cases *cases, const struct id *id)
{
	uint32_t index = cases->slots[slot_of(cases, id)];

	return index ? &cases->rows[index - 1] : NULL;
}

static struct demo_case *add(struct cases *cases, const struct id *id)
{
	size_t slot = slot_of(cases, id);

	if (cases->count == cases->room)
		return NULL;
	struct demo_case *row = &cases->rows[cases->count++];
	row->now.id = *id;
	cases->slots[slot] = (uint32_t)cases->count;
	return row;
}

/* A callout belongs to whom its parent belongs to. */
static void name_case(struct demo_case *row, const struct cases *cases,
    const struct event *event,
    bool (*is_ours)(const void *context, const char *number),
    const void *context)
{
	const struct particulars *what = &event->what;
	const struct demo_case *parent =
	    id_is_zero(&what->parent) ? NULL : cases_find(cases, &what->parent);

	if (parent) {
		row->is_ours = parent->is_ours;
		snprintf(row->key, sizeof(row->key), "%.*s/%s", EXTERNAL_ID_MAX,
		    parent->key, what->to.s);
	} else {
		row->is_ours =
		    what->external_id[0] && is_ours(context, what->external_id);
		snprintf(row->key, sizeof(row->key), "%s", what->external_id);
	}
}

static int take(struct cases *cases, struct arena *arena, struct bytes packed,
    bool (*is_ours)(const void *context, const char *number),
    const void *context)
{
	struct event event;
	struct hash hash;
	int rc = wire_event_unpack(&event, NULL, arena, packed);

	if (rc)
		return rc;
	struct demo_case *row = cases_find(cases, &event.ticket);
	if (!row && event.seq == 1) {
		row = add(cases, &event.ticket);
		if (!row)
			return ERR_FULL;
		name_case(row, cases, &event, is_ours, context);
	}
	if (!row)
		return 0;
	hash_of(&hash, packed);
	rc = ticket_fold(&row->now, &event, &hash);
	if (rc)
		return rc;
	row->notes += event.verb == VERB_NOTE;
	row->is_changed = true;
	return 0;
}

int cases_follow(bool *more_out, struct cases *cases, struct client *client,
    bool (*is_ours)(const void *context, const char *number),
    const void *context)
{
	struct wire_request request = { .kind = ASK_FOLLOW };
	struct wire_reply reply;
	struct arena *arena;
	int rc = arena_open(&arena, DECODE_MAX_BYTES);

	*more_out = false;
	request.follow.after = cases->last;
	request.follow.limit = PAGE;
	if (!rc)
		rc = client_ask(&reply, client, &request, ANSWER_MS);
	if (!rc && (reply.result != RESULT_DONE || !reply.has_body))
		rc = ERR_INVALID;
	for (size_t i = 0; !rc && i < reply.follow.count; i++)
		rc = take(cases, arena, reply.follow.events[i].event, is_ours,
		    context);
	if (!rc) {
		*more_out = reply.follow.last > cases->last;
		cases->last = reply.follow.last;
	}
	arena_close(&arena);
	return rc;
}

void cases_close(struct cases *cases)
{
	free(cases->rows);
	free(cases->slots);
	*cases = (struct cases){ 0 };
}

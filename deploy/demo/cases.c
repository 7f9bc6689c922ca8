#include "cases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/err.h"

enum {
	SLOTS = 1 << 16,
	ROOM = SLOTS / 2,
	PAGE = 200,
	AGAIN_MS = 1000,
};

int cases_open(struct cases *cases_out, const struct cases_watcher *watcher)
{
	struct cases cases = {
		.room = ROOM, .slot_count = SLOTS, .watcher = *watcher
	};

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
static void name_case(
    struct demo_case *row, const struct cases *cases, const struct event *event)
{
	const struct cases_watcher *watcher = &cases->watcher;
	const struct particulars *what = &event->what;
	const struct demo_case *parent =
	    id_is_zero(&what->parent) ? NULL : cases_find(cases, &what->parent);

	if (parent) {
		row->is_ours = parent->is_ours;
		snprintf(row->key, sizeof(row->key), "%.*s/%s", EXTERNAL_ID_MAX,
		    parent->key, what->to.s);
	} else {
		row->is_ours =
		    what->external_id[0] &&
		    watcher->is_ours(watcher->context, what->external_id);
		snprintf(row->key, sizeof(row->key), "%s", what->external_id);
	}
}

static int take(struct cases *cases, struct arena *arena, struct bytes packed)
{
	const struct cases_watcher *watcher = &cases->watcher;
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
		name_case(row, cases, &event);
	}
	if (!row)
		return 0;
	hash_of(&hash, packed);
	rc = ticket_fold(&row->now, &event, &hash);
	if (rc)
		return rc;
	row->notes += event.verb == VERB_NOTE;
	row->is_changed = true;
	if (watcher->see)
		watcher->see(watcher->context, row, &event);
	return 0;
}

static int ask(struct cases *cases, struct client *client, int64_t now_ms)
{
	struct wire_request request = { .kind = ASK_FOLLOW };

	cases->asked = request.id = client_id(client);
	cases->asked_ms = now_ms;
	request.follow.after = cases->last;
	request.follow.limit = PAGE;
	int rc = client_send(client, &request);
	/* a full queue empties once the node is there */
	return rc == ERR_UNREACHABLE ? 0 : rc;
}

static int take_page(
    bool *more_out, struct cases *cases, const struct wire_reply *reply)
{
	struct arena *arena;
	int rc = arena_open(&arena, DECODE_MAX_BYTES);

	if (!rc && (reply->result != RESULT_DONE || !reply->has_body))
		rc = ERR_INVALID;
	for (size_t i = 0; !rc && i < reply->follow.count; i++)
		rc = take(cases, arena, reply->follow.events[i].event);
	arena_close(&arena);
	if (rc)
		return rc;
	*more_out = reply->follow.last > cases->last;
	cases->last = reply->follow.last;
	memset(&cases->asked, 0, sizeof(cases->asked));
	return 0;
}

int cases_follow(
    bool *more_out, struct cases *cases, struct client *client, int wait_ms)
{
	struct clock clock = clock_system();
	int64_t now_ms = clock_now_ms(&clock);
	struct wire_reply reply;
	int rc = 0;

	*more_out = false;
	if (id_is_zero(&cases->asked) || now_ms - cases->asked_ms > AGAIN_MS)
		rc = ask(cases, client, now_ms);
	while (!rc) {
		rc = client_take(&reply, client, wait_ms);
		if (!rc && id_equal(&reply.id, &cases->asked))
			return take_page(more_out, cases, &reply);
	}
	return rc;
}

void cases_close(struct cases *cases)
{
	for (size_t i = 0; i < cases->count; i++)
		free(cases->rows[i].wish);
	free(cases->rows);
	free(cases->slots);
	*cases = (struct cases){ 0 };
}

/*
 * Files follow the logs that name them, from neighbour to neighbour, in time
 * that nothing else needs. Whoever lacks one asks each neighbour that shares
 * a ticket which names it, piece by piece, until one has it; what has come is
 * kept, over cuts and restarts, and the hash decides at the end. Nobody asks
 * onward for another: all who know the ticket want its files, so that a file
 * comes nearer hop by hop. Who asked in vain is told when it is here.
 */
#include "engine/inside.h"

enum {
	/* No piece: asked once more. A link that comes up again has begun anew
	 * long before; this is for what was dropped before a full queue. */
	AGAIN_MS = 8 * 1000,
	TRIES_MAX = 3, /* so often, then it is the next one's turn */
	REST_MS = 500, /* after a round in vain; then twice as long … */
	REST_MAX_MS = 60 * 1000,
	LOOKED_MAX = 64, /* of what is wanted, in one turn */
	ADOPTED_MAX = 1, /* it is read whole */
};

static int ask_piece(struct turn *turn, struct neighbour *to)
{
	struct fetch *fetch = &to->fetch;
	struct wire_frame frame = {
		.session = to->link.session,
		.kind = FRAME_WANT_CHUNK,
		.want_chunk = { fetch->hash, fetch->at },
	};

	fetch->asked_ms = turn->now_ms;
	return say_frame(turn, to, &frame);
}

/* As much as is here of it already; more than any file can have is none. */
static void find_part(struct turn *turn, struct fetch *fetch)
{
	struct files *files = turn->engine->config.files;
	char part[PART_NAME_MAX];

	file_part(part, &fetch->hash);
	if (files_have(&fetch->at, files, part) ||
	    fetch->at >= FILE_MAX_BYTES) {
		files_drop(files, part);
		fetch->at = 0;
	}
}

static int start(
    struct turn *turn, struct neighbour *to, const struct hash *hash)
{
	struct fetch *fetch = &to->fetch;

	fetch->is_active = true;
	fetch->hash = *hash;
	fetch->tries = 0;
	find_part(turn, fetch);
	return ask_piece(turn, to);
}

static bool is_under_way(const struct engine *engine, const struct hash *hash)
{
	for (size_t i = 0; i < engine->neighbour_count; i++) {
		const struct fetch *fetch = &engine->neighbours[i].fetch;
		if (fetch->is_active && hash_equal(&fetch->hash, hash))
			return true;
	}
	return false;
}

/* Its bytes may be here: of another ticket, or from before the store was
 * lost. 1: they are. */
static int adopt(struct turn *turn, const struct hash *hash)
{
	struct files *files = turn->engine->config.files;
	enum file_type type;
	uint64_t size;
	int rc = files_check(&size, &type, files, hash);

	if (rc == ERR_CORRUPT)
		files_remove(files, hash);
	if (rc)
		return rc == ERR_NOMEM ? rc : 0;
	rc = file_here(turn, hash, size, type, 0);
	return rc ? rc : 1;
}

static void rest(struct fetch *fetch, int64_t now_ms)
{
	fetch->rest_ms =
	    fetch->has_found || !fetch->rest_ms ? REST_MS : 2 * fetch->rest_ms;
	if (fetch->rest_ms > REST_MAX_MS)
		fetch->rest_ms = REST_MAX_MS;
	fetch->rest_until_ms = now_ms + fetch->rest_ms;
	fetch->has_found = false;
	fetch->behind = (struct hash){ { 0 } };
}

static int start_urgent(struct turn *turn, struct neighbour *to)
{
	struct fetch *fetch = &to->fetch;
	struct file_record record;
	int rc;

	fetch->is_urgent = false;
	if (is_under_way(turn->engine, &fetch->next))
		return 0;
	rc = attached_get(&record, turn->txn, &fetch->next);
	if (rc || record.state != FILE_WANTED)
		return rc == ERR_NOT_FOUND ? 0 : rc;
	rc = adopt(turn, &fetch->next);
	return rc ? (rc == 1 ? 0 : rc) : start(turn, to, &fetch->next);
}

/* The next that is wanted and that this neighbour may have. */
static int start_next(struct turn *turn, struct neighbour *to)
{
	struct fetch *fetch = &to->fetch;
	int adopted = 0, rc = 0;

	for (int i = 0; i < LOOKED_MAX && adopted < ADOPTED_MAX; i++) {
		bool is_so;
		rc = wanted_next(&fetch->behind, turn->txn);
		if (rc == ERR_NOT_FOUND) {
			rest(fetch, turn->now_ms);
			return 0;
		}
		if (!rc)
			rc = fetch_is_for(&is_so, turn, to, &fetch->behind);
		if (rc)
			return rc;
		if (!is_so || is_under_way(turn->engine, &fetch->behind))
			continue;
		rc = adopt(turn, &fetch->behind);
		if (rc < 0)
			return rc;
		if (rc == 0)
			return start(turn, to, &fetch->behind);
		adopted++;
	}
	return 0;
}

/* A clock that was set back must not make a rest of years. */
static bool is_resting(struct fetch *fetch, int64_t now_ms)
{
	if (fetch->rest_until_ms > now_ms + REST_MAX_MS)
		fetch->rest_until_ms = now_ms;
	return now_ms < fetch->rest_until_ms;
}

static int go_on(struct turn *turn, struct neighbour *to)
{
	struct fetch *fetch = &to->fetch;

	if (fetch->asked_ms > turn->now_ms)
		fetch->asked_ms = turn->now_ms;
	if (turn->now_ms - fetch->asked_ms < AGAIN_MS)
		return 0;
	if (++fetch->tries < TRIES_MAX)
		return ask_piece(turn, to);
	fetch->is_active = false;
	return 0;
}

int fetch_pump(struct turn *turn, struct neighbour *to)
{
	struct fetch *fetch = &to->fetch;

	if (!to->link.is_up) { /* what it has asked waits until it is */
		fetch->is_active = false;
		return 0;
	}
	int rc = fetch_give(turn, to);
	if (!rc && fetch->is_active)
		rc = go_on(turn, to);
	if (rc || fetch->is_active || turn->is_full)
		return rc;
	if (fetch->is_urgent)
		rc = start_urgent(turn, to);
	if (!rc && !fetch->is_active && wanted_count(turn->txn) &&
	    !is_resting(fetch, turn->now_ms))
		rc = start_next(turn, to);
	return rc;
}

/* All of it is here. */
static int finish(struct turn *turn, struct neighbour *from)
{
	struct fetch *fetch = &from->fetch;
	struct hash hash = fetch->hash;
	char part[PART_NAME_MAX], text[HASH_TEXT];
	enum file_type type;
	uint64_t size = fetch->at;

	fetch->is_active = false;
	file_part(part, &hash);
	int rc = files_finish(&type, turn->engine->config.files, part, &hash);
	if (rc == ERR_CORRUPT) {
		fetch_problem(turn, from, &hash, "wrong_bytes");
		return 0;
	}
	if (rc == ERR_INVALID) {
		fetch_problem(turn, from, &hash, "wrong_type");
		return attached_refuse(turn->txn, &hash);
	}
	if (rc) {
		fetch_problem(turn, from, &hash, "disk");
		return 0;
	}
	fetch->has_found = true;
	rc = file_here(turn, &hash, size, type, 0);
	return rc ? rc
		  : say_line(turn, "link=%s file=%s bytes=%llu state=here",
			from->node->name, hash_format(text, &hash),
			(unsigned long long)size);
}

static int take_piece(
    struct turn *turn, struct neighbour *from, const struct wire_frame *frame)
{
	struct fetch *fetch = &from->fetch;
	char part[PART_NAME_MAX];
	int rc;

	file_part(part, &fetch->hash);
	rc = files_add(
	    turn->engine->config.files, part, fetch->at, frame->chunk.data);
	if (rc == ERR_INVALID) { /* not as long as we thought */
		find_part(turn, fetch);
		return ask_piece(turn, from);
	}
	if (rc) {
		fetch_problem(turn, from, &fetch->hash, "disk");
		fetch->is_active = false;
		rest(fetch, turn->now_ms);
		return 0;
	}
	fetch->at += frame->chunk.data.len;
	fetch->tries = 0;
	return fetch->at == frame->chunk.size ? finish(turn, from)
					      : ask_piece(turn, from);
}

/* It has it, now: ask again from where we are; or we have it all. */
static int hear_size(
    struct turn *turn, struct neighbour *from, const struct wire_frame *frame)
{
	struct fetch *fetch = &from->fetch;
	char part[PART_NAME_MAX];

	if (!fetch->is_active ||
	    !hash_equal(&fetch->hash, &frame->chunk.hash)) {
		fetch->is_urgent = true;
		fetch->next = frame->chunk.hash;
		return 0;
	}
	if (fetch->at < frame->chunk.size)
		return 0; /* it has been asked already */
	if (fetch->at == frame->chunk.size)
		return finish(turn, from);
	file_part(part, &fetch->hash);
	files_drop(turn->engine->config.files, part);
	fetch->at = 0;
	return ask_piece(turn, from);
}

int file_frame(void *context, struct link *link, const struct wire_frame *frame)
{
	struct turn *turn = context;
	struct neighbour *from = neighbour_of(link);
	struct fetch *fetch = &from->fetch;

	if (frame->kind == FRAME_WANT_CHUNK) {
		from->serving.is_asked = true;
		from->serving.hash = frame->want_chunk.hash;
		from->serving.offset = frame->want_chunk.offset;
		return 0;
	}
	if (frame->chunk.size && !frame->chunk.data.len)
		return hear_size(turn, from, frame);
	if (!fetch->is_active ||
	    !hash_equal(&fetch->hash, &frame->chunk.hash) ||
	    fetch->at != frame->chunk.offset)
		return 0; /* of what was asked before */
	if (frame->chunk.size)
		return take_piece(turn, from, frame);
	fetch->is_active = false; /* not there: the next one */
	return 0;
}

/* ---- from the rest of the engine ---- */

const struct neighbour *fetch_now(struct turn *turn, const struct hash *hash)
{
	struct engine *engine = turn->engine;
	const struct neighbour *asked = NULL;

	for (size_t i = 0; i < engine->neighbour_count; i++) {
		struct neighbour *to = &engine->neighbours[i];
		bool is_so = false;
		if (!to->link.is_up || fetch_is_for(&is_so, turn, to, hash) ||
		    !is_so)
			continue;
		if (!to->fetch.is_active) {
			to->fetch.is_urgent = true;
			to->fetch.next = *hash;
		}
		if (!asked ||
		    (to->fetch.is_active && hash_equal(&to->fetch.hash, hash)))
			asked = to;
	}
	return asked;
}

void fetch_wake(struct engine *engine)
{
	for (size_t i = 0; i < engine->neighbour_count; i++) {
		engine->neighbours[i].fetch.rest_until_ms = 0;
		engine->neighbours[i].fetch.rest_ms = 0;
	}
}

int64_t fetch_due_ms(
    const struct engine *engine, const struct neighbour *to, int64_t now_ms)
{
	const struct fetch *fetch = &to->fetch;
	int64_t due_ms = INT64_MAX;

	if (!to->link.is_up || engine->is_full)
		return INT64_MAX;
	if (fetch->is_active)
		due_ms = fetch->asked_ms + AGAIN_MS;
	else if (fetch->is_urgent)
		due_ms = now_ms;
	else if (engine->wanted)
		due_ms = fetch->rest_until_ms;
	return due_ms == INT64_MAX ? due_ms
	       : due_ms < now_ms   ? 0
				   : due_ms - now_ms;
}

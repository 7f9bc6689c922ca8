/*
 * The store is read through, a few records at a time, so that what the disk
 * has changed is found while the neighbours still have it; and what a repair
 * could not find here is looked for again when they have given it back.
 */
#include "engine/inside.h"

#include <string.h>
#include "base/log.h"
#include "store/damaged.h"
#include "store/kv_walk.h"

enum { SCRUB_EVERY_MS = 1000, SCRUB_RECORDS = 256, SETTLE_TICKETS = 64 };

static const char *const tables[KV_TABLE_COUNT] = {
#define X(name, text) [KV_##name] = text,
	KV_TABLE_LIST(X)
#undef X
};

/* A slice of one table. ERR_NOT_FOUND: that was its end. */
static int read_slice(struct scrub *scrub, struct turn *turn)
{
	struct bytes key, value;
	struct kv_walk walk;
	int rc = kv_walk_open(&walk, turn->txn, scrub->table,
	    bytes_of(scrub->key, scrub->key_len));

	for (int i = 0; !rc && i < SCRUB_RECORDS; i++)
		rc = kv_walk_step(&key, &value, &walk);
	memcpy(scrub->key, walk.last, walk.last_len);
	scrub->key_len = walk.last_len;
	kv_walk_close(&walk);
	return rc == ERR_INVALID ? ERR_CORRUPT : rc;
}

int scrub(struct turn *turn)
{
	struct scrub *scrub = &turn->engine->scrub;

	if (turn->now_ms >= scrub->at_ms &&
	    turn->now_ms - scrub->at_ms < SCRUB_EVERY_MS)
		return 0;
	scrub->at_ms = turn->now_ms;
	int rc = read_slice(scrub, turn);
	if (rc == ERR_CORRUPT)
		log_line(LOG_ERROR, "store=damaged table=%s found=reading",
		    tables[scrub->table]);
	if (rc != ERR_NOT_FOUND)
		return rc;
	scrub->table = (scrub->table + 1) % KV_TABLE_COUNT;
	scrub->key_len = 0;
	return 0;
}

/* ---- what was damaged, and has come back or not ---- */

static int settle_one(
    struct turn *turn, const struct id *ticket, uint32_t wanted)
{
	struct draft *draft;
	char id[ID_TEXT];
	int rc = draft_get(&draft, turn, ticket);
	uint32_t has = rc ? 0 : draft->now.seq;

	if (rc && rc != ERR_NOT_FOUND)
		return rc;
	if (has < wanted)
		log_line(LOG_ERROR, "ticket=%s problem=lost events=%u..%u",
		    id_format(id, ticket), has + 1, wanted);
	return damaged_del(turn->txn, ticket);
}

int damaged_settle(struct turn *turn)
{
	struct mind *mind = &turn->engine->mind;
	struct id ticket;
	uint32_t seq;
	int rc = 0;

	if (mind->is_recovering || !mind->wants_settling)
		return 0;
	for (int i = 0; !rc && i < SETTLE_TICKETS; i++) {
		memset(&ticket, 0, sizeof(ticket));
		rc = damaged_next(&ticket, &seq, turn->txn);
		if (!rc)
			rc = settle_one(turn, &ticket, seq);
	}
	if (rc != ERR_NOT_FOUND)
		return rc;
	mind->wants_settling = false;
	return 0;
}

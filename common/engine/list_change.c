/*
 * Tickets in the order of their last change, by the journal: a ticket stands
 * where its last entry is. One that changes while somebody pages comes again
 * at the end, and none is missed, also when it comes from another node late.
 */
#include "engine/listing.h"

#include <string.h>

/* The journal's number, and the store whose journal it is. */
enum { POSITION_BYTES = 8 + ID_BYTES };

static int position_of(struct listing *listing, uint64_t number)
{
	struct turn *turn = listing->turn;
	uint8_t *bytes = turn_alloc(turn, POSITION_BYTES);

	if (!bytes)
		return ERR_NOMEM;
	store_be64(bytes, number);
	memcpy(bytes + 8, turn->engine->config.store.id.b, ID_BYTES);
	listing->position = bytes_of(bytes, POSITION_BYTES);
	return 0;
}

/* The number that was seen last. ERR_INVALID: of another store. */
static int find_start(uint64_t *seen_out, const struct listing *listing)
{
	const struct wire_request *request = listing->request;
	const struct turn *turn = listing->turn;
	struct bytes cursor = request->list.cursor;
	uint64_t first = 0;
	int rc;

	if (cursor.len) {
		if (cursor.len != POSITION_BYTES ||
		    memcmp(cursor.data + 8, turn->engine->config.store.id.b,
			ID_BYTES) != 0)
			return ERR_INVALID;
		*seen_out = store_read_be64(cursor.data);
		return 0;
	}
	rc = moments_at(&first, turn->txn, request->list.since_ms);
	if (!rc)
		*seen_out = first - 1;
	if (rc == ERR_NOT_FOUND)
		*seen_out = turn->engine->journal;
	return rc == ERR_NOT_FOUND ? 0 : rc;
}

static bool is_at(const struct listing *listing, const struct ticket *ticket)
{
	const struct unit *place =
	    org_unit(listing->turn->engine->config.org, &ticket->place);

	return !listing->at || (place && unit_is_within(place, listing->at));
}

/* 1: the page is full, and this one is not in it. */
static int look_at(struct listing *listing, const struct journal_entry *entry)
{
	struct ticket ticket;
	int rc = tickets_get(&ticket, listing->turn->txn, &entry->ticket);

	if (rc)
		return rc == ERR_NOT_FOUND ? 0 : rc;
	return entry->last == ticket.seq && is_at(listing, &ticket)
		   ? listing_add(listing, &ticket)
		   : 0;
}

static int walk(uint64_t *seen, struct listing *listing)
{
	struct journal_entry entry;
	int rc = 0;

	while (!rc && listing->looks_left > 0) {
		rc = journal_at(&entry, listing->turn->txn, *seen + 1);
		listing->is_complete = rc == ERR_NOT_FOUND;
		listing->looks_left--;
		listing->turn->looked++;
		if (!rc)
			rc = look_at(listing, &entry);
		if (!rc)
			*seen = entry.number;
	}
	return rc == ERR_NOT_FOUND || rc == 1 ? 0 : rc;
}

int list_by_change(struct listing *listing, const struct net_route *route)
{
	const struct wire_request *request = listing->request;
	struct turn *turn = listing->turn;
	uint64_t seen = 0;
	int rc;

	if (!code_is_empty(&request->list.place)) {
		listing->at =
		    org_unit(turn->engine->config.org, &request->list.place);
		if (!listing->at)
			return say_result(
			    turn, route, &request->id, RESULT_INVALID, "place");
	}
	rc = find_start(&seen, listing);
	if (rc == ERR_INVALID)
		return say_result(
		    turn, route, &request->id, RESULT_INVALID, "cursor");
	if (!rc)
		rc = walk(&seen, listing);
	if (!rc)
		rc = position_of(listing, seen);
	return rc ? rc : listing_say(turn, route, &request->id, listing);
}

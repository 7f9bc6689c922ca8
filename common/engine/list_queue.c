/*
 * What waits for a person, soonest deadline first: of one unit by walking
 * its queue, of a unit and all below by taking the soonest of each of their
 * queues. Tickets that are farther off than those found already are never
 * read.
 */
#include "engine/listing.h"

#include <string.h>
#include "store/queue.h"

struct picking {
	struct listing *listing;
	struct queue_spot after; /* the cursor */
	bool has_after;
	struct queue_spot *spots; /* soonest first; one more than a page */
	size_t count;
	struct queue_spot looked; /* at last */
	bool is_out_of_looks;
};

static bool is_full(const struct picking *picking)
{
	return picking->count > picking->listing->limit;
}

static void keep(struct picking *picking, const struct queue_spot *spot)
{
	size_t at = picking->count;

	while (at > 0 && queue_compare(spot, &picking->spots[at - 1]) < 0)
		at--;
	if (is_full(picking))
		picking->count--;
	memmove(&picking->spots[at + 1], &picking->spots[at],
	    (picking->count - at) * sizeof(*picking->spots));
	picking->spots[at] = *spot;
	picking->count++;
}

/* 1: this queue has nothing sooner any more, or nothing more can be read. */
static int pick_one(void *context, const struct queue_spot *spot)
{
	struct picking *picking = context;
	struct listing *listing = picking->listing;
	struct ticket ticket;
	int rc;

	if (is_full(picking) &&
	    queue_compare(spot, &picking->spots[picking->count - 1]) > 0)
		return 1;
	if (listing->looks_left == 0) {
		picking->is_out_of_looks = true;
		return 1;
	}
	listing->looks_left--;
	listing->turn->looked++;
	picking->looked = *spot;
	rc = tickets_get(&ticket, listing->turn->txn, &spot->id);
	if (rc)
		return rc == ERR_NOT_FOUND ? ERR_CORRUPT : rc;
	if (listing_wants(listing, &ticket))
		keep(picking, spot);
	return 0;
}

static int pick_unit(struct picking *picking, const struct unit_code *unit)
{
	int rc = queue_walk(picking->listing->turn->txn, unit,
	    picking->has_after ? &picking->after : NULL, pick_one, picking);

	return rc == 1 ? 0 : rc;
}

/* A unit's code begins with that of the unit above it. */
static int pick_below(struct picking *picking, const struct unit *above)
{
	struct kv_txn *txn = picking->listing->turn->txn;
	struct unit_code unit;
	size_t len = strlen(above->code.s);
	int rc = queue_unit(&unit, txn, &above->code, false);

	while (!rc && !picking->is_out_of_looks &&
	       strncmp(unit.s, above->code.s, len) == 0) {
		struct unit_code at = unit;
		rc = pick_unit(picking, &at);
		if (!rc)
			rc = queue_unit(&unit, txn, &at, true);
	}
	return rc == ERR_NOT_FOUND ? 0 : rc;
}

static int set_position(struct listing *listing, const struct queue_spot *spot)
{
	uint8_t *bytes = turn_alloc(listing->turn, QUEUE_SPOT_BYTES);

	if (!bytes)
		return ERR_NOMEM;
	queue_spot_pack(bytes, spot);
	listing->position = bytes_of(bytes, QUEUE_SPOT_BYTES);
	return 0;
}

/* The page, and where the next one begins. */
static int fill_page(struct picking *picking)
{
	struct listing *listing = picking->listing;
	struct ticket ticket;
	size_t count = is_full(picking) ? listing->limit : picking->count;
	int rc = 0;

	listing->looks_left = count;
	for (size_t i = 0; !rc && i < count; i++) {
		rc = tickets_get(
		    &ticket, listing->turn->txn, &picking->spots[i].id);
		if (!rc)
			rc = listing_add(listing, &ticket);
	}
	if (rc < 0)
		return rc;
	if (listing->count < picking->count)
		return set_position(
		    listing, &picking->spots[listing->count - 1]);
	if (picking->is_out_of_looks && !listing->under)
		return set_position(listing, &picking->looked);
	return 0;
}

/* The unit asked for, the asker's own, or one with all below it. */
static int pick(struct picking *picking)
{
	struct listing *listing = picking->listing;
	const struct unit_code *holder = &listing->request->list.holder;

	if (listing->under)
		return pick_below(picking, listing->under);
	if (code_is_empty(holder))
		holder = &listing->actor->unit->code;
	return pick_unit(picking, holder);
}

int list_queue(struct listing *listing, const struct net_route *route)
{
	const struct wire_request *request = listing->request;
	struct turn *turn = listing->turn;
	struct bytes cursor = request->list.cursor;
	struct picking picking = {
		.listing = listing,
		.has_after = cursor.len == QUEUE_SPOT_BYTES,
		.spots = turn_alloc(
		    turn, (listing->limit + 2) * sizeof(*picking.spots)),
	};
	int rc;

	if (!picking.spots)
		return ERR_NOMEM;
	if (cursor.len && !picking.has_after)
		return say_result(
		    turn, route, &request->id, RESULT_INVALID, "cursor");
	if (picking.has_after)
		picking.after = queue_spot_unpack(cursor.data);
	rc = pick(&picking);
	if (!rc)
		rc = fill_page(&picking);
	if (rc)
		return rc;
	listing->is_cut = false; /* `position` is the cursor */
	if (picking.is_out_of_looks && listing->under)
		listing->detail = "too_many";
	return listing_say(turn, route, &request->id, listing);
}

/*
 * Live tickets of one item near one place: what a new one may be a duplicate
 * of. By the index of items and places, the newest of each place first.
 */
#include "engine/listing.h"

enum { PLACES_MAX = 1024 };

struct around {
	struct listing *listing;
	int64_t since_ms;
};

static int look_at(void *context, const struct ticket *ticket)
{
	struct around *around = context;
	struct listing *listing = around->listing;

	if (ticket->opened_ms < around->since_ms)
		return 2; /* the others of this place are older yet */
	if (ticket->state >= STATE_OPEN && ticket->state <= STATE_RESOLVED)
		return listing_add(listing, ticket);
	if (listing->looks_left == 0)
		return 1;
	listing->looks_left--;
	listing->turn->looked++;
	return 0;
}

static int look_in(struct around *around, const struct unit *place)
{
	struct listing *listing = around->listing;
	struct tickets_query query = {
		.item = listing->request->list.item,
		.place = &place->code,
	};
	int rc = tickets_walk(listing->turn->txn, &query, look_at, around);

	return rc == 2 ? 0 : rc;
}

/* Above it, but for the top, where everything would be near. */
static int look_above(struct around *around, const struct unit *place)
{
	int rc = 0;

	for (place = place->parent; !rc && place && place->parent;
	     place = place->parent)
		rc = look_in(around, place);
	return rc;
}

static int look_below(struct around *around, const struct unit *place)
{
	const struct org *org = around->listing->turn->engine->config.org;
	int rc = 0, left = PLACES_MAX;

	for (size_t i = 0; !rc && left > 0 && i < org_unit_count(org); i++) {
		const struct unit *unit = org_unit_at(org, i);

		if (unit->kind != UNIT_AREA || !unit_is_within(unit, place))
			continue;
		left--;
		rc = look_in(around, unit);
	}
	return rc;
}

int list_around(struct listing *listing, const struct net_route *route)
{
	const struct wire_request *request = listing->request;
	struct turn *turn = listing->turn;
	struct around around = { listing, request->list.since_ms };
	int rc;

	listing->at = org_unit(turn->engine->config.org, &request->list.place);
	if (!listing->at)
		return say_result(
		    turn, route, &request->id, RESULT_INVALID, "place");
	rc = look_below(&around, listing->at);
	if (!rc)
		rc = look_above(&around, listing->at);
	listing->is_cut = false;
	return rc < 0 ? rc : listing_say(turn, route, &request->id, listing);
}

/*
 * 10: who called. Only units that had the ticket are told; and who has been
 * told once is told again, whatever keys were changed since.
 */
#include "sim.h"

#include <string.h>

enum { ROUNDS = 40, PAUSE_MS = 3000 };

static bool is_told(const struct wire_reply *reply)
{
	return reply->has_body && reply->kind == ASK_SHOW &&
	       reply->show.has_contact;
}

void look_heard(struct wish *look, const struct wire_reply *reply)
{
	const struct operator* person =
	    org_operator(sim.world->org, look->person);

	if (look->fate == FATE_WAITING)
		look->fate = is_told(reply) ? FATE_DONE : FATE_REFUSED;
	if (!is_told(reply))
		return;
	look->has_read = true;
	SIM_MUST(model_has_had(&look->request.show.ticket, &person->unit->code),
	    "10 contacts", "%s learns who called, and never had the ticket",
	    look->person);
}

/* Nobody promises it for what has been erased, or taken away by a fence. */
static bool is_to_be_told(const struct wish *look)
{
	const struct seen *seen;

	if (look->request.kind != ASK_SHOW || !look->has_read)
		return false;
	seen = model_newest(&look->request.show.ticket);
	return seen && !seen->is_erased && seen->term == 1;
}

static void ask_all(void)
{
	for (unsigned i = 0; i < sim.wish_count; i++) {
		struct wish *look = &sim.wishes[i];
		if (look->fate == FATE_WAITING && is_to_be_told(look))
			world_send(
			    sim.world, look->person, NULL, &look->request);
	}
}

static unsigned unanswered(void)
{
	unsigned left = 0;

	for (unsigned i = 0; i < sim.wish_count; i++)
		left += sim.wishes[i].fate == FATE_WAITING &&
			is_to_be_told(&sim.wishes[i]);
	return left;
}

void people_look_again(void)
{
	if (sim.disks_lost)
		return; /* and with them, it may be, what opens it */
	for (unsigned i = 0; i < sim.wish_count; i++)
		if (is_to_be_told(&sim.wishes[i]))
			sim.wishes[i].fate = FATE_WAITING;
	for (unsigned i = 0; i < ROUNDS && unanswered(); i++) {
		ask_all();
		sim_pass(PAUSE_MS);
	}
	for (unsigned i = 0; i < sim.wish_count; i++)
		SIM_MUST(!is_to_be_told(&sim.wishes[i]) ||
			     sim.wishes[i].fate == FATE_DONE,
		    "10 contacts",
		    "%s knew who called about %s, and cannot "
		    "read it any more",
		    sim.wishes[i].person,
		    model_name(&sim.wishes[i].request.show.ticket));
}

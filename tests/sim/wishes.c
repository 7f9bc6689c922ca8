/* What comes to people's minds. */
#include "sim.h"

#include <stdlib.h>
#include <string.h>

enum { NUMBERS = 5 };

static const char *const items[] = { "lamp", "hole", "fire", "fund", "gate" };
static const char *const places[] = { UNIT_GRID_1, UNIT_GRID_1B, UNIT_GRID_2,
	UNIT_STREET_2 };

static unsigned throw(unsigned sides)
{
	return world_random(sim.world) % sides;
}

static const char *anybody(void)
{
	return world_people[throw(WORLD_PEOPLE)].name;
}

static void want_contact(struct wish *wish)
{
	struct wire_contact contact = { .name = SECRET, .phone = "1390000000" };

	panic_if(wire_contact_pack(&wish->contact, &contact));
	wish->request.command.contact =
	    bytes_of(wish->contact.data, wish->contact.len);
}

static void want_opening(struct wish *wish)
{
	static const char *const openers[] = { "hotline", "grid-1", "grid-1b",
		"grid-2", "community-1", "street-2" };
	unsigned item = throw(5);

	wish->request =
	    wish_open(items[item], throw(10) < 7 ? places[throw(4)] : NULL);
	wish->request.command.what.title = wish->text;
	if (throw(10) < 4) {
		snprintf(wish->external_id, WISH_TEXT, "X-%u", throw(NUMBERS));
		wish->request.command.what.external_id = wish->external_id;
	}
	if (throw(10) < 4)
		want_contact(wish);
	wish->person = openers[throw(6)];
}

static struct wire_request whistle(struct wish *wish, const struct id *id)
{
	struct wire_request request = wish_whistle(id, UNIT_CGJ, UNIT_GAJ);

	memcpy(wish->callouts, request.command.what.callouts,
	    sizeof(wish->callouts));
	request.command.what.callouts = wish->callouts;
	return request;
}

static struct wire_request press(const struct id *id, enum verb verb)
{
	return wish_to(verb, id);
}

/* Where the same unit has another, or where it makes no sense. */
static struct wire_request merge(const struct seen *seen)
{
	struct wire_request request = wish_to(VERB_MERGE, &seen->ticket);
	const struct seen *master = model_beside(seen, world_random(sim.world));

	if (!master || throw(10) == 0)
		master = model_any_ticket(world_random(sim.world));
	request.command.what.master = master->ticket;
	return request;
}

/* By a superior, for good or until a day; by the holder for a resident. */
static struct wire_request suspend(struct wish *wish, const struct id *id)
{
	struct wire_request request = wish_to(VERB_SUSPEND, id);

	if (throw(4))
		wish->person = "boss";
	else
		request.command.what.resident = true;
	if (throw(2))
		request.command.what.until_ms =
		    sim.world->now_ms + throw(4 * DAY_MS);
	return request;
}

static struct wire_request rule(struct wish *wish, const struct id *id)
{
	struct wire_request request = wish_to(VERB_RULE, id);

	wish->person = "boss";
	request.command.what.to =
	    code_of(world_people[throw(WORLD_PEOPLE)].unit);
	return request;
}

/* The caller withdraws it, or it is out of scope. */
static struct wire_request exclude(struct wish *wish, const struct id *id)
{
	static const char *const people[] = { "boss", "hotline", "district" };

	wish->person = people[throw(3)];
	return wish_to(VERB_EXCLUDE, id);
}

static struct wire_request erase(struct wish *wish, const struct id *id)
{
	struct wire_request request = wish_to(VERB_ERASE_CONTACT, id);

	wish->person = throw(2) ? "hotline" : "boss";
	request.command.what.basis = "the caller's wish";
	return request;
}

/* Seldom done, and not by everybody. */
static struct wire_request unusual(struct wish *wish, const struct seen *seen)
{
	const struct id *id = &seen->ticket;

	switch (throw(8)) {
	case 0:
	case 1:
		return merge(seen);
	case 2:
		return suspend(wish, id);
	case 3:
		return wish_to(VERB_RESUME, id);
	case 4:
		return rule(wish, id);
	case 5:
		return throw(2) ? exclude(wish, id) : erase(wish, id);
	case 6:
		return wish_return(id);
	default:
		return wish_to(VERB_EXTEND, id);
	}
}

static struct wire_request anything(struct wish *wish, const struct id *id)
{
	switch (throw(9)) {
	case 0:
		return wish_to(VERB_ACCEPT, id);
	case 1:
		return wish_forward(id, world_people[throw(WORLD_PEOPLE)].unit);
	case 2:
		return wish_return(id);
	case 3:
		return wish_to(VERB_CHECK_IN, id);
	case 4:
		return wish_rate(id);
	case 5:
		return press(id, VERB_REMIND);
	case 6:
		return press(id, VERB_SUPERVISE);
	case 7:
		return whistle(wish, id);
	default:
		return wish_reopen(id);
	}
}

/* What brings it on, more often than not. */
static struct wire_request fitting(struct wish *wish, const struct seen *seen)
{
	if (throw(10) < 3)
		return anything(wish, &seen->ticket);
	if (throw(10) < 3)
		return unusual(wish, seen);
	if (seen->state == STATE_SUSPENDED && throw(3) == 0)
		return wish_to(VERB_RESUME, &seen->ticket);
	if (seen->state == STATE_ACCEPTED && throw(10) < 2)
		return suspend(wish, &seen->ticket);
	if (seen->state == STATE_OPEN && seen->kind == KIND_APPEAL &&
	    throw(10) < 3)
		return wish_to(VERB_ACCEPT, &seen->ticket);
	if (seen->state == STATE_RESOLVED)
		return throw(10) < 8 ? wish_rate(&seen->ticket)
				     : wish_reopen(&seen->ticket);
	if (seen->state == STATE_OPEN && seen->kind == KIND_CALLOUT)
		return wish_to(VERB_CHECK_IN, &seen->ticket);
	if (seen->state == STATE_OPEN && throw(10) < 4)
		return whistle(wish, &seen->ticket);
	return wish_resolve(&seen->ticket);
}

/* Superiors, of what is below them: kindly first, and then they insist. */
static void want_fence(struct wish *wish, const struct seen *seen)
{
	const struct unit *unit = org_unit(sim.world->org, &seen->holder);
	bool is_again = sim.asker && throw(10) < 7;

	if (!is_again) {
		unit = unit->parent ? unit->parent : unit;
		if (throw(3) == 0 && unit->parent)
			unit = unit->parent;
		sim.asker = world_person_of(&unit->code);
		sim.asked = seen->ticket;
	}
	wish->person = sim.asker;
	wish->request = wish_to(VERB_TAKE_OVER, &sim.asked);
	wish->request.command.fence = is_again;
}

/* Who has not held it must not learn who called. */
static void want_look(struct wish *look, const struct seen *seen)
{
	look->person = throw(2) ? world_person_of(&seen->holder) : anybody();
	look->request = wish(ASK_SHOW);
	look->request.show.ticket = seen->ticket;
	look->request.show.external_id = "";
	look->request.show.contact = true;
	look->fate = FATE_REFUSED; /* nobody waits for it */
}

static void want_about(struct wish *wish, const struct seen *seen)
{
	unsigned what = throw(100);

	if (sim.wants_fence ||
	    (sim.plan.classes & 1u << CLASS_FENCE && what > 85)) {
		want_fence(wish, seen);
	} else if (what < 8) {
		want_look(wish, seen);
		return;
	} else {
		wish->person =
		    throw(10) < 8 ? world_person_of(&seen->holder) : anybody();
		wish->request = what < 45 ? wish_note(&seen->ticket, wish->text)
					  : fitting(wish, seen);
	}
	wish->request.command.what.text = wish->text;
}

void wish_draw(struct wish *wish, const struct seen *seen)
{
	if (!seen || (!sim.wants_fence && throw(100) < 15))
		want_opening(wish);
	else
		want_about(wish, seen);
}

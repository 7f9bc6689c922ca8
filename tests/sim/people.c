/* What comes to people's minds, and what they are told. */
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

/* ---- wishes ---- */

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
	look->person = anybody();
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

static void send_stolen(struct wish *wish)
{
	const struct operator* person =
	    org_operator(sim.world->org, wish->person);
	struct world_node *node = &sim.world->nodes[person->unit->node->index];
	struct buf packed = { 0 };

	wish->is_stolen = true;
	panic_if(wire_request_pack(&packed, &wish->request));
	if (node->engine)
		node_inject_key(node, sim.old_key, "Othief",
		    bytes_of(packed.data, packed.len));
	buf_free(&packed);
}

static void speak(struct wish *wish)
{
	world_send(sim.world, wish->person, NULL, &wish->request);
}

static void tell_wish(const struct wish *wish)
{
	const struct command *command = &wish->request.command;
	const char *name = model_name(&command->ticket);

	if (wish->request.kind != ASK_COMMAND)
		sim_tell("%s asks who called about %s", wish->person,
		    model_name(&wish->request.show.ticket));
	else
		sim_tell("%s %s \"%s\": %s %s%s%s", wish->person,
		    wish->is_stolen ? "(a thief) says" : "says", wish->text,
		    word_name(WORD_VERB, command->verb),
		    command->verb == VERB_OPEN ? command->what.item : name,
		    wish->external_id[0] ? ", number " : "", wish->external_id);
}

/* Often one whose holder is just getting his store back: he must wait. */
static const struct seen *some_ticket(void)
{
	const struct seen *seen = model_any_ticket(world_random(sim.world));

	for (unsigned i = 0; i < WORLD_NODES; i++)
		if (node_is_recovering(&sim.world->nodes[i]) && throw(2) &&
		    model_held_at(i))
			return model_held_at(i);
	return seen;
}

void people_wish(void)
{
	struct wish *wish = &sim.wishes[sim.wish_count];
	const struct seen *seen = some_ticket();

	if (sim.wish_count == WISHES_MAX)
		return;
	memset(wish, 0, sizeof(*wish));
	wish->seen = -1;
	snprintf(wish->text, WISH_TEXT, "wish %u.", sim.wish_count);
	if (!seen || (!sim.wants_fence && throw(100) < 15))
		want_opening(wish);
	else
		want_about(wish, seen);
	wish->request.id = world_id(sim.world);
	wish->made_ms = sim.world->now_ms;
	if (sim.robbed && !strcmp(wish->person, sim.robbed) && throw(3) == 0 &&
	    wish->request.kind == ASK_COMMAND)
		send_stolen(wish);
	sim.wish_count++;
	tell_wish(wish);
	if (!wish->is_stolen)
		speak(wish);
}

/* For two days: after three a node need not know any more what it did. */
static bool may_repeat(const struct wish *wish)
{
	return wish->request.kind == ASK_COMMAND && !wish->is_old &&
	       !wish->is_stolen &&
	       sim.world->now_ms - wish->made_ms < 2 * DAY_MS;
}

void people_fence(void)
{
	sim.wants_fence = true;
	people_wish();
	sim.wants_fence = false;
}

void people_retry(void)
{
	for (unsigned i = 1 + throw(4); sim.wish_count && i > 0; i--) {
		struct wish *wish = &sim.wishes[throw(sim.wish_count)];
		if (!may_repeat(wish) || wish->fate == FATE_REFUSED)
			continue;
		sim_tell("%s says again: \"%s\"", wish->person, wish->text);
		speak(wish);
	}
}

unsigned people_insist(void)
{
	unsigned left = 0;

	for (unsigned i = 0; i < sim.wish_count; i++) {
		struct wish *wish = &sim.wishes[i];
		if (!may_repeat(wish) || wish->fate != FATE_WAITING)
			continue;
		speak(wish);
		if (++left % 64 == 0) {
			world_hop(sim.world, 100);
			people_hear();
		}
	}
	return left;
}

/* Whoever asked: a command may have been passed on to that node. */
void people_forget(void)
{
	for (unsigned i = 0; i < sim.wish_count; i++) {
		sim.wishes[i].is_old = true;
		sim.wishes[i].lost++;
	}
}

/* ---- answers ---- */

static bool is_for_now(const char *refusal)
{
	return !strcmp(refusal, "recovering") ||
	       !strcmp(refusal, "store_full") || !strcmp(refusal, "too_fast");
}

/* 1: whoever says that it is done has it on disk. */
static void hear_done(struct wish *wish, const struct wire_reply *reply)
{
	const struct command *command = &wish->request.command;

	if (wish->fate == FATE_DONE) { /* 2: the same answer again */
		SIM_MUST(id_equal(&wish->ticket, &reply->command.ticket) &&
			     (wish->seq == reply->command.seq ||
				 wish->external_id[0]),
		    "2 once", "%s was another event the last time", wish->text);
		return;
	}
	wish->fate = FATE_DONE;
	wish->ticket = reply->command.ticket;
	wish->seq = reply->command.seq;
	wish->seen = model_find(&wish->ticket,
	    command->verb == VERB_OPEN ? 1 : wish->seq, command->verb,
	    wish->person);
	SIM_MUST(wish->seen >= 0, "1 nothing is lost",
	    "%s is acknowledged, and nobody has written it", wish->text);
	sim_tell("%s is told: \"%s\" is done", wish->person, wish->text);
	sim.outcome->counts.done++;
}

static void hear_contact(
    const struct wish *wish, const struct wire_reply *reply)
{
	const struct operator* person =
	    org_operator(sim.world->org, wish->person);

	if (!reply->has_body || reply->kind != ASK_SHOW ||
	    !reply->show.has_contact)
		return;
	SIM_MUST(model_has_had(&wish->request.show.ticket, &person->unit->code),
	    "10 contacts", "%s learns who called, and never had the ticket",
	    wish->person);
}

static void hear(void *context, const struct wire_reply *reply)
{
	struct wish *wish = NULL;

	(void)context;
	for (unsigned i = 0; !wish && i < sim.wish_count; i++)
		if (id_equal(&sim.wishes[i].request.id, &reply->id))
			wish = &sim.wishes[i];
	if (!wish || reply->result == RESULT_PENDING)
		return;
	SIM_MUST(!wish->is_stolen, "8 powers", "a thief is answered");
	if (wish->request.kind == ASK_SHOW) {
		hear_contact(wish, reply);
		return;
	}
	if (reply->result == RESULT_DONE) {
		hear_done(wish, reply);
		return;
	}
	SIM_MUST(reply->result == RESULT_REFUSED ||
		     reply->result == RESULT_NOT_FOUND ||
		     reply->result == RESULT_FAILED,
	    "the law", "%s: %s", wish->text, result_name(reply->result));
	if (reply->result == RESULT_FAILED || is_for_now(reply->refusal))
		return;
	SIM_MUST(wish->fate != FATE_DONE || wish->is_old, "2 once",
	    "%s was done, and is refused: %s", wish->text, reply->refusal);
	sim_tell("%s is told: \"%s\" is refused, %s", wish->person, wish->text,
	    reply->refusal);
	if (sim.is_finishing)
		wish->fate = FATE_REFUSED;
}

void people_hear(void)
{
	world_replies(sim.world, hear, NULL);
}

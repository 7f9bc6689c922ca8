/* What people say, and what they are told. */
#include "sim.h"

#include <stdlib.h>
#include <string.h>

enum { LAST_FEW = 4 };

static unsigned throw(unsigned sides)
{
	return world_random(sim.world) % sides;
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
	wish_draw(wish, seen);
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

/* What opens a ticket, for two days: after three a node need not know any
 * more what it did, and after its disk was lost it does not. All else is in
 * the ticket's log. */
static bool may_repeat(const struct wish *wish)
{
	if (wish->request.kind != ASK_COMMAND || wish->is_stolen)
		return false;
	return wish->request.command.verb != VERB_OPEN ||
	       (!wish->is_old &&
		   sim.world->now_ms - wish->made_ms < 2 * DAY_MS);
}

void people_fence(void)
{
	sim.wants_fence = true;
	people_wish();
	sim.wants_fence = false;
}

/* Rather one of the last. */
static struct wish *some_wish(void)
{
	unsigned count = sim.wish_count, among = count;

	if (among > LAST_FEW && throw(2))
		among = LAST_FEW;
	return &sim.wishes[count - 1 - throw(among)];
}

void people_retry(void)
{
	for (unsigned i = 1 + throw(4); sim.wish_count && i > 0; i--) {
		struct wish *wish = some_wish();
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
	sim.disks_lost++;
	for (unsigned i = 0; i < sim.wish_count; i++) {
		sim.wishes[i].is_old = true;
		sim.wishes[i].lost++;
	}
}

const struct node *wish_mirrored_by(const struct wish *wish)
{
	const struct node *node =
	    org_operator(sim.world->org, wish->person)->unit->node;

	return wish->request.command.verb == VERB_OPEN && node->parent &&
		       world_mirrored >> node->index & 1
		   ? node->parent
		   : NULL;
}

/* ---- answers ---- */

static bool is_for_now(const char *refusal)
{
	return !strcmp(refusal, "recovering") ||
	       !strcmp(refusal, "store_full") || !strcmp(refusal, "too_fast");
}

/* 1: where it is mirrored the node above has it on disk, too. */
static void check_mirrored(const struct wish *wish)
{
	const struct node *node = wish_mirrored_by(wish);

	SIM_MUST(!node || model_seen(wish->seen)->had >> node->index & 1,
	    "1 nothing is lost",
	    "%s is acknowledged as mirrored, and %s has not got it", wish->text,
	    node->name);
}

/* 1: whoever says that it is done has it on disk. */
static void hear_done(struct wish *wish, const struct wire_reply *reply)
{
	const struct command *command = &wish->request.command;

	bool is_lost = wish->is_old && wish->seen >= 0 &&
		       model_seen(wish->seen)->is_gone;

	if (wish->fate == FATE_DONE && !is_lost) { /* 2: the same answer */
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
	check_mirrored(wish);
	sim_tell("%s is told: \"%s\" is done", wish->person, wish->text);
	sim.outcome->counts.done++;
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
		look_heard(wish, reply);
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

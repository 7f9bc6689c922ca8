/* What the people of a world want, and what they are told. */
#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ASK_MS = 20 * 1000 };

struct unit_code code_of(const char *text)
{
	struct unit_code code;

	assert_int_equal(code_set(&code, text), 0);
	return code;
}

struct id world_id(struct world *world)
{
	struct id id;

	id_next(&id, &world->ids, world->now_ms);
	return id;
}

struct wire_request wish(enum ask_kind kind)
{
	struct wire_request request;

	memset(&request, 0, sizeof(request));
	request.kind = kind;
	request.command.operator= "";
	particulars_clear(&request.command.what);
	request.list.state = request.list.item = request.list.kind = "";
	request.list.external_id = request.show.external_id = "";
	request.score.kind = request.score.period = "";
	request.score.from = request.score.to = "";
	request.score.item = request.score.domain = "";
	request.score.events.open = "";
	return request;
}

struct wire_request wish_to(enum verb verb, const struct id *ticket)
{
	struct wire_request request = wish(ASK_COMMAND);

	request.command.verb = verb;
	if (ticket)
		request.command.ticket = *ticket;
	return request;
}

/* ---- asking ---- */

void world_send(struct world *world, const char *name, struct world_node *node,
    struct wire_request *request)
{
	const struct operator* operator= org_operator(world->org, name);
	struct buf packed = { 0 };
	char route[NET_ROUTE_MAX];

	assert_non_null(operator);
	if (!node)
		node = &world->nodes[operator->unit->node->index];
	if (id_is_zero(&request->id))
		request->id = world_id(world);
	assert_int_equal(wire_request_pack(&packed, request), 0);
	snprintf(route, sizeof(route), "O%s", name);
	if (node->engine)
		node_inject_key(node, operator->public_key, route,
		    bytes_of(packed.data, packed.len));
	buf_free(&packed);
}

bool world_reply(
    struct world *world, struct wire_reply *reply_out, const struct id *id)
{
	for (unsigned i = 0; i < WORLD_ANSWERS; i++) {
		struct told *told =
		    &world->told[(world->next_told + i) % WORLD_ANSWERS];
		if (!told->data)
			continue;
		arena_reset(world->arena);
		assert_int_equal(wire_reply_unpack(reply_out, world->arena,
				     bytes_of(told->data, told->len)),
		    0);
		if (id_equal(&reply_out->id, id))
			return true;
	}
	return false;
}

static void forget(struct world *world)
{
	for (unsigned i = 0; i < WORLD_ANSWERS; i++) {
		free(world->told[i].data);
		world->told[i].data = NULL;
	}
}

void world_replies(struct world *world,
    void (*visit)(void *context, const struct wire_reply *reply), void *context)
{
	struct wire_reply reply;

	for (unsigned i = 0; i < WORLD_ANSWERS; i++) {
		struct told *told =
		    &world->told[(world->next_told + i) % WORLD_ANSWERS];
		if (!told->data)
			continue;
		arena_reset(world->arena);
		assert_int_equal(wire_reply_unpack(&reply, world->arena,
				     bytes_of(told->data, told->len)),
		    0);
		visit(context, &reply);
	}
	forget(world);
}

struct wire_reply world_ask(
    struct world *world, const char *operator, struct wire_request * request)
{
	struct wire_reply reply = { .result = RESULT_FAILED };
	int64_t until_ms = world->now_ms + ASK_MS;

	forget(world);
	world_send(world, operator, NULL, request);
	while (!world_reply(world, &reply, &request->id)) {
		world_run(world, WORLD_STEP_MS);
		assert_true(world->now_ms < until_ms);
	}
	return reply;
}

struct wire_reply must(
    struct world *world, const char *operator, struct wire_request * request)
{
	struct wire_reply reply = world_ask(world, operator, request);

	if (reply.result != RESULT_DONE)
		fail_msg("%s: %s %s %s", operator, result_name(reply.result),
		    reply.refusal, reply.detail);
	return reply;
}

void must_not(struct world *world, const char *operator,
    struct wire_request * request, const char *refusal)
{
	struct wire_reply reply = world_ask(world, operator, request);

	assert_true(
	    reply.result == RESULT_REFUSED || reply.result == RESULT_NOT_FOUND);
	assert_string_equal(reply.refusal, refusal);
}

/* ---- often said ---- */

struct wire_request wish_open(const char *item, const char *place)
{
	struct wire_request request = wish_to(VERB_OPEN, NULL);
	struct particulars *what = &request.command.what;

	what->kind = KIND_APPEAL;
	what->source = SOURCE_PATROL;
	what->title = "门口的事";
	what->text = "这里有一件事要办";
	what->item = item;
	if (place)
		what->place = code_of(place);
	return request;
}

struct id open_ticket(struct world *world, const char *operator,
    const char * item, const char *place)
{
	struct wire_request request = wish_open(item, place);

	return must(world, operator, & request).command.ticket;
}

struct wire_request wish_note(const struct id *ticket, const char *text)
{
	struct wire_request request = wish_to(VERB_NOTE, ticket);

	request.command.what.text = text;
	return request;
}

struct wire_request wish_forward(const struct id *ticket, const char *to)
{
	struct wire_request request = wish_to(VERB_FORWARD, ticket);

	request.command.what.to = code_of(to);
	return request;
}

struct wire_request wish_whistle(
    const struct id *ticket, const char *first, const char *second)
{
	static struct callout callouts[2];
	struct wire_request request = wish_to(VERB_WHISTLE, ticket);
	struct particulars *what = &request.command.what;

	memset(callouts, 0, sizeof(callouts));
	callouts[0].department = code_of(first);
	callouts[0].lead = true;
	if (second)
		callouts[1].department = code_of(second);
	what->colour = COLOUR_YELLOW;
	what->callouts = callouts;
	what->callout_count = second ? 2 : 1;
	return request;
}

struct wire_request wish_resolve(const struct id *ticket)
{
	struct wire_request request = wish_to(VERB_RESOLVE, ticket);

	request.command.what.outcome = OUTCOME_SOLVED;
	request.command.what.channel = CHANNEL_GOVERNMENT;
	request.command.what.text = "已办";
	return request;
}

struct wire_request wish_rate(const struct id *ticket)
{
	struct wire_request request = wish_to(VERB_RATE, ticket);

	request.command.what.responded = true;
	request.command.what.resolved = true;
	request.command.what.satisfaction = SATISFACTION_SATISFIED;
	return request;
}

struct wire_request wish_reopen(const struct id *ticket)
{
	struct wire_request request = wish_to(VERB_REOPEN, ticket);

	request.command.what.text = "还没有好";
	return request;
}

struct wire_request wish_return(const struct id *ticket)
{
	struct wire_request request = wish_to(VERB_RETURN, ticket);

	request.command.what.text = "不归我们管";
	request.command.what.basis = "职责清单";
	return request;
}

struct id open_called(struct world *world, const char *operator,
    const char * item, const char *place)
{
	struct wire_request request = wish_open(item, place);
	struct wire_contact contact = { .name = CALLER_NAME,
		.phone = CALLER_PHONE };
	struct buf packed = { 0 };
	struct id id;

	assert_int_equal(wire_contact_pack(&packed, &contact), 0);
	request.command.contact = bytes_of(packed.data, packed.len);
	id = must(world, operator, & request).command.ticket;
	buf_free(&packed);
	world_settle(world);
	return id;
}

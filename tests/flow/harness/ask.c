#include "harness/harness.h"

#include <stdio.h>
#include <string.h>

enum { STATUS_MS = 2000 };

struct client *city_client(
    struct city *city, const char *operator_name, const char *node_name)
{
	const struct operator* person = org_operator(city->org, operator_name);
	const struct node *node;
	struct asker *asker;

	if (!person)
		fail_msg("no operator %s", operator_name);
	node = node_name ? org_node(city->org, node_name) : person->unit->node;
	for (unsigned i = 0; i < city->asker_count; i++) {
		asker = &city->askers[i];
		if (asker->node == node &&
		    !strcmp(asker->operator, operator_name))
			return asker->client;
	}
	assert_true(city->asker_count < CITY_CLIENTS);
	asker = &city->askers[city->asker_count];
	int rc = client_open(
	    &asker->client, &city->home, city->org, operator_name, node);
	if (rc)
		fail_msg("%s has no key: %s", operator_name, err_text(rc));
	asker->node = node;
	asker->operator= person->name;
	city->asker_count++;
	return asker->client;
}

void request_clear(struct wire_request *request, enum ask_kind kind)
{
	memset(request, 0, sizeof(*request));
	request->kind = kind;
	request->command.operator= "";
	particulars_clear(&request->command.what);
	request->list.state = request->list.item = request->list.kind = "";
	request->list.external_id = "";
	request->list.outcome = request->list.channel = "";
	request->show.external_id = "";
	request->score.kind = request->score.period = "";
	request->score.from = request->score.to = "";
	request->score.item = request->score.domain = "";
	request->score.events.open = "";
}

/* "Pending": the holder's answer comes later, or by asking again. */
static bool is_final(const struct wire_reply *reply)
{
	return reply->result != RESULT_PENDING &&
	       !(reply->result == RESULT_REFUSED &&
		   (!strcmp(reply->refusal, "too_fast") ||
		       !strcmp(reply->refusal, "recovering")));
}

void ask(struct wire_reply *reply_out, struct city *city,
    const char *operator_name, const char *node, struct wire_request *request)
{
	struct client *client = city_client(city, operator_name, node);
	int64_t until_ms = now_ms() + PATIENCE_MS;
	int rc;

	do {
		rc = client_ask(reply_out, client, request, PATIENCE_MS);
		if (rc)
			fail_msg("%s gets no answer: %s", operator_name,
			    err_text(rc));
	} while (!is_final(reply_out) && now_ms() < until_ms);
	city_check_alive(city);
}

/* ---- wishes ---- */

void wish_start(struct wish *wish, enum verb verb, const struct id *ticket)
{
	request_clear(&wish->request, ASK_COMMAND);
	wish->request.command.verb = verb;
	if (ticket)
		wish->request.command.ticket = *ticket;
	wish->what = &wish->request.command.what;
	if (verb == VERB_OPEN) {
		wish->what->kind = KIND_APPEAL;
		wish->what->source = SOURCE_PATROL;
	}
}

struct id wish_do(
    struct city *city, const char *operator_name, struct wish *wish)
{
	struct wire_reply reply;

	ask(&reply, city, operator_name, NULL, &wish->request);
	if (reply.result != RESULT_DONE)
		fail_msg("%s by %s: %s %s %s",
		    word_name(WORD_VERB, wish->request.command.verb),
		    operator_name, result_name(reply.result), reply.refusal,
		    reply.detail);
	return reply.command.ticket;
}

void wish_refused(struct city *city, const char *operator_name,
    const char *node, struct wish *wish, const char *refusal)
{
	struct wire_reply reply;

	ask(&reply, city, operator_name, node, &wish->request);
	if (reply.result == RESULT_DONE)
		fail_msg("%s by %s was done; it should be refused: %s",
		    word_name(WORD_VERB, wish->request.command.verb),
		    operator_name, refusal);
	assert_string_equal(reply.refusal, refusal);
}

struct unit_code unit_code(const char *text)
{
	struct unit_code code;

	assert_int_equal(code_set(&code, text), 0);
	return code;
}

/* ---- looking ---- */

void see_reply(struct ticket *ticket, const struct wire_reply *reply)
{
	struct arena *arena = NULL;
	struct event event;
	struct hash hash;

	memset(ticket, 0, sizeof(*ticket));
	if (reply->result == RESULT_NOT_FOUND)
		return;
	assert_int_equal(reply->result, RESULT_DONE);
	assert_int_equal(arena_open(&arena, DECODE_MAX_BYTES), 0);
	for (size_t i = 0; i < reply->show.event_count; i++) {
		struct bytes bytes = reply->show.events[i];
		hash_of(&hash, bytes);
		arena_reset(arena);
		assert_int_equal(
		    wire_event_unpack(&event, NULL, arena, bytes), 0);
		if (i == 0)
			ticket->id = event.ticket;
		if (ticket_fold(ticket, &event, &hash))
			fail_msg("event %u does not follow", event.seq);
	}
	arena_close(&arena);
}

void see(struct ticket *ticket_out, struct city *city, const char *node,
    const struct id *ticket)
{
	struct client *client = city_client(city, "admin", node);
	struct client_log log = { .count = 0 };
	struct wire_request request;
	struct wire_reply reply;

	request_clear(&request, ASK_SHOW);
	request.show.ticket = *ticket;
	int rc = client_show(&reply, &log, client, &request, PATIENCE_MS);
	city_check_alive(city);
	if (rc)
		fail_msg("%s shows nothing: %s", node, err_text(rc));
	see_reply(ticket_out, &reply);
	client_log_free(&log);
}

struct held_wait {
	struct city *city;
	const struct id *ticket;
	const struct unit *holder;
	enum state state;
	struct ticket last;
};

static bool is_held(void *context)
{
	struct held_wait *wait = context;

	see(&wait->last, wait->city, wait->holder->node->name, wait->ticket);
	return wait->last.seq && wait->last.state == wait->state &&
	       code_equal(&wait->last.holder, &wait->holder->code);
}

void wait_held(struct city *city, const struct id *ticket, const char *holder,
    enum state state)
{
	struct unit_code code = unit_code(holder);
	struct held_wait wait = { city, ticket, org_unit(city->org, &code),
		state, { .seq = 0 } };

	assert_non_null(wait.holder);
	if (!wait_until(is_held, &wait, PATIENCE_MS))
		fail_msg("the ticket is not %s with %s but %s with %s",
		    word_name(WORD_STATE, state), holder,
		    word_name(WORD_STATE, wait.last.state), wait.last.holder.s);
}

bool node_status(
    struct node_status *status_out, struct city *city, const char *node)
{
	struct client *client = city_client(city, "admin", node);
	struct wire_request request;
	struct wire_reply reply;

	memset(status_out, 0, sizeof(*status_out));
	request_clear(&request, ASK_STATUS);
	if (client_ask(&reply, client, &request, STATUS_MS) ||
	    reply.result != RESULT_DONE)
		return false;
	snprintf(status_out->state, sizeof(status_out->state), "%s",
	    reply.status.state);
	snprintf(status_out->store, sizeof(status_out->store), "%s",
	    reply.status.store);
	status_out->tickets = reply.status.tickets;
	status_out->held = reply.status.held;
	status_out->outbox = reply.status.outbox;
	status_out->events = reply.status.events;
	status_out->store_bytes = reply.status.store_bytes;
	status_out->links = (unsigned)reply.status.link_count;
	for (size_t i = 0; i < reply.status.link_count; i++)
		status_out->links_down += !reply.status.links[i].up;
	return true;
}

struct hash node_scores(struct city *city, const char *node)
{
	struct wire_request request;
	struct wire_reply reply;
	struct buf all = { 0 };
	struct hash hash;

	request_clear(&request, ASK_SCORE);
	ask(&reply, city, "admin", node, &request);
	assert_int_equal(reply.result, RESULT_DONE);
	assert_true(reply.score.count > 0);
	for (size_t i = 0; i < reply.score.count; i++) {
		const struct wire_score_line *line = &reply.score.lines[i];
		buf_add(&all, line->unit.s, sizeof(line->unit.s));
		buf_add(&all, line->counts,
		    line->count_count * sizeof(*line->counts));
	}
	hash_of(&hash, bytes_of(all.data, all.len));
	buf_free(&all);
	return hash;
}

#include "gatewayd/answer.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"

static const char plain_json[] = "application/json";
static const char problem_json[] = "application/problem+json";

void answer_set(
    struct answer *answer, unsigned status, const char *type, char *body)
{
	answer->status = body ? status : 500;
	answer->type = type;
	answer->body = body;
	answer->len = body ? strlen(body) : 0;
}

void answer_problem(
    struct answer *answer, const struct http_problem *problem, bool is_chinese)
{
	answer_set(answer, problem_status(problem->kind), problem_json,
	    problem_render(problem, is_chinese));
	answer->retry_after_s = problem->retry_after_s;
}

/* "field", or "field: what is wrong with it" */
static struct http_problem invalid(const char *detail)
{
	size_t len = strspn(detail, "abcdefghijklmnopqrstuvwxyz_");
	char field[PROBLEM_FIELD_MAX];

	if (len == 0 || len >= sizeof(field) ||
	    (detail[len] != '\0' && detail[len] != ':'))
		return problem_of(PROBLEM_BAD_REQUEST);
	memcpy(field, detail, len);
	field[len] = '\0';
	return problem_refusal("bad_field", field);
}

struct http_problem answer_problem_of(const struct wire_reply *reply)
{
	switch (reply->result) {
	case RESULT_REFUSED:
		return problem_refusal(reply->refusal, reply->detail);
	case RESULT_NOT_FOUND:
		return problem_of(PROBLEM_NO_SUCH_TICKET);
	case RESULT_INVALID:
		return invalid(reply->detail);
	default:
		return problem_of(PROBLEM_FAILED);
	}
}

static json_t *text(const char *value)
{
	return value && *value ? json_string(value) : json_null();
}

static json_t *word(enum word_list list, unsigned value)
{
	return value ? json_string(word_name(list, value)) : json_null();
}

static json_t *moment(int64_t time_ms)
{
	char said[TIME_TEXT];

	return text(time_format(said, time_ms));
}

static json_t *number_of(const struct id *id)
{
	char said[ID_TEXT];

	return json_string(id_format(said, id));
}

static void answer_json(struct answer *answer, unsigned status, json_t *object)
{
	char *body = object ? json_dumps(object, JSON_COMPACT) : NULL;

	json_decref(object);
	answer_set(answer, status, plain_json, body);
}

void answer_opened(struct answer *answer, const char *number, const char *link,
    const struct wire_reply *reply)
{
	bool existed = reply->command.existed;

	answer_json(answer, existed ? 200 : 201,
	    json_pack("{s:o, s:s, s:o, s:o, s:b, s:s}", "id",
		number_of(&reply->command.ticket), "number", number, "state",
		word(WORD_STATE, reply->command.state), "holder",
		text(reply->command.holder.s), "existed", (int)existed, "link",
		link));
	strcpy(answer->location, TICKETS_PATH "/");
	if (route_encode(answer->location, sizeof(answer->location), number) !=
	    0)
		answer->location[0] = '\0';
}

static json_t *rating_of(const struct rating *rating)
{
	if (!rating->is_given)
		return json_null();
	return json_pack("{s:b, s:b, s:o}", "responded", (int)rating->responded,
	    "resolved", (int)rating->resolved, "satisfaction",
	    word(WORD_SATISFACTION, rating->satisfaction));
}

/* What the unit that resolved it last told the caller. */
static json_t *reply_of(const struct wire_reply *reply, struct arena *arena)
{
	struct event event;

	for (size_t i = reply->show.event_count; i-- > 0;) {
		if (wire_event_unpack(
			&event, NULL, arena, reply->show.events[i]) == 0 &&
		    event.verb == VERB_RESOLVE)
			return text(event.what.text);
	}
	return json_null();
}

static json_t *what_it_is(const struct wire_ticket_row *row)
{
	const struct ticket *ticket = &row->ticket;

	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b}", "id",
	    number_of(&ticket->id), "number", text(row->external_id), "state",
	    word(WORD_STATE, ticket->state), "holder", text(ticket->holder.s),
	    "item", text(ticket->item), "division", text(ticket->place.s),
	    "colour", word(WORD_COLOUR, ticket->colour), "title",
	    text(row->title), "urgent", (ticket->flags & TICKET_URGENT) != 0);
}

static json_t *when_it_was(const struct ticket *ticket)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:b}",
	    "opened", moment(ticket->opened_ms), "updated",
	    moment(ticket->updated_ms), "accepted", moment(ticket->accepted_ms),
	    "resolved", moment(ticket->resolved_ms), "closed",
	    moment(ticket->closed_ms), "accept_by",
	    moment(ticket->accept_by_ms), "resolve_by",
	    moment(ticket->resolve_by_ms), "late_accept",
	    (ticket->flags & TICKET_LATE_ACCEPT) != 0, "late_resolve",
	    (ticket->flags & TICKET_LATE_RESOLVE) != 0);
}

void answer_ticket(
    struct answer *answer, const struct wire_reply *reply, struct arena *arena)
{
	const struct ticket *ticket = &reply->show.row->ticket;
	json_t *object = what_it_is(reply->show.row);
	json_t *end = json_pack("{s:o, s:o, s:o, s:i, s:o}", "outcome",
	    word(WORD_OUTCOME, ticket->outcome), "channel",
	    word(WORD_CHANNEL, ticket->channel), "reply",
	    reply_of(reply, arena), "reopens", (int)ticket->reopens, "rating",
	    rating_of(&ticket->rating));
	json_t *times = when_it_was(ticket);

	if (!object || json_object_update_missing(object, times) != 0 ||
	    json_object_update_missing(object, end) != 0) {
		json_decref(object);
		object = NULL;
	}
	json_decref(times);
	json_decref(end);
	answer_json(answer, 200, object);
}

void answer_free(struct answer *answer)
{
	free(answer->body);
	*answer = (struct answer){ 0 };
}

#include "gatewayd/ticket_json.h"

#include <string.h>
#include "base/err.h"
#include "gatewayd/body.h"
#include "gatewayd/geo.h"
#include "gatewayd/order_text.h"
#include "gatewayd/say.h"

const char *ticket_json_satisfaction(enum satisfaction satisfaction)
{
	static const char *const words[SATISFACTION_COUNT] = {
		[SATISFACTION_SATISFIED] = "满意",
		[SATISFACTION_MOSTLY] = "基本满意",
		[SATISFACTION_DISSATISFIED] = "不满意",
		[SATISFACTION_NOT_RATED] = "未评价",
	};

	return (unsigned)satisfaction < SATISFACTION_COUNT ? words[satisfaction]
							   : NULL;
}

static json_t *rating_of(const struct rating *rating)
{
	enum satisfaction satisfaction =
	    (enum satisfaction)rating->satisfaction;

	if (!rating->is_given)
		return json_null();
	return json_pack("{s:b, s:b, s:o, s:o}", "responded",
	    (int)rating->responded, "resolved", (int)rating->resolved,
	    "satisfaction", say_word(WORD_SATISFACTION, satisfaction),
	    "satisfaction_zh",
	    say_text(ticket_json_satisfaction(satisfaction)));
}

static json_t *what_it_is(
    const struct wire_ticket_row *row, const struct org *org)
{
	const struct ticket *ticket = &row->ticket;
	bool is_appeal = ticket->kind == KIND_APPEAL;

	return json_pack(
	    "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b}", "id",
	    say_id(&ticket->id), "number", say_text(row->external_id), "state",
	    say_word(WORD_STATE, ticket->state), "holder",
	    say_text(ticket->holder.s), "holder_name",
	    say_unit_name(org, &ticket->holder), "item", say_text(ticket->item),
	    "division", say_text(ticket->place.s), "colour",
	    say_word(WORD_COLOUR, ticket->colour), "title",
	    say_text(row->title), "follows",
	    is_appeal ? say_id(&ticket->parent) : json_null(), "urgent",
	    (ticket->flags & TICKET_URGENT) != 0);
}

static json_t *when_it_was(const struct ticket *ticket)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:b}",
	    "opened", say_time(ticket->opened_ms), "updated",
	    say_time(ticket->updated_ms), "accepted",
	    say_time(ticket->accepted_ms), "resolved",
	    say_time(ticket->resolved_ms), "closed",
	    say_time(ticket->closed_ms), "accept_by",
	    say_time(ticket->accept_by_ms), "resolve_by",
	    say_time(ticket->resolve_by_ms), "late_accept",
	    (ticket->flags & TICKET_LATE_ACCEPT) != 0, "late_resolve",
	    (ticket->flags & TICKET_LATE_RESOLVE) != 0);
}

static json_t *how_it_ended(const struct ticket *ticket)
{
	return json_pack("{s:o, s:o, s:i, s:o}", "outcome",
	    say_word(WORD_OUTCOME, ticket->outcome), "channel",
	    say_word(WORD_CHANNEL, ticket->channel), "reopens",
	    (int)ticket->reopens, "rating", rating_of(&ticket->rating));
}

json_t *ticket_json_row(
    const struct wire_ticket_row *row, const struct org *org)
{
	json_t *object =
	    say_joined(what_it_is(row, org), when_it_was(&row->ticket));

	return say_joined(object, how_it_ended(&row->ticket));
}

/* ---- what its order said ---- */

static json_t *tags_of(const char *joined)
{
	json_t *tags = json_array();

	while (tags && joined[0]) {
		const char *end = strstr(joined, BODY_TAGS_BETWEEN);
		size_t len = end ? (size_t)(end - joined) : strlen(joined);

		json_array_append_new(tags, json_stringn(joined, len));
		joined += len + (end ? strlen(BODY_TAGS_BETWEEN) : 0);
	}
	return tags;
}

static json_t *point_of(const struct geo_place *place)
{
	if (!place->has_point)
		return json_null();
	return json_pack("{s:f, s:f}", "longitude", place->longitude,
	    "latitude", place->latitude);
}

static json_t *order_of(const struct event *opening, struct arena *arena)
{
	const char *address = opening->what.address;
	struct order_text order;
	struct geo_place place;

	if (order_text_read(&order, arena, opening->what.text))
		return NULL;
	geo_place_read(&place, address);
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:b}",
	    "kind", say_text(order.kind), "item_path",
	    say_text(order.item_path), "tags", tags_of(order.tags), "created",
	    say_text(order.created), "occurred", say_text(order.occurred),
	    "content", say_text(order.content), "address",
	    place.address_len ? json_stringn(address, place.address_len)
			      : json_null(),
	    "coordinates", point_of(&place), "confidential",
	    (int)opening->what.confidential, "callback",
	    (int)opening->what.callback);
}

/* The opening, and what the unit that resolved it last told the caller. */
static void read_log(struct event *opening, const char **answer,
    const struct wire_reply *reply, struct arena *arena)
{
	struct event event;

	*answer = "";
	*opening = (struct event){ .seq = 0 };
	particulars_clear(&opening->what);
	for (size_t i = 0; i < reply->show.event_count; i++) {
		if (wire_event_unpack(
			&event, NULL, arena, reply->show.events[i]))
			continue;
		if (event.verb == VERB_OPEN)
			*opening = event;
		if (event.verb == VERB_RESOLVE)
			*answer = event.what.text;
	}
}

static void add_files(json_t *list, const struct event *event)
{
	for (size_t i = 0; i < event->what.attachment_count; i++) {
		json_t *file = say_file(&event->what.attachments[i]);

		json_object_set_new(file, "seq", json_integer(event->seq));
		json_object_set_new(
		    file, "verb", say_word(WORD_VERB, event->verb));
		json_object_set_new(file, "unit", say_text(event->unit.s));
		json_array_append_new(list, file);
	}
}

/* All that the log names, in its order. */
static json_t *files_of(const struct wire_reply *reply, struct arena *arena)
{
	json_t *list = json_array();
	struct event event;

	for (size_t i = 0; i < reply->show.event_count; i++)
		if (wire_event_unpack(
			&event, NULL, arena, reply->show.events[i]) == 0)
			add_files(list, &event);
	return list;
}

static json_t *caller_of(const struct wire_reply *reply)
{
	const struct wire_contact none = { "", "" };
	const struct wire_contact *contact =
	    reply->show.has_contact ? &reply->show.contact : &none;

	return json_pack("{s:o, s:o}", "caller", say_text(contact->name),
	    "phone", say_text(contact->phone));
}

json_t *ticket_json(
    const struct wire_reply *reply, struct arena *arena, const struct org *org)
{
	struct wire_ticket_row row = *reply->show.row;
	struct event opening;
	const char *answer;
	json_t *object;

	read_log(&opening, &answer, reply, arena);
	if (opening.seq)
		row.title = opening.what.title;
	object =
	    say_joined(ticket_json_row(&row, org), order_of(&opening, arena));
	object = say_joined(object, caller_of(reply));
	return say_joined(
	    object, json_pack("{s:o, s:o}", "reply", say_text(answer),
			"attachments", files_of(reply, arena)));
}

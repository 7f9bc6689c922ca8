#include "powers/wishes.h"

#include <string.h>

static const char file_text[] = "楼道里的照片说明\n";

static struct hash file_hash(void)
{
	struct hash hash;

	hash_of(&hash, bytes_of(file_text, sizeof(file_text) - 1));
	return hash;
}

/* Where it goes by that ask: somewhere that has not had it. */
static enum place way_of(const struct question *question)
{
	enum place place = question->place;

	switch (question->ask) {
	case DO_UP:
		return place_parents[place];
	case DO_DOWN:
		return place == AT_CITY	      ? AT_OTHER_DISTRICT
		       : place == AT_DISTRICT ? AT_OTHER_STREET
		       : place == AT_STREET   ? AT_OTHER_COMMUNITY
					      : AT_OTHER_GRID;
	case DO_RULE:
		return AT_OTHER_STREET;
	default:
		return AT_GRID;
	}
}

/* A department that it can call, and that has not been called. */
static const char *department_of(enum place place)
{
	return place == AT_CITY || place == AT_HOTLINE ? "4207-cgj"
						       : "420704-cgj";
}

static void set_target(
    struct particulars *what, const struct question *question)
{
	if (!code_is_empty(&question->to))
		what->to = question->to;
	else if (question->ask == DO_ACROSS)
		what->to = unit_code(department_of(question->place));
	else if (question->ask == DO_UP || question->ask == DO_DOWN ||
		 question->ask == DO_RULE)
		what->to = unit_code(place_codes[way_of(question)]);
}

static void set_open(struct wire_request *request, struct wish_room *room,
    const struct question *question)
{
	struct wire_contact caller = { POWERS_NAME, POWERS_PHONE };
	struct particulars *what = &request->command.what;

	what->kind = KIND_APPEAL;
	what->source =
	    question->place == AT_HOTLINE ? SOURCE_HOTLINE : SOURCE_VISIT;
	what->title = "请看看这件事";
	what->item = "pest.control"; /* a grid's, so on everybody's list */
	what->confidential = question->scene->is_confidential;
	id_format(room->number, &question->id);
	what->external_id = question->number ? question->number : room->number;
	if (!question->scene->has_no_contact) {
		assert_int_equal(wire_contact_pack(&room->contact, &caller), 0);
		request->command.contact =
		    bytes_of(room->contact.data, room->contact.len);
	}
	if (question->with_file) {
		room->file = (struct attachment){ .hash = file_hash(),
			.name = "说明.txt" };
		what->attachments = &room->file;
		what->attachment_count = 1;
	}
}

static void set_whistle(struct particulars *what, struct wish_room *room,
    const struct question *question)
{
	room->callout.department =
	    code_is_empty(&question->to)
		? unit_code(department_of(question->place))
		: question->to;
	room->callout.lead = true;
	what->to = (struct unit_code){ "" };
	what->colour = COLOUR_YELLOW;
	what->callouts = &room->callout;
	what->callout_count = 1;
}

static void set_command(struct wire_request *request, struct wish_room *room,
    const struct question *question)
{
	struct particulars *what = &request->command.what;
	enum verb verb = ask_verbs[question->ask];

	request->command.verb = verb;
	if (verb != VERB_OPEN)
		request->command.ticket = question->ticket;
	set_target(what, question);
	if (verb != VERB_RATE)
		what->text = "请按规定办理";
	if (verb == VERB_OPEN)
		set_open(request, room, question);
	if (verb == VERB_WHISTLE)
		set_whistle(what, room, question);
	if (verb == VERB_RETURN || verb == VERB_ERASE_CONTACT)
		what->basis = "职责清单";
	if (verb == VERB_RESOLVE) {
		what->outcome = OUTCOME_SOLVED;
		what->channel = CHANNEL_GOVERNMENT;
	}
	if (verb == VERB_RATE)
		what->satisfaction = SATISFACTION_SATISFIED;
	if (verb == VERB_MERGE)
		what->master = question->master;
	what->resident = question->ask == DO_AWAIT;
	if (question->ask == DO_FOR_OTHER)
		request->command.unit = unit_code(place_codes[AT_GRID]);
}

/* From just behind the ticket on, so that it comes first if it comes. */
static void set_list(
    struct wire_request *request, const struct question *question)
{
	static struct id after;

	after = question->ticket;
	for (int i = ID_BYTES - 1; i >= 0 && ++after.b[i] == 0; i--)
		;
	request->list.cursor = bytes_of(after.b, ID_BYTES);
	request->list.holder = unit_code(place_codes[question->scene->holder]);
	request->list.limit = 1;
}

void wish_of(struct wire_request *request, struct wish_room *room,
    const struct question *question)
{
	static const enum ask_kind kinds[ASK_COUNT] = {
		[DO_SHOW] = ASK_SHOW,
		[DO_CONTACT] = ASK_SHOW,
		[DO_LIST] = ASK_LIST,
		[DO_FOLLOW] = ASK_FOLLOW,
		[DO_SCORE] = ASK_SCORE,
		[DO_STATUS] = ASK_STATUS,
		[DO_RELOAD] = ASK_STATUS,
		[DO_NODES] = ASK_NODES,
		[DO_PUT] = ASK_PUT,
		[DO_GET] = ASK_GET,
	};

	memset(room, 0, sizeof(*room));
	request_clear(request, kinds[question->ask]);
	if (question->ask <= DO_FOR_OTHER)
		set_command(request, room, question);
	request->show.ticket = question->ticket;
	request->show.contact = question->ask == DO_CONTACT;
	set_list(request, question);
	request->follow.ticket = question->ticket;
	request->status.reload = question->ask == DO_RELOAD;
	request->put.hash = request->get.hash = file_hash();
	request->put.size = sizeof(file_text) - 1;
	request->put.data = bytes_of(file_text, sizeof(file_text) - 1);
	request->get.ticket = question->ticket;
}

void wish_free(struct wish_room *room)
{
	buf_free(&room->contact);
}

/* ---- what came back ---- */

static bool is_listed(const struct wire_reply *reply, const struct id *ticket)
{
	for (size_t i = 0; i < reply->list.count; i++)
		if (id_equal(&reply->list.tickets[i].ticket.id, ticket))
			return true;
	return false;
}

/* "masked" is not the whole of it, and "whole" is. */
static const char *caller_seen(const struct wire_reply *reply)
{
	const struct wire_contact *contact = &reply->show.contact;
	bool is_whole;

	if (!reply->show.has_contact)
		return "no caller";
	is_whole = !strcmp(contact->phone, POWERS_PHONE) &&
		   !strcmp(contact->name, POWERS_NAME);
	if (reply->show.is_contact_masked)
		return !strcmp(contact->phone, "138****4207") &&
			       !strcmp(contact->name, "何**")
			   ? "masked"
			   : "masked badly";
	return is_whole ? "whole" : "wrong";
}

static const char *word_of(
    const struct question *question, const struct wire_reply *reply)
{
	if (reply->result == RESULT_REFUSED)
		return reply->refusal;
	if (reply->result != RESULT_DONE)
		return result_name(reply->result);
	switch (question->ask) {
	case DO_CONTACT:
		return caller_seen(reply);
	case DO_SHOW:
		return reply->show.has_contact ? "caller unasked" : "done";
	case DO_LIST:
		return is_listed(reply, &question->ticket) ? "done"
							   : "not_found";
	case DO_FOLLOW:
		return reply->follow.count ? "done" : "not_found";
	default:
		return "done";
	}
}

void wish_answer(struct question *question, const struct wire_reply *reply)
{
	snprintf(question->answer, sizeof(question->answer), "%s%s%s",
	    word_of(question, reply),
	    reply->result == RESULT_INVALID ? ": " : "",
	    reply->result == RESULT_INVALID ? reply->detail : "");
	if (question->ask <= DO_FOR_OTHER && reply->result == RESULT_DONE)
		question->opened = reply->command.ticket;
}

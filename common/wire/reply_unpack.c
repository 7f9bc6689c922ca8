#include "wire/wire.h"

#include <string.h>
#include "base/err.h"
#include "base/limits.h"
#include "control.pb-c.h"
#include "wire/field.h"
#include "wire/message.h"
#include "wire/score.h"
#include "wire/status.h"
#include "wire/ticket_row.h"

#define X(name, text) [RESULT_##name] = text,
static const char *const result_names[] = { WIRE_RESULTS(X) };
#undef X

const char *result_name(enum result result)
{
	return (unsigned)result < RESULT_COUNT ? result_names[result] : "?";
}

static bool result_read(enum result *result_out, const char *text)
{
	for (unsigned i = 0; i < RESULT_COUNT; i++) {
		if (strcmp(text, result_names[i]) == 0) {
			*result_out = (enum result)i;
			return true;
		}
	}
	return false;
}

/* ---- each body: 0, ERR_INVALID or ERR_TOO_LARGE ---- */

static int command_read_done(
    struct wire_reply *reply, const Whistle__CommandDone *command)
{
	unsigned state;

	if (!field_read_id(&reply->command.ticket, command->ticket) ||
	    !field_read_word(&state, WORD_STATE, command->state) ||
	    !field_read_code(&reply->command.holder, command->holder))
		return ERR_INVALID;
	reply->kind = ASK_COMMAND;
	reply->command.seq = command->seq;
	reply->command.state = (enum state)state;
	reply->command.existed = command->existed;
	return 0;
}

static int list_read(struct wire_reply *reply, struct arena *arena,
    const Whistle__TicketPage *list)
{
	if (list->n_tickets > LIST_PAGE_MAX ||
	    !field_read_bytes(&reply->list.cursor, list->cursor, CURSOR_MAX))
		return ERR_INVALID;
	reply->kind = ASK_LIST;
	reply->list.count = list->n_tickets;
	reply->list.complete = list->complete;
	return ticket_rows_read(
	    &reply->list.tickets, arena, list->tickets, list->n_tickets);
}

static bool suggestion_read(
    struct wire_suggestion *to, const Whistle__Suggestion *from)
{
	unsigned colour;

	if (!from || from->n_departments > TICKET_CALLOUTS_MAX ||
	    !field_read_code(&to->place, from->place) ||
	    !field_read_code(&to->to, from->to) ||
	    !field_read_word(&colour, WORD_COLOUR, from->colour))
		return false;
	for (size_t i = 0; i < from->n_departments; i++) {
		if (!field_read_code(&to->departments[i], from->departments[i]))
			return false;
	}
	to->department_count = from->n_departments;
	to->verb = from->verb;
	to->reason = from->reason;
	to->item = from->item;
	to->colour = (enum colour)colour;
	return true;
}

static int events_read(const struct bytes **events_out, struct arena *arena,
    const ProtobufCBinaryData *list, size_t count)
{
	struct bytes *events = arena_alloc(arena, count * sizeof(*events));

	if (!events)
		return ERR_TOO_LARGE;
	for (size_t i = 0; i < count; i++) {
		if (!field_read_bytes(&events[i], list[i], EVENT_MAX_BYTES))
			return ERR_INVALID;
	}
	*events_out = events;
	return 0;
}

static int show_read(struct wire_reply *reply, struct arena *arena,
    const Whistle__TicketFull *show)
{
	int rc;

	if (!show->row || show->n_callouts > TICKET_CALLOUTS_MAX ||
	    show->n_events > TICKET_EVENTS_MAX ||
	    show->n_stranded > STRANDED_EVENTS_MAX ||
	    !suggestion_read(&reply->show.suggestion, show->suggestion))
		return ERR_INVALID;
	reply->kind = ASK_SHOW;
	reply->show.is_contact_masked = show->contact_masked != 0;
	if (show->contact) {
		reply->show.has_contact = true;
		reply->show.contact.name = show->contact->name;
		reply->show.contact.phone = show->contact->phone;
	}
	reply->show.callout_count = show->n_callouts;
	rc = ticket_rows_read(&reply->show.row, arena, &show->row, 1);
	if (!rc)
		rc = ticket_rows_read(&reply->show.callouts, arena,
		    show->callouts, show->n_callouts);
	reply->show.next = show->next;
	reply->show.event_count = show->n_events;
	reply->show.stranded_count = show->n_stranded;
	if (!rc)
		rc = events_read(
		    &reply->show.events, arena, show->events, show->n_events);
	return rc ? rc
		  : events_read(&reply->show.stranded, arena, show->stranded,
			show->n_stranded);
}

static int follow_read(struct wire_reply *reply, struct arena *arena,
    const Whistle__FollowPage *follow)
{
	struct wire_followed *events =
	    arena_alloc(arena, follow->n_events * sizeof(*events));

	if (!events)
		return ERR_TOO_LARGE;
	for (size_t i = 0; i < follow->n_events; i++) {
		events[i].number = follow->events[i]->number;
		if (!field_read_bytes(&events[i].event,
			follow->events[i]->event, EVENT_MAX_BYTES))
			return ERR_INVALID;
	}
	reply->kind = ASK_FOLLOW;
	reply->follow.events = events;
	reply->follow.count = follow->n_events;
	reply->follow.last = follow->last;
	return 0;
}

static int nodes_read(struct wire_reply *reply, struct arena *arena,
    const Whistle__NodesPage *message)
{
	reply->kind = ASK_NODES;
	reply->nodes.next = message->next;
	reply->nodes.count = message->n_nodes;
	return heard_read(
	    &reply->nodes.nodes, arena, message->nodes, message->n_nodes);
}

static int put_read(struct wire_reply *reply, const Whistle__PutDone *put)
{
	reply->kind = ASK_PUT;
	if (put->have > FILE_MAX_BYTES || put->type >= FILE_TYPE_COUNT)
		return ERR_INVALID;
	reply->put.have = put->have;
	reply->put.is_whole = put->whole;
	reply->put.type = (enum file_type)put->type;
	return 0;
}

static int get_read(struct wire_reply *reply, const Whistle__GotChunk *get)
{
	reply->kind = ASK_GET;
	if (get->size > FILE_MAX_BYTES || get->type >= FILE_TYPE_COUNT ||
	    get->data.len > get->size ||
	    !field_read_bytes(&reply->get.data, get->data, FILE_CHUNK_BYTES))
		return ERR_INVALID;
	reply->get.size = get->size;
	reply->get.type = (enum file_type)get->type;
	reply->get.asked = get->asked;
	return 0;
}

static int body_read(struct wire_reply *reply, struct arena *arena,
    const Whistle__Reply *message)
{
	switch (message->body_case) {
	case WHISTLE__REPLY__BODY_COMMAND:
		return command_read_done(reply, message->command);
	case WHISTLE__REPLY__BODY_LIST:
		return list_read(reply, arena, message->list);
	case WHISTLE__REPLY__BODY_SHOW:
		return show_read(reply, arena, message->show);
	case WHISTLE__REPLY__BODY_SCORE:
		return score_page_read(reply, arena, message->score);
	case WHISTLE__REPLY__BODY_STATUS:
		reply->kind = ASK_STATUS;
		return status_read(&reply->status, arena, message->status);
	case WHISTLE__REPLY__BODY_FOLLOW:
		return follow_read(reply, arena, message->follow);
	case WHISTLE__REPLY__BODY_NODES:
		return nodes_read(reply, arena, message->nodes);
	case WHISTLE__REPLY__BODY_PUT:
		return put_read(reply, message->put);
	case WHISTLE__REPLY__BODY_GET:
		return get_read(reply, message->get);
	default:
		reply->has_body = false;
		return 0;
	}
}

int wire_reply_unpack(
    struct wire_reply *reply_out, struct arena *arena, struct bytes bytes)
{
	struct wire_reply reply = { .has_body = true };
	Whistle__Reply *message;
	int rc = message_unpack(&message, arena, &whistle__reply__descriptor,
	    FRAME_MAX_BYTES, GROWTH_OF_LISTS, bytes);

	if (rc)
		return rc;
	if (!field_read_id(&reply.id, message->id) ||
	    !result_read(&reply.result, message->result))
		return ERR_INVALID;
	reply.refusal = message->refusal;
	reply.detail = message->detail;
	rc = body_read(&reply, arena, message);
	if (!rc)
		*reply_out = reply;
	return rc;
}

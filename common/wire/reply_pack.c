#include "wire/wire.h"

#include "base/err.h"
#include "base/limits.h"
#include "control.pb-c.h"
#include "wire/field.h"
#include "wire/message.h"
#include "wire/score.h"
#include "wire/status.h"
#include "wire/ticket_row.h"

/* Points into itself and into `scratch`: does not move. */
struct reply_message {
	struct arena *scratch;
	Whistle__Reply reply;
	Whistle__CommandDone command;
	Whistle__TicketPage list;
	Whistle__TicketFull show;
	Whistle__Suggestion suggestion;
	Whistle__Contact contact;
	char *departments[TICKET_CALLOUTS_MAX];
	struct score_page_message score;
	struct status_message status;
	Whistle__FollowPage follow;
	Whistle__NodesPage nodes;
	Whistle__PutDone put;
	Whistle__GotChunk get;
};

static void command_fill_done(
    struct reply_message *message, const struct wire_reply *reply)
{
	Whistle__CommandDone *command = &message->command;

	whistle__command_done__init(command);
	command->ticket = field_id(&reply->command.ticket);
	command->seq = reply->command.seq;
	command->state = field_word(WORD_STATE, reply->command.state);
	command->holder = field_text(reply->command.holder.s);
	command->existed = reply->command.existed;
	message->reply.body_case = WHISTLE__REPLY__BODY_COMMAND;
	message->reply.command = command;
}

static int list_fill(
    struct reply_message *message, const struct wire_reply *reply)
{
	Whistle__TicketPage *list = &message->list;

	whistle__ticket_page__init(list);
	list->n_tickets = reply->list.count;
	list->cursor = field_bytes(reply->list.cursor);
	list->complete = reply->list.complete;
	message->reply.body_case = WHISTLE__REPLY__BODY_LIST;
	message->reply.list = list;
	return ticket_rows_fill(&list->tickets, message->scratch,
	    reply->list.tickets, reply->list.count);
}

/* ---- one ticket in full ---- */

static int suggestion_fill(
    struct reply_message *message, const struct wire_suggestion *from)
{
	Whistle__Suggestion *to = &message->suggestion;

	if (from->department_count > TICKET_CALLOUTS_MAX)
		return ERR_TOO_LARGE;
	whistle__suggestion__init(to);
	to->verb = field_text(from->verb);
	to->reason = field_text(from->reason);
	to->item = field_text(from->item);
	to->place = field_text(from->place.s);
	to->to = field_text(from->to.s);
	to->colour = field_word(WORD_COLOUR, from->colour);
	for (size_t i = 0; i < from->department_count; i++)
		message->departments[i] = field_text(from->departments[i].s);
	to->departments = message->departments;
	to->n_departments = from->department_count;
	message->show.suggestion = to;
	return 0;
}

static void contact_fill(
    struct reply_message *message, const struct wire_contact *contact)
{
	whistle__contact__init(&message->contact);
	message->contact.name = field_text(contact->name);
	message->contact.phone = field_text(contact->phone);
	message->show.contact = &message->contact;
}

static int events_fill(ProtobufCBinaryData **list_out,
    struct reply_message *message, const struct bytes *events, size_t count)
{
	ProtobufCBinaryData *list =
	    arena_alloc(message->scratch, count * sizeof(*list));

	if (!list)
		return ERR_TOO_LARGE;
	for (size_t i = 0; i < count; i++)
		list[i] = field_bytes(events[i]);
	*list_out = list;
	return 0;
}

static int row_fill(
    struct reply_message *message, const struct wire_ticket_row *row)
{
	Whistle__TicketRow **list;
	int rc = ticket_rows_fill(&list, message->scratch, row, 1);

	if (!rc)
		message->show.row = list[0];
	return rc;
}

static int show_fill(
    struct reply_message *message, const struct wire_reply *reply)
{
	int rc;

	if (!reply->show.row)
		return ERR_INVALID;
	whistle__ticket_full__init(&message->show);
	message->show.n_callouts = reply->show.callout_count;
	message->reply.body_case = WHISTLE__REPLY__BODY_SHOW;
	message->show.next = reply->show.next;
	message->show.n_events = reply->show.event_count;
	message->show.n_stranded = reply->show.stranded_count;
	message->reply.show = &message->show;
	message->show.contact_masked = reply->show.is_contact_masked;
	if (reply->show.has_contact)
		contact_fill(message, &reply->show.contact);
	rc = suggestion_fill(message, &reply->show.suggestion);
	if (!rc)
		rc = row_fill(message, reply->show.row);
	if (!rc)
		rc = events_fill(&message->show.events, message,
		    reply->show.events, reply->show.event_count);
	if (!rc)
		rc = events_fill(&message->show.stranded, message,
		    reply->show.stranded, reply->show.stranded_count);
	if (!rc)
		rc = ticket_rows_fill(&message->show.callouts, message->scratch,
		    reply->show.callouts, reply->show.callout_count);
	return rc;
}

/* ---- scores, status, following ---- */

static int score_fill(
    struct reply_message *message, const struct wire_reply *reply)
{
	message->reply.body_case = WHISTLE__REPLY__BODY_SCORE;
	message->reply.score = &message->score.page;
	return score_page_fill(&message->score, message->scratch, reply);
}

static int follow_fill(
    struct reply_message *message, const struct wire_reply *reply)
{
	size_t count = reply->follow.count;
	Whistle__Followed *events =
	    arena_alloc(message->scratch, count * sizeof(*events));
	Whistle__Followed **list =
	    arena_alloc(message->scratch, count * sizeof(*list));

	if (!events || !list)
		return ERR_TOO_LARGE;
	for (size_t i = 0; i < count; i++) {
		whistle__followed__init(&events[i]);
		events[i].number = reply->follow.events[i].number;
		events[i].event = field_bytes(reply->follow.events[i].event);
		list[i] = &events[i];
	}
	whistle__follow_page__init(&message->follow);
	message->follow.events = list;
	message->follow.n_events = count;
	message->follow.last = reply->follow.last;
	message->reply.body_case = WHISTLE__REPLY__BODY_FOLLOW;
	message->reply.follow = &message->follow;
	return 0;
}

static int nodes_fill(
    struct reply_message *message, const struct wire_reply *reply)
{
	Whistle__NodesPage *nodes = &message->nodes;

	whistle__nodes_page__init(nodes);
	nodes->next = reply->nodes.next;
	nodes->n_nodes = reply->nodes.count;
	message->reply.body_case = WHISTLE__REPLY__BODY_NODES;
	message->reply.nodes = nodes;
	return heard_fill(&nodes->nodes, message->scratch, reply->nodes.nodes,
	    reply->nodes.count);
}

static void put_fill(
    struct reply_message *message, const struct wire_reply *reply)
{
	whistle__put_done__init(&message->put);
	message->put.have = reply->put.have;
	message->put.whole = reply->put.is_whole;
	message->put.type = reply->put.type;
	message->reply.body_case = WHISTLE__REPLY__BODY_PUT;
	message->reply.put = &message->put;
}

static void get_fill(
    struct reply_message *message, const struct wire_reply *reply)
{
	whistle__got_chunk__init(&message->get);
	message->get.size = reply->get.size;
	message->get.data = field_bytes(reply->get.data);
	message->get.type = reply->get.type;
	message->get.asked = field_text(reply->get.asked);
	message->reply.body_case = WHISTLE__REPLY__BODY_GET;
	message->reply.get = &message->get;
}

static int body_fill(
    struct reply_message *message, const struct wire_reply *reply)
{
	switch (reply->kind) {
	case ASK_COMMAND:
		command_fill_done(message, reply);
		return 0;
	case ASK_LIST:
		return list_fill(message, reply);
	case ASK_SHOW:
		return show_fill(message, reply);
	case ASK_SCORE:
		return score_fill(message, reply);
	case ASK_STATUS:
		message->reply.body_case = WHISTLE__REPLY__BODY_STATUS;
		message->reply.status = &message->status.status;
		return status_fill(
		    &message->status, message->scratch, &reply->status);
	case ASK_FOLLOW:
		return follow_fill(message, reply);
	case ASK_NODES:
		return nodes_fill(message, reply);
	case ASK_PUT:
		put_fill(message, reply);
		return 0;
	case ASK_GET:
		get_fill(message, reply);
		return 0;
	}
	return ERR_INVALID;
}

int wire_reply_pack(struct buf *out, const struct wire_reply *reply)
{
	struct reply_message message;
	int rc;

	if ((unsigned)reply->result >= RESULT_COUNT)
		return ERR_INVALID;
	rc = arena_open(&message.scratch, DECODE_MAX_BYTES);
	if (rc)
		return rc;
	whistle__reply__init(&message.reply);
	message.reply.id = field_id(&reply->id);
	message.reply.result = field_text(result_name(reply->result));
	message.reply.refusal = field_text(reply->refusal);
	message.reply.detail = field_text(reply->detail);
	if (reply->has_body)
		rc = body_fill(&message, reply);
	if (!rc)
		rc = message_pack(out, FRAME_MAX_BYTES, &message.reply);
	arena_close(&message.scratch);
	return rc;
}

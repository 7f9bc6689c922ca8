#include "wire/wire.h"

#include <string.h>
#include "base/err.h"
#include "base/limits.h"
#include "control.pb-c.h"
#include "wire/command.h"
#include "wire/field.h"
#include "wire/message.h"
#include "wire/score.h"

/* Only a piece of a file makes a long request. */
enum { PUT_MAX_BYTES = FILE_CHUNK_BYTES + 1024 };

/* ---- out ---- */

/* Points into itself: does not move. */
struct request_message {
	Whistle__Request request;
	struct command wish;
	struct command_message command;
	Whistle__ListQuery list;
	Whistle__ShowQuery show;
	struct score_query_message score;
	Whistle__StatusQuery status;
	Whistle__FollowQuery follow;
	Whistle__NodesQuery nodes;
	Whistle__PutChunk put;
	Whistle__GetChunk get;
};

static int command_ask(
    struct request_message *message, const struct wire_request *request)
{
	message->wish = request->command;
	message->wish.id = request->id;
	message->request.ask_case = WHISTLE__REQUEST__ASK_COMMAND;
	message->request.command = &message->command.command;
	return command_fill(&message->command, &message->wish, COMMAND_ASKED);
}

static void list_ask(
    struct request_message *message, const struct wire_request *request)
{
	Whistle__ListQuery *list = &message->list;

	whistle__list_query__init(list);
	list->state = field_text(request->list.state);
	list->holder = field_text(request->list.holder.s);
	list->under = field_text(request->list.under.s);
	list->item = field_text(request->list.item);
	list->place = field_text(request->list.place.s);
	list->kind = field_text(request->list.kind);
	list->outcome = field_text(request->list.outcome);
	list->channel = field_text(request->list.channel);
	list->limit = request->list.limit;
	list->cursor = field_bytes(request->list.cursor);
	list->external_id = field_text(request->list.external_id);
	list->by_change = request->list.by_change;
	list->around = request->list.around;
	list->queue = request->list.queue;
	list->since_ms = (uint64_t)request->list.since_ms;
	message->request.ask_case = WHISTLE__REQUEST__ASK_LIST;
	message->request.list = list;
}

static void show_ask(
    struct request_message *message, const struct wire_request *request)
{
	whistle__show_query__init(&message->show);
	message->show.ticket = field_id(&request->show.ticket);
	message->show.external_id = field_text(request->show.external_id);
	message->show.contact = request->show.contact;
	message->show.from = request->show.from;
	message->request.ask_case = WHISTLE__REQUEST__ASK_SHOW;
	message->request.show = &message->show;
}

static void score_ask(
    struct request_message *message, const struct wire_request *request)
{
	score_query_fill(&message->score, &request->score);
	message->request.ask_case = WHISTLE__REQUEST__ASK_SCORE;
	message->request.score = &message->score.query;
}

static void status_ask(
    struct request_message *message, const struct wire_request *request)
{
	whistle__status_query__init(&message->status);
	message->status.reload = request->status.reload;
	message->request.ask_case = WHISTLE__REQUEST__ASK_STATUS;
	message->request.status = &message->status;
}

static void follow_ask(
    struct request_message *message, const struct wire_request *request)
{
	whistle__follow_query__init(&message->follow);
	message->follow.after = request->follow.after;
	message->follow.limit = request->follow.limit;
	message->follow.ticket = field_id(&request->follow.ticket);
	message->follow.from_now = request->follow.from_now;
	message->follow.under = field_text(request->follow.under.s);
	message->request.ask_case = WHISTLE__REQUEST__ASK_FOLLOW;
	message->request.follow = &message->follow;
}

static void nodes_ask(
    struct request_message *message, const struct wire_request *request)
{
	whistle__nodes_query__init(&message->nodes);
	message->nodes.from = request->nodes.from;
	message->request.ask_case = WHISTLE__REQUEST__ASK_NODES;
	message->request.nodes = &message->nodes;
}

static void put_ask(
    struct request_message *message, const struct wire_request *request)
{
	whistle__put_chunk__init(&message->put);
	message->put.hash = field_hash(&request->put.hash);
	message->put.size = request->put.size;
	message->put.offset = request->put.offset;
	message->put.data = field_bytes(request->put.data);
	message->request.ask_case = WHISTLE__REQUEST__ASK_PUT;
	message->request.put = &message->put;
}

static void get_ask(
    struct request_message *message, const struct wire_request *request)
{
	whistle__get_chunk__init(&message->get);
	message->get.ticket = field_id(&request->get.ticket);
	message->get.hash = field_hash(&request->get.hash);
	message->get.offset = request->get.offset;
	message->request.ask_case = WHISTLE__REQUEST__ASK_GET;
	message->request.get = &message->get;
}

static int ask(
    struct request_message *message, const struct wire_request *request)
{
	switch (request->kind) {
	case ASK_COMMAND:
		return command_ask(message, request);
	case ASK_LIST:
		list_ask(message, request);
		return 0;
	case ASK_SHOW:
		show_ask(message, request);
		return 0;
	case ASK_SCORE:
		score_ask(message, request);
		return 0;
	case ASK_STATUS:
		status_ask(message, request);
		return 0;
	case ASK_FOLLOW:
		follow_ask(message, request);
		return 0;
	case ASK_NODES:
		nodes_ask(message, request);
		return 0;
	case ASK_PUT:
		put_ask(message, request);
		return 0;
	case ASK_GET:
		get_ask(message, request);
		return 0;
	}
	return ERR_INVALID;
}

int wire_request_pack(struct buf *out, const struct wire_request *request)
{
	struct request_message message;
	int rc;

	if (id_is_zero(&request->id))
		return ERR_INVALID;
	whistle__request__init(&message.request);
	message.request.id = field_id(&request->id);
	rc = ask(&message, request);
	if (rc)
		return rc;
	return message_pack(out,
	    request->kind == ASK_PUT ? PUT_MAX_BYTES : EVENT_MAX_BYTES,
	    &message.request);
}

/* ---- in: each reader gives NULL, or says what is wrong ---- */

static const char *list_read(
    struct wire_request *request, const Whistle__ListQuery *list)
{
	unsigned word;

	request->kind = ASK_LIST;
	if (!field_read_word(&word, WORD_STATE, list->state))
		return "state: no such state";
	if (!field_read_word(&word, WORD_KIND, list->kind))
		return "kind: no such kind";
	if (!field_read_word(&word, WORD_OUTCOME, list->outcome))
		return "outcome: no such outcome";
	if (!field_read_word(&word, WORD_CHANNEL, list->channel))
		return "channel: no such channel";
	if (!field_read_code(&request->list.holder, list->holder))
		return "holder: not a unit's code";
	if (!field_read_code(&request->list.under, list->under))
		return "under: not a unit's code";
	if (!field_read_code(&request->list.place, list->place))
		return "place: not a unit's code";
	if (!field_read_text(&request->list.item, list->item, ITEM_CODE_MAX))
		return "item: too long";
	if (!field_read_text(
		&request->list.external_id, list->external_id, EXTERNAL_ID_MAX))
		return "external_id: too long";
	if (list->limit > LIST_PAGE_MAX)
		return "limit: more than a page can hold";
	if (!field_read_bytes(&request->list.cursor, list->cursor, CURSOR_MAX))
		return "cursor: too long";
	if (list->by_change && list->around)
		return "around: not together with by_change";
	if (list->queue && (list->by_change || list->around))
		return "queue: not together with by_change or around";
	if (list->since_ms > EVENT_TIME_MAX_MS)
		return "since_ms: not a time";
	request->list.by_change = list->by_change;
	request->list.around = list->around;
	request->list.queue = list->queue;
	request->list.since_ms = (int64_t)list->since_ms;
	request->list.state = list->state;
	request->list.kind = list->kind;
	request->list.outcome = list->outcome;
	request->list.channel = list->channel;
	request->list.limit = list->limit;
	return NULL;
}

static const char *show_read(
    struct wire_request *request, const Whistle__ShowQuery *show)
{
	request->kind = ASK_SHOW;
	if (!field_read_id(&request->show.ticket, show->ticket))
		return "ticket: not an id";
	if (!field_read_text(
		&request->show.external_id, show->external_id, EXTERNAL_ID_MAX))
		return "external_id: too long";
	if ((show->ticket.len > 0) == (show->external_id[0] != '\0'))
		return "ticket: either it or external_id";
	request->show.contact = show->contact;
	request->show.from = show->from;
	return NULL;
}

static const char *follow_read(
    struct wire_request *request, const Whistle__FollowQuery *follow)
{
	request->kind = ASK_FOLLOW;
	if (!field_read_id(&request->follow.ticket, follow->ticket))
		return "ticket: not an id";
	if (!field_read_code(&request->follow.under, follow->under))
		return "under: not a unit's code";
	if (follow->limit > LIST_PAGE_MAX)
		return "limit: more than a page can hold";
	request->follow.after = follow->after;
	request->follow.limit = follow->limit;
	request->follow.from_now = follow->from_now;
	return NULL;
}

static bool hash_read(struct hash *hash_out, ProtobufCBinaryData data)
{
	return data.len > 0 && field_read_hash(hash_out, data);
}

static const char *put_read(
    struct wire_request *request, const Whistle__PutChunk *put)
{
	request->kind = ASK_PUT;
	if (!hash_read(&request->put.hash, put->hash))
		return "hash: not a hash";
	if (put->size == 0)
		return "size: an empty file";
	if (!field_read_bytes(&request->put.data, put->data, FILE_CHUNK_BYTES))
		return "data: more than a piece can hold";
	if (put->offset > put->size || put->data.len > put->size - put->offset)
		return "data: beyond the file's end";
	request->put.size = put->size;
	request->put.offset = put->offset;
	return NULL;
}

static const char *get_read(
    struct wire_request *request, const Whistle__GetChunk *get)
{
	request->kind = ASK_GET;
	if (!field_read_id(&request->get.ticket, get->ticket))
		return "ticket: not an id";
	if (!hash_read(&request->get.hash, get->hash))
		return "hash: not a hash";
	if (get->offset >= FILE_MAX_BYTES)
		return "offset: beyond any file";
	request->get.offset = get->offset;
	return NULL;
}

static const char *query_read(
    struct wire_request *request, const Whistle__Request *message)
{
	switch (message->ask_case) {
	case WHISTLE__REQUEST__ASK_LIST:
		return list_read(request, message->list);
	case WHISTLE__REQUEST__ASK_SHOW:
		return show_read(request, message->show);
	case WHISTLE__REQUEST__ASK_SCORE:
		request->kind = ASK_SCORE;
		return score_query_read(&request->score, message->score);
	case WHISTLE__REQUEST__ASK_STATUS:
		request->kind = ASK_STATUS;
		request->status.reload = message->status->reload;
		return NULL;
	case WHISTLE__REQUEST__ASK_FOLLOW:
		return follow_read(request, message->follow);
	case WHISTLE__REQUEST__ASK_NODES:
		request->kind = ASK_NODES;
		request->nodes.from = message->nodes->from;
		return NULL;
	case WHISTLE__REQUEST__ASK_PUT:
		return put_read(request, message->put);
	case WHISTLE__REQUEST__ASK_GET:
		return get_read(request, message->get);
	default:
		return "ask: nothing is asked";
	}
}

static int command_asked(struct wire_request *request, const char **problem,
    struct arena *arena, const Whistle__Command *message)
{
	int rc = command_read(
	    &request->command, problem, arena, message, COMMAND_ASKED);

	request->kind = ASK_COMMAND;
	if (rc || id_equal(&request->command.id, &request->id))
		return rc;
	*problem = "id: the command's is not the request's";
	return ERR_INVALID;
}

static int request_read(struct wire_request *request, const char **problem,
    struct arena *arena, const Whistle__Request *message)
{
	if (id_is_zero(&request->id)) {
		*problem = "id: not an id";
		return ERR_INVALID;
	}
	if (message->ask_case == WHISTLE__REQUEST__ASK_COMMAND)
		return command_asked(request, problem, arena, message->command);
	*problem = query_read(request, message);
	return *problem ? ERR_INVALID : 0;
}

/* The id that a request begins with, whatever follows, so that even a bad
 * one can be answered; zero when there is none. */
static struct id first_id(struct bytes bytes)
{
	static const uint8_t begin[] = { 1 << 3 | 2, ID_BYTES };
	struct id id = { 0 };

	if (bytes.len >= sizeof(begin) + ID_BYTES &&
	    memcmp(bytes.data, begin, sizeof(begin)) == 0)
		memcpy(id.b, bytes.data + sizeof(begin), ID_BYTES);
	return id;
}

int wire_request_unpack(struct wire_request *request_out,
    const char **problem_out, struct arena *arena, struct bytes bytes)
{
	const char *problem = "request: not a request's bytes";
	struct wire_request request = { .id = first_id(bytes) };
	Whistle__Request *message;
	int rc = message_unpack(&message, arena, &whistle__request__descriptor,
	    PUT_MAX_BYTES, GROWTH, bytes);

	if (!rc && bytes.len > EVENT_MAX_BYTES &&
	    message->ask_case != WHISTLE__REQUEST__ASK_PUT)
		rc = ERR_TOO_LARGE;
	if (!rc)
		rc = request_read(&request, &problem, arena, message);
	if (problem_out)
		*problem_out = rc ? problem : NULL;
	if (rc)
		request_out->id = request.id;
	else
		*request_out = request;
	return rc;
}

#include "export_read.h"

#include <string.h>
#include "base/err.h"
#include "pg_rows.h"
#include "say.h"

enum export_fault export_ask(struct wire_reply *reply_out,
    struct export *export, struct wire_request *request)
{
	struct cli *cli = export->cli;
	memset(&request->id, 0, sizeof(request->id));
	int err = client_ask(
	    reply_out, cli->client, request, (int)cli->timeout_s * 1000);
	if (err == ERR_TIMEOUT || err == ERR_UNREACHABLE)
		return EXPORT_NODE_SILENT;
	if (err < 0) {
		say_failure(err, cli->node->name);
		return EXPORT_NODE_FAILED;
	}
	return EXPORT_FINE;
}

static enum export_fault say_reply(
    struct export *export, const struct wire_reply *reply)
{
	say_result(export->cli, reply, "");
	return EXPORT_NODE_FAILED;
}

static int add_event(struct export *export, struct bytes packed)
{
	struct event event;
	struct hash hash;
	arena_reset(export->arena);
	int err = wire_event_unpack(&event, NULL, export->arena, packed);
	if (err < 0)
		return err;
	hash_of(&hash, packed);
	return pg_rows_event(
	    &export->rows_events, &event, &hash, export->with_words);
}

enum export_fault export_read_events(uint64_t *last_out, struct export *export)
{
	struct wire_request request = { .kind = ASK_FOLLOW };
	struct wire_reply reply;
	request.follow.after = export->followed;
	request.follow.limit = LIST_PAGE_MAX;
	enum export_fault fault = export_ask(&reply, export, &request);
	if (fault != EXPORT_FINE)
		return fault;
	if (reply.result != RESULT_DONE || !reply.has_body)
		return say_reply(export, &reply);
	for (size_t i = 0; i < reply.follow.count; i++) {
		int err = add_event(export, reply.follow.events[i].event);
		if (err < 0) {
			say_failure(err, export->cli->node->name);
			return EXPORT_NODE_FAILED;
		}
	}
	*last_out = reply.follow.last;
	export->events += reply.follow.count;
	return EXPORT_FINE;
}

static void ask_for_tickets(
    struct wire_request *request, const struct export *export)
{
	*request = (struct wire_request){ .kind = ASK_LIST };
	request->list.state = request->list.item = request->list.kind = "";
	request->list.external_id = request->list.outcome = "";
	request->list.channel = "";
	request->list.limit = LIST_PAGE_MAX;
	request->list.by_change = true;
	request->list.cursor =
	    bytes_of(export->cursor.data, export->cursor.len);
}

enum export_fault export_read_tickets(struct buf *cursor, bool *is_complete_out,
    bool *is_other_out, struct export *export)
{
	struct wire_request request;
	struct wire_reply reply;
	int err = 0;
	ask_for_tickets(&request, export);
	enum export_fault fault = export_ask(&reply, export, &request);
	if (fault != EXPORT_FINE)
		return fault;
	*is_other_out = reply.result == RESULT_INVALID &&
			strcmp(reply.detail, "cursor") == 0;
	if (*is_other_out)
		return EXPORT_FINE;
	if (reply.result != RESULT_DONE || !reply.has_body)
		return say_reply(export, &reply);
	for (size_t i = 0; err == 0 && i < reply.list.count; i++)
		err = pg_rows_ticket(&export->rows_tickets,
		    &reply.list.tickets[i], export->generation,
		    export->with_words);
	*is_complete_out = reply.list.complete;
	export->tickets += reply.list.count;
	buf_clear(cursor);
	if (err == 0 && reply.list.cursor.len <= EXPORT_CURSOR_MAX)
		err = buf_add(
		    cursor, reply.list.cursor.data, reply.list.cursor.len);
	return err == 0 ? EXPORT_FINE
			: (say_failure(err, "whistle"), EXPORT_NODE_FAILED);
}

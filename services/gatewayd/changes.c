/* The hotline's tickets in the order of their last change. */
#include <sodium.h>
#include <string.h>
#include "base/err.h"
#include "gatewayd/ask_ticket.h"
#include "gatewayd/handlers.h"
#include "gatewayd/query.h"
#include "gatewayd/ticket_json.h"

enum { LIMIT = 50, LIMIT_MAX = 200, CURSOR_BYTES = 64 };

static const char *const names[] = { "since", "cursor", "state", "division",
	"limit", NULL };

/* As it was given out: hex of the engine's own. */
static bool read_cursor(struct bytes *cursor_out, struct exchange *exchange,
    const struct form *form)
{
	const char *text = form_value(form, "cursor");
	uint8_t *bytes = arena_alloc(exchange->gateway->arena, CURSOR_BYTES);
	const char *end;
	size_t len;

	if (!bytes) {
		exchange_refuse(exchange, PROBLEM_BUSY);
		return false;
	}
	if (sodium_hex2bin(bytes, CURSOR_BYTES, text, strlen(text), NULL, &len,
		&end) != 0 ||
	    *end != '\0') {
		query_refuse(exchange, "cursor", FIELD_NOT_LISTED);
		return false;
	}
	*cursor_out = bytes_of(bytes, len);
	return true;
}

static bool read_state(
    const char **state_out, struct exchange *exchange, const struct form *form)
{
	unsigned state;

	*state_out = form_value(form, "state");
	if (!**state_out || word_parse(&state, WORD_STATE, *state_out) == 0)
		return true;
	query_refuse(exchange, "state", FIELD_NOT_LISTED);
	return false;
}

void changes_ask(struct exchange *exchange)
{
	struct wire_request request = { .kind = ASK_LIST };
	unsigned limit = LIMIT;
	struct form form;

	if (!query_read(&form, exchange, names) ||
	    !read_cursor(&request.list.cursor, exchange, &form) ||
	    !read_state(&request.list.state, exchange, &form) ||
	    !query_time(&request.list.since_ms, exchange, &form, "since") ||
	    !query_division(&request.list.place, exchange, &form, "division") ||
	    !query_number(&limit, exchange, &form, "limit", LIMIT_MAX))
		return;
	if (request.list.cursor.len > 0 && form_has(&form, "since")) {
		query_refuse(exchange, "since", FIELD_CONTRADICTS);
		return;
	}
	request.list.by_change = true;
	request.list.limit = limit;
	request.list.item = request.list.external_id = "";
	request.list.kind = word_name(WORD_KIND, KIND_APPEAL);
	exchange_ask(exchange, &request);
}

static json_t *rows_of(
    const struct wire_reply *reply, const struct gateway *gateway)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < reply->list.count; i++)
		if (json_array_append_new(
			rows, ticket_json_row(&reply->list.tickets[i],
				  gateway->org)) != 0) {
			json_decref(rows);
			return NULL;
		}
	return rows;
}

/* Only the cursor can be wrong by now: it is of an earlier store. */
static bool is_of_another_store(const struct wire_reply *reply)
{
	return reply && reply->result == RESULT_INVALID &&
	       strcmp(reply->detail, "cursor") == 0;
}

void changes_found(struct exchange *exchange, const struct wire_reply *reply)
{
	char cursor[2 * CURSOR_BYTES + 1];

	if (is_of_another_store(reply)) {
		exchange_refuse(exchange, PROBLEM_CURSOR_GONE);
		return;
	}
	if (!ask_is_done(exchange, reply, ASK_LIST))
		return;
	if (reply->list.cursor.len > CURSOR_BYTES) {
		exchange_refuse(exchange, PROBLEM_FAILED);
		return;
	}
	sodium_bin2hex(cursor, sizeof(cursor), reply->list.cursor.data,
	    reply->list.cursor.len);
	answer_json(&exchange->answer, 200,
	    json_pack("{s:o, s:s, s:b}", "tickets",
		rows_of(reply, exchange->gateway), "cursor", cursor, "complete",
		(int)reply->list.complete));
}

/*
 * The hotline's tickets as CSV, newest first: a page an answer, where the
 * next page's address is in the header Link and all pages behind one another
 * are one file; or, with `all`, one answer of all pages, made while it goes
 * out. Either way neither side holds more than a page, and whoever was cut
 * off asks for the rest.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "client/records.h"
#include "gatewayd/handlers.h"
#include "gatewayd/query.h"

enum { PAGE = 200 };

static const char *const names[] = { "from", "to", "before", "limit",
	"encoding", "bom", "safe", "all", NULL };

struct export
{
	struct records *records;
	struct buf said;
	struct id ids[LIST_PAGE_MAX], before;
	size_t count, next;
	struct wire_request list; /* for the next page */
	int64_t from_ms;
	bool is_last, is_whole; /* all in one answer */
	bool is_asked;
};

static void end_export(struct exchange *exchange)
{
	struct export *export = exchange->work;

	records_close(&export->records);
	buf_free(&export->said);
	free(export);
}

/* ---- the tickets of the page ---- */

/* The same query, from there on. */
static void name_next(struct exchange *exchange)
{
	struct export *export = exchange->work;
	const char *query = strchr(exchange->target, '?');
	char id[ID_TEXT], rest[ANSWER_LOCATION_MAX] = "";

	while (query && *query) {
		size_t len = strcspn(query + 1, "&");

		if (strncmp(query + 1, "before=", 7) != 0 &&
		    strlen(rest) + len + 2 < sizeof(rest)) {
			strcat(rest, "&");
			strncat(rest, query + 1, len);
		}
		query += 1 + len;
	}
	snprintf(exchange->answer.next, sizeof(exchange->answer.next),
	    "<" EXPORT_PATH "?before=%s%.*s>; rel=\"next\"",
	    id_format(id, &export->before), 400, rest);
}

static void finish(struct exchange *exchange)
{
	struct export *export = exchange->work;

	if (buf_add(&export->said, "", 1)) {
		exchange_refuse(exchange, PROBLEM_BUSY);
		return;
	}
	answer_set(
	    &exchange->answer, 200, "text/csv", (char *)export->said.data);
	exchange->answer.len = export->said.len - 1;
	export->said = (struct buf){ 0 };
	if (!export->is_last)
		name_next(exchange);
}

static void ask_page(struct exchange *exchange)
{
	struct export *export = exchange->work;
	struct wire_request request = export->list;

	export->count = export->next = 0;
	if (!id_is_zero(&export->before))
		request.list.cursor = bytes_of(export->before.b, ID_BYTES);
	exchange_ask(exchange, &request);
}

static void look_at_next(struct exchange *exchange)
{
	struct export *export = exchange->work;
	struct wire_request request = { .kind = ASK_SHOW,
		.show.external_id = "" };

	request.show.ticket = export->ids[export->next++];
	exchange_ask(exchange, &request);
}

/* In a stream: one question at a time, while there is room. */
static void go_on(struct exchange *exchange)
{
	struct export *export = exchange->work;

	if (export->said.len > 0)
		stream_add(exchange, export->said.data, export->said.len);
	buf_clear(&export->said);
	if (export->is_asked || !stream_has_room(exchange))
		return;
	if (exchange->gateway->is_draining) {
		stream_break(exchange);
		return;
	}
	if (export->next == export->count && export->is_last) {
		stream_end(exchange);
		return;
	}
	export->is_asked = true;
	if (export->next < export->count)
		look_at_next(exchange);
	else
		ask_page(exchange);
}

static void look_next(struct exchange *exchange)
{
	struct export *export = exchange->work;

	if (export->is_whole && !exchange->stream.is_begun)
		stream_begin(exchange, "text/csv", go_on);
	if (export->is_whole)
		go_on(exchange);
	else if (export->next == export->count)
		finish(exchange);
	else
		look_at_next(exchange);
}

static void take_ticket(
    struct exchange *exchange, const struct wire_reply *reply)
{
	struct export *export = exchange->work;

	if (records_ticket(&export->said, export->records, reply,
		exchange->gateway->arena))
		exchange_refuse(exchange, PROBLEM_FAILED);
	else
		look_next(exchange);
}

static void take_list(struct exchange *exchange, const struct wire_reply *reply)
{
	struct export *export = exchange->work;
	struct id oldest;

	for (size_t i = 0; i < reply->list.count; i++) {
		const struct ticket *ticket = &reply->list.tickets[i].ticket;

		if (ticket->opened_ms >= export->from_ms)
			export->ids[export->count++] = ticket->id;
	}
	records_id_at(&oldest, export->from_ms);
	export->is_last = reply->list.cursor.len != ID_BYTES;
	if (!export->is_last) {
		memcpy(export->before.b, reply->list.cursor.data, ID_BYTES);
		export->is_last =
		    memcmp(export->before.b, oldest.b, ID_BYTES) < 0;
	}
	look_next(exchange);
}

void export_reply(struct exchange *exchange, const struct wire_reply *reply)
{
	struct export *export = exchange->work;
	struct http_problem problem;

	export->is_asked = false;
	if (!reply || reply->result == RESULT_PENDING) {
		exchange_refuse(exchange, PROBLEM_NO_ANSWER);
	} else if (reply->result == RESULT_DONE && reply->kind == ASK_LIST) {
		take_list(exchange, reply);
	} else if (reply->result == RESULT_DONE && reply->kind == ASK_SHOW &&
		   reply->show.row) {
		take_ticket(exchange, reply);
	} else {
		problem = answer_problem_of(reply);
		exchange_problem(exchange, &problem);
	}
}

/* ---- what is asked for ---- */

static bool read_flag(bool *out, struct exchange *exchange,
    const struct form *form, const char *name)
{
	const char *text = form_value(form, name);

	*out = strcmp(text, "true") == 0;
	if (*out || !text[0] || strcmp(text, "false") == 0)
		return true;
	query_refuse(exchange, name, FIELD_NOT_FLAG);
	return false;
}

/* All in one answer, or the page's length. */
static bool read_extent(unsigned *limit, bool *is_whole,
    struct exchange *exchange, const struct form *form)
{
	if (!read_flag(is_whole, exchange, form, "all") ||
	    !query_number(limit, exchange, form, "limit", LIST_PAGE_MAX))
		return false;
	if (!*is_whole || !form_has(form, "limit"))
		return true;
	query_refuse(exchange, "limit", FIELD_CONTRADICTS);
	return false;
}

static bool read_style(struct records_style *style, struct exchange *exchange,
    const struct form *form)
{
	const char *encoding = form_value(form, "encoding");

	style->gb18030 = strcmp(encoding, "gb18030") == 0;
	if (encoding[0] && !style->gb18030 && strcmp(encoding, "utf-8") != 0) {
		query_refuse(exchange, "encoding", FIELD_NOT_LISTED);
		return false;
	}
	return read_flag(&style->mark, exchange, form, "bom") &&
	       read_flag(&style->defuse, exchange, form, "safe");
}

/* Where the page begins: a ticket, else a time, else now. */
static bool read_start(
    struct id *before, struct exchange *exchange, const struct form *form)
{
	const char *text = form_value(form, "before");
	int64_t to_ms = 0;

	if (!query_time(&to_ms, exchange, form, "to"))
		return false;
	if (text[0] && id_parse(before, text)) {
		query_refuse(exchange, "before", FIELD_NOT_LISTED);
		return false;
	}
	if (!text[0] && to_ms)
		records_id_at(before, to_ms);
	return true;
}

static bool begin(struct exchange *exchange, const struct form *form,
    const struct records_style *style)
{
	struct export *export = calloc(1, sizeof(*export));
	int rc;

	if (!export) {
		exchange_refuse(exchange, PROBLEM_BUSY);
		return false;
	}
	exchange->work = export;
	exchange->end_work = end_export;
	rc = records_open(&export->records, style);
	if (!rc && !form_has(form, "before"))
		rc = records_heading(&export->said, export->records);
	if (rc)
		exchange_refuse(exchange, PROBLEM_BUSY);
	return !rc;
}

static struct wire_request list_request(unsigned limit)
{
	struct wire_request request = { .kind = ASK_LIST };

	request.list.state = request.list.item = "";
	request.list.external_id = "";
	request.list.kind = word_name(WORD_KIND, KIND_APPEAL);
	request.list.limit = limit;
	return request;
}

void export_ask(struct exchange *exchange)
{
	struct records_style style = { .mark = false };
	struct export *export;
	unsigned limit = PAGE;
	int64_t from_ms = 0;
	struct id before = { 0 };
	bool is_whole;
	struct form form;

	if (!query_read(&form, exchange, names) ||
	    !query_time(&from_ms, exchange, &form, "from") ||
	    !read_extent(&limit, &is_whole, exchange, &form) ||
	    !read_start(&before, exchange, &form) ||
	    !read_style(&style, exchange, &form) ||
	    !begin(exchange, &form, &style))
		return;
	export = exchange->work;
	export->from_ms = from_ms;
	export->before = before;
	export->is_whole = is_whole;
	export->list = list_request(limit);
	ask_page(exchange);
}

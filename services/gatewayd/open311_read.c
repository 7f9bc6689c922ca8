/*
 * What clients of Open311 look for. Tickets lie in the order in which they
 * were opened, so a search walks from the end of its window back to its
 * start, newest first, and then looks at each ticket of the page.
 */
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "gatewayd/open311_inside.h"

enum { SEARCH_MS = 4000 }; /* so long may one look through tickets */

static void look_next(struct exchange *exchange);

/* The first id that a ticket opened at that time could have. */
static void id_at(struct id *id_out, int64_t time_ms)
{
	memset(id_out, 0, sizeof(*id_out));
	for (int i = 0; i < 6; i++)
		id_out->b[i] = (uint8_t)(time_ms >> (40 - 8 * i));
}

static int64_t time_of(const struct id *id)
{
	int64_t time_ms = 0;

	for (int i = 0; i < 6; i++)
		time_ms = time_ms << 8 | id->b[i];
	return time_ms;
}

static void finish(struct exchange *exchange)
{
	struct open311 *work = open311_of(exchange);
	json_t *array = work->array;

	work->array = NULL;
	if (work->is_one && json_array_size(array) == 0) {
		json_decref(array);
		exchange_refuse(exchange, PROBLEM_NO_SUCH_TICKET);
		return;
	}
	open311_say(exchange, 200, work->root, array);
}

/* ---- each ticket of the page ---- */

static int add_shown(struct exchange *exchange, const struct wire_reply *reply)
{
	struct open311 *work = open311_of(exchange);
	struct geo_city city = open311_city(exchange);
	struct arena *arena = exchange->gateway->arena;

	if (strcmp(work->root, "service_request_updates") == 0)
		return geo_updates(work->array, reply, arena, &city,
		    exchange->is_chinese, work->filter->start_ms,
		    work->filter->end_ms);
	return json_array_append_new(work->array,
		   geo_request(reply, arena, &city, exchange->is_chinese))
		   ? ERR_NOMEM
		   : 0;
}

static void looked(struct exchange *exchange, const struct wire_reply *reply)
{
	bool is_there = reply->result == RESULT_DONE && reply->show.row &&
			geo_is_public(&reply->show.row->ticket);

	if (is_there && add_shown(exchange, reply))
		exchange_refuse(exchange, PROBLEM_BUSY);
	else
		look_next(exchange);
}

static void look_next(struct exchange *exchange)
{
	struct open311 *work = open311_of(exchange);
	struct wire_request request = { .kind = ASK_SHOW,
		.show.external_id = "" };

	if (work->next == work->id_count) {
		finish(exchange);
		return;
	}
	request.show.ticket = work->ids[work->next++];
	open311_ask(exchange, &request, looked);
}

/* ---- the search ---- */

static void scan(struct exchange *exchange);

static void take_rows(struct open311 *work, const struct wire_reply *reply)
{
	const struct geo_filter *filter = work->filter;

	for (size_t i = 0; i < reply->list.count; i++) {
		const struct ticket *ticket = &reply->list.tickets[i].ticket;

		if (!geo_wants(filter, ticket) ||
		    (!filter->after_ms && !filter->before_ms &&
			ticket->opened_ms < filter->start_ms) ||
		    ticket->opened_ms > filter->end_ms)
			continue;
		if (work->passed++ < filter->skip ||
		    work->id_count == filter->limit)
			continue;
		work->ids[work->id_count++] = ticket->id;
	}
}

static void scanned(struct exchange *exchange, const struct wire_reply *reply)
{
	struct open311 *work = open311_of(exchange);
	bool by_change = work->filter->after_ms || work->filter->before_ms;
	bool is_end = reply->list.cursor.len != ID_BYTES;

	if (reply->result != RESULT_DONE) {
		exchange_refuse(exchange, PROBLEM_FAILED);
		return;
	}
	take_rows(work, reply);
	if (!is_end)
		memcpy(work->before.b, reply->list.cursor.data, ID_BYTES);
	if (!is_end && !by_change &&
	    time_of(&work->before) < work->filter->start_ms)
		is_end = true;
	if (is_end || work->id_count == work->filter->limit)
		look_next(exchange);
	else if (steady_ms() > work->until_ms)
		exchange_refuse(exchange, PROBLEM_TOO_MUCH);
	else
		scan(exchange);
}

static void scan(struct exchange *exchange)
{
	struct open311 *work = open311_of(exchange);
	const struct geo_filter *filter = work->filter;
	struct wire_request request = { .kind = ASK_LIST };

	request.list.state = "";
	request.list.kind = word_name(WORD_KIND, KIND_APPEAL);
	request.list.item = filter->code_count == 1 ? filter->codes[0] : "";
	request.list.external_id = "";
	request.list.limit = LIST_PAGE_MAX;
	if (!id_is_zero(&work->before))
		request.list.cursor = bytes_of(work->before.b, ID_BYTES);
	open311_ask(exchange, &request, scanned);
}

/* True when there is room for one more search. */
static bool begin(struct exchange *exchange, const char *root)
{
	struct gateway *gateway = exchange->gateway;
	struct open311 *work;

	if (gateway->searches >= SEARCHES_MAX) {
		exchange_refuse(exchange, PROBLEM_BUSY);
		return false;
	}
	if (!open311_begin(exchange))
		return false;
	work = open311_of(exchange);
	work->root = root;
	work->until_ms = steady_ms() + SEARCH_MS;
	work->filter = calloc(1, sizeof(*work->filter));
	work->ids = calloc(GEO_IDS_MAX, sizeof(*work->ids));
	work->array = json_array();
	if (!work->filter || !work->ids || !work->array) {
		exchange_refuse(exchange, PROBLEM_BUSY);
		return false;
	}
	work->is_counted = true;
	gateway->searches++;
	return true;
}

static void search(struct exchange *exchange, const char *root, bool is_updates)
{
	struct gateway *gateway = exchange->gateway;
	struct http_problem problem;
	struct geo_filter *filter;
	struct open311 *work;
	struct form form;
	int rc;

	if (!open311_form(&form, exchange) || !begin(exchange, root))
		return;
	work = open311_of(exchange);
	filter = work->filter;
	rc = geo_filter_read(
	    filter, &problem, &form, is_updates, clock_now_ms(&gateway->clock));
	if (rc) {
		open311_refuse(exchange, rc, &problem);
		return;
	}
	if (filter->has_ids) {
		memcpy(work->ids, filter->ids,
		    filter->id_count * sizeof(*work->ids));
		work->id_count = filter->id_count;
		look_next(exchange);
		return;
	}
	if (filter->end_ms < INT64_MAX && !is_updates)
		id_at(&work->before, filter->end_ms + 1);
	scan(exchange);
}

void open311_list(struct exchange *exchange)
{
	search(exchange, "service_requests", false);
}

void open311_updates(struct exchange *exchange)
{
	search(exchange, "service_request_updates", true);
}

void open311_show(struct exchange *exchange)
{
	struct open311 *work;
	struct form form;
	struct id id;

	if (!open311_form(&form, exchange) || !open311_id(&id, exchange) ||
	    !begin(exchange, "service_requests"))
		return;
	work = open311_of(exchange);
	work->is_one = true;
	work->ids[0] = id;
	work->id_count = 1;
	look_next(exchange);
}

/* A request has its number at once, so that the number is its token. */
static void found(struct exchange *exchange, const struct wire_reply *reply)
{
	char number[ID_TEXT];

	if (reply->result != RESULT_DONE || !reply->show.row ||
	    !geo_is_public(&reply->show.row->ticket)) {
		exchange_refuse(exchange, PROBLEM_NO_SUCH_TICKET);
		return;
	}
	id_format(number, &reply->show.row->ticket.id);
	open311_say(exchange, 200, "service_requests",
	    json_pack(
		"[{s:s, s:s}]", "service_request_id", number, "token", number));
}

void open311_token(struct exchange *exchange)
{
	struct wire_request request = { .kind = ASK_SHOW,
		.show.external_id = "" };
	struct form form;

	if (open311_form(&form, exchange) &&
	    open311_id(&request.show.ticket, exchange) &&
	    open311_begin(exchange))
		open311_ask(exchange, &request, found);
}

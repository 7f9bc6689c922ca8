/*
 * What an order that is about to be sent may be a duplicate of: live tickets
 * of the same item near the same place, the likest text first. The engine
 * finds them by its index; each is then looked at for its words.
 */
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "gatewayd/ask_ticket.h"
#include "gatewayd/handlers.h"
#include "gatewayd/likeness.h"
#include "gatewayd/order.h"
#include "gatewayd/order_text.h"
#include "gatewayd/query.h"
#include "gatewayd/say.h"
#include "gatewayd/ticket_json.h"

enum {
	HOURS = 7 * 24,
	HOURS_MAX = 90 * 24,
	LIMIT = 5,
	LIMIT_MAX = 20,
	FOUND_MAX = 50, /* looked at for their words */
};

static const char *const names[] = { "item", "item_path", "division", "address",
	"title", "content", "hours", "limit", NULL };

struct found {
	json_t *row;
	double likeness;
};

struct work {
	char *text; /* of the order to come */
	unsigned limit;
	char item[ITEM_CODE_MAX];
	struct unit_code place;
	bool has_list;
	struct id ids[FOUND_MAX];
	size_t id_count, next;
	struct found found[FOUND_MAX];
	size_t found_count;
};

static void end_work(struct exchange *exchange)
{
	struct work *work = exchange->work;

	for (size_t i = 0; i < work->found_count; i++)
		json_decref(work->found[i].row);
	free(work->text);
	free(work);
}

/* ---- the answer ---- */

static int compare(const void *a, const void *b)
{
	double x = ((const struct found *)a)->likeness;
	double y = ((const struct found *)b)->likeness;

	return (x < y) - (x > y);
}

static void answer(struct exchange *exchange)
{
	struct work *work = exchange->work;
	json_t *rows = json_array();

	qsort(work->found, work->found_count, sizeof(work->found[0]), compare);
	for (size_t i = 0; i < work->found_count && i < work->limit; i++)
		json_array_append(rows, work->found[i].row);
	answer_json(&exchange->answer, 200,
	    json_pack("{s:o, s:o, s:o, s:o}", "item", say_text(work->item),
		"division", say_text(work->place.s), "division_name",
		say_unit_name(exchange->gateway->org, &work->place), "tickets",
		rows));
}

/* ---- each that was found ---- */

static void look_next(struct exchange *exchange)
{
	struct work *work = exchange->work;
	struct wire_request request = { .kind = ASK_SHOW };

	if (work->next == work->id_count) {
		answer(exchange);
		return;
	}
	request.show.ticket = work->ids[work->next++];
	request.show.external_id = "";
	exchange_ask(exchange, &request);
}

static double likeness_of(
    const char *text, const struct wire_reply *reply, struct arena *arena)
{
	struct order_text order;
	struct event opening;
	const char *whole;
	char *joined;

	if (reply->show.event_count == 0 ||
	    wire_event_unpack(&opening, NULL, arena, reply->show.events[0]) ||
	    order_text_read(&order, arena, opening.what.text))
		return 0;
	joined = arena_alloc(
	    arena, strlen(opening.what.title) + strlen(order.content) + 2);
	if (!joined)
		return 0;
	whole = joined;
	joined = stpcpy(joined, opening.what.title);
	stpcpy(stpcpy(joined, " "), order.content);
	return likeness(text, whole);
}

static void add(struct exchange *exchange, const struct wire_reply *reply)
{
	struct work *work = exchange->work;
	struct gateway *gateway = exchange->gateway;
	double alike = likeness_of(work->text, reply, gateway->arena);
	json_t *row = say_joined(ticket_json_row(reply->show.row, gateway->org),
	    json_pack("{s:f}", "likeness", (double)(int)(alike * 100) / 100));

	/* a live one has none of these */
	json_object_del(row, "closed");
	json_object_del(row, "rating");
	json_object_del(row, "follows");
	if (row)
		work->found[work->found_count++] = (struct found){ row, alike };
}

static void take_list(struct work *work, const struct wire_reply *reply)
{
	for (size_t i = 0; i < reply->list.count && i < FOUND_MAX; i++)
		work->ids[work->id_count++] = reply->list.tickets[i].ticket.id;
	work->has_list = true;
}

void similar_found(struct exchange *exchange, const struct wire_reply *reply)
{
	struct work *work = exchange->work;

	if (!work->has_list) {
		if (!ask_is_done(exchange, reply, ASK_LIST))
			return;
		take_list(work, reply);
	} else {
		if (reply && reply->result == RESULT_DONE &&
		    reply->kind == ASK_SHOW && reply->show.row)
			add(exchange, reply);
		else if (!ask_is_done(exchange, reply, ASK_SHOW))
			return;
	}
	look_next(exchange);
}

/* ---- where to look ---- */

/* As routine will classify it. */
static bool find_item(struct exchange *exchange, const struct form *form)
{
	const struct catalogue *catalogue = exchange->gateway->catalogue;
	struct work *work = exchange->work;
	const char *code = form_value(form, "item");
	const struct item *item = catalogue_item(catalogue, code);

	if (code[0] && !item) {
		query_refuse(exchange, "item", FIELD_NOT_LISTED);
		return false;
	}
	if (!item)
		item =
		    order_path_item(catalogue, form_value(form, "item_path"));
	if (!item)
		item = catalogue_classify(NULL, catalogue,
		    form_value(form, "title"), form_value(form, "content"));
	if (item)
		strcpy(work->item, item->code);
	return true;
}

static bool find_place(struct exchange *exchange, const struct form *form)
{
	struct work *work = exchange->work;
	const struct unit *place;

	if (!query_division(&work->place, exchange, form, "division"))
		return false;
	if (!code_is_empty(&work->place))
		return true;
	place = address_find(NULL, exchange->gateway->places,
	    form_value(form, "address"), form_value(form, "content"), NULL);
	if (place)
		work->place = place->code;
	return true;
}

static bool begin(struct exchange *exchange, const struct form *form)
{
	const char *title = form_value(form, "title");
	const char *content = form_value(form, "content");
	struct work *work = calloc(1, sizeof(*work));

	if (!work) {
		exchange_refuse(exchange, PROBLEM_BUSY);
		return false;
	}
	exchange->work = work;
	exchange->end_work = end_work;
	work->limit = LIMIT;
	work->text = malloc(strlen(title) + strlen(content) + 2);
	if (!work->text) {
		exchange_refuse(exchange, PROBLEM_BUSY);
		return false;
	}
	stpcpy(stpcpy(stpcpy(work->text, title), " "), content);
	return true;
}

void similar_ask(struct exchange *exchange)
{
	struct wire_request request = { .kind = ASK_LIST };
	unsigned hours = HOURS;
	struct work *work;
	struct form form;

	if (!query_read(&form, exchange, names) || !begin(exchange, &form))
		return;
	work = exchange->work;
	if (!query_number(&hours, exchange, &form, "hours", HOURS_MAX) ||
	    !query_number(&work->limit, exchange, &form, "limit", LIMIT_MAX) ||
	    !find_item(exchange, &form) || !find_place(exchange, &form))
		return;
	if (!work->item[0] || code_is_empty(&work->place)) {
		answer(exchange); /* nothing is near nowhere */
		return;
	}
	request.list.state = request.list.external_id = "";
	request.list.kind = word_name(WORD_KIND, KIND_APPEAL);
	request.list.around = true;
	request.list.item = work->item;
	request.list.place = work->place;
	request.list.limit = FOUND_MAX;
	request.list.since_ms = clock_now_ms(&exchange->gateway->clock) -
				(int64_t)hours * 3600 * 1000;
	exchange_ask(exchange, &request);
}

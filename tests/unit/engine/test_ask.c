/* Questions: who may see what, in pages that miss nothing, and bounded. */
#include "world.h"

#include <stdio.h>
#include <string.h>

static int setup(void **state)
{
	return world_begin(state, 8);
}

static void open_many(struct world *world, const char *operator,
    const char * item, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		struct wire_request request = wish_open(item, NULL);
		world_send(world, operator, NULL, &request);
		if (i % 100 == 99)
			world_run(world, 50);
	}
	world_settle(world);
}

/* Asks for page after page; how many tickets there are, each once. */
static unsigned count_listed(
    struct world *world, const char *operator, struct wire_request * request)
{
	static uint8_t cursor[64];
	static struct id seen[4000];
	unsigned count = 0;
	struct wire_reply reply;

	do {
		memset(&request->id, 0, sizeof(request->id));
		reply = must(world, operator, request);
		for (size_t i = 0; i < reply.list.count; i++) {
			struct id id = reply.list.tickets[i].ticket.id;
			for (unsigned k = 0; k < count; k++)
				assert_false(id_equal(&seen[k], &id));
			assert_true(count < 4000);
			seen[count++] = id;
		}
		assert_true(reply.list.cursor.len <= sizeof(cursor));
		if (reply.list.cursor.len)
			memcpy(cursor, reply.list.cursor.data,
			    reply.list.cursor.len);
		request->list.cursor = bytes_of(cursor, reply.list.cursor.len);
	} while (request->list.cursor.len);
	return count;
}

static void pages_of_a_holder_miss_nothing(void **state)
{
	struct world *world = *state;
	struct wire_request request = wish(ASK_LIST);
	struct id id;

	for (int i = 0; i < 40; i++) {
		id = open_ticket(world, "grid-1", "lamp", NULL);
		if (i % 3 == 0)
			continue;
		struct wire_request more =
		    i % 3 == 1 ? wish_to(VERB_ACCEPT, &id) : wish_resolve(&id);
		must(world, "grid-1", &more);
	}
	request.list.holder = code_of(UNIT_GRID_1);
	for (unsigned limit = 1; limit < 50; limit += 7) {
		request.list.limit = limit;
		assert_int_equal(count_listed(world, "grid-1", &request), 40);
	}
	request.list.state = "accepted";
	request.list.limit = 3;
	assert_int_equal(count_listed(world, "grid-1", &request), 13);
	request.list.state = "";
	request.list.outcome = "solved";
	assert_int_equal(count_listed(world, "grid-1", &request), 13);
	request.list.channel = "mediation";
	assert_int_equal(count_listed(world, "grid-1", &request), 0);
}

/* Asks for page after page of a queue; each no sooner than the one before. */
static unsigned count_queue(
    struct world *world, const char *operator, struct wire_request * request)
{
	static uint8_t cursor[64];
	int64_t last_ms = 0;
	unsigned count = 0;
	struct wire_reply reply;

	request->list.queue = true;
	request->list.cursor = bytes_of(NULL, 0);
	do {
		memset(&request->id, 0, sizeof(request->id));
		reply = must(world, operator, request);
		assert_true(reply.list.count <= request->list.limit);
		for (size_t i = 0; i < reply.list.count; i++) {
			const struct ticket *at = &reply.list.tickets[i].ticket;
			int64_t due_ms = ticket_next_due_ms(at);

			due_ms = due_ms ? due_ms : INT64_MAX;
			assert_true(due_ms >= last_ms);
			assert_true(ticket_waits_for_person(at));
			last_ms = due_ms;
			count++;
		}
		assert_true(reply.list.cursor.len <= sizeof(cursor));
		if (reply.list.cursor.len)
			memcpy(cursor, reply.list.cursor.data,
			    reply.list.cursor.len);
		request->list.cursor = bytes_of(cursor, reply.list.cursor.len);
	} while (request->list.cursor.len);
	return count;
}

/* 40 of the one grid, of which 13 are over, and 2 of the other. */
static void open_a_queue(struct world *world)
{
	for (int i = 0; i < 40; i++) {
		struct id id = open_ticket(world, "grid-1", "lamp", NULL);
		struct wire_request more = wish_to(VERB_ACCEPT, &id);

		if (i % 3 == 1)
			must(world, "grid-1", &more);
		if (i % 3 != 2)
			continue;
		more = wish_resolve(&id);
		must(world, "grid-1", &more);
		more = wish_rate(&id);
		must(world, "grid-1", &more);
	}
	open_ticket(world, "grid-1b", "lamp", NULL);
	open_ticket(world, "grid-1b", "lamp", NULL);
	world_settle(world);
}

static void a_queue_is_in_the_order_of_its_deadlines(void **state)
{
	struct world *world = *state;
	struct wire_request request = wish(ASK_LIST);

	open_a_queue(world);
	for (unsigned limit = 1; limit < 50; limit += 7) {
		request.list.limit = limit;
		assert_int_equal(count_queue(world, "grid-1", &request), 27);
	}
	assert_int_equal(count_queue(world, "grid-1b", &request), 2);
	assert_int_equal(count_queue(world, "street-1", &request), 0);
	request.list.kind = "callout";
	assert_int_equal(count_queue(world, "grid-1", &request), 0);
}

static void a_queue_of_all_below_is_one_queue(void **state)
{
	struct world *world = *state;
	struct wire_request request = wish(ASK_LIST);

	open_a_queue(world);
	request.list.under = code_of(UNIT_STREET_1);
	for (unsigned limit = 1; limit < 50; limit += 7) {
		request.list.limit = limit;
		assert_int_equal(count_queue(world, "street-1", &request), 29);
	}
	assert_int_equal(count_queue(world, "boss", &request), 29);
	request.list.under = code_of(UNIT_STREET_2);
	assert_int_equal(count_queue(world, "boss", &request), 0);
	request.list.under = code_of(UNIT_GRID_1);
	request.list.item = "lamp";
	assert_int_equal(count_queue(world, "boss", &request), 27);
	request.list.item = "hole";
	assert_int_equal(count_queue(world, "boss", &request), 0);
}

static void a_queue_goes_on_only_from_a_place_in_it(void **state)
{
	struct world *world = *state;
	struct wire_request request = wish(ASK_LIST);

	request.list.queue = true;
	request.list.cursor = bytes_of("nowhere", 7);
	assert_int_equal(
	    world_ask(world, "grid-1", &request).result, RESULT_INVALID);
}

static unsigned count_followed(
    struct world *world, const char *operator, const char * under)
{
	struct wire_request request = wish(ASK_FOLLOW);
	struct wire_reply reply;
	unsigned count = 0;

	request.follow.under = code_of(under);
	do {
		memset(&request.id, 0, sizeof(request.id));
		reply = must(world, operator, & request);
		count += (unsigned)reply.follow.count;
		if (request.follow.after == reply.follow.last)
			break;
		request.follow.after = reply.follow.last;
	} while (true);
	return count;
}

static void following_can_be_narrowed_to_a_unit(void **state)
{
	struct world *world = *state;
	struct wire_request request = wish(ASK_FOLLOW);

	open_ticket(world, "grid-1", "lamp", NULL);
	open_ticket(world, "grid-1b", "lamp", NULL);
	world_settle(world);
	assert_int_equal(count_followed(world, "boss", UNIT_STREET_2), 0);
	assert_true(count_followed(world, "boss", UNIT_GRID_1) > 0);
	assert_int_equal(count_followed(world, "boss", UNIT_STREET_1),
	    count_followed(world, "boss", UNIT_GRID_1) +
		count_followed(world, "boss", UNIT_GRID_1B));
	request.follow.under = code_of("4299");
	assert_int_equal(
	    world_ask(world, "boss", &request).result, RESULT_INVALID);
}

static void each_sees_its_own_side(void **state)
{
	struct world *world = *state;
	struct wire_request request = wish(ASK_LIST);
	struct id id = open_ticket(world, "grid-1", "lamp", NULL);

	open_ticket(world, "grid-2", "hole", NULL);
	open_ticket(world, "hotline", "fund", NULL);
	world_settle(world);
	assert_int_equal(count_listed(world, "boss", &request), 3);
	assert_int_equal(count_listed(world, "district", &request), 2);
	assert_int_equal(count_listed(world, "street-1", &request), 1);
	assert_int_equal(count_listed(world, "grid-1", &request), 1);
	assert_int_equal(count_listed(world, "grid-1b", &request), 0);
	assert_int_equal(count_listed(world, "cgj", &request), 0);
	assert_int_equal(count_listed(world, "hotline", &request), 1);
	assert_int_equal(count_listed(world, "engineer", &request), 0);
	request = wish(ASK_SHOW);
	request.show.ticket = id;
	must(world, "street-1", &request);
	request = wish(ASK_SHOW);
	request.show.ticket = id;
	assert_int_equal(
	    world_ask(world, "cgj", &request).result, RESULT_NOT_FOUND);
}

static void what_cannot_be_listed_is_invalid(void **state)
{
	struct world *world = *state;
	struct wire_request request = wish(ASK_LIST);

	request.list.state = "nonsense";
	assert_int_equal(
	    world_ask(world, "boss", &request).result, RESULT_INVALID);
	request = wish(ASK_LIST);
	request.list.outcome = "nonsense";
	assert_int_equal(
	    world_ask(world, "boss", &request).result, RESULT_INVALID);
	request = wish(ASK_LIST);
	request.list.under = code_of("420799");
	assert_int_equal(
	    world_ask(world, "boss", &request).result, RESULT_INVALID);
	request = wish(ASK_SCORE);
	request.score.under = code_of("420799");
	assert_int_equal(
	    world_ask(world, "boss", &request).result, RESULT_INVALID);
}

/* Hundreds of dear questions in one turn are answered, all of them. */
static void many_questions_at_once_are_all_answered(void **state)
{
	struct world *world = *state;
	static char text[TEXT_MAX_BYTES - 1000];
	struct wire_request request;
	struct wire_reply reply;

	memset(text, 'x', sizeof(text) - 1);
	for (int i = 0; i < 60; i++) {
		request = wish_open("lamp", NULL);
		request.command.what.text = text;
		must(world, "grid-1", &request);
	}
	world_settle(world);
	world_forget_log(world);
	for (int i = 0; i < 500; i++) {
		request = wish(ASK_LIST);
		request.list.limit = 500;
		world_send(world, "boss", NULL, &request);
	}
	request = wish(ASK_STATUS);
	world_send(world, "boss", NULL, &request);
	world_run(world, 2000);
	assert_true(world_reply(world, &reply, &request.id));
	assert_false(world_logged(world, "given_up"));
}

/* A log of any length is read in parts, and makes no node fall. */
static void a_long_log_travels_and_is_shown_in_parts(void **state)
{
	struct world *world = *state;
	static char text[TEXT_MAX_BYTES - 1000];
	struct id id = open_ticket(world, "grid-1", "lamp", NULL);
	struct wire_request request;
	struct wire_reply reply;
	uint32_t from = 0, count = 0;

	memset(text, 'x', sizeof(text) - 1);
	for (int i = 0; i < 100; i++) {
		request = wish_note(&id, text);
		must(world, "grid-1", &request);
	}
	request = wish_forward(&id, UNIT_COMMUNITY_1);
	must(world, "grid-1", &request);
	world_settle(world);
	/* to a node that has to get all of it at once */
	request = wish_forward(&id, UNIT_GRID_1B);
	must(world, "community-1", &request);
	world_settle(world);
	node_lose_store(&world->nodes[GRID_1]);
	node_start(&world->nodes[GRID_1]);
	world_settle(world);
	world_check_views(world);
	do {
		request = wish(ASK_SHOW);
		request.show.ticket = id;
		request.show.from = from;
		reply = must(world, "boss", &request);
		count += (uint32_t)reply.show.event_count;
		from = reply.show.next;
	} while (from);
	assert_int_equal(count, node_ticket(&world->nodes[CITY], &id).seq);
}

static unsigned follow_all(
    struct world *world, const char *operator, unsigned limit)
{
	struct wire_request request = wish(ASK_FOLLOW);
	unsigned count = 0;

	request.follow.limit = limit;
	for (;;) {
		memset(&request.id, 0, sizeof(request.id));
		struct wire_reply reply = must(world, operator, & request);
		count += (unsigned)reply.follow.count;
		if (reply.follow.last == request.follow.after)
			return count;
		request.follow.after = reply.follow.last;
	}
}

static void following_misses_nothing(void **state)
{
	struct world *world = *state;
	struct id id = open_ticket(world, "grid-1", "hole", NULL);
	unsigned events;

	open_ticket(world, "grid-2", "lamp", NULL);
	world_settle(world);
	events = node_ticket(&world->nodes[CITY], &id).seq + 1;
	assert_int_equal(follow_all(world, "boss", 0), events);
	assert_int_equal(follow_all(world, "boss", 1), events);
	assert_int_equal(follow_all(world, "street-1", 0), events - 1);
	assert_int_equal(follow_all(world, "cgj", 0), 0);
}

/* Whoever may see little looks at much: more tickets than a turn can hold. */
static void following_past_thousands_of_others_tickets(void **state)
{
	struct world *world = *state;

	open_many(world, "grid-1", "lamp", TURN_DRAFTS_MAX + 200);
	world_forget_log(world);
	assert_int_equal(follow_all(world, "cgj", 0), 0);
	assert_false(world_logged(world, "given_up"));
}

static void scores_are_counted_where_they_are_asked(void **state)
{
	struct world *world = *state;
	struct id id = open_ticket(world, "grid-1", "hole", NULL);
	struct wire_request request = wish(ASK_SCORE);
	struct wire_reply reply;
	uint64_t opened = 0;

	(void)id;
	world_settle(world);
	reply = must(world, "boss", &request);
	assert_true(reply.score.count > 0);
	for (size_t i = 0; i < reply.score.count; i++)
		if (!strcmp(reply.score.lines[i].unit.s, UNIT_GRID_1))
			opened += reply.score.lines[i].counts[SCORE_OPENED];
	assert_int_equal(opened, 1);
}

static void score_row(struct kv_txn *txn, const char *unit, const char *period,
    const char *item, const char *other, int64_t by_each)
{
	struct counters_key key = { unit, period, item, other };
	int64_t by[SCORE_COUNT];

	for (unsigned i = 0; i < SCORE_COUNT; i++)
		by[i] = by_each;
	assert_int_equal(counters_add(txn, &key, by, SCORE_COUNT), 0);
}

static struct kv_txn *write_scores(struct world *world)
{
	struct kv_txn *txn = NULL;

	assert_int_equal(
	    kv_begin(&txn, world->nodes[CITY].engine->config.store.kv, true),
	    0);
	return txn;
}

static void a_score_comes_in_pages_that_miss_nothing(void **state)
{
	static uint8_t cursor[256];
	struct world *world = *state;
	struct wire_request request = wish(ASK_SCORE);
	struct wire_reply reply;
	struct kv_txn *txn = write_scores(world);
	char item[ITEM_CODE_MAX];
	size_t lines = 0, pages = 0;
	uint64_t sum = 0;

	for (int i = 0; i < 4 * LIST_PAGE_MAX + 1; i++) {
		snprintf(item, sizeof(item), "item-of-a-long-code-%011d", i);
		score_row(
		    txn, UNIT_STREET_1, "2026-11", item, "", INT64_C(1) << 40);
	}
	assert_int_equal(kv_commit(&txn), 0);
	request.score.by_item = true;
	do {
		memset(&request.id, 0, sizeof(request.id));
		reply = must(world, "boss", &request);
		lines += reply.score.count;
		for (size_t i = 0; i < reply.score.count; i++)
			sum += reply.score.lines[i].counts[SCORE_COUNT - 1];
		if (reply.score.cursor.len)
			memcpy(cursor, reply.score.cursor.data,
			    reply.score.cursor.len);
		request.score.cursor = bytes_of(cursor, reply.score.cursor.len);
		pages++;
	} while (request.score.cursor.len);
	assert_int_equal(pages, 2);
	assert_int_equal(lines, 4 * LIST_PAGE_MAX + 1);
	assert_true(sum == (UINT64_C(1) << 40) * (4 * LIST_PAGE_MAX + 1));
	request = wish(ASK_SCORE);
	request.score.under = code_of(UNIT_STREET_2);
	reply = must(world, "boss", &request);
	assert_int_equal(reply.score.count, 0);
	assert_int_equal(reply.score.cursor.len, 0);
}

static void expect_lines(
    struct world *world, struct wire_request *request, const char *text)
{
	struct wire_reply reply;
	char lines[1024] = "";

	memset(&request->id, 0, sizeof(request->id));
	reply = must(world, "boss", request);
	for (size_t i = 0; i < reply.score.count; i++) {
		const struct wire_score_line *line = &reply.score.lines[i];
		size_t len = strlen(lines);

		snprintf(lines + len, sizeof(lines) - len, "%s%s%s%s%s=%u ",
		    line->unit.s, line->item, line->domain, line->period,
		    line->other.s, (unsigned)line->counts[0]);
	}
	assert_string_equal(lines, text);
}

static void a_score_is_grouped_as_asked(void **state)
{
	struct world *world = *state;
	struct wire_request request = wish(ASK_SCORE);
	struct kv_txn *txn = write_scores(world);

	score_row(txn, UNIT_STREET_1, "2026-10", "hole", "", 1);
	score_row(txn, UNIT_STREET_1, "2026-11", "hole", UNIT_DISTRICT, 2);
	score_row(txn, UNIT_STREET_1, "2026-12", "lamp", "", 4);
	score_row(txn, UNIT_STREET_2, "2026-11", "hole", "", 8);
	assert_int_equal(kv_commit(&txn), 0);
	expect_lines(world, &request, UNIT_STREET_1 "=7 " UNIT_STREET_2 "=8 ");
	request.score.unit = code_of(UNIT_STREET_1);
	expect_lines(world, &request, UNIT_STREET_1 "=7 ");
	request.score.by_item = true;
	expect_lines(
	    world, &request, UNIT_STREET_1 "hole=3 " UNIT_STREET_1 "lamp=4 ");
	request.score.from = "2026-11";
	expect_lines(
	    world, &request, UNIT_STREET_1 "hole=2 " UNIT_STREET_1 "lamp=4 ");
	request.score.to = "2026-11";
	expect_lines(world, &request, UNIT_STREET_1 "hole=2 ");
	request.score.from = request.score.to = "";
	request.score.by_item = false;
	request.score.by_month = true;
	request.score.item = "hole";
	expect_lines(world, &request,
	    UNIT_STREET_1 "2026-10=1 " UNIT_STREET_1 "2026-11=2 ");
	request.score.by_month = false;
	request.score.by_other = true;
	expect_lines(world, &request,
	    UNIT_STREET_1 "=1 " UNIT_STREET_1 UNIT_DISTRICT "=2 ");
	request.score.by_other = false;
	request.score.item = "";
	request.score.from = "november";
	assert_int_equal(
	    world_ask(world, "boss", &request).result, RESULT_INVALID);
}

static void a_node_says_whose_tickets_it_does_not_all_know(void **state)
{
	struct world *world = *state;
	struct wire_request request = wish(ASK_SCORE);
	struct wire_reply reply;

	request.score.unit = code_of(UNIT_STREET_1);
	reply = must(world, "street-1", &request);
	assert_int_equal(reply.score.count, 1);
	assert_false(reply.score.lines[0].is_partial);
	memset(&request.id, 0, sizeof(request.id));
	request.score.unit = code_of(UNIT_GRID_1);
	assert_false(
	    must(world, "street-1", &request).score.lines[0].is_partial);
	memset(&request.id, 0, sizeof(request.id));
	request.score.unit = code_of(UNIT_DISTRICT);
	assert_true(
	    must(world, "street-1", &request).score.lines[0].is_partial);
	memset(&request.id, 0, sizeof(request.id));
	assert_false(must(world, "boss", &request).score.lines[0].is_partial);
}

static void a_request_that_cannot_be_read_is_answered(void **state)
{
	struct world *world = *state;
	const struct operator* boss = org_operator(world->org, "boss");
	uint8_t bytes[2 + ID_BYTES + 3] = { 1 << 3 | 2, ID_BYTES };
	struct wire_reply reply;
	struct id id = world_id(world);

	memcpy(bytes + 2, id.b, ID_BYTES);
	memset(bytes + 2 + ID_BYTES, 0xff, 3);
	node_inject_key(&world->nodes[CITY], boss->public_key, "Oboss",
	    bytes_of(bytes, sizeof(bytes)));
	/* and one that has no id at all */
	node_inject_key(&world->nodes[CITY], boss->public_key, "Oboss",
	    bytes_of("junk", 4));
	world_run(world, 100);
	assert_true(world_reply(world, &reply, &id));
	assert_int_equal(reply.result, RESULT_INVALID);
	world_settle(world);
}

#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, setup, world_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_WORLD(pages_of_a_holder_miss_nothing),
		IN_WORLD(a_queue_is_in_the_order_of_its_deadlines),
		IN_WORLD(a_queue_of_all_below_is_one_queue),
		IN_WORLD(a_queue_goes_on_only_from_a_place_in_it),
		IN_WORLD(following_can_be_narrowed_to_a_unit),
		IN_WORLD(each_sees_its_own_side),
		IN_WORLD(what_cannot_be_listed_is_invalid),
		IN_WORLD(many_questions_at_once_are_all_answered),
		IN_WORLD(a_long_log_travels_and_is_shown_in_parts),
		IN_WORLD(following_misses_nothing),
		IN_WORLD(following_past_thousands_of_others_tickets),
		IN_WORLD(scores_are_counted_where_they_are_asked),
		IN_WORLD(a_score_comes_in_pages_that_miss_nothing),
		IN_WORLD(a_score_is_grouped_as_asked),
		IN_WORLD(a_node_says_whose_tickets_it_does_not_all_know),
		IN_WORLD(a_request_that_cannot_be_read_is_answered),
	};

	return cmocka_run_group_tests_name("engine/ask", tests, NULL, NULL);
}

/*
 * Powers hold between nodes: gridd's own key, in the hands of somebody else,
 * speaks for gridd's units and for nobody else, and for those no more than
 * the law lets them.
 */
#include "harness/harness.h"

#include <stdio.h>
#include <string.h>

#define GRID	  "grid-420704001002001"
#define GRID_AT	  "420704001002001"
#define STREET	  "street-420704001"
#define STREET_AT "420704001"

static struct city city;

static int open_city(void **state)
{
	(void)state;
	city_open(&city);
	return 0;
}

/* ---- tickets to try on ---- */

static struct id new_ticket(void)
{
	struct wish wish;

	wish_start(&wish, VERB_OPEN, NULL);
	wish.what->title = "有件事想请人看看";
	return wish_do(&city, GRID, &wish);
}

static void forward(
    const char *operator_name, const struct id *ticket, const char *to)
{
	struct wish wish;

	wish_start(&wish, VERB_FORWARD, ticket);
	wish.what->to = unit_code(to);
	wish.what->text = "请接着办";
	wish_do(&city, operator_name, &wish);
	wait_held(&city, ticket, to, STATE_OPEN);
}

static struct id ticket_of_street(void)
{
	struct id ticket = new_ticket();

	forward(GRID, &ticket, "420704001002");
	forward("comm-420704001002", &ticket, STREET_AT);
	return ticket;
}

/* Nothing more has happened to it than `events`. */
static void has_events(const struct id *id, const char *node, uint32_t events)
{
	struct ticket ticket;

	see(&ticket, &city, node, id);
	assert_int_equal(ticket.seq, events);
}

static void lie(struct peer *peer)
{
	assert_int_equal(daemon_stop(&city, "gridd"), 0);
	peer_open(peer, &city, "gridd", "communityd");
}

static void stop_lying(struct peer *peer)
{
	peer_close(peer);
	daemon_start(&city, "gridd", NULL);
	city_wait_up(&city);
	city_wait_quiet(&city);
}

/* communityd logs why it drops what comes from gridd, once a minute for each
 * reason: so each test has a reason of its own. */
static void dropped(const char *reason)
{
	char line[128];

	snprintf(line, sizeof(line), "problem=%s action=dropped", reason);
	assert_int_equal(file_count(city_log(&city, "communityd"), line), 1);
}

static void refuses_an_event_that_claims_another_unit(void **state)
{
	struct id id = ticket_of_street();
	struct ticket ticket;
	struct event event;
	struct peer peer;
	(void)state;

	city_wait_quiet(&city);
	see(&ticket, &city, "communityd", &id);
	lie(&peer);
	event_next(&event, &ticket, VERB_RESOLVE, STREET_AT);
	event.what.to = ticket.origin;
	event.what.outcome = OUTCOME_SOLVED;
	event.what.channel = CHANNEL_GOVERNMENT;
	event.what.text = "已经办好";
	peer_send_event(&peer, &event);
	has_events(&id, "communityd", ticket.seq);
	dropped("wrong_side");
	stop_lying(&peer);
	logs_check(&city, &id, 1);
}

static void refuses_an_event_that_its_writer_may_not_write(void **state)
{
	struct id id = new_ticket();
	struct callout callout = { .ticket = { { 1 } },
		.department = unit_code("420704-zjj"),
		.lead = true };
	struct ticket ticket;
	struct event event;
	struct peer peer;
	(void)state;

	city_wait_quiet(&city);
	see(&ticket, &city, "communityd", &id);
	lie(&peer);
	event_next(&event, &ticket, VERB_WHISTLE, GRID_AT);
	event.what.colour = COLOUR_RED;
	event.what.callouts = &callout;
	event.what.callout_count = 1;
	peer_send_event(&peer, &event);
	has_events(&id, "communityd", ticket.seq);
	dropped("no_power");
	stop_lying(&peer);
	logs_check(&city, &id, 1);
}

static void refuses_a_callout_by_who_may_not_whistle(void **state)
{
	struct id parent = new_ticket();
	struct ticket none = { .seq = 0 }, ticket;
	struct event event;
	struct peer peer;
	(void)state;

	city_wait_quiet(&city);
	lie(&peer);
	none.id = (struct id){ { 1, 2, 3 } };
	event_next(&event, &none, VERB_OPEN, GRID_AT);
	event.what.kind = KIND_CALLOUT;
	event.what.source = SOURCE_WHISTLE;
	event.what.colour = COLOUR_RED;
	event.what.parent = parent;
	event.what.to = unit_code("420704-zjj");
	peer_send_event(&peer, &event);
	see(&ticket, &city, "communityd", &none.id);
	assert_int_equal(ticket.seq, 0);
	stop_lying(&peer);
}

static void refuses_an_event_that_does_not_follow(void **state)
{
	struct id id = new_ticket();
	struct ticket ticket;
	struct event event;
	struct peer peer;
	(void)state;

	city_wait_quiet(&city);
	see(&ticket, &city, "communityd", &id);
	lie(&peer);
	event_next(&event, &ticket, VERB_ACCEPT, GRID_AT);
	event.prev.b[0] ^= 1;
	peer_send_event(&peer, &event);
	has_events(&id, "communityd", ticket.seq);
	dropped("does_not_follow");
	stop_lying(&peer);
	logs_check(&city, &id, 1);
}

static void refuses_another_history_of_the_same_ticket(void **state)
{
	struct id id = new_ticket();
	struct ticket ticket, root;
	struct event event;
	struct peer peer;
	(void)state;

	struct wish wish;
	(void)state;

	wish_start(&wish, VERB_ACCEPT, &id);
	wish_do(&city, GRID, &wish);
	city_wait_quiet(&city);
	see(&root, &city, "cityd", &id);
	lie(&peer);
	ticket = (struct ticket){ .id = id };
	event_next(&event, &ticket, VERB_OPEN, GRID_AT);
	event.what.kind = KIND_APPEAL;
	event.what.source = SOURCE_PATROL;
	event.what.to = unit_code(GRID_AT);
	event.what.title = "另一个故事";
	peer_send_event(&peer, &event);
	see(&ticket, &city, "communityd", &id);
	assert_true(hash_equal(&ticket.last, &root.last));
	dropped("fork");
	stop_lying(&peer);
	logs_check(&city, &id, 1);
}

static void refuses_an_order_that_claims_another_unit(void **state)
{
	struct id id = ticket_of_street();
	struct command order = { .id = { { 7 } },
		.ticket = id,
		.verb = VERB_ACCEPT,
		.unit = unit_code(STREET_AT),
		.operator= STREET,
		.role = ROLE_SUPERVISOR };
	struct ticket ticket;
	struct peer peer;
	(void)state;

	city_wait_quiet(&city);
	particulars_clear(&order.what);
	see(&ticket, &city, "streetd", &id);
	lie(&peer);
	peer_send_order(&peer, &order, "streetd");
	dropped("forged_order");
	has_events(&id, "streetd", ticket.seq);
	stop_lying(&peer);
	logs_check(&city, &id, 1);
}

static void all_is_well_after_all_the_lies(void **state)
{
	(void)state;
	struct id id = ticket_of_street();
	city_wait_quiet(&city);
	logs_check(&city, &id, 1);
	assert_true(logs_check_all(&city) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_an_event_that_claims_another_unit),
		cmocka_unit_test(
		    refuses_an_event_that_its_writer_may_not_write),
		cmocka_unit_test(refuses_a_callout_by_who_may_not_whistle),
		cmocka_unit_test(refuses_an_event_that_does_not_follow),
		cmocka_unit_test(refuses_another_history_of_the_same_ticket),
		cmocka_unit_test(refuses_an_order_that_claims_another_unit),
		cmocka_unit_test(all_is_well_after_all_the_lies),
	};

	return flow_end(
	    cmocka_run_group_tests_name("forge", tests, open_city, NULL));
}

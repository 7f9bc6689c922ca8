/*
 * A neighbour that lies by what is old or is not its own: frames sent again,
 * sessions and stores of before, terms and powers that it does not have,
 * keys that were retired. gridd's key is in other hands all the while.
 */
#include "harness/harness.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define GRID	     "grid-420704001002001"
#define GRID_AT	     "420704001002001"
#define OTHER_AT     "420704001002002"
#define COMMUNITY    "comm-420704001002"
#define COMMUNITY_AT "420704001002"
#define STREET	     "street-420704001"
#define STREET_AT    "420704001"
#define DISTRICT_AT  "420704"

static struct city city;
static struct peer liar;
static struct id held;	/* with the grid */
static struct id above; /* with the street */

static void forward(const char *who, const struct id *id, const char *to)
{
	struct wish wish;

	wish_start(&wish, VERB_FORWARD, id);
	wish.what->to = unit_code(to);
	wish.what->text = "请接着办";
	wish_do(&city, who, &wish);
	wait_held(&city, id, to, STATE_OPEN);
}

static struct id new_ticket(void)
{
	struct wish wish;

	wish_start(&wish, VERB_OPEN, NULL);
	wish.what->title = "有件事想请人看看";
	return wish_do(&city, GRID, &wish);
}

static int open_city(void **state)
{
	(void)state;
	city_open(&city);
	held = new_ticket();
	above = new_ticket();
	forward(GRID, &above, COMMUNITY_AT);
	forward(COMMUNITY, &above, STREET_AT);
	city_wait_quiet(&city);
	assert_int_equal(daemon_stop(&city, "gridd"), 0);
	peer_open(&liar, &city, "gridd", "communityd");
	return 0;
}

/* ---- what became of it ---- */

static uint32_t events_of(const struct id *id)
{
	struct ticket ticket;

	see(&ticket, &city, "communityd", id);
	return ticket.seq;
}

static void dropped(const char *problem)
{
	char line[128];

	snprintf(line, sizeof(line), "problem=%s action=dropped", problem);
	city_wait_log(&city, "communityd", line, 0);
}

/* An event as the next of the ticket's log, said by `unit`. */
static void next_of(
    struct event *event, const struct id *id, enum verb verb, const char *unit)
{
	struct ticket ticket;

	see(&ticket, &city, "communityd", id);
	event_next(event, &ticket, verb, unit);
	event->what.text = "不是真的";
}

static void refuses(
    const struct event *event, const struct id *id, const char *problem)
{
	uint32_t before = events_of(id);

	peer_send_event(&liar, event);
	assert_int_equal(events_of(id), before);
	if (problem)
		dropped(problem);
}

/* ---- again ---- */

static void a_frame_that_comes_again_changes_nothing(void **state)
{
	struct event event;
	struct buf packed = { 0 };
	uint32_t before = events_of(&held);
	(void)state;

	next_of(&event, &held, VERB_NOTE, GRID_AT);
	assert_int_equal(wire_event_pack(&packed, &event), 0);
	struct bytes bytes = bytes_of(packed.data, packed.len);
	struct wire_row row = {
		.kind = ROW_DELIVERY, .events = &bytes, .event_count = 1
	};
	peer_send_row(&liar, &row);
	assert_int_equal(events_of(&held), before + 1);
	for (int i = 0; i < 20; i++) /* the frame, and the frames before it */
		peer_send_as(&liar, liar.session,
		    liar.next > (unsigned)i ? liar.next - (unsigned)i : 1,
		    &row);
	peer_settle(&liar);
	peer_send_row(&liar, &row); /* under a number of its own */
	assert_int_equal(events_of(&held), before + 1);
	buf_free(&packed);
}

/* Recorded, and played when another session has begun. */
static void frames_of_an_old_session_are_not_looked_at(void **state)
{
	uint64_t old = liar.session;
	uint32_t before = events_of(&held);
	struct event event;
	struct buf packed = { 0 };
	(void)state;

	next_of(&event, &held, VERB_ACCEPT, GRID_AT);
	event.what.text = "";
	assert_int_equal(wire_event_pack(&packed, &event), 0);
	struct bytes bytes = bytes_of(packed.data, packed.len);
	struct wire_row row = {
		.kind = ROW_DELIVERY, .events = &bytes, .event_count = 1
	};
	peer_again(&liar);
	peer_send_as(&liar, old, liar.next, &row);
	peer_send_as(&liar, old ^ 0x5a5a, liar.next, &row);
	peer_again(&liar); /* it has asked anew, having lost the session */
	peer_settle(&liar);
	assert_int_equal(events_of(&held), before);
	buf_free(&packed);
}

/* It has not acknowledged what was never sent. */
static void an_acknowledgement_of_the_future_is_not_believed(void **state)
{
	struct wire_frame ack = { .kind = FRAME_ACK,
		.ack = { .seq = UINT64_C(1) << 40 } };
	(void)state;

	while (!liar.their_session) /* it asks when it likes */
		peer_settle(&liar);
	ack.session = liar.their_session;
	peer_send_frame(&liar, &ack);
	peer_settle(&liar);
	assert_int_equal(file_count(city_log(&city, "communityd"), "problem="
								   "old_store"),
	    0);
}

static void nobody_speaks_under_anothers_name(void **state)
{
	struct peer other = liar;
	struct wire_frame hello = { .session = liar.session + 100,
		.kind = FRAME_HELLO,
		.hello = { .node = "streetd",
		    .version = WIRE_VERSION,
		    .oldest = WIRE_OLDEST,
		    .speaks = WIRE_VERSION,
		    .store = liar.store } };
	(void)state;

	peer_send_frame(&other, &hello);
	dropped("wrong_node");
}

/* ---- not its own ---- */

/* Who stands beside does not act on it, though the key speaks for both. */
static void a_sibling_is_not_an_ancestor(void **state)
{
	struct event event;
	(void)state;

	next_of(&event, &held, VERB_NOTE, OTHER_AT);
	refuses(&event, &held, "not_involved");
	next_of(&event, &held, VERB_TAKE_OVER, OTHER_AT);
	event.what.to = unit_code(OTHER_AT);
	refuses(&event, &held, "not_above");
}

/* The community never said so: no such order has passed it. */
static void nobody_is_made_to_have_wished(void **state)
{
	struct event event;
	(void)state;

	next_of(&event, &held, VERB_EXCLUDE, DISTRICT_AT);
	refuses(&event, &held, "no_order");
}

static void custody_goes_where_the_law_says(void **state)
{
	struct event event;
	(void)state;

	next_of(&event, &held, VERB_RETURN, GRID_AT);
	event.what.to = unit_code(OTHER_AT);
	event.what.basis = "职责清单";
	refuses(&event, &held, "no_sender");
	next_of(&event, &held, VERB_FORWARD, GRID_AT);
	event.what.to = unit_code(DISTRICT_AT);
	refuses(&event, &held, "bad_target");
	struct ticket none = { .id = { { 9, 8, 7 } } };
	event_next(&event, &none, VERB_OPEN, GRID_AT);
	event.what.kind = KIND_APPEAL;
	event.what.source = SOURCE_PATROL;
	event.what.title = "不是真的";
	event.what.to = unit_code(OTHER_AT);
	peer_send_event(&liar, &event);
	assert_int_equal(events_of(&none.id), 0);
	dropped("wrong_next_holder");
}

/* A later term is for who stands above the holder, and speaks from there. */
static void a_later_term_is_not_for_everybody(void **state)
{
	static const char *const who[] = { GRID_AT, STREET_AT, DISTRICT_AT,
		COMMUNITY_AT };
	struct event event;
	struct ticket ticket;
	(void)state;

	for (size_t i = 0; i < sizeof(who) / sizeof(*who); i++) {
		next_of(&event, &above, VERB_TAKE_OVER, who[i]);
		event.what.to = unit_code(who[i]);
		event.term++;
		refuses(&event, &above, NULL);
		next_of(&event, &held, VERB_TAKE_OVER, who[i]);
		event.what.to = unit_code(who[i]);
		event.term += 40;
		refuses(&event, &held, NULL);
	}
	see(&ticket, &city, "communityd", &above);
	assert_int_equal(ticket.term, 1);
}

/* An old event of the holder, where its log has gone on. */
static void the_past_is_not_told_anew(void **state)
{
	struct ticket ticket;
	struct event event;
	(void)state;

	see(&ticket, &city, "communityd", &held);
	event_next(&event, &ticket, VERB_NOTE, GRID_AT);
	event.seq = 2;
	event.what.text = "另一个第二条";
	refuses(&event, &held, NULL);
	event.term = 2;
	refuses(&event, &held, NULL);
}

static void orders_are_not_taken_for_others(void **state)
{
	struct command order = { .id = { { 7 } },
		.ticket = held,
		.verb = VERB_SUPERVISE,
		.unit = unit_code(DISTRICT_AT),
		.operator= "echeng-head",
		.role = ROLE_SUPERVISOR };
	uint32_t before = events_of(&above);
	(void)state;

	particulars_clear(&order.what);
	order.ticket = above;
	order.what.text = "不是真的";
	peer_send_order(&liar, &order, "districtd");
	peer_send_order(&liar, &order, "gridd");
	order.unit = unit_code(OTHER_AT);
	order.id.b[1] = 1;
	peer_send_order(&liar, &order, "communityd");
	dropped("forged_order");
	assert_int_equal(events_of(&above), before);
}

/* ---- a key of before ---- */

/* Whoever has the key that gridd had is not let in once it is retired. */
static void a_retired_key_opens_nothing(void **state)
{
	char key[2 * CITY_PATH];
	struct net_key old;
	struct net_client *client = NULL;
	struct buf heard = { 0 };
	const struct node *to = org_node(city.org, "communityd");
	struct wire_frame hello = { .session = 77,
		.kind = FRAME_HELLO,
		.hello = { .node = "gridd",
		    .version = WIRE_VERSION,
		    .oldest = WIRE_OLDEST,
		    .speaks = WIRE_VERSION,
		    .store = liar.store } };
	struct buf packed = { 0 };
	(void)state;

	peer_close(&liar);
	home_node_key(key, sizeof(key), &city.home, "gridd");
	assert_int_equal(net_key_load(&old, key), 0);
	cli_exits(0, &city, "engineer", "key", "rotate", "gridd", NULL);
	cli_exits(0, &city, "engineer", "key", "retire", "gridd", NULL);
	cli_exits(0, &city, "engineer", "node", "reload", "communityd", NULL);
	assert_int_equal(wire_frame_pack(&packed, &hello), 0);
	assert_int_equal(
	    net_client_open(&client, to->endpoint, to->public_key, &old), 0);
	net_client_send(client, bytes_of(packed.data, packed.len));
	/* in which time the real one has come up by its new key */
	daemon_start(&city, "gridd", NULL);
	city_meet_again(&city);
	city_wait_up(&city);
	assert_int_equal(
	    net_client_receive(&heard, client, 0, -1), ERR_TIMEOUT);
	net_client_close(&client);
	buf_free(&packed);
	buf_free(&heard);
}

/* The real one never wrote what its key did: its log and the others' part. */
static void all_is_well_where_nothing_was_believed(void **state)
{
	(void)state;
	city_wait_quiet(&city);
	logs_check(&city, &above, 1);
}

static bool has_claimed(void *context)
{
	(void)context;
	liar.their_session = 0; /* so that it asks */
	peer_again(&liar);
	peer_settle(&liar);
	return file_count(city_log(&city, "communityd"),
		   "problem=false_claim action=dropped") > 0;
}

/*
 * Whoever could say that it has more of a node's rows than that ever sent
 * would make it believe that its store is an old copy: it would recover, and
 * take what it is given. A row is claimed with its proof, or not at all.
 */
static void no_node_is_made_to_recover(void **state)
{
	struct ticket ticket;
	struct event event;
	(void)state;

	assert_int_equal(daemon_stop(&city, "gridd"), 0);
	peer_open(&liar, &city, "gridd", "communityd");
	liar.claimed_store = liar.their_store;
	liar.claimed = UINT64_C(1) << 40;
	assert_true(wait_until(has_claimed, NULL, PATIENCE_MS));
	assert_int_equal(
	    file_count(city_log(&city, "communityd"), "old_store"), 0);
	next_of(&event, &above, VERB_NOTE, STREET_AT);
	refuses(&event, &above, "wrong_side");
	peer_close(&liar);
	/* the real one is believed what it has, and the community works on */
	daemon_start(&city, "gridd", NULL);
	city_wait_up(&city);
	city_wait_quiet(&city);
	see(&ticket, &city, "communityd", &above);
	assert_int_equal(ticket.seq, 3);
	struct id young = new_ticket();
	forward(GRID, &young, COMMUNITY_AT);
	city_wait_quiet(&city);
	logs_check(&city, &young, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_frame_that_comes_again_changes_nothing),
		cmocka_unit_test(frames_of_an_old_session_are_not_looked_at),
		cmocka_unit_test(
		    an_acknowledgement_of_the_future_is_not_believed),
		cmocka_unit_test(nobody_speaks_under_anothers_name),
		cmocka_unit_test(a_sibling_is_not_an_ancestor),
		cmocka_unit_test(nobody_is_made_to_have_wished),
		cmocka_unit_test(custody_goes_where_the_law_says),
		cmocka_unit_test(a_later_term_is_not_for_everybody),
		cmocka_unit_test(the_past_is_not_told_anew),
		cmocka_unit_test(orders_are_not_taken_for_others),
		cmocka_unit_test(a_retired_key_opens_nothing),
		cmocka_unit_test(all_is_well_where_nothing_was_believed),
		cmocka_unit_test(no_node_is_made_to_recover),
	};

	return flow_end(
	    cmocka_run_group_tests_name("replay", tests, open_city, NULL));
}

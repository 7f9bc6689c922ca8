/*
 * A neighbour's key speaks for its side of the tree and for nobody else.
 * Each forgery is refused with its reason, the ticket stays as it was, and
 * the link goes on.
 */
#include "world.h"

#include <stdio.h>
#include <string.h>

static int setup(void **state)
{
	return world_begin(state, 2);
}

/* The events go from one node to its neighbour and change nothing there. */
static void refused_all(struct world *world, unsigned from, unsigned to,
    const struct event *events, size_t count, const char *reason)
{
	struct ticket before, after;
	struct bytes bytes[4];
	struct buf packed[4];
	char text[96];

	/* the same complaint about a neighbour is logged once a minute */
	world_run_by(world, MINUTE_MS, 500);
	world_settle(world);
	before = node_ticket(&world->nodes[to], &events[0].ticket);
	for (size_t i = 0; i < count; i++) {
		packed[i] = pack_event(&events[i]);
		bytes[i] = bytes_of(packed[i].data, packed[i].len);
	}
	world_forget_log(world);
	forge_delivery(&world->nodes[from], &world->nodes[to], bytes, count);
	snprintf(text, sizeof(text), "problem=%s", reason);
	if (!world_logged(world, text))
		fail_msg("not refused as %s", reason);
	after = node_ticket(&world->nodes[to], &events[0].ticket);
	assert_memory_equal(&before, &after, sizeof(before));
	for (size_t i = 0; i < count; i++)
		buf_free(&packed[i]);
}

static void refused(struct world *world, unsigned from, unsigned to,
    const struct event *event, const char *reason)
{
	refused_all(world, from, to, event, 1, reason);
}

/* What is honest still passes. */
static void check_goes_on(
    struct world *world, const char *operator, const struct id * ticket)
{
	struct wire_request request = wish_note(ticket, "still alive");

	must(world, operator, & request);
	world_settle(world);
	world_check_views(world);
	world_check_stores(world);
}

/* ---- who may speak ---- */

static void a_verb_of_the_street_by_the_key_of_a_grid(void **state)
{
	struct world *world = *state;
	struct id id = open_ticket(world, "grid-1", "hole", NULL);
	struct callout callout = { .ticket = world_id(world),
		.department = code_of(UNIT_CGJ) };
	struct event event;

	world_settle(world);
	event = forged_event(
	    &world->nodes[GRID_1], &id, VERB_WHISTLE, UNIT_STREET_1);
	event.what.colour = COLOUR_RED;
	event.what.callouts = &callout;
	event.what.callout_count = 1;
	refused(world, GRID_1, COMMUNITY_1, &event, "wrong_side");
	check_goes_on(world, "street-1", &id);
}

static void a_forward_by_a_unit_that_does_not_hold_it(void **state)
{
	struct world *world = *state;
	struct id id = open_ticket(world, "grid-1", "lamp", NULL);
	struct event event;

	world_settle(world);
	event = forged_event(
	    &world->nodes[GRID_1], &id, VERB_FORWARD, UNIT_GRID_1B);
	event.what.to = code_of(UNIT_COMMUNITY_1);
	refused(world, GRID_1, COMMUNITY_1, &event, "not_holder");
	check_goes_on(world, "grid-1", &id);
}

static void a_ticket_opened_in_the_name_of_another_side(void **state)
{
	struct world *world = *state;
	struct id id = world_id(world);
	struct event event =
	    forged_event(&world->nodes[GRID_1], &id, VERB_OPEN, UNIT_GRID_2);

	event.what.kind = KIND_APPEAL;
	event.what.source = SOURCE_PATROL;
	event.what.title = "x";
	event.what.to = code_of(UNIT_GRID_2);
	refused(world, GRID_1, COMMUNITY_1, &event, "wrong_side");
	assert_false(node_knows(&world->nodes[COMMUNITY_1], &id));
}

static void a_unit_that_the_city_does_not_have(void **state)
{
	struct world *world = *state;
	struct id id = world_id(world);
	struct event event = forged_event(
	    &world->nodes[GRID_1], &id, VERB_OPEN, "420799001001001");

	event.what.kind = KIND_APPEAL;
	event.what.source = SOURCE_PATROL;
	event.what.title = "x";
	refused(world, GRID_1, COMMUNITY_1, &event, "wrong_side");
}

static void a_ticket_opened_for_somebody_else(void **state)
{
	struct world *world = *state;
	struct id id = world_id(world);
	struct event event =
	    forged_event(&world->nodes[GRID_1], &id, VERB_OPEN, UNIT_GRID_1);

	event.what.kind = KIND_APPEAL;
	event.what.source = SOURCE_PATROL;
	event.what.title = "x";
	event.what.to = code_of(UNIT_CITY);
	refused(world, GRID_1, COMMUNITY_1, &event, "wrong_next_holder");
}

/* A department opens nothing, whatever name its node signs with. */
static void a_power_that_the_level_does_not_have(void **state)
{
	struct world *world = *state;
	struct id id = world_id(world);
	struct event event =
	    forged_event(&world->nodes[DISTRICT], &id, VERB_OPEN, UNIT_CGJ);

	event.what.kind = KIND_APPEAL;
	event.what.source = SOURCE_PATROL;
	event.what.title = "x";
	event.what.to = code_of(UNIT_CGJ);
	refused(world, DISTRICT, CITY, &event, "no_power");
	event.ticket = world_id(world);
	event.operator= OPERATOR_AUTOPILOT;
	refused(world, DISTRICT, CITY, &event, "no_power");
}

static void a_forward_to_where_it_cannot_go(void **state)
{
	struct world *world = *state;
	struct id id = open_ticket(world, "grid-1", "lamp", NULL);
	struct event event;

	world_settle(world);
	event =
	    forged_event(&world->nodes[GRID_1], &id, VERB_FORWARD, UNIT_GRID_1);
	event.what.to = code_of(UNIT_CITY);
	refused(world, GRID_1, COMMUNITY_1, &event, "bad_target");
	event.what.to = code_of(UNIT_GRID_1B);
	refused(world, GRID_1, COMMUNITY_1, &event, "bad_target");
	event.what.to = code_of("420799");
	refused(world, GRID_1, COMMUNITY_1, &event, "bad_target");
	check_goes_on(world, "grid-1", &id);
}

/* The timer is the holder's, and of nobody else. */
/* The holder's node cannot say what a unit on another side has wished. */
static void a_wish_that_nobody_has_had(void **state)
{
	struct world *world = *state;
	struct id id = open_ticket(world, "grid-1", "lamp", NULL);
	struct event event;

	world_settle(world);
	event = forged_event(&world->nodes[GRID_1], &id, VERB_NOTE, UNIT_CITY);
	event.what.text = "x";
	refused(world, GRID_1, COMMUNITY_1, &event, "no_order");
	event =
	    forged_event(&world->nodes[GRID_1], &id, VERB_EXCLUDE, UNIT_CITY);
	event.what.text = "x";
	refused(world, GRID_1, COMMUNITY_1, &event, "no_order");
}

static void a_timer_of_another_unit(void **state)
{
	struct world *world = *state;
	struct id id = open_ticket(world, "grid-1", "lamp", NULL);
	struct event event;

	world_settle(world);
	event =
	    forged_event(&world->nodes[GRID_1], &id, VERB_SUPERVISE, UNIT_CITY);
	event.operator= OPERATOR_TIMER;
	event.what.deadline = DEADLINE_RESOLVE;
	event.what.due_ms = world->now_ms;
	event.what.step = 1;
	refused(world, GRID_1, COMMUNITY_1, &event, "no_role");
	/* nor does a person say that a deadline was missed */
	event.operator= "somebody";
	refused(world, GRID_1, COMMUNITY_1, &event, "no_role");
	event.unit = code_of(UNIT_GRID_1);
	refused(world, GRID_1, COMMUNITY_1, &event, "not_above");
	check_goes_on(world, "grid-1", &id);
}

/* ---- one issue, one rating ---- */

static struct id resolved_ticket(struct world *world)
{
	struct id id = open_ticket(world, "grid-1", "hole", NULL);
	struct wire_request request;

	world_settle(world);
	request = wish_resolve(&id);
	must(world, "street-1", &request);
	world_settle(world);
	return id;
}

static void rate(struct event *event)
{
	event->what.satisfaction = SATISFACTION_SATISFIED;
	event->what.responded = event->what.resolved = true;
}

static void a_rating_by_another_than_the_origin(void **state)
{
	struct world *world = *state;
	struct id id = resolved_ticket(world);
	struct event event;

	event = forged_event(
	    &world->nodes[STREET_1], &id, VERB_RATE, UNIT_STREET_1);
	rate(&event);
	refused(world, STREET_1, DISTRICT, &event, "not_origin");
	refused(world, STREET_1, COMMUNITY_1, &event, "wrong_side");
	check_goes_on(world, "street-1", &id);
}

static void a_second_rating(void **state)
{
	struct world *world = *state;
	struct id id = resolved_ticket(world);
	struct wire_request request = wish_rate(&id);
	struct event event;

	must(world, "grid-1", &request);
	world_settle(world);
	event =
	    forged_event(&world->nodes[GRID_1], &id, VERB_RATE, UNIT_GRID_1);
	rate(&event);
	refused(world, GRID_1, COMMUNITY_1, &event, "rated_already");
	request = wish_rate(&id);
	must_not(world, "grid-1", &request, "rated_already");
	assert_int_equal(count_verb(&world->nodes[CITY], &id, VERB_RATE), 1);
}

static void a_resolution_that_does_not_go_home(void **state)
{
	struct world *world = *state;
	struct id id = open_ticket(world, "grid-1", "hole", NULL);
	struct event event;

	world_settle(world);
	event = forged_event(
	    &world->nodes[STREET_1], &id, VERB_RESOLVE, UNIT_STREET_1);
	event.what.outcome = OUTCOME_EXPLAINED;
	event.what.text = "x";
	event.what.to = code_of(UNIT_STREET_1);
	refused(world, STREET_1, DISTRICT, &event, "wrong_next_holder");
	check_goes_on(world, "street-1", &id);
}

/* ---- callouts ---- */

static struct event forged_callout(
    struct world *world, unsigned at, const char *unit, const struct id *parent)
{
	struct id id = world_id(world);
	struct event event =
	    forged_event(&world->nodes[at], &id, VERB_OPEN, unit);

	event.what.kind = KIND_CALLOUT;
	event.what.source = SOURCE_WHISTLE;
	event.what.to = code_of(UNIT_CGJ);
	event.what.colour = COLOUR_RED;
	event.what.parent = *parent;
	return event;
}

static void a_callout_by_who_may_not_whistle(void **state)
{
	struct world *world = *state;
	struct id id = open_ticket(world, "grid-1", "lamp", NULL);
	struct event event;

	world_settle(world);
	event = forged_callout(world, GRID_1, UNIT_GRID_1, &id);
	refused(world, GRID_1, COMMUNITY_1, &event, "no_power");
}

static void a_callout_for_a_unit_that_is_no_department(void **state)
{
	struct world *world = *state;
	struct id id = open_ticket(world, "grid-1", "hole", NULL);
	struct event event;

	world_settle(world);
	event = forged_callout(world, STREET_1, UNIT_STREET_1, &id);
	event.what.to = code_of(UNIT_GRID_2);
	refused(world, STREET_1, DISTRICT, &event, "bad_target");
}

/* Its parent is known, and no whistle in it called this one. */
static void a_callout_that_no_whistle_called(void **state)
{
	struct world *world = *state;
	struct id id = open_ticket(world, "grid-1", "hole", NULL);
	struct wire_request request;
	struct event event;

	world_settle(world);
	event = forged_callout(world, STREET_1, UNIT_STREET_1, &id);
	refused(world, STREET_1, DISTRICT, &event, "not_called");
	request = wish_whistle(&id, UNIT_GAJ, NULL);
	must(world, "street-1", &request);
	world_settle(world);
	event = forged_callout(world, STREET_1, UNIT_STREET_1, &id);
	refused(world, STREET_1, DISTRICT, &event, "not_called");
	check_goes_on(world, "street-1", &id);
}

/* ---- logs that do not fit ---- */

static void another_event_where_there_is_one(void **state)
{
	struct world *world = *state;
	struct id id = open_ticket(world, "grid-1", "lamp", NULL);
	struct wire_request request = wish_note(&id, "the true one");
	struct event event;

	world_settle(world);
	event =
	    forged_event(&world->nodes[GRID_1], &id, VERB_NOTE, UNIT_GRID_1);
	event.what.text = "another";
	must(world, "grid-1", &request);
	refused(world, GRID_1, COMMUNITY_1, &event, "fork");
	check_goes_on(world, "grid-1", &id);
	assert_int_equal(
	    count_text(&world->nodes[COMMUNITY_1], &id, "another"), 0);
}

static void a_hash_that_is_not_of_the_event_before(void **state)
{
	struct world *world = *state;
	struct id id = open_ticket(world, "grid-1", "lamp", NULL);
	struct event event;

	world_settle(world);
	event =
	    forged_event(&world->nodes[GRID_1], &id, VERB_NOTE, UNIT_GRID_1);
	event.what.text = "x";
	event.prev.b[5] ^= 1;
	refused(world, GRID_1, COMMUNITY_1, &event, "does_not_follow");
	event =
	    forged_event(&world->nodes[GRID_1], &id, VERB_NOTE, UNIT_GRID_1);
	event.what.text = "x";
	event.term = 2;
	refused(world, GRID_1, COMMUNITY_1, &event, "does_not_follow");
	check_goes_on(world, "grid-1", &id);
}

static void bytes_that_are_no_event(void **state)
{
	struct world *world = *state;
	struct bytes junk = bytes_of("no event at all", 15);

	world_forget_log(world);
	forge_delivery(
	    &world->nodes[GRID_1], &world->nodes[COMMUNITY_1], &junk, 1);
	assert_true(world_logged(world, "not an event's bytes"));
	struct id id = open_ticket(world, "grid-1", "lamp", NULL);
	check_goes_on(world, "grid-1", &id);
}

static void two_tickets_in_one_delivery(void **state)
{
	struct world *world = *state;
	struct id one = open_ticket(world, "grid-1", "lamp", NULL);
	struct id two = open_ticket(world, "grid-1", "lamp", NULL);
	struct event events[2];

	world_settle(world);
	events[0] =
	    forged_event(&world->nodes[GRID_1], &one, VERB_NOTE, UNIT_GRID_1);
	events[1] =
	    forged_event(&world->nodes[GRID_1], &two, VERB_NOTE, UNIT_GRID_1);
	events[0].what.text = "x";
	events[0].seq = 1; /* is known, and another: passed over */
	events[0].prev = (struct hash){ { 0 } };
	events[1].what.text = "y";
	refused_all(world, GRID_1, COMMUNITY_1, events, 2, "mixed_delivery");
	assert_int_equal(count_text(&world->nodes[COMMUNITY_1], &two, "y"), 0);
	check_goes_on(world, "grid-1", &two);
}

static void a_gap_is_asked_for_and_filled(void **state)
{
	struct world *world = *state;
	struct id id = open_ticket(world, "grid-1", "lamp", NULL);
	struct wire_request request = wish_note(&id, "lost on the way");
	struct event event;
	struct world_node *grid = &world->nodes[GRID_1];
	struct world_node *community = &world->nodes[COMMUNITY_1];

	world_settle(world);
	/* the next number is used up, so that the true row is passed over */
	event = forged_event(grid, &id, VERB_NOTE, UNIT_GRID_1);
	event.seq = 9;
	event.what.text = "x";
	struct buf packed = pack_event(&event);
	struct bytes bytes = bytes_of(packed.data, packed.len);
	struct wire_row row = {
		.kind = ROW_DELIVERY, .events = &bytes, .event_count = 1
	};
	struct proof proof = { { 0 } };
	struct wire_frame frame = {
		.session = node_neighbour(grid, community)->link.session,
		.kind = FRAME_DATA,
		.data = {
			.first = node_neighbour(grid, community)
				     ->link.record.next,
			.rows = &row,
			.row_count = 1,
			.proofs = &proof,
		},
	};
	struct buf letter = { 0 };
	assert_int_equal(wire_frame_pack(&letter, &frame), 0);
	world_forget_log(world);
	node_inject(community, grid, bytes_of(letter.data, letter.len));
	node_run(community);
	assert_true(world_logged(world, "problem=gap"));
	must(world, "grid-1", &request);
	request = wish_note(&id, "behind it");
	must(world, "grid-1", &request);
	world_run(world, 2 * WANT_EVERY_MS);
	world_settle(world);
	assert_int_equal(
	    count_text(&world->nodes[CITY], &id, "lost on the way"), 1);
	assert_int_equal(count_text(&world->nodes[CITY], &id, "behind it"), 1);
	world_check_views(world);
	buf_free(&packed);
	buf_free(&letter);
}

/* A log that is not believed in its middle, and longer than one row: it is
 * not asked for and sent again without end. */
static void a_log_that_is_refused_does_not_come_for_ever(void **state)
{
	struct world *world = *state;
	struct world_node *grid = &world->nodes[GRID_1];
	struct world_node *community = &world->nodes[COMMUNITY_1];
	struct id id = open_ticket(world, "grid-1", "lamp", NULL);
	struct wire_request request;
	struct event event;
	uint64_t rows;

	world_settle(world);
	/* the community has been told something else than the grid wrote */
	event = forged_event(grid, &id, VERB_NOTE, UNIT_GRID_1);
	event.what.text = "another";
	struct buf packed = pack_event(&event);
	struct bytes bytes = bytes_of(packed.data, packed.len);
	forge_delivery(grid, community, &bytes, 1);
	rows = node_neighbour(grid, community)->link.record.next;
	for (int i = 0; i < 30; i++) {
		request = wish_note(&id, "true");
		must(world, "grid-1", &request);
	}
	world_run_by(world, 10 * MINUTE_MS, 100);
	/* its own rows, and a log of four rows, less and less often */
	rows = node_neighbour(grid, community)->link.record.next - rows;
	assert_true(rows < 30 + 4 * 8);
	assert_int_equal(node_ticket(community, &id).seq, 2);
	buf_free(&packed);
}

/* ---- orders ---- */

static void send_order(struct world *world, unsigned from, unsigned to,
    const struct id *ticket, const char *unit, enum role role,
    const char *from_name)
{
	struct wire_order order = {
		.command = {
			.id = world_id(world),
			.ticket = *ticket,
			.verb = VERB_NOTE,
			.unit = code_of(unit),
			.operator= "forger",
			.role = role,
		},
		.from = from_name,
	};
	struct buf packed = { 0 };
	struct wire_row row = { .kind = ROW_ORDER };

	particulars_clear(&order.command.what);
	order.command.what.text = "forged";
	if (role == ROLE_NONE)
		order.command.operator= OPERATOR_AUTOPILOT;
	assert_int_equal(wire_order_pack(&packed, &order), 0);
	row.load = bytes_of(packed.data, packed.len);
	world_forget_log(world);
	forge_row(&world->nodes[from], &world->nodes[to], &row);
	buf_free(&packed);
}

static void an_order_in_the_name_of_another_side(void **state)
{
	struct world *world = *state;
	struct id id = open_ticket(world, "grid-1", "hole", NULL);

	world_settle(world);
	send_order(world, GRID_1, COMMUNITY_1, &id, UNIT_CITY, ROLE_SUPERVISOR,
	    "cityd");
	send_order(world, GRID_1, COMMUNITY_1, &id, UNIT_COMMUNITY_1,
	    ROLE_SUPERVISOR, "community-1");
	/* its own unit, but another node's name */
	send_order(
	    world, GRID_1, COMMUNITY_1, &id, UNIT_GRID_1, ROLE_WORKER, "cityd");
	/* the engine's own wishes do not travel */
	send_order(
	    world, GRID_1, COMMUNITY_1, &id, UNIT_GRID_1, ROLE_NONE, "grid-1");
	send_order(
	    world, GRID_1, COMMUNITY_1, &id, "420799", ROLE_WORKER, "grid-1");
	assert_int_equal(count_text(&world->nodes[CITY], &id, "forged"), 0);
	check_goes_on(world, "street-1", &id);
}

static void an_honest_order_is_done(void **state)
{
	struct world *world = *state;
	struct id id = open_ticket(world, "grid-1", "hole", NULL);

	world_settle(world);
	send_order(world, GRID_1, COMMUNITY_1, &id, UNIT_GRID_1, ROLE_WORKER,
	    "grid-1");
	assert_int_equal(count_text(&world->nodes[CITY], &id, "forged"), 1);
}

/* ---- keys and connections ---- */

static void a_key_that_nobody_has(void **state)
{
	struct world *world = *state;
	struct wire_request request = wish(ASK_STATUS);
	struct buf packed = { 0 };
	struct net_key key;

	request.id = world_id(world);
	assert_int_equal(net_key_make(&key), 0);
	assert_int_equal(wire_request_pack(&packed, &request), 0);
	world_forget_log(world);
	node_inject_key(&world->nodes[CITY], key.public_key, "Onobody",
	    bytes_of(packed.data, packed.len));
	world_run(world, 100);
	assert_true(world_logged(world, "problem=no_neighbour"));
	struct wire_reply reply;
	assert_false(world_reply(world, &reply, &request.id));
	buf_free(&packed);
}

static void a_node_that_is_no_neighbour(void **state)
{
	struct world *world = *state;

	world_forget_log(world);
	node_inject_key(&world->nodes[CITY],
	    world->nodes[GRID_1].key.public_key, "N7", bytes_of("x", 1));
	world_run(world, 100);
	assert_true(world_logged(world, "problem=no_neighbour"));
}

static void a_letter_that_is_no_frame(void **state)
{
	struct world *world = *state;
	struct world_node *city = &world->nodes[CITY];

	world_forget_log(world);
	node_inject(city, &world->nodes[DISTRICT], bytes_of("junk", 4));
	node_inject(city, &world->nodes[DISTRICT], bytes_of("", 0));
	world_run(world, 100);
	assert_true(world_logged(world, "problem=bad_frame"));
	world_settle(world);
}

/* ---- people ---- */

static void a_refusal_names_the_holder(void **state)
{
	struct world *world = *state;
	struct id id = open_ticket(world, "grid-1", "lamp", NULL);
	struct wire_request request = wish_resolve(&id);
	struct wire_reply reply = world_ask(world, "grid-1b", &request);

	assert_string_equal(reply.refusal, "not_holder");
	assert_string_equal(reply.detail, UNIT_GRID_1);
	/* also where it is only known */
	world_settle(world);
	request = wish_resolve(&id);
	reply = world_ask(world, "street-1", &request);
	assert_string_equal(reply.refusal, "not_holder");
	assert_string_equal(reply.detail, UNIT_GRID_1);
}

static void nobody_speaks_for_a_unit_not_its_own(void **state)
{
	struct world *world = *state;
	struct wire_request request = wish_open("lamp", NULL);

	request.command.unit = code_of(UNIT_GRID_1B);
	must_not(world, "grid-1", &request, "wrong_unit");
	request = wish_open("lamp", NULL);
	request.command.unit = code_of("420799");
	must_not(world, "grid-1", &request, "unknown_unit");
	/* a supervisor may, where the unit is served */
	request = wish_open("hole", UNIT_STREET_1);
	request.command.unit = code_of(UNIT_STREET_1);
	must_not(world, "boss", &request, "not_here");
	request = wish_open("nothing", NULL);
	must_not(world, "grid-1", &request, "unknown_item");
}

#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, setup, world_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_WORLD(a_verb_of_the_street_by_the_key_of_a_grid),
		IN_WORLD(a_forward_by_a_unit_that_does_not_hold_it),
		IN_WORLD(a_ticket_opened_in_the_name_of_another_side),
		IN_WORLD(a_unit_that_the_city_does_not_have),
		IN_WORLD(a_ticket_opened_for_somebody_else),
		IN_WORLD(a_power_that_the_level_does_not_have),
		IN_WORLD(a_forward_to_where_it_cannot_go),
		IN_WORLD(a_wish_that_nobody_has_had),
		IN_WORLD(a_timer_of_another_unit),
		IN_WORLD(a_rating_by_another_than_the_origin),
		IN_WORLD(a_second_rating),
		IN_WORLD(a_resolution_that_does_not_go_home),
		IN_WORLD(a_callout_by_who_may_not_whistle),
		IN_WORLD(a_callout_for_a_unit_that_is_no_department),
		IN_WORLD(a_callout_that_no_whistle_called),
		IN_WORLD(another_event_where_there_is_one),
		IN_WORLD(a_hash_that_is_not_of_the_event_before),
		IN_WORLD(bytes_that_are_no_event),
		IN_WORLD(two_tickets_in_one_delivery),
		IN_WORLD(a_gap_is_asked_for_and_filled),
		IN_WORLD(a_log_that_is_refused_does_not_come_for_ever),
		IN_WORLD(an_order_in_the_name_of_another_side),
		IN_WORLD(an_honest_order_is_done),
		IN_WORLD(a_key_that_nobody_has),
		IN_WORLD(a_node_that_is_no_neighbour),
		IN_WORLD(a_letter_that_is_no_frame),
		IN_WORLD(a_refusal_names_the_holder),
		IN_WORLD(nobody_speaks_for_a_unit_not_its_own),
	};

	return cmocka_run_group_tests_name("engine/refuse", tests, NULL, NULL);
}

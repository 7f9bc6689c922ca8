/*
 * The caller's name and phone: to be read by units that hold or held the
 * ticket, on their nodes; on all others sealed, and nowhere in an event.
 */
#include "world.h"

#include <string.h>

#define PHONE CALLER_PHONE
#define NAME  CALLER_NAME

static int setup(void **state)
{
	return world_begin(state, 7);
}

/* 2: the phone is told; 1: its ends; 0: the ticket is, without it; -1:
 * nothing is. */
static int sees(struct world *world, const char *operator, const struct id * id)
{
	struct wire_request request = wish(ASK_SHOW);
	struct wire_reply reply;

	request.show.ticket = *id;
	request.show.contact = true;
	reply = world_ask(world, operator, & request);
	if (reply.result != RESULT_DONE)
		return -1;
	if (!reply.show.has_contact)
		return 0;
	if (reply.show.is_contact_masked) {
		assert_string_equal(reply.show.contact.phone, "138****4207");
		assert_string_equal(reply.show.contact.name, "张**");
		return 1;
	}
	assert_string_equal(reply.show.contact.phone, PHONE);
	assert_string_equal(reply.show.contact.name, NAME);
	return 2;
}

/* Not even whoever may read it writes it down. */
static void check_sealed(struct world *world)
{
	for (unsigned i = 0; i < WORLD_NODES; i++) {
		assert_false(node_holds_text(&world->nodes[i], PHONE));
		assert_false(node_holds_text(&world->nodes[i], NAME));
	}
	assert_false(world_logged(world, PHONE));
}

static void holders_read_it_and_nobody_else(void **state)
{
	struct world *world = *state;
	struct id id = open_called(world, "hotline", "hole", UNIT_GRID_1);

	assert_string_equal(
	    node_ticket(&world->nodes[CITY], &id).holder.s, UNIT_STREET_1);
	assert_int_equal(sees(world, "hotline", &id), 2);
	assert_int_equal(sees(world, "boss", &id), 1); /* the city had it */
	assert_int_equal(sees(world, "street-1", &id), 2);
	/* it went past the district, which holds the sealed bytes only */
	assert_true(node_knows(&world->nodes[DISTRICT], &id));
	assert_int_equal(sees(world, "district", &id), 0);
	assert_int_equal(sees(world, "grid-1", &id), -1);
	assert_int_equal(sees(world, "street-2", &id), -1);
	check_sealed(world);
}

static void it_goes_with_the_ticket_up_and_down(void **state)
{
	struct world *world = *state;
	struct id id = open_called(world, "grid-1", "lamp", NULL);
	struct wire_request request;

	assert_int_equal(sees(world, "grid-1", &id), 2);
	assert_int_equal(sees(world, "grid-1b", &id), -1);
	request = wish_forward(&id, UNIT_COMMUNITY_1);
	must(world, "grid-1", &request);
	world_settle(world);
	assert_int_equal(sees(world, "community-1", &id), 2);
	assert_int_equal(sees(world, "street-1", &id), 0);
	request = wish_return(&id);
	must(world, "community-1", &request);
	world_settle(world);
	assert_int_equal(sees(world, "grid-1", &id), 2);
	check_sealed(world);
}

static void a_department_that_is_called_reads_it(void **state)
{
	struct world *world = *state;
	struct id id = open_called(world, "grid-1", "fire", NULL);
	struct ticket parent = node_ticket(&world->nodes[CITY], &id);

	assert_int_equal(parent.state, STATE_WAITING);
	assert_int_equal(parent.callout_count, 2);
	assert_int_equal(sees(world, "gaj", &parent.callouts[0].ticket), 2);
	assert_int_equal(sees(world, "cgj", &parent.callouts[1].ticket), 2);
	assert_int_equal(sees(world, "cgj", &parent.callouts[0].ticket), -1);
	assert_int_equal(
	    sees(world, "street-1", &parent.callouts[0].ticket), 0);
	check_sealed(world);
}

static void who_resolved_it_is_read_again_after_a_reopening(void **state)
{
	struct world *world = *state;
	struct id id = open_called(world, "grid-1", "hole", NULL);
	struct wire_request request;

	request = wish_resolve(&id);
	must(world, "street-1", &request);
	world_settle(world);
	assert_int_equal(sees(world, "grid-1", &id), 2);
	request = wish_reopen(&id);
	must(world, "grid-1", &request);
	world_settle(world);
	assert_int_equal(sees(world, "street-1", &id), 2);
	check_sealed(world);
}

static void a_lost_store_gets_it_back_sealed(void **state)
{
	struct world *world = *state;
	struct id id = open_called(world, "grid-1", "hole", NULL);

	node_lose_store(&world->nodes[STREET_1]);
	node_lose_store(&world->nodes[GRID_1]);
	node_start(&world->nodes[STREET_1]);
	node_start(&world->nodes[GRID_1]);
	world_settle(world);
	assert_int_equal(sees(world, "street-1", &id), 2);
	assert_int_equal(sees(world, "grid-1", &id), 2);
	check_sealed(world);
}

/* Sealed bytes that are not those of the log are not taken, even beside a
 * first event that would fit them. */
static void another_contact_is_not_taken(void **state)
{
	struct world *world = *state;
	struct id id = open_called(world, "grid-1", "hole", NULL);
	struct world_node *grid = &world->nodes[GRID_1];
	struct world_node *community = &world->nodes[COMMUNITY_1];
	struct buf first = node_event(grid, &id, 1);
	struct bytes event = bytes_of(first.data, first.len), junk;
	struct wire_row row = {
		.kind = ROW_DELIVERY, .events = &event, .event_count = 1
	};
	struct event forged;
	struct hash hash;

	junk = bytes_of("junk that is sealed to nobody at all, and long", 46);
	row.contact = junk;
	forge_row(grid, community, &row);
	hash_of(&hash, junk);
	assert_int_equal(
	    wire_event_unpack(&forged, NULL, world->arena, event), 0);
	forged.what.contact_hash = bytes_of(hash.b, sizeof(hash.b));
	struct buf packed = pack_event(&forged);
	event = bytes_of(packed.data, packed.len);
	forge_row(grid, community, &row);
	/* nor where it is not there yet */
	struct kv_txn *txn = NULL;
	assert_int_equal(
	    kv_begin(&txn, community->engine->config.store.kv, true), 0);
	assert_int_equal(kv_del(txn, KV_CONTACTS, bytes_of(id.b, ID_BYTES)), 0);
	assert_int_equal(kv_commit(&txn), 0);
	world_run_by(world, MINUTE_MS, 500);
	world_forget_log(world);
	forge_row(grid, community, &row);
	assert_true(world_logged(world, "problem=wrong_contact"));
	event = bytes_of(first.data, first.len);
	world_run_by(world, MINUTE_MS, 500);
	forge_row(grid, community, &row);
	assert_true(world_logged(world, "problem=wrong_contact"));

	assert_int_equal(sees(world, "grid-1", &id), 2);
	assert_int_equal(sees(world, "street-1", &id), 2);
	assert_int_equal(sees(world, "community-1", &id), 0);
	buf_free(&first);
	buf_free(&packed);
}

static void a_ticket_without_a_caller_has_none(void **state)
{
	struct world *world = *state;
	struct id id = open_ticket(world, "grid-1", "hole", NULL);

	world_settle(world);
	assert_int_equal(sees(world, "grid-1", &id), 0);
	assert_int_equal(sees(world, "street-1", &id), 0);
}

#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, setup, world_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_WORLD(holders_read_it_and_nobody_else),
		IN_WORLD(it_goes_with_the_ticket_up_and_down),
		IN_WORLD(a_department_that_is_called_reads_it),
		IN_WORLD(who_resolved_it_is_read_again_after_a_reopening),
		IN_WORLD(a_lost_store_gets_it_back_sealed),
		IN_WORLD(another_contact_is_not_taken),
		IN_WORLD(a_ticket_without_a_caller_has_none),
	};

	return cmocka_run_group_tests_name("engine/contact", tests, NULL, NULL);
}

/*
 * A caller's details are erased wherever they are, whoever was away, and
 * nothing brings them back; the log stays as it was, and says so.
 */
#include "world.h"

#include <stdio.h>
#include <string.h>

static int setup(void **state)
{
	return world_begin(state, 11);
}

static struct wire_request wish_erase(const struct id *ticket)
{
	struct wire_request request = wish_to(VERB_ERASE_CONTACT, ticket);

	request.command.what.basis = "the caller's wish";
	return request;
}

/* Does the node have what was sealed? */
static bool has_sealed(struct world_node *node, const struct id *id)
{
	struct kv_txn *txn = NULL;
	struct bytes sealed;

	assert_int_equal(
	    kv_begin(&txn, node->engine->config.store.kv, false), 0);
	int rc = contacts_get(&sealed, txn, id);
	kv_abort(&txn);
	return rc == 0;
}

static unsigned count_sealed(struct world *world, const struct id *id)
{
	unsigned count = 0;

	for (unsigned i = 0; i < WORLD_NODES; i++)
		if (world->nodes[i].engine)
			count += has_sealed(&world->nodes[i], id);
	return count;
}

static void check_erased(struct world *world, const struct id *id)
{
	assert_int_equal(count_sealed(world, id), 0);
	assert_int_equal(
	    count_verb(&world->nodes[CITY], id, VERB_ERASE_CONTACT), 1);
	world_check_views(world);
	world_check_stores(world);
	world_check_audits(world);
}

static void close_it(struct world *world, const struct id *id)
{
	struct wire_request request = wish_resolve(id);

	must(world, "street-1", &request);
	world_settle(world);
	request = wish_rate(id);
	must(world, "hotline", &request);
	world_settle(world);
}

static void it_is_gone_on_every_node(void **state)
{
	struct world *world = *state;
	struct id id = open_called(world, "hotline", "hole", UNIT_GRID_1);
	struct wire_request request = wish_erase(&id);

	assert_true(count_sealed(world, &id) > 2);
	must(world, "hotline", &request);
	world_settle(world);
	check_erased(world, &id);
	request = wish(ASK_SHOW);
	request.show.ticket = id;
	request.show.contact = true;
	struct wire_reply reply = world_ask(world, "street-1", &request);
	assert_int_equal(reply.result, RESULT_DONE);
	assert_false(reply.show.has_contact);
	/* and the ticket goes on */
	close_it(world, &id);
	request = wish_erase(&id);
	must_not(world, "hotline", &request, "no_contact");
}

static void only_who_took_it_in_or_stands_above_may(void **state)
{
	struct world *world = *state;
	struct id id = open_called(world, "grid-1", "hole", NULL);
	struct wire_request request = wish_erase(&id);

	must_not(world, "grid-1", &request, "no_role");
	request = wish_erase(&id);
	must_not(world, "street-2", &request, "unknown_ticket");
	request = wish_erase(&id);
	must_not(world, "community-1", &request, "not_involved");
	assert_true(count_sealed(world, &id) > 2);
	request = wish_erase(&id);
	must(world, "boss", &request);
	world_settle(world);
	check_erased(world, &id);
}

static void also_after_the_end(void **state)
{
	struct world *world = *state;
	struct id id = open_called(world, "hotline", "hole", UNIT_GRID_1);
	struct wire_request request = wish_erase(&id);

	close_it(world, &id);
	must(world, "hotline", &request);
	world_settle(world);
	check_erased(world, &id);
	assert_int_equal(
	    node_ticket(&world->nodes[STREET_1], &id).state, STATE_CLOSED);
}

static void a_node_that_was_down_hears_of_it(void **state)
{
	struct world *world = *state;
	struct id id = open_called(world, "hotline", "hole", UNIT_GRID_1);
	struct wire_request request;

	close_it(world, &id);
	node_kill(&world->nodes[STREET_1]);
	request = wish_erase(&id);
	must(world, "hotline", &request);
	world_run(world, 5000);
	node_start(&world->nodes[STREET_1]);
	assert_true(has_sealed(&world->nodes[STREET_1], &id));
	world_settle(world);
	check_erased(world, &id);
}

static void copy_file(const char *to, const char *from)
{
	uint8_t block[65536];
	FILE *in = fopen(from, "r"), *out = fopen(to, "w");
	size_t len;

	assert_non_null(in);
	assert_non_null(out);
	while ((len = fread(block, 1, sizeof(block), in)) > 0)
		assert_int_equal(fwrite(block, 1, len, out), len);
	assert_int_equal(fclose(out), 0);
	fclose(in);
}

/* Its neighbours tell it all that it shares with them, the erasure, too; what
 * it offers them of its own they do not take. */
static void an_old_copy_of_a_store_forgets_it_again(void **state)
{
	struct world *world = *state;
	struct world_node *street = &world->nodes[STREET_1];
	struct id id = open_called(world, "hotline", "hole", UNIT_GRID_1);
	struct wire_request request;
	char live[WORLD_PATH + 32], copy[WORLD_PATH + 32];

	snprintf(live, sizeof(live), "%s/data.mdb", street->path);
	snprintf(copy, sizeof(copy), "%s/copy", street->path);
	world_settle(world);
	node_kill(street);
	copy_file(copy, live);
	node_start(street);
	world_run(world, 5000);
	world_settle(world);
	request = wish_erase(&id);
	must(world, "hotline", &request);
	world_settle(world);
	check_erased(world, &id);
	node_kill(street);
	copy_file(live, copy);
	node_start(street);
	assert_true(has_sealed(street, &id));
	world_settle(world);
	check_erased(world, &id);
}

static void callouts_forget_it_as_well(void **state)
{
	struct world *world = *state;
	struct id id = open_called(world, "grid-1", "fire", NULL);
	struct ticket parent = node_ticket(&world->nodes[CITY], &id);
	struct wire_request request = wish_erase(&id);

	assert_int_equal(parent.callout_count, 2);
	assert_true(count_sealed(world, &parent.callouts[0].ticket) > 0);
	must(world, "boss", &request);
	world_settle(world);
	check_erased(world, &id);
	check_erased(world, &parent.callouts[0].ticket);
	check_erased(world, &parent.callouts[1].ticket);
}

/* It hears of the ticket's erasure before that of a callout that is its own. */
static void an_old_copy_of_a_store_does_not_erase_anew(void **state)
{
	struct world *world = *state;
	struct world_node *street = &world->nodes[STREET_1];
	struct id id = open_called(world, "grid-1", "fire", NULL);
	struct ticket parent = node_ticket(&world->nodes[CITY], &id);
	const struct id *callout = &parent.callouts[0].ticket;
	struct wire_request request = wish_to(VERB_CHECK_IN, callout);
	char live[WORLD_PATH + 32], copy[WORLD_PATH + 32];

	must(world, "gaj", &request);
	request = wish_resolve(callout);
	must(world, "gaj", &request);
	world_settle(world);
	snprintf(live, sizeof(live), "%s/data.mdb", street->path);
	snprintf(copy, sizeof(copy), "%s/copy", street->path);
	node_kill(street);
	copy_file(copy, live);
	node_start(street);
	world_run(world, 5000);
	world_settle(world);
	request = wish_erase(&id);
	must(world, "boss", &request);
	world_settle(world);
	node_kill(street);
	copy_file(live, copy);
	node_start(street);
	world_settle(world);
	check_erased(world, &id);
	check_erased(world, callout);
	check_erased(world, &parent.callouts[1].ticket);
}

/* The department's node is away, and loses its store: the order is said
 * again until the callout says that it is done. */
static void callouts_of_a_node_that_was_lost_forget_it(void **state)
{
	struct world *world = *state;
	struct id id = open_called(world, "street-1", "fire", UNIT_STREET_1);
	struct ticket parent = node_ticket(&world->nodes[CITY], &id);
	struct wire_request request = wish_erase(&id);

	node_kill(&world->nodes[DISTRICT]);
	must(world, "street-1", &request);
	world_run(world, 1000);
	node_lose_store(&world->nodes[DISTRICT]);
	node_start(&world->nodes[DISTRICT]);
	world_run_by(world, 2 * HOUR_MS, 500);
	world_settle(world);
	check_erased(world, &parent.callouts[0].ticket);
	check_erased(world, &parent.callouts[1].ticket);
}

/* A neighbour that has not heard of it sends what is sealed beside a first
 * event that is known: it is not taken. */
static void what_was_erased_is_not_taken_again(void **state)
{
	struct world *world = *state;
	struct id id = open_called(world, "grid-1", "hole", NULL);
	struct world_node *grid = &world->nodes[GRID_1];
	struct world_node *community = &world->nodes[COMMUNITY_1];
	struct buf first = node_event(grid, &id, 1);
	struct bytes event = bytes_of(first.data, first.len), sealed;
	struct wire_row row = {
		.kind = ROW_DELIVERY, .events = &event, .event_count = 1
	};
	struct kv_txn *txn = NULL;
	struct buf kept = { 0 };
	struct wire_request request = wish_erase(&id);

	assert_int_equal(
	    kv_begin(&txn, grid->engine->config.store.kv, false), 0);
	assert_int_equal(contacts_get(&sealed, txn, &id), 0);
	assert_int_equal(buf_add(&kept, sealed.data, sealed.len), 0);
	kv_abort(&txn);
	must(world, "boss", &request);
	world_settle(world);
	row.contact = bytes_of(kept.data, kept.len);
	forge_row(grid, community, &row);
	assert_false(has_sealed(community, &id));
	buf_free(&first);
	buf_free(&kept);
}

static void it_is_kept_as_long_as_the_catalogue_says(void **state)
{
	struct world *world;
	struct id open, closed;

	(void)state;
	world_contacts_kept = "2d";
	world = world_open(12);
	world_contacts_kept = NULL;
	world_settle(world);
	closed = open_called(world, "hotline", "hole", UNIT_GRID_1);
	open = open_called(world, "hotline", "lamp", UNIT_GRID_1);
	close_it(world, &closed);
	world_run_by(world, DAY_MS, 30 * 1000);
	assert_true(count_sealed(world, &closed) > 0);
	world_run_by(world, DAY_MS + 2 * HOUR_MS, 30 * 1000);
	world_settle(world);
	check_erased(world, &closed);
	assert_true(count_sealed(world, &open) > 0);
	world_close(&world);
}

static void nothing_is_erased_where_the_catalogue_says_nothing(void **state)
{
	struct world *world = *state;
	struct id id = open_called(world, "hotline", "hole", UNIT_GRID_1);
	unsigned before = count_sealed(world, &id);

	close_it(world, &id);
	world_run_by(world, 30 * (int64_t)DAY_MS, 10 * MINUTE_MS);
	assert_int_equal(count_sealed(world, &id), before);
}

#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, setup, world_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_WORLD(it_is_gone_on_every_node),
		IN_WORLD(only_who_took_it_in_or_stands_above_may),
		IN_WORLD(also_after_the_end),
		IN_WORLD(a_node_that_was_down_hears_of_it),
		IN_WORLD(an_old_copy_of_a_store_forgets_it_again),
		IN_WORLD(callouts_forget_it_as_well),
		IN_WORLD(an_old_copy_of_a_store_does_not_erase_anew),
		IN_WORLD(callouts_of_a_node_that_was_lost_forget_it),
		IN_WORLD(what_was_erased_is_not_taken_again),
		cmocka_unit_test(it_is_kept_as_long_as_the_catalogue_says),
		IN_WORLD(nothing_is_erased_where_the_catalogue_says_nothing),
	};

	return cmocka_run_group_tests_name("engine/erase", tests, NULL, NULL);
}

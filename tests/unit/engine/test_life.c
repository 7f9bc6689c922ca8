/* A ticket's life through the whole city, and one log of it everywhere. */
#include "world.h"

static int setup(void **state)
{
	return world_begin(state, 1);
}

static void expect(struct world *world, const struct id *id, enum state state,
    const char *holder)
{
	struct ticket ticket;

	world_settle(world);
	ticket = node_ticket(&world->nodes[CITY], id);
	assert_string_equal(
	    word_name(WORD_STATE, ticket.state), word_name(WORD_STATE, state));
	assert_string_equal(ticket.holder.s, holder);
}

static void goes_from_the_grid_to_departments_and_home(void **state)
{
	struct world *world = *state;
	struct id id = open_ticket(world, "grid-1", "hole", UNIT_GRID_1);
	struct id lead, assist;
	struct wire_request request;

	/* routine carries it up to the street, which is competent */
	expect(world, &id, STATE_OPEN, UNIT_STREET_1);
	request = wish_to(VERB_ACCEPT, &id);
	must(world, "street-1", &request);
	request = wish_whistle(&id, UNIT_CGJ, UNIT_GAJ);
	must(world, "street-1", &request);
	expect(world, &id, STATE_WAITING, UNIT_STREET_1);

	struct ticket parent = node_ticket(&world->nodes[CITY], &id);
	assert_int_equal(parent.callout_count, 2);
	lead = parent.callouts[0].ticket;
	assist = parent.callouts[1].ticket;
	expect(world, &lead, STATE_OPEN, UNIT_CGJ);
	expect(world, &assist, STATE_OPEN, UNIT_GAJ);

	request = wish_to(VERB_CHECK_IN, &lead);
	must(world, "cgj", &request);
	request = wish_to(VERB_CHECK_IN, &assist);
	must(world, "gaj", &request);
	request = wish_resolve(&lead);
	must(world, "cgj", &request);
	request = wish_resolve(&assist);
	must(world, "gaj", &request);
	expect(world, &lead, STATE_RESOLVED, UNIT_STREET_1);
	request = wish_rate(&lead);
	must(world, "street-1", &request);
	expect(world, &id, STATE_WAITING, UNIT_STREET_1);
	request = wish_rate(&assist);
	must(world, "street-1", &request);
	expect(world, &id, STATE_ACCEPTED, UNIT_STREET_1);

	request = wish_resolve(&id);
	must(world, "street-1", &request);
	expect(world, &id, STATE_RESOLVED, UNIT_GRID_1);
	request = wish_rate(&id);
	must(world, "grid-1", &request);
	expect(world, &id, STATE_CLOSED, UNIT_GRID_1);
	world_check_views(world);
	world_check_stores(world);
}

/* Down, up, and to the department of the city, without anybody's doing. */
static void routine_carries_it_to_the_competent(void **state)
{
	struct world *world = *state;
	struct id fund = open_ticket(world, "grid-1", "fund", NULL);
	struct id lamp = open_ticket(world, "hotline", "lamp", UNIT_GRID_2);
	struct id fire = open_ticket(world, "hotline", "fire", UNIT_GRID_1B);

	expect(world, &fund, STATE_OPEN, UNIT_CITY_ZJJ);
	expect(world, &lamp, STATE_OPEN, UNIT_GRID_2);
	expect(world, &fire, STATE_WAITING, UNIT_STREET_1);
	world_check_views(world);
	world_check_stores(world);
}

/* The forward and a word about it come in one turn. */
static void a_word_does_not_keep_routine_from_its_work(void **state)
{
	struct world *world = *state;
	struct world_node *community = &world->nodes[COMMUNITY_1];
	struct wire_request request;
	struct id id;

	node_kill(community);
	id = open_ticket(world, "grid-1", "fund", NULL);
	request = wish_note(&id, "and one thing more");
	world_send(world, "grid-1", NULL, &request);
	world_run(world, 1000);
	node_start(community);
	expect(world, &id, STATE_OPEN, UNIT_CITY_ZJJ);
	assert_int_equal(
	    count_text(&world->nodes[CITY], &id, "and one thing more"), 1);
}

/* Whoever the city's file names may speak, here and far away. */
static void a_person_with_a_chinese_name_is_heard(void **state)
{
	struct world *world = *state;
	struct id id = open_ticket(world, "网格员甲", "hole", NULL);
	struct wire_request request;

	world_settle(world);
	request = wish_note(&id, "far away");
	must(world, "网格员甲", &request);
	world_settle(world);
	assert_int_equal(count_text(&world->nodes[CITY], &id, "网格员甲"), 2);
	world_check_views(world);
}

#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, setup, world_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_WORLD(goes_from_the_grid_to_departments_and_home),
		IN_WORLD(routine_carries_it_to_the_competent),
		IN_WORLD(a_person_with_a_chinese_name_is_heard),
		IN_WORLD(a_word_does_not_keep_routine_from_its_work),
	};

	return cmocka_run_group_tests_name("engine/life", tests, NULL, NULL);
}

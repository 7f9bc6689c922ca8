/* A store without room, a disk that fails, a catalogue that is bad. */
#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "relay/link_inside.h"

static int setup(void **state)
{
	return world_begin(state, 4);
}

static int teardown(void **state)
{
	struct world *world = *state;

	mend_disks();
	world_close(&world);
	return 0;
}

static void start_with(
    struct world_node *node, uint64_t limit_bytes, uint64_t reserve_bytes)
{
	node_kill(node);
	node->limit_bytes = limit_bytes;
	node->reserve_bytes = reserve_bytes;
	node_start(node);
}

static const char *node_state(struct world *world, const char *operator)
{
	struct wire_request request = wish(ASK_STATUS);
	struct wire_reply reply = must(world, operator, & request);

	return reply.status.state;
}

/* ---- room is short ---- */

static void a_full_store_refuses_new_tickets_and_finishes_old(void **state)
{
	struct world *world = *state;
	struct id id = open_ticket(world, "grid-1", "lamp", NULL);
	struct wire_request request;

	start_with(&world->nodes[GRID_1], 32 << 20, 32 << 20);
	world_settle(world);
	request = wish_open("lamp", NULL);
	must_not(world, "grid-1", &request, "store_full");
	assert_string_equal(node_state(world, "grid-1"), "full");
	request = wish_note(&id, "go on");
	must(world, "grid-1", &request);
	request = wish_resolve(&id);
	must(world, "grid-1", &request);
	request = wish_rate(&id);
	must(world, "grid-1", &request);
	world_settle(world);
	world_check_views(world);
	start_with(&world->nodes[GRID_1], 32 << 20, 0);
	world_settle(world);
	request = wish_open("lamp", NULL);
	must(world, "grid-1", &request);
}

/* What was opened below waits below until there is room above. */
static void a_full_store_takes_no_new_tickets_from_below(void **state)
{
	struct world *world = *state;
	struct id old = open_ticket(world, "grid-1", "hole", NULL), new;
	struct wire_request request;

	world_settle(world);
	start_with(&world->nodes[STREET_1], 32 << 20, 32 << 20);
	world_run(world, 500);
	new = open_ticket(world, "grid-1", "hole", NULL);
	world_run(world, 20 * 1000);
	assert_false(node_knows(&world->nodes[STREET_1], &new));
	assert_true(node_knows(&world->nodes[COMMUNITY_1], &new));
	request = wish_resolve(&old);
	must(world, "street-1", &request);
	world_run(world, 1000);
	assert_int_equal(
	    node_ticket(&world->nodes[GRID_1], &old).state, STATE_RESOLVED);
	start_with(&world->nodes[STREET_1], 32 << 20, 0);
	world_settle(world);
	assert_string_equal(
	    node_ticket(&world->nodes[CITY], &new).holder.s, UNIT_STREET_1);
	world_check_views(world);
	world_check_stores(world);
}

static void fill_text(char *text, size_t len, char fill)
{
	memset(text, fill, len - 1);
	text[len - 1] = '\0';
}

/* No reserve at all: the map itself is full, and a turn cannot be written. */
static void a_map_without_room_refuses_and_goes_on(void **state)
{
	struct world *world = *state;
	struct wire_request request = wish_open("lamp", NULL);
	static char text[30000];
	struct wire_reply reply;
	unsigned opened = 0;

	start_with(&world->nodes[GRID_1], 1 << 20, 0);
	fill_text(text, sizeof(text), 'x');
	request.command.what.text = text;
	do {
		memset(&request.id, 0, sizeof(request.id));
		reply = world_ask(world, "grid-1", &request);
		opened += reply.result == RESULT_DONE;
		assert_true(opened < 100);
	} while (reply.result == RESULT_DONE);
	assert_string_equal(reply.refusal, "store_full");
	assert_true(opened > 5);
	assert_int_equal(world->nodes[GRID_1].stopped, 0);
	assert_int_equal(node_count_tickets(&world->nodes[GRID_1]), opened);
	node_state(world, "grid-1");
	/* with more room, what was refused is done, and once */
	start_with(&world->nodes[GRID_1], 32 << 20, 0);
	must(world, "grid-1", &request);
	must(world, "grid-1", &request);
	world_settle(world);
	assert_int_equal(node_count_tickets(&world->nodes[CITY]), opened + 1);
	world_check_views(world);
	world_check_stores(world);
}

/* ---- commits that fail ---- */

static void a_full_disk_is_a_refusal_and_not_the_end(void **state)
{
	struct world *world = *state;
	struct id id = open_ticket(world, "grid-1", "lamp", NULL);
	struct wire_request request = wish_note(&id, "only once");
	struct wire_request query = wish(ASK_SHOW);
	struct wire_reply reply;

	world_settle(world);
	node_break_disk(&world->nodes[GRID_1], false);
	must_not(world, "grid-1", &request, "store_full");
	query.show.ticket = id;
	reply = must(world, "grid-1", &query);
	assert_int_equal(reply.show.event_count, 1);
	world_run(world, 15 * 1000);
	assert_int_equal(world->nodes[GRID_1].stopped, 0);
	mend_disks();
	must(world, "grid-1", &request);
	world_settle(world);
	assert_int_equal(count_text(&world->nodes[CITY], &id, "only once"), 1);
	world_check_views(world);
}

static void forget_reply(void *context, const struct wire_reply *reply)
{
	(void)context;
	(void)reply;
}

/* The answer was lost, and said again it meets a full disk together with what
 * is new: it was done all the same, and nobody is told that it was not. */
static void what_was_done_is_not_refused_by_a_full_disk(void **state)
{
	struct world *world = *state;
	struct id id = open_ticket(world, "grid-1", "lamp", NULL);
	struct wire_request done = wish_note(&id, "done before");
	struct wire_request new = wish_note(&id, "comes with it");
	struct wire_reply reply;

	must(world, "grid-1", &done);
	world_settle(world);
	world_replies(world, forget_reply, NULL);
	node_break_disk(&world->nodes[GRID_1], false);
	new.id = world_id(world);
	world_send(world, "grid-1", NULL, &new);
	world_send(world, "grid-1", NULL, &done);
	world_run(world, 3 * WORLD_STEP_MS);
	mend_disks();
	assert_true(world_reply(world, &reply, &new.id));
	assert_string_equal(reply.refusal, "store_full");
	if (world_reply(world, &reply, &done.id))
		assert_int_equal(reply.result, RESULT_DONE);
	must(world, "grid-1", &done);
	assert_int_equal(
	    count_text(&world->nodes[GRID_1], &id, "done before"), 1);
}

/* What came from a neighbour in that turn comes again. */
static void what_a_full_disk_did_not_take_comes_again(void **state)
{
	struct world *world = *state;
	struct id id;
	struct wire_request request;

	node_break_disk(&world->nodes[STREET_1], false);
	id = open_ticket(world, "grid-1", "hole", NULL);
	request = wish_note(&id, "far away");
	assert_int_equal(
	    world_ask(world, "grid-1", &request).result, RESULT_PENDING);
	world_run(world, 20 * 1000);
	assert_false(node_knows(&world->nodes[STREET_1], &id));
	mend_disks();
	world_settle(world);
	assert_string_equal(
	    node_ticket(&world->nodes[CITY], &id).holder.s, UNIT_STREET_1);
	assert_int_equal(count_text(&world->nodes[CITY], &id, "far away"), 1);
	world_check_views(world);
	world_check_stores(world);
}

/* A wish on its way to the holder is forgotten with its turn: nobody is told
 * that it is pending. */
static void a_distant_wish_is_not_pending_when_its_turn_failed(void **state)
{
	struct world *world = *state;
	struct id id = open_ticket(world, "grid-1", "hole", NULL);
	struct wire_request request = wish_note(&id, "far away");
	struct wire_reply reply;

	world_settle(world);
	node_break_disk(&world->nodes[GRID_1], false);
	must_not(world, "grid-1", &request, "store_full");
	world_replies(world, forget_reply, NULL);
	mend_disks();
	world_run(world, 3000);
	assert_false(world_reply(world, &reply, &request.id));
	must(world, "grid-1", &request);
	world_settle(world);
	assert_int_equal(count_text(&world->nodes[CITY], &id, "far away"), 1);
}

static void run_until_stopped(struct world *world, struct world_node *node)
{
	for (int i = 0; i < 500 && !node->stopped; i++) {
		world->now_ms += WORLD_STEP_MS;
		for (unsigned k = 0; k < WORLD_NODES; k++)
			node_run(&world->nodes[k]);
	}
}

/* Nobody knows whether it counts: the daemon ends, and looks. */
static void a_commit_of_unknown_fate_ends_the_daemon(void **state)
{
	struct world *world = *state;
	struct world_node *grid = &world->nodes[GRID_1];
	struct id id = open_ticket(world, "grid-1", "lamp", NULL);
	struct wire_request request = wish_note(&id, "only once");
	struct wire_reply reply;

	world_settle(world);
	node_break_disk(grid, true);
	world_send(world, "grid-1", NULL, &request);
	run_until_stopped(world, grid);
	assert_int_equal(grid->stopped, ERR_COMMIT);
	assert_false(world_reply(world, &reply, &request.id));
	mend_disks();
	node_kill(grid);
	node_start(grid);
	must(world, "grid-1", &request);
	world_settle(world);
	assert_int_equal(count_text(&world->nodes[CITY], &id, "only once"), 1);
	world_check_views(world);
	world_check_stores(world);
}

/* A store renewed in a turn that fails is not renewed. */
static void a_recovery_that_could_not_begin_begins_again(void **state)
{
	struct world *world = *state;
	struct world_node *grid = &world->nodes[GRID_1];
	struct id before = grid->engine->config.store.id;
	struct neighbour *above = &world->nodes[GRID_1].engine->neighbours[0];
	struct wire_frame answer = {
		.session = 0,
		.kind = FRAME_HELLO,
		.hello = {
			.node = "community-1",
			.version = WIRE_VERSION,
			.oldest = WIRE_OLDEST,
			.speaks = 1,
			.last_store = before,
			.last_received = 1000,
			.answer = true,
		},
	};
	struct buf packed = { 0 };

	answer.hello.store = above->link.record.peer_store;
	/* a restart asks; the answer says that more was sent than we know */
	node_kill(grid);
	node_start(grid);
	world->nodes[COMMUNITY_1].is_cut = true;
	world->nodes[GRID_1].is_cut = true;
	world->now_ms += 1000;
	node_run(grid);
	above = &grid->engine->neighbours[0];
	answer.session = above->link.session;
	struct link_turn turn = { .store = &grid->engine->config.store };
	link_prove(&answer.hello.proof, &above->link, &turn,
	    answer.hello.last_received);
	assert_int_equal(wire_frame_pack(&packed, &answer), 0);
	node_break_disk(grid, false);
	node_inject(grid, &world->nodes[COMMUNITY_1],
	    bytes_of(packed.data, packed.len));
	world_forget_log(world);
	node_run(grid);
	assert_true(world_logged(world, "problem=old_store"));
	assert_true(id_equal(&grid->engine->config.store.id, &before));
	assert_false(node_is_recovering(grid));
	mend_disks();
	world->nodes[COMMUNITY_1].is_cut = false;
	world->nodes[GRID_1].is_cut = false;
	world_settle(world);
	assert_true(id_equal(&grid->engine->config.store.id, &before));
	open_ticket(world, "grid-1", "lamp", NULL);
	buf_free(&packed);
}

/* ---- the catalogue ---- */

static void write_catalogue(struct world *world, const char *text)
{
	char path[WORLD_PATH + 32];

	snprintf(path, sizeof(path), "%s/catalogue.yaml", world->dir);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static char *read_catalogue(struct world *world)
{
	char path[WORLD_PATH + 32];
	static char text[8192];

	snprintf(path, sizeof(path), "%s/catalogue.yaml", world->dir);
	FILE *file = fopen(path, "r");
	assert_non_null(file);
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	return text;
}

static int reload(struct world *world, struct world_node *node)
{
	int rc;

	dup2(world->log_fd, STDERR_FILENO);
	rc = engine_reload(node->engine);
	dup2(world->real_fd, STDERR_FILENO);
	return rc;
}

static void a_bad_catalogue_is_refused_whole(void **state)
{
	struct world *world = *state;
	struct wire_request request = wish_open("lamp", NULL);
	char *text = strdup(read_catalogue(world));
	char *item = strstr(text, "code: lamp");

	memcpy(item, "code: bulb", 10);
	write_catalogue(world, "version: 1\nitems: nonsense\n");
	assert_int_equal(reload(world, &world->nodes[GRID_1]), ERR_INVALID);
	must(world, "grid-1", &request);
	write_catalogue(world, text);
	assert_int_equal(reload(world, &world->nodes[GRID_1]), 0);
	memset(&request.id, 0, sizeof(request.id));
	must_not(world, "grid-1", &request, "unknown_item");
	request = wish_open("bulb", NULL);
	must(world, "grid-1", &request);
	world_settle(world);
	world_check_views(world);
	free(text);
}

static void edit_operators(struct world *world, const char *text)
{
	char path[WORLD_PATH + 32];
	FILE *file;

	snprintf(path, sizeof(path), "%s/operators.csv", world->dir);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

/* The first line that begins so, taken out of `text`. */
static char *cut_line(char *text, const char *begin)
{
	char *line = strstr(text, begin);
	char *end;

	assert_non_null(line);
	end = strchr(line, '\n') + 1;
	memmove(line, end, strlen(end) + 1);
	return text;
}

static char *read_operators(struct world *world)
{
	char path[WORLD_PATH + 32];
	char *text = calloc(1, 8192);
	FILE *file;

	snprintf(path, sizeof(path), "%s/operators.csv", world->dir);
	file = fopen(path, "r");
	assert_non_null(file);
	assert_true(fread(text, 1, 8191, file) < 8191);
	fclose(file);
	return text;
}

static void a_revoked_operator_is_not_heard(void **state)
{
	struct world *world = *state;
	struct world_node *grid = &world->nodes[GRID_1];
	const struct operator* gone = org_operator(world->org, "grid-1");
	uint8_t bytes[2 + ID_BYTES] = { 1 << 3 | 2, ID_BYTES };
	char *text = cut_line(read_operators(world), "grid-1,");
	char key[NET_KEY_TEXT];
	struct wire_reply reply;
	struct id id = world_id(world);

	memcpy(key, gone->public_key, sizeof(key));
	memcpy(bytes + 2, id.b, ID_BYTES);
	edit_operators(world, text);
	assert_int_equal(reload(world, grid), 0);
	assert_null(org_operator(world->org, "grid-1"));
	node_inject_key(grid, key, "Ogone", bytes_of(bytes, sizeof(bytes)));
	world_run(world, 100);
	assert_false(world_reply(world, &reply, &id));
	world_settle(world);
	free(text);
}

static void bad_operators_are_refused_with_the_catalogue(void **state)
{
	struct world *world = *state;
	struct world_node *grid = &world->nodes[GRID_1];
	struct wire_request request = wish_open("bulb", NULL);
	char *good = read_operators(world);
	char *text = strdup(read_catalogue(world));

	memcpy(strstr(text, "code: lamp"), "code: bulb", 10);
	write_catalogue(world, text);
	edit_operators(world, "name,unit,role,public_key\nx,4207,mayor,\n");
	assert_int_equal(reload(world, grid), ERR_INVALID);
	assert_non_null(org_operator(world->org, "grid-1"));
	must_not(world, "grid-1", &request, "unknown_item");
	edit_operators(world, good);
	assert_int_equal(reload(world, grid), 0);
	memset(&request.id, 0, sizeof(request.id));
	must(world, "grid-1", &request);
	world_settle(world);
	free(text);
	free(good);
}

static void a_reload_is_asked_for_by_who_may(void **state)
{
	struct world *world = *state;
	struct wire_request request = wish(ASK_STATUS);

	request.status.reload = true;
	must_not(world, "grid-1", &request, "no_role");
	assert_false(engine_wants_reload(world->nodes[GRID_1].engine));
	request = wish(ASK_STATUS);
	request.status.reload = true;
	must(world, "engineer", &request);
	assert_true(engine_wants_reload(world->nodes[CITY].engine));
	assert_false(engine_wants_reload(world->nodes[CITY].engine));
}

#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_WORLD(a_full_store_refuses_new_tickets_and_finishes_old),
		IN_WORLD(a_full_store_takes_no_new_tickets_from_below),
		IN_WORLD(a_map_without_room_refuses_and_goes_on),
		IN_WORLD(a_full_disk_is_a_refusal_and_not_the_end),
		IN_WORLD(what_was_done_is_not_refused_by_a_full_disk),
		IN_WORLD(what_a_full_disk_did_not_take_comes_again),
		IN_WORLD(a_distant_wish_is_not_pending_when_its_turn_failed),
		IN_WORLD(a_commit_of_unknown_fate_ends_the_daemon),
		IN_WORLD(a_recovery_that_could_not_begin_begins_again),
		IN_WORLD(a_bad_catalogue_is_refused_whole),
		IN_WORLD(a_revoked_operator_is_not_heard),
		IN_WORLD(bad_operators_are_refused_with_the_catalogue),
		IN_WORLD(a_reload_is_asked_for_by_who_may),
	};

	return cmocka_run_group_tests_name("engine/full", tests, NULL, NULL);
}

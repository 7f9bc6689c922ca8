/* Files: sent by people, named by events, carried from node to node. */
#include "world.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static uint8_t *content; /* of the file that a test sends */
static size_t content_len;
static struct hash content_hash;

/* A picture, as far as anybody looks; its bytes from the world's seed. */
static void make_content(struct world *world, size_t len)
{
	free(content);
	content = malloc(len);
	assert_non_null(content);
	for (size_t i = 0; i < len; i++)
		content[i] = (uint8_t)world_random(world);
	memcpy(content, "\xff\xd8\xff", 3);
	content_len = len;
	hash_of(&content_hash, bytes_of(content, len));
}

static int setup(void **state)
{
	struct world *world = world_open(23);

	world_settle(world);
	make_content(world, 300 * 1000);
	*state = world;
	return 0;
}

static int teardown(void **state)
{
	struct world *world = *state;

	world_close(&world);
	free(content);
	content = NULL;
	return 0;
}

static struct wire_request piece_at(uint64_t offset, size_t max)
{
	struct wire_request request = wish(ASK_PUT);
	size_t len = content_len - (size_t)offset;

	if (len > max)
		len = max;
	request.put.hash = content_hash;
	request.put.size = content_len;
	request.put.offset = offset;
	request.put.data = bytes_of(content + offset, len);
	return request;
}

static struct wire_reply put_at(
    struct world *world, const char *operator, uint64_t offset)
{
	struct wire_request request = piece_at(offset, FILE_CHUNK_BYTES);

	return must(world, operator, & request);
}

static void send_all(struct world *world, const char *operator)
{
	struct wire_reply reply = put_at(world, operator, 0);

	while (!reply.put.is_whole)
		reply = put_at(world, operator, reply.put.have);
	assert_true(reply.put.have == content_len);
	assert_int_equal(reply.put.type, FILE_JPEG);
}

static const struct attachment *the_file(void)
{
	static struct attachment file;

	file = (struct attachment){ .hash = content_hash, .name = "现场.jpg" };
	return &file;
}

static void attach(struct wire_request *request)
{
	request->command.what.attachments = the_file();
	request->command.what.attachment_count = 1;
}

static struct id open_with_file(
    struct world *world, const char *operator, bool is_confidential)
{
	struct wire_request request = wish_open("lamp", NULL);

	send_all(world, operator);
	attach(&request);
	request.command.what.confidential = is_confidential;
	return must(world, operator, & request).command.ticket;
}

static struct wire_request wish_get(const struct id *ticket, uint64_t offset)
{
	struct wire_request request = wish(ASK_GET);

	if (ticket)
		request.get.ticket = *ticket;
	request.get.hash = content_hash;
	request.get.offset = offset;
	return request;
}

/* Waits until the operator's node has it, and reads all of it. */
static void reads_all(
    struct world *world, const char *operator, const struct id * ticket)
{
	int64_t until_ms = world->now_ms + 5 * MINUTE_MS;
	uint64_t at = 0;

	while (at < content_len) {
		struct wire_request request = wish_get(ticket, at);
		struct wire_reply reply = must(world, operator, & request);
		assert_true(world->now_ms < until_ms);
		if (!reply.get.size) {
			world_run(world, 200);
			continue;
		}
		assert_true(reply.get.size == content_len);
		assert_int_equal(reply.get.type, FILE_JPEG);
		assert_true(reply.get.data.len > 0);
		assert_memory_equal(
		    content + at, reply.get.data.data, reply.get.data.len);
		at += reply.get.data.len;
	}
}

static void path_at(char path[WORLD_PATH * 2], const struct world_node *node)
{
	char dir[WORLD_PATH + 16];

	snprintf(dir, sizeof(dir), "%s/files", node->path);
	files_path(path, WORLD_PATH * 2, dir, &content_hash);
}

static bool has_file(const struct world_node *node)
{
	char path[WORLD_PATH * 2];

	path_at(path, node);
	return access(path, F_OK) == 0;
}

static void until_everywhere(struct world *world, const unsigned *nodes)
{
	int64_t until_ms = world->now_ms + 10 * MINUTE_MS;

	for (; *nodes != WORLD_NODES; nodes++)
		while (!has_file(&world->nodes[*nodes])) {
			world_run(world, 100);
			assert_true(world->now_ms < until_ms);
		}
}

static const unsigned way_up[] = { GRID_1, COMMUNITY_1, STREET_1, DISTRICT,
	CITY, WORLD_NODES };

static void a_file_follows_its_ticket_up_to_the_city(void **state)
{
	struct world *world = *state;
	struct id id = open_with_file(world, "grid-1", false);

	until_everywhere(world, way_up);
	reads_all(world, "boss", &id);
	reads_all(world, "district", NULL);
	assert_false(has_file(&world->nodes[GATEWAY]));
	assert_false(has_file(&world->nodes[GRID_2]));
	world_check_stores(world);
}

static void the_log_says_which_bytes_were_meant(void **state)
{
	struct world *world = *state;
	struct id id = open_with_file(world, "grid-1", false);

	world_settle(world);
	struct buf bytes = node_event(&world->nodes[CITY], &id, 1);
	struct event event;
	assert_int_equal(wire_event_unpack(&event, NULL, world->arena,
			     bytes_of(bytes.data, bytes.len)),
	    0);
	assert_int_equal(event.what.attachment_count, 1);
	const struct attachment *file = event.what.attachments;
	assert_true(hash_equal(&file->hash, &content_hash));
	assert_string_equal(file->name, "现场.jpg");
	assert_true(file->size == content_len);
	assert_int_equal(file->type, FILE_JPEG);
	buf_free(&bytes);
}

static void refuses_a_file_that_was_not_sent(void **state)
{
	struct world *world = *state;
	struct wire_request request = wish_open("lamp", NULL);

	attach(&request);
	must_not(world, "grid-1", &request, "file_missing");
	put_at(world, "grid-1", 0); /* a piece is not all */
	request.id = world_id(world);
	must_not(world, "grid-1", &request, "file_missing");
}

/* To know the hash of somebody's file is not to have it. */
static void refuses_a_file_that_another_has_sent(void **state)
{
	struct world *world = *state;
	struct wire_request request = wish_open("lamp", NULL);

	open_with_file(world, "grid-1", true);
	attach(&request);
	must_not(world, "grid-1b", &request, "file_missing");
}

static void refuses_bytes_of_another_hash(void **state)
{
	struct world *world = *state;
	struct wire_request request;

	content_hash.b[5] ^= 1;
	put_at(world, "grid-1", 0);
	put_at(world, "grid-1", FILE_CHUNK_BYTES);
	request = piece_at(2 * FILE_CHUNK_BYTES, FILE_CHUNK_BYTES);
	must_not(world, "grid-1", &request, "file_wrong");
	assert_false(has_file(&world->nodes[GRID_1]));
	/* nothing is left of it */
	struct wire_reply reply = put_at(world, "grid-1", FILE_CHUNK_BYTES);
	assert_true(reply.put.have == 0);
}

static void refuses_what_a_browser_would_run(void **state)
{
	static const char page[] = "<html><script>alert(1)</script></html>";
	struct world *world = *state;
	struct wire_request request;

	make_content(world, sizeof(page) - 1);
	memcpy(content, page, sizeof(page) - 1);
	hash_of(&content_hash, bytes_of(content, content_len));
	request = piece_at(0, FILE_CHUNK_BYTES);
	must_not(world, "grid-1", &request, "file_type");
	memcpy(content, "MZ\0\0", 4);
	hash_of(&content_hash, bytes_of(content, content_len));
	request = piece_at(0, FILE_CHUNK_BYTES);
	must_not(world, "grid-1", &request, "file_type");
}

static void refuses_more_than_a_file_can_have(void **state)
{
	struct world *world = *state;
	struct wire_request request = piece_at(0, 100);

	request.put.size = FILE_MAX_BYTES + 1;
	must_not(world, "grid-1", &request, "file_too_large");
	request = piece_at(0, 100);
	request.put.size = FILE_MAX_BYTES;
	must(world, "grid-1", &request);
	/* the size was another when it began: begins again */
	request = piece_at(0, 50);
	struct wire_reply reply = must(world, "grid-1", &request);
	assert_true(reply.put.have == 50);
}

static void goes_on_where_it_was_and_leaves_no_gap(void **state)
{
	struct world *world = *state;
	struct wire_request request = piece_at(0, 1000);

	must(world, "grid-1", &request);
	struct wire_reply reply = put_at(world, "grid-1", 5000);
	assert_true(reply.put.have == 1000);
	reply = put_at(world, "grid-1", 500); /* overlaps */
	assert_true(reply.put.have == 500 + FILE_CHUNK_BYTES);
	node_kill(&world->nodes[GRID_1]);
	node_start(&world->nodes[GRID_1]);
	world_settle(world);
	send_all(world, "grid-1");
	assert_true(has_file(&world->nodes[GRID_1]));
}

static void bounds_what_is_sent_and_never_named(void **state)
{
	struct world *world = *state;
	unsigned whole = UPLOADS_OPERATOR_BYTES / FILE_MAX_BYTES;

	for (unsigned i = 0; i <= whole; i++) {
		struct wire_request request = piece_at(0, 10);
		request.put.size = FILE_MAX_BYTES;
		request.put.hash.b[0] = (uint8_t)i;
		if (i < whole)
			must(world, "grid-1", &request);
		else
			must_not(world, "grid-1", &request, "file_quota");
	}
	/* after a day nothing of it is left */
	world_run_by(world, DAY_MS + 5 * MINUTE_MS, 60 * 1000);
	struct wire_request request = piece_at(0, 10);
	request.put.size = FILE_MAX_BYTES;
	must(world, "grid-1", &request);
}

static void forgets_after_a_day_what_nobody_named(void **state)
{
	struct world *world = *state;
	struct wire_request request = wish_open("lamp", NULL);

	send_all(world, "grid-1");
	assert_true(has_file(&world->nodes[GRID_1]));
	world_run_by(world, DAY_MS + 5 * MINUTE_MS, 60 * 1000);
	assert_false(has_file(&world->nodes[GRID_1]));
	attach(&request);
	must_not(world, "grid-1", &request, "file_missing");
}

static void keeps_what_was_named(void **state)
{
	struct world *world = *state;
	struct id id = open_with_file(world, "grid-1", false);

	world_run_by(world, 32 * (int64_t)DAY_MS, 10 * MINUTE_MS);
	reads_all(world, "grid-1", &id);
}

/* The holder is elsewhere: the order goes there, and then comes for the
 * bytes to whoever asked. */
static void a_note_from_afar_brings_its_file(void **state)
{
	struct world *world = *state;
	struct id id = open_ticket(world, "grid-1", "lamp", NULL);
	struct wire_request request = wish_forward(&id, UNIT_COMMUNITY_1);

	must(world, "grid-1", &request);
	world_settle(world);
	send_all(world, "grid-1");
	request = wish_note(&id, "又拍了一张");
	attach(&request);
	must(world, "grid-1", &request);
	reads_all(world, "community-1", &id);
	reads_all(world, "boss", &id);
}

static void a_resolve_carries_files(void **state)
{
	struct world *world = *state;
	struct id id = open_ticket(world, "grid-1", "lamp", NULL);
	struct wire_request request = wish_resolve(&id);

	send_all(world, "grid-1");
	attach(&request);
	must(world, "grid-1", &request);
	world_settle(world);
	reads_all(world, "street-1", &id);
}

static void a_department_gets_what_the_caller_sent(void **state)
{
	struct world *world = *state;
	struct id id = open_with_file(world, "street-1", false);
	struct wire_request request = wish_whistle(&id, UNIT_CGJ, NULL);

	must(world, "street-1", &request);
	world_settle(world);
	reads_all(world, "cgj", NULL);
}

static void files_of_a_confidential_ticket_are_for_its_holders(void **state)
{
	struct world *world = *state;
	struct id id = open_with_file(world, "grid-1", true);
	struct wire_request request;

	until_everywhere(world, way_up);
	request = wish_get(&id, 0);
	must_not(world, "boss", &request, "file_sealed");
	request = wish_get(NULL, 0);
	must_not(world, "community-1", &request, "file_sealed");
	reads_all(world, "grid-1", &id);
}

static void strangers_do_not_see_that_it_exists(void **state)
{
	struct world *world = *state;
	struct id id = open_with_file(world, "grid-1", false);
	struct wire_request request = wish_get(&id, 0);

	until_everywhere(world, way_up);
	assert_int_equal(
	    world_ask(world, "street-2", &request).result, RESULT_NOT_FOUND);
	request = wish_get(&id, 0);
	assert_int_equal(
	    world_ask(world, "engineer", &request).result, RESULT_NOT_FOUND);
	request = wish_get(NULL, 0);
	request.get.hash.b[3] ^= 1;
	assert_int_equal(
	    world_ask(world, "boss", &request).result, RESULT_NOT_FOUND);
}

static void says_honestly_that_it_is_not_here_yet(void **state)
{
	struct world *world = *state;

	world->nodes[GRID_1].is_cut = true;
	struct id id = open_with_file(world, "grid-1", false);
	world->nodes[GRID_1].is_cut = false;
	while (!node_knows(&world->nodes[COMMUNITY_1], &id))
		world_run(world, WORLD_STEP_MS);
	world->nodes[GRID_1].is_cut = true;
	world_run(world, 2000);
	struct wire_request request = wish_get(&id, 0);
	struct wire_reply reply = must(world, "community-1", &request);
	assert_true(reply.get.size == 0);
	assert_true(reply.get.data.len == 0);
	world->nodes[GRID_1].is_cut = false;
	reads_all(world, "community-1", &id);
}

static void comes_over_links_that_lose_and_repeat(void **state)
{
	struct world *world = *state;

	/* before that: the operator asks once, and must hear the answer */
	struct id id = open_with_file(world, "grid-1", false);
	world->lose = 10;
	world->repeat = 10;
	world->delay_ms = 80;
	until_everywhere(world, way_up);
	world_heal(world);
	reads_all(world, "boss", &id);
}

static void goes_on_after_the_source_was_killed(void **state)
{
	struct world *world = *state;

	make_content(world, 2 * 1000 * 1000);
	struct id id = open_with_file(world, "grid-1", false);
	for (int i = 0; i < 6; i++) {
		world_run(world, 100);
		node_kill(&world->nodes[i % 2 ? COMMUNITY_1 : GRID_1]);
		world_run(world, 100);
		node_start(&world->nodes[i % 2 ? COMMUNITY_1 : GRID_1]);
	}
	until_everywhere(world, way_up);
	reads_all(world, "boss", &id);
	world_check_stores(world);
}

static void a_lost_store_gets_its_files_back(void **state)
{
	struct world *world = *state;
	struct id id = open_with_file(world, "grid-1", false);

	until_everywhere(world, way_up);
	node_lose_store(&world->nodes[GRID_1]);
	node_start(&world->nodes[GRID_1]);
	world_settle(world);
	reads_all(world, "grid-1", &id);
	node_lose_store(&world->nodes[STREET_1]);
	node_start(&world->nodes[STREET_1]);
	world_settle(world);
	until_everywhere(world, way_up);
}

static void damage(const struct world_node *node, off_t at)
{
	char path[WORLD_PATH * 2];
	uint8_t other = content[at] ^ 0x40;

	path_at(path, node);
	int fd = open(path, O_WRONLY);
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, &other, 1, at), 1);
	close(fd);
}

static void a_damaged_file_is_noticed_and_fetched_again(void **state)
{
	struct world *world = *state;
	struct id id = open_with_file(world, "grid-1", false);

	until_everywhere(world, way_up);
	damage(&world->nodes[STREET_1], 200 * 1000);
	world_forget_log(world);
	for (uint64_t at = 0; at < content_len;) {
		struct wire_request request = wish_get(&id, at);
		struct wire_reply reply = must(world, "street-1", &request);
		if (!reply.get.size)
			break; /* noticed, before its last piece */
		at += reply.get.data.len;
		assert_true(at < content_len);
	}
	assert_true(world_logged(world, "problem=damaged"));
	reads_all(world, "street-1", &id);
}

static void a_file_that_is_gone_is_fetched_again(void **state)
{
	struct world *world = *state;
	struct id id = open_with_file(world, "grid-1", false);
	char path[WORLD_PATH * 2];

	until_everywhere(world, way_up);
	path_at(path, &world->nodes[CITY]);
	assert_int_equal(unlink(path), 0);
	reads_all(world, "boss", &id);
	assert_true(has_file(&world->nodes[CITY]));
}

/* A neighbour with a valid key sends bytes that are not those of the hash. */
static void does_not_take_wrong_bytes_from_a_neighbour(void **state)
{
	struct world *world = *state;
	char path[WORLD_PATH * 2];

	world->nodes[GRID_1].is_cut = true;
	struct id id = open_with_file(world, "grid-1", false);
	damage(&world->nodes[GRID_1], 7);
	world->nodes[GRID_1].is_cut = false;
	world_run(world, MINUTE_MS);
	assert_false(has_file(&world->nodes[COMMUNITY_1]));
	assert_true(world_logged(world, "problem=damaged"));
	path_at(path, &world->nodes[GRID_1]);
	assert_true(access(path, F_OK) != 0);
	/* whoever has it sends it once more */
	send_all(world, "grid-1");
	until_everywhere(world, way_up);
	reads_all(world, "boss", &id);
}

static void pieces_that_nobody_asked_for_change_nothing(void **state)
{
	struct world *world = *state;
	struct world_node *from = &world->nodes[GRID_1];
	struct neighbour *to = node_neighbour(from, &world->nodes[COMMUNITY_1]);
	struct wire_frame frame = { .session = to->link.session,
		.kind = FRAME_CHUNK };
	struct buf packed = { 0 };

	frame.chunk.hash = content_hash;
	frame.chunk.size = content_len;
	frame.chunk.data = bytes_of(content, 1000);
	assert_int_equal(wire_frame_pack(&packed, &frame), 0);
	for (int i = 0; i < 10; i++)
		node_inject(&world->nodes[COMMUNITY_1], from,
		    bytes_of(packed.data, packed.len));
	world_run(world, 1000);
	assert_false(has_file(&world->nodes[COMMUNITY_1]));
	/* nor is what a neighbour is not to know given to it */
	buf_clear(&packed);
	frame = (struct wire_frame){ .session = to->link.session,
		.kind = FRAME_WANT_CHUNK };
	frame.want_chunk.hash = content_hash;
	open_with_file(world, "grid-2", false);
	until_everywhere(world,
	    (const unsigned[]){ COMMUNITY_2, STREET_2, DISTRICT, WORLD_NODES });
	to = node_neighbour(&world->nodes[STREET_1], &world->nodes[DISTRICT]);
	frame.session = to->link.session;
	assert_int_equal(wire_frame_pack(&packed, &frame), 0);
	node_inject(&world->nodes[DISTRICT], &world->nodes[STREET_1],
	    bytes_of(packed.data, packed.len));
	world_run(world, 1000);
	const struct neighbour *given =
	    node_neighbour(&world->nodes[DISTRICT], &world->nodes[STREET_1]);
	assert_true(hash_equal(&given->serving.told[0], &content_hash));
	buf_free(&packed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		T(a_file_follows_its_ticket_up_to_the_city),
		T(the_log_says_which_bytes_were_meant),
		T(refuses_a_file_that_was_not_sent),
		T(refuses_a_file_that_another_has_sent),
		T(refuses_bytes_of_another_hash),
		T(refuses_what_a_browser_would_run),
		T(refuses_more_than_a_file_can_have),
		T(goes_on_where_it_was_and_leaves_no_gap),
		T(bounds_what_is_sent_and_never_named),
		T(forgets_after_a_day_what_nobody_named),
		T(keeps_what_was_named),
		T(a_note_from_afar_brings_its_file),
		T(a_resolve_carries_files),
		T(a_department_gets_what_the_caller_sent),
		T(files_of_a_confidential_ticket_are_for_its_holders),
		T(strangers_do_not_see_that_it_exists),
		T(says_honestly_that_it_is_not_here_yet),
		T(comes_over_links_that_lose_and_repeat),
		T(goes_on_after_the_source_was_killed),
		T(a_lost_store_gets_its_files_back),
		T(a_damaged_file_is_noticed_and_fetched_again),
		T(a_file_that_is_gone_is_fetched_again),
		T(does_not_take_wrong_bytes_from_a_neighbour),
		T(pieces_that_nobody_asked_for_change_nothing),
#undef T
	};

	return cmocka_run_group_tests_name("files", tests, NULL, NULL);
}

/*
 * Files that tickets name, over six real daemons: from the grid to the city
 * through three others, over cuts, kills and a lost store.
 */
#include "harness/harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "store/files.h"

#define GRID	  "grid-420704001002001"
#define COMMUNITY "comm-420704001002"

enum { LARGE = FILE_MAX_BYTES, SMALL = 300 * 1000 };

static struct city city;

static int open_city(void **state)
{
	(void)state;
	city_prepare(&city);
	city_found(&city);
	city_start(&city);
	return 0;
}

static int close_city(void **state)
{
	(void)state;
	city_close(&city);
	return 0;
}

static void name_file(char path_out[CITY_PATH], const char *name)
{
	snprintf(path_out, CITY_PATH, "%s", city_path(&city, "%s", name));
}

/* A picture, as far as anybody looks, other bytes for each seed. */
static void make_picture(
    struct hash *hash_out, const char *path, size_t len, uint64_t seed)
{
	uint8_t *bytes = malloc(len);

	assert_non_null(bytes);
	for (size_t i = 0; i < len; i++) {
		seed = seed * UINT64_C(6364136223846793005) + 1;
		bytes[i] = (uint8_t)(seed >> 56);
	}
	memcpy(bytes, "\xff\xd8\xff", 3);
	hash_of(hash_out, bytes_of(bytes, len));
	file_write_bytes(path, bytes, len);
	free(bytes);
}

/* Stays with the grid: the catalogue does not know what it is. */
static void open_with(char id_out[ID_TEXT], const char *path, bool is_sealed)
{
	json_t *done = cli_json(&city, GRID, "ticket", "open", "--title",
	    "有件事想请人看看", "--source", "visit", "--attach", path,
	    is_sealed ? "--confidential" : NULL, NULL);

	strcpy(id_out, json_text_at(done, "id"));
	json_decref(done);
}

static bool is_same_file(const char *a, const char *b)
{
	size_t a_len = 0, b_len = 0;
	char *a_bytes = file_read(&a_len, a), *b_bytes = file_read(&b_len, b);
	bool is_same = a_bytes && b_bytes && a_len == b_len &&
		       !memcmp(a_bytes, b_bytes, a_len);

	free(a_bytes);
	free(b_bytes);
	return is_same;
}

/* The command waits for what has not come yet. */
static void reads(const char *operator_name, const char *node, const char *id,
    const char *path)
{
	const char *got = city_path(&city, "got-%s", node);

	cli_exits(0, &city, operator_name, "--node", node, "--timeout", "60",
	    "ticket", "attachment", id, "--output", got, NULL);
	assert_true(is_same_file(got, path));
	remove(got);
}

/* Its own text, for a test that waits would use up those of city_path. */
static const char *stored_at(const char *node, const struct hash *hash)
{
	static char path[2 * CITY_PATH];
	char dir[CITY_PATH + 32];

	snprintf(
	    dir, sizeof(dir), "%.200s/data/%s/files", city.home.path, node);
	files_path(path, sizeof(path), dir, hash);
	return path;
}

struct place {
	const char *node;
	const struct hash *hash;
};

static bool is_there(void *context)
{
	const struct place *place = context;

	return file_exists(stored_at(place->node, place->hash));
}

static void wait_there(const char *node, const struct hash *hash)
{
	struct place place = { node, hash };

	if (!wait_until(is_there, &place, PATIENCE_MS))
		fail_msg("%s never got it", node);
}

static void a_file_is_read_four_nodes_from_where_it_was_attached(void **state)
{
	char path[CITY_PATH];
	char id[ID_TEXT];
	struct hash hash;
	(void)state;

	name_file(path, "现场.jpg");
	make_picture(&hash, path, SMALL, 1);
	open_with(id, path, false);
	assert_true(file_exists(stored_at("gridd", &hash)));
	city_wait_quiet(&city); /* the log is there; the bytes come after it */
	reads("admin", "cityd", id, path);
	reads("admin", "streetd", id, path);
	assert_false(file_exists(stored_at("gatewayd", &hash)));
}

static void shows(const char *lang, const char *id, const char *const *texts)
{
	struct run run;

	cli(&run, &city, GRID, "--lang", lang, "ticket", "show", id, NULL);
	assert_int_equal(run.code, 0);
	for (; *texts; texts++)
		if (!strstr(run_text(&run.out), *texts))
			fail_msg("no “%s” in:\n%s", *texts, run_text(&run.out));
	run_free(&run);
}

static void the_closing_form_is_shown_whole(void **state)
{
	static const char *const english[] = { "Found ", "as it was told",
		"Spoken to ", "2026-11-21 15:00:00", "Measures ", "换了灯泡",
		"Reply ", "修好了", "Proof ",
		"完工.jpg (image/jpeg, 293.0 KiB, ", "Attachments:", NULL };
	static const char *const chinese[] = { "联系时间", "处置措施",
		"换了灯泡", "答复", "修好了", "佐证材料",
		"完工.jpg（image/jpeg，293.0 KiB，", "附件：", NULL };
	char before[CITY_PATH];
	char after[CITY_PATH];
	char id[ID_TEXT];
	struct hash hash;
	(void)state;

	name_file(before, "之前.jpg");
	name_file(after, "完工.jpg");
	make_picture(&hash, before, SMALL, 2);
	open_with(id, before, false);
	make_picture(&hash, after, SMALL, 3);
	cli_exits(0, &city, GRID, "ticket", "resolve", id, "--solved",
	    "--as-told", "--contacted", "2026-11-21 15:00", "--measures",
	    "换了灯泡", "--text", "修好了", "--attach", after, NULL);
	shows("en", id, english);
	shows("zh", id, chinese);
	/* two files: which one is meant has to be said */
	cli_exits(2, &city, GRID, "ticket", "attachment", id, NULL);
	cli_exits(4, &city, GRID, "ticket", "attachment", id, "no.jpg", NULL);
	cli_exits(0, &city, GRID, "ticket", "attachment", id, "完工.jpg",
	    "--output", city_path(&city, "out"), NULL);
	assert_true(is_same_file(city_path(&city, "out"), after));
}

static void what_is_no_attachment_is_refused(void **state)
{
	char page[CITY_PATH];
	char empty[CITY_PATH];
	(void)state;

	name_file(page, "page.txt");
	name_file(empty, "empty.jpg");
	file_write(page, "<svg onload=alert(1)>");
	file_write(empty, "");
	cli_exits(2, &city, GRID, "ticket", "open", "--title", "x", "--attach",
	    page, NULL);
	cli_exits(2, &city, GRID, "ticket", "open", "--title", "x", "--attach",
	    empty, NULL);
	cli_exits(4, &city, GRID, "ticket", "open", "--title", "x", "--attach",
	    city_path(&city, "nowhere.jpg"), NULL);
}

/* What was acknowledged is on disk, whatever becomes of the process. */
static void a_killed_source_has_kept_what_it_acknowledged(void **state)
{
	char path[CITY_PATH];
	char id[ID_TEXT];
	struct hash hash;
	(void)state;

	name_file(path, "killed.jpg");
	make_picture(&hash, path, SMALL, 4);
	daemon_stop(&city, "communityd");
	open_with(id, path, false);
	daemon_kill(&city, "gridd");
	daemon_start(&city, "gridd", NULL);
	reads(GRID, "gridd", id, path);
	daemon_start(&city, "communityd", NULL);
	city_wait_up(&city);
	wait_there("cityd", &hash);
	reads("admin", "cityd", id, path);
}

/* 20 MiB, and whoever carries it is killed in the middle, again and again. */
static void a_large_file_comes_through_although_links_break(void **state)
{
	char path[CITY_PATH];
	char id[ID_TEXT];
	struct hash hash;
	(void)state;

	name_file(path, "large.jpg");
	make_picture(&hash, path, LARGE, 5);
	open_with(id, path, false);
	for (int i = 0; i < 3; i++) {
		const char *node = i % 2 ? "communityd" : "streetd";
		daemon_kill(&city, node);
		daemon_start(&city, node, NULL);
		city_wait_up(&city);
	}
	wait_there("cityd", &hash);
	reads("admin", "cityd", id, path);
	cli_exits(0, &city, GRID, "store", "check", NULL);
}

/* The log alone is there, and the bytes are not yet: that is said. */
static void what_is_not_here_yet_is_said_to_be_so(void **state)
{
	char path[CITY_PATH];
	static const char *const nodes[] = { "gridd", "communityd", "streetd",
		"districtd", "cityd" };
	enum { NODES = sizeof(nodes) / sizeof(nodes[0]) };
	char id[ID_TEXT];
	struct hash hash;
	struct run run;
	(void)state;

	name_file(path, "late.jpg");
	make_picture(&hash, path, SMALL, 6);
	open_with(id, path, false);
	for (size_t i = 0; i < NODES; i++)
		wait_there(nodes[i], &hash);
	for (size_t i = 0; i < NODES; i++)
		assert_int_equal(remove(stored_at(nodes[i], &hash)), 0);
	cli(&run, &city, "admin", "--node", "cityd", "--timeout", "1", "--lang",
	    "en", "ticket", "attachment", id, "--output", "-", NULL);
	assert_int_equal(run.code, 3);
	assert_non_null(strstr(run_text(&run.err),
	    "is not here yet; districtd has been asked for it"));
	run_free(&run);
}

static void a_lost_store_gets_its_files_back(void **state)
{
	char path[CITY_PATH];
	char id[ID_TEXT];
	struct hash hash;
	(void)state;

	name_file(path, "lost.jpg");
	make_picture(&hash, path, SMALL, 7);
	open_with(id, path, false);
	wait_there("cityd", &hash);
	daemon_stop(&city, "gridd");
	folder_remove(city_path(&city, "data/gridd"));
	daemon_start(&city, "gridd", NULL);
	city_wait_up(&city);
	reads(GRID, "gridd", id, path);
}

static void a_damaged_file_is_noticed_and_fetched_again(void **state)
{
	char path[CITY_PATH];
	char id[ID_TEXT];
	struct hash hash;
	size_t len;
	(void)state;

	name_file(path, "damaged.jpg");
	make_picture(&hash, path, SMALL, 8);
	open_with(id, path, false);
	wait_there("cityd", &hash);
	char *bytes = file_read(&len, stored_at("streetd", &hash));
	assert_non_null(bytes);
	bytes[len - 7] ^= 1;
	file_write_bytes(stored_at("streetd", &hash), bytes, len);
	free(bytes);
	reads("admin", "streetd", id, path);
	city_wait_log(&city, "streetd", "problem=damaged", 0);
	assert_true(is_same_file(stored_at("streetd", &hash), path));
}

static void files_of_a_confidential_ticket_stay_with_its_units(void **state)
{
	char path[CITY_PATH];
	char id[ID_TEXT];
	struct hash hash;
	(void)state;

	name_file(path, "sealed.jpg");
	make_picture(&hash, path, SMALL, 9);
	open_with(id, path, true);
	wait_there("cityd", &hash);
	reads(GRID, "gridd", id, path);
	cli_exits(1, &city, "admin", "--node", "cityd", "ticket", "attachment",
	    id, "--output", "-", NULL);
}

static void a_backup_has_the_files_too(void **state)
{
	char path[CITY_PATH], backup[CITY_PATH], id[ID_TEXT];
	struct hash hash;
	(void)state;

	name_file(path, "kept.jpg");
	name_file(backup, "grid.backup");
	make_picture(&hash, path, SMALL, 10);
	open_with(id, path, false);
	wait_there("communityd", &hash);
	city_wait_quiet(&city);
	json_t *done =
	    cli_json(&city, GRID, "--node", "gridd", "backup", backup, NULL);
	assert_true(json_number_at(done, "attachments") > 0);
	assert_int_equal(json_number_at(done, "attachments_left_out"), 0);
	json_decref(done);
	daemon_stop(&city, "gridd");
	folder_remove(city_path(&city, "data/gridd"));
	cli_exits(0, &city, GRID, "--node", "gridd", "restore", backup, NULL);
	assert_true(is_same_file(stored_at("gridd", &hash), path));
	daemon_start(&city, "gridd", NULL);
	city_wait_up(&city);
	reads(GRID, "gridd", id, path);
	cli_exits(0, &city, GRID, "store", "check", NULL);
	/* and the check sees what the disk has done */
	file_write(stored_at("gridd", &hash), "something else");
	cli_exits(5, &city, GRID, "--node", "gridd", "store", "check", NULL);
	reads(GRID, "gridd", id, path);
	cli_exits(0, &city, GRID, "--node", "gridd", "store", "check", NULL);
}

/* No name of a file in any log. */
static void logs_name_no_files(void **state)
{
	(void)state;
	for (int i = 0; i < CITY_NODES; i++)
		assert_int_equal(
		    file_count(city_log(&city, city.daemons[i].name), ".jpg"),
		    0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_file_is_read_four_nodes_from_where_it_was_attached),
		cmocka_unit_test(the_closing_form_is_shown_whole),
		cmocka_unit_test(what_is_no_attachment_is_refused),
		cmocka_unit_test(a_killed_source_has_kept_what_it_acknowledged),
		cmocka_unit_test(
		    a_large_file_comes_through_although_links_break),
		cmocka_unit_test(a_lost_store_gets_its_files_back),
		cmocka_unit_test(a_damaged_file_is_noticed_and_fetched_again),
		cmocka_unit_test(
		    files_of_a_confidential_ticket_stay_with_its_units),
		cmocka_unit_test(a_backup_has_the_files_too),
		cmocka_unit_test(what_is_not_here_yet_is_said_to_be_so),
		cmocka_unit_test(logs_name_no_files),
	};

	return flow_end(
	    cmocka_run_group_tests_name("files", tests, open_city, close_city));
}

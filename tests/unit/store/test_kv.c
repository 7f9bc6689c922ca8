/* Ordered tables: values, walks, transactions, and who may open a store. */
#include "place.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

static void put(struct place *place, const char *key, const char *value)
{
	assert_int_equal(
	    kv_put(place->txn, KV_INTAKE, text_bytes(key), text_bytes(value)),
	    0);
}

static void expect(struct place *place, const char *key, const char *value)
{
	struct bytes found = bytes_of(NULL, 0);

	assert_int_equal(
	    kv_get(&found, place->txn, KV_INTAKE, text_bytes(key)), 0);
	assert_true(bytes_equal(found, text_bytes(value)));
}

static int get(struct place *place, const char *key)
{
	struct bytes found;

	return kv_get(&found, place->txn, KV_INTAKE, text_bytes(key));
}

static void gives_back_what_was_put(void **state)
{
	struct place *place = *state;

	put(place, "a", "one");
	put(place, "b", "");
	put(place, "a", "another, longer one");

	expect(place, "a", "another, longer one");
	expect(place, "b", "");
	assert_int_equal(get(place, "c"), ERR_NOT_FOUND);
}

static void keeps_what_was_committed_and_nothing_else(void **state)
{
	struct place *place = *state;

	put(place, "a", "kept");
	place_commit(place);
	place_begin(place);
	put(place, "a", "lost");
	put(place, "b", "lost");
	place_again(place);
	place_begin(place);

	expect(place, "a", "kept");
	assert_int_equal(get(place, "b"), ERR_NOT_FOUND);
}

static void forgets_what_was_deleted(void **state)
{
	struct place *place = *state;

	put(place, "a", "one");
	assert_int_equal(kv_del(place->txn, KV_INTAKE, text_bytes("a")), 0);
	assert_int_equal(get(place, "a"), ERR_NOT_FOUND);
	assert_int_equal(
	    kv_del(place->txn, KV_INTAKE, text_bytes("a")), ERR_NOT_FOUND);
}

static void tells_whether_anything_was_written(void **state)
{
	struct place *place = *state;

	assert_false(kv_is_dirty(place->txn));
	assert_int_equal(get(place, "a"), ERR_NOT_FOUND);
	assert_false(kv_is_dirty(place->txn));
	put(place, "a", "one");
	assert_true(kv_is_dirty(place->txn));
}

static void tables_do_not_mix(void **state)
{
	struct place *place = *state;
	struct bytes found;

	put(place, "a", "one");
	assert_int_equal(kv_get(&found, place->txn, KV_META, text_bytes("a")),
	    ERR_NOT_FOUND);
	assert_int_equal(kv_count(place->txn, KV_INTAKE), 1);
	assert_int_equal(kv_count(place->txn, KV_EVENTS), 0);
}

static int move(
    struct kv_cursor *cursor, const char *key, enum kv_move how, char out[16])
{
	struct bytes at = text_bytes(key), value;
	int rc = kv_move(&at, &value, cursor, how);

	out[0] = '\0';
	if (!rc)
		snprintf(out, 16, "%.*s", (int)at.len, (const char *)at.data);
	return rc;
}

static void walks_both_ways(void **state)
{
	struct place *place = *state;
	struct kv_cursor *cursor = NULL;
	char at[16];

	put(place, "b", "1");
	put(place, "d", "2");
	put(place, "f", "3");
	assert_int_equal(kv_cursor_open(&cursor, place->txn, KV_INTAKE), 0);

	assert_int_equal(move(cursor, "c", KV_AT_OR_AFTER, at), 0);
	assert_string_equal(at, "d");
	assert_int_equal(move(cursor, "d", KV_AT_OR_AFTER, at), 0);
	assert_string_equal(at, "d");
	assert_int_equal(move(cursor, "", KV_NEXT, at), 0);
	assert_string_equal(at, "f");
	assert_int_equal(move(cursor, "", KV_NEXT, at), ERR_NOT_FOUND);
	assert_int_equal(move(cursor, "g", KV_AT_OR_AFTER, at), ERR_NOT_FOUND);
	assert_int_equal(move(cursor, "z", KV_BEFORE, at), 0);
	assert_string_equal(at, "f");
	assert_int_equal(move(cursor, "d", KV_BEFORE, at), 0);
	assert_string_equal(at, "b");
	assert_int_equal(move(cursor, "b", KV_BEFORE, at), ERR_NOT_FOUND);
	assert_int_equal(move(cursor, "", KV_LAST, at), 0);
	assert_string_equal(at, "f");
	assert_int_equal(move(cursor, "", KV_PREVIOUS, at), 0);
	assert_string_equal(at, "d");
	kv_cursor_close(&cursor);
	kv_cursor_close(&cursor);
}

static void deletes_while_it_walks(void **state)
{
	struct place *place = *state;
	struct kv_cursor *cursor = NULL;
	char at[16];

	put(place, "a", "1");
	put(place, "b", "2");
	put(place, "c", "3");
	assert_int_equal(kv_cursor_open(&cursor, place->txn, KV_INTAKE), 0);
	assert_int_equal(move(cursor, "a", KV_AT_OR_AFTER, at), 0);
	assert_int_equal(move(cursor, "", KV_CURRENT_DEL, at), 0);
	assert_int_equal(move(cursor, "", KV_NEXT, at), 0);
	assert_string_equal(at, "b");
	assert_int_equal(move(cursor, "", KV_NEXT, at), 0);
	assert_int_equal(move(cursor, "", KV_CURRENT_DEL, at), 0);
	assert_int_equal(move(cursor, "", KV_NEXT, at), ERR_NOT_FOUND);
	kv_cursor_close(&cursor);
	assert_int_equal(kv_count(place->txn, KV_INTAKE), 1);
}

/* ---- who may open it ---- */

static int open_in_child(const char *path, uid_t uid)
{
	struct kv_config config = { .limit_bytes = 1 << 20 };
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		struct kv *kv = NULL;
		if (uid && setuid(uid))
			_exit(99);
		_exit(-kv_open(&kv, path, &config));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return -WEXITSTATUS(status);
}

static void a_second_process_finds_it_busy(void **state)
{
	struct place *place = *state;

	assert_int_equal(open_in_child(place->path, 0), ERR_BUSY);
	kv_abort(&place->txn);
	store_close(&place->store);
	assert_int_equal(open_in_child(place->path, 0), 0);
}

static void a_second_opening_here_finds_it_busy(void **state)
{
	struct place *place = *state;
	struct kv *kv = NULL;

	assert_int_equal(kv_open(&kv, place->path, &place->config), ERR_BUSY);
	assert_null(kv);
	put(place, "a", "still mine");
	place_commit(place);
}

/* Root may write anywhere, so it becomes nobody first. */
static void a_folder_that_may_not_be_written_is_not_taken(void **state)
{
	struct place *place = *state;
	char path[128];

	snprintf(path, sizeof(path), "%s/closed", place->dir);
	assert_int_equal(mkdir(path, 0500), 0);
	assert_int_equal(
	    open_in_child(path, getuid() == 0 ? 65534 : 0), ERR_ACCESS);
	strcat(path, "/store");
	assert_int_equal(
	    open_in_child(path, getuid() == 0 ? 65534 : 0), ERR_ACCESS);
}

static void the_folder_above_must_exist(void **state)
{
	struct place *place = *state;
	struct kv *kv = NULL;
	char path[128];

	snprintf(path, sizeof(path), "%s/none/store", place->dir);
	assert_int_equal(kv_open(&kv, path, &place->config), ERR_NOT_FOUND);
	assert_null(kv);
}

static void a_name_too_long_is_no_folder(void **state)
{
	struct place *place = *state;
	struct kv *kv = NULL;
	char path[2000];

	memset(path, 'a', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	assert_int_equal(kv_open(&kv, path, &place->config), ERR_INVALID);
}

static void a_look_makes_nothing(void **state)
{
	struct place *place = *state;
	struct kv_config config = { .is_read_only = true };
	struct kv *kv = NULL;
	char path[128];

	snprintf(path, sizeof(path), "%s/none", place->dir);
	assert_int_equal(kv_open(&kv, path, &config), ERR_NOT_FOUND);
	assert_int_equal(access(path, F_OK), -1);
}

static void a_look_reads_and_cannot_write(void **state)
{
	struct place *place = *state;
	struct kv_config config = { .limit_bytes = 64 << 20,
		.is_read_only = true };
	struct kv *kv = NULL;
	struct kv_txn *txn = NULL;
	struct bytes found;

	put(place, "a", "one");
	place_commit(place);
	store_close(&place->store);
	assert_int_equal(kv_open(&kv, place->path, &config), 0);
	assert_int_equal(kv_begin(&txn, kv, false), 0);
	assert_int_equal(kv_get(&found, txn, KV_INTAKE, text_bytes("a")), 0);
	assert_int_not_equal(
	    kv_put(txn, KV_INTAKE, text_bytes("b"), text_bytes("two")), 0);
	kv_abort(&txn);
	kv_close(&kv);
	kv_close(&kv);
}

static void what_is_no_store_is_damaged(void **state)
{
	struct place *place = *state;
	struct kv *kv = NULL;
	char path[128], file[160];
	static const char junk[8192] = "not a store";

	snprintf(path, sizeof(path), "%s/junk", place->dir);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(file, sizeof(file), "%s/data.mdb", path);
	FILE *out = fopen(file, "w");
	assert_non_null(out);
	assert_int_equal(fwrite(junk, 1, sizeof(junk), out), sizeof(junk));
	assert_int_equal(fclose(out), 0);
	assert_int_equal(kv_open(&kv, path, &place->config), ERR_CORRUPT);
}

/* As much of it as was on the disk when that was full. */
static void a_store_that_was_never_made_to_its_end_is_begun_anew(void **state)
{
	struct place *place = *state;
	struct kv *kv = NULL;
	char path[128], file[160];

	snprintf(path, sizeof(path), "%s/half", place->dir);
	snprintf(file, sizeof(file), "%s/data.mdb", path);
	assert_int_equal(kv_open(&kv, path, &place->config), 0);
	kv_close(&kv);
	assert_int_equal(truncate(file, 4096), 0);
	assert_int_equal(kv_open(&kv, path, &place->config), 0);
	kv_close(&kv);
}

static void a_store_that_is_cut_short_is_damaged(void **state)
{
	struct place *place = *state;
	struct kv *kv = NULL;
	char file[160];

	snprintf(file, sizeof(file), "%s/data.mdb", place->path);
	for (int i = 0; i < 2; i++) { /* each head has been written to */
		put(place, "a", "kept");
		place_commit(place);
		place_begin(place);
	}
	kv_abort(&place->txn);
	store_close(&place->store);
	assert_int_equal(truncate(file, 4096), 0);
	assert_int_equal(
	    kv_open(&kv, place->path, &place->config), ERR_CORRUPT);
	assert_int_equal(access(file, F_OK), 0);
}

/* ---- room ---- */

static int fill(struct place *place, unsigned from, unsigned to)
{
	uint8_t block[3000] = { 7 };

	for (unsigned i = from; i < to; i++) {
		struct id id = id_of_number(i);
		int rc = kv_put(place->txn, KV_EVENTS, bytes_of(id.b, ID_BYTES),
		    bytes_of(block, sizeof(block)));
		if (rc)
			return rc;
	}
	return 0;
}

static void use_small_store(struct place *place)
{
	kv_abort(&place->txn);
	store_close(&place->store);
	place->config.limit_bytes = 1 << 20;
	place_open_store(place);
	place_begin(place);
}

static void a_full_map_leaves_the_old_state(void **state)
{
	struct place *place = *state;

	use_small_store(place);
	put(place, "a", "before");
	place_commit(place);
	place_begin(place);
	put(place, "a", "after");
	assert_int_equal(fill(place, 0, 100000), ERR_FULL);
	kv_abort(&place->txn);
	place_begin(place);

	expect(place, "a", "before");
	assert_int_equal(kv_count(place->txn, KV_EVENTS), 0);
	put(place, "a", "there is room for this");
	place_commit(place);
}

static void room_shrinks_and_comes_back(void **state)
{
	struct place *place = *state;
	struct kv_room before, full, after;

	use_small_store(place);
	kv_abort(&place->txn);
	assert_int_equal(kv_room(&before, place->store.kv), 0);
	place_begin(place);
	assert_int_equal(fill(place, 0, 180), 0);
	place_commit(place);
	assert_int_equal(kv_room(&full, place->store.kv), 0);
	place_begin(place);
	for (unsigned i = 0; i < 180; i++) {
		struct id id = id_of_number(i);
		assert_int_equal(
		    kv_del(place->txn, KV_EVENTS, bytes_of(id.b, ID_BYTES)), 0);
	}
	place_commit(place);
	place_begin(place);
	put(place, "a", "so that the pages are free");
	place_commit(place);
	assert_int_equal(kv_room(&after, place->store.kv), 0);

	assert_int_equal(before.limit_bytes, 1 << 20);
	assert_true(full.used_bytes > before.used_bytes + 180 * 3000);
	assert_true(full.used_bytes <= full.limit_bytes);
	assert_true(after.used_bytes < full.used_bytes / 2);
	assert_true(before.disk_bytes > 0);
}

/* What the file may not grow to is as good as a full disk. */
static int commit_on_full_disk(struct place *place)
{
	struct rlimit limit;
	struct stat stat_now;
	char file[128];
	int rc = 0;

	signal(SIGXFSZ, SIG_IGN);
	snprintf(file, sizeof(file), "%s/data.mdb", place->path);
	if (stat(file, &stat_now))
		return 1;
	limit.rlim_cur = limit.rlim_max = (rlim_t)stat_now.st_size;
	if (setrlimit(RLIMIT_FSIZE, &limit))
		return 1;
	if (kv_begin(&place->txn, place->store.kv, true) || fill(place, 0, 300))
		return 2;
	if (kv_commit(&place->txn) != ERR_FULL)
		return 3;
	/* what fits into the file as it is can still be written */
	if (kv_begin(&place->txn, place->store.kv, true))
		return 4;
	if (kv_put(place->txn, KV_INTAKE, text_bytes("b"), text_bytes("two")))
		return 5;
	rc = kv_commit(&place->txn);
	return rc ? 6 : 0;
}

static void a_commit_on_a_full_disk_did_not_happen(void **state)
{
	struct place *place = *state;
	int status;

	put(place, "a", "one");
	place_commit(place);
	place_begin(place);
	assert_int_equal(fill(place, 1000, 1100), 0);
	place_commit(place);
	place_begin(place);
	for (unsigned i = 1000; i < 1100; i++) {
		struct id id = id_of_number(i);
		assert_int_equal(
		    kv_del(place->txn, KV_EVENTS, bytes_of(id.b, ID_BYTES)), 0);
	}
	place_commit(place);
	place_begin(place);
	put(place, "c", "freed pages are used one commit later");
	place_commit(place);
	store_close(&place->store);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		if (store_open(&place->store, place->path, &place->config,
			"streetd", &place->maker, PLACE_NOW_MS))
			_exit(98);
		status = commit_on_full_disk(place);
		store_close(&place->store);
		_exit(status);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);

	place_open_store(place);
	place_begin(place);
	expect(place, "a", "one");
	expect(place, "b", "two");
	assert_int_equal(kv_count(place->txn, KV_EVENTS), 0);
}

#define WITH_PLACE(test)                                                       \
	cmocka_unit_test_setup_teardown(test, place_setup, place_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_PLACE(gives_back_what_was_put),
		WITH_PLACE(keeps_what_was_committed_and_nothing_else),
		WITH_PLACE(forgets_what_was_deleted),
		WITH_PLACE(tells_whether_anything_was_written),
		WITH_PLACE(tables_do_not_mix),
		WITH_PLACE(walks_both_ways),
		WITH_PLACE(deletes_while_it_walks),
		WITH_PLACE(a_second_process_finds_it_busy),
		WITH_PLACE(a_second_opening_here_finds_it_busy),
		WITH_PLACE(a_folder_that_may_not_be_written_is_not_taken),
		WITH_PLACE(the_folder_above_must_exist),
		WITH_PLACE(a_name_too_long_is_no_folder),
		WITH_PLACE(a_look_makes_nothing),
		WITH_PLACE(a_look_reads_and_cannot_write),
		WITH_PLACE(what_is_no_store_is_damaged),
		WITH_PLACE(
		    a_store_that_was_never_made_to_its_end_is_begun_anew),
		WITH_PLACE(a_store_that_is_cut_short_is_damaged),
		WITH_PLACE(a_full_map_leaves_the_old_state),
		WITH_PLACE(room_shrinks_and_comes_back),
		WITH_PLACE(a_commit_on_a_full_disk_did_not_happen),
	};

	return cmocka_run_group_tests_name("store/kv", tests, NULL, NULL);
}

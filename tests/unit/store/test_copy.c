#include "place.h"

#include <fcntl.h>
#include <sys/wait.h>

static void put(struct place *place, const char *name, const char *value)
{
	assert_int_equal(meta_put(place->txn, name, text_bytes(value)), 0);
}

static void copy_to(struct place *place, const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);

	assert_true(fd >= 0);
	assert_int_equal(kv_copy(place->store.kv, fd), 0);
	assert_int_equal(close(fd), 0);
}

static char *path_in(struct place *place, const char *name)
{
	static char path[160];

	snprintf(path, sizeof(path), "%s/%s", place->dir, name);
	return path;
}

static void a_copy_has_what_was_committed(void **state)
{
	struct place *place = *state;
	struct kv_config config = { .is_copy = true };
	const char *path = path_in(place, "copy");
	struct kv *kv = NULL;
	struct kv_txn *txn = NULL;
	struct bytes value;

	put(place, "before", "there");
	place_commit(place);
	place_begin(place);
	put(place, "meanwhile", "not yet");
	copy_to(place, path);
	assert_int_equal(kv_open(&kv, path, &config), 0);
	assert_int_equal(kv_begin(&txn, kv, false), 0);
	assert_int_equal(kv_get(&value, txn, KV_META, text_bytes("before")), 0);
	assert_true(bytes_equal(value, text_bytes("there")));
	assert_int_equal(kv_get(&value, txn, KV_META, text_bytes("meanwhile")),
	    ERR_NOT_FOUND);
	assert_int_equal(kv_check_pages(txn), 0);
	kv_abort(&txn);
	kv_close(&kv);
}

/* A daemon has the store; others look, and see what was committed. */
static void a_look_from_beside_takes_no_lock(void **state)
{
	struct place *place = *state;
	pid_t child;

	place_commit(place);
	place_begin(place);
	child = fork(); /* LMDB wants one environment a process */
	assert_true(child >= 0);
	if (child == 0) {
		char *const argv[] = { "/proc/self/exe", "look", place->path,
			NULL };
		execv(argv[0], argv);
		_exit(99);
	}
	int status = 0;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static void a_restored_store_is_new_under_another_id(void **state)
{
	struct place *place = *state;
	struct id before = place->store.id;

	assert_int_equal(store_taken(&place->store, place->txn), 0);
	place_commit(place);
	place_again(place);
	assert_false(place->store.is_new);
	place_begin(place);
	assert_int_equal(store_restored(&place->store, place->txn,
			     &place->maker, PLACE_NOW_MS),
	    0);
	place_commit(place);
	place_again(place);
	assert_true(place->store.is_new);
	assert_false(id_equal(&place->store.id, &before));
	place_begin(place);
}

/* Each head of the file has its number at byte 144 of its page. */
static void refuses_a_file_whose_last_commit_is_not_clear(void **state)
{
	struct place *place = *state;
	char path[160];
	uint8_t number;
	int fd;

	for (uint32_t i = 0; i < 5; i++) {
		put(place, "round", i % 2 ? "odd" : "even");
		place_commit(place);
		place_begin(place);
	}
	kv_abort(&place->txn);
	store_close(&place->store);
	snprintf(path, sizeof(path), "%s/" KV_FILE, place->path);
	fd = open(path, O_RDWR);
	assert_true(fd >= 0);
	assert_int_equal(pread(fd, &number, 1, 144), 1);
	number ^= 0x40;
	assert_int_equal(pwrite(fd, &number, 1, 144), 1);
	assert_int_equal(store_open(&place->store, place->path, &place->config,
			     "streetd", &place->maker, PLACE_NOW_MS),
	    ERR_CORRUPT);
	number ^= 0x40;
	assert_int_equal(pwrite(fd, &number, 1, 144), 1);
	close(fd);
	place_open_store(place);
	place_begin(place);
}

/* What the child of a_look_from_beside_takes_no_lock is. */
static int look(const char *dir)
{
	struct kv_config config = { .is_read_only = true };
	struct kv *kv = NULL;
	struct kv_txn *txn = NULL;
	struct bytes value;
	int rc = kv_open(&kv, dir, &config);

	if (!rc)
		rc = kv_begin(&txn, kv, false);
	if (!rc)
		rc = kv_get(&value, txn, KV_META, text_bytes("node"));
	if (!rc)
		rc = kv_check_pages(txn);
	kv_abort(&txn);
	kv_close(&kv);
	return -rc;
}

#define IN_PLACE(test)                                                         \
	cmocka_unit_test_setup_teardown(test, place_setup, place_teardown)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		IN_PLACE(a_copy_has_what_was_committed),
		IN_PLACE(a_look_from_beside_takes_no_lock),
		IN_PLACE(a_restored_store_is_new_under_another_id),
		IN_PLACE(refuses_a_file_whose_last_commit_is_not_clear),
	};

	if (argc == 3 && !strcmp(argv[1], "look"))
		return look(argv[2]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

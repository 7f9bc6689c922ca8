/* One store of one node: its id, its schema, and being new. */
#include "place.h"

#include <sys/stat.h>

static int open_as(struct place *place, const char *node)
{
	kv_abort(&place->txn);
	store_close(&place->store);
	return store_open(&place->store, place->path, &place->config, node,
	    &place->maker, PLACE_NOW_MS);
}

static void an_id_stays(void **state)
{
	struct place *place = *state;
	struct id id = place->store.id;

	assert_false(id_is_zero(&id));
	assert_int_equal(open_as(place, "streetd"), 0);
	assert_true(id_equal(&id, &place->store.id));
}

static void two_stores_have_two_ids(void **state)
{
	struct place *place = *state;
	struct store other;
	char path[128];

	snprintf(path, sizeof(path), "%s/other", place->dir);
	assert_int_equal(store_open(&other, path, &place->config, "streetd",
			     &place->maker, PLACE_NOW_MS),
	    0);
	assert_false(id_equal(&other.id, &place->store.id));
	store_close(&other);
}

static void a_renewed_store_has_another_id(void **state)
{
	struct place *place = *state;
	struct id id = place->store.id, renewed;

	assert_int_equal(
	    store_renew(&place->store, place->txn, &place->maker, PLACE_NOW_MS),
	    0);
	renewed = place->store.id;
	place_commit(place);
	assert_false(id_equal(&id, &renewed));
	assert_int_equal(open_as(place, "streetd"), 0);
	assert_true(id_equal(&renewed, &place->store.id));
}

static void remembers_the_newest_version_that_was_written(void **state)
{
	struct place *place = *state;
	uint32_t version = 0;

	assert_int_equal(store_spoken(&version, place->txn), 0);
	assert_int_equal(version, 1);
	assert_int_equal(store_spoken_put(place->txn, 2), 0);
	place_commit(place);
	assert_int_equal(open_as(place, "streetd"), 0);
	place_begin(place);
	assert_int_equal(store_spoken(&version, place->txn), 0);
	assert_int_equal(version, 2);
	assert_int_equal(meta_put(place->txn, "spoken", bytes_of("22", 2)), 0);
	assert_int_equal(store_spoken(&version, place->txn), ERR_CORRUPT);
}

static void is_new_until_it_is_taken(void **state)
{
	struct place *place = *state;

	assert_true(place->store.is_new);
	assert_int_equal(open_as(place, "streetd"), 0);
	assert_true(place->store.is_new);
	place_begin(place);
	assert_int_equal(store_taken(&place->store, place->txn), 0);
	assert_false(place->store.is_new);
	place_commit(place);
	assert_int_equal(open_as(place, "streetd"), 0);
	assert_false(place->store.is_new);
}

static void the_store_of_another_node_is_not_taken(void **state)
{
	struct place *place = *state;

	assert_int_equal(open_as(place, "gridd"), ERR_VERSION);
	assert_null(place->store.kv);
	assert_int_equal(open_as(place, "street"), ERR_VERSION);
	assert_int_equal(open_as(place, "streetd2"), ERR_VERSION);
	assert_int_equal(open_as(place, "streetd"), 0);
}

static void put_meta(struct place *place, const char *name, struct bytes value)
{
	assert_int_equal(meta_put(place->txn, name, value), 0);
	place_commit(place);
}

static void a_newer_schema_is_not_touched(void **state)
{
	struct place *place = *state;
	uint8_t schema[4];

	store_be32(schema, STORE_SCHEMA + 1);
	put_meta(place, "schema", bytes_of(schema, sizeof(schema)));
	assert_int_equal(open_as(place, "streetd"), ERR_VERSION);
}

static void an_unreadable_schema_is_not_touched(void **state)
{
	struct place *place = *state;

	put_meta(place, "schema", text_bytes("1"));
	assert_int_equal(open_as(place, "streetd"), ERR_VERSION);
}

static void drop_meta(struct place *place, const char *name)
{
	assert_int_equal(kv_del(place->txn, KV_META, text_bytes(name)), 0);
	place_commit(place);
}

static void a_store_without_its_schema_is_damaged_and_not_new(void **state)
{
	struct place *place = *state;

	drop_meta(place, "schema");
	assert_int_equal(open_as(place, "streetd"), ERR_CORRUPT);
}

static void a_store_without_its_node_is_damaged(void **state)
{
	struct place *place = *state;

	drop_meta(place, "node");
	assert_int_equal(open_as(place, "streetd"), ERR_CORRUPT);
}

static void a_store_without_its_id_is_damaged(void **state)
{
	struct place *place = *state;

	drop_meta(place, "id");
	assert_int_equal(open_as(place, "streetd"), ERR_CORRUPT);
}

static void a_short_id_is_damage(void **state)
{
	struct place *place = *state;

	put_meta(place, "id", text_bytes("short"));
	assert_int_equal(open_as(place, "streetd"), ERR_CORRUPT);
}

static void a_look_at_an_empty_one_finds_nothing(void **state)
{
	struct place *place = *state;
	struct kv_config config = { .limit_bytes = 1 << 20 };
	struct store store;
	struct kv *kv = NULL;
	char path[128];

	snprintf(path, sizeof(path), "%s/empty", place->dir);
	assert_int_equal(kv_open(&kv, path, &config), 0);
	kv_close(&kv);
	config.is_read_only = true;
	assert_int_equal(store_open(&store, path, &config, "streetd",
			     &place->maker, PLACE_NOW_MS),
	    ERR_NOT_FOUND);
}

static void only_its_owner_may_look_into_it(void **state)
{
	struct place *place = *state;
	struct stat seen;
	char path[128];

	assert_int_equal(stat(place->path, &seen), 0);
	assert_int_equal(seen.st_mode & 077, 0);
	snprintf(path, sizeof(path), "%s/data.mdb", place->path);
	assert_int_equal(stat(path, &seen), 0);
	assert_int_equal(seen.st_mode & 077, 0);
}

static void numbers_sort_as_numbers(void **state)
{
	uint8_t small[8], big[8];

	(void)state;
	store_be64(small, 255);
	store_be64(big, 256);
	assert_true(memcmp(small, big, 8) < 0);
	assert_int_equal(store_read_be64(big), 256);
	store_be64(big, UINT64_MAX);
	assert_true(store_read_be64(big) == UINT64_MAX);
	store_be32(small, UINT32_MAX - 1);
	assert_true(store_read_be32(small) == UINT32_MAX - 1);
}

#define WITH_PLACE(test)                                                       \
	cmocka_unit_test_setup_teardown(test, place_setup, place_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_PLACE(an_id_stays),
		WITH_PLACE(two_stores_have_two_ids),
		WITH_PLACE(a_renewed_store_has_another_id),
		WITH_PLACE(remembers_the_newest_version_that_was_written),
		WITH_PLACE(is_new_until_it_is_taken),
		WITH_PLACE(the_store_of_another_node_is_not_taken),
		WITH_PLACE(a_newer_schema_is_not_touched),
		WITH_PLACE(an_unreadable_schema_is_not_touched),
		WITH_PLACE(a_store_without_its_schema_is_damaged_and_not_new),
		WITH_PLACE(a_store_without_its_node_is_damaged),
		WITH_PLACE(a_store_without_its_id_is_damaged),
		WITH_PLACE(a_short_id_is_damage),
		WITH_PLACE(a_look_at_an_empty_one_finds_nothing),
		WITH_PLACE(only_its_owner_may_look_into_it),
		cmocka_unit_test(numbers_sort_as_numbers),
	};

	return cmocka_run_group_tests_name("store/store", tests, NULL, NULL);
}

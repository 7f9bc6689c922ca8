/*
 * What the tests of the store share: a folder that goes with its test, a
 * store in it, and ids that can be told apart. Time and randomness are the
 * test's own.
 */
#ifndef TESTS_UNIT_STORE_PLACE_H
#define TESTS_UNIT_STORE_PLACE_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/code.h"
#include "base/err.h"
#include "store/store.h"

#define PLACE_NOW_MS INT64_C(1764000000000)

struct place {
	char dir[64];
	char path[96]; /* of the store */
	struct id_maker maker;
	struct kv_config config;
	struct store store;
	struct kv_txn *txn;
};

static inline int place_remove_one(
    const char *path, const struct stat *stat, int type, struct FTW *ftw)
{
	(void)stat;
	(void)type;
	(void)ftw;
	return remove(path);
}

static inline void place_open_store(struct place *place)
{
	assert_int_equal(store_open(&place->store, place->path, &place->config,
			     "streetd", &place->maker, PLACE_NOW_MS),
	    0);
}

/* Closed and opened again, as by another process. */
static inline void place_again(struct place *place)
{
	kv_abort(&place->txn);
	store_close(&place->store);
	place_open_store(place);
}

static inline void place_begin(struct place *place)
{
	assert_int_equal(kv_begin(&place->txn, place->store.kv, true), 0);
}

static inline void place_commit(struct place *place)
{
	assert_int_equal(kv_commit(&place->txn), 0);
}

static inline int place_setup(void **state)
{
	struct place *place = calloc(1, sizeof(*place));

	assert_non_null(place);
	snprintf(place->dir, sizeof(place->dir), "%s/whistle-store-XXXXXX",
	    access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm");
	assert_non_null(mkdtemp(place->dir));
	snprintf(place->path, sizeof(place->path), "%s/store", place->dir);
	place->maker.entropy = entropy_system();
	place->config.limit_bytes = 64 << 20;
	place_open_store(place);
	place_begin(place);
	*state = place;
	return 0;
}

static inline int place_teardown(void **state)
{
	struct place *place = *state;

	kv_abort(&place->txn);
	store_close(&place->store);
	nftw(place->dir, place_remove_one, 8, FTW_DEPTH | FTW_PHYS);
	free(place);
	return 0;
}

static inline struct bytes text_bytes(const char *text)
{
	return bytes_of(text, strlen(text));
}

static inline struct id id_of_number(uint32_t number)
{
	struct id id = { { 0 } };

	store_be32(id.b + ID_BYTES - 4, number);
	return id;
}

static inline uint32_t number_of_id(const struct id *id)
{
	return store_read_be32(id->b + ID_BYTES - 4);
}

static inline struct unit_code unit_code_of(const char *text)
{
	struct unit_code code;

	assert_int_equal(code_set(&code, text), 0);
	return code;
}

#endif

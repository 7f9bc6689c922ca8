/*
 * A node's store: one environment, opened by one daemon, with an id that
 * changes whenever the store is made anew, so that neighbours notice. The
 * typed tables (tickets.h, events.h, outbox.h, timers.h, intake.h,
 * counters.h) all work inside one transaction of this.
 */
#ifndef WHISTLE_STORE_STORE_H
#define WHISTLE_STORE_STORE_H

#include "base/id.h"
#include "base/limits.h"
#include "store/kv.h"

enum { STORE_SCHEMA = 8 };

struct store {
	struct kv *kv;
	struct id id;
	/* Made with the store and never told: what it sends is proved by
	 * it, and an old copy of the store has it, too. */
	uint8_t secret[PROOF_KEY_BYTES];
	bool is_new; /* nobody has said store_taken of it yet */
};

/*
 * Opens or makes the store in `dir`. A new one gets an id from `maker`.
 * ERR_VERSION: of a newer schema, or of another node than `node`.
 * ERR_CORRUPT: it holds something, but not what every store holds. Besides
 * kv_open's.
 */
int store_open(struct store *store_out, const char *dir,
    const struct kv_config *config, const char *node, struct id_maker *maker,
    int64_t now_ms);
/* Whoever opened it has written down what its being new means: from this
 * transaction on it is not. */
int store_taken(struct store *store, struct kv_txn *txn);
/* From now on under another id: what it holds is old, or foreign. */
int store_renew(struct store *store, struct kv_txn *txn, struct id_maker *maker,
    int64_t now_ms);
/* The same, and new to whoever opens it next: it was put back from a copy,
 * and what has happened since is its neighbours' to give. */
int store_restored(struct store *store, struct kv_txn *txn,
    struct id_maker *maker, int64_t now_ms);
void store_close(struct store *store);

/* A small named value of the node's own. ERR_NOT_FOUND. */
int meta_get(struct bytes *value_out, struct kv_txn *txn, const char *name);
int meta_put(struct kv_txn *txn, const char *name, struct bytes value);

/*
 * The newest version of the wire that anything in the store was written in:
 * 1 where nothing says more. It only goes up.
 */
int store_spoken(uint32_t *version_out, struct kv_txn *txn);
int store_spoken_put(struct kv_txn *txn, uint32_t version);

/* Big-endian numbers, so that keys sort as numbers do. */
void store_be32(uint8_t out[4], uint32_t value);
void store_be64(uint8_t out[8], uint64_t value);
uint32_t store_read_be32(const uint8_t *in);
uint64_t store_read_be64(const uint8_t *in);

#endif

#include "store/kv_inside.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

enum { CHECKSUM_BYTES = crypto_shorthash_BYTES, KEY_MAX = 511 };

struct kv_txn {
	struct kv *kv;
	MDB_txn *txn;
	bool is_write;
	bool is_dirty;
};

struct kv_cursor {
	MDB_cursor *cursor;
	struct kv_txn *txn;
	enum kv_table table;
};

/* Two runs of SipHash chained: the key's hash keys the value's. The table is
 * in it as well, since a damaged page may lead into another one. */
static void checksum(uint8_t out[CHECKSUM_BYTES], enum kv_table table,
    struct bytes key, struct bytes value)
{
	uint8_t seed[crypto_shorthash_KEYBYTES] = "whistle records";
	uint8_t chained[crypto_shorthash_KEYBYTES];

	seed[sizeof(seed) - 1] = (uint8_t)table;
	memcpy(chained, seed, sizeof(chained));
	crypto_shorthash(chained, key.data, key.len, seed);
	crypto_shorthash(out, value.data, value.len, chained);
}

static int checked(struct bytes *value_out, enum kv_table table,
    const MDB_val *key, const MDB_val *stored)
{
	uint8_t sum[CHECKSUM_BYTES];

	if (stored->mv_size < CHECKSUM_BYTES)
		return ERR_CORRUPT;
	struct bytes value =
	    bytes_of(stored->mv_data, stored->mv_size - CHECKSUM_BYTES);
	checksum(sum, table, bytes_of(key->mv_data, key->mv_size), value);
	if (memcmp(sum, value.data + value.len, CHECKSUM_BYTES))
		return ERR_CORRUPT;
	*value_out = value;
	return 0;
}

int kv_begin(struct kv_txn **txn_out, struct kv *kv, bool is_write)
{
	struct kv_txn *txn = calloc(1, sizeof(*txn));

	if (!txn)
		return ERR_NOMEM;
	txn->kv = kv;
	txn->is_write = is_write;
	int rc =
	    mdb_txn_begin(kv->env, NULL, is_write ? 0 : MDB_RDONLY, &txn->txn);
	if (rc) {
		free(txn);
		return kv_err(rc);
	}
	*txn_out = txn;
	return 0;
}

MDB_txn *kv_lmdb_txn(const struct kv_txn *txn)
{
	return txn->txn;
}

struct kv *kv_of(const struct kv_txn *txn)
{
	return txn->kv;
}

bool kv_may_write(const struct kv_txn *txn)
{
	return txn->is_write;
}

bool kv_is_dirty(const struct kv_txn *txn)
{
	return txn->is_dirty;
}

/*
 * Once it has come to its last page, which decides, LMDB lets nobody begin
 * again: what is durable is not known. While one can begin it had not come
 * so far, and nothing happened. It says EIO when the first bytes of a write
 * fitted and the others did not.
 */
static int commit_failure(struct kv *kv, int code)
{
	struct statvfs disk;
	MDB_txn *txn;

	if (mdb_txn_begin(kv->env, NULL, 0, &txn))
		return ERR_COMMIT;
	mdb_txn_abort(txn);
	if (code == EIO && !statvfs(kv->dir, &disk) &&
	    disk.f_bavail * disk.f_frsize < DISK_FULL_BYTES)
		return ERR_FULL;
	return kv_err(code);
}

int kv_commit(struct kv_txn **txn)
{
	struct kv *kv = (*txn)->kv;
	int rc = mdb_txn_commit((*txn)->txn);

	free(*txn);
	*txn = NULL;
	return rc ? commit_failure(kv, rc) : 0;
}

void kv_abort(struct kv_txn **txn)
{
	if (!*txn)
		return;
	mdb_txn_abort((*txn)->txn);
	free(*txn);
	*txn = NULL;
}

static MDB_val val_of(struct bytes bytes)
{
	return (MDB_val){ bytes.len, (void *)(uintptr_t)bytes.data };
}

int kv_get(struct bytes *value_out, struct kv_txn *txn, enum kv_table table,
    struct bytes key)
{
	MDB_val k = val_of(key), v;
	int rc = mdb_get(txn->txn, txn->kv->tables[table], &k, &v);

	return rc ? kv_err(rc) : checked(value_out, table, &k, &v);
}

int kv_put(struct kv_txn *txn, enum kv_table table, struct bytes key,
    struct bytes value)
{
	MDB_val k = val_of(key);
	MDB_val v = { value.len + CHECKSUM_BYTES, NULL };

	panic_if(key.len == 0 || key.len > KEY_MAX);
	txn->is_dirty = true;
	int rc = mdb_put(txn->txn, txn->kv->tables[table], &k, &v, MDB_RESERVE);
	if (rc)
		return kv_err(rc);
	if (value.len)
		memcpy(v.mv_data, value.data, value.len);
	checksum((uint8_t *)v.mv_data + value.len, table, key, value);
	return 0;
}

int kv_del(struct kv_txn *txn, enum kv_table table, struct bytes key)
{
	MDB_val k = val_of(key);

	txn->is_dirty = true;
	return kv_err(mdb_del(txn->txn, txn->kv->tables[table], &k, NULL));
}

int kv_cursor_open(
    struct kv_cursor **cursor_out, struct kv_txn *txn, enum kv_table table)
{
	struct kv_cursor *cursor = calloc(1, sizeof(*cursor));

	if (!cursor)
		return ERR_NOMEM;
	int rc =
	    mdb_cursor_open(txn->txn, txn->kv->tables[table], &cursor->cursor);
	if (rc) {
		free(cursor);
		return kv_err(rc);
	}
	cursor->txn = txn;
	cursor->table = table;
	*cursor_out = cursor;
	return 0;
}

void kv_cursor_close(struct kv_cursor **cursor)
{
	if (!*cursor)
		return;
	mdb_cursor_close((*cursor)->cursor);
	free(*cursor);
	*cursor = NULL;
}

/* The last key before *k; LMDB only knows "at or after". */
static int seek_before(MDB_cursor *cursor, MDB_val *k, MDB_val *v)
{
	int rc = mdb_cursor_get(cursor, k, v, MDB_SET_RANGE);

	if (rc == MDB_NOTFOUND)
		return mdb_cursor_get(cursor, k, v, MDB_LAST);
	return rc ? rc : mdb_cursor_get(cursor, k, v, MDB_PREV);
}

int kv_move(struct bytes *key, struct bytes *value_out,
    struct kv_cursor *cursor, enum kv_move move)
{
	MDB_val k = val_of(*key), v;
	int rc;

	switch (move) {
	case KV_AT_OR_AFTER:
		rc = mdb_cursor_get(cursor->cursor, &k, &v, MDB_SET_RANGE);
		break;
	case KV_BEFORE:
		rc = seek_before(cursor->cursor, &k, &v);
		break;
	case KV_NEXT:
		rc = mdb_cursor_get(cursor->cursor, &k, &v, MDB_NEXT);
		break;
	case KV_PREVIOUS:
		rc = mdb_cursor_get(cursor->cursor, &k, &v, MDB_PREV);
		break;
	case KV_LAST:
		rc = mdb_cursor_get(cursor->cursor, &k, &v, MDB_LAST);
		break;
	case KV_CURRENT_DEL:
		cursor->txn->is_dirty = true;
		return kv_err(mdb_cursor_del(cursor->cursor, 0));
	default:
		return ERR_INVALID;
	}
	if (rc)
		return kv_err(rc);
	*key = bytes_of(k.mv_data, k.mv_size);
	return checked(value_out, cursor->table, &k, &v);
}

uint64_t kv_count(struct kv_txn *txn, enum kv_table table)
{
	MDB_stat stat;

	if (mdb_stat(txn->txn, txn->kv->tables[table], &stat))
		return 0;
	return stat.ms_entries;
}

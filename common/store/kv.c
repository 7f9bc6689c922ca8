#include "store/kv.h"

#include <errno.h>
#include <fcntl.h>
#include <lmdb.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { CHECKSUM_BYTES = crypto_shorthash_BYTES, KEY_MAX = 511 };

struct kv {
	MDB_env *env;
	MDB_dbi tables[KV_TABLE_COUNT];
	char dir[1024];
	int lock_fd;
	bool is_read_only;
};

struct kv_txn {
	struct kv *kv;
	MDB_txn *txn;
	bool is_dirty;
};

struct kv_cursor {
	MDB_cursor *cursor;
	struct kv_txn *txn;
};

static const char *const table_names[KV_TABLE_COUNT] = {
#define X(name, text) [KV_##name] = text,
	KV_TABLE_LIST(X)
#undef X
};

static int err_of(int code)
{
	switch (code) {
	case 0:
		return 0;
	case MDB_NOTFOUND:
		return ERR_NOT_FOUND;
	case MDB_MAP_FULL:
	case MDB_TXN_FULL:
	case ENOSPC:
	case EDQUOT:
		return ERR_FULL;
	case MDB_CORRUPTED:
	case MDB_PAGE_NOTFOUND:
	case MDB_INVALID:
		return ERR_CORRUPT;
	case MDB_VERSION_MISMATCH:
		return ERR_VERSION;
	case EACCES:
	case EPERM:
	case EROFS:
		return ERR_ACCESS;
	case ENOENT:
		return ERR_NOT_FOUND;
	case ENOMEM:
		return ERR_NOMEM;
	default:
		return ERR_IO;
	}
}

/* Two runs of SipHash chained: the key's hash keys the value's. */
static void checksum(
    uint8_t out[CHECKSUM_BYTES], struct bytes key, struct bytes value)
{
	static const uint8_t seed[crypto_shorthash_KEYBYTES] =
	    "whistle records";
	uint8_t chained[crypto_shorthash_KEYBYTES];

	memcpy(chained, seed, sizeof(chained));
	crypto_shorthash(chained, key.data, key.len, seed);
	crypto_shorthash(out, value.data, value.len, chained);
}

static int checked(
    struct bytes *value_out, const MDB_val *key, const MDB_val *stored)
{
	uint8_t sum[CHECKSUM_BYTES];

	if (stored->mv_size < CHECKSUM_BYTES)
		return ERR_CORRUPT;
	struct bytes value =
	    bytes_of(stored->mv_data, stored->mv_size - CHECKSUM_BYTES);
	checksum(sum, bytes_of(key->mv_data, key->mv_size), value);
	if (memcmp(sum, value.data + value.len, CHECKSUM_BYTES))
		return ERR_CORRUPT;
	*value_out = value;
	return 0;
}

static int take_lock(struct kv *kv)
{
	char path[1100];

	snprintf(path, sizeof(path), "%s/lock", kv->dir);
	kv->lock_fd = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
	if (kv->lock_fd < 0)
		return err_of(errno);
	if (flock(kv->lock_fd, LOCK_EX | LOCK_NB))
		return errno == EWOULDBLOCK ? ERR_BUSY : ERR_IO;
	return 0;
}

static int open_tables(struct kv *kv)
{
	unsigned flags = kv->is_read_only ? 0 : MDB_CREATE;
	MDB_txn *txn;
	int rc = mdb_txn_begin(
	    kv->env, NULL, kv->is_read_only ? MDB_RDONLY : 0, &txn);

	if (rc)
		return err_of(rc);
	for (int i = 0; i < KV_TABLE_COUNT; i++) {
		rc = mdb_dbi_open(txn, table_names[i], flags, &kv->tables[i]);
		if (rc) {
			mdb_txn_abort(txn);
			return err_of(rc);
		}
	}
	return err_of(mdb_txn_commit(txn));
}

/*
 * What the last process left may be in the page cache only: sync before
 * anything is acknowledged again. Readers that died with it are cleared.
 */
static int open_env(struct kv *kv, const struct kv_config *config)
{
	int dead;
	int rc = mdb_env_create(&kv->env);

	if (rc)
		return err_of(rc);
	rc = mdb_env_set_maxdbs(kv->env, KV_TABLE_COUNT);
	if (!rc)
		rc = mdb_env_set_mapsize(kv->env, config->limit_bytes);
	if (!rc)
		rc = mdb_env_open(kv->env, kv->dir,
		    kv->is_read_only ? MDB_RDONLY : MDB_NORDAHEAD, 0600);
	if (!rc && !kv->is_read_only)
		rc = mdb_reader_check(kv->env, &dead);
	if (!rc && !kv->is_read_only)
		rc = mdb_env_sync(kv->env, 1);
	return err_of(rc);
}

int kv_open(struct kv **kv_out, const char *dir, const struct kv_config *config)
{
	struct kv *kv = calloc(1, sizeof(*kv));
	int rc = 0;

	if (!kv)
		return ERR_NOMEM;
	kv->lock_fd = -1;
	kv->is_read_only = config->is_read_only;
	if (sodium_init() < 0 || (size_t)snprintf(kv->dir, sizeof(kv->dir),
				     "%s", dir) >= sizeof(kv->dir))
		rc = ERR_INVALID;
	if (!rc && !kv->is_read_only) {
		if (mkdir(dir, 0700) && errno != EEXIST)
			rc = err_of(errno);
		if (!rc)
			rc = take_lock(kv);
	}
	if (!rc)
		rc = open_env(kv, config);
	if (!rc)
		rc = open_tables(kv);
	if (rc)
		kv_close(&kv);
	else
		*kv_out = kv;
	return rc;
}

void kv_close(struct kv **kv)
{
	if (!*kv)
		return;
	if ((*kv)->env)
		mdb_env_close((*kv)->env);
	if ((*kv)->lock_fd >= 0)
		close((*kv)->lock_fd);
	free(*kv);
	*kv = NULL;
}

int kv_begin(struct kv_txn **txn_out, struct kv *kv, bool is_write)
{
	struct kv_txn *txn = calloc(1, sizeof(*txn));

	if (!txn)
		return ERR_NOMEM;
	txn->kv = kv;
	int rc =
	    mdb_txn_begin(kv->env, NULL, is_write ? 0 : MDB_RDONLY, &txn->txn);
	if (rc) {
		free(txn);
		return err_of(rc);
	}
	*txn_out = txn;
	return 0;
}

bool kv_is_dirty(const struct kv_txn *txn)
{
	return txn->is_dirty;
}

int kv_commit(struct kv_txn **txn)
{
	int rc = mdb_txn_commit((*txn)->txn);

	free(*txn);
	*txn = NULL;
	return rc ? ERR_COMMIT : 0;
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

	return rc ? err_of(rc) : checked(value_out, &k, &v);
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
		return err_of(rc);
	if (value.len)
		memcpy(v.mv_data, value.data, value.len);
	checksum((uint8_t *)v.mv_data + value.len, key, value);
	return 0;
}

int kv_del(struct kv_txn *txn, enum kv_table table, struct bytes key)
{
	MDB_val k = val_of(key);

	txn->is_dirty = true;
	return err_of(mdb_del(txn->txn, txn->kv->tables[table], &k, NULL));
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
		return err_of(rc);
	}
	cursor->txn = txn;
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
		return err_of(mdb_cursor_del(cursor->cursor, 0));
	default:
		return ERR_INVALID;
	}
	if (rc)
		return err_of(rc);
	*key = bytes_of(k.mv_data, k.mv_size);
	return checked(value_out, &k, &v);
}

uint64_t kv_count(struct kv_txn *txn, enum kv_table table)
{
	MDB_stat stat;

	if (mdb_stat(txn->txn, txn->kv->tables[table], &stat))
		return 0;
	return stat.ms_entries;
}

/* Pages that LMDB will use again: the sum of its free lists. */
static uint64_t free_pages(struct kv *kv)
{
	MDB_txn *txn;
	MDB_cursor *cursor;
	MDB_val k, v;
	uint64_t pages = 0;

	if (mdb_txn_begin(kv->env, NULL, MDB_RDONLY, &txn))
		return 0;
	if (!mdb_cursor_open(txn, 0, &cursor)) {
		while (!mdb_cursor_get(cursor, &k, &v, MDB_NEXT))
			pages += *(size_t *)v.mv_data;
		mdb_cursor_close(cursor);
	}
	mdb_txn_abort(txn);
	return pages;
}

int kv_room(struct kv_room *room_out, struct kv *kv)
{
	MDB_envinfo info;
	MDB_stat stat;
	struct statvfs disk;
	int rc = mdb_env_info(kv->env, &info);

	if (!rc)
		rc = mdb_env_stat(kv->env, &stat);
	if (rc)
		return err_of(rc);
	if (statvfs(kv->dir, &disk))
		return ERR_IO;
	uint64_t used = (uint64_t)(info.me_last_pgno + 1) * stat.ms_psize;
	if (used > info.me_mapsize / 2)
		used -= free_pages(kv) * stat.ms_psize;
	*room_out = (struct kv_room){
		.used_bytes = used,
		.limit_bytes = info.me_mapsize,
		.disk_bytes = (uint64_t)disk.f_bavail * disk.f_frsize,
	};
	return 0;
}

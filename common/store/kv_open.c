/* The environment of store/kv.h: who may have it, and how much room it has. */
#include "store/kv_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

static const char *const table_names[KV_TABLE_COUNT] = {
#define X(name, text) [KV_##name] = text,
	KV_TABLE_LIST(X)
#undef X
};

int kv_err(int code)
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
	case EFBIG:
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

static int take_lock(struct kv *kv)
{
	char path[1100];

	snprintf(path, sizeof(path), "%s/lock", kv->dir);
	kv->lock_fd = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
	if (kv->lock_fd < 0)
		return kv_err(errno);
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
		return kv_err(rc);
	for (int i = 0; i < KV_TABLE_COUNT; i++) {
		rc = mdb_dbi_open(txn, table_names[i], flags, &kv->tables[i]);
		if (rc) {
			mdb_txn_abort(txn);
			return kv_err(rc);
		}
	}
	return kv_err(mdb_txn_commit(txn));
}

/*
 * What the last process left may be in the page cache only: sync before
 * anything is acknowledged again. Readers that died with it are cleared.
 */
static int open_env(struct kv *kv, const struct kv_config *config)
{
	unsigned flags = MDB_NORDAHEAD;
	int dead;
	int rc = mdb_env_create(&kv->env);

	if (kv->is_read_only)
		flags = MDB_RDONLY;
	if (config->is_copy)
		flags |= MDB_NOSUBDIR | MDB_NOLOCK;

	if (rc)
		return kv_err(rc);
	rc = mdb_env_set_maxdbs(kv->env, KV_TABLE_COUNT);
	if (!rc)
		rc = mdb_env_set_mapsize(kv->env, config->limit_bytes);
	if (!rc)
		rc = mdb_env_open(kv->env, kv->dir, flags, 0600);
	if (!rc && !kv->is_read_only)
		rc = mdb_reader_check(kv->env, &dead);
	if (!rc && !kv->is_read_only)
		rc = mdb_env_sync(kv->env, 1);
	return kv_err(rc);
}

/* Before LMDB looks at them, and believes one. */
static int check_heads(const struct kv *kv, const struct kv_config *config)
{
	char path[1100];
	int rc = 0;

	snprintf(path, sizeof(path), "%s%s", kv->dir,
	    config->is_copy ? "" : "/" KV_FILE);
	if (!kv->is_read_only)
		rc = kv_forget_half_made(path);
	return rc ? rc : kv_check_heads(path);
}

int kv_open(struct kv **kv_out, const char *dir, const struct kv_config *config)
{
	struct kv *kv = calloc(1, sizeof(*kv));
	int rc = 0;

	if (!kv)
		return ERR_NOMEM;
	kv->lock_fd = -1;
	kv->is_read_only = config->is_read_only || config->is_copy;
	if (sodium_init() < 0 || (size_t)snprintf(kv->dir, sizeof(kv->dir),
				     "%s", dir) >= sizeof(kv->dir))
		rc = ERR_INVALID;
	if (!rc && !kv->is_read_only) {
		if (mkdir(dir, 0700) && errno != EEXIST)
			rc = kv_err(errno);
		if (!rc)
			rc = take_lock(kv);
	}
	if (!rc)
		rc = check_heads(kv, config);
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

int kv_copy(struct kv *kv, int fd)
{
	return kv_err(mdb_env_copyfd2(kv->env, fd, MDB_CP_COMPACT));
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
		return kv_err(rc);
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

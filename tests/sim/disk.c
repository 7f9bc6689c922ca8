#include "disk.h"

#include <string.h>

enum { MOUNTS_MAX = 32, DIR_BYTES = 256 };

/* A node's disk, as the process that has it open sees it. */
struct mount {
	char dir[DIR_BYTES];
	struct kv *kv;
	enum disk_fault fault;
	bool is_full;
	unsigned puts;
};

static struct mount mounts[MOUNTS_MAX];
static struct mount *writing; /* whose transaction is open: one at a time */
static uint64_t commits, spoilt;

static struct mount *mount_of(const char *dir)
{
	for (unsigned i = 0; i < MOUNTS_MAX; i++) {
		struct mount *mount = &mounts[i];
		if (!mount->dir[0])
			memcpy(mount->dir, dir, strnlen(dir, DIR_BYTES - 1));
		if (!strcmp(mount->dir, dir))
			return mount;
	}
	panic_if(true);
	return NULL;
}

static struct mount *mount_by(const struct kv *kv)
{
	for (unsigned i = 0; i < MOUNTS_MAX; i++)
		if (mounts[i].kv == kv)
			return &mounts[i];
	return NULL;
}

void disk_break(const char *dir, enum disk_fault fault)
{
	mount_of(dir)->fault = fault;
}

void disk_fill(const char *dir, unsigned puts)
{
	mount_of(dir)->is_full = true;
	mount_of(dir)->puts = puts;
}

void disk_mend(const char *dir)
{
	mount_of(dir)->fault = DISK_SOUND;
	mount_of(dir)->is_full = false;
}

void disk_counts(uint64_t *commits_out, uint64_t *spoilt_out)
{
	*commits_out = commits;
	*spoilt_out = spoilt;
}

/* ---- what the linker puts in between ---- */

int __real_kv_open(
    struct kv **kv_out, const char *dir, const struct kv_config *config);
int __wrap_kv_open(
    struct kv **kv_out, const char *dir, const struct kv_config *config);
int __wrap_kv_open(
    struct kv **kv_out, const char *dir, const struct kv_config *config)
{
	int rc = __real_kv_open(kv_out, dir, config);

	if (!rc)
		mount_of(dir)->kv = *kv_out;
	return rc;
}

int __real_kv_begin(struct kv_txn **txn_out, struct kv *kv, bool is_write);
int __wrap_kv_begin(struct kv_txn **txn_out, struct kv *kv, bool is_write);
int __wrap_kv_begin(struct kv_txn **txn_out, struct kv *kv, bool is_write)
{
	if (is_write)
		writing = mount_by(kv);
	return __real_kv_begin(txn_out, kv, is_write);
}

int __real_kv_put(struct kv_txn *txn, enum kv_table table, struct bytes key,
    struct bytes value);
int __wrap_kv_put(struct kv_txn *txn, enum kv_table table, struct bytes key,
    struct bytes value);
int __wrap_kv_put(struct kv_txn *txn, enum kv_table table, struct bytes key,
    struct bytes value)
{
	if (writing && writing->is_full && writing->puts-- == 0) {
		writing->puts = 0;
		return ERR_FULL;
	}
	return __real_kv_put(txn, table, key, value);
}

int __real_kv_commit(struct kv_txn **txn);
int __wrap_kv_commit(struct kv_txn **txn);
int __wrap_kv_commit(struct kv_txn **txn)
{
	enum disk_fault fault =
	    writing && kv_is_dirty(*txn) ? writing->fault : DISK_SOUND;

	if (fault != DISK_SOUND) {
		writing->fault = DISK_SOUND;
		spoilt++;
	}
	if (fault == DISK_SOUND || fault == DISK_COMMIT_KEPT) {
		int rc = __real_kv_commit(txn);
		commits += !rc;
		return rc || fault == DISK_SOUND ? rc : ERR_COMMIT;
	}
	kv_abort(txn);
	return fault == DISK_BAD_SYNC ? ERR_IO : ERR_COMMIT;
}

int __real_kv_room(struct kv_room *room_out, struct kv *kv);
int __wrap_kv_room(struct kv_room *room_out, struct kv *kv);
int __wrap_kv_room(struct kv_room *room_out, struct kv *kv)
{
	const struct mount *mount = mount_by(kv);
	int rc = __real_kv_room(room_out, kv);

	if (!rc && mount && mount->is_full)
		room_out->disk_bytes = 0;
	return rc;
}

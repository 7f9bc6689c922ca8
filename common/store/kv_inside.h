/*
 * What the two halves of store/kv.h share: kv_open.c has the environment,
 * kv.c what is in it. Nobody else includes this, nor lmdb.h.
 */
#ifndef WHISTLE_STORE_KV_INSIDE_H
#define WHISTLE_STORE_KV_INSIDE_H

#include <lmdb.h>
#include "store/kv.h"

enum {
	DISK_FULL_BYTES = 1024 * 1024, /* less than this is as good as none */
};

struct kv {
	MDB_env *env;
	MDB_dbi tables[KV_TABLE_COUNT];
	char dir[1024];
	int lock_fd;
	bool is_read_only;
};

MDB_txn *kv_lmdb_txn(const struct kv_txn *txn);
struct kv *kv_of(const struct kv_txn *txn);
bool kv_may_write(const struct kv_txn *txn);

/* Are the two heads of the file those of successive commits? 0 too when
 * there is no file. ERR_CORRUPT. */
int kv_check_heads(const char *path);

/* A file that was never made to its end goes; whoever has the store's lock may
 * do so. */
int kv_forget_half_made(const char *path);

/* The code for one of LMDB's or of the file system's. */
int kv_err(int code);

#endif

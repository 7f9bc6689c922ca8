/*
 * Ordered tables of bytes with transactions: LMDB, and the only place that
 * includes lmdb.h. Every value carries a checksum over its table, its
 * key and itself, checked at each read: a damaged record is ERR_CORRUPT, never
 * believed. One process at a time has a store (a lock file sees to it); one
 * write transaction at a time. A commit that fails may be durable all the same;
 * when that is so, ERR_COMMIT means stop, start again and look.
 */
#ifndef WHISTLE_STORE_KV_H
#define WHISTLE_STORE_KV_H

#include "base/bytes.h"
#include "base/err.h"

#define KV_TABLE_LIST(X)                                                       \
	X(META, "meta")                                                        \
	X(TICKETS, "tickets")	/* id -> struct ticket */                      \
	X(EVENTS, "events")	/* id, seq -> bytes as packed by the writer */ \
	X(CONTACTS, "contacts") /* id -> sealed contact */                     \
	X(OUTBOX, "outbox")	/* link, seq -> row */                         \
	X(LINKS, "links")	/* peer's name -> struct link_record */        \
	X(TIMERS, "timers")	/* due, id */                                  \
	X(HELD, "held")		/* holder, state, id */                        \
	X(STATES, "states")	/* state, id */                                \
	X(PLACES, "places")	/* item, place, id */                          \
	X(INTAKE, "intake")	/* source, external id -> id */                \
	X(REQUESTS, "requests") /* request id -> what became of it */          \
	X(COUNTERS, "counters") /* unit, period, item, other -> sums */        \
	X(JOURNAL, "journal")	/* number -> id, first, last, hash of last */  \
	X(DUPLICATES, "duplicates") /* master, id: of merged tickets */        \
	X(ORDERS, "orders")	    /* id, verb, unit: passed through here */  \
	X(MOMENTS, "moments") /* when -> the journal's first number then */    \
	X(FILES, "files")     /* hash -> struct file_record */                 \
	X(NAMED, "named")     /* hash, id: a ticket that names it */           \
	X(WANTED, "wanted")   /* hash: named, and not here */                  \
	X(UPLOADS, "uploads") /* operator, hash -> who has sent it */          \
	X(QUEUE, "queue")     /* holder, due, id: for a person to do */        \
	X(COUNTED, "counted") /* as counters, number -> events behind them */ \
	X(STRANDED, "stranded")	/* id, seq, hash -> bytes, as in events */     \
	X(SILENCES, "silences") /* id -> a take-over not answered */           \
	X(WATCHES, "watches")	/* when, id: a child should have said it */    \
	X(OVERDUE, "overdue")	/* id -> a deadline of which it did not */

#define X(name, text) KV_##name,
/* The file in a store's folder that has everything; the others are locks. */
#define KV_FILE "data.mdb"

enum kv_table { KV_TABLE_LIST(X) KV_TABLE_COUNT };
#undef X

struct kv;
struct kv_txn;

struct kv_config {
	uint64_t limit_bytes; /* the most the file may grow to */
	bool is_read_only;    /* no lock taken: a look from beside */
	bool is_copy; /* read only, and `dir` is a file that kv_copy made */
};

/* ERR_BUSY: another process has it. ERR_ACCESS, ERR_FULL (no room even to
 * create it), ERR_NOT_FOUND (read only), ERR_CORRUPT (also when the file does
 * not say clearly which commit was its last), ERR_IO. Makes the folder's last
 * part, mode 0700. */
int kv_open(
    struct kv **kv_out, const char *dir, const struct kv_config *config);
void kv_close(struct kv **kv);

int kv_begin(struct kv_txn **txn_out, struct kv *kv, bool is_write);
/* Has anything been written? */
bool kv_is_dirty(const struct kv_txn *txn);
/* Durable on return. ERR_COMMIT: not known; the process must end. Any other
 * failure (ERR_FULL, ERR_IO): it did not happen. */
int kv_commit(struct kv_txn **txn);
void kv_abort(struct kv_txn **txn);

/* Values and keys handed out are borrowed until the next write to the
 * transaction or its end. ERR_NOT_FOUND, ERR_CORRUPT. */
int kv_get(struct bytes *value_out, struct kv_txn *txn, enum kv_table table,
    struct bytes key);
/* ERR_FULL: the transaction must be aborted. */
int kv_put(struct kv_txn *txn, enum kv_table table, struct bytes key,
    struct bytes value);
/* ERR_NOT_FOUND is not an error for a caller that only wants it gone. */
int kv_del(struct kv_txn *txn, enum kv_table table, struct bytes key);

/*
 * All that is committed, as one file, without what LMDB could use again.
 * Others may go on writing meanwhile. `fd` is empty, and its owner's to sync.
 * ERR_FULL, ERR_IO, ERR_CORRUPT: what it holds then is of no use.
 */
int kv_copy(struct kv *kv, int fd);

/* A walk over one table. Its transaction must outlive it. */
struct kv_cursor;
int kv_cursor_open(
    struct kv_cursor **cursor_out, struct kv_txn *txn, enum kv_table table);
void kv_cursor_close(struct kv_cursor **cursor);

enum kv_move {
	KV_AT_OR_AFTER, /* the first key >= *key */
	KV_BEFORE,	/* the last key < *key */
	KV_NEXT,
	KV_PREVIOUS,
	KV_LAST,
	KV_CURRENT_DEL, /* delete it; KV_NEXT then goes to the one after */
};
/* *key is in and out. ERR_NOT_FOUND past either end. */
int kv_move(struct bytes *key, struct bytes *value_out,
    struct kv_cursor *cursor, enum kv_move move);

/*
 * Is each page of the file either in use or free, and only one of the two?
 * Reads the list of free pages, and nothing of the tables. ERR_CORRUPT. 0
 * for a transaction that may write, whose pages are in the air.
 */
int kv_check_pages(struct kv_txn *txn);

struct kv_room {
	uint64_t used_bytes;  /* of the store's file, without what it can
				 use again */
	uint64_t limit_bytes; /* the file may grow to this */
	uint64_t disk_bytes;  /* free on its disk */
};
/* Cheap while the file is far from its limit. */
int kv_room(struct kv_room *room_out, struct kv *kv);
uint64_t kv_count(struct kv_txn *txn, enum kv_table table);

#endif

/*
 * Which files there are and ought to be: what is known of each, which tickets
 * name it, which are wanted, and who has sent what that no event has named
 * yet. The bytes are files.h's; these tables say that they are there only
 * after they are.
 */
#ifndef WHISTLE_STORE_ATTACHED_H
#define WHISTLE_STORE_ATTACHED_H

#include "store/store.h"
#include "ticket/event.h"

enum file_state {
	FILE_WANTED, /* named, and not here */
	FILE_HERE,
	FILE_REFUSED, /* named, and of no type that is taken */
};

struct file_record {
	uint64_t size;	  /* when it is here */
	int64_t until_ms; /* kept so long though no ticket names it */
	uint8_t state;	  /* enum file_state */
	uint8_t type;	  /* enum file_type, when it is here */
	uint8_t is_named;
	uint8_t pad[5];
};

/* ERR_NOT_FOUND, ERR_CORRUPT. */
int attached_get(struct file_record *record_out, struct kv_txn *txn,
    const struct hash *hash);
/* A ticket's event names it: wanted from now on, unless it is known. */
int attached_name(
    struct kv_txn *txn, const struct hash *hash, const struct id *ticket);
/* Its bytes are on disk. Kept until `until_ms` at least. */
int attached_here(struct kv_txn *txn, const struct hash *hash, uint64_t size,
    enum file_type type, int64_t until_ms);
/* Its bytes are gone, or are not what they were: wanted again, if a ticket
 * names it, else forgotten. */
int attached_lost(struct kv_txn *txn, const struct hash *hash);
/* Its bytes have come, and will never be taken. */
int attached_refuse(struct kv_txn *txn, const struct hash *hash);

/* Does the ticket name it? 0 or ERR_NOT_FOUND. */
int attached_is_named(
    struct kv_txn *txn, const struct hash *hash, const struct id *ticket);
/* The next ticket after *ticket (zero: the first) that names it. */
int attached_next_ticket(
    struct id *ticket, struct kv_txn *txn, const struct hash *hash);

uint64_t wanted_count(struct kv_txn *txn);
/* The next after *hash (zero: the first). ERR_NOT_FOUND: none. */
int wanted_next(struct hash *hash, struct kv_txn *txn);

/* A file that somebody sends, or has sent: under the name of who does, a
 * slash, and the hash. */
enum { UPLOAD_KEY_MAX = NAME_MAX_BYTES - 1 + 1 + HASH_BYTES };

struct upload_record {
	uint64_t size;
	int64_t until_ms; /* then it is forgotten */
	uint8_t is_whole;
	uint8_t is_named; /* by a command of theirs */
	uint8_t pad[6];
};

int uploads_get(struct upload_record *record_out, struct kv_txn *txn,
    const char *operator_name, const struct hash *hash);
int uploads_put(struct kv_txn *txn, const char *operator_name,
    const struct hash *hash, const struct upload_record *record);
int uploads_del(
    struct kv_txn *txn, const char *operator_name, const struct hash *hash);

/* What has been sent, or is being sent, and no event has named. */
struct uploads_sum {
	unsigned operator_count;
	uint64_t operator_bytes, all_bytes;
};
int uploads_sum(
    struct uploads_sum *sum_out, struct kv_txn *txn, const char *operator_name);
/*
 * The first whose time is over. *operator_name gets NAME_MAX_BYTES.
 * ERR_NOT_FOUND: none.
 */
int uploads_overdue(struct hash *hash_out, char *operator_out,
    struct kv_txn *txn, int64_t now_ms);
/* A file that nobody has named and whose time is over is forgotten: 0. */
int attached_forget(
    struct kv_txn *txn, const struct hash *hash, int64_t now_ms);

#endif

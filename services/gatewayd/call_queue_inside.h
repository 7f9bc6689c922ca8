/* For call_queue.c and call_look.c only. */
#ifndef WHISTLE_GATEWAYD_CALL_QUEUE_INSIDE_H
#define WHISTLE_GATEWAYD_CALL_QUEUE_INSIDE_H

#include <pthread.h>
#include "gatewayd/call_queue.h"
#include "store/kv.h"

enum {
	CALL_PATH_BYTES = 1300,
	CALL_LOOKED_MAX = 10 * 1000, /* rows, for one that is wanted */
};

/* The tables' names are another store's; what is in them is ours. */
#define CALL_GIVEN_UP KV_REQUESTS

struct call_queue {
	char dir[CALL_PATH_BYTES];
	struct kv *kv; /* NULL: to be opened again */
	pthread_mutex_t mutex;
};

/* Holds the queue until its end. */
int call_queue_begin(
    struct kv_txn **txn_out, struct call_queue *queue, bool is_write);
int call_queue_end(struct call_queue *queue, struct kv_txn *txn, int rc);

int call_read_row(struct call *call_out, struct bytes key, struct bytes value);
typedef bool call_wanted(const struct call *call, const struct call *like);
bool call_is_same(const struct call *call, const struct call *like);
/* At most `max` of them; of a long table only its beginning is looked at. */
int call_collect(struct call *calls_out, size_t *count_out, struct kv_txn *txn,
    enum kv_table table, size_t max, call_wanted *wanted,
    const struct call *like);

#endif

/* Looking for some of the callbacks that wait, for people. */
#include "gatewayd/call_queue_inside.h"

static bool any(const struct call *call, const struct call *like)
{
	(void)call;
	(void)like;
	return true;
}

static bool is_refused(const struct call *call, const struct call *like)
{
	(void)like;
	return call->tries > 0;
}

bool call_is_same(const struct call *call, const struct call *like)
{
	return call->seq == like->seq && call->mark == like->mark &&
	       id_equal(&call->ticket, &like->ticket);
}

/* At most `max` of them; of a long table only its beginning is looked at. */
int call_collect(struct call *calls_out, size_t *count_out, struct kv_txn *txn,
    enum kv_table table, size_t max, call_wanted *wanted,
    const struct call *like)
{
	static const uint8_t zero[1];
	struct bytes key = bytes_of(zero, sizeof(zero)), value;
	enum kv_move move = KV_AT_OR_AFTER;
	struct kv_cursor *cursor = NULL;
	struct call call;
	int rc = kv_cursor_open(&cursor, txn, table);

	*count_out = 0;
	for (int i = 0; !rc && *count_out < max && i < CALL_LOOKED_MAX; i++) {
		rc = kv_move(&key, &value, cursor, move);
		if (!rc)
			rc = call_read_row(&call, key, value);
		if (!rc && wanted(&call, like))
			calls_out[(*count_out)++] = call;
		move = KV_NEXT;
	}
	kv_cursor_close(&cursor);
	return rc == ERR_NOT_FOUND ? 0 : rc;
}

int call_queue_list(struct call *calls_out, size_t *count_out,
    uint64_t *total_out, struct call_queue *queue, enum call_list list,
    size_t max)
{
	enum kv_table table =
	    list == CALLS_GIVEN_UP ? CALL_GIVEN_UP : KV_OUTBOX;
	struct kv_txn *txn;
	int rc = call_queue_begin(&txn, queue, false);

	if (rc)
		return rc;
	rc = call_collect(calls_out, count_out, txn, table, max,
	    list == CALLS_REFUSED ? is_refused : any, NULL);
	*total_out = list == CALLS_REFUSED ? *count_out : kv_count(txn, table);
	return call_queue_end(queue, txn, rc);
}

int call_queue_find(
    enum call_list *list_out, struct call *call, struct call_queue *queue)
{
	struct call like = *call;
	struct kv_txn *txn;
	size_t count = 0;
	int rc = call_queue_begin(&txn, queue, false);

	if (rc)
		return rc;
	rc = call_collect(call, &count, txn, KV_OUTBOX, 1, call_is_same, &like);
	*list_out = count && call->tries ? CALLS_REFUSED : CALLS_WAITING;
	if (!rc && count == 0) {
		rc = call_collect(
		    call, &count, txn, CALL_GIVEN_UP, 1, call_is_same, &like);
		*list_out = CALLS_GIVEN_UP;
	}
	if (!rc && count == 0)
		rc = ERR_NOT_FOUND;
	return call_queue_end(queue, txn, rc);
}

#include "gatewayd/call_queue_inside.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	KEY_BYTES = 8 + ID_BYTES + 4,
	WAITING_MAX = 1024, /* tickets that wait, in one look */
	GIVEN_UP_MAX = 4096,
};

static const uint64_t limit_bytes = UINT64_C(8) << 30;
static const char position_key[] = "position";

struct stored {
	uint32_t tries, status;
	int64_t due_ms, first_ms;
	uint64_t mark;
};

char *call_id_format(char out[CALL_ID_TEXT], const struct call *call)
{
	char ticket[ID_TEXT];

	int len = snprintf(out, CALL_ID_TEXT, "%s-%u",
	    id_format(ticket, &call->ticket), call->seq);
	if (call->mark)
		snprintf(out + len, CALL_ID_TEXT - (size_t)len, "-%016" PRIx64,
		    call->mark);
	return out;
}

/* "" or "-" and sixteen digits. */
static bool read_mark(uint64_t *mark_out, const char *text)
{
	*mark_out = 0;
	if (!*text)
		return true;
	if (*text != '-' || strlen(text) != 17 ||
	    strspn(text + 1, "0123456789abcdef") != 16)
		return false;
	*mark_out = strtoull(text + 1, NULL, 16);
	return *mark_out != 0;
}

int call_id_parse(struct call *call_out, const char *text)
{
	char ticket[ID_TEXT] = "";
	struct call call = { .seq = 0 };
	const char *digits = text + ID_TEXT;
	size_t len;

	if (strlen(text) <= ID_TEXT || text[ID_TEXT - 1] != '-')
		return ERR_INVALID;
	len = strspn(digits, "0123456789");
	if (len == 0 || len > 9 || digits[0] == '0' ||
	    !read_mark(&call.mark, digits + len))
		return ERR_INVALID;
	memcpy(ticket, text, ID_TEXT - 1);
	if (id_parse(&call.ticket, ticket))
		return ERR_INVALID;
	call.seq = (uint32_t)strtoul(digits, NULL, 10);
	*call_out = call;
	return 0;
}

static void put_big(uint8_t *out, uint64_t value, int bytes)
{
	for (int i = bytes - 1; i >= 0; i--, value >>= 8)
		out[i] = (uint8_t)value;
}

static uint64_t get_big(const uint8_t *from, int bytes)
{
	uint64_t value = 0;

	for (int i = 0; i < bytes; i++)
		value = value << 8 | from[i];
	return value;
}

static struct bytes key_of(uint8_t out[KEY_BYTES], const struct call *call)
{
	put_big(out, call->number, 8);
	memcpy(out + 8, call->ticket.b, ID_BYTES);
	put_big(out + 8 + ID_BYTES, call->seq, 4);
	return bytes_of(out, KEY_BYTES);
}

int call_read_row(struct call *call_out, struct bytes key, struct bytes value)
{
	struct stored stored;

	if (key.len != KEY_BYTES || value.len != sizeof(stored))
		return ERR_CORRUPT;
	memcpy(&stored, value.data, sizeof(stored));
	*call_out = (struct call){
		.number = get_big(key.data, 8),
		.seq = (uint32_t)get_big(key.data + 8 + ID_BYTES, 4),
		.tries = stored.tries,
		.status = stored.status,
		.due_ms = stored.due_ms,
		.first_ms = stored.first_ms,
		.mark = stored.mark,
	};
	memcpy(call_out->ticket.b, key.data + 8, ID_BYTES);
	return 0;
}

static int put_row(
    struct kv_txn *txn, enum kv_table table, const struct call *call)
{
	struct stored stored = { call->tries, call->status, call->due_ms,
		call->first_ms, call->mark };
	uint8_t key[KEY_BYTES];

	return kv_put(
	    txn, table, key_of(key, call), bytes_of(&stored, sizeof(stored)));
}

/* ---- open and close ---- */

static int open_kv(struct call_queue *queue)
{
	struct kv_config config = { .limit_bytes = limit_bytes };

	return kv_open(&queue->kv, queue->dir, &config);
}

int call_queue_open(struct call_queue **queue_out, const char *dir)
{
	struct call_queue *queue = calloc(1, sizeof(*queue));
	int rc;

	if (!queue)
		return ERR_NOMEM;
	snprintf(queue->dir, sizeof(queue->dir), "%s", dir);
	rc = open_kv(queue);
	if (rc) {
		free(queue);
		return rc;
	}
	pthread_mutex_init(&queue->mutex, NULL);
	*queue_out = queue;
	return 0;
}

void call_queue_close(struct call_queue **queue)
{
	if (!*queue)
		return;
	kv_close(&(*queue)->kv);
	pthread_mutex_destroy(&(*queue)->mutex);
	free(*queue);
	*queue = NULL;
}

int call_queue_begin(
    struct kv_txn **txn_out, struct call_queue *queue, bool is_write)
{
	int rc = 0;

	pthread_mutex_lock(&queue->mutex);
	if (!queue->kv)
		rc = open_kv(queue);
	if (!rc)
		rc = kv_begin(txn_out, queue->kv, is_write);
	if (rc)
		pthread_mutex_unlock(&queue->mutex);
	return rc;
}

/* Nothing that is written here is lost by being written again, so that a
 * commit whose result is not known is found out by looking anew. */
int call_queue_end(struct call_queue *queue, struct kv_txn *txn, int rc)
{
	if (rc || !kv_is_dirty(txn))
		kv_abort(&txn);
	else
		rc = kv_commit(&txn);
	if (rc == ERR_COMMIT)
		kv_close(&queue->kv);
	pthread_mutex_unlock(&queue->mutex);
	return rc;
}

/* ---- position ---- */

static struct bytes position_name(void)
{
	return bytes_of(position_key, sizeof(position_key) - 1);
}

static int get_position(struct call_position *position, struct kv_txn *txn)
{
	struct bytes value;
	int rc = kv_get(&value, txn, KV_META, position_name());

	memset(position, 0, sizeof(*position));
	if (rc == ERR_NOT_FOUND)
		return 0;
	if (!rc && value.len != sizeof(*position))
		rc = ERR_CORRUPT;
	if (!rc)
		memcpy(position, value.data, sizeof(*position));
	return rc;
}

int call_queue_position(
    struct call_position *position_out, struct call_queue *queue)
{
	struct kv_txn *txn;
	int rc = call_queue_begin(&txn, queue, false);

	if (rc)
		return rc;
	rc = get_position(position_out, txn);
	return call_queue_end(queue, txn, rc);
}

int call_queue_add(struct call_queue *queue, const struct call *calls,
    size_t count, const struct call_position *position)
{
	struct kv_txn *txn;
	int rc = call_queue_begin(&txn, queue, true);

	if (rc)
		return rc;
	for (size_t i = 0; !rc && i < count; i++)
		rc = put_row(txn, KV_OUTBOX, &calls[i]);
	if (!rc)
		rc = kv_put(txn, KV_META, position_name(),
		    bytes_of(position, sizeof(*position)));
	return call_queue_end(queue, txn, rc);
}

/* Its row has another number than that by which it goes out again. */
static int forget_given_up(struct kv_txn *txn, const struct call *like)
{
	uint8_t key[KEY_BYTES];
	struct call call;
	size_t count;
	int rc = call_collect(
	    &call, &count, txn, CALL_GIVEN_UP, 1, call_is_same, like);

	return rc || count == 0
		   ? rc
		   : kv_del(txn, CALL_GIVEN_UP, key_of(key, &call));
}

int call_queue_replay(struct call_queue *queue, const struct call *call)
{
	struct call again = {
		.ticket = call->ticket, .seq = call->seq, .mark = call->mark
	};
	struct call_position position;
	struct kv_txn *txn;
	int rc = call_queue_begin(&txn, queue, true);

	if (rc)
		return rc;
	rc = get_position(&position, txn);
	again.number = position.last;
	if (!rc)
		rc = put_row(txn, KV_OUTBOX, &again);
	if (!rc)
		rc = forget_given_up(txn, call);
	return call_queue_end(queue, txn, rc);
}

/* ---- what goes next ---- */

struct looking {
	const struct id *busy;
	size_t busy_count;
	struct id waiting[WAITING_MAX];
	size_t waiting_count;
};

static bool is_among(const struct id *ids, size_t count, const struct id *id)
{
	for (size_t i = 0; i < count; i++)
		if (id_equal(&ids[i], id))
			return true;
	return false;
}

static bool may_go(
    struct looking *looking, const struct call *call, int64_t now_ms)
{
	if (is_among(looking->busy, looking->busy_count, &call->ticket) ||
	    is_among(looking->waiting, looking->waiting_count, &call->ticket))
		return false;
	if (call->due_ms <= now_ms)
		return true;
	if (looking->waiting_count < WAITING_MAX)
		looking->waiting[looking->waiting_count] = call->ticket;
	looking->waiting_count++;
	return false;
}

static int walk(struct call *call_out, struct kv_txn *txn,
    struct looking *looking, int64_t now_ms)
{
	static const uint8_t zero[1];
	struct bytes key = bytes_of(zero, sizeof(zero)), value;
	enum kv_move move = KV_AT_OR_AFTER;
	struct kv_cursor *cursor;
	int rc = kv_cursor_open(&cursor, txn, KV_OUTBOX);
	bool found = false;

	if (rc)
		return rc;
	for (int i = 0; !rc && !found && i < CALL_LOOKED_MAX &&
			looking->waiting_count <= WAITING_MAX;
	     i++, move = KV_NEXT) {
		rc = kv_move(&key, &value, cursor, move);
		if (!rc)
			rc = call_read_row(call_out, key, value);
		if (!rc)
			found = may_go(looking, call_out, now_ms);
	}
	kv_cursor_close(&cursor);
	return rc || found ? rc : ERR_NOT_FOUND;
}

int call_queue_next(struct call *call_out, struct call_queue *queue,
    int64_t now_ms, const struct id *busy, size_t busy_count)
{
	struct looking looking = { .busy = busy, .busy_count = busy_count };
	struct kv_txn *txn;
	int rc = call_queue_begin(&txn, queue, false);

	if (rc)
		return rc;
	rc = walk(call_out, txn, &looking, now_ms);
	return call_queue_end(queue, txn, rc);
}

/* The oldest goes when there are too many. */
static int keep_given_up(struct kv_txn *txn, const struct call *call)
{
	static const uint8_t zero[1];
	struct bytes key = bytes_of(zero, sizeof(zero)), value;
	struct kv_cursor *cursor;
	int rc = put_row(txn, CALL_GIVEN_UP, call);

	if (rc || kv_count(txn, CALL_GIVEN_UP) <= GIVEN_UP_MAX)
		return rc;
	rc = kv_cursor_open(&cursor, txn, CALL_GIVEN_UP);
	if (rc)
		return rc;
	rc = kv_move(&key, &value, cursor, KV_AT_OR_AFTER);
	if (!rc)
		rc = kv_move(&key, &value, cursor, KV_CURRENT_DEL);
	kv_cursor_close(&cursor);
	return rc;
}

static int settle_one(struct kv_txn *txn, const struct call_result *result)
{
	uint8_t key[KEY_BYTES];
	int rc;

	if (!result->is_done)
		return put_row(txn, KV_OUTBOX, &result->call);
	rc = kv_del(txn, KV_OUTBOX, key_of(key, &result->call));
	if (rc == ERR_NOT_FOUND)
		rc = 0;
	if (!rc && result->is_given_up)
		rc = keep_given_up(txn, &result->call);
	return rc;
}

int call_queue_settle(
    struct call_queue *queue, const struct call_result *results, size_t count)
{
	struct kv_txn *txn;
	int rc = call_queue_begin(&txn, queue, true);

	if (rc)
		return rc;
	for (size_t i = 0; !rc && i < count; i++)
		rc = settle_one(txn, &results[i]);
	return call_queue_end(queue, txn, rc);
}

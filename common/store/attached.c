#include "store/attached.h"

#include <string.h>

static struct bytes hash_key(const struct hash *hash)
{
	return bytes_of(hash->b, HASH_BYTES);
}

int attached_get(
    struct file_record *record_out, struct kv_txn *txn, const struct hash *hash)
{
	struct bytes value;
	int rc = kv_get(&value, txn, KV_FILES, hash_key(hash));

	if (rc)
		return rc;
	if (value.len != sizeof(*record_out))
		return ERR_CORRUPT;
	memcpy(record_out, value.data, value.len);
	return 0;
}

static int put(struct kv_txn *txn, const struct hash *hash,
    const struct file_record *record)
{
	int rc = kv_put(
	    txn, KV_FILES, hash_key(hash), bytes_of(record, sizeof(*record)));

	if (!rc && record->state == FILE_WANTED)
		return kv_put(
		    txn, KV_WANTED, hash_key(hash), bytes_of(NULL, 0));
	if (!rc)
		rc = kv_del(txn, KV_WANTED, hash_key(hash));
	return rc == ERR_NOT_FOUND ? 0 : rc;
}

/* As it is, or as one that nothing is known of. */
static int get_or_new(
    struct file_record *record_out, struct kv_txn *txn, const struct hash *hash)
{
	int rc = attached_get(record_out, txn, hash);

	if (rc != ERR_NOT_FOUND)
		return rc;
	*record_out = (struct file_record){ .state = FILE_WANTED };
	return 0;
}

static struct bytes named_key(uint8_t key[HASH_BYTES + ID_BYTES],
    const struct hash *hash, const struct id *ticket)
{
	memcpy(key, hash->b, HASH_BYTES);
	memcpy(key + HASH_BYTES, ticket->b, ID_BYTES);
	return bytes_of(key, HASH_BYTES + ID_BYTES);
}

int attached_name(
    struct kv_txn *txn, const struct hash *hash, const struct id *ticket)
{
	uint8_t key[HASH_BYTES + ID_BYTES];
	struct file_record record;
	int rc = kv_put(
	    txn, KV_NAMED, named_key(key, hash, ticket), bytes_of(NULL, 0));

	if (!rc)
		rc = get_or_new(&record, txn, hash);
	if (rc || record.is_named)
		return rc;
	record.is_named = 1;
	return put(txn, hash, &record);
}

int attached_here(struct kv_txn *txn, const struct hash *hash, uint64_t size,
    enum file_type type, int64_t until_ms)
{
	struct file_record record;
	int rc = get_or_new(&record, txn, hash);

	if (rc)
		return rc;
	record.state = FILE_HERE;
	record.size = size;
	record.type = (uint8_t)type;
	if (record.until_ms < until_ms)
		record.until_ms = until_ms;
	return put(txn, hash, &record);
}

static int forget(struct kv_txn *txn, const struct hash *hash)
{
	int rc = kv_del(txn, KV_FILES, hash_key(hash));

	if (rc == ERR_NOT_FOUND)
		rc = 0;
	if (!rc)
		rc = kv_del(txn, KV_WANTED, hash_key(hash));
	return rc == ERR_NOT_FOUND ? 0 : rc;
}

static int set_state(
    struct kv_txn *txn, const struct hash *hash, enum file_state state)
{
	struct file_record record;
	int rc = attached_get(&record, txn, hash);

	if (rc)
		return rc == ERR_NOT_FOUND ? 0 : rc;
	if (!record.is_named)
		return forget(txn, hash);
	record.state = (uint8_t)state;
	record.size = 0;
	record.type = FILE_NONE;
	return put(txn, hash, &record);
}

int attached_lost(struct kv_txn *txn, const struct hash *hash)
{
	return set_state(txn, hash, FILE_WANTED);
}

int attached_refuse(struct kv_txn *txn, const struct hash *hash)
{
	return set_state(txn, hash, FILE_REFUSED);
}

int attached_is_named(
    struct kv_txn *txn, const struct hash *hash, const struct id *ticket)
{
	uint8_t key[HASH_BYTES + ID_BYTES];
	struct bytes value;

	return kv_get(&value, txn, KV_NAMED, named_key(key, hash, ticket));
}

/* The first key behind `after` in a table. */
static int next_key(uint8_t *key, size_t len, struct kv_txn *txn,
    enum kv_table table, size_t after_len)
{
	struct kv_cursor *cursor = NULL;
	struct bytes found = bytes_of(key, after_len), value;
	int rc = kv_cursor_open(&cursor, txn, table);

	if (rc)
		return rc;
	rc = kv_move(&found, &value, cursor, KV_AT_OR_AFTER);
	if (!rc && found.len == after_len &&
	    !memcmp(found.data, key, after_len))
		rc = kv_move(&found, &value, cursor, KV_NEXT);
	if (!rc && found.len != len)
		rc = ERR_CORRUPT;
	if (!rc)
		memcpy(key, found.data, len);
	kv_cursor_close(&cursor);
	return rc;
}

int attached_next_ticket(
    struct id *ticket, struct kv_txn *txn, const struct hash *hash)
{
	uint8_t key[HASH_BYTES + ID_BYTES];
	int rc;

	named_key(key, hash, ticket);
	rc = next_key(key, sizeof(key), txn, KV_NAMED,
	    id_is_zero(ticket) ? HASH_BYTES : sizeof(key));
	if (!rc && memcmp(key, hash->b, HASH_BYTES))
		rc = ERR_NOT_FOUND;
	if (!rc)
		memcpy(ticket->b, key + HASH_BYTES, ID_BYTES);
	return rc;
}

uint64_t wanted_count(struct kv_txn *txn)
{
	return kv_count(txn, KV_WANTED);
}

int wanted_next(struct hash *hash, struct kv_txn *txn)
{
	return next_key(hash->b, HASH_BYTES, txn, KV_WANTED, HASH_BYTES);
}

/* ---- uploads ---- */

static struct bytes upload_key(uint8_t key[UPLOAD_KEY_MAX],
    const char *operator_name, const struct hash *hash)
{
	size_t len = strlen(operator_name);

	panic_if(len >= NAME_MAX_BYTES);
	memcpy(key, operator_name, len);
	key[len] = '/'; /* which no name has */
	memcpy(key + len + 1, hash->b, HASH_BYTES);
	return bytes_of(key, len + 1 + HASH_BYTES);
}

static int read_record(struct upload_record *record_out, struct bytes value)
{
	if (value.len != sizeof(*record_out))
		return ERR_CORRUPT;
	memcpy(record_out, value.data, value.len);
	return 0;
}

int uploads_get(struct upload_record *record_out, struct kv_txn *txn,
    const char *operator_name, const struct hash *hash)
{
	uint8_t key[UPLOAD_KEY_MAX];
	struct bytes value;
	int rc = kv_get(
	    &value, txn, KV_UPLOADS, upload_key(key, operator_name, hash));

	return rc ? rc : read_record(record_out, value);
}

int uploads_put(struct kv_txn *txn, const char *operator_name,
    const struct hash *hash, const struct upload_record *record)
{
	uint8_t key[UPLOAD_KEY_MAX];

	return kv_put(txn, KV_UPLOADS, upload_key(key, operator_name, hash),
	    bytes_of(record, sizeof(*record)));
}

int uploads_del(
    struct kv_txn *txn, const char *operator_name, const struct hash *hash)
{
	uint8_t key[UPLOAD_KEY_MAX];
	int rc = kv_del(txn, KV_UPLOADS, upload_key(key, operator_name, hash));

	return rc == ERR_NOT_FOUND ? 0 : rc;
}

static int each_upload(struct kv_txn *txn,
    int (*visit)(
	void *context, struct bytes key, const struct upload_record *record),
    void *context)
{
	static const uint8_t zero[1];
	struct kv_cursor *cursor = NULL;
	struct bytes key = bytes_of(zero, sizeof(zero)), value;
	struct upload_record record;
	int rc = kv_cursor_open(&cursor, txn, KV_UPLOADS);

	if (rc)
		return rc;
	for (rc = kv_move(&key, &value, cursor, KV_AT_OR_AFTER); !rc;
	     rc = kv_move(&key, &value, cursor, KV_NEXT)) {
		rc = key.len > HASH_BYTES + 1 && key.len <= UPLOAD_KEY_MAX
			 ? read_record(&record, value)
			 : ERR_CORRUPT;
		if (!rc)
			rc = visit(context, key, &record);
		if (rc)
			break;
	}
	kv_cursor_close(&cursor);
	return rc == ERR_NOT_FOUND ? 0 : rc;
}

struct summing {
	struct uploads_sum *sum;
	struct bytes name;
};

static int add_upload(
    void *context, struct bytes key, const struct upload_record *record)
{
	struct summing *summing = context;
	struct bytes name = bytes_of(key.data, key.len - HASH_BYTES - 1);

	if (record->is_named)
		return 0;
	summing->sum->all_bytes += record->size;
	if (bytes_equal(name, summing->name)) {
		summing->sum->operator_count++;
		summing->sum->operator_bytes += record->size;
	}
	return 0;
}

int uploads_sum(
    struct uploads_sum *sum_out, struct kv_txn *txn, const char *operator_name)
{
	struct summing summing = { sum_out,
		bytes_of(operator_name, strlen(operator_name)) };

	*sum_out = (struct uploads_sum){ 0 };
	return each_upload(txn, add_upload, &summing);
}

struct looking {
	struct hash *hash;
	char *operator_name;
	int64_t now_ms;
};

static int is_overdue(
    void *context, struct bytes key, const struct upload_record *record)
{
	struct looking *looking = context;
	size_t len = key.len - HASH_BYTES - 1;

	if (record->until_ms >= looking->now_ms)
		return 0;
	memcpy(looking->operator_name, key.data, len);
	looking->operator_name[len] = '\0';
	memcpy(looking->hash->b, key.data + len + 1, HASH_BYTES);
	return 1;
}

int uploads_overdue(struct hash *hash_out, char *operator_out,
    struct kv_txn *txn, int64_t now_ms)
{
	struct looking looking = { hash_out, operator_out, now_ms };
	int rc = each_upload(txn, is_overdue, &looking);

	return rc == 1 ? 0 : rc ? rc : ERR_NOT_FOUND;
}

int attached_forget(struct kv_txn *txn, const struct hash *hash, int64_t now_ms)
{
	struct file_record record;
	int rc = attached_get(&record, txn, hash);

	if (rc)
		return rc;
	if (record.is_named || record.until_ms >= now_ms)
		return ERR_EXISTS;
	return forget(txn, hash);
}

/*
 * Files: what is kept of each, who names it, what is still to come; and, where
 * the caller has the folder, their bytes.
 */
#include <string.h>
#include "audit/inside.h"
#include "store/attached.h"

static int stray(struct audit *audit, enum kv_table table, struct bytes key)
{
	return audit_found_key(audit, AUDIT_STRAY_FILE, table, key);
}

static int check_bytes(struct audit *audit, struct bytes key,
    const struct hash *hash, const struct file_record *record)
{
	enum file_type type;
	uint64_t size = 0;
	int rc = files_check(&size, &type, audit->config->files, hash);

	if (rc == ERR_NOMEM)
		return rc;
	if (rc == ERR_NOT_FOUND)
		return audit_found_key(audit, AUDIT_FILE_GONE, KV_FILES, key);
	if (rc || size != record->size)
		return audit_found_key(
		    audit, AUDIT_FILE_DAMAGED, KV_FILES, key);
	return 0;
}

static int check_state(struct audit *audit, struct bytes key,
    const struct hash *hash, const struct file_record *record)
{
	struct bytes found;
	bool is_wanted = kv_get(&found, audit->txn, KV_WANTED, key) == 0;
	struct id ticket = { { 0 } };
	bool is_named = !attached_next_ticket(&ticket, audit->txn, hash);

	if (is_wanted != (record->state == FILE_WANTED) ||
	    is_named != (record->is_named != 0))
		return stray(audit, KV_FILES, key);
	if (record->state == FILE_WANTED)
		return audit_found_key(
		    audit, AUDIT_FILE_AWAITED, KV_FILES, key);
	if (record->state != FILE_HERE || !audit->config->files)
		return 0;
	return check_bytes(audit, key, hash, record);
}

static int check_file(struct audit *audit, struct bytes key, struct bytes value)
{
	struct file_record record;
	struct hash hash;

	if (key.len != HASH_BYTES || value.len != sizeof(record))
		return audit_found_key(audit, AUDIT_SHAPE, KV_FILES, key);
	memcpy(&record, value.data, sizeof(record));
	memcpy(hash.b, key.data, HASH_BYTES);
	if (record.state > FILE_REFUSED || record.type >= FILE_TYPE_COUNT)
		return audit_found_key(audit, AUDIT_SHAPE, KV_FILES, key);
	return check_state(audit, key, &hash, &record);
}

/* ERR_CORRUPT has been told by the pass over the tables. */
static int check_named(
    struct audit *audit, struct bytes key, struct bytes value)
{
	struct file_record record;
	struct ticket ticket;
	struct hash hash;
	struct id id;

	(void)value;
	if (key.len != HASH_BYTES + ID_BYTES)
		return audit_found_key(audit, AUDIT_SHAPE, KV_NAMED, key);
	memcpy(hash.b, key.data, HASH_BYTES);
	memcpy(id.b, key.data + HASH_BYTES, ID_BYTES);
	if (attached_get(&record, audit->txn, &hash) == ERR_NOT_FOUND ||
	    tickets_get(&ticket, audit->txn, &id) == ERR_NOT_FOUND)
		return stray(audit, KV_NAMED, key);
	return 0;
}

static int check_wanted(
    struct audit *audit, struct bytes key, struct bytes value)
{
	struct file_record record;
	struct hash hash;
	int rc;

	(void)value;
	if (key.len != HASH_BYTES)
		return audit_found_key(audit, AUDIT_SHAPE, KV_WANTED, key);
	memcpy(hash.b, key.data, HASH_BYTES);
	rc = attached_get(&record, audit->txn, &hash);
	if (rc == ERR_CORRUPT || (!rc && record.state == FILE_WANTED))
		return 0;
	return stray(audit, KV_WANTED, key);
}

static int check_upload(
    struct audit *audit, struct bytes key, struct bytes value)
{
	if (key.len > HASH_BYTES + 1 && key.len <= UPLOAD_KEY_MAX &&
	    value.len == sizeof(struct upload_record))
		return 0;
	return audit_found_key(audit, AUDIT_SHAPE, KV_UPLOADS, key);
}

int audit_files(struct audit *audit)
{
	int rc = audit_each(audit, KV_FILES, check_file);

	if (!rc)
		rc = audit_each(audit, KV_NAMED, check_named);
	if (!rc)
		rc = audit_each(audit, KV_WANTED, check_wanted);
	return rc ? rc : audit_each(audit, KV_UPLOADS, check_upload);
}

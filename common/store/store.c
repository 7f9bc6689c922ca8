#include "store/store.h"

#include <string.h>

void store_be32(uint8_t out[4], uint32_t value)
{
	for (int i = 3; i >= 0; i--, value >>= 8)
		out[i] = (uint8_t)value;
}

void store_be64(uint8_t out[8], uint64_t value)
{
	for (int i = 7; i >= 0; i--, value >>= 8)
		out[i] = (uint8_t)value;
}

uint32_t store_read_be32(const uint8_t *in)
{
	uint32_t value = 0;

	for (int i = 0; i < 4; i++)
		value = value << 8 | in[i];
	return value;
}

uint64_t store_read_be64(const uint8_t *in)
{
	uint64_t value = 0;

	for (int i = 0; i < 8; i++)
		value = value << 8 | in[i];
	return value;
}

static struct bytes text_of(const char *text)
{
	return bytes_of(text, strlen(text));
}

int meta_get(struct bytes *value_out, struct kv_txn *txn, const char *name)
{
	return kv_get(value_out, txn, KV_META, text_of(name));
}

int meta_put(struct kv_txn *txn, const char *name, struct bytes value)
{
	return kv_put(txn, KV_META, text_of(name), value);
}

int store_spoken(uint32_t *version_out, struct kv_txn *txn)
{
	struct bytes value;
	int rc = meta_get(&value, txn, "spoken");

	if (rc && rc != ERR_NOT_FOUND)
		return rc;
	if (!rc && value.len != 4)
		return ERR_CORRUPT;
	*version_out = rc ? 1 : store_read_be32(value.data);
	return 0;
}

int store_spoken_put(struct kv_txn *txn, uint32_t version)
{
	uint8_t value[4];

	store_be32(value, version);
	return meta_put(txn, "spoken", bytes_of(value, sizeof(value)));
}

int store_renew(struct store *store, struct kv_txn *txn, struct id_maker *maker,
    int64_t now_ms)
{
	struct id id;

	id_next(&id, maker, now_ms);
	int rc = meta_put(txn, "id", bytes_of(id.b, sizeof(id.b)));
	if (!rc)
		store->id = id;
	return rc;
}

static int make_secret(
    struct store *store, struct kv_txn *txn, const struct entropy *entropy)
{
	entropy->fill(entropy->context, store->secret, sizeof(store->secret));
	return meta_put(
	    txn, "secret", bytes_of(store->secret, sizeof(store->secret)));
}

static int make_new(struct store *store, struct kv_txn *txn, const char *node,
    struct id_maker *maker, int64_t now_ms)
{
	uint8_t schema[4];

	store_be32(schema, STORE_SCHEMA);
	store->is_new = true;
	for (int i = 0; i < KV_TABLE_COUNT; i++)
		if (kv_count(txn, (enum kv_table)i))
			return ERR_CORRUPT; /* a store, and none of ours */
	int rc = meta_put(txn, "schema", bytes_of(schema, sizeof(schema)));
	if (!rc)
		rc = meta_put(txn, "node", text_of(node));
	if (!rc)
		rc = meta_put(txn, "new", bytes_of(NULL, 0));
	if (!rc)
		rc = make_secret(store, txn, &maker->entropy);
	if (!rc)
		rc = store_renew(store, txn, maker, now_ms);
	return rc;
}

int store_taken(struct store *store, struct kv_txn *txn)
{
	int rc = kv_del(txn, KV_META, text_of("new"));

	if (rc && rc != ERR_NOT_FOUND)
		return rc;
	store->is_new = false;
	return 0;
}

int store_restored(struct store *store, struct kv_txn *txn,
    struct id_maker *maker, int64_t now_ms)
{
	int rc = store_renew(store, txn, maker, now_ms);

	if (!rc)
		rc = meta_put(txn, "new", bytes_of(NULL, 0));
	if (!rc)
		store->is_new = true;
	return rc;
}

/* Was it made, and then nobody got as far as store_taken? */
static int read_is_new(struct store *store, struct kv_txn *txn)
{
	struct bytes value;
	int rc = meta_get(&value, txn, "new");

	if (rc && rc != ERR_NOT_FOUND)
		return rc;
	store->is_new = !rc;
	return 0;
}

/* What every store has under that name, of that length. */
static int read_whole(
    uint8_t *out, size_t len, struct kv_txn *txn, const char *name)
{
	struct bytes value;
	int rc = meta_get(&value, txn, name);

	if (rc == ERR_NOT_FOUND || (!rc && value.len != len))
		return ERR_CORRUPT;
	if (!rc)
		memcpy(out, value.data, len);
	return rc;
}

static int read_meta(struct store *store, struct kv_txn *txn, const char *node,
    struct bytes schema)
{
	struct bytes value;

	if (schema.len != 4 || store_read_be32(schema.data) != STORE_SCHEMA)
		return ERR_VERSION;
	int rc = meta_get(&value, txn, "node");
	if (!rc && !bytes_equal(value, text_of(node)))
		rc = ERR_VERSION;
	if (rc)
		return rc == ERR_NOT_FOUND ? ERR_CORRUPT : rc;
	rc = read_whole(store->id.b, ID_BYTES, txn, "id");
	if (!rc)
		rc = read_whole(
		    store->secret, sizeof(store->secret), txn, "secret");
	return rc ? rc : read_is_new(store, txn);
}

int store_open(struct store *store_out, const char *dir,
    const struct kv_config *config, const char *node, struct id_maker *maker,
    int64_t now_ms)
{
	struct store store = { .kv = NULL };
	struct kv_txn *txn = NULL;
	struct bytes schema;
	int rc = kv_open(&store.kv, dir, config);

	if (rc)
		return rc;
	rc = kv_begin(&txn, store.kv, !config->is_read_only);
	if (rc)
		goto out;
	rc = meta_get(&schema, txn, "schema");
	if (rc == ERR_NOT_FOUND && !config->is_read_only)
		rc = make_new(&store, txn, node, maker, now_ms);
	else if (!rc)
		rc = read_meta(&store, txn, node, schema);
	if (!rc && kv_is_dirty(txn))
		rc = kv_commit(&txn);
out:
	kv_abort(&txn);
	if (rc)
		store_close(&store);
	else
		*store_out = store;
	return rc;
}

void store_close(struct store *store)
{
	kv_close(&store->kv);
}

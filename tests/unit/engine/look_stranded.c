/* What fences have undone, and what an audit says of the stores. */
#include "world.h"

#include <string.h>
#include "audit/audit.h"

static struct kv_txn *look_at(struct world_node *node)
{
	struct kv_txn *txn = NULL;

	assert_int_equal(
	    kv_begin(&txn, node->engine->config.store.kv, false), 0);
	return txn;
}

static int note(
    void *context, const struct stranded_key *key, struct bytes event)
{
	struct hash hash;

	hash_of(&hash, event);
	assert_true(hash_equal(&hash, &key->hash));
	return buf_add(context, key, sizeof(*key));
}

/* The keys of what is stranded on one ticket; to be freed. */
static struct buf stranded_of(struct world_node *node, const struct id *id)
{
	struct kv_txn *txn = look_at(node);
	struct buf keys = { 0 };

	assert_int_equal(stranded_each(txn, id, 1, UINT32_MAX, note, &keys), 0);
	kv_abort(&txn);
	return keys;
}

unsigned count_stranded(struct world_node *node, const struct id *id)
{
	struct buf keys = stranded_of(node, id);
	unsigned count = (unsigned)(keys.len / sizeof(struct stranded_key));

	buf_free(&keys);
	return count;
}

struct counting {
	const char *text;
	unsigned count;
};

static int count_one(
    void *context, const struct stranded_key *key, struct bytes event)
{
	struct counting *counting = context;

	(void)key;
	counting->count += memmem(event.data, event.len, counting->text,
			       strlen(counting->text)) != NULL;
	return 0;
}

unsigned count_stranded_text(
    struct world_node *node, const struct id *id, const char *text)
{
	struct counting counting = { text, 0 };
	struct kv_txn *txn = look_at(node);

	assert_int_equal(
	    stranded_each(txn, id, 1, UINT32_MAX, count_one, &counting), 0);
	kv_abort(&txn);
	return counting.count;
}

static void check_same(
    struct world_node *a, struct world_node *b, const struct id *id)
{
	struct buf one = stranded_of(a, id), two = stranded_of(b, id);

	if (one.len != two.len)
		print_error("%s has %zu bytes stranded, %s %zu\n", a->name,
		    one.len, b->name, two.len);
	assert_int_equal(one.len, two.len);
	if (one.len)
		assert_memory_equal(one.data, two.data, one.len);
	buf_free(&one);
	buf_free(&two);
}

static void check_node(struct world_node *node)
{
	struct world *world = node->world;
	struct buf ids = node_tickets(node);

	for (size_t at = 0; at < ids.len; at += ID_BYTES) {
		struct id id;
		memcpy(id.b, ids.data + at, ID_BYTES);
		for (unsigned i = 0; i < WORLD_NODES; i++)
			if (world->nodes[i].engine &&
			    node_knows(&world->nodes[i], &id))
				check_same(node, &world->nodes[i], &id);
	}
	buf_free(&ids);
}

void world_check_stranded(struct world *world)
{
	for (unsigned i = 0; i < WORLD_NODES; i++)
		if (world->nodes[i].engine)
			check_node(&world->nodes[i]);
}

static bool node_has(void *context, const struct unit_code *unit)
{
	const struct world_node *node = context;

	return is_ours(node->engine, unit);
}

static int found(void *context, const struct audit_finding *finding)
{
	const struct world_node *node = context;

	if (!audit_is_doubt(finding->fault))
		print_error("%s: %s: %s: %s\n", node->name,
		    audit_table(finding->table), audit_word(finding->fault),
		    finding->subject);
	return 0;
}

void node_check_audit(struct world_node *node)
{
	struct audit_config config = {
		.is_ours = node_has,
		.found = found,
		.context = node,
		.now_ms = node->world->now_ms,
	};
	struct audit_result result;
	struct kv_txn *txn = look_at(node);

	assert_int_equal(audit_store(&result, txn, &config), 0);
	kv_abort(&txn);
	assert_int_equal(result.damages, 0);
}

void world_check_audits(struct world *world)
{
	for (unsigned i = 0; i < WORLD_NODES; i++)
		if (world->nodes[i].engine)
			node_check_audit(&world->nodes[i]);
}

/* What is in the stores of a world, read past the engines. */
#include "audit/audit.h"
#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct kv_txn *look_at(struct world_node *node)
{
	struct kv_txn *txn = NULL;

	assert_non_null(node->engine);
	assert_int_equal(
	    kv_begin(&txn, node->engine->config.store.kv, false), 0);
	return txn;
}

struct ticket node_ticket(struct world_node *node, const struct id *id)
{
	struct kv_txn *txn = look_at(node);
	struct ticket ticket;
	int rc = tickets_get(&ticket, txn, id);

	kv_abort(&txn);
	assert_true(rc == 0 || rc == ERR_NOT_FOUND);
	return ticket;
}

bool node_knows(struct world_node *node, const struct id *id)
{
	return node_ticket(node, id).seq > 0;
}

struct buf node_event(
    struct world_node *node, const struct id *id, uint32_t seq)
{
	struct kv_txn *txn = look_at(node);
	struct bytes bytes;
	struct buf copy = { 0 };
	int rc = events_get(&bytes, txn, id, seq);

	assert_true(rc == 0 || rc == ERR_NOT_FOUND);
	if (!rc)
		assert_int_equal(buf_add(&copy, bytes.data, bytes.len), 0);
	kv_abort(&txn);
	return copy;
}

unsigned node_count_tickets(struct world_node *node)
{
	struct kv_txn *txn = look_at(node);
	uint64_t count = tickets_count(txn);

	kv_abort(&txn);
	return (unsigned)count;
}

bool node_is_recovering(const struct world_node *node)
{
	return node->engine && node->engine->mind.is_recovering;
}

/* ---- one log, whoever has it ---- */

/* The log is gapless, each event follows the one before, and the ticket is
 * what they say. */
static void check_log(struct world_node *node, const struct ticket *ticket)
{
	struct ticket folded = { .seq = 0 };
	const char *problem = NULL;
	struct event event;
	struct hash hash;

	for (uint32_t seq = 1; seq <= ticket->seq; seq++) {
		struct buf bytes = node_event(node, &ticket->id, seq);
		assert_true(bytes.len > 0);
		arena_reset(node->world->arena);
		if (wire_event_unpack(&event, &problem, node->world->arena,
			bytes_of(bytes.data, bytes.len)))
			fail_msg("%s has an event that nobody can read: %s",
			    node->name, problem);
		hash_of(&hash, bytes_of(bytes.data, bytes.len));
		assert_int_equal(ticket_fold(&folded, &event, &hash), 0);
		buf_free(&bytes);
	}
	assert_memory_equal(&folded, ticket, sizeof(*ticket));
	struct buf more = node_event(node, &ticket->id, ticket->seq + 1);
	assert_int_equal(more.len, 0);
}

static void check_same_log(
    struct world_node *a, struct world_node *b, const struct ticket *ticket)
{
	for (uint32_t seq = 1; seq <= ticket->seq; seq++) {
		struct buf one = node_event(a, &ticket->id, seq);
		struct buf two = node_event(b, &ticket->id, seq);
		assert_int_equal(one.len, two.len);
		assert_memory_equal(one.data, two.data, one.len);
		buf_free(&one);
		buf_free(&two);
	}
}

/* A unit's node has to know a ticket that the unit opened or held, and so
 * has everybody on the way up from there. */
static bool has_to_know(
    const struct world_node *node, const struct ticket *ticket)
{
	const struct org *org = node->world->org;
	const struct node *self = org_node(org, node->name);

	for (unsigned i = 0; i < ticket->stay_count; i++) {
		const struct unit *unit = org_unit(org, &ticket->stays[i].unit);
		if (node_is_within(unit->node, self))
			return true;
	}
	return false;
}

static int check_ticket(void *context, const struct ticket *ticket)
{
	struct world_node *node = context;
	struct world *world = node->world;
	char text[ID_TEXT];

	check_log(node, ticket);
	for (unsigned i = 0; i < WORLD_NODES; i++) {
		struct world_node *other = &world->nodes[i];
		if (other == node || !other->engine)
			continue;
		struct ticket theirs = node_ticket(other, &ticket->id);
		if (theirs.seq == 0) {
			if (has_to_know(other, ticket))
				print_error("%s does not know a ticket of %s\n",
				    other->name, node->name);
			assert_false(has_to_know(other, ticket));
			continue;
		}
		if (theirs.seq != ticket->seq)
			print_error("%s: %s has %u events, %s has %u\n",
			    id_format(text, &ticket->id), node->name,
			    ticket->seq, other->name, theirs.seq);
		assert_int_equal(theirs.seq, ticket->seq);
		assert_memory_equal(&theirs, ticket, sizeof(*ticket));
		check_same_log(node, other, ticket);
	}
	return 0;
}

static int note_id(void *context, const struct ticket *ticket)
{
	return buf_add(context, &ticket->id, sizeof(ticket->id));
}

/* Ids first: a store has one reader a thread. */
struct buf node_tickets(struct world_node *node)
{
	struct kv_txn *txn = look_at(node);
	struct id zero = { { 0 } };
	struct buf ids = { 0 };

	assert_int_equal(tickets_each(txn, &zero, note_id, &ids), 0);
	kv_abort(&txn);
	return ids;
}

void world_check_views(struct world *world)
{
	for (unsigned i = 0; i < WORLD_NODES; i++) {
		struct world_node *node = &world->nodes[i];
		if (!node->engine)
			continue;
		struct buf ids = node_tickets(node);
		for (size_t at = 0; at < ids.len; at += ID_BYTES) {
			struct id id;
			memcpy(id.b, ids.data + at, ID_BYTES);
			struct ticket ticket = node_ticket(node, &id);
			check_ticket(node, &ticket);
		}
		buf_free(&ids);
	}
}

void world_check_logs(struct world *world)
{
	for (unsigned i = 0; i < WORLD_NODES; i++) {
		struct world_node *node = &world->nodes[i];
		if (!node->engine)
			continue;
		struct buf ids = node_tickets(node);
		for (size_t at = 0; at < ids.len; at += ID_BYTES) {
			struct id id;
			memcpy(id.b, ids.data + at, ID_BYTES);
			struct ticket ticket = node_ticket(node, &id);
			check_log(node, &ticket);
		}
		buf_free(&ids);
	}
}

static bool may_write(struct world_node *node, const struct id *id)
{
	struct ticket ticket = node_ticket(node, id);

	return ticket.seq > 0 && !node_is_recovering(node) &&
	       is_ours(node->engine, &ticket.holder);
}

static void check_one_holder(struct world_node *node, const struct id *id)
{
	if (!may_write(node, id))
		return;
	for (unsigned i = 0; i < WORLD_NODES; i++) {
		struct world_node *other = &node->world->nodes[i];
		if (other == node || !other->engine)
			continue;
		if (may_write(other, id))
			fail_msg("%s and %s both hold a ticket", node->name,
			    other->name);
	}
}

void world_check_holders(struct world *world)
{
	for (unsigned i = 0; i < WORLD_NODES; i++) {
		struct world_node *node = &world->nodes[i];
		if (!node->engine)
			continue;
		struct buf ids = node_tickets(node);
		for (size_t at = 0; at < ids.len; at += ID_BYTES) {
			struct id id;
			memcpy(id.b, ids.data + at, ID_BYTES);
			check_one_holder(node, &id);
		}
		buf_free(&ids);
	}
}

/* ---- what a store says of itself ---- */

struct tally {
	struct world_node *node;
	struct kv_txn *txn;
	uint64_t timers, held, merged, queued;
	struct dues dues; /* counted again */
};

static void check_timer(const struct tally *tally, const struct ticket *ticket)
{
	struct alarm alarm = ticket_next_alarm(ticket);
	uint8_t key[8 + ID_BYTES];
	struct bytes value;

	if (!alarm.at_ms)
		return;
	store_be64(key, (uint64_t)alarm.at_ms);
	memcpy(key + 8, ticket->id.b, ID_BYTES);
	if (kv_get(&value, tally->txn, KV_TIMERS, bytes_of(key, sizeof(key))))
		fail_msg("%s: no timer for a ticket that is %s, to %s at %lld",
		    tally->node->name, word_name(WORD_STATE, ticket->state),
		    word_name(WORD_VERB, alarm.verb), (long long)alarm.at_ms);
}

static int tally_one(void *context, const struct ticket *ticket)
{
	struct tally *tally = context;

	tally->merged += ticket->state == STATE_MERGED;
	tally->queued += ticket_waits_for_person(ticket);
	if (!is_ours(tally->node->engine, &ticket->holder))
		return 0;
	tally->held += ticket->state <= STATE_RESOLVED;
	assert_int_equal(dues_count(&tally->dues, ticket, 1), 0);
	tally->timers += ticket_next_alarm(ticket).at_ms > 0;
	check_timer(tally, ticket);
	return 0;
}

static int count_one(void *context, const struct ticket *ticket)
{
	(void)ticket;
	++*(uint64_t *)context;
	return 0;
}

/* What is counted as tickets change is what a count of all gives. */
static void check_dues(struct tally *tally)
{
	const struct dues *kept = &tally->node->engine->dues;

	assert_int_equal(kept->count, tally->dues.count);
	for (size_t i = 0; i < kept->count; i++)
		assert_memory_equal(&kept->rows[i], &tally->dues.rows[i],
		    sizeof(kept->rows[i]));
	assert_memory_equal(kept->late, tally->dues.late, sizeof(kept->late));
	dues_free(&tally->dues);
}

static int found(void *context, const struct audit_finding *finding)
{
	struct world_node *node = context;

	if (!audit_is_doubt(finding->fault))
		fail_msg("%s: %s in %s: %s", node->name,
		    audit_text(finding->fault), audit_table(finding->table),
		    finding->subject);
	return 0;
}

static bool is_its(void *context, const struct unit_code *unit)
{
	const struct world_node *node = context;

	return is_ours(node->engine, unit);
}

/* All that follows from the logs once more: sums and lists, too. */
static void audit(struct world_node *node, struct kv_txn *txn)
{
	struct audit_config config = { .found = found,
		.context = node,
		.is_ours = is_its,
		.now_ms = node->world->now_ms };
	struct audit_result result;

	assert_int_equal(audit_store(&result, txn, &config), 0);
}

/* Every ticket is in each index once, and has the timer that it needs. */
static void check_store(struct world_node *node)
{
	struct kv_txn *txn = look_at(node);
	struct tally tally = { .node = node, .txn = txn };
	struct id zero = { { 0 } };
	uint64_t by_state = 0, by_holder = 0, tickets = tickets_count(txn);

	assert_int_equal(tickets_each(txn, &zero, tally_one, &tally), 0);
	for (unsigned s = STATE_OPEN; s < STATE_COUNT; s++) {
		struct tickets_query query = { .state = s };
		assert_int_equal(
		    tickets_walk(txn, &query, count_one, &by_state), 0);
	}
	for (size_t i = 0; i < org_unit_count(node->world->org); i++) {
		struct tickets_query query = {
			.holder = &org_unit_at(node->world->org, i)->code,
		};
		assert_int_equal(
		    tickets_walk(txn, &query, count_one, &by_holder), 0);
	}
	assert_int_equal(by_state, tickets);
	assert_int_equal(by_holder, tickets);
	assert_int_equal(kv_count(txn, KV_PLACES), tickets);
	assert_int_equal(kv_count(txn, KV_QUEUE), tally.queued);
	assert_int_equal(kv_count(txn, KV_TIMERS), tally.timers);
	assert_int_equal(kv_count(txn, KV_DUPLICATES), tally.merged);
	assert_int_equal(node->engine->held, tally.held);
	check_dues(&tally);
	audit(node, txn);
	kv_abort(&txn);
}

void world_check_stores(struct world *world)
{
	for (unsigned i = 0; i < WORLD_NODES; i++)
		if (world->nodes[i].engine)
			check_store(&world->nodes[i]);
}

bool node_holds_text(struct world_node *node, const char *text)
{
	char path[WORLD_PATH + 32];
	struct buf whole = { 0 };
	uint8_t block[4096];
	size_t len;

	snprintf(path, sizeof(path), "%s/data.mdb", node->path);
	FILE *in = fopen(path, "r");
	assert_non_null(in);
	while ((len = fread(block, 1, sizeof(block), in)) > 0)
		assert_int_equal(buf_add(&whole, block, len), 0);
	fclose(in);
	bool holds = memmem(whole.data, whole.len, text, strlen(text)) != NULL;
	buf_free(&whole);
	return holds;
}

unsigned count_text(
    struct world_node *node, const struct id *id, const char *text)
{
	struct ticket ticket = node_ticket(node, id);
	unsigned count = 0;

	for (uint32_t seq = 1; seq <= ticket.seq; seq++) {
		struct buf bytes = node_event(node, id, seq);
		count +=
		    memmem(bytes.data, bytes.len, text, strlen(text)) != NULL;
		buf_free(&bytes);
	}
	return count;
}

unsigned count_verb(
    struct world_node *node, const struct id *id, enum verb verb)
{
	struct ticket ticket = node_ticket(node, id);
	struct event event;
	unsigned count = 0;

	for (uint32_t seq = 1; seq <= ticket.seq; seq++) {
		struct buf bytes = node_event(node, id, seq);
		arena_reset(node->world->arena);
		assert_int_equal(
		    wire_event_unpack(&event, NULL, node->world->arena,
			bytes_of(bytes.data, bytes.len)),
		    0);
		count += event.verb == verb;
		buf_free(&bytes);
	}
	return count;
}

#include "engine/engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/log.h"
#include "engine/inside.h"

enum { DRAIN_ENOUGH_MS = 3000 };

static bool is_neighbour(const struct engine *engine, const struct node *node)
{
	return node == engine->self->parent || node->parent == engine->self;
}

static void add_neighbour(struct engine *engine, const struct node *node)
{
	struct neighbour *to = &engine->neighbours[engine->neighbour_count++];

	to->node = node;
	if (node == engine->self->parent) {
		to->is_parent = true;
		to->has_route = true; /* a DEALER has one peer only */
		to->route.side = NET_SIDE_ABOVE;
	}
}

/* The parent first: most of what there is to say goes there. */
static int find_neighbours(struct engine *engine)
{
	const struct org *org = engine->config.org;
	size_t nodes = org_node_count(org), count = 0;

	for (size_t i = 0; i < nodes; i++)
		count += is_neighbour(engine, org_node_at(org, i));
	engine->neighbours = calloc(count + 1, sizeof(*engine->neighbours));
	engine->toward = calloc(nodes, sizeof(struct neighbour *));
	engine->heard = calloc(nodes, sizeof(*engine->heard));
	if (!engine->neighbours || !engine->toward || !engine->heard)
		return ERR_NOMEM;
	if (engine->self->parent)
		add_neighbour(engine, engine->self->parent);
	for (size_t i = 0; i < nodes; i++)
		if (org_node_at(org, i)->parent == engine->self)
			add_neighbour(engine, org_node_at(org, i));
	for (size_t i = 0; i < nodes; i++) {
		const struct node *node = org_node_at(org, i);
		const struct node *way = node_toward(engine->self, node);
		for (size_t k = 0; k < engine->neighbour_count; k++)
			if (engine->neighbours[k].node == way)
				engine->toward[node->index] =
				    &engine->neighbours[k];
	}
	return 0;
}

/*
 * A store that is new to the city, and not founded with it, has lost what
 * was in it: every neighbour owes us what it shares.
 */
static int open_links(struct engine *engine, struct kv_txn *txn)
{
	bool is_new = engine->config.store.is_new;
	bool is_lost = is_new && !engine->config.is_founding;

	for (size_t i = 0; i < engine->neighbour_count; i++) {
		struct neighbour *to = &engine->neighbours[i];
		int rc = link_open(&to->link, txn, to->node->name);
		if (!rc && is_lost) {
			to->link.record.is_owed = 1;
			rc = links_put(txn, &to->link.record);
		}
		if (rc)
			return rc;
		if (to->link.record.is_owed)
			engine->mind.is_recovering = true;
	}
	int rc = strays_find(engine, txn);
	if (rc)
		return rc;
	return is_new ? store_taken(&engine->config.store, txn) : 0;
}

static int count_one(void *context, const struct ticket *ticket)
{
	struct engine *engine = context;
	int rc;

	child_count(engine, ticket, 1);
	if (!is_ours(engine, &ticket->holder))
		return 0;
	engine->held++;
	rc = dues_count(&engine->dues, ticket, 1);
	dues_settle(&engine->dues);
	return rc;
}

static int count_held(struct engine *engine, struct kv_txn *txn)
{
	struct tickets_query query = { .holder = NULL };
	int rc = 0;

	for (unsigned s = STATE_OPEN; !rc && s <= STATE_RESOLVED; s++) {
		query.state = s;
		rc = tickets_walk(txn, &query, count_one, engine);
	}
	return rc;
}

static int read_store(struct engine *engine)
{
	struct kv_txn *txn = NULL;
	int rc = kv_begin(&txn, engine->config.store.kv, true);

	if (!rc)
		rc = open_links(engine, txn);
	if (!rc)
		rc = journal_last(&engine->journal, txn);
	if (!rc)
		rc = moments_last(&engine->moment_ms, txn);
	if (!rc)
		rc = store_spoken(&engine->mind.spoken, txn);
	if (!rc)
		rc = count_held(engine, txn);
	child_settle(engine, true);
	if (!rc)
		rc = kv_commit(&txn);
	kv_abort(&txn);
	return rc;
}

static void find_local_unit(struct engine *engine)
{
	const struct org *org = engine->config.org;

	for (size_t i = 0; i < org_unit_count(org); i++) {
		const struct unit *unit = org_unit_at(org, i);
		if (unit->node == engine->self) {
			engine->local_unit = unit;
			return;
		}
	}
}

int engine_open(struct engine **engine_out, const struct engine_config *config)
{
	struct engine *engine = calloc(1, sizeof(*engine));
	int rc = 0;

	if (!engine)
		return ERR_NOMEM;
	engine->config = *config;
	engine->turn.engine = engine;
	engine->ids.entropy = config->entropy;
	engine->mind.wants_duplicates = true;
	engine->mind.wants_settling = true;
	engine->mind.wants_withdraw = true;
	engine->started_ms = clock_now_ms(&config->clock);
	engine->self = org_node(config->org, config->node);
	rc = engine->self ? engine_secrets(engine, &config->secret_key, 1)
			  : ERR_INVALID;
	if (!rc)
		rc = arena_open(&engine->arena, TURN_ARENA_BYTES);
	if (!rc)
		rc = arena_open(&engine->scratch, DECODE_MAX_BYTES);
	if (!rc)
		rc = address_index_open(&engine->places, config->org);
	if (!rc)
		rc = find_neighbours(engine);
	if (!rc)
		rc = read_store(engine);
	if (rc) {
		engine_close(&engine);
		return rc;
	}
	find_local_unit(engine);
	*engine_out = engine;
	return 0;
}

/* Not longer than until a timer rings or a link has something to say. */
int engine_wait_ms(const struct engine *engine, int wait_ms)
{
	int64_t now_ms = clock_now_ms(&engine->config.clock);
	int64_t wait = wait_ms;

	/* before a recovery is over no timer rings, however late it is */
	if (!engine->mind.is_recovering &&
	    engine->next_alarm_ms - now_ms < wait)
		wait = engine->next_alarm_ms - now_ms;
	for (size_t i = 0; i < engine->neighbour_count; i++) {
		const struct neighbour *to = &engine->neighbours[i];
		if (!to->has_route)
			continue;
		int64_t due = link_due_ms(&to->link, now_ms);
		if (due < wait)
			wait = due;
		due = fetch_due_ms(engine, to, now_ms);
		if (due < wait)
			wait = due;
		if (to->link.record.is_offering && to->link.is_up)
			wait = wait < 50 ? wait : 50;
	}
	if ((engine->mind.wants_sweep || engine->mind.wants_duplicates ||
		engine->mind.wants_withdraw || engine->mind.has_strays ||
		engine->mind.is_among_duplicates) &&
	    !engine->mind.is_recovering)
		wait = 0;
	return wait < 0 ? 0 : (int)wait;
}

bool engine_wants_reload(struct engine *engine)
{
	bool wants = engine->wants_reload;

	engine->wants_reload = false;
	return wants;
}

bool engine_drain(struct engine *engine)
{
	int64_t now_ms = clock_now_ms(&engine->config.clock);

	if (!engine->is_draining || now_ms < engine->drain_ms)
		engine->drain_ms = now_ms;
	engine->is_draining = true;
	if (now_ms - engine->drain_ms > DRAIN_ENOUGH_MS)
		return true;
	for (size_t i = 0; i < engine->neighbour_count; i++) {
		const struct link *link = &engine->neighbours[i].link;
		if (link->is_up && link->acked + 1 < link->record.next)
			return false;
	}
	return true;
}

void engine_close(struct engine **engine)
{
	struct engine *old = *engine;

	if (!old)
		return;
	kv_abort(&old->turn.txn);
	buf_free(&old->turn.said);
	buf_free(&old->turn.lines);
	free(old->turn.outgoing);
	free(old->turn.late);
	free(old->neighbours);
	free(old->toward);
	news_forget(old);
	dues_free(&old->dues);
	address_index_close(&old->places);
	arena_close(&old->arena);
	arena_close(&old->scratch);
	reload_forget(old);
	catalogue_close(&old->config.catalogue);
	store_close(&old->config.store);
	files_close(&old->config.files);
	explicit_bzero(old->secret_keys, sizeof(old->secret_keys));
	free(old);
	*engine = NULL;
}

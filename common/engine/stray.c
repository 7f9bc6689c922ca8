/*
 * Nodes that are no neighbours any more, because the city was laid out anew.
 * Rows that waited for one of them are in its link's queue still. Events need
 * nobody's care: they are in the log, and whoever is met is offered the log.
 * Orders and answers are in no log: each is handed on once, the way that there
 * is now, in the transaction that takes it out of the queue. The link's record
 * stays: its number is never another's, and if the node comes back its numbers
 * go on.
 */
#include "engine/inside.h"

#include <string.h>
#include "base/log.h"

enum { STRAYS_MAX = 64 }; /* in one turn */

static struct neighbour *neighbour_named(
    struct engine *engine, const char *name)
{
	for (size_t i = 0; i < engine->neighbour_count; i++)
		if (!strcmp(engine->neighbours[i].node->name, name))
			return &engine->neighbours[i];
	return NULL;
}

/* It is gone, and had something of ours: whoever is new has it now. */
static int owe_instead(
    struct engine *engine, struct kv_txn *txn, struct link_record *gone)
{
	gone->is_owed = 0;
	int rc = links_put(txn, gone);

	for (size_t i = 0; !rc && i < engine->neighbour_count; i++) {
		struct link *link = &engine->neighbours[i].link;
		if (!id_is_zero(&link->record.peer_store))
			continue;
		link->record.is_owed = 1;
		engine->mind.is_recovering = true;
		rc = links_put(txn, &link->record);
	}
	return rc;
}

int strays_find(struct engine *engine, struct kv_txn *txn)
{
	struct link_record record = { .peer = "" };
	int rc;

	while ((rc = links_next(&record, txn)) == 0) {
		if (neighbour_named(engine, record.peer))
			continue;
		if (outbox_length(&record))
			engine->mind.has_strays = true;
		if (record.is_owed)
			rc = owe_instead(engine, txn, &record);
		if (rc)
			return rc;
	}
	return rc == ERR_NOT_FOUND ? 0 : rc;
}

/* ---- one row ---- */

static void drop(const struct turn *turn, const char *problem)
{
	if (log_is_due(problem, turn->now_ms, 60 * 1000))
		log_line(LOG_ERROR, "stray=dropped problem=%s", problem);
}

/* As if it had just come from where its unit is. */
static int hand_on_order(struct turn *turn, struct bytes load)
{
	struct engine *engine = turn->engine;
	struct wire_order order;
	int rc = wire_order_unpack(&order, engine->arena, load);

	if (rc == ERR_NOMEM)
		return rc;
	const struct unit *unit =
	    rc ? NULL : org_unit(engine->config.org, &order.command.unit);
	if (!unit) {
		drop(turn, rc ? "bad_order" : "unknown_unit");
		return 0;
	}
	return order_hand_on(
	    turn, neighbour_toward(engine, unit), &order, load);
}

static int hand_on_answer(struct turn *turn, struct bytes load)
{
	struct wire_answer answer;
	int rc = wire_answer_unpack(&answer, turn->engine->arena, load);

	if (rc == ERR_NOMEM)
		return rc;
	if (rc) {
		drop(turn, "bad_answer");
		return 0;
	}
	return answer_hand_on(turn, NULL, &answer);
}

int stray_hand_on(struct turn *turn, const struct outbox_row *row)
{
	struct bytes load;

	if (row->kind != OUTBOX_ORDER && row->kind != OUTBOX_ANSWER)
		return 0;
	int rc = turn_copy(&load, turn, row->load);
	if (rc)
		return rc;
	return row->kind == OUTBOX_ORDER ? hand_on_order(turn, load)
					 : hand_on_answer(turn, load);
}

/* ---- some of them ---- */

static int hand_on_some(struct turn *turn, struct link_record *gone)
{
	unsigned handed = 0;
	int rc = 0;

	for (int i = 0; !rc && i < STRAYS_MAX && outbox_length(gone); i++) {
		struct outbox_row row;
		uint64_t seq = gone->acked + 1;
		rc = outbox_get(&row, turn->txn, gone, seq);
		if (!rc)
			handed += row.kind == OUTBOX_ORDER ||
				  row.kind == OUTBOX_ANSWER;
		if (!rc)
			rc = stray_hand_on(turn, &row);
		if (!rc)
			rc = outbox_acked(turn->txn, gone, seq);
	}
	if (!rc)
		rc = links_put(turn->txn, gone);
	if (rc || !handed)
		return rc;
	return say_line(turn, "link=%s state=gone handed_on=%u left=%llu",
	    gone->peer, handed, (unsigned long long)outbox_length(gone));
}

int strays(struct turn *turn)
{
	struct engine *engine = turn->engine;
	struct link_record record = { .peer = "" };
	int rc;

	if (!engine->mind.has_strays || engine->mind.is_recovering)
		return 0;
	while ((rc = links_next(&record, turn->txn)) == 0)
		if (outbox_length(&record) &&
		    !neighbour_named(engine, record.peer))
			return hand_on_some(turn, &record);
	if (rc != ERR_NOT_FOUND)
		return rc;
	engine->mind.has_strays = false;
	return 0;
}

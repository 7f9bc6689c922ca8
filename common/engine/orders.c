/*
 * Commands of somebody whose unit does not hold the ticket: they travel to
 * the holder's node as orders, are decided there, and the answer travels
 * back to the node that the operator asked.
 */
#include "engine/inside.h"

#include <string.h>
#include "base/log.h"

static int queue_load(struct turn *turn, struct neighbour *to,
    enum outbox_kind kind, struct bytes load)
{
	struct outbox_row row = { .kind = kind, .load = load };

	return late_row(turn, to, &row);
}

static struct neighbour *parent_of(struct engine *engine)
{
	return engine->neighbour_count && engine->neighbours[0].is_parent
		   ? &engine->neighbours[0]
		   : NULL;
}

struct neighbour *order_way(struct turn *turn, const struct ticket *ticket)
{
	const struct unit *holder =
	    org_unit(turn->engine->config.org, &ticket->holder);

	return holder ? neighbour_toward(turn->engine, holder)
		      : parent_of(turn->engine);
}

/* The event that comes back is believed for it: see judge.c. */
static int remember(struct turn *turn, const struct command *command)
{
	int rc = speaks_note(turn, wire_command_version(command));

	return rc ? rc
		  : orders_put(turn->txn, &command->ticket, command->verb,
			command->unit.s);
}

int order_send(
    struct turn *turn, struct neighbour *to, const struct command *command)
{
	struct wire_order order = {
		.command = *command,
		.from = turn->engine->self->name,
	};
	struct buf packed = { 0 };
	int rc = remember(turn, command);

	if (!rc)
		rc = wire_order_pack(&packed, &order);
	if (!rc)
		rc = queue_load(
		    turn, to, OUTBOX_ORDER, bytes_of(packed.data, packed.len));
	buf_free(&packed);
	return rc;
}

static enum refusal refusal_of(const char *name)
{
	for (unsigned i = 0; i < REFUSAL_COUNT; i++)
		if (!strcmp(refusal_name(i), name))
			return i;
	return REFUSAL_BAD_FIELD;
}

/* The operator is waiting, or has gone and may ask again. A refusal had no
 * effect and is not kept: asked again it is a new wish. */
static int answer_operator(struct turn *turn, const struct wire_answer *answer)
{
	enum refusal refusal = refusal_of(answer->refusal);
	struct request_record record;
	struct net_route route;
	int rc = silence_ends(turn, &answer->command);

	if (!rc)
		rc = requests_get(&record, turn->txn, &answer->command);
	if (rc || !record.is_passed)
		return rc == ERR_NOT_FOUND ? 0 : rc;
	record.is_passed = 0;
	record.seq = answer->seq;
	rc = refusal ? requests_forget(turn->txn, &answer->command)
		     : requests_put(turn->txn, &answer->command, &record);
	if (rc || !waiting_end(&route, turn, &answer->command))
		return rc;
	return refusal ? say_refused(turn, &route, &answer->command, refusal,
			     answer->detail)
		       : say_done(turn, &route, &answer->command, &record);
}

/* Toward that node; to its operator if that is us. */
static int answer_to(struct turn *turn, const struct neighbour *from,
    const struct wire_answer *answer, const struct node *node)
{
	const struct engine *engine = turn->engine;
	struct neighbour *to = engine->toward[node->index];
	struct wire_answer told = *answer;
	struct buf packed = { 0 };

	if (node == engine->self)
		return answer_operator(turn, answer);
	if (to == from)
		return 0;
	if (node_is_or_was(node, answer->to))
		told.to = node->name;
	int rc = wire_answer_pack(&packed, &told);
	if (!rc)
		rc = queue_load(
		    turn, to, OUTBOX_ANSWER, bytes_of(packed.data, packed.len));
	buf_free(&packed);
	return rc;
}

int answer_hand_on(struct turn *turn, const struct neighbour *from,
    const struct wire_answer *answer)
{
	const struct org *org = turn->engine->config.org;
	const struct node *node = org_node(org, answer->to);
	const struct node *parent = turn->engine->self->parent;
	bool is_known = false;
	int rc = 0;

	if (node)
		return answer_to(turn, from, answer, node);
	/* split since it asked: whichever part has the operator knows it */
	for (size_t i = 0; !rc && i < org_node_count(org); i++) {
		node = org_node_at(org, i);
		if (!node_is_or_was(node, answer->to))
			continue;
		is_known = true;
		rc = answer_to(turn, from, answer, node);
	}
	/* of a map that we have not read yet */
	if (!is_known && parent)
		rc = answer_to(turn, from, answer, parent);
	return rc;
}

static int answer_send(struct turn *turn, const struct wire_answer *answer)
{
	return answer_hand_on(turn, NULL, answer);
}

/* Its unit's node, whatever that was called when it asked. */
static const char *asker_of(
    const struct turn *turn, const struct wire_order *order)
{
	const struct unit *unit =
	    org_unit(turn->engine->config.org, &order->command.unit);

	return unit ? unit->node->name : order->from;
}

/* A person's; or the engine's, for whoever opened the callout. */
static int decide_now(struct outcome_of *outcome, struct turn *turn,
    struct draft *draft, const struct command *command)
{
	unsigned extra_by = 0;

	if (is_own_order(command) && may_order_own(&draft->now, &command->unit))
		extra_by = BY_ENGINE;
	return write_event(outcome, turn, draft, command, extra_by);
}

static int decide_once(struct outcome_of *outcome, struct turn *turn,
    struct draft *draft, const struct command *command)
{
	*outcome = (struct outcome_of){ REFUSAL_NONE, "", 0 };
	int rc = was_done(&outcome->seq, turn, &draft->now, &command->id);

	return rc || outcome->seq ? rc
				  : decide_now(outcome, turn, draft, command);
}

/* Decide here: the holder is ours. Said again it has the same answer. What was
 * passed on by a node that this one was a part of was not decided by it. */
static int decide(struct turn *turn, const struct wire_order *order)
{
	struct request_record record;
	struct outcome_of outcome;
	struct draft *draft;
	int rc = requests_get(&record, turn->txn, &order->command.id);

	if (rc && rc != ERR_NOT_FOUND)
		return rc;
	if (rc || record.is_passed) {
		record = (struct request_record){
			.ticket = order->command.ticket,
			.made_ms = turn->now_ms,
		};
		rc = draft_get(&draft, turn, &order->command.ticket);
		if (!rc)
			rc =
			    decide_once(&outcome, turn, draft, &order->command);
		if (rc)
			return rc;
		record.refusal = (uint8_t)outcome.refusal;
		record.seq = outcome.seq;
		rc = requests_put(turn->txn, &order->command.id, &record);
		if (rc)
			return rc;
	}
	struct wire_answer answer = {
		.command = order->command.id,
		.to = asker_of(turn, order),
		.refusal = refusal_name(record.refusal),
		.detail = "",
		.seq = record.seq,
	};
	return answer_send(turn, &answer);
}

static int refuse_order(
    struct turn *turn, const struct wire_order *order, enum refusal refusal)
{
	struct wire_answer answer = {
		.command = order->command.id,
		.to = asker_of(turn, order),
		.refusal = refusal_name(refusal),
		.detail = "",
	};

	return answer_send(turn, &answer);
}

/* Does it come from where its unit is, by the node that serves it, in a
 * version that the city speaks? A node that is not on our map has been split
 * since, or our map is of before. */
static bool is_honest(const struct turn *turn, const struct neighbour *from,
    const struct wire_order *order)
{
	const struct org *org = turn->engine->config.org;
	const struct unit *unit = org_unit(org, &order->command.unit);
	const struct node *node = org_node(org, order->from);

	return unit && neighbour_toward(turn->engine, unit) == from &&
	       !speaks_less(turn, wire_command_version(&order->command)) &&
	       (!node || node == unit->node) &&
	       (order->command.role != ROLE_NONE ||
		   is_own_order(&order->command));
}

/*
 * Decide it, or hand it on. Never back to where it came from: the two sides
 * would not agree who has the ticket, and it would go to and fro. Before a
 * recovery is over nothing is decided, for what is here may be old.
 */
int order_hand_on(struct turn *turn, struct neighbour *from,
    const struct wire_order *order, struct bytes load)
{
	struct engine *engine = turn->engine;
	enum refusal refusal = REFUSAL_NOT_HOLDER;
	struct neighbour *to = parent_of(engine);
	struct draft *draft;
	int rc = draft_get(&draft, turn, &order->command.ticket);

	if (rc && rc != ERR_NOT_FOUND)
		return rc;
	if (!rc && is_ours(engine, &draft->now.holder))
		return engine->mind.is_recovering
			   ? refuse_order(turn, order, REFUSAL_RECOVERING)
			   : decide(turn, order);
	if (!rc)
		to = order_way(turn, &draft->now);
	else
		refusal = engine->mind.is_recovering ? REFUSAL_RECOVERING
						     : REFUSAL_UNKNOWN_TICKET;
	if (!to || to == from)
		return refuse_order(turn, order, refusal);
	rc = remember(turn, &order->command);
	return rc ? rc : queue_load(turn, to, OUTBOX_ORDER, load);
}

int order_again(struct turn *turn, const struct command *command)
{
	struct wire_order order = {
		.command = *command,
		.from = turn->engine->self->name,
	};
	struct buf packed = { 0 };

	order.command.fence = false;
	int rc = wire_order_pack(&packed, &order);
	if (!rc)
		rc = order_hand_on(
		    turn, NULL, &order, bytes_of(packed.data, packed.len));
	buf_free(&packed);
	return rc;
}

int order_arrived(struct turn *turn, struct neighbour *from, struct bytes load)
{
	struct engine *engine = turn->engine;
	struct wire_order order;
	int rc = wire_order_unpack(&order, engine->arena, load);

	if (rc == ERR_NOMEM)
		return rc;
	if (rc || !is_honest(turn, from, &order)) {
		if (log_is_due(from->node->name, turn->now_ms, 60 * 1000))
			log_line(LOG_ERROR, "link=%s problem=%s action=dropped",
			    from->node->name,
			    rc ? "bad_order" : "forged_order");
		return 0;
	}
	return order_hand_on(turn, from, &order, load);
}

int answer_arrived(struct turn *turn, struct neighbour *from, struct bytes load)
{
	struct wire_answer answer;
	int rc = wire_answer_unpack(&answer, turn->engine->arena, load);

	if (rc)
		return rc == ERR_NOMEM ? rc : 0;
	return answer_hand_on(turn, from, &answer);
}

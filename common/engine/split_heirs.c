/*
 * Which of the parts of a node gets what it had. Each part answers for itself
 * and asks nobody, so the answers must be such that of the parts that ask the
 * same question the right ones say yes: all that a ticket has been to, and
 * exactly one for what is to be done once.
 */
#include <string.h>
#include "engine/split_inside.h"

static bool is_part(const struct split *split, const struct node *node)
{
	for (unsigned i = 0; i < node->was_count; i++)
		if (!strcmp(node->was[i], split->was))
			return true;
	return false;
}

/* The part that the node is, or is below; NULL: none. */
static const struct node *part_of(
    const struct split *split, const struct node *node)
{
	while (node && !is_part(split, node))
		node = node->parent;
	return node;
}

static const struct node *part_of_unit(
    const struct split *split, const struct unit_code *code)
{
	const struct unit *unit = org_unit(split->engine->config.org, code);

	return unit ? part_of(split, unit->node) : NULL;
}

/* What is nobody's is the first one's. */
static bool is_first(const struct split *split)
{
	const struct org *org = split->engine->config.org;

	for (size_t i = 0; i < org_node_count(org); i++)
		if (is_part(split, org_node_at(org, i)))
			return org_node_at(org, i) == split->engine->self;
	return false;
}

bool split_has_unit(const struct split *split, const struct unit *unit)
{
	const struct node *part = unit ? part_of(split, unit->node) : NULL;

	return part ? part == split->engine->self : is_first(split);
}

/* ---- tickets ---- */

struct asking {
	const struct split *split;
	bool is_ours, is_anybodys;
};

static void ask_of(struct asking *asking, const struct unit_code *code)
{
	const struct node *part = part_of_unit(asking->split, code);

	asking->is_anybodys |= part != NULL;
	asking->is_ours |= part == asking->split->engine->self;
}

/* A branch that was fenced off may have been to others. */
static int ask_of_stranded(
    void *context, const struct stranded_key *key, struct bytes bytes)
{
	struct asking *asking = context;
	struct event event;
	int rc = wire_event_unpack(
	    &event, NULL, asking->split->engine->arena, bytes);

	(void)key;
	if (!rc)
		ask_of(asking, &event.what.to);
	return rc;
}

static int ask(struct asking *asking, const struct id *id)
{
	struct ticket ticket;
	int rc = tickets_get(&ticket, asking->split->old, id);

	if (rc)
		return rc == ERR_NOT_FOUND ? ERR_CORRUPT : rc;
	for (unsigned i = 0; i < ticket.stay_count; i++)
		ask_of(asking, &ticket.stays[i].unit);
	if (!stranded_count(asking->split->old))
		return 0;
	return stranded_each(
	    asking->split->old, id, 1, UINT32_MAX, ask_of_stranded, asking);
}

int split_has_ticket(
    bool *is_so_out, struct split *split, const struct id *ticket)
{
	struct asking asking = { .split = split };

	if (!id_equal(&split->last, ticket)) {
		int rc = ask(&asking, ticket);
		if (rc)
			return rc;
		split->last = *ticket;
		split->is_last_ours =
		    asking.is_anybodys ? asking.is_ours : is_first(split);
	}
	*is_so_out = split->is_last_ours;
	return 0;
}

/* ---- orders and answers ---- */

/* Whose unit gave it hands it on, as others believe it of that one; an order
 * from elsewhere goes to where the ticket is. */
static int has_order(bool *is_so_out, struct split *split, struct bytes load)
{
	struct wire_order order;
	struct ticket ticket;
	int rc = wire_order_unpack(&order, split->engine->arena, load);

	if (rc)
		return rc;
	const struct node *part = part_of_unit(split, &order.command.unit);
	if (!part) {
		rc = tickets_get(&ticket, split->old, &order.command.ticket);
		if (!rc)
			part = part_of_unit(split, &ticket.holder);
	}
	*is_so_out = part ? part == split->engine->self : is_first(split);
	return rc == ERR_NOT_FOUND ? 0 : rc;
}

static int has_answer(bool *is_so_out, struct split *split, struct bytes load)
{
	const struct org *org = split->engine->config.org;
	const struct node *self = split->engine->self;
	bool is_anybodys = false;
	struct wire_answer answer;
	int rc = wire_answer_unpack(&answer, split->engine->arena, load);

	if (rc)
		return rc;
	for (size_t i = 0; i < org_node_count(org); i++) {
		const struct node *node = org_node_at(org, i);
		const struct node *part = part_of(split, node);
		if (!part || !node_is_or_was(node, answer.to))
			continue;
		is_anybodys = true;
		*is_so_out |= part == self;
	}
	if (!is_anybodys)
		*is_so_out = is_first(split);
	return 0;
}

int split_has_row(
    bool *is_so_out, struct split *split, const struct outbox_row *row)
{
	*is_so_out = false;
	switch (row->kind) {
	case OUTBOX_ORDER:
		return has_order(is_so_out, split, row->load);
	case OUTBOX_ANSWER:
		return has_answer(is_so_out, split, row->load);
	default:
		return 0;
	}
}

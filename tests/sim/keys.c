/*
 * New keys for nodes, as `whistle key rotate`, `retire` and `revoke` make
 * them in the city's files. One node hears of it, then others, and who starts
 * again reads them anyway. Somebody has stolen what is retired.
 */
#include "sim.h"

#include <stdio.h>
#include <string.h>

enum { LETTER_MAX = 4096, SAYINGS = 3 };

static struct {
	uint8_t data[LETTER_MAX];
	size_t len;
} overheard[WORLD_NODES]; /* what it last said to its parent */

static uint32_t throw(uint32_t sides)
{
	return world_random(sim.world) % sides;
}

static bool is_running(const struct world_node *node)
{
	return node->engine && !node->stopped;
}

static struct world_node *parent_of(const struct world_node *node)
{
	const struct node *self = org_node(sim.world->org, node->name);

	return self->parent ? &sim.world->nodes[self->parent->index] : NULL;
}

void keys_overheard(const struct world_node *from, const struct world_node *to,
    struct bytes body)
{
	if (!world_own_files || !to || body.len > LETTER_MAX ||
	    parent_of(from) != to)
		return;
	memcpy(overheard[from->index].data, body.data, body.len);
	overheard[from->index].len = body.len;
}

static void tell_one(struct world_node *node)
{
	if (!is_running(node))
		return;
	SIM_MUST(!node_reload(node), "the catalogue",
	    "%s refuses the city's files", node->name);
}

/* Where all are of one mind it is enough that one of them reads. */
void keys_tell_all(void)
{
	if (world_own_files)
		city_read_again(sim.world);
	for (unsigned i = 0; i < WORLD_NODES; i++) {
		struct world_node *node = &sim.world->nodes[i];
		tell_one(node);
		if (is_running(node) && !world_own_files)
			break;
	}
}

/* Who stands still hears nothing. */
static void tell_some(struct world_node *node, unsigned percent)
{
	for (unsigned i = 0; i < WORLD_NODES; i++) {
		struct world_node *other = &sim.world->nodes[i];
		if (sim.world->now_ms >= other->stalled_until_ms &&
		    (other == node ? throw(10) : throw(100) < percent))
			tell_one(other);
	}
}

/* By a key that the parent knows to be none any more. */
static void be_a_thief(const struct world_node *node)
{
	struct world_node *parent = parent_of(node);
	const struct node *known;
	char route[NET_ROUTE_MAX];

	if (!parent || !is_running(parent) || !overheard[node->index].len)
		return;
	known = org_node(parent->org, node->name);
	snprintf(route, sizeof(route), "T%u", node->index);
	for (unsigned i = 0; i < node->was_count; i++) {
		const char *key = node->was[i].public_key;
		if (node_has_key(known, key))
			continue;
		for (unsigned k = 0; k < SAYINGS; k++)
			node_inject_key(parent, key, route,
			    bytes_of(overheard[node->index].data,
				overheard[node->index].len));
	}
}

static void tell_story(const struct world_node *node, const char *what)
{
	sim_tell("%s %s; it has %u former ones that are good, of %u",
	    node->name, what, node->old_count, node->was_count);
}

void keys_change(struct world_node *node)
{
	unsigned what = throw(10);

	if (what < 5 && city_rotate(node, false))
		tell_story(node, "gets a new key");
	else if (what == 5 && city_rotate(node, true))
		tell_story(node, "gets a new key, for the old ones are stolen");
	else if (what < 8 && city_retire(node))
		tell_story(node, "has its old keys retired");
	tell_some(node, throw(3) ? 100 : 40);
	for (unsigned i = 0; i < WORLD_NODES; i++)
		be_a_thief(&sim.world->nodes[i]);
}

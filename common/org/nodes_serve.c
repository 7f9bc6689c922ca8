/*
 * Which node serves which unit, and the tree of nodes that follows: "the
 * parents of all units that a node serves are served by one node". A node
 * serves units of one level, and its parent units of a level above, so that
 * nodes cannot form a loop.
 */
#include <stdlib.h>
#include "base/err.h"
#include "org/nodes.h"
#include "org/shown.h"

/* What is known of one node on the way. */
struct walk {
	const struct unit *first; /* unit of it whose parent is elsewhere */
	bool is_split;		  /* reported */
	unsigned depth;
	unsigned size; /* nodes at and below it */
	unsigned next; /* number of its next child */
};

struct serving {
	struct org *org;
	struct report *report;
	const char *path;
	struct yaml *yaml;
	struct walk *walks; /* of each node */
};

/* Gives the units of `area` to the node; a problem at most. */
static void serve_area(const struct serving *serving, struct node *node,
    const struct unit *area, long line)
{
	size_t taken = 0;

	for (unsigned i = area->first; i <= area->last; i++) {
		struct unit *unit = &serving->org->units[i];

		if (unit->level != node->level || unit->node == node)
			continue;
		if (unit->node != NULL) {
			report_add(serving->report, serving->path, line,
			    "node %s: unit %s, at or below %s, is served by "
			    "node %s already; take it from one of the two",
			    node->name, unit->code.s, area->code.s,
			    unit->node->name);
			return;
		}
		unit->node = node;
		taken++;
	}
	if (taken == 0)
		report_add(serving->report, serving->path, line,
		    "node %s: no unit of level \"%s\" is left for it at or "
		    "below %s; remove the code or correct the level",
		    node->name, node->level, area->code.s);
}

static void serve_row(const struct serving *serving, struct node *node,
    const struct node_row *row)
{
	for (unsigned i = 0; i < row->serves_count; i++) {
		long line = yaml_line(
		    serving->yaml, "nodes[%u].serves[%u]", node->index, i);
		const struct unit *area = NULL;
		struct unit_code code;

		if (code_set(&code, row->serves[i]) == 0)
			area = org_unit(serving->org, &code);
		if (area == NULL)
			report_add(serving->report, serving->path, line,
			    "node %s serves \"%s\", which is not in "
			    "units.csv; give the code of a unit that is",
			    node->name, SHOWN(row->serves[i]));
		else
			serve_area(serving, node, area, line);
	}
}

/* One problem a level, however many units it has. */
static void check_all_served(const struct serving *serving)
{
	const struct org *org = serving->org;

	for (unsigned i = 0; i < org->word_count; i++) {
		const struct unit *first = NULL;
		size_t count = 0;

		for (size_t j = org->unit_count; j-- > 0;) {
			const struct unit *unit = &org->units[j];

			if (unit->level == org->words[i] &&
			    unit->node == NULL) {
				first = unit;
				count++;
			}
		}
		if (count > 0)
			report_add(serving->report, serving->path, 0,
			    "no node serves %s (%s)%s of level \"%s\", %zu "
			    "in all; add it to a node's serves",
			    first->code.s, first->name,
			    count > 1 ? " and other units" : "", org->words[i],
			    count);
	}
}

static void link_node(const struct serving *serving, const struct unit *unit)
{
	struct node *node = &serving->org->nodes[unit->node->index];
	struct walk *walk = &serving->walks[node->index];
	const struct node *parent;

	if (unit->parent == NULL || unit->parent->node == node)
		return;
	parent = unit->parent->node;
	if (node->parent == NULL) {
		node->parent = parent;
		walk->first = unit;
	} else if (node->parent != parent && !walk->is_split) {
		walk->is_split = true;
		report_add(serving->report, serving->path,
		    yaml_line(serving->yaml, "nodes[%u].serves", node->index),
		    "node %s: what is above its units is served by two "
		    "nodes, %s (above %s) and %s (above %s); split it into "
		    "two nodes",
		    node->name, node->parent->name, walk->first->code.s,
		    parent->name, unit->code.s);
	}
}

/* Numbers nodes so that each subtree is one run; returns nothing to fail. */
static void number_nodes(const struct serving *serving)
{
	struct org *org = serving->org;
	struct walk *walks = serving->walks;
	unsigned deepest = 0;

	for (size_t i = 0; i < org->node_count; i++) {
		walks[i].size = 1;
		for (const struct node *at = org->nodes[i].parent; at != NULL;
		     at = at->parent)
			walks[i].depth++;
		if (deepest < walks[i].depth)
			deepest = walks[i].depth;
	}
	for (unsigned depth = deepest; depth > 0; depth--) {
		for (size_t i = 0; i < org->node_count; i++) {
			if (walks[i].depth == depth)
				walks[org->nodes[i].parent->index].size +=
				    walks[i].size;
		}
	}
	for (unsigned depth = 0; depth <= deepest; depth++) {
		for (size_t i = 0; i < org->node_count; i++) {
			struct node *node = &org->nodes[i];

			if (walks[i].depth != depth)
				continue;
			if (node->parent != NULL) {
				struct walk *above =
				    &walks[node->parent->index];

				node->first = above->next;
				above->next += walks[i].size;
			}
			node->last = node->first + walks[i].size - 1;
			walks[i].next = node->first + 1;
		}
	}
}

int nodes_serve(struct org *org, struct report *report, const char *path,
    struct yaml *yaml, const struct nodes_file *file)
{
	struct serving serving = { org, report, path, yaml, NULL };
	size_t before = city_problems(report);

	for (unsigned i = 0; i < file->nodes_count; i++)
		serve_row(&serving, &org->nodes[i], &file->nodes[i]);
	check_all_served(&serving);
	if (city_problems(report) != before)
		return 0;
	serving.walks = calloc(org->node_count, sizeof(*serving.walks));
	if (serving.walks == NULL)
		return ERR_NOMEM;
	for (size_t i = 0; i < org->unit_count; i++)
		link_node(&serving, &org->units[i]);
	if (city_problems(report) == before)
		number_nodes(&serving);
	free(serving.walks);
	return 0;
}

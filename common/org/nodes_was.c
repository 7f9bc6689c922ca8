/* Nodes that were parts of one that is gone: `was` and `since`. */
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "org/nodes.h"
#include "org/shown.h"

int nodes_read_was(struct node *node, struct org *org, struct report *report,
    const char *path, long line, const struct node_row *row)
{
	struct shown name;
	int err = 0;

	shown_text(&name, row->name);
	for (unsigned i = 0; err == 0 && i < row->was_count; i++) {
		if (!city_name_is_fit(row->was[i]))
			report_add(report, path, line,
			    "node %s: \"%s\" in \"was\" cannot be a node's "
			    "name",
			    name.s, SHOWN(row->was[i]));
		else
			err = city_text(
			    &node->was[node->was_count++], org, row->was[i]);
	}
	if (row->since && time_parse(&node->since_ms, row->since) != 0)
		report_add(report, path, line,
		    "node %s: since \"%s\" is no time such as "
		    "2026-11-22T09:30:00+08:00",
		    name.s, SHOWN(row->since));
	else if ((row->was_count > 0) != (row->since != NULL))
		report_add(report, path, line,
		    "node %s: \"was\" and \"since\" stand together or not "
		    "at all",
		    name.s);
	return err;
}

void nodes_check_was(const struct org *org, struct report *report,
    const char *path, struct yaml *yaml)
{
	uint32_t other;

	for (size_t i = 0; i < org->node_count; i++) {
		const struct node *node = &org->nodes[i];

		for (unsigned k = 0; k < node->was_count; k++)
			if (table_get(&other, &org->by_node_name, node->was[k],
				strlen(node->was[k])))
				report_add(report, path,
				    yaml_line(
					yaml, "nodes[%u].was", node->index),
				    "node %s was a part of %s, which is a node "
				    "still; take one of the two out",
				    node->name, node->was[k]);
	}
}

/* ---- questions ---- */

bool node_is_or_was(const struct node *node, const char *name)
{
	bool is = strcmp(node->name, name) == 0;

	for (unsigned i = 0; !is && i < node->was_count; i++)
		is = strcmp(node->was[i], name) == 0;
	return is;
}

static bool share_past(
    const struct node *a, const struct node *b, int64_t made_ms)
{
	if (a == b || made_ms >= a->since_ms || made_ms >= b->since_ms)
		return false;
	for (unsigned i = 0; i < a->was_count; i++)
		for (unsigned k = 0; k < b->was_count; k++)
			if (strcmp(a->was[i], b->was[k]) == 0)
				return true;
	return false;
}

bool node_was_one_with(
    const struct node *node, const struct unit *unit, int64_t made_ms)
{
	if (node->was_count == 0)
		return false;
	for (const struct node *at = unit->node; at != NULL; at = at->parent)
		if (share_past(node, at, made_ms))
			return true;
	return false;
}

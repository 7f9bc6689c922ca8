/* Which nodes become which, from the city's files alone. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "city_split.h"
#include "lang.h"
#include "say.h"
#include "words.h"

/* The area of the plan's level that the unit belongs to; NULL: it is above
 * them all, as a city's own department is. */
static const struct unit *area_of(
    const struct split_plan *plan, const struct unit *unit)
{
	const struct unit *area = unit_at_depth(unit, plan->depth);
	return area && area->kind == UNIT_AREA ? area : NULL;
}

/* ---- one node ---- */

/* What is to be known of a node before it is known whether it can be split. */
struct look {
	size_t units;
	const struct unit *first; /* the first unit */
	const struct unit *above; /* one that is in no area; NULL: none */
	const struct unit *area;  /* the first area */
	bool has_several;
};

static struct look look_at(
    const struct split_plan *plan, const struct node *node)
{
	struct look look = { .units = 0 };
	for (size_t i = 0; i < org_unit_count(plan->org); i++) {
		const struct unit *unit = org_unit_at(plan->org, i);
		if (unit->node != node)
			continue;
		const struct unit *area = area_of(plan, unit);
		if (look.units++ == 0)
			look.first = unit;
		if (!area)
			look.above = unit;
		else if (!look.area)
			look.area = area;
		else if (look.area != area)
			look.has_several = true;
	}
	return look;
}

static bool can_split(const struct look *look)
{
	return !look->above && look->has_several;
}

static enum cli_exit say_why_not(const struct split_plan *plan,
    const struct node *node, const struct look *look)
{
	if (look->units == 1)
		say_error(_("%s serves one unit only, %s (%s): there is "
			    "nothing to split."),
		    node->name, look->first->code.s, look->first->name);
	else if (look->above)
		say_error(_("%s serves %s (%s), which is in no unit of level "
			    "%s: say a level further up with --at."),
		    node->name, look->above->code.s, look->above->name,
		    words_level(plan->level));
	else
		say_error(_("All that %s serves is in %s (%s): there is "
			    "nothing to split at level %s."),
		    node->name, look->area->code.s, look->area->name,
		    words_level(plan->level));
	return CLI_REFUSED;
}

/* ---- what a part serves ---- */

/* How many units of the node's level are at or below the area, and how many
 * of those are the node's. */
static void count(size_t *all_out, size_t *own_out,
    const struct split_plan *plan, const struct node *node,
    const struct unit *area)
{
	*all_out = *own_out = 0;
	for (size_t i = area->first; i <= area->last; i++) {
		const struct unit *unit = org_unit_at(plan->org, i);
		if (strcmp(unit->level, node->level) != 0)
			continue;
		++*all_out;
		*own_out += unit->node == node;
	}
}

static int add_code(struct split_part *part, const char *code)
{
	int err = part->serves.len ? buf_add(&part->serves, ", ", 2) : 0;
	if (!err)
		err = buf_add(&part->serves, "\"", 1);
	if (!err)
		err = buf_add(&part->serves, code, strlen(code));
	return err ? err : buf_add(&part->serves, "\"", 1);
}

/* The fewest codes that name the node's units within the area and no others:
 * the area itself, mostly. */
static int cover(struct split_part *part, const struct split_plan *plan,
    const struct node *node)
{
	size_t all, own, i = part->area->first;
	int err = 0;
	while (!err && i <= part->area->last) {
		const struct unit *unit = org_unit_at(plan->org, i);
		count(&all, &own, plan, node, unit);
		bool is_whole = own > 0 && own == all;
		if (is_whole)
			err = add_code(part, unit->code.s);
		part->units += is_whole ? own : 0;
		i = is_whole || own == 0 ? unit->last + 1 : i + 1;
	}
	return err;
}

/* ---- its name and place ---- */

/* The area's code takes the place of a code that the name ends with. */
static enum cli_exit name_part(
    struct split_part *part, const struct org *org, const struct node *node)
{
	const char *dash = strrchr(node->name, '-');
	size_t len = strlen(node->name);
	if (dash && dash[1] &&
	    strspn(dash + 1, "0123456789") == strlen(dash + 1))
		len = (size_t)(dash - node->name);
	int written = snprintf(part->name, sizeof(part->name), "%.*s-%s",
	    (int)len, node->name, part->area->code.s);
	if (written < 0 || (size_t)written >= sizeof(part->name)) {
		say_error(_("%s: a part of it would have too long a name."),
		    node->name);
		return CLI_REFUSED;
	}
	if (!org_node(org, part->name))
		return CLI_DONE;
	say_error(_("A part of %s would be called %s, and there is a node of "
		    "that name."),
	    node->name, part->name);
	return CLI_REFUSED;
}

/* On the same machine, at the next port; or a socket beside the node's. */
static enum cli_exit place_part(
    struct split_part *part, struct split_plan *plan, const struct node *node)
{
	char mark = strncmp(node->endpoint, "tcp://", 6) == 0 ? ':' : '/';
	const char *last = strrchr(node->endpoint, mark);
	int room = (int)sizeof(part->endpoint), len = 0;
	int head = (int)(last - node->endpoint);
	if (mark == ':')
		len = snprintf(part->endpoint, sizeof(part->endpoint),
		    "%.*s:%u", head, node->endpoint, plan->port++);
	else
		len = snprintf(part->endpoint, sizeof(part->endpoint),
		    "%.*s/%s", head, node->endpoint, part->name);
	if (len > 0 && len < room && plan->port <= 65536)
		return CLI_DONE;
	say_error(_("There is no port left for the parts of %s: say where to "
		    "begin with --port."),
	    node->name);
	return CLI_REFUSED;
}

static unsigned port_of(const char *place)
{
	const char *colon = place ? strrchr(place, ':') : NULL;
	return colon ? (unsigned)strtoul(colon + 1, NULL, 10) : 0;
}

static unsigned last_port(const struct org *org)
{
	unsigned last = 0;
	for (size_t i = 0; i < org_node_count(org); i++) {
		const struct node *node = org_node_at(org, i);
		bool is_tcp = strncmp(node->endpoint, "tcp://", 6) == 0;
		unsigned port = is_tcp ? port_of(node->endpoint) : 0;
		unsigned http = port_of(node->http);
		last = port > last ? port : last;
		last = http > last ? http : last;
	}
	return last;
}

/* ---- its parts ---- */

static bool has_part(const struct split_node *split, const struct unit *area)
{
	for (size_t i = 0; i < split->part_count; i++)
		if (split->parts[i].area == area)
			return true;
	return false;
}

static int add_part(struct split_node *split, const struct unit *area)
{
	size_t size = (split->part_count + 1) * sizeof(*split->parts);
	struct split_part *parts = realloc(split->parts, size);
	if (!parts)
		return ERR_NOMEM;
	split->parts = parts;
	parts[split->part_count++] = (struct split_part){ .area = area };
	return 0;
}

static enum cli_exit find_parts(
    struct split_node *split, const struct split_plan *plan)
{
	const struct unit *before = NULL;
	int err = 0;
	for (size_t i = 0; !err && i < org_unit_count(plan->org); i++) {
		const struct unit *unit = org_unit_at(plan->org, i);
		if (unit->node != split->node)
			continue;
		const struct unit *area = area_of(plan, unit);
		if (area != before && !has_part(split, area))
			err = add_part(split, area);
		before = area;
	}
	return err ? say_failure(err, "whistle") : CLI_DONE;
}

static enum cli_exit check_keys(const struct node *node)
{
	if (node->old_count + node->retired_count < NODE_RETIRED_KEYS_MAX &&
	    node->was_count < NODE_WAS_MAX)
		return CLI_DONE;
	say_error(_("%s has too many former keys, or has been split too often, "
		    "for its parts to know them all."),
	    node->name);
	return CLI_REFUSED;
}

static enum cli_exit plan_node(struct split_plan *plan, const struct node *node)
{
	struct split_node *split = &plan->nodes[plan->count++];
	split->node = node;
	enum cli_exit exit = check_keys(node);
	if (exit == CLI_DONE)
		exit = find_parts(split, plan);
	for (size_t i = 0; exit == CLI_DONE && i < split->part_count; i++) {
		struct split_part *part = &split->parts[i];
		exit = name_part(part, plan->org, node);
		if (exit == CLI_DONE)
			exit = place_part(part, plan, node);
		if (exit == CLI_DONE && cover(part, plan, node))
			exit = say_failure(ERR_NOMEM, "whistle");
	}
	return exit;
}

/* ---- which nodes ---- */

static bool is_planned(const struct split_plan *plan, const struct node *node)
{
	for (size_t i = 0; i < plan->count; i++)
		if (plan->nodes[i].node == node)
			return true;
	return false;
}

static enum cli_exit plan_all(struct split_plan *plan)
{
	enum cli_exit exit = CLI_DONE;
	for (size_t i = 0; exit == CLI_DONE && i < org_node_count(plan->org);
	     i++) {
		const struct node *node = org_node_at(plan->org, i);
		struct look look = look_at(plan, node);
		if (can_split(&look))
			exit = plan_node(plan, node);
	}
	if (exit != CLI_DONE || plan->count > 0)
		return exit;
	say_error(_("No node serves units of more than one %s: there is "
		    "nothing to split."),
	    words_level(plan->level));
	return CLI_REFUSED;
}

static enum cli_exit plan_named(
    struct split_plan *plan, const struct split_wish *wish)
{
	enum cli_exit exit = CLI_DONE;
	for (int i = 0; exit == CLI_DONE && i < wish->name_count; i++) {
		const struct node *node = org_node(plan->org, wish->names[i]);
		if (!node) {
			say_error(_("There is no node %s in nodes.yaml."),
			    wish->names[i]);
			return CLI_NOT_FOUND;
		}
		if (is_planned(plan, node))
			continue;
		struct look look = look_at(plan, node);
		exit = can_split(&look) ? plan_node(plan, node)
					: say_why_not(plan, node, &look);
	}
	return exit;
}

static const struct node *planned_above(
    const struct split_plan *plan, const struct node *node)
{
	const struct node *above = node->parent;
	while (above && !is_planned(plan, above))
		above = above->parent;
	return above;
}

/* Below a node that is split each node must be below one of the parts. */
static enum cli_exit check_below(const struct split_plan *plan)
{
	char all[2048] = "";
	size_t len = 0;
	for (size_t i = 0; i < org_node_count(plan->org); i++) {
		const struct node *node = org_node_at(plan->org, i);
		const struct node *above = planned_above(plan, node);
		if (!above || is_planned(plan, node) ||
		    !look_at(plan, node).has_several)
			continue;
		say_error(_("%s serves units below several parts of %s."),
		    node->name, above->name);
		if (len < sizeof(all) - NAME_MAX_BYTES - 2)
			len += (size_t)snprintf(
			    all + len, sizeof(all) - len, " %s", node->name);
	}
	if (len == 0)
		return CLI_DONE;
	say_error(_("Split what is below first, or together: name%s, too; or "
		    "name no node, which splits all."),
	    all);
	return CLI_REFUSED;
}

static enum cli_exit find_level(
    struct split_plan *plan, const struct split_wish *wish)
{
	if (!wish->level || !*wish->level) {
		say_error(_("Say at which level with --at: one node is made "
			    "for each unit of it."));
		return CLI_USAGE;
	}
	plan->level = wish->level;
	if (org_level_depth(&plan->depth, plan->org, wish->level) == 0)
		return CLI_DONE;
	say_error(_("The city has no level “%s”."), wish->level);
	return CLI_USAGE;
}

enum cli_exit split_plan(struct split_plan *plan, const struct org *org,
    const struct split_wish *wish)
{
	*plan = (struct split_plan){ .org = org };
	enum cli_exit exit = find_level(plan, wish);
	if (exit != CLI_DONE)
		return exit;
	plan->port = wish->port ? (unsigned)wish->port : last_port(org) + 1;
	plan->nodes = calloc(org_node_count(org), sizeof(*plan->nodes));
	if (!plan->nodes)
		return say_failure(ERR_NOMEM, "whistle");
	exit = wish->name_count ? plan_named(plan, wish) : plan_all(plan);
	return exit == CLI_DONE ? check_below(plan) : exit;
}

void split_plan_free(struct split_plan *plan)
{
	for (size_t i = 0; i < plan->count; i++) {
		struct split_node *split = &plan->nodes[i];
		for (size_t k = 0; k < split->part_count; k++)
			buf_free(&split->parts[k].serves);
		free(split->parts);
	}
	free(plan->nodes);
	*plan = (struct split_plan){ .count = 0 };
}

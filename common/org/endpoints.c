/* A city's files read once more, for where its nodes are now. */
#include "org/org.h"

#include <string.h>
#include "base/err.h"
#include "org/city.h"

static bool is_same_node(const struct node *now, const struct node *then)
{
	const char *parent = then->parent ? then->parent->name : "";

	return strcmp(now->name, then->name) == 0 &&
	       strcmp(now->level, then->level) == 0 &&
	       strcmp(now->parent ? now->parent->name : "", parent) == 0;
}

/* Units by code, and who serves each. */
static bool is_same_city(const struct org *now, const struct org *then)
{
	if (now->node_count != then->node_count ||
	    now->unit_count != then->unit_count)
		return false;
	for (size_t i = 0; i < now->node_count; i++)
		if (!is_same_node(&now->nodes[i], &then->nodes[i]))
			return false;
	for (size_t i = 0; i < now->unit_count; i++)
		if (!code_equal(&now->units[i].code, &then->units[i].code) ||
		    now->units[i].node->index != then->units[i].node->index)
			return false;
	return true;
}

int org_endpoints_load(struct org **now_out, struct report *report,
    const char *dir, const struct org *org)
{
	int err = org_load(now_out, report, dir, ORG_NEEDS_KEYS);

	if (err == 0 && !is_same_city(*now_out, org)) {
		org_close(now_out);
		err = ERR_EXISTS;
	}
	return err;
}

int org_endpoints_take(struct org *org, struct org **now)
{
	int err = 0;

	for (size_t i = 0; err == 0 && i < org->node_count; i++) {
		const char *endpoint = (*now)->nodes[i].endpoint;

		if (strcmp(org->nodes[i].endpoint, endpoint) != 0)
			err = city_text(&org->nodes[i].endpoint, org, endpoint);
	}
	org->speaks = (*now)->speaks;
	org_close(now);
	return err;
}

/* A city's nodes.yaml, for units that are read once. */
#include <stdlib.h>
#include "base/err.h"
#include "fuzz.h"
#include "org/city.h"

static struct org *units_only(void)
{
	static struct org *org;
	struct report report = { 0 };

	if (!org) {
		org = calloc(1, sizeof(*org));
		promise(org && arena_open(&org->arena, CITY_TEXTS_MAX) == 0);
		promise(units_read(org, &report, FUZZ_CITY "/units.csv") == 0);
		promise(city_problems(&report) == 0);
	}
	return org;
}

/* The units are the one copy's; what nodes_read makes is the run's. */
static struct org *open_org(void)
{
	const struct org *units = units_only();
	struct org *org = malloc(sizeof(*org));

	promise(org != NULL);
	*org = *units;
	promise(arena_open(&org->arena, CITY_TEXTS_MAX) == 0);
	for (size_t i = 0; i < org->unit_count; i++)
		org->units[i].node = NULL;
	return org;
}

static void close_org(struct org *org)
{
	org->units = NULL;
	org->by_code = (struct table){ 0 };
	org_close(&org);
}

static void check_nodes(const struct org *org)
{
	promise(org->node_count > 0 && org->node_count <= ORG_NODES_MAX);
	for (size_t i = 0; i < org->unit_count; i++)
		promise(org->units[i].node != NULL);
	for (size_t i = 0; i < org->node_count; i++) {
		const struct node *node = &org->nodes[i];

		promise(org_node(org, node->name) == node);
		promise(!node->parent || node_is_within(node, node->parent));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct report report = { 0 };
	struct org *org = open_org();

	promise(nodes_read(org, &report, fuzz_file(data, size), 0, true) == 0);
	if (city_problems(&report) == 0)
		check_nodes(org);
	close_org(org);
	report_free(&report);
	return 0;
}

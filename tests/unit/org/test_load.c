#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "folder.h"

static int make(void **state)
{
	static struct folder folder;

	folder_make(&folder);
	folder_load(&folder);
	*state = &folder;
	return 0;
}

static int unmake(void **state)
{
	folder_remove(*state);
	return 0;
}

static const struct org *org_of(void **state)
{
	return ((struct folder *)*state)->org;
}

static void finds_units_by_code(void **state)
{
	const struct org *org = org_of(state);
	const struct unit *unit = unit_of(org, "420704001");

	assert_string_equal(unit->name, "凤凰街道");
	assert_string_equal(unit->level, "street");
	assert_int_equal(unit->kind, UNIT_AREA);
	assert_ptr_equal(unit->parent, unit_of(org, "420704"));
	assert_null(unit_of(org, "420704009"));
	assert_null(org_unit(org, &(struct unit_code){ "" }));
	assert_null(unit_of(org, "42070400"));
	assert_null(unit_of(org, "4207-zj"));
}

static void lists_units_with_parents_before_what_is_below(void **state)
{
	const struct org *org = org_of(state);

	assert_int_equal(org_unit_count(org), 14);
	assert_null(org_unit_at(org, 14));
	for (size_t i = 0; i < org_unit_count(org); i++) {
		const struct unit *unit = org_unit_at(org, i);

		assert_int_equal(unit->first, i);
		assert_ptr_equal(org_unit(org, &unit->code), unit);
		assert_true(unit->parent == NULL || unit->parent < unit);
	}
	assert_string_equal(org_unit_at(org, 0)->code.s, "4207");
}

static void knows_how_deep_units_are(void **state)
{
	const struct org *org = org_of(state);
	unsigned depth;

	assert_int_equal(unit_of(org, "4207")->depth, 0);
	assert_int_equal(unit_of(org, "4207-zjj")->depth, 1);
	assert_int_equal(unit_of(org, "4207-12345")->depth, 1);
	assert_int_equal(unit_of(org, "420704-zjj")->depth, 2);
	assert_int_equal(unit_of(org, "420704001002001")->depth, 4);
	assert_int_equal(org_level_depth(&depth, org, "street"), 0);
	assert_int_equal(depth, 2);
	assert_int_equal(
	    org_level_depth(&depth, org, "hotline"), ERR_NOT_FOUND);
	assert_int_equal(
	    org_level_depth(&depth, org, "street "), ERR_NOT_FOUND);
}

/* Against the definition: walk up until the other is met. */
static bool walks_to(const struct unit *below, const struct unit *above)
{
	while (below != NULL && below != above)
		below = below->parent;
	return below == above;
}

static void agrees_with_the_walk_on_what_is_within(void **state)
{
	const struct org *org = org_of(state);
	size_t count = org_unit_count(org);

	for (size_t i = 0; i < count * count; i++) {
		const struct unit *a = org_unit_at(org, i / count);
		const struct unit *b = org_unit_at(org, i % count);

		assert_int_equal(unit_is_within(a, b), walks_to(a, b));
	}
}

static void finds_the_unit_of_a_depth_on_the_way_up(void **state)
{
	const struct org *org = org_of(state);
	const struct unit *grid = unit_of(org, "420704001002001");

	assert_ptr_equal(unit_at_depth(grid, 4), grid);
	assert_ptr_equal(unit_at_depth(grid, 2), unit_of(org, "420704001"));
	assert_ptr_equal(unit_at_depth(grid, 0), unit_of(org, "4207"));
	assert_null(unit_at_depth(unit_of(org, "420704"), 2));
	assert_ptr_equal(unit_at_depth(unit_of(org, "420704-zjj"), 1),
	    unit_of(org, "420704"));
}

static void finds_a_department_at_its_host_only(void **state)
{
	const struct org *org = org_of(state);

	assert_ptr_equal(org_department(org, unit_of(org, "420704"), "zjj"),
	    unit_of(org, "420704-zjj"));
	assert_null(org_department(org, unit_of(org, "420703"), "zjj"));
	assert_null(org_department(org, unit_of(org, "4207"), "12345"));
	assert_null(org_department(org, unit_of(org, "4207"), ""));
	assert_null(org_department(org, unit_of(org, "420704001002001"),
	    "a-name-that-no-code-can-hold"));
}

static void gives_each_unit_its_node(void **state)
{
	const struct org *org = org_of(state);

	assert_string_equal(unit_of(org, "4207-zjj")->node->name, "top");
	assert_string_equal(unit_of(org, "420704-zjj")->node->name, "east");
	assert_string_equal(
	    unit_of(org, "420703100")->node->name, "streets-west");
	assert_string_equal(unit_of(org, "4207-12345")->node->name, "gate");
	for (size_t i = 0; i < org_unit_count(org); i++)
		assert_non_null(org_unit_at(org, i)->node);
}

static void makes_a_tree_of_nodes(void **state)
{
	const struct org *org = org_of(state);
	const struct node *top = org_node(org, "top");

	assert_null(top->parent);
	assert_ptr_equal(org_node(org, "east")->parent, top);
	assert_ptr_equal(org_node(org, "gate")->parent, top);
	assert_ptr_equal(
	    org_node(org, "grids")->parent, org_node(org, "east-communities"));
	assert_ptr_equal(org_node(org, "west-communities")->parent,
	    org_node(org, "streets-west"));
	assert_string_equal(org_node(org, "gate")->http, "127.0.0.1:8311");
	assert_null(top->http);
	assert_null(org_node(org, "nobody"));
	for (size_t i = 0; i < org_node_count(org); i++)
		assert_int_equal(org_node_at(org, i)->index, i);
	assert_null(org_node_at(org, org_node_count(org)));
}

static bool node_walks_to(const struct node *below, const struct node *above)
{
	while (below != NULL && below != above)
		below = below->parent;
	return below == above;
}

static void leads_from_any_node_to_any_other(void **state)
{
	const struct org *org = org_of(state);
	size_t count = org_node_count(org);

	for (size_t i = 0; i < count * count; i++) {
		const struct node *at = org_node_at(org, i / count);
		const struct node *target = org_node_at(org, i % count);
		unsigned steps = 0;

		assert_int_equal(
		    node_is_within(at, target), node_walks_to(at, target));
		while (at != target) {
			const struct node *next = node_toward(at, target);

			assert_true(next == at->parent || next->parent == at);
			at = next;
			assert_true(++steps < 10);
		}
		assert_null(node_toward(at, target));
	}
}

static void knows_people_and_keys(void **state)
{
	const struct org *org = org_of(state);
	const struct operator* operator= org_operator(org, "网格员甲");
	const struct operator* who;
	const struct node *node;

	assert_int_equal(operator->role, ROLE_WORKER);
	assert_string_equal(operator->unit->code.s, "420704001002001");
	org_who(&node, &who, org, KEY_B);
	assert_null(node);
	assert_ptr_equal(who, operator);
	org_who(&node, &who, org, KEY_C);
	assert_true(node == NULL && who == NULL);
	org_who(&node, &who, org, "");
	assert_true(node == NULL && who == NULL);
	assert_int_equal(org_operator_count(org), 3);
	assert_null(org_operator_at(org, 3));
	assert_null(org_operator(org, "@timer"));
}

static void tells_a_nodes_key_from_a_persons(void **state)
{
	struct folder *folder = *state;
	const struct operator* who;
	const struct node *node;

	org_close(&folder->org);
	folder_write_line(folder, "nodes.yaml", sound_nodes, 40,
	    "    public_key: '" KEY_C "'\n");
	folder_load(folder);
	org_who(&node, &who, folder->org, KEY_C);
	assert_null(who);
	assert_string_equal(node->name, "gate");
	org_who(&node, &who, folder->org, KEY_A);
	assert_null(node);
	assert_string_equal(who->name, "chief");
}

static void reads_the_people_again(void **state)
{
	struct folder *folder = *state;
	const struct unit *unit = unit_of(folder->org, "420704-zjj");
	const struct operator* who;
	const struct node *node;
	struct people *people = NULL;

	folder_write(folder, "operators.csv",
	    "name,unit,role,public_key\nnew,420704-zjj,clerk," KEY_C "\n");
	assert_int_equal(org_people_load(&people, &folder->report, folder->dir,
			     folder->org, ORG_NEEDS_KEYS),
	    0);
	assert_non_null(org_operator(folder->org, "chief"));
	org_people_take(folder->org, &people);
	assert_null(people);
	assert_null(org_operator(folder->org, "chief"));
	org_who(&node, &who, folder->org, KEY_A);
	assert_true(node == NULL && who == NULL);
	org_who(&node, &who, folder->org, KEY_C);
	assert_string_equal(who->name, "new");
	assert_ptr_equal(who->unit, unit);
	assert_int_equal(org_operator_count(folder->org), 1);
}

static void keeps_the_people_when_the_new_ones_are_wrong(void **state)
{
	struct folder *folder = *state;
	struct people *people = NULL;

	folder_write(folder, "operators.csv",
	    "name,unit,role,public_key\nnew,4299,clerk," KEY_C "\n"
	    "other,4207,clerk,\n");
	assert_int_equal(org_people_load(&people, &folder->report, folder->dir,
			     folder->org, ORG_NEEDS_KEYS),
	    ERR_INVALID);
	assert_null(people);
	assert_true(has_problem(&folder->report, "operators.csv", 2,
	    "unit \"4299\" is not in units.csv"));
	assert_true(has_problem(&folder->report, "operators.csv", 3,
	    "operator other has no public_key"));
	assert_non_null(org_operator(folder->org, "chief"));
}

static void takes_columns_in_any_order(void **state)
{
	struct folder *folder = *state;

	org_close(&folder->org);
	folder_write(folder, "operators.csv",
	    "\xef\xbb\xbfrole,public_key,name,unit\r\n"
	    "clerk,,\"li\",4207-zjj\r\n");
	folder_load(folder);
	assert_string_equal(
	    org_operator(folder->org, "li")->unit->code.s, "4207-zjj");
	assert_string_equal(org_city_name(folder->org), "鄂州市");
}

static void takes_a_district_for_the_root(void **state)
{
	struct folder *folder = *state;

	org_close(&folder->org);
	folder_write(folder, "units.csv",
	    "code,name,level,kind,parent\n120101,和平区,district,area,\n"
	    "120101001,劝业场街道,street,area,120101\n");
	folder_write(folder, "nodes.yaml",
	    "city: 和平区\nnodes:\n"
	    "  - {name: a, level: district, serves: [120101], endpoint: "
	    "'ipc://a'}\n"
	    "  - {name: b, level: street, serves: [120101], endpoint: "
	    "'ipc://b'}\n");
	folder_write(folder, "operators.csv", "name,unit,role,public_key\n");
	folder_load(folder);
	assert_int_equal(unit_of(folder->org, "120101")->depth, 0);
	assert_int_equal(org_operator_count(folder->org), 0);
}

static void says_which_file_is_missing(void **state)
{
	static const char *const names[] = { "units.csv", "nodes.yaml",
		"operators.csv" };
	struct folder *folder = *state;
	char path[128];

	org_close(&folder->org);
	for (size_t i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder->dir, names[i]);
		unlink(path);
	}
	assert_int_equal(
	    org_load(&folder->org, &folder->report, folder->dir, 0),
	    ERR_INVALID);
	for (size_t i = 0; i < 3; i++)
		assert_true(has_problem(&folder->report, names[i], 0, ""));
	assert_null(folder->org);
}

static void refuses_a_folder_whose_path_is_too_long(void **state)
{
	static char dir[8192];
	struct folder *folder = *state;

	org_close(&folder->org);
	memset(dir, 'x', sizeof(dir) - 1);
	assert_int_equal(
	    org_load(&folder->org, &folder->report, dir, 0), ERR_INVALID);
	assert_int_equal(folder->report.count, 1);
}

#define IN_CITY(test) cmocka_unit_test_setup_teardown(test, make, unmake)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_CITY(finds_units_by_code),
		IN_CITY(lists_units_with_parents_before_what_is_below),
		IN_CITY(knows_how_deep_units_are),
		IN_CITY(agrees_with_the_walk_on_what_is_within),
		IN_CITY(finds_the_unit_of_a_depth_on_the_way_up),
		IN_CITY(finds_a_department_at_its_host_only),
		IN_CITY(gives_each_unit_its_node),
		IN_CITY(makes_a_tree_of_nodes),
		IN_CITY(leads_from_any_node_to_any_other),
		IN_CITY(knows_people_and_keys),
		IN_CITY(tells_a_nodes_key_from_a_persons),
		IN_CITY(reads_the_people_again),
		IN_CITY(keeps_the_people_when_the_new_ones_are_wrong),
		IN_CITY(takes_columns_in_any_order),
		IN_CITY(takes_a_district_for_the_root),
		IN_CITY(says_which_file_is_missing),
		IN_CITY(refuses_a_folder_whose_path_is_too_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * whistle unit list, show: the city's units, from its files.
 */
#include <stdio.h>
#include <string.h>
#include "base/err.h"
#include "commands.h"
#include "json.h"
#include "lang.h"
#include "say.h"
#include "session.h"
#include "table.h"
#include "unit_name.h"
#include "words.h"

static struct {
	const char *under, *level, *kind, *name;
} list;

static const struct option_row list_rows[] = {
	{ "under", OPTION_TEXT, &list.under, 0, 0, "UNIT",
	    N_("only this unit and those below it") },
	{ "level", OPTION_TEXT, &list.level, 0, 0, "LEVEL",
	    N_("only this level: city, district, street, community, grid") },
	{ "kind", OPTION_TEXT, &list.kind, 0, 0, "KIND",
	    N_("area, department or hotline") },
	{ "name", OPTION_TEXT, &list.name, 0, 0, "TEXT",
	    N_("only those whose name has this in it") },
};

static const char *kind_word(enum unit_kind kind)
{
	static const char *const words[] = {
		[UNIT_AREA] = "area",
		[UNIT_DEPARTMENT] = "department",
		[UNIT_HOTLINE] = "hotline",
	};
	return words[kind];
}

static json_t *unit_json(const struct unit *unit)
{
	json_t *object = json_object();
	json_object_set_new(object, "code", json_unit(&unit->code));
	json_object_set_new(object, "name", json_text(unit->name));
	json_object_set_new(object, "level", json_text(unit->level));
	json_object_set_new(object, "kind", json_text(kind_word(unit->kind)));
	json_object_set_new(object, "parent",
	    unit->parent ? json_unit(&unit->parent->code) : json_null());
	json_object_set_new(object, "node",
	    unit->node ? json_text(unit->node->name) : json_null());
	return object;
}

static bool is_wanted(const struct unit *unit, const struct unit *under)
{
	if (under && !unit_is_within(unit, under))
		return false;
	if (list.level && strcmp(list.level, unit->level) != 0)
		return false;
	if (list.kind && strcmp(list.kind, kind_word(unit->kind)) != 0)
		return false;
	return !list.name || strstr(unit->name, list.name);
}

static enum cli_exit check_kind(void)
{
	if (!list.kind || strcmp(list.kind, "area") == 0 ||
	    strcmp(list.kind, "department") == 0 ||
	    strcmp(list.kind, "hotline") == 0)
		return CLI_DONE;
	say_error(_("--%s is one of %s, not “%s”."), "kind",
	    "area, department, hotline", list.kind);
	return CLI_USAGE;
}

static enum cli_exit check_level(const struct cli *cli)
{
	if (!list.level)
		return CLI_DONE;
	for (size_t i = 0; i < org_unit_count(cli->org); i++)
		if (strcmp(org_unit_at(cli->org, i)->level, list.level) == 0)
			return CLI_DONE;
	say_error(_("This city has no level %s."), list.level);
	return CLI_NOT_FOUND;
}

static void unit_row(struct table *table, const struct unit *unit)
{
	char parent[UNIT_NAME_TEXT];
	table_row(table);
	table_cell(table, unit->code.s);
	table_cell(table, unit->name);
	table_cell(table, words_level(unit->level));
	table_cell(table, words_unit_kind(unit->kind));
	snprintf(parent, sizeof(parent), "%s",
	    unit->parent ? unit->parent->name : "-");
	table_cell(table, parent);
	table_cell(table, unit->node ? unit->node->name : "-");
}

static enum cli_exit list_json(const struct cli *cli, const struct unit *under)
{
	struct json_stream stream = { 0 };
	for (size_t i = 0; i < org_unit_count(cli->org); i++) {
		const struct unit *unit = org_unit_at(cli->org, i);
		if (is_wanted(unit, under) &&
		    json_stream_add(&stream, unit_json(unit)) < 0)
			return say_failure(ERR_NOMEM, "JSON");
	}
	json_stream_end(&stream);
	return CLI_DONE;
}

static enum cli_exit list_table(const struct cli *cli, const struct unit *under)
{
	struct table *table;
	int err = table_open(&table);
	if (err < 0)
		return say_failure(err, "whistle");
	table_column(table, _("CODE"), 0);
	table_column(table, _("NAME"), 0);
	table_column(table, _("LEVEL"), 0);
	table_column(table, _("KIND"), 0);
	table_column(table, _("ABOVE"), 0);
	table_column(table, _("NODE"), 0);
	for (size_t i = 0; i < org_unit_count(cli->org); i++)
		if (is_wanted(org_unit_at(cli->org, i), under))
			unit_row(table, org_unit_at(cli->org, i));
	err = table_print(table);
	table_close(&table);
	return err < 0 ? say_failure(err, "whistle") : CLI_DONE;
}

static enum cli_exit list_run(
    struct cli *cli, const struct cli_command *command, int count, char **words)
{
	const struct unit *under = NULL;
	(void)command;
	(void)count;
	(void)words;
	enum cli_exit exit = session_org(cli);
	if (exit == CLI_DONE)
		exit = check_kind();
	if (exit == CLI_DONE)
		exit = check_level(cli);
	if (exit == CLI_DONE)
		exit = session_unit(&under, cli, list.under);
	if (exit != CLI_DONE)
		return exit;
	return cli->json ? list_json(cli, under) : list_table(cli, under);
}

/* ---- show ---- */

static json_t *operators_json(const struct cli *cli, const struct unit *unit)
{
	json_t *array = json_array();
	for (size_t i = 0; i < org_operator_count(cli->org); i++) {
		const struct operator* operator= org_operator_at(cli->org, i);
		if (operator->unit == unit)
			json_array_append_new(
			    array, json_pack("{s:o,s:o}", "name",
				       json_text(operator->name), "role",
				       json_word(WORD_ROLE, operator->role)));
	}
	return array;
}

static json_t *below_json(const struct cli *cli, const struct unit *unit)
{
	json_t *array = json_array();
	for (size_t i = 0; i < org_unit_count(cli->org); i++)
		if (org_unit_at(cli->org, i)->parent == unit)
			json_array_append_new(
			    array, json_unit(&org_unit_at(cli->org, i)->code));
	return array;
}

static void show_below(const struct cli *cli, const struct unit *unit)
{
	char name[UNIT_NAME_TEXT];
	bool is_first = true;
	for (size_t i = 0; i < org_unit_count(cli->org); i++) {
		const struct unit *below = org_unit_at(cli->org, i);
		if (below->parent != unit)
			continue;
		if (is_first)
			printf("%s\n", _("Below it:"));
		is_first = false;
		printf("  %s\n", unit_name(name, cli->org, &below->code));
	}
}

static void show_operators(const struct cli *cli, const struct unit *unit)
{
	for (size_t i = 0; i < org_operator_count(cli->org); i++) {
		const struct operator* operator= org_operator_at(cli->org, i);
		if (operator->unit == unit)
			printf(_("Operator: %s, %s\n"), operator->name,
			    words_of(WORD_ROLE, operator->role));
	}
}

static void show_text(const struct cli *cli, const struct unit *unit)
{
	char name[UNIT_NAME_TEXT];
	printf("%s\n", unit_name(name, cli->org, &unit->code));
	printf(_("Level: %s\n"), words_level(unit->level));
	printf(_("Kind: %s\n"), words_unit_kind(unit->kind));
	for (const struct unit *up = unit->parent; up; up = up->parent)
		printf(
		    _("Above it: %s\n"), unit_name(name, cli->org, &up->code));
	if (unit->node)
		printf(_("Node: %s\n"), unit->node->name);
	show_operators(cli, unit);
	show_below(cli, unit);
}

static enum cli_exit show_run(
    struct cli *cli, const struct cli_command *command, int count, char **words)
{
	const struct unit *unit;
	(void)command;
	(void)count;
	enum cli_exit exit = session_unit(&unit, cli, words[0]);
	if (exit != CLI_DONE)
		return exit;
	if (!unit) {
		say_error(_("Which unit? Give its code or name."));
		return CLI_USAGE;
	}
	if (!cli->json) {
		show_text(cli, unit);
		return CLI_DONE;
	}
	json_t *object = unit_json(unit);
	json_object_set_new(object, "below", below_json(cli, unit));
	json_object_set_new(object, "operators", operators_json(cli, unit));
	int err = json_print(object);
	return err < 0 ? say_failure(err, "JSON") : CLI_DONE;
}

static const struct cli_command rows[] = {
	{ "unit", "list", "", 0, 0, CLI_ROWS(list_rows), list_run, NULL,
	    N_("list the city's units"), NULL },
	{ "unit", "show", "UNIT", 1, 1, NULL, 0, show_run, NULL,
	    N_("show one unit: what is above and below it, who speaks for "
	       "it"),
	    NULL },
};

const struct cli_commands unit_commands = { CLI_ROWS(rows) };

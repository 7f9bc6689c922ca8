/*
 * whistle catalogue check, items, situations, explain: the city's duty
 * lists, from its files.
 */
#include <stdio.h>
#include <string.h>
#include "base/err.h"
#include "catalogue_explain.h"
#include "commands.h"
#include "doubts.h"
#include "json.h"
#include "lang.h"
#include "say.h"
#include "session.h"
#include "table.h"
#include "words.h"

static const char *in_language(const char *zh, const char *en)
{
	return lang_is_chinese() ? zh : en;
}

/* ---- items ---- */

static const char *items_domain;

static const struct option_row items_rows[] = {
	{ "domain", OPTION_TEXT, &items_domain, 0, 0, "CODE",
	    N_("only the items of this domain") },
};

static const char *item_whistle_word(enum item_whistle whistle)
{
	static const char *const words[] = {
		[ITEM_WHISTLE_NO] = "no",
		[ITEM_WHISTLE_ASK] = "ask",
		[ITEM_WHISTLE_AUTO] = "auto",
	};
	return words[whistle];
}

static json_t *departments_json(
    const char *lead, const char *const *assist, size_t assist_count)
{
	json_t *array = json_array();
	if (*lead)
		json_array_append_new(array, json_text(lead));
	for (size_t i = 0; i < assist_count; i++)
		json_array_append_new(array, json_text(assist[i]));
	return array;
}

/* "4wh" as KEY, and in milliseconds as KEY_ms: null for work hours and work
 * days, which last as long as the calendar says. */
static void add_limit(json_t *object, const char *key, struct time_limit limit)
{
	char text[TIME_LIMIT_TEXT], key_ms[16];
	snprintf(key_ms, sizeof(key_ms), "%s_ms", key);
	json_object_set_new(
	    object, key, json_text(time_limit_format(text, limit)));
	json_object_set_new(object, key_ms,
	    time_limit_is_working(limit) ? json_null()
					 : json_integer(time_limit_ms(limit)));
}

static json_t *item_json(const struct cli *cli, const struct item *item)
{
	json_t *object = json_object();
	json_object_set_new(object, "code", json_text(item->code));
	json_object_set_new(object, "zh", json_text(item->zh));
	json_object_set_new(object, "en", json_text(item->en));
	json_object_set_new(object, "domain", json_text(item->domain));
	json_object_set_new(object, "level",
	    json_text(catalogue_explain_level(cli->org, item->competent)));
	json_object_set_new(object, "direct", json_boolean(item->direct));
	json_object_set_new(object, "immediate", json_boolean(item->immediate));
	json_object_set_new(
	    object, "whistle", json_text(item_whistle_word(item->whistle)));
	json_object_set_new(
	    object, "colour", json_word(WORD_COLOUR, item->colour));
	add_limit(object, "accept", item->accept);
	add_limit(object, "resolve", item->resolve);
	json_object_set_new(object, "departments",
	    departments_json(item->lead, item->assist, item->assist_count));
	return object;
}

static void cell_departments(struct table *table, const char *lead,
    const char *const *assist, size_t assist_count)
{
	char text[256];
	size_t len = (size_t)snprintf(text, sizeof(text), "%s", lead);
	for (size_t i = 0; i < assist_count && len < sizeof(text); i++)
		len += (size_t)snprintf(
		    text + len, sizeof(text) - len, " %s", assist[i]);
	table_cell(table, text);
}

static void item_row(
    struct table *table, const struct cli *cli, const struct item *item)
{
	const struct named *domain =
	    catalogue_domain(cli->catalogue, item->domain);
	table_row(table);
	table_cell(table, item->code);
	table_cell(table, in_language(item->zh, item->en));
	table_cell(
	    table, domain ? in_language(domain->zh, domain->en) : item->domain);
	table_cell(table,
	    words_level(catalogue_explain_level(cli->org, item->competent)));
	table_cell(table, words_of(WORD_COLOUR, item->colour));
	cell_departments(table, item->lead, item->assist, item->assist_count);
}

static bool is_wanted(const struct item *item)
{
	return !items_domain || strcmp(items_domain, item->domain) == 0;
}

static enum cli_exit items_json(const struct cli *cli)
{
	struct json_stream stream = { 0 };
	for (size_t i = 0; i < catalogue_item_count(cli->catalogue); i++) {
		const struct item *item = catalogue_item_at(cli->catalogue, i);
		if (is_wanted(item) &&
		    json_stream_add(&stream, item_json(cli, item)) < 0)
			return say_failure(ERR_NOMEM, "JSON");
	}
	json_stream_end(&stream);
	return CLI_DONE;
}

static enum cli_exit items_table(const struct cli *cli)
{
	struct table *table;
	int err = table_open(&table);
	if (err < 0)
		return say_failure(err, "whistle");
	table_column(table, _("CODE"), 0);
	table_column(table, _("ITEM"), 0);
	table_column(table, _("DOMAIN"), 0);
	table_column(table, _("LEVEL"), 0);
	table_column(table, _("COLOUR"), 0);
	table_column(table, _("DEPARTMENTS"), 0);
	for (size_t i = 0; i < catalogue_item_count(cli->catalogue); i++) {
		const struct item *item = catalogue_item_at(cli->catalogue, i);
		if (is_wanted(item))
			item_row(table, cli, item);
	}
	err = table_print(table);
	table_close(&table);
	return err < 0 ? say_failure(err, "whistle") : CLI_DONE;
}

static enum cli_exit items_run(
    struct cli *cli, const struct cli_command *command, int count, char **words)
{
	(void)command;
	(void)count;
	(void)words;
	enum cli_exit exit = session_catalogue(cli);
	if (exit != CLI_DONE)
		return exit;
	if (items_domain && !catalogue_domain(cli->catalogue, items_domain)) {
		say_error(_("The catalogue has no domain %s."), items_domain);
		return CLI_NOT_FOUND;
	}
	return cli->json ? items_json(cli) : items_table(cli);
}

/* ---- situations ---- */

static json_t *situation_json(const struct situation *situation)
{
	json_t *object = json_object();
	json_object_set_new(object, "code", json_text(situation->code));
	json_object_set_new(object, "zh", json_text(situation->zh));
	json_object_set_new(object, "en", json_text(situation->en));
	json_object_set_new(object, "area", json_text(situation->area));
	json_object_set_new(
	    object, "kind", json_word(WORD_WHISTLE, situation->kind));
	json_object_set_new(
	    object, "colour", json_word(WORD_COLOUR, situation->colour));
	json_object_set_new(object, "departments",
	    departments_json(
		situation->lead, situation->assist, situation->assist_count));
	return object;
}

static void situation_row(
    struct table *table, const struct situation *situation)
{
	table_row(table);
	table_cell(table, situation->code);
	table_cell(table, in_language(situation->zh, situation->en));
	table_cell(table, words_of(WORD_WHISTLE, situation->kind));
	table_cell_painted(table, words_of(WORD_COLOUR, situation->colour),
	    table_paint_of(situation->colour));
	cell_departments(
	    table, situation->lead, situation->assist, situation->assist_count);
}

static enum cli_exit situations_json(const struct catalogue *catalogue)
{
	struct json_stream stream = { 0 };
	for (size_t i = 0; i < catalogue_situation_count(catalogue); i++)
		if (json_stream_add(&stream,
			situation_json(catalogue_situation_at(catalogue, i))) <
		    0)
			return say_failure(ERR_NOMEM, "JSON");
	json_stream_end(&stream);
	return CLI_DONE;
}

static enum cli_exit situations_run(
    struct cli *cli, const struct cli_command *command, int count, char **words)
{
	struct table *table;
	(void)command;
	(void)count;
	(void)words;
	enum cli_exit exit = session_catalogue(cli);
	if (exit != CLI_DONE)
		return exit;
	if (cli->json)
		return situations_json(cli->catalogue);
	int err = table_open(&table);
	if (err < 0)
		return say_failure(err, "whistle");
	table_column(table, _("CODE"), 0);
	table_column(table, _("SITUATION"), 0);
	table_column(table, _("KIND"), 0);
	table_column(table, _("COLOUR"), 0);
	table_column(table, _("DEPARTMENTS"), 0);
	for (size_t i = 0; i < catalogue_situation_count(cli->catalogue); i++)
		situation_row(table, catalogue_situation_at(cli->catalogue, i));
	err = table_print(table);
	table_close(&table);
	return err < 0 ? say_failure(err, "whistle") : CLI_DONE;
}

/* ---- check ---- */

static enum cli_exit check_say(
    const struct cli *cli, const struct report *doubts)
{
	size_t items = catalogue_item_count(cli->catalogue);
	size_t situations = catalogue_situation_count(cli->catalogue);
	if (cli->json)
		return json_print(json_pack("{s:I,s:I,s:o}", "items",
			   (json_int_t)items, "situations",
			   (json_int_t)situations, "warnings",
			   doubts_json(doubts))) < 0
			   ? CLI_FAILED
			   : CLI_DONE;
	doubts_print(doubts);
	printf(_("The catalogue is in order: %zu items, %zu situations.\n"),
	    items, situations);
	return CLI_DONE;
}

static enum cli_exit check_catalogue(struct cli *cli, const char *dir)
{
	struct report report = { 0 };
	enum cli_exit exit;
	int err = org_load(&cli->org, &report, dir, 0);
	if (err == 0)
		err = catalogue_load(&cli->catalogue, &report, dir, cli->org);
	if (err < 0) {
		session_problems(&report, err, dir);
		report_free(&report);
		return err == ERR_INVALID ? CLI_REFUSED : CLI_FAILED;
	}
	err = doubts_find(&report, cli, dir);
	exit = err < 0 ? say_failure(err, "whistle") : check_say(cli, &report);
	report_free(&report);
	return exit;
}

static enum cli_exit check_run(
    struct cli *cli, const struct cli_command *command, int count, char **words)
{
	(void)command;
	if (count == 1)
		return check_catalogue(cli, words[0]);
	enum cli_exit exit = session_home(cli);
	return exit == CLI_DONE ? check_catalogue(cli, cli->home.path) : exit;
}

/* ---- explain ---- */

static struct {
	const char *title, *address, *at;
} explain;

static const struct option_row explain_rows[] = {
	{ "title", OPTION_TEXT, &explain.title, 0, 0, "TITLE",
	    N_("the issue in one line") },
	{ "address", OPTION_TEXT, &explain.address, 0, 0, "TEXT",
	    N_("the address in words") },
	{ "at", OPTION_TEXT, &explain.at, 0, 0, "UNIT",
	    N_("who has taken it in (the city)") },
};

static enum cli_exit explain_run(
    struct cli *cli, const struct cli_command *command, int count, char **words)
{
	struct explained_case the_case = {
		.title = explain.title ? explain.title : "",
		.address = explain.address ? explain.address : "",
		.text = words[0],
	};
	(void)command;
	(void)count;
	enum cli_exit exit = session_catalogue(cli);
	if (exit == CLI_DONE)
		exit = session_unit(&the_case.at, cli, explain.at);
	return exit == CLI_DONE ? catalogue_explain(cli, &the_case) : exit;
}

static const struct cli_command rows[] = {
	{ "catalogue", "check", "[DIR]", 0, 1, NULL, 0, check_run, NULL,
	    N_("check a city folder's catalogue"),
	    N_("Every mistake is named with its file and line. Exit code 1 "
	       "when there are any.") },
	{ "catalogue", "items", "", 0, 0, CLI_ROWS(items_rows), items_run, NULL,
	    N_("list the items: what exists, who is competent"), NULL },
	{ "catalogue", "situations", "", 0, 0, NULL, 0, situations_run, NULL,
	    N_("list the situations that a whistle can name"), NULL },
	{ "catalogue", "explain", "TEXT", 1, 1, CLI_ROWS(explain_rows),
	    explain_run, NULL,
	    N_("say what routine would do with an issue, and why"),
	    N_("Follows the issue from unit to unit as the catalogue alone "
	       "would send it. A level's own policy or lack of a power may "
	       "differ. Nothing is opened.") },
};

const struct cli_commands catalogue_commands = { CLI_ROWS(rows) };

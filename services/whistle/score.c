/*
 * whistle score show: the scoreboard, the three rates of each unit.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "commands.h"
#include "json.h"
#include "lang.h"
#include "say.h"
#include "score/rates.h"
#include "session.h"
#include "table.h"
#include "unit_name.h"

static struct {
	const char *under, *kind, *level, *period, *sort;
	bool by_item;
} show = { .sort = "satisfaction" };

static const struct option_row show_rows[] = {
	{ "under", OPTION_TEXT, &show.under, 0, 0, "UNIT",
	    N_("only this unit and those below it") },
	{ "kind", OPTION_TEXT, &show.kind, 0, 0, "KIND",
	    N_("area or department (both)") },
	{ "level", OPTION_TEXT, &show.level, 0, 0, "LEVEL",
	    N_("only units of this level: district, street … (all)") },
	{ "period", OPTION_TEXT, &show.period, 0, 0, "MONTH",
	    N_("one month, as 2026-11 (all time)") },
	{ "by-item", OPTION_FLAG, &show.by_item, 0, 0, "",
	    N_("a line for each item of the catalogue") },
	{ "sort", OPTION_TEXT, &show.sort, 0, 0, "RATE",
	    N_("response, completion or satisfaction (satisfaction)") },
};

/* One line of the board. */
struct line {
	struct unit_code unit;
	char item[ITEM_CODE_MAX];
	char period[SCORE_PERIOD_TEXT];
	uint64_t counts[SCORE_COUNT];
	struct score_rates rates;
	int key[3]; /* per mille, in the order that decides; -1 last */
};

/* The rate asked for first; the others settle ties. */
static void fill_key(struct line *line, enum score_rate_kind first)
{
	for (unsigned i = 0; i < RATE_COUNT; i++)
		line->key[i] =
		    line->rates.of[(first + RATE_COUNT - i) % RATE_COUNT]
			.permille;
}

static void fill_line(struct line *line, const struct wire_score_line *from,
    enum score_rate_kind first)
{
	size_t count =
	    from->count_count < SCORE_COUNT ? from->count_count : SCORE_COUNT;
	memset(line, 0, sizeof(*line));
	line->unit = from->unit;
	snprintf(line->item, sizeof(line->item), "%s", from->item);
	snprintf(line->period, sizeof(line->period), "%s", from->period);
	if (count > 0)
		memcpy(line->counts, from->counts,
		    count * sizeof(line->counts[0]));
	line->rates = score_rates(line->counts, SCORE_MOSTLY_DEFAULT);
	fill_key(line, first);
}

static int compare(const void *left, const void *right)
{
	const struct line *a = left;
	const struct line *b = right;
	for (unsigned i = 0; i < RATE_COUNT; i++)
		if (a->key[i] != b->key[i])
			return a->key[i] > b->key[i] ? -1 : 1;
	int order = strcmp(a->unit.s, b->unit.s);
	return order ? order : strcmp(a->item, b->item);
}

static json_t *rate_json(const struct score_rate *rate)
{
	json_t *value = rate->permille < 0
			    ? json_null()
			    : json_real((double)rate->permille / 1000.0);
	return json_pack("{s:o,s:I,s:I}", "rate", value, "in",
	    (json_int_t)rate->halves / 2, "of", (json_int_t)rate->of);
}

static json_t *line_json(const struct cli *cli, const struct line *line)
{
	const struct unit *unit = org_unit(cli->org, &line->unit);
	json_t *object = json_object();
	json_t *counts = json_object();
	json_object_set_new(object, "unit", json_unit(&line->unit));
	json_object_set_new(
	    object, "name", unit ? json_text(unit->name) : json_null());
	json_object_set_new(object, "item", json_text(line->item));
	json_object_set_new(object, "period", json_text(line->period));
	json_object_set_new(
	    object, "response", rate_json(&line->rates.of[RATE_RESPONSE]));
	json_object_set_new(
	    object, "completion", rate_json(&line->rates.of[RATE_COMPLETION]));
	json_object_set_new(object, "satisfaction",
	    rate_json(&line->rates.of[RATE_SATISFACTION]));
	for (unsigned i = 0; i < SCORE_COUNT; i++)
		json_object_set_new(counts,
		    score_count_name((enum score_count)i),
		    json_integer((json_int_t)line->counts[i]));
	json_object_set_new(object, "counts", counts);
	return object;
}

static void cell_rate(struct table *table, const struct score_rate *rate)
{
	if (rate->permille < 0)
		table_cell(table, "-");
	else
		table_cell_format(table, "%d.%d%% (%llu/%llu)",
		    rate->permille / 10, rate->permille % 10,
		    (unsigned long long)rate->halves / 2,
		    (unsigned long long)rate->of);
}

static void cell_count(
    struct table *table, const struct line *line, enum score_count count)
{
	table_cell_format(
	    table, "%llu", (unsigned long long)line->counts[count]);
}

/* The counts that the table has room for; JSON has them all. */
static const struct {
	enum score_count count;
	const char *title;
} count_columns[] = {
	{ SCORE_OPENED, N_("OPENED") },
	{ SCORE_RECEIVED, N_("RECEIVED") },
	{ SCORE_SENT_DOWN, N_("SENT DOWN") },
	{ SCORE_SOLVED, N_("SOLVED") },
	{ SCORE_EXPLAINED, N_("EXPLAINED") },
	{ SCORE_IMMEDIATE, N_("AT ONCE") },
	{ SCORE_RETURNED, N_("RETURNED") },
	{ SCORE_REOPENED, N_("REOPENED") },
	{ SCORE_WHISTLES, N_("WHISTLES") },
	{ SCORE_CALLED, N_("CALLED") },
	{ SCORE_EXCLUDED, N_("EXCLUDED") },
};

enum { COUNT_COLUMNS = sizeof(count_columns) / sizeof(count_columns[0]) };

static void board_columns(struct table *table)
{
	table_column(table, _("UNIT"), 0);
	if (show.by_item)
		table_column(table, _("ITEM"), TABLE_CUT);
	table_column(table, _("RESPONSE"), TABLE_RIGHT);
	table_column(table, _("COMPLETION"), TABLE_RIGHT);
	table_column(table, _("SATISFACTION"), TABLE_RIGHT);
	for (size_t i = 0; i < COUNT_COLUMNS; i++)
		table_column(table, _(count_columns[i].title), TABLE_RIGHT);
}

static void board_row(
    struct table *table, struct cli *cli, const struct line *line)
{
	char name[UNIT_NAME_TEXT];
	table_row(table);
	table_cell(table, unit_name(name, cli->org, &line->unit));
	if (show.by_item)
		table_cell(table, session_item_name(cli, line->item));
	cell_rate(table, &line->rates.of[RATE_RESPONSE]);
	cell_rate(table, &line->rates.of[RATE_COMPLETION]);
	cell_rate(table, &line->rates.of[RATE_SATISFACTION]);
	for (size_t i = 0; i < COUNT_COLUMNS; i++)
		cell_count(table, line, count_columns[i].count);
}

static int board_json(
    const struct cli *cli, const struct line *lines, size_t count)
{
	struct json_stream stream = { 0 };
	int err = 0;
	for (size_t i = 0; err == 0 && i < count; i++)
		err = json_stream_add(&stream, line_json(cli, &lines[i]));
	json_stream_end(&stream);
	return err;
}

static int board_table(struct cli *cli, const struct line *lines, size_t count)
{
	struct table *table;
	int err = table_open(&table);
	if (err < 0)
		return err;
	board_columns(table);
	for (size_t i = 0; i < count; i++)
		board_row(table, cli, &lines[i]);
	err = table_print(table);
	table_close(&table);
	return err;
}

static bool is_of_level(
    const struct cli *cli, const struct wire_score_line *line)
{
	const struct unit *unit = org_unit(cli->org, &line->unit);
	return !show.level || (unit && strcmp(unit->level, show.level) == 0);
}

static enum cli_exit board(
    struct cli *cli, const struct wire_reply *reply, enum score_rate_kind first)
{
	size_t count = 0;
	struct line *lines = calloc(reply->score.count + 1, sizeof(*lines));
	if (!lines)
		return say_failure(ERR_NOMEM, "whistle");
	for (size_t i = 0; i < reply->score.count; i++)
		if (is_of_level(cli, &reply->score.lines[i]))
			fill_line(
			    &lines[count++], &reply->score.lines[i], first);
	qsort(lines, count, sizeof(*lines), compare);
	int err = cli->json ? board_json(cli, lines, count)
			    : board_table(cli, lines, count);
	free(lines);
	return err < 0 ? say_failure(err, "whistle") : CLI_DONE;
}

static enum cli_exit read_sort(enum score_rate_kind *rate_out)
{
	for (unsigned i = 0; i < RATE_COUNT; i++) {
		*rate_out = (enum score_rate_kind)i;
		if (strcmp(show.sort,
			score_rate_name((enum score_rate_kind)i)) == 0)
			return CLI_DONE;
	}
	say_error(_("--%s is one of %s, not “%s”."), "sort",
	    "response, completion, satisfaction", show.sort);
	return CLI_USAGE;
}

static bool is_month(const char *text)
{
	return strlen(text) == 7 && strspn(text, "0123456789") == 4 &&
	       text[4] == '-' && strspn(text + 5, "0123456789") == 2 &&
	       strcmp(text + 5, "01") >= 0 && strcmp(text + 5, "12") <= 0;
}

static enum cli_exit check_options(void)
{
	if (show.kind && strcmp(show.kind, "area") != 0 &&
	    strcmp(show.kind, "department") != 0) {
		say_error(_("--%s is one of %s, not “%s”."), "kind",
		    "area, department", show.kind);
		return CLI_USAGE;
	}
	if (show.period && !is_month(show.period)) {
		say_error(_("--period is a month such as 2026-11, not “%s”."),
		    show.period);
		return CLI_USAGE;
	}
	return CLI_DONE;
}

static enum cli_exit check_level(struct cli *cli)
{
	unsigned depth;
	enum cli_exit exit = session_org(cli);
	if (exit != CLI_DONE || !show.level ||
	    org_level_depth(&depth, cli->org, show.level) == 0)
		return exit;
	say_error(_("units.csv has no level %s."), show.level);
	return CLI_USAGE;
}

static enum cli_exit show_run(
    struct cli *cli, const struct cli_command *command, int count, char **words)
{
	struct wire_request request = { .kind = ASK_SCORE };
	struct wire_reply reply;
	const struct unit *under = NULL;
	enum score_rate_kind first = RATE_SATISFACTION;
	(void)command;
	(void)count;
	(void)words;
	enum cli_exit exit = check_options();
	if (exit == CLI_DONE)
		exit = read_sort(&first);
	if (exit == CLI_DONE)
		exit = session_unit(&under, cli, show.under);
	if (exit == CLI_DONE)
		exit = check_level(cli);
	if (under)
		request.score.under = under->code;
	request.score.kind = show.kind ? show.kind : "";
	request.score.period = show.period ? show.period : "";
	request.score.by_item = show.by_item;
	if (exit == CLI_DONE)
		exit = session_ask(&reply, cli, &request, "");
	if (exit == CLI_DONE && reply.result == RESULT_REFUSED)
		exit = say_result(cli, &reply, "");
	return exit == CLI_DONE ? board(cli, &reply, first) : exit;
}

static const struct cli_command rows[] = {
	{ "score", "show", "", 0, 0, CLI_ROWS(show_rows), show_run, NULL,
	    N_("show the scoreboard: response, completion, satisfaction"),
	    N_("Response: accepted or checked in before the deadline, of "
	       "all that were due. Completion: rated as resolved, of all "
	       "rated. Satisfaction: satisfied or mostly satisfied, of all "
	       "that gave a verdict. In brackets: how many of how many.") },
};

const struct cli_commands score_commands = { CLI_ROWS(rows) };

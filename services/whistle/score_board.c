/*
 * whistle score show: the scoreboard, the three rates of each unit. With a
 * unit: that one, and where its numbers come from (score_unit.c).
 */
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "lang.h"
#include "say.h"
#include "score_board.h"
#include "session.h"

struct score_show score_show = { .sort = "satisfaction" };

/* In per mille, in the order that decides; -1 last. */
static int key_of(const struct score_line *line, unsigned first, unsigned nth)
{
	return line->rates.of[(first + RATE_COUNT - nth) % RATE_COUNT].permille;
}

static unsigned sort_first;

/* The rate asked for first; the others settle ties. */
static int compare(const void *left, const void *right)
{
	const struct score_line *a = left, *b = right;
	for (unsigned i = 0; i < RATE_COUNT; i++) {
		int x = key_of(a, sort_first, i), y = key_of(b, sort_first, i);
		if (x != y)
			return x > y ? -1 : 1;
	}
	int order = strcmp(a->unit.s, b->unit.s);
	if (!order)
		order = strcmp(a->domain, b->domain);
	return order ? order : strcmp(a->item, b->item);
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
	if (score_show.by_domain)
		table_column(table, _("DOMAIN"), TABLE_CUT);
	if (score_show.by_item)
		table_column(table, _("ITEM"), TABLE_CUT);
	table_column(table, _("RESPONSE"), TABLE_RIGHT);
	table_column(table, _("COMPLETION"), TABLE_RIGHT);
	table_column(table, _("SATISFACTION"), TABLE_RIGHT);
	table_column(table, _("SCORE"), TABLE_RIGHT);
	for (size_t i = 0; i < COUNT_COLUMNS; i++)
		table_column(table, _(count_columns[i].title), TABLE_RIGHT);
}

static const char *domain_name(struct cli *cli, const char *code)
{
	const struct named *domain =
	    session_catalogue(cli) == CLI_DONE
		? catalogue_domain(cli->catalogue, code)
		: NULL;
	if (!domain)
		return code[0] ? code : "-";
	return lang_is_chinese() ? domain->zh : domain->en;
}

static void board_row(
    struct table *table, struct cli *cli, const struct score_line *line)
{
	char text[SCORE_RATE_TEXT];
	table_row(table);
	score_unit_cell(table, cli, line);
	if (score_show.by_domain)
		table_cell(table, domain_name(cli, line->domain));
	if (score_show.by_item)
		table_cell(table, session_item_name(cli, line->item));
	for (unsigned i = 0; i < RATE_COUNT; i++)
		table_cell(table, score_rate_text(text, &line->rates.of[i]));
	table_cell(table, score_permille_text(text, line->whole.permille));
	for (size_t i = 0; i < COUNT_COLUMNS; i++)
		table_cell_format(table, "%llu",
		    (unsigned long long)line->counts[count_columns[i].count]);
}

static int board_json(const struct cli *cli, const struct score_lines *lines)
{
	struct json_stream stream = { 0 };
	int err = 0;
	for (size_t i = 0; err == 0 && i < lines->count; i++)
		err = json_stream_add(
		    &stream, score_line_json(cli, &lines->of[i]));
	json_stream_end(&stream);
	return err;
}

static int board_table(struct cli *cli, const struct score_lines *lines)
{
	struct table *table;
	int err = table_open(&table);
	if (err < 0)
		return err;
	board_columns(table);
	for (size_t i = 0; i < lines->count; i++)
		board_row(table, cli, &lines->of[i]);
	err = table_print(table);
	table_close(&table);
	if (err == 0) {
		score_lack_note(lines);
		score_partial_note(cli, lines);
	}
	return err;
}

static enum cli_exit board(struct cli *cli, struct score_lines *lines)
{
	size_t count = 0;
	for (size_t i = 0; i < lines->count; i++)
		if (score_is_of_level(
			cli, &lines->of[i].unit, score_show.level))
			lines->of[count++] = lines->of[i];
	lines->count = count;
	if (count)
		qsort(lines->of, count, sizeof(*lines->of), compare);
	int err = cli->json ? board_json(cli, lines) : board_table(cli, lines);
	return err < 0 ? say_failure(err, "whistle") : CLI_DONE;
}

static enum cli_exit read_sort(void)
{
	for (unsigned i = 0; i < RATE_COUNT; i++) {
		sort_first = i;
		if (strcmp(score_show.sort,
			score_rate_name((enum score_rate_kind)i)) == 0)
			return CLI_DONE;
	}
	say_error(_("--%s is one of %s, not “%s”."), "sort",
	    "response, completion, satisfaction", score_show.sort);
	return CLI_USAGE;
}

SCORE_RUN(score_board_run)
{
	struct wire_request request = { .kind = ASK_SCORE };
	struct score_lines lines = { .count = 0 };
	const struct unit *under = NULL;
	if (count > 0)
		return score_unit_run(cli, command, count, words);
	if (score_show.explain || score_show.tickets) {
		say_error(_("--explain wants a unit: whistle score show UNIT "
			    "--explain."));
		return CLI_USAGE;
	}
	enum cli_exit exit =
	    score_check_kind(cli, score_show.kind, score_show.level);
	if (exit == CLI_DONE)
		exit = read_sort();
	if (exit == CLI_DONE)
		exit = session_unit(&under, cli, score_show.under);
	if (exit == CLI_DONE)
		exit = score_filter_ask(&request, cli, &score_show.filter);
	if (under)
		request.score.under = under->code;
	request.score.kind = score_show.kind ? score_show.kind : "";
	request.score.by_item = score_show.by_item;
	request.score.by_domain = score_show.by_domain;
	if (exit == CLI_DONE)
		exit = score_fetch(&lines, cli, &request);
	if (exit == CLI_DONE)
		exit = board(cli, &lines);
	score_lines_free(&lines);
	return exit;
}

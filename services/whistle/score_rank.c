/*
 * whistle score rank: who does best. The same figure is the same rank; a
 * unit without one is listed apart, and why.
 */
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "lang.h"
#include "say.h"
#include "score_lines.h"
#include "session.h"

enum { BY_SCORE = RATE_COUNT }; /* after the three rates */

static struct {
	struct score_filter filter;
	const char *under, *kind, *level, *by;
} ranking = { .by = "score" };

const struct option_row score_rank_rows[SCORE_RANK_ROWS] = {
	{ "by", OPTION_TEXT, &ranking.by, 0, 0, "FIGURE",
	    N_("response, completion, satisfaction or score (score)") },
	{ "kind", OPTION_TEXT, &ranking.kind, 0, 0, "KIND",
	    N_("area or department (both)") },
	{ "level", OPTION_TEXT, &ranking.level, 0, 0, "LEVEL",
	    N_("only units of this level: district, street … (all)") },
	{ "under", OPTION_TEXT, &ranking.under, 0, 0, "UNIT",
	    N_("only this unit and those below it") },
	SCORE_FILTER_ROWS(ranking.filter),
};

static unsigned ranked_by;

static int figure_of(const struct score_line *line)
{
	/* what is known in part cannot be compared */
	if (line->is_partial)
		return -1;
	return ranked_by == BY_SCORE ? line->whole.permille
				     : line->rates.of[ranked_by].permille;
}

static int compare(const void *left, const void *right)
{
	const struct score_line *a = left, *b = right;
	int x = figure_of(a), y = figure_of(b);
	if (x != y)
		return x > y ? -1 : 1;
	return strcmp(a->unit.s, b->unit.s);
}

/* The lines are in order, and `before` is the rank of the one before this;
 * 0: not ranked. */
static size_t rank_of(const struct score_lines *lines, size_t at, size_t before)
{
	if (figure_of(&lines->of[at]) < 0)
		return 0;
	if (at > 0 &&
	    figure_of(&lines->of[at - 1]) == figure_of(&lines->of[at]))
		return before;
	return at + 1;
}

static const char *why_not(const struct score_line *line)
{
	if (line->is_partial)
		return _("not all its tickets are known here");
	return score_lack_text(
	    ranked_by == BY_SCORE ? line->whole.lack : LACK_COUNTS);
}

static const char *why_not_word(const struct score_line *line)
{
	if (line->is_partial)
		return "partial";
	return score_lack_name(
	    ranked_by == BY_SCORE ? line->whole.lack : LACK_COUNTS);
}

/* ---- every unit has a line, though nothing is counted ---- */

static bool is_asked(const struct unit *unit, const struct unit *under)
{
	if (under && !unit_is_within(unit, under))
		return false;
	if (ranking.level && strcmp(unit->level, ranking.level) != 0)
		return false;
	if (!ranking.kind)
		return unit->kind == UNIT_DEPARTMENT || unit->kind == UNIT_AREA;
	return (unit->kind == UNIT_DEPARTMENT) ==
		   (strcmp(ranking.kind, "department") == 0) &&
	       unit->kind != UNIT_HOTLINE;
}

static int by_unit(const void *left, const void *right)
{
	const struct score_line *a = left, *b = right;
	return strcmp(a->unit.s, b->unit.s);
}

/* The lines are in the order of their units: there may be a line for each of
 * 30,000, and each unit looks for its own. */
static const struct score_line *line_of(
    const struct score_lines *lines, const struct unit *unit)
{
	const struct score_line wanted = { .unit = unit->code };
	return lines->count ? bsearch(&wanted, lines->of, lines->count,
				  sizeof(*lines->of), by_unit)
			    : NULL;
}

/* A unit served by the node or by one below it has no secrets from it. */
static bool is_known(const struct cli *cli, const struct unit *unit)
{
	const struct node *node = unit->node;
	while (node && node != cli->node)
		node = node->parent;
	return node != NULL;
}

static int all_units(struct score_lines *all_out, const struct cli *cli,
    struct score_lines *lines, const struct unit *under)
{
	size_t units = org_unit_count(cli->org);
	if (lines->count)
		qsort(lines->of, lines->count, sizeof(*lines->of), by_unit);
	*all_out = (struct score_lines){ .formula = lines->formula };
	all_out->of = calloc(units + 1, sizeof(*all_out->of));
	if (!all_out->of)
		return ERR_NOMEM;
	for (size_t i = 0; i < units; i++) {
		const struct unit *unit = org_unit_at(cli->org, i);
		struct score_line *line = &all_out->of[all_out->count];
		if (!is_asked(unit, under))
			continue;
		const struct score_line *found = line_of(lines, unit);
		all_out->count++;
		if (found) {
			*line = *found;
			continue;
		}
		line->unit = unit->code;
		line->is_partial = !is_known(cli, unit);
		line->rates = score_rates(line->counts, MOSTLY_FULL);
		line->whole = score_whole(&all_out->formula, line->counts,
		    unit->kind == UNIT_DEPARTMENT ? line->by_raters : NULL);
	}
	qsort(all_out->of, all_out->count, sizeof(*all_out->of), compare);
	return 0;
}

/* ---- showing ---- */

static int rank_json(const struct cli *cli, const struct score_lines *lines)
{
	struct json_stream stream = { 0 };
	size_t rank = 0;
	int err = 0;
	for (size_t i = 0; err == 0 && i < lines->count; i++) {
		const struct score_line *line = &lines->of[i];
		json_t *object = score_line_json(cli, line);
		rank = rank_of(lines, i, rank);
		json_object_set_new(object, "rank",
		    rank ? json_integer((json_int_t)rank) : json_null());
		json_object_set_new(object, "not_ranked",
		    rank ? json_null() : json_text(why_not_word(line)));
		json_object_set_new(object, "by", json_text(ranking.by));
		err = json_stream_add(&stream, object);
	}
	json_stream_end(&stream);
	return err;
}

static void ranked_row(
    struct table *table, const struct cli *cli, const struct score_line *line)
{
	char text[SCORE_RATE_TEXT];
	score_unit_cell(table, cli, line);
	table_cell(table, score_permille_text(text, figure_of(line)));
	for (unsigned i = 0; i < RATE_COUNT; i++)
		table_cell(table, score_rate_text(text, &line->rates.of[i]));
}

static int ranked_table(const struct cli *cli, const struct score_lines *lines)
{
	struct table *table;
	int err = table_open(&table);
	if (err < 0)
		return err;
	table_column(table, _("RANK"), TABLE_RIGHT);
	table_column(table, _("UNIT"), 0);
	table_column(table, _("FIGURE"), TABLE_RIGHT);
	table_column(table, _("RESPONSE"), TABLE_RIGHT);
	table_column(table, _("COMPLETION"), TABLE_RIGHT);
	table_column(table, _("SATISFACTION"), TABLE_RIGHT);
	size_t rank = 0;
	for (size_t i = 0;
	     i < lines->count && (rank = rank_of(lines, i, rank)) != 0; i++) {
		table_row(table);
		table_cell_format(table, "%zu", rank);
		ranked_row(table, cli, &lines->of[i]);
	}
	err = table_print(table);
	table_close(&table);
	return err;
}

static int apart_table(const struct cli *cli, const struct score_lines *lines)
{
	struct table *table;
	size_t first = 0;
	while (first < lines->count && figure_of(&lines->of[first]) >= 0)
		first++;
	if (first == lines->count)
		return 0;
	int err = table_open(&table);
	if (err < 0)
		return err;
	printf("\n");
	table_column(table, _("NOT RANKED"), 0);
	table_column(table, _("WHY"), 0);
	for (size_t i = first; i < lines->count; i++) {
		table_row(table);
		score_unit_cell(table, cli, &lines->of[i]);
		table_cell(table, why_not(&lines->of[i]));
	}
	err = table_print(table);
	table_close(&table);
	return err;
}

static enum cli_exit show(
    const struct cli *cli, struct score_lines *lines, const struct unit *under)
{
	struct score_lines all;
	int err = all_units(&all, cli, lines, under);
	if (err == 0 && cli->json)
		err = rank_json(cli, &all);
	else if (err == 0)
		err = ranked_table(cli, &all);
	if (err == 0 && !cli->json)
		err = apart_table(cli, &all);
	if (err == 0 && !cli->json)
		score_partial_note(cli, &all);
	score_lines_free(&all);
	return err < 0 ? say_failure(err, "whistle") : CLI_DONE;
}

static enum cli_exit read_by(void)
{
	for (ranked_by = 0; ranked_by < RATE_COUNT; ranked_by++)
		if (strcmp(ranking.by,
			score_rate_name((enum score_rate_kind)ranked_by)) == 0)
			return CLI_DONE;
	if (strcmp(ranking.by, "score") == 0)
		return CLI_DONE;
	say_error(_("--%s is one of %s, not “%s”."), "by",
	    "response, completion, satisfaction, score", ranking.by);
	return CLI_USAGE;
}

SCORE_RUN(score_rank_run)
{
	struct wire_request request = { .kind = ASK_SCORE };
	struct score_lines lines = { .count = 0 };
	const struct unit *under = NULL;
	(void)command;
	(void)count;
	(void)words;
	enum cli_exit exit = read_by();
	if (exit == CLI_DONE)
		exit = score_check_kind(cli, ranking.kind, ranking.level);
	if (exit == CLI_DONE)
		exit = session_unit(&under, cli, ranking.under);
	if (exit == CLI_DONE)
		exit = score_filter_ask(&request, cli, &ranking.filter);
	request.score.kind = ranking.kind ? ranking.kind : "";
	if (under)
		request.score.under = under->code;
	if (exit == CLI_DONE)
		exit = score_fetch(&lines, cli, &request);
	if (exit == CLI_DONE && ranked_by == BY_SCORE &&
	    !lines.formula.is_given) {
		say_error(_("The catalogue gives no weights (score:), so there "
			    "is no score to rank by; see --by."));
		exit = CLI_USAGE;
	}
	if (exit == CLI_DONE)
		exit = show(cli, &lines, under ? under : cli->operator->unit);
	score_lines_free(&lines);
	return exit;
}

/*
 * whistle score burden: what a unit was sent, and by whom. whistle score
 * trend: its rates and counts month by month.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "lang.h"
#include "say.h"
#include "score_lines.h"
#include "session.h"
#include "unit_name.h"

static struct {
	struct score_filter filter;
} burden, trend;

const struct option_row score_burden_rows[SCORE_BURDEN_ROWS] = {
	SCORE_FILTER_ROWS(burden.filter),
};

const struct option_row score_trend_rows[SCORE_TREND_ROWS] = {
	SCORE_FILTER_ROWS(trend.filter),
};

static void cell_count(struct table *table, uint64_t count)
{
	table_cell_format(table, "%llu", (unsigned long long)count);
}

/* ---- burden ---- */

static const struct {
	enum score_count count;
	const char *title;
} burdens[] = {
	{ SCORE_RECEIVED, N_("RECEIVED") },
	{ SCORE_SENT_DOWN, N_("SENT DOWN") },
	{ SCORE_SENT_BY_PERMIT, N_("BY PERMIT") },
	{ SCORE_CALLED, N_("CALLED") },
	{ SCORE_RETURNED, N_("RETURNED") },
};

enum { BURDENS = sizeof(burdens) / sizeof(burdens[0]) };

static bool is_burden(const struct score_line *line)
{
	for (size_t i = 0; i < BURDENS; i++)
		if (line->counts[burdens[i].count])
			return true;
	return false;
}

static int by_burden(const void *left, const void *right)
{
	const struct score_line *a = left, *b = right;
	for (size_t i = 0; i < BURDENS; i++) {
		uint64_t x = a->counts[burdens[i].count];
		uint64_t y = b->counts[burdens[i].count];
		if (x != y)
			return x > y ? -1 : 1;
	}
	return strcmp(a->other.s, b->other.s);
}

static json_t *burden_json_line(
    const struct cli *cli, const struct score_line *line)
{
	const struct unit *from = org_unit(cli->org, &line->other);
	json_t *object = json_object();
	json_object_set_new(object, "unit", json_unit(&line->unit));
	json_object_set_new(object, "from", json_unit(&line->other));
	json_object_set_new(
	    object, "from_name", from ? json_text(from->name) : json_null());
	for (size_t i = 0; i < BURDENS; i++)
		json_object_set_new(object, score_count_name(burdens[i].count),
		    json_integer((json_int_t)line->counts[burdens[i].count]));
	json_object_set_new(
	    object, "complete", json_boolean(!line->is_partial));
	return object;
}

static int burden_json(const struct cli *cli, const struct score_lines *lines)
{
	struct json_stream stream = { 0 };
	int err = 0;
	for (size_t i = 0; err == 0 && i < lines->count; i++)
		err = json_stream_add(
		    &stream, burden_json_line(cli, &lines->of[i]));
	json_stream_end(&stream);
	return err;
}

static void burden_sum(struct table *table, const struct score_lines *lines)
{
	table_row(table);
	table_cell(table, _("all"));
	for (size_t k = 0; k < BURDENS; k++) {
		uint64_t sum = 0;
		for (size_t i = 0; i < lines->count; i++)
			sum += lines->of[i].counts[burdens[k].count];
		cell_count(table, sum);
	}
}

static int burden_table(const struct cli *cli, const struct score_lines *lines)
{
	char name[UNIT_NAME_TEXT];
	struct table *table;
	int err = table_open(&table);
	if (err < 0)
		return err;
	table_column(table, _("FROM"), 0);
	for (size_t i = 0; i < BURDENS; i++)
		table_column(table, _(burdens[i].title), TABLE_RIGHT);
	for (size_t i = 0; i < lines->count; i++) {
		table_row(table);
		table_cell(
		    table, unit_name(name, cli->org, &lines->of[i].other));
		for (size_t k = 0; k < BURDENS; k++)
			cell_count(
			    table, lines->of[i].counts[burdens[k].count]);
	}
	if (lines->count > 1)
		burden_sum(table, lines);
	err = table_print(table);
	table_close(&table);
	if (err == 0)
		score_partial_note(cli, lines);
	return err;
}

static enum cli_exit ask_unit(struct score_lines *lines_out, struct cli *cli,
    const char *text, const struct score_filter *filter, bool by_other)
{
	struct wire_request request = { .kind = ASK_SCORE };
	const struct unit *unit = NULL;
	*lines_out = (struct score_lines){ .count = 0 };
	enum cli_exit exit = score_unit(&unit, cli, text);
	if (exit == CLI_DONE)
		exit = score_filter_ask(&request, cli, filter);
	if (exit != CLI_DONE)
		return exit;
	request.score.unit = unit->code;
	request.score.by_other = by_other;
	request.score.by_month = !by_other;
	return score_fetch(lines_out, cli, &request);
}

SCORE_RUN(score_burden_run)
{
	struct score_lines lines;
	size_t left = 0;
	int err = 0;
	(void)command;
	(void)count;
	enum cli_exit exit =
	    ask_unit(&lines, cli, words[0], &burden.filter, true);
	for (size_t i = 0; i < lines.count; i++)
		if (is_burden(&lines.of[i]))
			lines.of[left++] = lines.of[i];
	lines.count = left;
	if (left)
		qsort(lines.of, left, sizeof(*lines.of), by_burden);
	if (exit == CLI_DONE)
		err = cli->json ? burden_json(cli, &lines)
				: burden_table(cli, &lines);
	score_lines_free(&lines);
	return err < 0 ? say_failure(err, "whistle") : exit;
}

/* ---- trend ---- */

static int by_month(const void *left, const void *right)
{
	const struct score_line *a = left, *b = right;
	return strcmp(a->period, b->period);
}

static void next_month(char period[SCORE_PERIOD_TEXT])
{
	int year = atoi(period), month = atoi(period + 5) + 1;
	if (month > 12) {
		month = 1;
		year++;
	}
	snprintf(period, SCORE_PERIOD_TEXT, "%04u-%02u", (unsigned)year % 10000,
	    (unsigned)month % 100);
}

/* A month in which nothing happened is a line, too. */
static int trend_each(const struct score_lines *lines,
    int (*visit)(void *context, const struct score_line *line), void *context)
{
	struct score_line none = { .unaccepted = 0 };
	int err = 0;
	if (!lines->count)
		return 0;
	none.unit = lines->of[0].unit;
	none.is_partial = lines->of[0].is_partial;
	none.has_raters = lines->of[0].has_raters;
	none.rates = score_rates(none.counts, MOSTLY_FULL);
	none.whole = score_whole(&lines->formula, none.counts,
	    none.has_raters ? none.by_raters : NULL);
	memcpy(none.period, lines->of[0].period, sizeof(none.period));
	for (size_t i = 0; err == 0 && i < lines->count; i++) {
		for (; err == 0 && strcmp(none.period, lines->of[i].period) < 0;
		     next_month(none.period))
			err = visit(context, &none);
		if (err == 0)
			err = visit(context, &lines->of[i]);
		next_month(none.period);
	}
	return err;
}

struct trend {
	const struct cli *cli;
	struct table *table;
	struct json_stream stream;
};

static int trend_json(void *context, const struct score_line *line)
{
	struct trend *show = context;
	return json_stream_add(&show->stream, score_line_json(show->cli, line));
}

static const struct {
	enum score_count count;
	const char *title;
} trends[] = {
	{ SCORE_OPENED, N_("OPENED") },
	{ SCORE_RECEIVED, N_("RECEIVED") },
	{ SCORE_SOLVED, N_("SOLVED") },
	{ SCORE_EXPLAINED, N_("EXPLAINED") },
	{ SCORE_WHISTLES, N_("WHISTLES") },
	{ SCORE_RETURNED, N_("RETURNED") },
	{ SCORE_REOPENED, N_("REOPENED") },
	{ SCORE_EXCLUDED, N_("EXCLUDED") },
};

enum { TRENDS = sizeof(trends) / sizeof(trends[0]) };

static int trend_row(void *context, const struct score_line *line)
{
	struct trend *show = context;
	char text[SCORE_RATE_TEXT];
	table_row(show->table);
	table_cell(show->table, line->period);
	for (unsigned i = 0; i < RATE_COUNT; i++)
		table_cell(
		    show->table, score_rate_text(text, &line->rates.of[i]));
	table_cell(
	    show->table, score_permille_text(text, line->whole.permille));
	for (size_t i = 0; i < TRENDS; i++)
		cell_count(show->table, line->counts[trends[i].count]);
	return 0;
}

static int trend_table(struct trend *show, const struct score_lines *lines)
{
	int err = table_open(&show->table);
	if (err < 0)
		return err;
	table_column(show->table, _("MONTH"), 0);
	table_column(show->table, _("RESPONSE"), TABLE_RIGHT);
	table_column(show->table, _("COMPLETION"), TABLE_RIGHT);
	table_column(show->table, _("SATISFACTION"), TABLE_RIGHT);
	table_column(show->table, _("SCORE"), TABLE_RIGHT);
	for (size_t i = 0; i < TRENDS; i++)
		table_column(show->table, _(trends[i].title), TABLE_RIGHT);
	trend_each(lines, trend_row, show);
	err = table_print(show->table);
	table_close(&show->table);
	if (err == 0)
		score_partial_note(show->cli, lines);
	return err;
}

SCORE_RUN(score_trend_run)
{
	struct score_lines lines;
	struct trend show = { .cli = cli };
	int err = 0;
	(void)command;
	(void)count;
	enum cli_exit exit =
	    ask_unit(&lines, cli, words[0], &trend.filter, false);
	if (lines.count)
		qsort(lines.of, lines.count, sizeof(*lines.of), by_month);
	if (exit == CLI_DONE && cli->json) {
		err = trend_each(&lines, trend_json, &show);
		json_stream_end(&show.stream);
	} else if (exit == CLI_DONE) {
		err = trend_table(&show, &lines);
	}
	score_lines_free(&lines);
	return err < 0 ? say_failure(err, "whistle") : exit;
}

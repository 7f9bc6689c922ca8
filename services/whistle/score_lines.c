#include "score_lines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "lang.h"
#include "say.h"
#include "session.h"
#include "unit_name.h"

/* ---- the question ---- */

static enum cli_exit check_month(const char *option, const char *month)
{
	if (!month || score_is_period(month))
		return CLI_DONE;
	say_error(
	    _("--%s is a month such as 2026-11, not “%s”."), option, month);
	return CLI_USAGE;
}

static enum cli_exit check_months(const struct score_filter *filter)
{
	enum cli_exit exit = check_month("period", filter->period);
	if (exit == CLI_DONE)
		exit = check_month("from", filter->from);
	if (exit == CLI_DONE)
		exit = check_month("to", filter->to);
	if (exit != CLI_DONE)
		return exit;
	if (filter->period && (filter->from || filter->to)) {
		say_error(_("Either --period, or --from and --to."));
		return CLI_USAGE;
	}
	if (filter->from && filter->to &&
	    strcmp(filter->from, filter->to) > 0) {
		say_error(
		    _("--from %s is after --to %s."), filter->from, filter->to);
		return CLI_USAGE;
	}
	return CLI_DONE;
}

static enum cli_exit check_names(
    struct cli *cli, const struct score_filter *filter)
{
	if (!filter->item && !filter->domain)
		return CLI_DONE;
	enum cli_exit exit = session_catalogue(cli);
	if (exit != CLI_DONE)
		return exit;
	if (filter->item && !catalogue_item(cli->catalogue, filter->item)) {
		say_error(_("The catalogue has no item %s."), filter->item);
		return CLI_USAGE;
	}
	if (filter->domain &&
	    !catalogue_domain(cli->catalogue, filter->domain)) {
		say_error(_("The catalogue has no domain %s."), filter->domain);
		return CLI_USAGE;
	}
	return CLI_DONE;
}

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

enum cli_exit score_filter_ask(struct wire_request *request, struct cli *cli,
    const struct score_filter *filter)
{
	enum cli_exit exit = check_months(filter);
	if (exit == CLI_DONE)
		exit = check_names(cli, filter);
	request->score.item = or_empty(filter->item);
	request->score.domain = or_empty(filter->domain);
	request->score.period = or_empty(filter->period);
	request->score.from = or_empty(filter->from);
	request->score.to = or_empty(filter->to);
	return exit;
}

enum cli_exit score_unit(
    const struct unit **unit_out, struct cli *cli, const char *text)
{
	enum cli_exit exit = session_unit(unit_out, cli, text);
	if (exit != CLI_DONE || *unit_out)
		return exit;
	say_error(_("Which unit?"));
	return CLI_USAGE;
}

enum cli_exit score_check_kind(
    struct cli *cli, const char *kind, const char *level)
{
	unsigned depth;
	if (kind && strcmp(kind, "area") != 0 &&
	    strcmp(kind, "department") != 0) {
		say_error(_("--%s is one of %s, not “%s”."), "kind",
		    "area, department", kind);
		return CLI_USAGE;
	}
	enum cli_exit exit = session_org(cli);
	if (exit != CLI_DONE || !level ||
	    org_level_depth(&depth, cli->org, level) == 0)
		return exit;
	say_error(_("units.csv has no level %s."), level);
	return CLI_USAGE;
}

bool score_is_of_level(
    const struct cli *cli, const struct unit_code *code, const char *level)
{
	const struct unit *unit = org_unit(cli->org, code);
	return !level || (unit && strcmp(unit->level, level) == 0);
}

/* ---- the answer ---- */

static bool is_same_line(
    const struct score_line *line, const struct wire_score_line *from)
{
	return code_equal(&line->unit, &from->unit) &&
	       code_equal(&line->other, &from->other) &&
	       strcmp(line->item, from->item) == 0 &&
	       strcmp(line->domain, from->domain) == 0 &&
	       strcmp(line->period, from->period) == 0;
}

/* A unit's lines come together; the rest of a page is on the next. */
static struct score_line *line_for(
    struct score_lines *lines, const struct wire_score_line *from)
{
	for (size_t i = lines->count; i > 0; i--) {
		if (!code_equal(&lines->of[i - 1].unit, &from->unit))
			break;
		if (is_same_line(&lines->of[i - 1], from))
			return &lines->of[i - 1];
	}
	if (lines->count == lines->cap) {
		size_t cap = lines->cap ? 2 * lines->cap : 256;
		struct score_line *grown =
		    realloc(lines->of, cap * sizeof(*grown));
		if (!grown)
			return NULL;
		lines->of = grown;
		lines->cap = cap;
	}
	struct score_line *line = &lines->of[lines->count++];
	memset(line, 0, sizeof(*line));
	line->unit = from->unit;
	line->other = from->other;
	snprintf(line->item, sizeof(line->item), "%s", from->item);
	snprintf(line->domain, sizeof(line->domain), "%s", from->domain);
	snprintf(line->period, sizeof(line->period), "%s", from->period);
	return line;
}

static void add_line(
    struct score_line *line, const struct wire_score_line *from)
{
	for (size_t i = 0; i < from->count_count && i < SCORE_COUNT; i++)
		line->counts[i] += from->counts[i];
	line->has_raters |= from->by_raters_count > 0;
	for (size_t i = 0; i < from->by_raters_count; i++)
		line->by_raters[SCORE_RATED + i] += from->by_raters[i];
	line->is_partial |= from->is_partial;
	line->unaccepted += from->unaccepted;
	line->unrated += from->unrated;
}

static void take_formula(
    struct score_lines *lines, const struct wire_score_formula *from)
{
	struct score_formula *to = &lines->formula;
	to->is_given = from->is_given;
	to->mostly = from->is_given ? (enum score_mostly)from->mostly_halves
				    : SCORE_MOSTLY_DEFAULT;
	for (unsigned i = 0; i < RATE_COUNT; i++)
		to->weights[i] = from->weights[i];
	to->raters_part = from->raters_part;
	snprintf(lines->raters, sizeof(lines->raters), "%s", from->raters);
	to->raters = lines->raters;
}

static enum cli_exit take_page(
    struct score_lines *lines, const struct wire_reply *reply)
{
	take_formula(lines, &reply->score.formula);
	for (size_t i = 0; i < reply->score.count; i++) {
		struct score_line *line =
		    line_for(lines, &reply->score.lines[i]);
		if (!line)
			return say_failure(ERR_NOMEM, "whistle");
		add_line(line, &reply->score.lines[i]);
	}
	return CLI_DONE;
}

static void rate_lines(struct score_lines *lines)
{
	for (size_t i = 0; i < lines->count; i++) {
		struct score_line *line = &lines->of[i];
		line->rates = score_rates(line->counts, lines->formula.mostly);
		line->whole = score_whole(&lines->formula, line->counts,
		    line->has_raters ? line->by_raters : NULL);
	}
}

enum cli_exit score_fetch(struct score_lines *lines_out, struct cli *cli,
    struct wire_request *request)
{
	struct wire_reply reply;
	struct buf cursor = { 0 };
	enum cli_exit exit;
	*lines_out = (struct score_lines){ .count = 0 };
	do {
		memset(&request->id, 0, sizeof(request->id));
		request->score.cursor = bytes_of(cursor.data, cursor.len);
		exit = session_ask(&reply, cli, request, "");
		if (exit == CLI_DONE && reply.result == RESULT_REFUSED)
			exit = say_result(cli, &reply, "");
		if (exit == CLI_DONE)
			exit = take_page(lines_out, &reply);
		buf_clear(&cursor);
		if (exit == CLI_DONE &&
		    buf_add(&cursor, reply.score.cursor.data,
			reply.score.cursor.len) < 0)
			exit = say_failure(ERR_NOMEM, "whistle");
	} while (exit == CLI_DONE && cursor.len > 0);
	buf_free(&cursor);
	rate_lines(lines_out);
	return exit;
}

void score_lines_free(struct score_lines *lines)
{
	free(lines->of);
	*lines = (struct score_lines){ .count = 0 };
}

/* ---- how it is written ---- */

char *score_permille_text(char out[SCORE_RATE_TEXT], int permille)
{
	if (permille < 0)
		snprintf(out, SCORE_RATE_TEXT, "-");
	else
		snprintf(out, SCORE_RATE_TEXT, "%d.%d%%", permille / 10,
		    permille % 10);
	return out;
}

char *score_halves_text(char out[SCORE_RATE_TEXT], uint64_t halves)
{
	snprintf(out, SCORE_RATE_TEXT, "%llu%s",
	    (unsigned long long)(halves / 2), halves % 2 ? ".5" : "");
	return out;
}

char *score_rate_text(char out[SCORE_RATE_TEXT], const struct score_rate *rate)
{
	char in[SCORE_RATE_TEXT];
	if (rate->permille < 0)
		return score_permille_text(out, rate->permille);
	snprintf(out, SCORE_RATE_TEXT, "%d.%d%% (%.20s/%llu)",
	    rate->permille / 10, rate->permille % 10,
	    score_halves_text(in, rate->halves), (unsigned long long)rate->of);
	return out;
}

void score_unit_cell(
    struct table *table, const struct cli *cli, const struct score_line *line)
{
	char name[UNIT_NAME_TEXT];
	unit_name(name, cli->org, &line->unit);
	if (line->is_partial)
		table_cell_format(table, "%s *", name);
	else
		table_cell(table, name);
}

void score_partial_note(const struct cli *cli, const struct score_lines *lines)
{
	const struct unit *first = NULL;
	for (size_t i = 0; !first && i < lines->count; i++)
		if (lines->of[i].is_partial)
			first = org_unit(cli->org, &lines->of[i].unit);
	if (!first)
		return;
	printf(_("* %s knows only some of this unit's tickets: those that "
		 "came through the units it serves. Ask a node that has them "
		 "all: --node %s.\n"),
	    cli->node->name, first->node->name);
}

const char *score_lack_text(enum score_lack lack)
{
	switch (lack) {
	case LACK_FORMULA:
		return _("the catalogue gives no weights (score:)");
	case LACK_COUNTS:
		return _("a rate that weighs has no denominator yet");
	case LACK_RATERS:
		return _("those whose ratings must weigh have not rated it "
			 "yet");
	default:
		return "";
	}
}

/* ---- JSON ---- */

json_t *score_rate_json(const struct score_rate *rate)
{
	json_t *value = rate->permille < 0
			    ? json_null()
			    : json_real((double)rate->permille / 1000.0);
	json_t *in = rate->halves % 2
			 ? json_real((double)rate->halves / 2.0)
			 : json_integer((json_int_t)(rate->halves / 2));
	return json_pack("{s:o,s:o,s:I}", "rate", value, "in", in, "of",
	    (json_int_t)rate->of);
}

json_t *score_formula_json(const struct score_formula *formula)
{
	static const char *const mostly[] = { "none", "half", "full" };
	json_t *weights = json_object();
	if (!formula->is_given)
		return json_null();
	for (unsigned i = 0; i < RATE_COUNT; i++)
		json_object_set_new(weights,
		    score_rate_name((enum score_rate_kind)i),
		    json_integer((json_int_t)formula->weights[i]));
	return json_pack("{s:o,s:s,s:o,s:i}", "weights", weights,
	    "mostly_satisfied", mostly[formula->mostly], "raters",
	    json_text(formula->raters), "raters_part",
	    (int)formula->raters_part);
}

static void set_score(json_t *object, const struct score_line *line)
{
	const struct score_whole *whole = &line->whole;
	json_object_set_new(object, "score",
	    whole->permille < 0 ? json_null()
				: json_real((double)whole->permille / 1000.0));
	json_object_set_new(object, "score_lacks",
	    whole->lack ? json_text(score_lack_name(whole->lack))
			: json_null());
}

json_t *score_line_json(const struct cli *cli, const struct score_line *line)
{
	const struct unit *unit = org_unit(cli->org, &line->unit);
	json_t *object = json_object(), *counts = json_object();
	json_t *shares = json_object();
	json_object_set_new(object, "unit", json_unit(&line->unit));
	json_object_set_new(
	    object, "name", unit ? json_text(unit->name) : json_null());
	json_object_set_new(object, "item", json_text(line->item));
	json_object_set_new(object, "domain", json_text(line->domain));
	json_object_set_new(object, "period", json_text(line->period));
	for (unsigned i = 0; i < RATE_COUNT; i++)
		json_object_set_new(object,
		    score_rate_name((enum score_rate_kind)i),
		    score_rate_json(&line->rates.of[i]));
	set_score(object, line);
	for (unsigned i = 0; i < SHARE_COUNT; i++) {
		struct score_rate share =
		    score_share(line->counts, (enum score_share_kind)i);
		json_object_set_new(shares,
		    score_share_name((enum score_share_kind)i),
		    score_rate_json(&share));
	}
	json_object_set_new(object, "shares", shares);
	for (unsigned i = 0; i < SCORE_COUNT; i++)
		json_object_set_new(counts,
		    score_count_name((enum score_count)i),
		    json_integer((json_int_t)line->counts[i]));
	json_object_set_new(object, "counts", counts);
	json_object_set_new(
	    object, "complete", json_boolean(!line->is_partial));
	return object;
}

#include "score_lines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "lang.h"
#include "say.h"
#include "session.h"
#include "unit_name.h"

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

void score_lack_note(const struct score_lines *lines)
{
	bool is_said[LACK_COUNT] = { false };
	for (size_t i = 0; i < lines->count; i++) {
		enum score_lack lack = lines->of[i].whole.lack;
		if (!lack || is_said[lack])
			continue;
		is_said[lack] = true;
		printf(_("No score (-): %s.\n"), score_lack_text(lack));
	}
}

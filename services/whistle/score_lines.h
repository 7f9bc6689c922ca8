/*
 * What the commands of "whistle score" share: which part of the counts is
 * asked for, the lines that a node answers with, page by page, and how a
 * rate is written.
 */
#ifndef WHISTLE_CLI_SCORE_LINES_H
#define WHISTLE_CLI_SCORE_LINES_H

#include "cli.h"
#include "json.h"
#include "score/rates.h"
#include "table.h"

/* Which counts: options of several commands. */
struct score_filter {
	const char *item, *domain, *period, *from, *to;
};

#define SCORE_FILTER_ROWS(filter)                                              \
	{ "item", OPTION_TEXT, &(filter).item, 0, 0, "ITEM",                   \
		N_("only this item of the catalogue") },                       \
	    { "domain", OPTION_TEXT, &(filter).domain, 0, 0, "DOMAIN",         \
		    N_("only items of this domain of the catalogue") },        \
	    { "period", OPTION_TEXT, &(filter).period, 0, 0, "MONTH",          \
		    N_("one month, as 2026-11 (all time)") },                  \
	    { "from", OPTION_TEXT, &(filter).from, 0, 0, "MONTH",              \
		    N_("from this month on") },                                \
	{                                                                      \
		"to", OPTION_TEXT, &(filter).to, 0, 0, "MONTH",                \
		    N_("up to this month, this one too")                       \
	}

struct score_line {
	struct unit_code unit, other;
	char item[ITEM_CODE_MAX], domain[ITEM_CODE_MAX];
	char period[SCORE_PERIOD_TEXT];
	uint64_t counts[SCORE_COUNT];
	bool has_raters;
	uint64_t by_raters[SCORE_COUNT];
	bool is_partial;
	uint64_t unaccepted, unrated;
	struct score_rates rates;
	struct score_whole whole;
};

struct score_lines {
	struct score_line *of;
	size_t count, cap;
	struct score_formula formula;
	char raters[NAME_MAX_BYTES];
};

/* ---- score_ask.c ---- */
/* Puts the filter into a question; what makes no sense is said. */
enum cli_exit score_filter_ask(struct wire_request *request, struct cli *cli,
    const struct score_filter *filter);
/* What one unit is asked about, by its code or name; refuses "". */
enum cli_exit score_unit(
    const struct unit **unit_out, struct cli *cli, const char *text);
/* area, department or NULL; a level of units.csv or NULL. */
enum cli_exit score_check_kind(
    struct cli *cli, const char *kind, const char *level);
bool score_is_of_level(
    const struct cli *cli, const struct unit_code *code, const char *level);

/* ---- score_lines.c ---- */
/* All pages; lines of one unit and key are one line. Yours to
 * score_lines_free. */
enum cli_exit score_fetch(struct score_lines *lines_out, struct cli *cli,
    struct wire_request *request);
void score_lines_free(struct score_lines *lines);

/* "92.3% (12/13)", "-" without a denominator. */
enum { SCORE_RATE_TEXT = 64 };
char *score_rate_text(char out[SCORE_RATE_TEXT], const struct score_rate *rate);
/* "92.3%", "-". */
char *score_permille_text(char out[SCORE_RATE_TEXT], int permille);
/* "12", "12.5" */
char *score_halves_text(char out[SCORE_RATE_TEXT], uint64_t halves);
/* The unit's name, marked when the node does not know all its tickets. */
void score_unit_cell(
    struct table *table, const struct cli *cli, const struct score_line *line);
/* Says under a table which nodes know more, if any unit is marked. */
void score_partial_note(const struct cli *cli, const struct score_lines *lines);
const char *score_lack_text(enum score_lack lack);
/* Says under a table why units in it have no score, each reason once. */
void score_lack_note(const struct score_lines *lines);

/* ---- score_json.c ---- */
/* Unit, rates, score, shares and all counts. */
json_t *score_line_json(const struct cli *cli, const struct score_line *line);
json_t *score_rate_json(const struct score_rate *rate);
json_t *score_formula_json(const struct score_formula *formula);

/* ---- score_words.c: what each count and rate is, for people ---- */
const char *score_count_meaning(enum score_count count);
const char *score_rate_title(enum score_rate_kind rate);
const char *score_rate_meaning(enum score_rate_kind rate);
const char *score_share_title(enum score_share_kind share);
const char *score_share_meaning(enum score_share_kind share);

/* Their options; counts of rows, since score.c sees no definition. */
enum {
	SCORE_FILTERS = 5,
	SCORE_RANK_ROWS = 4 + SCORE_FILTERS,
	SCORE_TREND_ROWS = SCORE_FILTERS,
	SCORE_BURDEN_ROWS = SCORE_FILTERS,
	SCORE_TICKETS_ROWS = 6 + SCORE_FILTERS,
};
extern const struct option_row score_rank_rows[SCORE_RANK_ROWS];
extern const struct option_row score_trend_rows[SCORE_TREND_ROWS];
extern const struct option_row score_burden_rows[SCORE_BURDEN_ROWS];
extern const struct option_row score_tickets_rows[SCORE_TICKETS_ROWS];

/* The commands, a file each; score.c has their rows. */
#define SCORE_RUN(name)                                                        \
	enum cli_exit name(struct cli *cli, const struct cli_command *command, \
	    int count, char **words)
SCORE_RUN(score_board_run);
SCORE_RUN(score_unit_run);
SCORE_RUN(score_rank_run);
SCORE_RUN(score_burden_run);
SCORE_RUN(score_trend_run);
SCORE_RUN(score_tickets_run);

/* ---- score_tickets.c: the events behind a number ---- */
struct score_drill {
	struct unit_code unit;
	const struct score_filter *filter;
	struct score_events events;
	const char *open; /* "accept", "rating" or "" */
	struct unit_code other;
};
/* Calls `visit` for up to `limit` of them until it says nonzero, an ERR_*;
 * *hidden_out is how many may not be seen, *is_more_out whether there are
 * others. */
enum cli_exit score_drill(uint64_t *hidden_out, bool *is_more_out,
    struct cli *cli, const struct score_drill *drill, size_t limit,
    int (*visit)(void *context, const struct wire_ticket_row *ticket,
	const struct wire_scored *event),
    void *context);

#endif

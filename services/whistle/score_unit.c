/*
 * whistle score show UNIT: one unit's rates and shares; with --explain how
 * each comes about, what is left out, and what each count means; with
 * --tickets which tickets these are.
 */
#include <stdio.h>
#include <string.h>
#include "base/err.h"
#include "lang.h"
#include "say.h"
#include "score_board.h"
#include "session.h"
#include "unit_name.h"
#include "words.h"

enum { SIDES = SIDE_COUNT + 1, SIDE_OPEN = SIDE_COUNT, SHOWN_TICKETS = 10 };

/* What a side of a rate is, in words. */
static const char *const sides[RATE_COUNT][SIDES] = {
	[RATE_RESPONSE] = {
		[SIDE_IN] = N_("in time"),
		[SIDE_MISSED] = N_("late, or not when the deadline passed"),
		[SIDE_LEFT_OUT] = N_("left out: excluded since"),
		[SIDE_OPEN] = N_("not yet: not accepted, and not late; now"),
	},
	[RATE_COMPLETION] = {
		[SIDE_IN] = N_("rated as resolved"),
		[SIDE_MISSED] = N_("rated as not resolved"),
		[SIDE_LEFT_OUT] = N_("left out: excluded"),
		[SIDE_OPEN] = N_("not yet: resolved and not verified; now"),
	},
	[RATE_SATISFACTION] = {
		[SIDE_IN] = N_("satisfied"),
		[SIDE_MISSED] = N_("dissatisfied"),
		[SIDE_LEFT_OUT] = N_("left out: rated without a verdict"),
		[SIDE_OPEN] = N_("not yet: resolved and not verified; now"),
	},
};

/* How "mostly satisfied" is taken. */
static const char *mostly_text(enum score_mostly mostly)
{
	static const char *const texts[] = {
		[MOSTLY_NONE] = N_("mostly satisfied does not count"),
		[MOSTLY_HALF] = N_("mostly satisfied counts half"),
		[MOSTLY_FULL] = N_("mostly satisfied counts fully"),
	};
	return _(texts[mostly]);
}

/* How many events are on a side: a rating that is not "resolved" has no
 * count of its own. */
static uint64_t side_count(const struct score_line *line,
    enum score_rate_kind rate, unsigned side, enum score_mostly mostly)
{
	uint64_t count = 0;
	if (side == SIDE_OPEN)
		return rate == RATE_RESPONSE ? line->unaccepted : line->unrated;
	struct score_events events =
	    score_events(rate, (enum score_side)side, mostly);
	for (unsigned i = 0; i < SCORE_COUNT; i++) {
		if (events.any >> i & 1)
			count += line->counts[i];
		if (events.none >> i & 1)
			count -= line->counts[i];
	}
	return count;
}

static const char *side_word(unsigned side)
{
	return side == SIDE_OPEN ? "open"
				 : score_side_name((enum score_side)side);
}

/* ---- which tickets ---- */

struct ids {
	json_t *list; /* NULL: printed */
	size_t count;
};

static int add_id(void *context, const struct wire_ticket_row *ticket,
    const struct wire_scored *event)
{
	struct ids *ids = context;
	char id[ID_TEXT];
	(void)event;
	ids->count++;
	if (!ids->list) {
		printf("      %s  ", id_format(id, &ticket->ticket.id));
		say_line(stdout, ticket->title);
		printf("\n");
		return 0;
	}
	return json_array_append_new(ids->list, json_id(&ticket->ticket.id))
		   ? ERR_NOMEM
		   : 0;
}

struct explaining {
	struct cli *cli;
	const struct score_lines *lines;
	const struct score_line *line;
};

static enum cli_exit side_tickets(const struct explaining *explaining,
    enum score_rate_kind rate, unsigned side, struct ids *ids)
{
	struct score_drill drill = { .unit = explaining->line->unit,
		.filter = &score_show.filter,
		.open = "" };
	size_t limit = ids->list ? (size_t)LIST_PAGE_MAX : SHOWN_TICKETS;
	bool is_more = false;
	uint64_t hidden = 0;
	if (side == SIDE_OPEN)
		drill.open = rate == RATE_RESPONSE ? "accept" : "rating";
	else
		drill.events = score_events(rate, (enum score_side)side,
		    explaining->lines->formula.mostly);
	enum cli_exit exit = score_drill(
	    &hidden, &is_more, explaining->cli, &drill, limit, add_id, ids);
	if (exit != CLI_DONE || ids->list)
		return exit;
	if (hidden)
		printf("      ");
	if (hidden)
		printf(_("and %llu that you may not see\n"),
		    (unsigned long long)hidden);
	if (is_more)
		printf("      … whistle score tickets %s --rate %s --side %s\n",
		    explaining->line->unit.s, score_rate_name(rate),
		    side_word(side));
	return exit;
}

/* ---- for people ---- */

static enum cli_exit explain_rate(
    const struct explaining *explaining, enum score_rate_kind rate)
{
	const struct score_line *line = explaining->line;
	enum score_mostly mostly = explaining->lines->formula.mostly;
	char text[SCORE_RATE_TEXT];
	enum cli_exit exit = CLI_DONE;
	printf("\n%s  %s\n", score_rate_title(rate),
	    score_rate_text(text, &line->rates.of[rate]));
	printf("  = %s%s%s\n", score_rate_meaning(rate),
	    rate == RATE_SATISFACTION ? _("; ") : "",
	    rate == RATE_SATISFACTION ? mostly_text(mostly) : "");
	for (unsigned side = 0; exit == CLI_DONE && side < SIDES; side++) {
		uint64_t count = side_count(line, rate, side, mostly);
		struct ids ids = { .list = NULL };
		printf("  %6llu  %s\n", (unsigned long long)count,
		    _(sides[rate][side]));
		if (score_show.tickets && count)
			exit = side_tickets(explaining, rate, side, &ids);
	}
	return exit;
}

static void explain_department(const struct explaining *explaining)
{
	const struct score_formula *formula = &explaining->lines->formula;
	const struct score_whole *whole = &explaining->line->whole;
	char a[SCORE_RATE_TEXT], b[SCORE_RATE_TEXT], c[SCORE_RATE_TEXT];
	for (unsigned i = 0; i < RATE_COUNT; i++) {
		const struct score_part *part = &whole->parts[i];
		printf(_("  %s: %s = %u%% of what units of level %s rated, %s, "
			 "and %u%% of the rest, %s\n"),
		    score_rate_title((enum score_rate_kind)i),
		    score_permille_text(a, part->mixed), formula->raters_part,
		    words_level(formula->raters),
		    score_rate_text(b, &part->raters),
		    SCORE_PART_WHOLE - formula->raters_part,
		    score_rate_text(c, &part->rest));
	}
	printf("  %s\n",
	    _("The rest are the clock, for response, and everybody else's "
	      "ratings; where there is none, the raters' stand for all."));
}

static void explain_score(const struct explaining *explaining)
{
	const struct score_formula *formula = &explaining->lines->formula;
	const struct score_line *line = explaining->line;
	char text[SCORE_RATE_TEXT];
	printf("\n%s  %s\n", _("Score"),
	    score_permille_text(text, line->whole.permille));
	if (line->whole.lack)
		printf("  %s\n", score_lack_text(line->whole.lack));
	if (!formula->is_given)
		return;
	printf(_("  = (%u × response + %u × completion + %u × satisfaction) / "
		 "%u, the catalogue's weights\n"),
	    formula->weights[RATE_RESPONSE], formula->weights[RATE_COMPLETION],
	    formula->weights[RATE_SATISFACTION],
	    formula->weights[RATE_RESPONSE] +
		formula->weights[RATE_COMPLETION] +
		formula->weights[RATE_SATISFACTION]);
	if (line->has_raters && formula->raters[0])
		explain_department(explaining);
}

static int explain_counts(const struct score_line *line)
{
	struct table *table;
	int err = table_open(&table);
	if (err < 0)
		return err;
	printf("\n");
	table_column(table, _("COUNT"), 0);
	table_column(table, _("N"), TABLE_RIGHT);
	table_column(table, _("MEANING"), TABLE_WRAP);
	for (unsigned i = 0; i < SCORE_COUNT; i++) {
		table_row(table);
		table_cell(table, score_count_name((enum score_count)i));
		table_cell_format(
		    table, "%llu", (unsigned long long)line->counts[i]);
		table_cell(table, score_count_meaning((enum score_count)i));
	}
	err = table_print(table);
	table_close(&table);
	return err;
}

static int rates_table(const struct score_line *line)
{
	char text[SCORE_RATE_TEXT];
	struct table *table;
	int err = table_open(&table);
	if (err < 0)
		return err;
	table_bare(table);
	for (int i = 0; i < 3; i++)
		table_column(table, "", i == 2 ? TABLE_WRAP : 0);
	for (unsigned i = 0; i < RATE_COUNT; i++) {
		table_row(table);
		table_cell(table, score_rate_title((enum score_rate_kind)i));
		table_cell(table, score_rate_text(text, &line->rates.of[i]));
		table_cell(table, score_rate_meaning((enum score_rate_kind)i));
	}
	table_row(table);
	table_cell(table, _("Score"));
	table_cell(table, score_permille_text(text, line->whole.permille));
	table_cell(table,
	    line->whole.lack ? score_lack_text(line->whole.lack)
			     : _("from the three, by the catalogue's weights"));
	for (unsigned i = 0; i < SHARE_COUNT; i++) {
		struct score_rate share =
		    score_share(line->counts, (enum score_share_kind)i);
		table_row(table);
		table_cell(table, score_share_title((enum score_share_kind)i));
		table_cell(table, score_rate_text(text, &share));
		table_cell(
		    table, score_share_meaning((enum score_share_kind)i));
	}
	err = table_print(table);
	table_close(&table);
	return err;
}

static void head(const struct cli *cli, const struct score_line *line)
{
	const struct score_filter *filter = &score_show.filter;
	char name[UNIT_NAME_TEXT];
	printf("%s%s", unit_name(name, cli->org, &line->unit),
	    line->is_partial ? " *" : "");
	if (filter->period)
		printf("  %s", filter->period);
	if (filter->from || filter->to)
		printf("  %s … %s", filter->from ? filter->from : "",
		    filter->to ? filter->to : "");
	if (filter->domain)
		printf("  %s", filter->domain);
	if (filter->item)
		printf("  %s", filter->item);
	printf("\n");
}

static enum cli_exit unit_text(const struct explaining *explaining)
{
	enum cli_exit exit = CLI_DONE;
	int err = 0;
	head(explaining->cli, explaining->line);
	if (!score_show.explain)
		err = rates_table(explaining->line);
	for (unsigned i = 0;
	     score_show.explain && exit == CLI_DONE && i < RATE_COUNT; i++)
		exit = explain_rate(explaining, (enum score_rate_kind)i);
	if (exit != CLI_DONE)
		return exit;
	if (score_show.explain) {
		explain_score(explaining);
		err = explain_counts(explaining->line);
	}
	score_partial_note(explaining->cli, explaining->lines);
	return err < 0 ? say_failure(err, "whistle") : CLI_DONE;
}

/* ---- for scripts ---- */

static enum cli_exit side_json(json_t *to, const struct explaining *explaining,
    enum score_rate_kind rate, unsigned side)
{
	struct ids ids = { .list = NULL };
	enum cli_exit exit = CLI_DONE;
	json_t *object = json_object();
	json_object_set_new(object, "meaning", json_text(sides[rate][side]));
	json_object_set_new(object, "events",
	    json_integer((json_int_t)side_count(explaining->line, rate, side,
		explaining->lines->formula.mostly)));
	if (score_show.tickets) {
		ids.list = json_array();
		exit = side_tickets(explaining, rate, side, &ids);
		json_object_set_new(object, "tickets", ids.list);
	}
	json_object_set_new(
	    to, side == SIDE_LEFT_OUT ? "left_out" : side_word(side), object);
	return exit;
}

static json_t *part_json(const struct score_part *part)
{
	return json_pack("{s:o,s:o,s:o}", "raters",
	    score_rate_json(&part->raters), "rest",
	    score_rate_json(&part->rest), "mixed",
	    part->mixed < 0 ? json_null()
			    : json_real((double)part->mixed / 1000.0));
}

static enum cli_exit explain_json(
    json_t *object, const struct explaining *explaining)
{
	const struct score_line *line = explaining->line;
	enum cli_exit exit = CLI_DONE;
	json_t *explain = json_object();
	for (unsigned i = 0; exit == CLI_DONE && i < RATE_COUNT; i++) {
		enum score_rate_kind rate = (enum score_rate_kind)i;
		json_t *one = json_object();
		json_object_set_new(
		    one, "formula", json_text(score_rate_meaning(rate)));
		for (unsigned side = 0; exit == CLI_DONE && side < SIDES;
		     side++)
			exit = side_json(one, explaining, rate, side);
		if (line->has_raters)
			json_object_set_new(one, "department",
			    part_json(&line->whole.parts[i]));
		json_object_set_new(explain, score_rate_name(rate), one);
	}
	json_object_set_new(object, "explain", explain);
	return exit;
}

static enum cli_exit unit_json(const struct explaining *explaining)
{
	json_t *object = score_line_json(explaining->cli, explaining->line);
	enum cli_exit exit = CLI_DONE;
	json_object_set_new(object, "not_accepted_yet",
	    json_integer((json_int_t)explaining->line->unaccepted));
	json_object_set_new(object, "not_verified_yet",
	    json_integer((json_int_t)explaining->line->unrated));
	json_object_set_new(
	    object, "formula", score_formula_json(&explaining->lines->formula));
	if (score_show.explain)
		exit = explain_json(object, explaining);
	if (exit != CLI_DONE) {
		json_decref(object);
		return exit;
	}
	int err = json_print(object);
	return err < 0 ? say_failure(err, "JSON") : CLI_DONE;
}

SCORE_RUN(score_unit_run)
{
	struct wire_request request = { .kind = ASK_SCORE };
	struct score_lines lines = { .count = 0 };
	struct explaining explaining = { .cli = cli, .lines = &lines };
	const struct unit *unit = NULL;
	(void)command;
	(void)count;
	enum cli_exit exit = score_unit(&unit, cli, words[0]);
	if (exit == CLI_DONE)
		exit = score_filter_ask(&request, cli, &score_show.filter);
	score_show.explain |= score_show.tickets;
	if (unit)
		request.score.unit = unit->code;
	if (exit == CLI_DONE)
		exit = score_fetch(&lines, cli, &request);
	explaining.line = lines.of;
	if (exit == CLI_DONE && lines.count == 0)
		exit = say_failure(ERR_NOT_FOUND, unit->code.s);
	if (exit == CLI_DONE)
		exit =
		    cli->json ? unit_json(&explaining) : unit_text(&explaining);
	score_lines_free(&lines);
	return exit;
}

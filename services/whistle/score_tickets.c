/*
 * whistle score tickets: the events behind a number, page by page.
 */
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "lang.h"
#include "say.h"
#include "score_lines.h"
#include "session.h"
#include "story.h"
#include "ticket_json.h"
#include "unit_name.h"
#include "words.h"

/* ---- asking, page by page ---- */

static void drill_request(
    struct wire_request *request, const struct score_drill *drill)
{
	request->score.unit = drill->unit;
	request->score.wants_events = true;
	if (drill->open[0] == '\0') {
		request->score.events.any = drill->events.any;
		request->score.events.none = drill->events.none;
	}
	request->score.events.open = drill->open;
	request->score.events.other = drill->other;
}

struct drilling {
	size_t left;
	struct buf cursor;
	uint64_t *hidden;
	int (*visit)(void *context, const struct wire_ticket_row *ticket,
	    const struct wire_scored *event);
	void *context;
};

static enum cli_exit drill_page(
    struct drilling *drilling, const struct wire_reply *reply)
{
	*drilling->hidden += reply->score.hidden;
	for (size_t i = 0; i < reply->score.ticket_count; i++) {
		int err = drilling->visit(drilling->context,
		    &reply->score.tickets[i], &reply->score.events[i]);
		if (err < 0)
			return say_failure(err, "whistle");
		drilling->left--;
	}
	buf_clear(&drilling->cursor);
	if (buf_add(&drilling->cursor, reply->score.cursor.data,
		reply->score.cursor.len) < 0)
		return say_failure(ERR_NOMEM, "whistle");
	return CLI_DONE;
}

enum cli_exit score_drill(uint64_t *hidden_out, bool *is_more_out,
    struct cli *cli, const struct score_drill *drill, size_t limit,
    int (*visit)(void *context, const struct wire_ticket_row *ticket,
	const struct wire_scored *event),
    void *context)
{
	struct drilling drilling = { .left = limit,
		.hidden = hidden_out,
		.visit = visit,
		.context = context };
	struct wire_request request = { .kind = ASK_SCORE };
	struct wire_reply reply;
	enum cli_exit exit = score_filter_ask(&request, cli, drill->filter);
	*hidden_out = 0;
	drill_request(&request, drill);
	while (exit == CLI_DONE) {
		memset(&request.id, 0, sizeof(request.id));
		request.score.cursor =
		    bytes_of(drilling.cursor.data, drilling.cursor.len);
		request.score.events.limit = drilling.left < LIST_PAGE_MAX
						 ? (uint32_t)drilling.left
						 : LIST_PAGE_MAX;
		exit = session_ask(&reply, cli, &request, "");
		if (exit == CLI_DONE && reply.result == RESULT_REFUSED)
			exit = say_result(cli, &reply, "");
		if (exit == CLI_DONE)
			exit = drill_page(&drilling, &reply);
		if (!drilling.cursor.len || !drilling.left)
			break;
	}
	*is_more_out = drilling.cursor.len > 0;
	buf_free(&drilling.cursor);
	return exit;
}

/* ---- the command ---- */

enum { TICKETS_DEFAULT = 50, TICKETS_MAX = 10 * 1000 * 1000 };

static struct {
	struct score_filter filter;
	const char *rate, *side, *count, *other;
	int64_t limit;
	bool all;
} tickets = { .side = "missed" };

const struct option_row score_tickets_rows[SCORE_TICKETS_ROWS] = {
	{ "rate", OPTION_TEXT, &tickets.rate, 0, 0, "RATE",
	    N_("behind this rate: response, completion or satisfaction") },
	{ "side", OPTION_TEXT, &tickets.side, 0, 0, "SIDE",
	    N_("of the rate: in (its numerator), missed, left-out or open") },
	{ "count", OPTION_TEXT, &tickets.count, 0, 0, "COUNT",
	    N_("or behind this count, as in --json: pushed, returned …") },
	{ "other", OPTION_TEXT, &tickets.other, 0, 0, "UNIT",
	    N_("only those from, to or rated by this unit") },
	SCORE_FILTER_ROWS(tickets.filter),
	{ "limit", OPTION_NUMBER, &tickets.limit, 1, TICKETS_MAX, "N",
	    N_("at most so many (50; with --json all)") },
	{ "all", OPTION_FLAG, &tickets.all, 0, 0, "",
	    N_("however many there are") },
};

static enum cli_exit bad_word(
    const char *option, const char *words, const char *said)
{
	say_error(_("--%s is one of %s, not “%s”."), option, words, said);
	return CLI_USAGE;
}

static enum cli_exit read_count(struct score_drill *drill)
{
	enum score_count count = score_count_of(tickets.count);
	if (count == SCORE_COUNT) {
		say_error(_("There is no count “%s”; whistle score show UNIT "
			    "--json has them all."),
		    tickets.count);
		return CLI_USAGE;
	}
	drill->events.any = UINT64_C(1) << count;
	return CLI_DONE;
}

/* Which half of the rate depends on what the catalogue calls satisfied. */
static enum cli_exit read_rate(struct score_drill *drill, struct cli *cli)
{
	unsigned rate = 0, side = 0;
	while (rate < RATE_COUNT &&
	       strcmp(score_rate_name((enum score_rate_kind)rate),
		   tickets.rate) != 0)
		rate++;
	while (
	    side < SIDE_COUNT &&
	    strcmp(score_side_name((enum score_side)side), tickets.side) != 0)
		side++;
	if (rate == RATE_COUNT)
		return bad_word(
		    "rate", "response, completion, satisfaction", tickets.rate);
	if (side == SIDE_COUNT && strcmp(tickets.side, "open") != 0)
		return bad_word(
		    "side", "in, missed, left-out, open", tickets.side);
	if (side == SIDE_COUNT) {
		drill->open = rate == RATE_RESPONSE ? "accept" : "rating";
		return CLI_DONE;
	}
	enum cli_exit exit = session_catalogue(cli);
	if (exit == CLI_DONE)
		drill->events = score_events((enum score_rate_kind)rate,
		    (enum score_side)side,
		    (enum score_mostly)catalogue_score(cli->catalogue)
			->mostly_halves);
	return exit;
}

static enum cli_exit read_what(struct score_drill *drill, struct cli *cli)
{
	if (!tickets.rate == !tickets.count) {
		say_error(_("Behind what? --rate response, completion or "
			    "satisfaction; or --count COUNT."));
		return CLI_USAGE;
	}
	return tickets.count ? read_count(drill) : read_rate(drill, cli);
}

struct showing {
	struct cli *cli;
	struct table *table; /* NULL: JSON */
	struct json_stream stream;
};

static json_t *event_json(struct cli *cli, const struct wire_ticket_row *ticket,
    const struct wire_scored *event)
{
	json_t *object = json_object(), *counts = json_array();
	for (unsigned i = 0; i < SCORE_COUNT; i++)
		if (event->counts >> i & 1)
			json_array_append_new(counts,
			    json_text(score_count_name((enum score_count)i)));
	json_object_set_new(object, "id", json_id(&ticket->ticket.id));
	json_object_set_new(
	    object, "seq", json_integer((json_int_t)event->seq));
	json_object_set_new(object, "time", json_time(event->time_ms));
	json_object_set_new(object, "counts", counts);
	json_object_set_new(object, "item", json_text(event->item));
	json_object_set_new(object, "period", json_text(event->period));
	json_object_set_new(object, "other", json_unit(&event->other));
	json_object_set_new(object, "ticket", ticket_json_row(cli, ticket));
	return object;
}

static int show_one(void *context, const struct wire_ticket_row *ticket,
    const struct wire_scored *event)
{
	struct showing *showing = context;
	char id[ID_TEXT], name[UNIT_NAME_TEXT], when[STORY_TIME_TEXT];
	struct table *table = showing->table;
	if (!table)
		return json_stream_add(
		    &showing->stream, event_json(showing->cli, ticket, event));
	table_row(table);
	table_cell(table, id_format(id, &ticket->ticket.id));
	table_cell(table, story_time(when, event->time_ms));
	table_cell_format(table, "%u", (unsigned)event->seq);
	table_cell(table, words_of(WORD_STATE, ticket->ticket.state));
	table_cell(table, unit_name(name, showing->cli->org, &event->other));
	table_cell(
	    table, session_item_name(showing->cli,
		       event->item[0] ? event->item : ticket->ticket.item));
	table_cell(table, ticket->title);
	return 0;
}

static int open_table(struct table **table_out)
{
	int err = table_open(table_out);
	if (err < 0)
		return err;
	table_column(*table_out, "ID", 0);
	table_column(*table_out, _("WHEN"), 0);
	table_column(*table_out, _("SEQ"), TABLE_RIGHT);
	table_column(*table_out, _("STATE"), 0);
	table_column(*table_out, _("FROM, TO, BY"), TABLE_CUT);
	table_column(*table_out, _("ITEM"), TABLE_CUT);
	table_column(*table_out, _("TITLE"), TABLE_CUT);
	return 0;
}

static enum cli_exit show_all(struct cli *cli, const struct score_drill *drill)
{
	struct showing showing = { .cli = cli };
	bool is_more = false;
	uint64_t hidden;
	size_t limit = tickets.all || (cli->json && !tickets.limit)
			   ? (size_t)TICKETS_MAX
		       : tickets.limit ? (size_t)tickets.limit
				       : (size_t)TICKETS_DEFAULT;
	if (!cli->json && open_table(&showing.table) < 0)
		return say_failure(ERR_NOMEM, "whistle");
	enum cli_exit exit = score_drill(
	    &hidden, &is_more, cli, drill, limit, show_one, &showing);
	if (cli->json)
		json_stream_end(&showing.stream);
	else if (exit == CLI_DONE && table_print(showing.table) < 0)
		exit = say_failure(ERR_NOMEM, "whistle");
	table_close(&showing.table);
	if (exit == CLI_DONE && hidden > 0)
		fprintf(stderr, _("And %llu that you may not see.\n"),
		    (unsigned long long)hidden);
	if (exit == CLI_DONE && is_more)
		fprintf(stderr, "%s\n",
		    _("There are more; see --limit and --all."));
	return exit;
}

SCORE_RUN(score_tickets_run)
{
	struct score_drill drill = { .filter = &tickets.filter, .open = "" };
	const struct unit *unit = NULL, *other = NULL;
	(void)command;
	(void)count;
	enum cli_exit exit = score_unit(&unit, cli, words[0]);
	if (exit == CLI_DONE)
		exit = session_unit(&other, cli, tickets.other);
	if (exit == CLI_DONE)
		exit = read_what(&drill, cli);
	if (exit != CLI_DONE)
		return exit;
	drill.unit = unit->code;
	if (other)
		drill.other = other->code;
	return show_all(cli, &drill);
}

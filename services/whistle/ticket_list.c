/*
 * whistle ticket list and queue: the tickets that a node knows, and what a
 * unit has to do, page by page.
 */
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "commands.h"
#include "json.h"
#include "lang.h"
#include "queue_view.h"
#include "say.h"
#include "session.h"
#include "table.h"
#include "ticket_count.h"
#include "ticket_json.h"
#include "ticket_view.h"

enum { LIST_DEFAULT = 50, LIST_MAX = 10 * 1000 * 1000 };

static struct {
	const char *state, *holder, *under, *item, *place, *kind;
	const char *outcome, *channel;
	int64_t limit;
	bool all, count;
} list;

static const struct option_row list_rows[] = {
	{ "state", OPTION_TEXT, &list.state, 0, 0, "STATE",
	    N_("only tickets in this state: open, accepted, waiting, "
	       "resolved, closed …") },
	{ "holder", OPTION_TEXT, &list.holder, 0, 0, "UNIT",
	    N_("only those that this unit holds") },
	{ "under", OPTION_TEXT, &list.under, 0, 0, "UNIT",
	    N_("only those held by this unit or any below it") },
	{ "item", OPTION_TEXT, &list.item, 0, 0, "ITEM",
	    N_("only this item of the catalogue") },
	{ "place", OPTION_TEXT, &list.place, 0, 0, "UNIT",
	    N_("only those whose trouble is there") },
	{ "kind", OPTION_TEXT, &list.kind, 0, 0, "KIND",
	    N_("appeal or callout") },
	{ "outcome", OPTION_TEXT, &list.outcome, 0, 0, "OUTCOME",
	    N_("only those that ended so: solved or explained") },
	{ "channel", OPTION_TEXT, &list.channel, 0, 0, "CHANNEL",
	    N_("only those solved so: government, self-government, market, "
	       "community-funds, mediation or unstated") },
	{ "count", OPTION_FLAG, &list.count, 0, 0, "",
	    N_("not the tickets, but how many there are by state, outcome "
	       "and channel") },
	{ "limit", OPTION_NUMBER, &list.limit, 1, LIST_MAX, "N",
	    N_("at most so many (50; with --json all)") },
	{ "all", OPTION_FLAG, &list.all, 0, 0, "",
	    N_("however many there are") },
};

static enum cli_exit list_code(
    struct unit_code *code_out, struct cli *cli, const char *text)
{
	const struct unit *unit;
	enum cli_exit exit = session_unit(&unit, cli, text);
	if (unit)
		*code_out = unit->code;
	return exit;
}

static enum cli_exit list_request(
    struct wire_request *request_out, struct cli *cli)
{
	struct wire_request request = { .kind = ASK_LIST };
	unsigned ignored;
	enum cli_exit exit =
	    session_word(&ignored, WORD_STATE, "state", list.state);
	if (exit == CLI_DONE)
		exit = session_word(&ignored, WORD_KIND, "kind", list.kind);
	if (exit == CLI_DONE)
		exit = session_word(
		    &ignored, WORD_OUTCOME, "outcome", list.outcome);
	if (exit == CLI_DONE)
		exit = session_word(
		    &ignored, WORD_CHANNEL, "channel", list.channel);
	if (exit == CLI_DONE)
		exit = list_code(&request.list.holder, cli, list.holder);
	if (exit == CLI_DONE)
		exit = list_code(&request.list.under, cli, list.under);
	if (exit == CLI_DONE)
		exit = list_code(&request.list.place, cli, list.place);
	request.list.state = list.state ? list.state : "";
	request.list.kind = list.kind ? list.kind : "";
	request.list.outcome = list.outcome ? list.outcome : "";
	request.list.channel = list.channel ? list.channel : "";
	request.list.item = list.item ? list.item : "";
	request.list.external_id = "";
	*request_out = request;
	return exit;
}

/* Where rows go while pages come in. */
struct listing {
	struct table *table; /* NULL: JSON, or a count */
	bool is_queue, has_holders;
	bool is_partial;	    /* there was more than could be looked at */
	struct ticket_count *count; /* NULL: the tickets themselves */
	struct json_stream stream;
	int64_t wanted, left; /* rows; how many more may be shown */
	struct buf cursor;
};

static enum cli_exit list_page(
    struct listing *listing, struct cli *cli, const struct wire_reply *reply)
{
	for (size_t i = 0; i < reply->list.count && listing->left > 0; i++) {
		const struct wire_ticket_row *row = &reply->list.tickets[i];
		int err = 0;
		if (listing->count)
			ticket_count_add(listing->count, &row->ticket);
		else if (!listing->table)
			err = json_stream_add(&listing->stream,
			    listing->is_queue ? queue_view_json(cli, row)
					      : ticket_json_row(cli, row));
		else if (listing->is_queue)
			queue_view_row(
			    listing->table, cli, row, listing->has_holders);
		else
			ticket_view_row(listing->table, cli, row);
		if (err < 0)
			return say_failure(err, "JSON");
		listing->left--;
	}
	listing->is_partial |= strcmp(reply->detail, "too_many") == 0;
	buf_clear(&listing->cursor);
	if (buf_add(&listing->cursor, reply->list.cursor.data,
		reply->list.cursor.len) < 0)
		return say_failure(ERR_NOMEM, "whistle");
	return CLI_DONE;
}

static enum cli_exit list_pages(
    struct listing *listing, struct cli *cli, struct wire_request *request)
{
	struct wire_reply reply;
	enum cli_exit exit;
	do {
		memset(&request->id, 0, sizeof(request->id));
		request->list.limit = listing->left < LIST_PAGE_MAX
					  ? (uint32_t)listing->left
					  : LIST_PAGE_MAX;
		request->list.cursor =
		    bytes_of(listing->cursor.data, listing->cursor.len);
		exit = session_ask(&reply, cli, request, "");
		if (exit == CLI_DONE && reply.result == RESULT_REFUSED)
			exit = say_result(cli, &reply, "");
		if (exit == CLI_DONE)
			exit = list_page(listing, cli, &reply);
	} while (
	    exit == CLI_DONE && listing->left > 0 && listing->cursor.len > 0);
	return exit;
}

/* After a failure, only what has come is shown, not that there is nothing.
 */
static enum cli_exit list_end(struct listing *listing, enum cli_exit exit)
{
	bool is_empty = listing->left == listing->wanted;
	if (exit != CLI_DONE && is_empty)
		return exit;
	if (!listing->table) {
		json_stream_end(&listing->stream);
		return exit;
	}
	int err = table_print(listing->table);
	if (err < 0)
		return say_failure(err, "whistle");
	if (exit == CLI_DONE && listing->cursor.len > 0)
		fprintf(stderr, "%s\n",
		    _("There are more; see --limit and --all."));
	return exit;
}

/* A person wants a page, a script everything. */
static int64_t list_limit(const struct cli *cli)
{
	if (list.all || (list.count && !list.limit))
		return LIST_MAX;
	if (list.limit)
		return list.limit;
	return cli->json ? LIST_MAX : LIST_DEFAULT;
}

static enum cli_exit list_count(
    struct cli *cli, struct listing *listing, struct wire_request *request)
{
	struct ticket_count count = { 0 };
	listing->count = &count;
	enum cli_exit exit = list_pages(listing, cli, request);
	int err = exit == CLI_DONE ? ticket_count_print(cli, &count) : 0;
	buf_free(&listing->cursor);
	return err < 0 ? say_failure(err, "whistle") : exit;
}

static int list_open(struct listing *listing)
{
	if (listing->is_queue)
		return queue_view_open(&listing->table, listing->has_holders);
	return ticket_view_open(&listing->table);
}

static enum cli_exit list_all(struct cli *cli, struct listing *listing)
{
	struct wire_request request;
	listing->wanted = listing->left = list_limit(cli);
	enum cli_exit exit = list_request(&request, cli);
	if (exit != CLI_DONE)
		return exit;
	request.list.queue = listing->is_queue;
	if (list.count)
		return list_count(cli, listing, &request);
	if (!cli->json && list_open(listing) < 0)
		return say_failure(ERR_NOMEM, "whistle");
	exit = list_pages(listing, cli, &request);
	exit = list_end(listing, exit);
	if (listing->is_partial)
		say_error(_("These are too many units for one answer: there "
			    "may be more urgent ones. Ask for fewer, with "
			    "--under."));
	table_close(&listing->table);
	buf_free(&listing->cursor);
	return exit;
}

static enum cli_exit list_run(
    struct cli *cli, const struct cli_command *command, int count, char **words)
{
	struct listing listing = { 0 };
	(void)command;
	(void)count;
	(void)words;
	return list_all(cli, &listing);
}

/* ---- the queue ---- */

static const struct option_row queue_rows[] = {
	{ "under", OPTION_TEXT, &list.under, 0, 0, "UNIT",
	    N_("that of this unit and of all below it") },
	{ "item", OPTION_TEXT, &list.item, 0, 0, "ITEM",
	    N_("only this item of the catalogue") },
	{ "place", OPTION_TEXT, &list.place, 0, 0, "UNIT",
	    N_("only those whose trouble is there") },
	{ "kind", OPTION_TEXT, &list.kind, 0, 0, "KIND",
	    N_("appeal or callout") },
	{ "limit", OPTION_NUMBER, &list.limit, 1, LIST_MAX, "N",
	    N_("at most so many (50; with --json all)") },
	{ "all", OPTION_FLAG, &list.all, 0, 0, "",
	    N_("however many there are") },
};

static enum cli_exit queue_run(
    struct cli *cli, const struct cli_command *command, int count, char **words)
{
	struct listing listing = { .is_queue = true };
	(void)command;
	if (count == 1)
		list.holder = words[0];
	if (list.holder && list.under) {
		say_error(_("Name one unit, or say --under."));
		return CLI_USAGE;
	}
	listing.has_holders = list.under != NULL;
	return list_all(cli, &listing);
}

static const struct cli_command rows[] = {
	{ "ticket", "list", "", 0, 0, CLI_ROWS(list_rows), list_run, NULL,
	    N_("list tickets, the newest first"), NULL },
	{ "ticket", "queue", "[UNIT]", 0, 1, CLI_ROWS(queue_rows), queue_run,
	    NULL, N_("list what waits for a person, the most urgent first"),
	    N_("What UNIT (else the operator's own) has to accept, to settle "
	       "and to rate: what is late first, then by the time that is "
	       "left, at last what has no time. What waits for departments, or "
	       "is suspended, is not in it.") },
};

const struct cli_commands ticket_list_commands = { CLI_ROWS(rows) };

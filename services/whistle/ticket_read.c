/*
 * whistle ticket list, show, trace: what a node knows, for people and for
 * scripts.
 */
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "commands.h"
#include "json.h"
#include "lang.h"
#include "say.h"
#include "session.h"
#include "story.h"
#include "table.h"
#include "ticket_count.h"
#include "ticket_id.h"
#include "ticket_json.h"
#include "ticket_view.h"

/* ---- list ---- */

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
	struct table *table;	    /* NULL: JSON, or a count */
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
		else if (listing->table)
			ticket_view_row(listing->table, cli, row);
		else
			err = json_stream_add(
			    &listing->stream, ticket_json_row(cli, row));
		if (err < 0)
			return say_failure(err, "JSON");
		listing->left--;
	}
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

static enum cli_exit list_run(
    struct cli *cli, const struct cli_command *command, int count, char **words)
{
	struct listing listing = { 0 };
	struct wire_request request;
	(void)command;
	(void)count;
	(void)words;
	listing.wanted = listing.left = list_limit(cli);
	enum cli_exit exit = list_request(&request, cli);
	if (exit != CLI_DONE)
		return exit;
	if (list.count)
		return list_count(cli, &listing, &request);
	if (!cli->json && ticket_view_open(&listing.table) < 0)
		return say_failure(ERR_NOMEM, "whistle");
	exit = list_pages(&listing, cli, &request);
	exit = list_end(&listing, exit);
	table_close(&listing.table);
	buf_free(&listing.cursor);
	return exit;
}

/* ---- show, trace ---- */

static bool show_contact;

static const struct option_row show_rows[] = {
	{ "contact", OPTION_FLAG, &show_contact, 0, 0, "",
	    N_("also the caller's name and phone number, if you may see "
	       "them") },
};

/* A broken log is shown as far as it goes, and then said to be broken. */
static enum cli_exit show_end(const struct ticket_log *log, const char *word)
{
	if (!log->problem[0])
		return CLI_DONE;
	say_error(_("%s: the log does not hold. %s"), word, log->problem);
	return CLI_FAILED;
}

static enum cli_exit show_run(
    struct cli *cli, const struct cli_command *command, int count, char **words)
{
	struct wire_reply reply;
	struct ticket_log log;
	(void)command;
	(void)count;
	enum cli_exit exit =
	    ticket_id_show(&reply, cli, words[0], show_contact);
	if (exit != CLI_DONE)
		return exit;
	int err = ticket_log_read(&log, &reply);
	if (err < 0)
		return say_failure(err, words[0]);
	if (cli->json)
		err = json_print(ticket_json_full(cli, &reply, &log));
	else
		err = ticket_view_full(cli, &reply, &log, show_contact);
	exit = err < 0 ? say_failure(err, words[0]) : show_end(&log, words[0]);
	ticket_log_close(&log);
	return exit;
}

static enum cli_exit trace_print(struct cli *cli,
    const struct wire_reply *reply, const struct ticket_log *log)
{
	char id[ID_TEXT];
	printf("%s  ", id_format(id, &reply->show.row->ticket.id));
	say_line(stdout, reply->show.row->title);
	printf("\n\n");
	for (size_t i = 0; i < log->count; i++)
		story_print(stdout, cli, &log->events[i]);
	if (!log->problem[0])
		printf(ngettext("\nlog complete: %zu event, hashes agree\n",
			   "\nlog complete: %zu events, hashes agree\n",
			   log->count),
		    log->count);
	fflush(stdout);
	return CLI_DONE;
}

static enum cli_exit trace_json(
    const struct wire_reply *reply, const struct ticket_log *log)
{
	json_t *events = json_array();
	for (size_t i = 0; i < log->count; i++)
		json_array_append_new(events,
		    ticket_json_event(&log->events[i], &log->hashes[i]));
	json_t *object = json_object();
	json_object_set_new(object, "id", json_id(&reply->show.row->ticket.id));
	json_object_set_new(object, "events", events);
	json_object_set_new(object, "log_problem", json_text(log->problem));
	int err = json_print(object);
	return err < 0 ? say_failure(err, "JSON") : CLI_DONE;
}

static enum cli_exit trace_run(
    struct cli *cli, const struct cli_command *command, int count, char **words)
{
	struct wire_reply reply;
	struct ticket_log log;
	(void)command;
	(void)count;
	enum cli_exit exit = ticket_id_show(&reply, cli, words[0], false);
	if (exit != CLI_DONE)
		return exit;
	int err = ticket_log_read(&log, &reply);
	if (err < 0)
		return say_failure(err, words[0]);
	exit = cli->json ? trace_json(&reply, &log)
			 : trace_print(cli, &reply, &log);
	if (exit == CLI_DONE)
		exit = show_end(&log, words[0]);
	ticket_log_close(&log);
	return exit;
}

static const struct cli_command rows[] = {
	{ "ticket", "list", "", 0, 0, CLI_ROWS(list_rows), list_run, NULL,
	    N_("list tickets, the newest first"), NULL },
	{ "ticket", "show", "ID", 1, 1, CLI_ROWS(show_rows), show_run, NULL,
	    N_("show one ticket in full"),
	    N_("ID is the ticket's own id, or the number that the hotline "
	       "gave it. The log is checked: every event must carry the "
	       "hash of the one before.") },
	{ "ticket", "trace", "ID", 1, 1, NULL, 0, trace_run, NULL,
	    N_("tell a ticket's whole story, step by step"), NULL },
};

const struct cli_commands ticket_read_commands = { CLI_ROWS(rows) };

/*
 * whistle ticket export: tickets as a CSV file, newest first, page by page,
 * so that memory does not grow with their number. Many are asked for at once;
 * they are written in their order. What is written of a file is noted beside
 * it, so that an export that was cut off goes on where it was.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include "base/err.h"
#include "client/records.h"
#include "commands.h"
#include "export_file.h"
#include "lang.h"
#include "say.h"
#include "session.h"

enum { WINDOW = 64, AGAIN_MS = 2000, ARENA_BYTES = 64 * 1024 * 1024 };

static struct {
	const char *output, *from, *to, *state, *under, *place, *item;
	const char *encoding;
	bool resume, mark, defuse;
} asked;

static const struct option_row export_rows[] = {
	{ "output", OPTION_TEXT, &asked.output, 0, 0, "FILE",
	    N_("write there (standard output)") },
	{ "resume", OPTION_FLAG, &asked.resume, 0, 0, "",
	    N_("go on with the FILE of an export that was cut off") },
	{ "from", OPTION_TEXT, &asked.from, 0, 0, "TIME",
	    N_("only tickets opened then or later: 2026-11-01T00:00:00+08:00 "
	       "or 2026-11-01") },
	{ "to", OPTION_TEXT, &asked.to, 0, 0, "TIME",
	    N_("only tickets opened before (now)") },
	{ "state", OPTION_TEXT, &asked.state, 0, 0, "STATE",
	    N_("only tickets in this state: open, accepted, waiting, "
	       "resolved, closed …") },
	{ "under", OPTION_TEXT, &asked.under, 0, 0, "UNIT",
	    N_("only those held by this unit or any below it") },
	{ "place", OPTION_TEXT, &asked.place, 0, 0, "UNIT",
	    N_("only those whose trouble is there") },
	{ "item", OPTION_TEXT, &asked.item, 0, 0, "ITEM",
	    N_("only this item of the catalogue") },
	{ "encoding", OPTION_TEXT, &asked.encoding, 0, 0, "NAME",
	    N_("utf-8 or gb18030 (utf-8)") },
	{ "bom", OPTION_FLAG, &asked.mark, 0, 0, "",
	    N_("begin UTF-8 with a byte order mark, which spreadsheets want") },
	{ "safe", OPTION_FLAG, &asked.defuse, 0, 0, "",
	    N_("put an apostrophe before = + - @, so that no spreadsheet "
	       "takes a text for a formula") },
};

/* One ticket of the page under way. */
struct slot {
	struct id request;
	struct id ticket;
	bool is_asked, is_here;
	struct buf record;
};

struct export
{
	struct cli *cli;
	struct records *records;
	struct arena *arena;
	struct export_file file;
	struct wire_request list;
	struct id before; /* of the page to come; zero: from the newest */
	int64_t from_ms;
	struct slot slots[LIST_PAGE_MAX];
	size_t count, next, under_way;
	bool is_last;
	int64_t heard_ms, again_ms;
};

/* ---- one page ---- */

static enum cli_exit take_page(
    struct export *export, const struct wire_reply *reply)
{
	export->count = 0;
	for (size_t i = 0; i < reply->list.count; i++) {
		const struct ticket *ticket = &reply->list.tickets[i].ticket;
		struct slot *slot;

		if (ticket->opened_ms < export->from_ms ||
		    ticket->kind != KIND_APPEAL)
			continue;
		slot = &export->slots[export->count++];
		slot->ticket = ticket->id;
		slot->is_asked = slot->is_here = false;
		buf_clear(&slot->record);
	}
	export->is_last = reply->list.cursor.len != ID_BYTES;
	if (!export->is_last) {
		struct id at;

		memcpy(export->before.b, reply->list.cursor.data, ID_BYTES);
		records_id_at(&at, export->from_ms);
		export->is_last = memcmp(export->before.b, at.b, ID_BYTES) < 0;
	}
	return CLI_DONE;
}

static enum cli_exit ask_page(struct export *export)
{
	struct wire_reply reply;
	enum cli_exit exit;

	memset(&export->list.id, 0, ID_BYTES);
	export->list.list.cursor = id_is_zero(&export->before)
				       ? (struct bytes){ 0 }
				       : bytes_of(export->before.b, ID_BYTES);
	exit = session_ask(&reply, export->cli, &export->list, "");
	if (exit == CLI_DONE && reply.result == RESULT_REFUSED)
		exit = say_result(export->cli, &reply, "");
	return exit == CLI_DONE ? take_page(export, &reply) : exit;
}

/* ---- its tickets ---- */

static int send_slot(struct export *export, struct slot *slot)
{
	struct wire_request request = { .kind = ASK_SHOW,
		.id = slot->request,
		.show.ticket = slot->ticket,
		.show.external_id = "" };
	int err = client_send(export->cli->client, &request);

	return err == ERR_UNREACHABLE ? 0 : err;
}

static int send_more(struct export *export)
{
	int err = 0;

	for (;
	     !err && export->next < export->count && export->under_way < WINDOW;
	     export->next++) {
		struct slot *slot = &export->slots[export->next];

		slot->request = client_id(export->cli->client);
		slot->is_asked = true;
		export->under_way++;
		err = send_slot(export, slot);
	}
	return err;
}

static int send_again(struct export *export, int64_t now_ms)
{
	int err = 0;

	if (now_ms < export->again_ms)
		return 0;
	export->again_ms = now_ms + AGAIN_MS;
	for (size_t i = 0; !err && i < export->next; i++)
		if (!export->slots[i].is_here)
			err = send_slot(export, &export->slots[i]);
	return err;
}

static int write_record(
    struct export *export, struct slot *slot, const struct wire_reply *reply)
{
	arena_reset(export->arena);
	return records_ticket(
	    &slot->record, export->records, reply, export->arena);
}

/* A log that one answer does not hold is asked for by itself, at the end. */
static int take_reply(struct export *export, const struct wire_reply *reply)
{
	for (size_t i = 0; i < export->next; i++) {
		struct slot *slot = &export->slots[i];

		if (slot->is_here || !id_equal(&slot->request, &reply->id))
			continue;
		slot->is_here = true;
		export->under_way--;
		slot->is_asked = reply->result == RESULT_DONE &&
				 reply->kind == ASK_SHOW && reply->show.row;
		if (!slot->is_asked)
			return 0; /* it is gone meanwhile, or not for us */
		return reply->show.next ? 0 : write_record(export, slot, reply);
	}
	return 0;
}

static enum cli_exit say_silence(struct export *export)
{
	const struct cli *cli = export->cli;

	say_error(_("Node %s does not answer at %s. Is it running? "
		    "See “whistle node list”."),
	    cli->node->name, cli->node->endpoint);
	return CLI_UNREACHABLE;
}

static enum cli_exit gather(struct export *export)
{
	struct cli *cli = export->cli;

	export->next = export->under_way = 0;
	export->heard_ms = clock_now_ms(&cli->clock);
	export->again_ms = export->heard_ms + AGAIN_MS;
	for (;;) {
		struct wire_reply reply;
		int64_t now_ms;
		int err = send_more(export);

		if (!err && export->under_way == 0)
			return CLI_DONE;
		if (!err)
			err = client_take(&reply, cli->client, AGAIN_MS / 2);
		now_ms = clock_now_ms(&cli->clock);
		if (!err) {
			export->heard_ms = now_ms;
			err = take_reply(export, &reply);
		} else if (err == ERR_TIMEOUT || err == ERR_INVALID) {
			err = send_again(export, now_ms);
		}
		if (err < 0)
			return say_failure(err, cli->node->name);
		if (now_ms - export->heard_ms > cli->timeout_s * 1000)
			return say_silence(export);
	}
}

static enum cli_exit take_long(struct export *export, struct slot *slot)
{
	struct wire_request request = { .kind = ASK_SHOW,
		.show.ticket = slot->ticket,
		.show.external_id = "" };
	struct client_log log = { 0 };
	struct wire_reply reply;
	int err = client_show(&reply, &log, export->cli->client, &request,
	    (int)export->cli->timeout_s * 1000);

	if (!err && reply.result == RESULT_DONE && reply.show.row)
		err = write_record(export, slot, &reply);
	client_log_free(&log);
	return err < 0 ? say_failure(err, export->cli->node->name) : CLI_DONE;
}

static enum cli_exit write_page(struct export *export)
{
	struct buf page = { 0 };
	enum cli_exit exit = CLI_DONE;
	int err = 0;

	for (size_t i = 0; exit == CLI_DONE && i < export->count; i++) {
		struct slot *slot = &export->slots[i];

		if (slot->is_asked && slot->record.len == 0)
			exit = take_long(export, slot);
		if (exit == CLI_DONE && !err)
			err =
			    buf_add(&page, slot->record.data, slot->record.len);
		buf_free(&slot->record);
	}
	if (err < 0)
		exit = say_failure(err, "whistle");
	if (exit == CLI_DONE)
		exit = export_file_add(&export->file, &page, export->count,
		    export->is_last ? NULL : &export->before);
	buf_free(&page);
	return exit;
}

/* ---- all of it ---- */

/* A day begins at midnight, local time. */
static bool read_day(int64_t *time_ms, const char *text)
{
	struct tm day = { .tm_isdst = -1 };
	const char *end = strptime(text, "%Y-%m-%d", &day);

	if (!end || *end != '\0' || strlen(text) != 10)
		return false;
	*time_ms = (int64_t)mktime(&day) * 1000;
	return true;
}

static enum cli_exit read_moment(
    int64_t *time_ms, const char *option, const char *text)
{
	if (!text || time_parse(time_ms, text) == 0 || read_day(time_ms, text))
		return CLI_DONE;
	say_error(_("--%s: “%s” is no time: 2026-11-01T00:00:00+08:00 or "
		    "2026-11-01."),
	    option, text);
	return CLI_USAGE;
}

static enum cli_exit read_unit(
    struct unit_code *code_out, struct cli *cli, const char *text)
{
	const struct unit *unit;
	enum cli_exit exit = session_unit(&unit, cli, text);

	if (exit == CLI_DONE && unit)
		*code_out = unit->code;
	return exit;
}

static enum cli_exit read_list(struct export *export)
{
	struct wire_request *request = &export->list;
	int64_t to_ms = 0;
	unsigned ignored;
	enum cli_exit exit =
	    session_word(&ignored, WORD_STATE, "state", asked.state);

	request->kind = ASK_LIST;
	request->list.state = asked.state ? asked.state : "";
	request->list.item = asked.item ? asked.item : "";
	request->list.kind = word_name(WORD_KIND, KIND_APPEAL);
	request->list.external_id = "";
	request->list.limit = LIST_PAGE_MAX;
	if (exit == CLI_DONE)
		exit =
		    read_unit(&request->list.under, export->cli, asked.under);
	if (exit == CLI_DONE)
		exit =
		    read_unit(&request->list.place, export->cli, asked.place);
	if (exit == CLI_DONE)
		exit = read_moment(&export->from_ms, "from", asked.from);
	if (exit == CLI_DONE)
		exit = read_moment(&to_ms, "to", asked.to);
	if (exit == CLI_DONE && to_ms)
		records_id_at(&export->before, to_ms);
	return exit;
}

static enum cli_exit open_sheet(struct export *export)
{
	struct records_style style = { .mark = asked.mark,
		.defuse = asked.defuse };
	struct buf heading = { 0 };
	enum cli_exit exit;
	int err;

	style.gb18030 =
	    asked.encoding && strcasecmp(asked.encoding, "gb18030") == 0;
	if (asked.encoding && !style.gb18030 &&
	    strcasecmp(asked.encoding, "utf-8") != 0) {
		say_error(_("--encoding is utf-8 or gb18030."));
		return CLI_USAGE;
	}
	err = records_open(&export->records, &style);
	if (!err)
		err = records_heading(&heading, export->records);
	exit = err < 0 ? say_failure(err, "whistle")
		       : export_file_open(&export->file, asked.output,
			     asked.resume, &export->before, &heading);
	buf_free(&heading);
	return exit;
}

static enum cli_exit export_all(struct export *export)
{
	enum cli_exit exit = CLI_DONE;

	while (exit == CLI_DONE && !export->is_last) {
		exit = ask_page(export);
		if (exit == CLI_DONE)
			exit = gather(export);
		if (exit == CLI_DONE)
			exit = write_page(export);
	}
	return exit;
}

static enum cli_exit export_run(
    struct cli *cli, const struct cli_command *command, int count, char **words)
{
	struct export *export = calloc(1, sizeof(*export));
	enum cli_exit exit;

	(void)command;
	(void)count;
	(void)words;
	if (!export || arena_open(&export->arena, ARENA_BYTES) < 0) {
		free(export);
		return say_failure(ERR_NOMEM, "whistle");
	}
	export->cli = cli;
	exit = read_list(export);
	if (exit == CLI_DONE)
		exit = open_sheet(export);
	if (exit == CLI_DONE)
		exit = export_all(export);
	exit = export_file_close(&export->file, exit);
	for (size_t i = 0; i < LIST_PAGE_MAX; i++)
		buf_free(&export->slots[i].record);
	records_close(&export->records);
	arena_close(&export->arena);
	free(export);
	return exit;
}

static const struct cli_command rows[] = {
	{ "ticket", "export", "", 0, 0, CLI_ROWS(export_rows), export_run, NULL,
	    N_("write tickets into a CSV file that “whistle import” takes "
	       "back"),
	    N_("The newest first, one record a ticket, without callouts and "
	       "without who called. The columns number, kind, item, title, "
	       "content, address, place, urgency, created, confidential and "
	       "callback are those of an import; the others say how the ticket "
	       "stands. number is the ticket's own id where its source gave "
	       "none. While a FILE is being written FILE.resume says how far "
	       "it is; with --resume and the same options an export that was "
	       "cut off goes on there.") },
};

const struct cli_commands ticket_export_commands = { CLI_ROWS(rows) };

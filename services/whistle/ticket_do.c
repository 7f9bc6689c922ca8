/*
 * whistle ticket open, accept, … rate: one row a verb, one function for all
 * of them. Several tickets at once where the verb says nothing that would
 * differ; each has its line, and the worst decides the exit code.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "commands.h"
#include "json.h"
#include "lang.h"
#include "say.h"
#include "session.h"
#include "ticket_do.h"
#include "ticket_id.h"
#include "ticket_ids.h"
#include "unit_name.h"
#include "wish.h"
#include "words.h"

/* ---- options ---- */

static const struct option_row open_rows[] = {
	TEXT("title", title, "TITLE", N_("the issue in one line")),
	TEXT("text", text, "TEXT", N_("the issue in full")),
	ITEM,
	PLACE,
	TEXT("address", address, "TEXT", N_("the address in words")),
	TEXT("source", source, "SOURCE",
	    N_("patrol, visit, resident or hotline (patrol)")),
	TEXT("number", number, "NUMBER", N_("the source's own number")),
	TEXT("contact-file", contact_file, "FILE",
	    N_("the caller's name on line 1, phone number on line 2 (-: "
	       "standard input)")),
	FLAG("urgent", urgent, N_("it cannot wait")),
	FLAG("confidential", confidential, N_("the caller is not to be named")),
	FLAG("callback", callback, N_("the caller wants to hear of it")),
	ATTACH,
};

static const struct option_row accept_rows[] = {
	TEXT("text", text, "TEXT", N_("a note with it")),
	ITEM,
	PLACE,
	IDS_FROM,
};

static const struct option_row note_rows[] = { ATTACH, IDS_FROM };

static const struct option_row forward_rows[] = { REASON, ITEM, PLACE,
	TEXT("permit", permit, "TEXT",
	    N_("the permit to send down what is not on the receiver's list")),
	IDS_FROM };

static const struct option_row whistle_rows[] = {
	TEXT("lead", lead, "DEPARTMENT", N_("who leads (else the first)")),
	TEXT("colour", colour, "COLOUR", N_("red, yellow or blue")),
	TEXT("kind", kind, "KIND", N_("law, project or emergency")),
	TEXT("situation", situation, "CODE",
	    N_("a situation of the catalogue: presets kind, colour and "
	       "departments")),
	TEXT("meet-at", meet_at, "PLACE", N_("where to meet")),
	TEXT("meet", meet, "TIME", N_("when to meet: 2026-11-21 15:00")),
	TEXT("text", text, "TEXT", N_("what is asked of them")),
	ITEM,
	PLACE,
	ATTACH,
};

static const struct option_row return_rows[] = {
	REASON,
	TEXT("basis", basis, "TEXT", N_("the rule or list that it rests on")),
	ITEM,
	PLACE,
	ATTACH,
	IDS_FROM,
};

static const struct option_row resolve_rows[] = {
	FLAG("solved", solved, N_("the issue is solved")),
	FLAG("as-told", as_told, N_("it was as it was told")),
	FLAG("not-as-told", not_as_told, N_("it was not as it was told")),
	TEXT("contacted", contacted, "TIME",
	    N_("when whoever raised it was spoken to: 2026-11-21 15:00")),
	TEXT("measures", measures, "TEXT", N_("what was done")),
	FLAG(
	    "explained", explained, N_("it cannot be solved; --text says why")),
	TEXT("channel", channel, "CHANNEL",
	    N_("how it was solved: government, self-government, market, "
	       "community-funds, mediation or unstated (government)")),
	TEXT("text", text, "TEXT", N_("the reply to whoever raised it")),
	ITEM,
	PLACE,
	ATTACH,
	IDS_FROM,
};

static const struct option_row reopen_rows[] = { REASON, ITEM, PLACE, ATTACH,
	IDS_FROM };

static const struct option_row rate_rows[] = {
	FLAG("satisfied", satisfied, N_("satisfied")),
	FLAG("mostly", mostly, N_("mostly satisfied")),
	FLAG("dissatisfied", dissatisfied, N_("dissatisfied")),
	FLAG("not-rated", not_rated, N_("no verdict could be had")),
	FLAG("not-responded", not_responded,
	    N_("nobody got in touch with whoever raised it")),
	FLAG("not-resolved", not_resolved, N_("the issue is still there")),
	TEXT("text", text, "TEXT", N_("in their own words")),
	IDS_FROM,
};

/* ---- what is wished ---- */

static enum cli_exit take_ids(struct ticket_ids *ids, const struct doing *doing,
    int *count, char ***words)
{
	if (doing->shape == WORDS_NONE)
		return CLI_DONE;
	if (wish.ids_from)
		return ticket_ids_from(ids, wish.ids_from);
	return ticket_ids_take(
	    ids, doing->shape == WORDS_IDS ? *count : 1, count, words);
}

static enum cli_exit one_word(const char **word_out, int count, char **words)
{
	*word_out = count == 1 ? words[0] : NULL;
	if (count <= 1)
		return CLI_DONE;
	say_error(_("That is too much: put a text in quotation marks."));
	return CLI_USAGE;
}

static enum cli_exit take_text(
    struct particulars *what, int count, char **words)
{
	const char *text;
	struct id id;
	enum cli_exit exit = one_word(&text, count, words);
	if (exit != CLI_DONE || !text)
		return exit;
	if (!bytes_is_text(bytes_of(text, strlen(text)))) {
		say_error(_("The text is not UTF-8."));
		return CLI_USAGE;
	}
	/* A text is no ticket: two of them were meant. */
	if (id_parse(&id, text) == 0) {
		say_error(_("%s is a ticket, not a text: one ticket at a "
			    "time, or --ids-from."),
		    text);
		return CLI_USAGE;
	}
	what->text = text;
	return CLI_DONE;
}

static enum cli_exit take_unit(
    struct particulars *what, struct cli *cli, int count, char **words)
{
	const char *text;
	const struct unit *unit;
	enum cli_exit exit = one_word(&text, count, words);
	if (exit != CLI_DONE)
		return exit;
	if (!text) {
		say_error(_("To which unit? Give its code or name."));
		return CLI_USAGE;
	}
	/* A department may be named by its short name, as in a whistle. */
	unit = unit_department(cli->org, cli->operator->unit, text);
	if (!unit)
		exit = session_unit(&unit, cli, text);
	if (unit)
		what->to = unit->code;
	return exit;
}

static enum cli_exit take_words(struct wished *wished, struct cli *cli,
    const struct doing *doing, int count, char **words)
{
	switch (doing->shape) {
	case WORDS_ID_TEXT:
		return take_text(&wished->what, count, words);
	case WORDS_ID_UNIT:
		return take_unit(&wished->what, cli, count, words);
	case WORDS_ID_DEPARTMENTS:
		return wish_callouts(wished, cli, count, words);
	default:
		return CLI_DONE;
	}
}

/* What goes without saying. */
static void add_defaults(
    struct particulars *what, const struct cli *cli, enum verb verb)
{
	if (verb == VERB_OPEN) {
		what->kind = KIND_APPEAL;
		if (!what->source)
			what->source = cli->operator->role == ROLE_HOTLINE
					   ? SOURCE_HOTLINE
					   : SOURCE_PATROL;
	}
	if (verb == VERB_RESOLVE && what->outcome == OUTCOME_SOLVED &&
	    !what->channel)
		what->channel = CHANNEL_GOVERNMENT;
	if (verb == VERB_RATE) {
		what->responded = !wish.not_responded;
		what->resolved = !wish.not_resolved;
	}
}

/* ---- asking ---- */

/* When the holder is on another node, only its yes comes back. */
static void say_done(struct cli *cli, const struct wire_reply *reply)
{
	char id[ID_TEXT];
	char holder[UNIT_NAME_TEXT];
	id_format(id, &reply->command.ticket);
	if (!reply->command.state)
		printf(_("%s  done"), id);
	else
		printf(_("%s  %s, with %s"), id,
		    words_of(WORD_STATE, reply->command.state),
		    unit_name(holder, cli->org, &reply->command.holder));
	if (reply->command.existed)
		printf("%s", _(" (it was there already)"));
	printf("\n");
	fflush(stdout);
}

static json_t *done_json(const struct wire_reply *reply)
{
	json_t *object = json_object();
	json_object_set_new(object, "id", json_id(&reply->command.ticket));
	json_object_set_new(object, "seq", json_integer(reply->command.seq));
	json_object_set_new(
	    object, "state", json_word(WORD_STATE, reply->command.state));
	json_object_set_new(
	    object, "holder", json_unit(&reply->command.holder));
	json_object_set_new(
	    object, "existed", json_boolean(reply->command.existed));
	return object;
}

/* One wish, one line. In JSON, answers go into `stream`, or are printed
 * alone when it is NULL. */
static enum cli_exit ask_one(struct json_stream *stream, struct cli *cli,
    const struct wire_request *wanted, const char *word)
{
	struct wire_request request = *wanted;
	struct wire_reply reply;
	int err = 0;
	enum cli_exit exit = CLI_DONE;
	if (*word)
		exit = ticket_id_find(&request.command.ticket, cli, word);
	if (exit == CLI_DONE)
		exit = session_ask(&reply, cli, &request, word);
	if (exit != CLI_DONE)
		return exit;
	if (reply.result == RESULT_REFUSED)
		return say_result(cli, &reply, word);
	if (id_is_zero(&reply.command.ticket))
		reply.command.ticket = request.command.ticket;
	if (!cli->json)
		say_done(cli, &reply);
	else if (stream)
		err = json_stream_add(stream, done_json(&reply));
	else
		err = json_print(done_json(&reply));
	return err < 0 ? say_failure(err, "JSON") : CLI_DONE;
}

static enum cli_exit ask_all(
    struct cli *cli, struct wire_request *request, const struct ticket_ids *ids)
{
	struct json_stream stream = { 0 };
	enum cli_exit worst = CLI_DONE;
	if (ids->count == 0)
		return ask_one(NULL, cli, request, "");
	bool is_list = ids->count > 1 || wish.ids_from;
	for (size_t i = 0; i < ids->count; i++) {
		enum cli_exit exit = ask_one(
		    is_list ? &stream : NULL, cli, request, ids->words[i]);
		if (exit > worst)
			worst = exit;
	}
	if (cli->json && is_list)
		json_stream_end(&stream);
	return worst;
}

static enum cli_exit do_it(struct cli *cli, const struct cli_command *command,
    struct wished *wished, const struct ticket_ids *ids)
{
	const struct doing *doing = command->detail;
	struct buf contact = { 0 };
	enum cli_exit exit = CLI_DONE;
	add_defaults(&wished->what, cli, doing->verb);
	if (wish.into)
		exit = ticket_id_find(&wished->what.master, cli, wish.into);
	if (exit == CLI_DONE)
		exit = attach_read(&wished->what, &wish.attach);
	if (exit == CLI_DONE)
		exit = wish_check(wished, doing->verb, command);
	if (exit == CLI_DONE && doing->verb == VERB_WHISTLE && !wish.lead)
		exit = wish_keep_lead(wished, cli, ids->words[0]);
	if (exit == CLI_DONE && wish.contact_file)
		exit = wish_contact(&contact, wish.contact_file);
	if (exit == CLI_DONE)
		exit = attach_send(&wish.attach, cli);
	struct wire_request request = { .kind = ASK_COMMAND,
		.command = {
		    .verb = doing->verb,
		    .unit = cli->operator->unit->code,
		    .operator= cli->operator->name,
		    .role = cli->operator->role,
		    .what = wished->what,
		    .contact = bytes_of(contact.data, contact.len),
		    .fence = wish.fence,
		} };
	if (exit == CLI_DONE)
		exit = ask_all(cli, &request, ids);
	if (contact.data)
		explicit_bzero(contact.data, contact.len);
	buf_free(&contact);
	attach_free(&wish.attach);
	return exit;
}

enum cli_exit ticket_do_run(
    struct cli *cli, const struct cli_command *command, int count, char **words)
{
	const struct doing *doing = command->detail;
	struct wished wished;
	struct ticket_ids ids = { 0 };
	enum cli_exit exit = take_ids(&ids, doing, &count, &words);
	if (exit == CLI_DONE)
		exit = session_operator(cli);
	if (exit == CLI_DONE)
		exit = wish_read(&wished, cli);
	if (exit == CLI_DONE)
		exit = take_words(&wished, cli, doing, count, words);
	if (exit == CLI_DONE)
		exit = do_it(cli, command, &wished, &ids);
	ticket_ids_free(&ids);
	return exit;
}

/* ---- the verbs ---- */

static const struct cli_command rows[] = {
	{ "ticket", "open", "", 0, 0, CLI_ROWS(open_rows),
	    DOING(VERB_OPEN, WORDS_NONE), N_("take in a new issue"),
	    N_("The caller's name and phone number are personal: they are "
	       "read from a file, never from the command line.") },
	{ "ticket", "accept", "ID…", 0, -1, CLI_ROWS(accept_rows),
	    DOING(VERB_ACCEPT, WORDS_IDS),
	    N_("accept what this unit has been given"), NULL },
	{ "ticket", "note", "ID TEXT", 0, 2, CLI_ROWS(note_rows),
	    DOING(VERB_NOTE, WORDS_ID_TEXT), N_("add a note to the log"),
	    NULL },
	{ "ticket", "forward", "ID UNIT", 0, 2, CLI_ROWS(forward_rows),
	    DOING(VERB_FORWARD, WORDS_ID_UNIT),
	    N_("send a ticket up, dispatch it down, or to a department"),
	    N_("UNIT is a code, a name that only one unit has, or a "
	       "department's short name.") },
	{ "ticket", "whistle", "ID [DEPARTMENT…]", 0, -1,
	    CLI_ROWS(whistle_rows), DOING(VERB_WHISTLE, WORDS_ID_DEPARTMENTS),
	    N_("blow the whistle: call departments out"),
	    N_("A department is a code, or a short name (zjj) that is "
	       "looked up here and in the units above. With --situation, "
	       "the departments may be left out.") },
	{ "ticket", "check-in", "ID [TEXT]", 0, 2, CLI_ROWS(note_rows),
	    DOING(VERB_CHECK_IN, WORDS_ID_TEXT),
	    N_("report in, as a department that was called"), NULL },
	{ "ticket", "return", "ID…", 0, -1, CLI_ROWS(return_rows),
	    DOING(VERB_RETURN, WORDS_IDS),
	    N_("give a ticket back to its sender, with the reason and "
	       "what it rests on"),
	    NULL },
	{ "ticket", "resolve", "ID…", 0, -1, CLI_ROWS(resolve_rows),
	    DOING(VERB_RESOLVE, WORDS_IDS),
	    N_("say how it ended: --solved, or --explained --text WHY"), NULL },
	{ "ticket", "reopen", "ID…", 0, -1, CLI_ROWS(reopen_rows),
	    DOING(VERB_REOPEN, WORDS_IDS),
	    N_("send a resolved ticket back because it is not solved"), NULL },
	{ "ticket", "rate", "ID…", 0, -1, CLI_ROWS(rate_rows),
	    DOING(VERB_RATE, WORDS_IDS),
	    N_("rate a resolved ticket: one issue, one rating"), NULL },
};

const struct cli_commands ticket_do_commands = { CLI_ROWS(rows) };

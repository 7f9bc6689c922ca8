#include "ticket_id.h"

#include <string.h>
#include "lang.h"
#include "say.h"
#include "session.h"

static enum cli_exit ask_by_number(struct wire_reply *reply_out,
    struct cli *cli, const char *word, bool contact)
{
	struct wire_request request = { .kind = ASK_SHOW };
	if (strlen(word) >= EXTERNAL_ID_MAX) {
		say_error(
		    _("%s: a ticket's number is shorter than that."), word);
		return CLI_USAGE;
	}
	request.show.external_id = word;
	request.show.contact = contact;
	return session_exchange(reply_out, cli, &request);
}

/* A hotline's number may look like an id: what is unknown as an id is tried
 * as a number. */
static enum cli_exit ask(struct wire_reply *reply_out, struct cli *cli,
    const char *word, bool contact)
{
	struct wire_request request = { .kind = ASK_SHOW };
	if (id_parse(&request.show.ticket, word) < 0)
		return ask_by_number(reply_out, cli, word, contact);
	request.show.external_id = "";
	request.show.contact = contact;
	enum cli_exit exit = session_exchange(reply_out, cli, &request);
	if (exit == CLI_DONE && reply_out->result == RESULT_NOT_FOUND)
		return ask_by_number(reply_out, cli, word, contact);
	return exit;
}

enum cli_exit ticket_id_show(struct wire_reply *reply_out, struct cli *cli,
    const char *word, bool contact)
{
	enum cli_exit exit = ask(reply_out, cli, word, contact);
	if (exit != CLI_DONE)
		return exit;
	if (reply_out->result != RESULT_DONE)
		return say_result(cli, reply_out, word);
	if (reply_out->has_body && reply_out->kind == ASK_SHOW &&
	    reply_out->show.row)
		return CLI_DONE;
	say_error(_("%s: the node's answer makes no sense."), word);
	return CLI_FAILED;
}

enum cli_exit ticket_id_find(
    struct id *id_out, struct cli *cli, const char *word)
{
	struct wire_reply reply;
	bool is_digits = strspn(word, "0123456789") == strlen(word);
	if (!is_digits && id_parse(id_out, word) == 0)
		return CLI_DONE;
	enum cli_exit exit = ticket_id_show(&reply, cli, word, false);
	if (exit == CLI_DONE)
		*id_out = reply.show.row->ticket.id;
	return exit;
}

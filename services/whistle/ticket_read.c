/*
 * whistle ticket show, trace: one ticket whole, for people and for scripts.
 */
#include "base/err.h"
#include "commands.h"
#include "json.h"
#include "lang.h"
#include "say.h"
#include "session.h"
#include "story.h"
#include "ticket_id.h"
#include "ticket_json.h"
#include "ticket_view.h"

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

static void trace_stranded(struct cli *cli, const struct ticket_log *log)
{
	if (log->stranded_count == 0)
		return;
	printf(ngettext("\nStranded: %zu event that does not count, because "
			"the ticket was taken over without its writer:\n\n",
		   "\nStranded: %zu events that do not count, because the "
		   "ticket was taken over without their writer:\n\n",
		   log->stranded_count),
	    log->stranded_count);
	for (size_t i = 0; i < log->stranded_count; i++)
		story_print(stdout, cli, &log->stranded[i]);
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
	trace_stranded(cli, log);
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
	json_object_set_new(object, "stranded", ticket_json_stranded(log));
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
	{ "ticket", "show", "ID", 1, 1, CLI_ROWS(show_rows), show_run, NULL,
	    N_("show one ticket in full"),
	    N_("ID is the ticket's own id, or the number that the hotline "
	       "gave it. The log is checked: every event must carry the "
	       "hash of the one before.") },
	{ "ticket", "trace", "ID", 1, 1, NULL, 0, trace_run, NULL,
	    N_("tell a ticket's whole story, step by step"), NULL },
};

const struct cli_commands ticket_read_commands = { CLI_ROWS(rows) };

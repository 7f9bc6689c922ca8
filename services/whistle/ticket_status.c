/*
 * whistle ticket status: one line that can be read out to a caller. No code,
 * no word of the office, no person, and nothing that somebody wrote.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include "commands.h"
#include "json.h"
#include "lang.h"
#include "say.h"
#include "session.h"
#include "ticket_id.h"
#include "ticket_log.h"
#include "words.h"

enum { STATUS_TEXT = 1024, STATUS_TIME_TEXT = 64 };

static const char *name_of(const struct cli *cli, const struct unit_code *code)
{
	const struct unit *unit = org_unit(cli->org, code);
	return unit ? unit->name : _("another office");
}

/* "22 Nov 09:30": the year goes without saying. */
static const char *time_of(char text_out[STATUS_TIME_TEXT], int64_t time_ms)
{
	time_t seconds = (time_t)(time_ms / 1000);
	struct tm tm;
	/* TRANSLATORS: strftime's, as one says it on the telephone */
	const char *format = C_("telephone", "%d %b %H:%M");
	if (!localtime_r(&seconds, &tm) ||
	    strftime(text_out, STATUS_TIME_TEXT, format, &tm) == 0)
		text_out[0] = '\0';
	return text_out;
}

/* `promise` has a hole for the time. */
static void with_promise(char out[STATUS_TEXT], const char *what,
    const char *promise, int64_t due_ms, int64_t now_ms)
{
	char time[STATUS_TIME_TEXT], promised[STATUS_TEXT];
	if (due_ms == 0) {
		snprintf(out, STATUS_TEXT, _("%s."), what);
	} else if (due_ms < now_ms) {
		snprintf(out, STATUS_TEXT,
		    _("%s; it takes longer than was promised, and is being "
		      "pressed for."),
		    what);
	} else {
		snprintf(
		    promised, sizeof(promised), promise, time_of(time, due_ms));
		snprintf(out, STATUS_TEXT, _("%s; %s."), what, promised);
	}
}

/* The department that leads, and how many there are. */
static void say_departments(
    char out[STATUS_TEXT], const struct cli *cli, const struct ticket *ticket)
{
	const struct callout *lead = NULL;
	for (size_t i = 0; i < ticket->callout_count; i++)
		if (ticket->callouts[i].lead)
			lead = &ticket->callouts[i];
	if (!lead)
		snprintf(out, STATUS_TEXT,
		    _("%s has called in the offices in charge"),
		    name_of(cli, &ticket->holder));
	else if (ticket->callout_count == 1)
		snprintf(out, STATUS_TEXT, _("%s has been called in for it"),
		    name_of(cli, &lead->department));
	else
		snprintf(out, STATUS_TEXT,
		    ngettext(
			"%s has been called in for it with %u other department",
			"%s has been called in for it with %u other "
			"departments",
			ticket->callout_count - 1u),
		    name_of(cli, &lead->department),
		    ticket->callout_count - 1u);
}

static void say_ended(char out[STATUS_TEXT], const struct ticket *ticket)
{
	const char *how = ticket->outcome == OUTCOME_EXPLAINED
			      ? _("it could not be solved, and the reason was "
				  "explained")
			      : _("it was solved");
	if (ticket->rating.is_given &&
	    ticket->rating.satisfaction != SATISFACTION_NOT_RATED)
		snprintf(out, STATUS_TEXT, _("Finished: %s; your verdict: %s."),
		    how,
		    words_of(WORD_SATISFACTION, ticket->rating.satisfaction));
	else
		snprintf(out, STATUS_TEXT, _("Finished: %s."), how);
}

static void say_resting(char out[STATUS_TEXT], const struct ticket *ticket)
{
	char time[STATUS_TIME_TEXT];
	if (ticket->until_ms)
		snprintf(out, STATUS_TEXT,
		    _("It cannot be done at once and has been put on the long "
		      "list; work goes on from %s."),
		    time_of(time, ticket->until_ms));
	else
		snprintf(out, STATUS_TEXT, "%s",
		    _("It cannot be done at once and has been put on the long "
		      "list; work goes on as soon as it can."));
}

static void say_resolved(
    char out[STATUS_TEXT], const struct cli *cli, const struct ticket *ticket)
{
	snprintf(out, STATUS_TEXT,
	    ticket->outcome == OUTCOME_EXPLAINED
		? _("%s has explained why it cannot be solved; we shall call "
		    "you back about it.")
		: _("%s says that it is solved; we shall call you back to "
		    "check."),
	    name_of(cli, &ticket->resolver));
}

static void say_state(
    char out[STATUS_TEXT], const struct cli *cli, const struct ticket *ticket)
{
	int64_t now_ms = clock_now_ms(&cli->clock);
	char what[STATUS_TEXT];
	switch (ticket->state) {
	case STATE_OPEN:
		snprintf(what, sizeof(what), _("It is with %s"),
		    name_of(cli, &ticket->holder));
		return with_promise(out, what,
		    _("to be taken up by %s at the latest"),
		    ticket_next_due_ms(ticket), now_ms);
	case STATE_ACCEPTED:
		snprintf(what, sizeof(what), _("%s is working on it"),
		    name_of(cli, &ticket->holder));
		return with_promise(out, what,
		    _("to be done by %s at the latest"), ticket->resolve_by_ms,
		    now_ms);
	case STATE_WAITING:
		say_departments(what, cli, ticket);
		return with_promise(out, what,
		    _("to be done by %s at the latest"), ticket->resolve_by_ms,
		    now_ms);
	case STATE_SUSPENDED:
		return say_resting(out, ticket);
	case STATE_RESOLVED:
		return say_resolved(out, cli, ticket);
	case STATE_CLOSED:
		return say_ended(out, ticket);
	case STATE_MERGED:
		snprintf(out, STATUS_TEXT, "%s",
		    _("Others have reported the same; it is dealt with "
		      "together with theirs, and you are called back all the "
		      "same."));
		return;
	default:
		snprintf(out, STATUS_TEXT, "%s",
		    _("It was found not to be a matter for the city's offices, "
		      "and has ended."));
	}
}

static enum cli_exit status_say(struct cli *cli,
    const struct wire_ticket_row *row, const struct ticket *ticket)
{
	char text[STATUS_TEXT], id[ID_TEXT];
	const char *number =
	    *row->external_id ? row->external_id : id_format(id, &ticket->id);
	say_state(text, cli, ticket);
	if (!cli->json) {
		say_line(stdout, number);
		if (ticket->item[0])
			printf(
			    _(" (%s)"), session_item_name(cli, ticket->item));
		printf(_(": %s\n"), text);
		return CLI_DONE;
	}
	json_t *object = json_object();
	json_object_set_new(object, "id", json_id(&ticket->id));
	json_object_set_new(object, "number", json_text(row->external_id));
	json_object_set_new(
	    object, "state", json_word(WORD_STATE, ticket->state));
	json_object_set_new(
	    object, "due", json_time(ticket_next_due_ms(ticket)));
	json_object_set_new(object, "text", json_text(text));
	return json_print(object) < 0 ? CLI_FAILED : CLI_DONE;
}

static enum cli_exit status_run(
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
	if (log.problem[0]) {
		say_error(
		    _("%s: the log does not hold. %s"), words[0], log.problem);
		exit = CLI_FAILED;
	} else {
		exit = status_say(cli, reply.show.row, &log.ticket);
	}
	ticket_log_close(&log);
	return exit;
}

static const struct cli_command rows[] = {
	{ "ticket", "status", "ID", 1, 1, NULL, 0, status_run, NULL,
	    N_("say in one line, for a caller, how it stands"),
	    N_("ID is the ticket's own id, or the number that the hotline gave "
	       "it. The line has no code, no person and no word of the office; "
	       "it can be read out on the telephone.") },
};

const struct cli_commands ticket_status_commands = { CLI_ROWS(rows) };

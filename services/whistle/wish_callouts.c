#include "base/err.h"
#include "lang.h"
#include "say.h"
#include "session.h"
#include "ticket_id.h"
#include "ticket_log.h"
#include "unit_name.h"
#include "wish.h"

static enum cli_exit add_department(
    struct wished *wished, struct cli *cli, const char *text)
{
	const struct unit *unit =
	    unit_department(cli->org, cli->operator->unit, text);
	struct particulars *what = &wished->what;
	if (!unit) {
		say_error(_("There is no department %s here or above. See "
			    "“whistle unit list --kind department”."),
		    text);
		return CLI_NOT_FOUND;
	}
	if (what->callout_count == TICKET_CALLOUTS_MAX) {
		say_error(_("A ticket can call at most %d departments."),
		    TICKET_CALLOUTS_MAX);
		return CLI_USAGE;
	}
	wished->callouts[what->callout_count++] =
	    (struct callout){ .department = unit->code };
	return CLI_DONE;
}

static enum cli_exit find_situation(
    const struct situation **situation_out, struct cli *cli)
{
	*situation_out = NULL;
	if (!wish.situation)
		return CLI_DONE;
	enum cli_exit exit = session_catalogue(cli);
	if (exit != CLI_DONE)
		return exit;
	*situation_out = catalogue_situation(cli->catalogue, wish.situation);
	if (*situation_out)
		return CLI_DONE;
	say_error(_("The catalogue has no situation %s. See “whistle "
		    "catalogue situations”."),
	    wish.situation);
	return CLI_NOT_FOUND;
}

/* What was not said is as the catalogue presets it. */
static enum cli_exit preset(
    struct wished *wished, struct cli *cli, const struct situation *situation)
{
	enum cli_exit exit = CLI_DONE;
	if (!wished->what.whistle)
		wished->what.whistle = situation->kind;
	if (!wished->what.colour)
		wished->what.colour = situation->colour;
	if (wished->what.callout_count > 0)
		return CLI_DONE;
	exit = add_department(wished, cli, situation->lead);
	for (size_t i = 0; exit == CLI_DONE && i < situation->assist_count; i++)
		exit = add_department(wished, cli, situation->assist[i]);
	return exit;
}

/* --lead, else the situation's, else the first. */
static enum cli_exit choose_lead(
    struct wished *wished, struct cli *cli, const struct situation *situation)
{
	const char *text = wish.lead;
	if (!text && situation)
		text = situation->lead;
	const struct unit *lead =
	    text ? unit_department(cli->org, cli->operator->unit, text) : NULL;
	for (size_t i = 0; lead && i < wished->what.callout_count; i++) {
		if (!code_equal(&wished->callouts[i].department, &lead->code))
			continue;
		wished->callouts[i].lead = true;
		return CLI_DONE;
	}
	if (wish.lead) {
		say_error(_("--lead %s is none of the departments called."),
		    wish.lead);
		return CLI_USAGE;
	}
	wished->callouts[0].lead = wished->what.callout_count > 0;
	return CLI_DONE;
}

enum cli_exit wish_callouts(
    struct wished *wished, struct cli *cli, int count, char **words)
{
	const struct situation *situation = NULL;
	enum cli_exit exit = session_operator(cli);
	if (exit == CLI_DONE)
		exit = find_situation(&situation, cli);
	for (int i = 0; exit == CLI_DONE && i < count; i++)
		exit = add_department(wished, cli, words[i]);
	if (exit == CLI_DONE && situation)
		exit = preset(wished, cli, situation);
	if (exit == CLI_DONE)
		exit = choose_lead(wished, cli, situation);
	return exit;
}

enum cli_exit wish_keep_lead(
    struct wished *wished, struct cli *cli, const char *word)
{
	struct wire_reply reply;
	struct ticket_log log;
	bool has_lead = false;
	enum cli_exit exit = ticket_id_show(&reply, cli, word, false);
	if (exit != CLI_DONE)
		return exit;
	int err = ticket_log_read(&log, &reply);
	if (err < 0)
		return say_failure(err, word);
	for (size_t i = 0; i < log.ticket.callout_count; i++)
		has_lead = has_lead || log.ticket.callouts[i].lead;
	ticket_log_close(&log);
	for (size_t i = 0; has_lead && i < wished->what.callout_count; i++)
		wished->callouts[i].lead = false;
	return CLI_DONE;
}

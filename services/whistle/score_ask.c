/* What "whistle score" asks for, checked before a node is asked. */
#include "score_lines.h"

#include <string.h>
#include "lang.h"
#include "say.h"
#include "session.h"

static enum cli_exit check_month(const char *option, const char *month)
{
	if (!month || score_is_period(month))
		return CLI_DONE;
	say_error(
	    _("--%s is a month such as 2026-11, not “%s”."), option, month);
	return CLI_USAGE;
}

static enum cli_exit check_months(const struct score_filter *filter)
{
	enum cli_exit exit = check_month("period", filter->period);
	if (exit == CLI_DONE)
		exit = check_month("from", filter->from);
	if (exit == CLI_DONE)
		exit = check_month("to", filter->to);
	if (exit != CLI_DONE)
		return exit;
	if (filter->period && (filter->from || filter->to)) {
		say_error(_("Either --period, or --from and --to."));
		return CLI_USAGE;
	}
	if (filter->from && filter->to &&
	    strcmp(filter->from, filter->to) > 0) {
		say_error(
		    _("--from %s is after --to %s."), filter->from, filter->to);
		return CLI_USAGE;
	}
	return CLI_DONE;
}

static enum cli_exit check_names(
    struct cli *cli, const struct score_filter *filter)
{
	if (!filter->item && !filter->domain)
		return CLI_DONE;
	enum cli_exit exit = session_catalogue(cli);
	if (exit != CLI_DONE)
		return exit;
	if (filter->item && !catalogue_item(cli->catalogue, filter->item)) {
		say_error(_("The catalogue has no item %s."), filter->item);
		return CLI_USAGE;
	}
	if (filter->domain &&
	    !catalogue_domain(cli->catalogue, filter->domain)) {
		say_error(_("The catalogue has no domain %s."), filter->domain);
		return CLI_USAGE;
	}
	return CLI_DONE;
}

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

enum cli_exit score_filter_ask(struct wire_request *request, struct cli *cli,
    const struct score_filter *filter)
{
	enum cli_exit exit = check_months(filter);
	if (exit == CLI_DONE)
		exit = check_names(cli, filter);
	request->score.item = or_empty(filter->item);
	request->score.domain = or_empty(filter->domain);
	request->score.period = or_empty(filter->period);
	request->score.from = or_empty(filter->from);
	request->score.to = or_empty(filter->to);
	return exit;
}

enum cli_exit score_unit(
    const struct unit **unit_out, struct cli *cli, const char *text)
{
	enum cli_exit exit = session_unit(unit_out, cli, text);
	if (exit != CLI_DONE || *unit_out)
		return exit;
	say_error(_("Which unit?"));
	return CLI_USAGE;
}

enum cli_exit score_check_kind(
    struct cli *cli, const char *kind, const char *level)
{
	unsigned depth;
	if (kind && strcmp(kind, "area") != 0 &&
	    strcmp(kind, "department") != 0) {
		say_error(_("--%s is one of %s, not “%s”."), "kind",
		    "area, department", kind);
		return CLI_USAGE;
	}
	enum cli_exit exit = session_org(cli);
	if (exit != CLI_DONE || !level ||
	    org_level_depth(&depth, cli->org, level) == 0)
		return exit;
	say_error(_("units.csv has no level %s."), level);
	return CLI_USAGE;
}

bool score_is_of_level(
    const struct cli *cli, const struct unit_code *code, const char *level)
{
	const struct unit *unit = org_unit(cli->org, code);
	return !level || (unit && strcmp(unit->level, level) == 0);
}

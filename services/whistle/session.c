#include "session.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "base/err.h"
#include "catalogue/calendar.h"
#include "lang.h"
#include "nearest.h"
#include "say.h"
#include "unit_name.h"

enum { AGAIN_NS = 200 * 1000 * 1000 };

static const char *home_wanted(const struct cli *cli)
{
	const char *wanted = cli->home_option;
	if (!wanted || !*wanted)
		wanted = getenv("WHISTLE_HOME");
	return wanted && *wanted ? wanted : "./run";
}

/* Times are read by the city's clock. A calendar that is wrong is told by
 * the commands that need one. */
static void take_zone(const char *city_dir)
{
	struct calendar *calendar;
	struct report report = { 0 };
	if (calendar_load(&calendar, &report, city_dir) == 0) {
		time_zone_default(calendar_zone_minutes(calendar));
		calendar_close(&calendar);
	}
	report_free(&report);
}

enum cli_exit session_home(struct cli *cli)
{
	if (cli->has_home)
		return CLI_DONE;
	int err = home_find(&cli->home, cli->home_option);
	if (err < 0) {
		say_error(_("There is no city folder at %s. Name one with "
			    "--home DIR or WHISTLE_HOME, or make one with "
			    "“whistle city init”."),
		    home_wanted(cli));
		return CLI_NOT_FOUND;
	}
	cli->has_home = true;
	take_zone(cli->home.path);
	return CLI_DONE;
}

enum cli_exit session_problems(
    const struct report *report, int err, const char *dir)
{
	report_print(report, stderr);
	if (report->dropped)
		say_error(_("… and %zu problems more."), report->dropped);
	if (report->count == 0)
		return say_failure(err, dir);
	say_error(_("The files in %s need mending; nothing was done."), dir);
	return CLI_FAILED;
}

enum cli_exit session_org(struct cli *cli)
{
	if (cli->org)
		return CLI_DONE;
	enum cli_exit exit = session_home(cli);
	if (exit != CLI_DONE)
		return exit;
	struct report report = { 0 };
	int err = org_load(&cli->org, &report, cli->home.path, 0);
	if (err < 0)
		exit = session_problems(&report, err, cli->home.path);
	report_free(&report);
	return exit;
}

enum cli_exit session_catalogue(struct cli *cli)
{
	enum cli_exit exit = session_org(cli);
	if (exit != CLI_DONE || cli->catalogue)
		return exit;
	struct report report = { 0 };
	int err =
	    catalogue_load(&cli->catalogue, &report, cli->home.path, cli->org);
	if (err < 0)
		exit = session_problems(&report, err, cli->home.path);
	report_free(&report);
	return exit;
}

enum cli_exit session_http(
    struct http_config *config_out, const struct cli *cli)
{
	struct report report = { 0 };
	enum cli_exit exit = CLI_DONE;
	int err = http_config_load(config_out, &report, cli->home.path);

	if (err < 0)
		exit = session_problems(&report, err, cli->home.path);
	report_free(&report);
	return exit;
}

static const char *nearest_operator(const struct org *org, const char *name)
{
	struct nearest nearest = nearest_to(name);
	for (size_t i = 0; i < org_operator_count(org); i++)
		nearest_try(&nearest, org_operator_at(org, i)->name);
	return nearest.best;
}

static const char *nearest_node(const struct org *org, const char *name)
{
	struct nearest nearest = nearest_to(name);
	for (size_t i = 0; i < org_node_count(org); i++)
		nearest_try(&nearest, org_node_at(org, i)->name);
	return nearest.best;
}

static enum cli_exit find_operator(struct cli *cli)
{
	const char *name = cli->as;
	if (!name || !*name)
		name = getenv("WHISTLE_AS");
	if (!name || !*name)
		name = "admin";
	cli->operator= org_operator(cli->org, name);
	if (cli->operator)
		return CLI_DONE;
	const char *near = nearest_operator(cli->org, name);
	if (near)
		say_error(_("operators.csv has no operator %s; did you mean "
			    "%s?"),
		    name, near);
	else
		say_error(_("operators.csv has no operator %s. Name one with "
			    "--as."),
		    name);
	return CLI_NOT_FOUND;
}

/* Of what the nodes say some could not be read. */
static enum cli_exit check_speaks(const struct cli *cli)
{
	if (org_speaks(cli->org) <= wire_versions.newest)
		return CLI_DONE;
	say_error(_("The city writes in version %u of the wire (speaks: in "
		    "nodes.yaml), and this whistle reads up to %u. Install "
		    "the newer one."),
	    org_speaks(cli->org), wire_versions.newest);
	return CLI_FAILED;
}

enum cli_exit session_operator(struct cli *cli)
{
	enum cli_exit exit = session_org(cli);
	if (exit != CLI_DONE || cli->operator)
		return exit;
	exit = check_speaks(cli);
	if (exit == CLI_DONE)
		exit = find_operator(cli);
	if (exit != CLI_DONE)
		return exit;
	cli->node = cli->operator->unit->node;
	if (!cli->node_name || !*cli->node_name)
		return CLI_DONE;
	cli->node = org_node(cli->org, cli->node_name);
	if (cli->node)
		return CLI_DONE;
	const char *near = nearest_node(cli->org, cli->node_name);
	if (near)
		say_error(_("nodes.yaml has no node %s; did you mean %s?"),
		    cli->node_name, near);
	else
		say_error(_("nodes.yaml has no node %s."), cli->node_name);
	return CLI_NOT_FOUND;
}

static enum cli_exit say_key_problem(struct cli *cli, int err)
{
	char path[1200];
	home_operator_key(path, sizeof(path), &cli->home, cli->operator->name);
	switch (err) {
	case ERR_NOT_FOUND:
		say_error(_("%s has no key: there is no %s. Name another "
			    "operator with --as, or make the key with “whistle "
			    "key make”."),
		    cli->operator->name, path);
		return CLI_NOT_FOUND;
	case ERR_ACCESS:
		say_error(_("%s must be readable by you and by nobody else: "
			    "chmod 600 it, or ask whoever made the city."),
		    path);
		return CLI_FAILED;
	case ERR_INVALID:
		say_error(_("%s is not the key that operators.csv names for "
			    "%s."),
		    path, cli->operator->name);
		return CLI_FAILED;
	default:
		return say_failure(err, path);
	}
}

enum cli_exit session_client(
    struct client **client_out, struct cli *cli, const struct node *node)
{
	if (!node->public_key[0]) {
		say_error(_("Node %s has no key in %s/nodes.yaml: this folder "
			    "only describes a city. Make one from it with "
			    "“whistle city init”."),
		    node->name, cli->home.path);
		return CLI_FAILED;
	}
	int err = client_open(
	    client_out, &cli->home, cli->org, cli->operator->name, node);
	return err < 0 ? say_key_problem(cli, err) : CLI_DONE;
}

static enum cli_exit say_no_answer(const struct cli *cli)
{
	say_error(_("Node %s does not answer at %s. Is it running? See "
		    "“whistle node list”."),
	    cli->node->name, cli->node->endpoint);
	return CLI_UNREACHABLE;
}

/*
 * The holder is on another node: its answer comes when it comes. Asking
 * again with the same id is the same wish, and need not be answered before.
 */
static int wait_for_holder(struct wire_reply *reply_out, struct cli *cli,
    struct wire_request *request, int64_t until_ms)
{
	const struct timespec pause = { .tv_nsec = AGAIN_NS };
	static char detail[TIME_TEXT]; /* what it said last is still true */
	while (reply_out->result == RESULT_PENDING) {
		int64_t left_ms = until_ms - clock_now_ms(&cli->clock);
		if (left_ms <= 0)
			break;
		snprintf(detail, sizeof(detail), "%s", reply_out->detail);
		int err =
		    client_ask(reply_out, cli->client, request, (int)left_ms);
		if (err == ERR_TIMEOUT)
			*reply_out = (struct wire_reply){
				.result = RESULT_PENDING,
				.refusal = "",
				.detail = detail,
			};
		else if (err < 0)
			return err;
		if (reply_out->result == RESULT_PENDING)
			nanosleep(&pause, NULL);
	}
	return 0;
}

enum cli_exit session_exchange(
    struct wire_reply *reply_out, struct cli *cli, struct wire_request *request)
{
	enum cli_exit exit = session_operator(cli);
	if (exit == CLI_DONE && !cli->client)
		exit = session_client(&cli->client, cli, cli->node);
	if (exit != CLI_DONE)
		return exit;
	int64_t until_ms = clock_now_ms(&cli->clock) + cli->timeout_s * 1000;
	int err = client_ask(
	    reply_out, cli->client, request, (int)cli->timeout_s * 1000);
	if (err == 0)
		err = wait_for_holder(reply_out, cli, request, until_ms);
	if (err == ERR_TIMEOUT || err == ERR_UNREACHABLE)
		return say_no_answer(cli);
	if (err < 0)
		return say_failure(err, cli->node->name);
	return CLI_DONE;
}

enum cli_exit session_ask(struct wire_reply *reply_out, struct cli *cli,
    struct wire_request *request, const char *subject)
{
	enum cli_exit exit = session_exchange(reply_out, cli, request);
	if (exit != CLI_DONE)
		return exit;
	if (reply_out->result == RESULT_DONE ||
	    reply_out->result == RESULT_REFUSED)
		return CLI_DONE;
	return say_result(cli, reply_out, subject);
}

enum cli_exit session_unit(
    const struct unit **unit_out, struct cli *cli, const char *text)
{
	*unit_out = NULL;
	if (!text || !*text)
		return CLI_DONE;
	enum cli_exit exit = session_org(cli);
	if (exit != CLI_DONE)
		return exit;
	size_t count;
	*unit_out = unit_meant(&count, cli->org, text);
	if (*unit_out)
		return CLI_DONE;
	if (count > 1)
		say_error(_("%zu units are called %s; give the code. See "
			    "“whistle unit list --name %s”."),
		    count, text, text);
	else
		say_error(_("There is no unit %s. Find its code with "
			    "“whistle unit list”."),
		    text);
	return CLI_NOT_FOUND;
}

static void list_words(char *out, size_t size, enum word_list list)
{
	size_t len = 0;
	out[0] = '\0';
	for (unsigned i = 1; i < word_count(list) && len < size; i++)
		len += (size_t)snprintf(out + len, size - len, "%s%s",
		    i > 1 ? ", " : "", word_name(list, i));
}

enum cli_exit session_word(unsigned *value_out, enum word_list list,
    const char *option, const char *text)
{
	*value_out = 0;
	if (!text || !*text || word_parse(value_out, list, text) == 0)
		return CLI_DONE;
	char words[256];
	list_words(words, sizeof(words), list);
	say_error(_("--%s is one of %s, not “%s”."), option, words, text);
	return CLI_USAGE;
}

const char *session_item_name(struct cli *cli, const char *code)
{
	if (!*code)
		return "-";
	if (!cli->catalogue && !cli->catalogue_tried) {
		cli->catalogue_tried = true;
		session_catalogue(cli);
	}
	const struct item *item =
	    cli->catalogue ? catalogue_item(cli->catalogue, code) : NULL;
	if (!item)
		return code;
	return lang_is_chinese() ? item->zh : item->en;
}

void session_close(struct cli *cli)
{
	client_close(&cli->client);
	catalogue_close(&cli->catalogue);
	org_close(&cli->org);
}

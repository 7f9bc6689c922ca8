/*
 * whistle gateway callbacks: what the hotline is told, whether it has taken
 * it, and one once more.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "commands.h"
#include "gateway_http.h"
#include "gateway_say.h"
#include "json.h"
#include "lang.h"
#include "say.h"

#define CALLBACKS "/hotline/v1/callbacks"

enum { PATH_TEXT = 256 };

static struct {
	const char *client, *url, *ca;
	bool failed;
	int64_t limit;
} asked = { .client = "hotline", .url = "", .ca = "", .limit = 100 };

static const struct option_row rows[] = {
	{ "failed", OPTION_FLAG, &asked.failed, 0, 0, "",
	    N_("only those that the hotline refused, and those that were given "
	       "up") },
	{ "limit", OPTION_NUMBER, &asked.limit, 1, 1000, "N",
	    N_("at most this many (100)") },
	{ "client", OPTION_TEXT, &asked.client, 0, 0, "NAME",
	    N_("sign with keys/http/NAME.key (hotline)") },
	{ "url", OPTION_TEXT, &asked.url, 0, 0, "URL",
	    N_("where the gateway is, as https://HOST:PORT (as nodes.yaml and "
	       "gateway.yaml say)") },
	{ "ca", OPTION_TEXT, &asked.ca, 0, 0, "FILE",
	    N_("trust a certificate that one of these made, in PEM (that of "
	       "gateway.yaml alone; with --url those that the system "
	       "trusts)") },
};

static enum cli_exit ask(json_t **answer_out, struct cli *cli,
    const char *method, const char *path, const char *subject)
{
	const struct gateway_http gateway = { asked.client, asked.url,
		asked.ca };

	return gateway_ask(answer_out, cli, &gateway, method, path, subject);
}

/* ---- list ---- */

static enum cli_exit ask_list(
    json_t **answer_out, struct cli *cli, const char *state)
{
	char path[PATH_TEXT];

	snprintf(path, sizeof(path), CALLBACKS "?state=%s&limit=%lld", state,
	    (long long)asked.limit);
	return ask(answer_out, cli, "GET", path, _("callbacks"));
}

/* The refused ones, and behind them those that were given up. */
static enum cli_exit ask_failed(json_t **answer_out, struct cli *cli)
{
	json_t *refused, *given_up;
	enum cli_exit exit = ask_list(&refused, cli, "refused");

	if (exit != CLI_DONE)
		return exit;
	exit = ask_list(&given_up, cli, "given_up");
	if (exit != CLI_DONE) {
		json_decref(refused);
		return exit;
	}
	json_array_extend(json_object_get(refused, "callbacks"),
	    json_object_get(given_up, "callbacks"));
	json_decref(given_up);
	*answer_out = refused;
	return CLI_DONE;
}

static enum cli_exit list_run(struct cli *cli)
{
	json_t *answer;
	enum cli_exit exit = asked.failed ? ask_failed(&answer, cli)
					  : ask_list(&answer, cli, "waiting");

	if (exit != CLI_DONE)
		return exit;
	if (cli->json)
		return json_print(answer) ? say_failure(ERR_IO, "JSON")
					  : CLI_DONE;
	exit = gateway_say_list(answer);
	json_decref(answer);
	return exit;
}

/* ---- one ---- */

static bool path_of(char path_out[PATH_TEXT], const char *id)
{
	size_t len = strlen(id);

	if (len == 0 || len > 64 ||
	    strspn(id, "0123456789ABCDEFGHJKMNPQRSTVWXYZ-") != len) {
		say_error(_("“%s” is no callback's id. They are listed by "
			    "“whistle gateway callbacks”."),
		    id);
		return false;
	}
	snprintf(path_out, PATH_TEXT, CALLBACKS "/%s", id);
	return true;
}

static enum cli_exit show_run(struct cli *cli, const char *id)
{
	char path[PATH_TEXT];
	json_t *answer;
	enum cli_exit exit;

	if (!path_of(path, id))
		return CLI_USAGE;
	exit = ask(&answer, cli, "GET", path, id);
	if (exit != CLI_DONE)
		return exit;
	if (cli->json)
		return json_print(answer) ? say_failure(ERR_IO, "JSON")
					  : CLI_DONE;
	gateway_say_call(answer);
	json_decref(answer);
	return CLI_DONE;
}

static enum cli_exit replay_run(struct cli *cli, const char *id)
{
	char path[PATH_TEXT];
	json_t *answer;
	enum cli_exit exit;

	if (!path_of(path, id))
		return CLI_USAGE;
	exit = ask(&answer, cli, "POST", path, id);
	if (exit != CLI_DONE)
		return exit;
	if (cli->json)
		return json_print(answer) ? say_failure(ERR_IO, "JSON")
					  : CLI_DONE;
	json_decref(answer);
	printf(_("%s  will be sent again, behind what waits.\n"), id);
	return CLI_DONE;
}

static enum cli_exit callbacks_run(
    struct cli *cli, const struct cli_command *command, int count, char **words)
{
	(void)command;
	if (count == 0 || (count == 1 && strcmp(words[0], "list") == 0))
		return list_run(cli);
	if (count == 2 && strcmp(words[0], "show") == 0)
		return show_run(cli, words[1]);
	if (count == 2 && strcmp(words[0], "replay") == 0)
		return replay_run(cli, words[1]);
	say_error(_("What is wanted: list, show ID or replay ID?"));
	return CLI_USAGE;
}

static const struct cli_command commands[] = {
	{
	    "gateway",
	    "callbacks",
	    "[list | show ID | replay ID]",
	    0,
	    2,
	    CLI_ROWS(rows),
	    callbacks_run,
	    NULL,
	    N_("what the hotline is told, and whether it has taken it"),
	    N_("list (or nothing): how many callbacks wait, and the first of "
	       "them. show ID: one, and what it says. replay ID: send it once "
	       "more, also one that was given up. The gateway is asked over "
	       "HTTP with a key of the city folder; its client needs the scope "
	       "callbacks."),
	},
};

const struct cli_commands gateway_commands = { CLI_ROWS(commands) };

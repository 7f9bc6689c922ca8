/*
 * whistle ticket watch: every event as it happens, until Ctrl-C.
 */
#include <signal.h>
#include <string.h>
#include <time.h>
#include "base/err.h"
#include "commands.h"
#include "json.h"
#include "lang.h"
#include "say.h"
#include "session.h"
#include "story.h"
#include "ticket_id.h"
#include "ticket_json.h"

enum { WATCH_EVERY_MS = 1000, WATCH_FOR_MAX_S = 365 * 86400 };

static struct {
	const char *under;
	bool all;
	int64_t for_s;
} watch;

static volatile sig_atomic_t is_stopped;

static const struct option_row watch_rows[] = {
	{ "all", OPTION_FLAG, &watch.all, 0, 0, "",
	    N_("every ticket that the node knows") },
	{ "under", OPTION_TEXT, &watch.under, 0, 0, "UNIT",
	    N_("every ticket that this unit or one below it opened or has "
	       "held") },
	{ "for", OPTION_NUMBER, &watch.for_s, 1, WATCH_FOR_MAX_S, "SECONDS",
	    N_("stop after so long (else at Ctrl-C)") },
};

static void stop(int signal)
{
	(void)signal;
	is_stopped = 1;
}

static void catch_signals(void)
{
	struct sigaction action = { .sa_handler = stop };
	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

static void watch_print(struct cli *cli, const struct wire_followed *followed,
    const struct event *event)
{
	struct hash hash;
	char id[ID_TEXT];
	hash_of(&hash, followed->event);
	id_format(id, &event->ticket);
	if (cli->json) {
		json_t *object = ticket_json_event(event, &hash);
		json_object_set_new(object, "ticket", json_string(id));
		json_print_line(object);
		return;
	}
	printf("%s\n", id);
	story_print(stdout, cli, event);
	fflush(stdout);
}

static int watch_page(
    struct cli *cli, struct arena *arena, const struct wire_reply *reply)
{
	for (size_t i = 0; i < reply->follow.count; i++) {
		const struct wire_followed *followed = &reply->follow.events[i];
		struct event event;
		arena_reset(arena);
		int err =
		    wire_event_unpack(&event, NULL, arena, followed->event);
		if (err < 0)
			return err;
		watch_print(cli, followed, &event);
	}
	return 0;
}

static void pause_until(const struct cli *cli, int64_t until_ms)
{
	int64_t left_ms = until_ms - clock_now_ms(&cli->clock);
	if (left_ms > WATCH_EVERY_MS)
		left_ms = WATCH_EVERY_MS;
	if (left_ms <= 0 || is_stopped)
		return;
	nanosleep(
	    &(struct timespec){ left_ms / 1000, left_ms % 1000 * 1000000 },
	    NULL);
}

/* A node that does not answer is said once and asked on: it may come back.
 */
static enum cli_exit watch_once(struct wire_reply *reply_out, struct cli *cli,
    struct wire_request *request, bool *is_silent)
{
	memset(&request->id, 0, sizeof(request->id));
	int err = client_ask(reply_out, cli->client, request, WATCH_EVERY_MS);
	if (err == ERR_TIMEOUT || err == ERR_UNREACHABLE) {
		if (!*is_silent && !is_stopped)
			say_error(_("Node %s does not answer; waiting for "
				    "it."),
			    cli->node->name);
		*is_silent = true;
		memset(reply_out, 0, sizeof(*reply_out));
		return CLI_DONE;
	}
	*is_silent = false;
	if (err < 0)
		return say_failure(err, cli->node->name);
	return reply_out->result == RESULT_DONE
		   ? CLI_DONE
		   : say_result(cli, reply_out, "");
}

static enum cli_exit watch_loop(
    struct cli *cli, struct arena *arena, struct wire_request *request)
{
	int64_t until_ms = INT64_MAX;
	bool is_silent = false;
	if (watch.for_s)
		until_ms = clock_now_ms(&cli->clock) + watch.for_s * 1000;
	while (!is_stopped && clock_now_ms(&cli->clock) < until_ms) {
		struct wire_reply reply;
		enum cli_exit exit =
		    watch_once(&reply, cli, request, &is_silent);
		if (exit != CLI_DONE)
			return exit;
		if (watch_page(cli, arena, &reply) < 0) {
			say_error(_("An event cannot be read."));
			return CLI_FAILED;
		}
		if (!is_silent)
			request->follow.after = reply.follow.last;
		if (is_silent || reply.follow.count < request->follow.limit)
			pause_until(cli, until_ms);
	}
	return CLI_DONE;
}

static enum cli_exit watch_under(struct wire_request *request, struct cli *cli)
{
	const struct unit *unit;
	enum cli_exit exit = session_unit(&unit, cli, watch.under);
	if (unit)
		request->follow.under = unit->code;
	return exit;
}

/* From what happens after now. */
static enum cli_exit watch_start(
    struct wire_request *request, struct cli *cli, const char *word)
{
	struct wire_reply reply;
	memset(request, 0, sizeof(*request));
	request->kind = ASK_FOLLOW;
	enum cli_exit exit = CLI_DONE;
	if (word)
		exit = ticket_id_find(&request->follow.ticket, cli, word);
	if (exit == CLI_DONE)
		exit = watch_under(request, cli);
	if (exit != CLI_DONE)
		return exit;
	request->follow.from_now = true;
	exit = session_ask(&reply, cli, request, "");
	if (exit == CLI_DONE && reply.result != RESULT_DONE)
		exit = say_result(cli, &reply, "");
	request->follow.from_now = false;
	request->follow.after = reply.follow.last;
	request->follow.limit = LIST_PAGE_MAX;
	return exit;
}

static enum cli_exit watch_run(
    struct cli *cli, const struct cli_command *command, int count, char **words)
{
	struct wire_request request;
	struct arena *arena;
	(void)command;
	if ((count == 1) + watch.all + (watch.under != NULL) != 1) {
		say_error(_("Name one ticket, or say --all or --under."));
		return CLI_USAGE;
	}
	enum cli_exit exit =
	    watch_start(&request, cli, count == 1 ? words[0] : NULL);
	if (exit != CLI_DONE)
		return exit;
	int err = arena_open(&arena, DECODE_MAX_BYTES);
	if (err < 0)
		return say_failure(err, "whistle");
	catch_signals();
	exit = watch_loop(cli, arena, &request);
	arena_close(&arena);
	return exit;
}

static const struct cli_command rows[] = {
	{ "ticket", "watch", "ID|--all|--under UNIT", 0, 1,
	    CLI_ROWS(watch_rows), watch_run, NULL,
	    N_("tell what happens to a ticket, or to all, as it happens"),
	    N_("With --json, one object a line.") },
};

const struct cli_commands ticket_watch_commands = { CLI_ROWS(rows) };

/* whistle node list, status, reload: how the daemons are. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "commands.h"
#include "json.h"
#include "lang.h"
#include "node_ask.h"
#include "say.h"
#include "session.h"
#include "story.h"
#include "table.h"
#include "words.h"

/* ---- showing ---- */

static json_t *links_json(const struct wire_status *status)
{
	json_t *array = json_array();
	for (size_t i = 0; i < status->link_count; i++) {
		const struct wire_link_status *link = &status->links[i];
		json_array_append_new(array,
		    json_pack("{s:o,s:b,s:I,s:o,s:o,s:I,s:I,s:I,s:I,s:I,s:I}",
			"peer", json_text(link->peer), "up", link->up, "outbox",
			(json_int_t)link->outbox, "heard",
			json_time(link->heard_ms), "silent_since",
			json_time(link->silent_ms), "held",
			(json_int_t)link->held, "overdue",
			(json_int_t)link->overdue, "version",
			(json_int_t)link->version, "peer_oldest",
			(json_int_t)link->oldest, "peer_newest",
			(json_int_t)link->newest, "peer_speaks",
			(json_int_t)link->speaks));
	}
	return array;
}

static void set_number(
    json_t *object, const char *key, bool is_known, uint64_t number)
{
	json_object_set_new(object, key,
	    is_known ? json_integer((json_int_t)number) : json_null());
}

static json_t *node_json(const struct asked *asked)
{
	static const struct wire_status none = { .state = "unreachable" };
	bool is_known = asked_has_status(asked);
	const struct wire_status *status =
	    is_known ? &asked->reply.status : &none;
	json_t *object = json_object();
	json_object_set_new(object, "node", json_text(asked->node->name));
	json_object_set_new(object, "level", json_text(asked->node->level));
	json_object_set_new(
	    object, "endpoint", json_text(asked->node->endpoint));
	json_object_set_new(object, "http", json_text(asked->node->http));
	json_object_set_new(object, "state", json_text(status->state));
	set_number(object, "tickets", is_known, status->tickets);
	set_number(object, "held", is_known, status->held);
	set_number(object, "outbox", is_known, status->outbox);
	set_number(object, "commits", is_known, status->commits);
	set_number(object, "events", is_known, status->events);
	set_number(object, "last_commit_ms", is_known,
	    (uint64_t)status->last_commit_ms);
	json_object_set_new(
	    object, "last_commit", json_time(status->last_commit_ms));
	json_object_set_new(object, "started", json_time(status->started_ms));
	set_number(object, "store_bytes", is_known, status->store_bytes);
	set_number(
	    object, "store_limit_bytes", is_known, status->store_limit_bytes);
	json_object_set_new(object, "store", json_text(status->store));
	json_object_set_new(object, "version", json_text(status->version));
	set_number(object, "speaks", is_known, status->speaks);
	set_number(object, "reads", is_known, status->reads);
	set_number(object, "stranded", is_known, status->stranded);
	set_number(object, "overdue", is_known, status->overdue);
	json_object_set_new(object, "links", links_json(status));
	return object;
}

/* ", silent since 2026-11-22 09:30:05 (holds 12, overdue 3)" */
static size_t silence_text(
    char *out, size_t size, const struct wire_link_status *link)
{
	char since[STORY_TIME_TEXT];
	if (!link->silent_ms && !link->overdue)
		return 0;
	if (!link->silent_ms)
		return (size_t)snprintf(out, size, _(" (overdue: %llu)"),
		    (unsigned long long)link->overdue);
	return (size_t)snprintf(out, size,
	    _(", silent since %s (holds: %llu, overdue: %llu)"),
	    story_time(since, link->silent_ms), (unsigned long long)link->held,
	    (unsigned long long)link->overdue);
}

/* " (speaks wire version 2 to 3, this node does not)" */
static size_t versions_text(char *out, size_t size,
    const struct wire_status *status, const struct wire_link_status *link)
{
	if (!link->newest)
		return 0;
	if (link->version && link->speaks == status->speaks)
		return 0;
	if (link->version)
		return (size_t)snprintf(out, size,
		    _(" (writes in version %u of the wire, this node in %u: "
		      "copy nodes.yaml, then reload)"),
		    link->speaks, status->speaks);
	return (size_t)snprintf(out, size,
	    _(" (speaks wire versions %u to %u, of which this node knows "
	      "none)"),
	    link->oldest, link->newest);
}

/* "cityd up, gridd DOWN 12": rows that wait for a peer are told. */
static void links_text(char *out, size_t size, const struct wire_status *status)
{
	size_t len = 0;
	out[0] = '\0';
	for (size_t i = 0; i < status->link_count && len < size; i++) {
		const struct wire_link_status *link = &status->links[i];
		len += (size_t)snprintf(out + len, size - len, "%s%s %s",
		    i > 0 ? ", " : "", link->peer,
		    link->up ? C_("link", "up") : C_("link", "DOWN"));
		if (link->outbox > 0 && len < size)
			len += (size_t)snprintf(out + len, size - len,
			    " (%llu)", (unsigned long long)link->outbox);
		if (len < size)
			len +=
			    versions_text(out + len, size - len, status, link);
		if (len < size)
			len += silence_text(out + len, size - len, link);
	}
}

static enum table_paint state_paint(const char *state)
{
	if (strcmp(state, "running") == 0)
		return PAINT_GOOD;
	return strcmp(state, "unreachable") == 0 ? PAINT_BAD : PAINT_WARN;
}

static void node_row(
    struct table *table, const struct cli *cli, const struct asked *asked)
{
	const struct wire_status *status = &asked->reply.status;
	const char *state =
	    asked_has_status(asked) ? status->state : "unreachable";
	char text[1024];
	table_row(table);
	table_cell(table, asked->node->name);
	table_cell(table, words_level(asked->node->level));
	table_cell_painted(table, words_node_state(state), state_paint(state));
	if (!asked_has_status(asked))
		return;
	table_cell_format(table, "%llu", (unsigned long long)status->tickets);
	table_cell_format(table, "%llu", (unsigned long long)status->held);
	table_cell_format(table, "%llu", (unsigned long long)status->outbox);
	if (status->last_commit_ms == 0) {
		table_cell(table, "-");
	} else {
		story_left(text, NULL, clock_now_ms(&cli->clock),
		    status->last_commit_ms);
		table_cell(table, text);
	}
	links_text(text, sizeof(text), status);
	table_cell(table, text);
}

static int list_open(struct table **table_out)
{
	int err = table_open(table_out);
	if (err < 0)
		return err;
	table_column(*table_out, _("NODE"), 0);
	table_column(*table_out, _("LEVEL"), 0);
	table_column(*table_out, _("STATE"), 0);
	table_column(*table_out, _("TICKETS"), TABLE_RIGHT);
	table_column(*table_out, _("HELD"), TABLE_RIGHT);
	table_column(*table_out, _("TO SEND"), TABLE_RIGHT);
	table_column(*table_out, _("LAST CHANGE"), TABLE_RIGHT);
	table_column(*table_out, _("LINKS"), TABLE_CUT);
	return 0;
}

/* ---- list ---- */

struct listing {
	struct table *table; /* NULL: JSON */
	struct json_stream stream;
};

static int list_one(void *context, const struct cli *cli, struct asked *asked)
{
	struct listing *listing = context;
	if (!listing->table)
		return json_stream_add(&listing->stream, node_json(asked));
	node_row(listing->table, cli, asked);
	return 0;
}

static enum cli_exit list_run(
    struct cli *cli, const struct cli_command *command, int count, char **words)
{
	struct listing listing = { 0 };
	(void)command;
	(void)count;
	(void)words;
	enum cli_exit exit = session_operator(cli);
	if (exit != CLI_DONE)
		return exit;
	if (!cli->json && list_open(&listing.table) < 0)
		return say_failure(ERR_NOMEM, "whistle");
	exit = node_ask_all(cli, list_one, &listing);
	if (!listing.table) {
		json_stream_end(&listing.stream);
		return exit;
	}
	int err = exit == CLI_DONE ? table_print(listing.table) : 0;
	table_close(&listing.table);
	return err < 0 ? say_failure(err, "whistle") : exit;
}

/* ---- status, reload ---- */

static void status_links(const struct wire_status *status)
{
	char time[STORY_TIME_TEXT];
	char silence[256];
	for (size_t i = 0; i < status->link_count; i++) {
		const struct wire_link_status *link = &status->links[i];
		printf(_("Link to %s: %s, %llu to send, last heard %s\n"),
		    link->peer,
		    link->up ? C_("link", "up") : C_("link", "DOWN"),
		    (unsigned long long)link->outbox,
		    story_time(time, link->heard_ms));
		if (silence_text(silence, sizeof(silence), link))
			printf("  %s\n", silence + strspn(silence, ", "));
	}
}

static void status_text(
    const struct node *node, const struct wire_status *status)
{
	char time[STORY_TIME_TEXT];
	printf(_("Node: %s (%s), %s\n"), node->name, words_level(node->level),
	    node->endpoint);
	printf(_("State: %s\n"), words_node_state(status->state));
	printf(_("Version: %s\n"), status->version);
	printf(_("Wire: the city writes in version %u, this program reads up "
		 "to %u\n"),
	    status->speaks, status->reads);
	printf(_("Started: %s\n"), story_time(time, status->started_ms));
	printf(
	    _("Last change: %s\n"), story_time(time, status->last_commit_ms));
	printf(_("Tickets: %llu, of which held: %llu\n"),
	    (unsigned long long)status->tickets,
	    (unsigned long long)status->held);
	printf(_("Events: %llu in %llu commits\n"),
	    (unsigned long long)status->events,
	    (unsigned long long)status->commits);
	printf(_("Store: %s, %llu of %llu MiB\n"), status->store,
	    (unsigned long long)(status->store_bytes >> 20),
	    (unsigned long long)(status->store_limit_bytes >> 20));
	printf(_("To send: %llu\n"), (unsigned long long)status->outbox);
	status_links(status);
}

static enum cli_exit choose_node(struct cli *cli, int count, char **words)
{
	if (count == 1)
		cli->node_name = words[0];
	return session_operator(cli);
}

static enum cli_exit ask_status(
    struct wire_reply *reply_out, struct cli *cli, bool is_reload)
{
	struct wire_request request = { .kind = ASK_STATUS,
		.status.reload = is_reload };
	enum cli_exit exit =
	    session_ask(reply_out, cli, &request, cli->node->name);
	if (exit == CLI_DONE && reply_out->result == RESULT_REFUSED)
		return say_result(cli, reply_out, cli->node->name);
	return exit;
}

static enum cli_exit status_run(
    struct cli *cli, const struct cli_command *command, int count, char **words)
{
	struct asked asked = { .exit = CLI_DONE };
	(void)command;
	enum cli_exit exit = choose_node(cli, count, words);
	if (exit == CLI_DONE)
		exit = ask_status(&asked.reply, cli, false);
	if (exit != CLI_DONE)
		return exit;
	asked.node = cli->node;
	if (!cli->json) {
		status_text(cli->node, &asked.reply.status);
		return CLI_DONE;
	}
	int err = json_print(node_json(&asked));
	return err < 0 ? say_failure(err, "JSON") : CLI_DONE;
}

static bool reload_all;

static const struct option_row reload_rows[] = {
	{ "all", OPTION_FLAG, &reload_all, 0, 0, "", N_("every node") },
};

static enum cli_exit reload_one(
    struct json_stream *stream, struct cli *cli, const struct node *node)
{
	struct wire_reply reply;
	client_close(&cli->client);
	cli->node = node;
	enum cli_exit exit = ask_status(&reply, cli, true);
	if (exit != CLI_DONE)
		return exit;
	if (!cli->json) {
		printf(_("%s has read the catalogue, the calendar, the "
			 "operators and the nodes' places and keys again.\n"),
		    node->name);
		fflush(stdout);
		return CLI_DONE;
	}
	json_t *object =
	    json_pack("{s:s,s:b}", "node", node->name, "reloaded", 1);
	int err = stream ? json_stream_add(stream, object) : json_print(object);
	return err < 0 ? say_failure(err, "JSON") : CLI_DONE;
}

/* One after the other, whatever became of those before; the worst decides. */
static enum cli_exit reload_each(struct cli *cli)
{
	struct json_stream stream = { 0 };
	enum cli_exit worst = CLI_DONE;
	for (size_t i = 0; i < org_node_count(cli->org); i++) {
		enum cli_exit exit =
		    reload_one(&stream, cli, org_node_at(cli->org, i));
		if (exit > worst)
			worst = exit;
	}
	if (cli->json)
		json_stream_end(&stream);
	return worst;
}

static enum cli_exit reload_run(
    struct cli *cli, const struct cli_command *command, int count, char **words)
{
	(void)command;
	if (count == 1 && reload_all) {
		say_error(_("Name one node, or say --all."));
		return CLI_USAGE;
	}
	enum cli_exit exit = choose_node(cli, count, words);
	if (exit != CLI_DONE)
		return exit;
	return reload_all ? reload_each(cli) : reload_one(NULL, cli, cli->node);
}

static const struct cli_command rows[] = {
	{ "node", "list", "", 0, 0, NULL, 0, list_run, NULL,
	    N_("list the nodes and how they are"), NULL },
	{ "node", "status", "[NODE]", 0, 1, NULL, 0, status_run, NULL,
	    N_("show one node: its store, its links"), NULL },
	{ "node", "reload", "[NODE]", 0, 1, CLI_ROWS(reload_rows), reload_run,
	    NULL, N_("have a node read its files again (role: engineer)"),
	    N_("It reads the catalogue, the calendar and operators.csv: who "
	       "is new there may ask at once, who is gone is refused at "
	       "once. Of nodes.yaml it takes where the nodes are, and their "
	       "keys: it calls its parent there; and in which version of the "
	       "wire the city writes. Tickets are not touched, and links only "
	       "where one of these has changed. If one file "
	       "has a mistake all are refused whole, and the node keeps what "
	       "it had.") },
};

const struct cli_commands node_commands = { CLI_ROWS(rows) };

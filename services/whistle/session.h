/*
 * What a command needs is opened here when it first asks: the city folder,
 * the catalogue, the operator's key and a conversation with a node. Each
 * says what is missing, and what to do about it, before it returns.
 */
#ifndef WHISTLE_CLI_SESSION_H
#define WHISTLE_CLI_SESSION_H

#include "cli.h"
#include "client/http_config.h"

enum cli_exit session_home(struct cli *cli);
/* cli->org */
enum cli_exit session_org(struct cli *cli);
/* cli->catalogue */
enum cli_exit session_catalogue(struct cli *cli);
/* Prints a loader's problems to standard error. */
enum cli_exit session_problems(
    const struct report *report, int err, const char *dir);

/* How the gateway's HTTP side is offered. */
enum cli_exit session_http(
    struct http_config *config_out, const struct cli *cli);

/* cli->operator and, unless --node says otherwise, the node that serves
 * the operator's unit in cli->node. */
enum cli_exit session_operator(struct cli *cli);
/* A conversation with `node`; yours, to client_close. */
enum cli_exit session_client(
    struct client **client_out, struct cli *cli, const struct node *node);

/* Asks cli->node; CLI_DONE with whatever it answered. */
enum cli_exit session_exchange(struct wire_reply *reply_out, struct cli *cli,
    struct wire_request *request);
/*
 * Asks cli->node. CLI_DONE only with a reply whose result is "done" or
 * "refused" (the latter not yet explained); it lives until the next call.
 */
enum cli_exit session_ask(struct wire_reply *reply_out, struct cli *cli,
    struct wire_request *request, const char *subject);

/* The unit or item that an option means; "" leaves NULL. */
enum cli_exit session_unit(
    const struct unit **unit_out, struct cli *cli, const char *text);
/* A word of one of the law's lists; "" leaves 0. */
enum cli_exit session_word(unsigned *value_out, enum word_list list,
    const char *option, const char *text);

/* The item's name in the reader's language; its code when the catalogue
 * cannot be read (which is said once); "-" for none. Borrowed. */
const char *session_item_name(struct cli *cli, const char *code);

void session_close(struct cli *cli);

#endif

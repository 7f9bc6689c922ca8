/*
 * How all nodes of the city are, from each itself. They are asked at once, so
 * that a few that are down cost one short wait and not many.
 */
#ifndef WHISTLE_CLI_NODE_ASK_H
#define WHISTLE_CLI_NODE_ASK_H

#include "cli.h"

struct asked {
	const struct node *node;
	struct client *client;
	struct id id;
	struct wire_reply reply; /* borrowed from `client` */
	enum cli_exit exit;	 /* CLI_DONE: there is a reply */
};

/* Whether reply.status is there. */
bool asked_has_status(const struct asked *asked);

/* Each node in the order of nodes.yaml, also those that did not answer; says
 * what goes wrong. `each` returns 0 or ERR_NOMEM. */
enum cli_exit node_ask_all(struct cli *cli,
    int (*each)(void *context, const struct cli *cli, struct asked *asked),
    void *context);

#endif

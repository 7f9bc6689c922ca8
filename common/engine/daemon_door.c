/* Who comes to the node's door while strangers flood it. */
#include "engine/daemon_inside.h"

#include <inttypes.h>
#include <stdlib.h>
#include "base/log.h"

enum { SAY_MS = 60 * 1000 };

void daemon_expect(struct daemon *daemon)
{
	size_t nodes = org_node_count(daemon->org), count = 0;
	const char **endpoints = calloc(nodes + 1, sizeof(*endpoints));

	/* Without: they are known once they have come. */
	if (!endpoints)
		return;
	for (size_t i = 0; i < nodes; i++) {
		const struct node *node = org_node_at(daemon->org, i);
		if (node->parent == daemon->node)
			endpoints[count++] = node->endpoint;
	}
	net_expect(daemon->net, endpoints, count);
	free(endpoints);
}

void daemon_watch_door(struct daemon *daemon)
{
	struct clock clock = clock_system();
	struct net_strangers strangers;

	net_strangers(&strangers, daemon->net);
	if (!strangers.is_flood ||
	    !log_is_due("strangers", clock_now_ms(&clock), SAY_MS))
		return;
	log_line(strangers.is_helpless ? LOG_ERROR : LOG_WARN,
	    "strangers=%" PRIu64 " problem=flood action=%s",
	    strangers.count - daemon->strangers_said,
	    strangers.is_helpless ? "none" : "held_off");
	daemon->strangers_said = strangers.count;
}

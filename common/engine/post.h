/*
 * How messages reach the engine and leave it, brought from outside: ZeroMQ
 * in a daemon, a table of queues in a simulator.
 */
#ifndef WHISTLE_ENGINE_POST_H
#define WHISTLE_ENGINE_POST_H

#include "net/net.h"

struct post {
	/* As net_wait, net_receive, net_message_close and net_send. */
	int (*wait)(void *context, int timeout_ms);
	int (*receive)(void *context, struct net_message *message_out);
	void (*release)(void *context, struct net_message *message);
	int (*send)(
	    void *context, const struct net_route *route, struct bytes body);
	void *context;
};

struct post post_net(struct net *net);
/* Nothing comes, and what is said goes nowhere. */
struct post post_nobody(void);

#endif

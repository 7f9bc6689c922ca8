/* For an engine that has nobody to talk to: a store is made by it. */
#include "engine/post.h"

static int no_wait(void *context, int timeout_ms)
{
	(void)context, (void)timeout_ms;
	return 0;
}

static int no_receive(void *context, struct net_message *message_out)
{
	(void)context, (void)message_out;
	return 0;
}

static void no_release(void *context, struct net_message *message)
{
	(void)context, (void)message;
}

static int no_send(
    void *context, const struct net_route *route, struct bytes body)
{
	(void)context, (void)route, (void)body;
	return 0;
}

struct post post_nobody(void)
{
	return (struct post){ no_wait, no_receive, no_release, no_send, NULL };
}

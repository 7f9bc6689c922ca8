#include "engine/post.h"

static int post_wait(void *context, int timeout_ms)
{
	return net_wait(context, timeout_ms);
}

static int post_receive(void *context, struct net_message *message_out)
{
	return net_receive(message_out, context);
}

static void post_release(void *context, struct net_message *message)
{
	(void)context;
	net_message_close(message);
}

static int post_send(
    void *context, const struct net_route *route, struct bytes body)
{
	return net_send(context, route, body);
}

struct post post_net(struct net *net)
{
	return (struct post){
		.wait = post_wait,
		.receive = post_receive,
		.release = post_release,
		.send = post_send,
		.context = net,
	};
}

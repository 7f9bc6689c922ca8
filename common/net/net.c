/* A net while it runs: waiting, receiving, sending. Its door: net_open.c. */
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "net/inside.h"
#include "net/socket.h"

enum { SIDES = NET_SIDE_LOCAL + 1 };

/* The sockets that are there, and how many; then their monitors. */
static int poll_items(
    zmq_pollitem_t items_out[SIDES + 2], int *messages_out, struct net *net)
{
	zsock_t *at_the_door = turnstile_monitor(net->turnstile);
	int count = 0;

	items_out[count++].socket = zsock_resolve(net->below);
	if (net->local)
		items_out[count++].socket = zsock_resolve(net->local);
	if (net->above)
		items_out[count++].socket =
		    zsock_resolve(uplink_socket(net->above));
	*messages_out = count;
	if (net->above)
		items_out[count++].socket =
		    zsock_resolve(uplink_monitor(net->above));
	if (at_the_door)
		items_out[count++].socket = zsock_resolve(at_the_door);
	for (int i = 0; i < count; i++)
		items_out[i].events = ZMQ_POLLIN;
	return count;
}

/* 1, 0 or ERR_IO, as net_wait; what the uplink and the turnstile need is done
 * on the way, the turnstile's also while there is no end of messages. */
static int wait_once(struct net *net, int64_t wait_ms)
{
	zmq_pollitem_t items[SIDES + 2] = { 0 };
	int messages, count = poll_items(items, &messages, net);

	if (net->above)
		wait_ms = uplink_wait_ms(net->above, wait_ms);
	wait_ms = turnstile_wait_ms(net->turnstile, wait_ms);
	if (zmq_poll(items, count, (long)wait_ms) < 0)
		return errno == EINTR ? ERR_TIMEOUT : ERR_IO;
	turnstile_tend(net->turnstile);
	for (int i = 0; i < messages; i++) {
		if (items[i].revents & ZMQ_POLLIN)
			return 1;
	}
	if (net->above)
		uplink_tend(net->above);
	return 0;
}

int net_wait(struct net *net, int timeout_ms)
{
	int64_t left_ms = timeout_ms;
	int64_t until_ms = socket_now_ms() + timeout_ms;

	for (;;) {
		int rc = wait_once(net, left_ms);

		if (rc == ERR_TIMEOUT)
			return 0;
		if (rc != 0)
			return rc;
		if (timeout_ms < 0)
			continue;
		left_ms = until_ms - socket_now_ms();
		if (left_ms <= 0)
			return 0;
	}
}

static zsock_t *socket_of(struct net *net, enum net_side side)
{
	switch (side) {
	case NET_SIDE_BELOW:
		return net->below;
	case NET_SIDE_ABOVE:
		return net->above ? uplink_socket(net->above) : NULL;
	case NET_SIDE_LOCAL:
		return net->local;
	}
	return NULL;
}

/* From where somebody with a good key comes others may come back. */
static void greet(struct net *net, uint16_t account, zmq_msg_t *body)
{
	if (turnstile_is_new(net->turnstile, account))
		turnstile_greet(net->turnstile, account,
		    zmq_msg_gets(body, "Peer-Address"));
}

/* Who it is: what CURVE proved, and nothing that the message says. */
static int identify(
    struct net_message *message, struct net *net, zmq_msg_t *body)
{
	const char *key = "";

	if (message->route.side == NET_SIDE_ABOVE)
		key = uplink_server_key(net->above);
	if (message->route.side == NET_SIDE_BELOW) {
		key = zmq_msg_gets(body, "User-Id");
		if (!key || strlen(key) >= NET_KEY_TEXT ||
		    !gate_admits(net->list, key))
			return ERR_ACCESS;
		message->route.account = account_number(key);
		greet(net, message->route.account, body);
	}
	strcpy(message->public_key, key);
	return 0;
}

static int route_back(struct net_route *route, zmq_msg_t *id)
{
	size_t len = zmq_msg_size(id);

	if (len > NET_ROUTE_MAX)
		return ERR_INVALID;
	memcpy(route->id, zmq_msg_data(id), len);
	route->id_len = (uint8_t)len;
	return 0;
}

/* 1, 0 when nothing is there, negative when something was dropped. */
static int take(struct net_message *message, struct net *net, zmq_msg_t *body)
{
	bool has_id = message->route.side != NET_SIDE_ABOVE;
	zsock_t *socket = socket_of(net, message->route.side);
	zmq_msg_t id;
	int rc;

	if (!socket)
		return 0;
	zmq_msg_init(&id);
	rc = socket_receive(has_id ? &id : NULL, body, socket);
	if (rc > 0 && has_id)
		rc = route_back(&message->route, &id) ? ERR_INVALID : 1;
	if (rc > 0)
		rc = identify(message, net, body) ? ERR_ACCESS : 1;
	zmq_msg_close(&id);
	return rc;
}

/* Goes round the sides until one has a message or none has anything; a
 * flood of what must be dropped ends the round too, or nobody else would
 * get his turn. */
static int take_next(
    struct net_message *message, struct net *net, zmq_msg_t *body)
{
	int empty = 0;

	for (int i = 0; i < TURN_MESSAGES_MAX && empty < SIDES; i++) {
		int rc;

		message->route = (struct net_route){ .side = net->next };
		net->next = (enum net_side)((net->next + 1) % SIDES);
		rc = take(message, net, body);
		if (rc > 0)
			return 1;
		empty = rc == 0 ? empty + 1 : 0;
	}
	return 0;
}

int net_receive(struct net_message *message_out, struct net *net)
{
	zmq_msg_t *body = malloc(sizeof(*body));

	*message_out = (struct net_message){ 0 };
	if (!body)
		return ERR_NOMEM;
	zmq_msg_init(body);
	if (!take_next(message_out, net, body)) {
		zmq_msg_close(body);
		free(body);
		return 0;
	}
	message_out->body = bytes_of(zmq_msg_data(body), zmq_msg_size(body));
	message_out->handle = body;
	return 1;
}

void net_message_close(struct net_message *message)
{
	if (!message->handle)
		return;
	zmq_msg_close(message->handle);
	free(message->handle);
	message->handle = NULL;
	message->body = bytes_of(NULL, 0);
}

static struct account *account_of(
    struct net *net, const struct net_route *route)
{
	switch (route->side) {
	case NET_SIDE_BELOW:
		return account_at(route->account);
	case NET_SIDE_ABOVE:
		return account_at(
		    account_number(uplink_server_key(net->above)));
	case NET_SIDE_LOCAL:
		break;
	}
	return account_unbounded();
}

int net_send(struct net *net, const struct net_route *route, struct bytes body)
{
	zsock_t *socket = socket_of(net, route->side);

	if (!socket)
		return ERR_UNREACHABLE;
	return socket_send(socket, bytes_of(route->id, route->id_len), body,
	    account_of(net, route));
}

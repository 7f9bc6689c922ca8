#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "net/endpoint.h"
#include "net/gate.h"
#include "net/local.h"
#include "net/socket.h"
#include "net/uplink.h"

enum {
	SIDES = NET_SIDE_LOCAL + 1,
	/* net_close waits no longer for a socket to be gone. */
	CLOSE_MS = 1000,
};

struct net {
	zsock_t *below;
	struct uplink *above; /* NULL: the root */
	zsock_t *local;	      /* NULL: no door */
	struct gate_list *list;
	char *endpoint; /* NULL until it is bound */
	char *local_endpoint;
	struct endpoint_file file;
	enum net_side next;	       /* whose turn it is to be read */
	char public_key[NET_KEY_TEXT]; /* ours */
};

static int bind_endpoint(struct net *net, const char *endpoint)
{
	char *numbered;
	int rc = endpoint_check(endpoint);

	if (rc)
		return rc;
	numbered = endpoint_numbered(endpoint);
	if (!numbered)
		return ERR_NOMEM;
	rc = socket_bind(net->below, numbered);
	if (rc) {
		free(numbered);
		return rc;
	}
	endpoint_bound(&net->file, numbered);
	net->endpoint = numbered;
	return 0;
}

static int bind_below(struct net *net, const struct net_config *config)
{
	int rc = socket_open(&net->below, ZMQ_ROUTER);

	if (!rc)
		rc = socket_set_int(net->below, ZMQ_ROUTER_MANDATORY, 1);
	if (!rc)
		rc = socket_serve(net->below, &config->key);
	return rc ? rc : bind_endpoint(net, config->endpoint);
}

static int bind_local(struct net *net, const char *name)
{
	char endpoint[LOCAL_ENDPOINT_MAX];
	int rc = local_endpoint(endpoint, name);

	if (rc)
		return rc;
	rc = socket_open(&net->local, ZMQ_ROUTER);
	if (!rc)
		rc = socket_set_int(net->local, ZMQ_ROUTER_MANDATORY, 1);
	if (!rc)
		rc = socket_bind(net->local, endpoint);
	if (rc)
		return rc;
	net->local_endpoint = strdup(endpoint);
	return net->local_endpoint ? 0 : ERR_NOMEM;
}

/* The guard first and the port last: who is early finds a closed port. */
static int open_all(struct net *net, const struct net_config *config)
{
	int rc = gate_open(&net->list, config->allowed, config->allowed_count);

	if (!rc && config->parent_endpoint)
		rc = uplink_open(&net->above, config->parent_endpoint,
		    config->parent_key, &config->key, false);
	if (!rc && config->local_name)
		rc = bind_local(net, config->local_name);
	return rc ? rc : bind_below(net, config);
}

int net_open(struct net **net_out, const struct net_config *config)
{
	struct net *net = calloc(1, sizeof(*net));
	int rc;

	*net_out = NULL;
	if (!net)
		return ERR_NOMEM;
	memcpy(net->public_key, config->key.public_key, NET_KEY_TEXT);
	rc = open_all(net, config);
	if (rc)
		net_close(&net);
	*net_out = net;
	return rc;
}

int net_allow(struct net *net, const char *const *allowed, size_t count)
{
	return gate_change(net->list, allowed, count);
}

int net_call(struct net *net, const char *endpoint)
{
	return net->above ? uplink_call(net->above, endpoint) : ERR_INVALID;
}

bool net_has_door(const struct net *net, const char *endpoint)
{
	return net->local_endpoint &&
	       strcmp(net->local_endpoint, endpoint) == 0;
}

/* The sockets that are there, then the monitor of the uplink. */
static int poll_items(zmq_pollitem_t items_out[SIDES + 1], struct net *net)
{
	int count = 0;

	items_out[count++].socket = zsock_resolve(net->below);
	if (net->local)
		items_out[count++].socket = zsock_resolve(net->local);
	if (net->above) {
		items_out[count++].socket =
		    zsock_resolve(uplink_socket(net->above));
		items_out[count++].socket =
		    zsock_resolve(uplink_monitor(net->above));
	}
	for (int i = 0; i < count; i++)
		items_out[i].events = ZMQ_POLLIN;
	return count;
}

/* 1, 0 or ERR_IO, as net_wait; what the uplink needs is done on the way. */
static int wait_once(struct net *net, int64_t wait_ms)
{
	zmq_pollitem_t items[SIDES + 1] = { 0 };
	int messages, count = poll_items(items, net);

	if (net->above)
		wait_ms = uplink_wait_ms(net->above, wait_ms);
	if (zmq_poll(items, count, (long)wait_ms) < 0)
		return errno == EINTR ? ERR_TIMEOUT : ERR_IO;
	messages = net->above ? count - 1 : count;
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

/* libzmq closes in the background; who opens the same endpoint next must
 * not find it still taken. */
static void unbind_below(struct net *net)
{
	void *handle = zsock_resolve(net->below);
	int64_t until_ms = socket_now_ms() + CLOSE_MS;
	zmq_pollitem_t item = { .events = ZMQ_POLLIN };
	zsock_t *monitor;

	if (socket_watch(&monitor, net->below, ZMQ_EVENT_CLOSED) != 0)
		return;
	item.socket = zsock_resolve(monitor);
	zmq_unbind(handle, net->endpoint);
	while (socket_event(monitor) != ZMQ_EVENT_CLOSED &&
	       socket_now_ms() < until_ms)
		zmq_poll(&item, 1, 10);
	endpoint_remove(&net->file, net->endpoint);
	socket_unwatch(&monitor, net->below);
}

/* Closing the door cuts off who came in by it: they come back. */
static int serve_by(struct net *net, const struct net_key *key)
{
	int rc;

	if (strcmp(net->public_key, key->public_key) == 0)
		return 0;
	unbind_below(net);
	rc = socket_serve(net->below, key);
	if (!rc)
		rc = socket_bind(net->below, net->endpoint);
	if (rc)
		return rc;
	endpoint_bound(&net->file, net->endpoint);
	memcpy(net->public_key, key->public_key, NET_KEY_TEXT);
	return 0;
}

int net_rekey(struct net *net, const struct net_key *keys, size_t count,
    const char *const *parent_keys, size_t parent_count)
{
	int rc = 0;

	if (count == 0 || count > NET_KEYS_MAX ||
	    !gate_key_is_valid(keys[0].public_key) ||
	    !gate_key_is_valid(keys[0].secret_key))
		return ERR_INVALID;
	if (net->above)
		rc = uplink_rekey(
		    net->above, keys, count, parent_keys, parent_count);
	return rc ? rc : serve_by(net, &keys[0]);
}

void net_close(struct net **net)
{
	struct net *n = *net;

	if (!n)
		return;
	if (n->endpoint)
		unbind_below(n);
	if (n->local_endpoint)
		zmq_unbind(zsock_resolve(n->local), n->local_endpoint);
	zsock_destroy(&n->below);
	zsock_destroy(&n->local);
	uplink_close(&n->above);
	gate_close(&n->list);
	free(n->endpoint);
	free(n->local_endpoint);
	free(n);
	*net = NULL;
}

/* A net's door: how it is opened, shut, and who may come in by it. */
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "net/inside.h"
#include "net/local.h"
#include "net/socket.h"

/* net_close waits no longer for a socket to be gone. */
enum { CLOSE_MS = 1000 };

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
	if (!rc)
		rc = turnstile_open(&net->turnstile);
	if (!rc)
		rc = turnstile_watch(net->turnstile, net->below);
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

void net_expect(struct net *net, const char *const *endpoints, size_t count)
{
	turnstile_expect(net->turnstile, endpoints, count);
}

void net_strangers(struct net_strangers *strangers_out, const struct net *net)
{
	turnstile_count(strangers_out, net->turnstile);
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

/* libzmq closes in the background; who opens the same endpoint next must
 * not find it still taken. */
static void unbind_below(struct net *net)
{
	void *handle = zsock_resolve(net->below);
	int64_t until_ms = socket_now_ms() + CLOSE_MS;
	zmq_pollitem_t item = { .events = ZMQ_POLLIN };
	zsock_t *monitor;
	int value;

	turnstile_unwatch(net->turnstile, net->below);
	if (socket_watch(&monitor, net->below, ZMQ_EVENT_CLOSED) != 0)
		return;
	item.socket = zsock_resolve(monitor);
	zmq_unbind(handle, net->endpoint);
	while (socket_event(&value, monitor) != ZMQ_EVENT_CLOSED &&
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
		rc = turnstile_watch(net->turnstile, net->below);
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
	if (n->turnstile)
		turnstile_unwatch(n->turnstile, n->below);
	zsock_destroy(&n->below);
	zsock_destroy(&n->local);
	uplink_close(&n->above);
	gate_close(&n->list);
	turnstile_close(&n->turnstile);
	free(n->endpoint);
	free(n->local_endpoint);
	free(n);
	*net = NULL;
}

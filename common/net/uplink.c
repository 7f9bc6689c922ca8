#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "net/endpoint.h"
#include "net/gate.h"
#include "net/socket.h"
#include "net/uplink.h"

enum {
	/* Long enough for libzmq's own attempt to be seen to succeed. */
	REOPEN_MS = 1000,
	EVENTS = ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_HANDSHAKE_SUCCEEDED,
};

struct uplink {
	zsock_t *socket;
	zsock_t *monitor;
	char *endpoint;
	char server_key[NET_KEY_TEXT];
	struct net_key key;
	bool keep;
	int64_t reopen_at_ms; /* 0: no need */
};

static int connect_socket(const struct uplink *uplink, zsock_t *socket)
{
	int rc = socket_call(socket, uplink->server_key, &uplink->key);

	if (!rc)
		rc = socket_set_int(socket, ZMQ_IMMEDIATE, !uplink->keep);
	if (!rc && zmq_connect(zsock_resolve(socket), uplink->endpoint))
		rc = ERR_INVALID;
	return rc;
}

static void disconnect(struct uplink *uplink)
{
	socket_unwatch(&uplink->monitor, uplink->socket);
	zsock_destroy(&uplink->socket);
}

/* Replaces socket and monitor together, or neither. */
static int connect_anew(struct uplink *uplink)
{
	zsock_t *socket, *monitor;
	int rc = socket_open(&socket, ZMQ_DEALER);

	if (rc)
		return rc;
	rc = socket_watch(&monitor, socket, EVENTS);
	if (!rc) {
		rc = connect_socket(uplink, socket);
		if (rc)
			socket_unwatch(&monitor, socket);
	}
	if (rc) {
		zsock_destroy(&socket);
		return rc;
	}
	disconnect(uplink);
	uplink->socket = socket;
	uplink->monitor = monitor;
	return 0;
}

int uplink_open(struct uplink **uplink_out, const char *endpoint,
    const char *server_key, const struct net_key *key, bool keep)
{
	struct uplink *uplink;
	int rc;

	*uplink_out = NULL;
	if (!endpoint_is_valid(endpoint) || !gate_key_is_valid(server_key))
		return ERR_INVALID;
	uplink = calloc(1, sizeof(*uplink));
	if (!uplink)
		return ERR_NOMEM;
	memcpy(uplink->server_key, server_key, NET_KEY_TEXT);
	uplink->key = *key;
	uplink->keep = keep;
	uplink->endpoint = strdup(endpoint);
	rc = uplink->endpoint ? connect_anew(uplink) : ERR_NOMEM;
	if (rc)
		uplink_close(&uplink);
	*uplink_out = uplink;
	return rc;
}

int uplink_call(struct uplink *uplink, const char *endpoint)
{
	char *old = uplink->endpoint;
	int rc;

	if (!endpoint_is_valid(endpoint))
		return ERR_INVALID;
	uplink->endpoint = strdup(endpoint);
	rc = uplink->endpoint ? connect_anew(uplink) : ERR_NOMEM;
	if (rc) {
		free(uplink->endpoint);
		uplink->endpoint = old;
		return rc;
	}
	free(old);
	uplink->reopen_at_ms = 0;
	return 0;
}

zsock_t *uplink_socket(struct uplink *uplink)
{
	return uplink->socket;
}

zsock_t *uplink_monitor(struct uplink *uplink)
{
	return uplink->monitor;
}

void uplink_tend(struct uplink *uplink)
{
	int64_t now_ms = socket_now_ms();
	int event;

	while ((event = socket_event(uplink->monitor)) != 0) {
		if (event == ZMQ_EVENT_HANDSHAKE_SUCCEEDED)
			uplink->reopen_at_ms = 0;
		else if (event == ZMQ_EVENT_DISCONNECTED &&
			 uplink->reopen_at_ms == 0)
			uplink->reopen_at_ms = now_ms + REOPEN_MS;
	}
	if (uplink->reopen_at_ms == 0 || now_ms < uplink->reopen_at_ms)
		return;
	/* When it cannot be (no descriptors left), the old one stays and the
	 * next second tries again. */
	uplink->reopen_at_ms =
	    connect_anew(uplink) == 0 ? 0 : now_ms + REOPEN_MS;
}

int64_t uplink_wait_ms(const struct uplink *uplink, int64_t wait_ms)
{
	int64_t until_ms;

	if (uplink->reopen_at_ms == 0)
		return wait_ms;
	until_ms = uplink->reopen_at_ms - socket_now_ms();
	if (until_ms < 0)
		until_ms = 0;
	return wait_ms >= 0 && wait_ms < until_ms ? wait_ms : until_ms;
}

const char *uplink_server_key(const struct uplink *uplink)
{
	return uplink->server_key;
}

void uplink_close(struct uplink **uplink)
{
	if (!*uplink)
		return;
	disconnect(*uplink);
	free((*uplink)->endpoint);
	explicit_bzero(&(*uplink)->key, sizeof((*uplink)->key));
	free(*uplink);
	*uplink = NULL;
}

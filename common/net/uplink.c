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
	NEXT_PAIR_MS = 150, /* where these keys may just be the wrong ones */
	FAILED = ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL |
		 ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL |
		 ZMQ_EVENT_HANDSHAKE_FAILED_AUTH,
	EVENTS = FAILED | ZMQ_EVENT_HANDSHAKE_SUCCEEDED,
};

struct uplink {
	zsock_t *socket;
	zsock_t *monitor;
	char *endpoint;
	char server_keys[NET_KEYS_MAX][NET_KEY_TEXT];
	struct net_key keys[NET_KEYS_MAX];
	size_t server_count, count;
	size_t attempt; /* which pair of them */
	bool was_taken; /* that pair, on this connection */
	bool keep;
	int64_t reopen_at_ms; /* 0: no need */
};

static const struct net_key *key_of(const struct uplink *uplink)
{
	return &uplink->keys[uplink->attempt / uplink->server_count %
			     uplink->count];
}

static int connect_socket(const struct uplink *uplink, zsock_t *socket)
{
	int rc = socket_call(socket, uplink_server_key(uplink), key_of(uplink));

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
	uplink->was_taken = false;
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
	memcpy(uplink->server_keys[0], server_key, NET_KEY_TEXT);
	uplink->keys[0] = *key;
	uplink->server_count = uplink->count = 1;
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

static int64_t pause_ms(const struct uplink *uplink)
{
	bool has_others = uplink->count * uplink->server_count > 1;

	return has_others && !uplink->was_taken ? NEXT_PAIR_MS : REOPEN_MS;
}

void uplink_tend(struct uplink *uplink)
{
	int64_t now_ms = socket_now_ms();
	int event, value;

	while ((event = socket_event(&value, uplink->monitor)) != 0) {
		if (event == ZMQ_EVENT_HANDSHAKE_SUCCEEDED) {
			uplink->reopen_at_ms = 0;
			uplink->was_taken = true;
		} else if (event & FAILED && uplink->reopen_at_ms == 0)
			uplink->reopen_at_ms = now_ms + pause_ms(uplink);
	}
	if (uplink->reopen_at_ms == 0 || now_ms < uplink->reopen_at_ms)
		return;
	if (!uplink->was_taken)
		uplink->attempt++;
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
	return uplink->server_keys[uplink->attempt % uplink->server_count];
}

static bool are_valid(const char *const *keys, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!gate_key_is_valid(keys[i]))
			return false;
	return true;
}

/* The pair that is used now is the first of the new ones. */
static bool is_first(const struct uplink *uplink, const struct net_key *key,
    const char *server_key)
{
	return strcmp(uplink_server_key(uplink), server_key) == 0 &&
	       strcmp(key_of(uplink)->secret_key, key->secret_key) == 0;
}

int uplink_rekey(struct uplink *uplink, const struct net_key *keys,
    size_t count, const char *const *server_keys, size_t server_count)
{
	struct uplink was = *uplink;
	int rc = 0;

	if (count == 0 || count > NET_KEYS_MAX || server_count == 0 ||
	    server_count > NET_KEYS_MAX ||
	    !are_valid(server_keys, server_count))
		return ERR_INVALID;
	bool stays = is_first(uplink, &keys[0], server_keys[0]);
	memcpy(uplink->keys, keys, count * sizeof(*keys));
	for (size_t i = 0; i < server_count; i++)
		memcpy(uplink->server_keys[i], server_keys[i], NET_KEY_TEXT);
	uplink->count = count;
	uplink->server_count = server_count;
	uplink->attempt = 0;
	if (!stays) {
		rc = connect_anew(uplink);
		if (rc)
			*uplink = was;
		else
			uplink->reopen_at_ms = 0;
	}
	explicit_bzero(&was.keys, sizeof(was.keys));
	return rc;
}

int uplink_also(
    struct uplink *uplink, const char *const *server_keys, size_t count)
{
	if (count > NET_KEYS_MAX - uplink->server_count ||
	    !are_valid(server_keys, count))
		return ERR_INVALID;
	for (size_t i = 0; i < count; i++)
		memcpy(uplink->server_keys[uplink->server_count++],
		    server_keys[i], NET_KEY_TEXT);
	return 0;
}

void uplink_close(struct uplink **uplink)
{
	if (!*uplink)
		return;
	disconnect(*uplink);
	free((*uplink)->endpoint);
	explicit_bzero(&(*uplink)->keys, sizeof((*uplink)->keys));
	free(*uplink);
	*uplink = NULL;
}

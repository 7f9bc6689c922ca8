#include <stdio.h>
#include <stdlib.h>
#include "base/err.h"
#include "net/local.h"
#include "net/socket.h"
#include "net/uplink.h"

struct net_client {
	struct uplink *uplink; /* NULL: through a local door */
	zsock_t *local;
};

int net_client_open(struct net_client **client_out, const char *endpoint,
    const char *server_key, const struct net_key *key)
{
	struct net_client *client = calloc(1, sizeof(*client));
	int rc;

	*client_out = NULL;
	if (!client)
		return ERR_NOMEM;
	rc = uplink_open(&client->uplink, endpoint, server_key, key, true);
	if (rc)
		net_client_close(&client);
	*client_out = client;
	return rc;
}

int net_client_also(
    struct net_client *client, const char *const *server_keys, size_t count)
{
	return client->uplink ? uplink_also(client->uplink, server_keys, count)
			      : ERR_INVALID;
}

int local_endpoint(char endpoint_out[LOCAL_ENDPOINT_MAX], const char *name)
{
	int len =
	    snprintf(endpoint_out, LOCAL_ENDPOINT_MAX, "inproc://%s", name);

	return name[0] && len > 0 && len < LOCAL_ENDPOINT_MAX ? 0 : ERR_INVALID;
}

static int connect_local(struct net_client *client, const char *endpoint)
{
	int rc = socket_open(&client->local, ZMQ_DEALER);

	if (rc)
		return rc;
	return zmq_connect(zsock_resolve(client->local), endpoint) ? ERR_IO : 0;
}

int net_client_open_local(
    struct net_client **client_out, struct net *net, const char *local_name)
{
	char endpoint[LOCAL_ENDPOINT_MAX];
	struct net_client *client;
	int rc = local_endpoint(endpoint, local_name);

	*client_out = NULL;
	if (rc)
		return rc;
	/* libzmq would wait for such a door to be opened. */
	if (!net_has_door(net, endpoint))
		return ERR_NOT_FOUND;
	client = calloc(1, sizeof(*client));
	if (!client)
		return ERR_NOMEM;
	rc = connect_local(client, endpoint);
	if (rc)
		net_client_close(&client);
	*client_out = client;
	return rc;
}

static zsock_t *socket_of(struct net_client *client)
{
	return client->uplink ? uplink_socket(client->uplink) : client->local;
}

int net_client_send(struct net_client *client, struct bytes body)
{
	if (client->uplink)
		uplink_tend(client->uplink);
	return socket_send(
	    socket_of(client), bytes_of(NULL, 0), body, account_unbounded());
}

/* 1, 0 when there is none, ERR_NOMEM. What has another shape is dropped. */
static int take(struct buf *out, struct net_client *client)
{
	zmq_msg_t body;
	int rc;

	zmq_msg_init(&body);
	do {
		rc = socket_receive(NULL, &body, socket_of(client));
	} while (rc == ERR_INVALID);
	if (rc > 0 && buf_add(out, zmq_msg_data(&body), zmq_msg_size(&body)))
		rc = ERR_NOMEM;
	zmq_msg_close(&body);
	return rc;
}

/* Until something is there, for us or for the one whose descriptor it is, or
 * a signal came (ERR_TIMEOUT). */
static int wait_once(bool *foreign_out, struct net_client *client,
    int64_t wait_ms, int foreign_fd)
{
	zmq_pollitem_t items[3] = { 0 };
	int count = 0;

	items[count++].socket = zsock_resolve(socket_of(client));
	if (client->uplink) {
		items[count++].socket =
		    zsock_resolve(uplink_monitor(client->uplink));
		wait_ms = uplink_wait_ms(client->uplink, wait_ms);
	}
	if (foreign_fd >= 0)
		items[count++].fd = foreign_fd;
	for (int i = 0; i < count; i++)
		items[i].events = ZMQ_POLLIN;
	if (zmq_poll(items, count, (long)wait_ms) < 0)
		return errno == EINTR ? ERR_TIMEOUT : ERR_IO;
	*foreign_out = foreign_fd >= 0 && items[count - 1].revents;
	return 0;
}

int net_client_receive(
    struct buf *out, struct net_client *client, int timeout_ms, int foreign_fd)
{
	int64_t until_ms = socket_now_ms() + timeout_ms;
	int64_t left_ms = timeout_ms;
	bool foreign = false;

	for (;;) {
		int rc = wait_once(&foreign, client, left_ms, foreign_fd);

		if (rc)
			return rc;
		if (client->uplink)
			uplink_tend(client->uplink);
		rc = take(out, client);
		if (rc)
			return rc > 0 ? 0 : rc;
		left_ms = until_ms - socket_now_ms();
		if (foreign || left_ms <= 0)
			return ERR_TIMEOUT;
	}
}

void net_client_close(struct net_client **client)
{
	if (!*client)
		return;
	uplink_close(&(*client)->uplink);
	zsock_destroy(&(*client)->local);
	free(*client);
	*client = NULL;
}

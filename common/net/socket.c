#include <pthread.h>
#include <stdatomic.h>
#include <time.h>
#include "base/err.h"
#include "net/endpoint.h"
#include "net/socket.h"

/* Missing from some releases' header although their library has it. Without
 * it a CURVE server whose guard is gone lets everybody in. */
#ifndef ZMQ_ZAP_ENFORCE_DOMAIN
#define ZMQ_ZAP_ENFORCE_DOMAIN 93
#endif

enum {
	/* Room for what CURVE wraps around a body. */
	WRAPPED_MAX_BYTES = FRAME_MAX_BYTES + 256,
	HANDSHAKE_MS = 1000,
	RECONNECT_MS = 100,
	RECONNECT_MAX_MS = 2000,
	/* A peer that vanished without a word is given up after this. */
	SILENT_MS = 30000,
	/* The system's own patience doubles each time it knocks: after an hour
	 * without a network it would knock every other minute. */
	CONNECT_MS = 5000,
	SILENT_IDLE_S = 15,
	SILENT_PROBE_S = 5,
	SILENT_PROBES = 3,
};

static const struct {
	int option;
	int value;
} bounds[] = {
	{ ZMQ_LINGER, 0 },
	{ ZMQ_SNDHWM, SOCKET_SEND_MESSAGES },
	{ ZMQ_RCVHWM, SOCKET_RECEIVE_MESSAGES },
	{ ZMQ_HANDSHAKE_IVL, HANDSHAKE_MS },
	{ ZMQ_RECONNECT_IVL, RECONNECT_MS },
	{ ZMQ_RECONNECT_IVL_MAX, RECONNECT_MAX_MS },
	{ ZMQ_BACKLOG, SOCKET_BACKLOG },
	{ ZMQ_TCP_MAXRT, SILENT_MS },
	{ ZMQ_CONNECT_TIMEOUT, CONNECT_MS },
	{ ZMQ_TCP_KEEPALIVE, 1 },
	{ ZMQ_TCP_KEEPALIVE_IDLE, SILENT_IDLE_S },
	{ ZMQ_TCP_KEEPALIVE_INTVL, SILENT_PROBE_S },
	{ ZMQ_TCP_KEEPALIVE_CNT, SILENT_PROBES },
};

int64_t socket_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int code_of(int error)
{
	switch (error) {
	case ENOMEM:
		return ERR_NOMEM;
	case EADDRINUSE:
		return ERR_BUSY;
	case EACCES:
	case EPERM:
		return ERR_ACCESS;
	case EINVAL:
	case ENODEV:
	case ENOENT:
	case ENOTDIR:
	case EADDRNOTAVAIL:
	case ENAMETOOLONG:
	case EPROTONOSUPPORT:
	case ENOCOMPATPROTO:
		return ERR_INVALID;
	case EAGAIN:
	case EHOSTUNREACH:
		return ERR_UNREACHABLE;
	default:
		return ERR_IO;
	}
}

int socket_set_int(zsock_t *socket, int option, int value)
{
	return zmq_setsockopt(
		   zsock_resolve(socket), option, &value, sizeof(value))
		   ? code_of(errno)
		   : 0;
}

static int set_text(zsock_t *socket, int option, const char *text)
{
	return zmq_setsockopt(zsock_resolve(socket), option, text, strlen(text))
		   ? code_of(errno)
		   : 0;
}

static int set_bounds(zsock_t *socket)
{
	const int64_t largest = WRAPPED_MAX_BYTES;

	if (zmq_setsockopt(zsock_resolve(socket), ZMQ_MAXMSGSIZE, &largest,
		sizeof(largest)))
		return code_of(errno);
	for (size_t i = 0; i < sizeof(bounds) / sizeof(bounds[0]); i++) {
		int rc =
		    socket_set_int(socket, bounds[i].option, bounds[i].value);

		if (rc)
			return rc;
	}
	return 0;
}

/*
 * czmq takes over signals and writes to standard output unless told; said
 * each time, because a fork forgets it. One thread at a time: czmq aborts
 * when a second opens a socket while a first is still setting it up.
 */
void socket_setup(void)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

	pthread_mutex_lock(&lock);
	zsys_handler_set(NULL);
	zsys_set_logstream(NULL);
	pthread_mutex_unlock(&lock);
}

int socket_open(zsock_t **socket_out, int type)
{
	zsock_t *socket;
	int rc;

	socket_setup();
	socket = zsock_new(type);
	if (!socket)
		return code_of(errno);
	rc = set_bounds(socket);
	if (rc)
		zsock_destroy(&socket);
	*socket_out = socket;
	return rc;
}

int socket_serve(zsock_t *socket, const struct net_key *key)
{
	int rc = socket_set_int(socket, ZMQ_CURVE_SERVER, 1);

	if (!rc)
		rc = set_text(socket, ZMQ_CURVE_SECRETKEY, key->secret_key);
	if (!rc)
		rc = set_text(socket, ZMQ_ZAP_DOMAIN, "whistle");
	if (!rc)
		rc = socket_set_int(socket, ZMQ_ZAP_ENFORCE_DOMAIN, 1);
	return rc;
}

int socket_call(
    zsock_t *socket, const char *server_key, const struct net_key *key)
{
	int rc = set_text(socket, ZMQ_CURVE_SERVERKEY, server_key);

	if (!rc)
		rc = set_text(socket, ZMQ_CURVE_PUBLICKEY, key->public_key);
	if (!rc)
		rc = set_text(socket, ZMQ_CURVE_SECRETKEY, key->secret_key);
	return rc;
}

int socket_bind(zsock_t *socket, const char *endpoint)
{
	return zmq_bind(zsock_resolve(socket), endpoint) ? code_of(errno) : 0;
}

int socket_watch(zsock_t **monitor_out, zsock_t *socket, int events)
{
	static atomic_uint count;
	zsock_t *monitor;
	char name[64];
	int rc = socket_open(&monitor, ZMQ_PAIR);

	if (rc)
		return rc;
	snprintf(name, sizeof(name), "inproc://net-events-%u",
	    atomic_fetch_add(&count, 1));
	/* Unbounded: libzmq's own thread would wait at a full queue. */
	rc = socket_set_int(monitor, ZMQ_RCVHWM, 0);
	if (!rc && (zmq_socket_monitor(zsock_resolve(socket), name, events) ||
		       zmq_connect(zsock_resolve(monitor), name)))
		rc = code_of(errno);
	if (rc)
		socket_unwatch(&monitor, socket);
	*monitor_out = monitor;
	return rc;
}

void socket_unwatch(zsock_t **monitor, zsock_t *socket)
{
	if (!*monitor)
		return;
	zmq_socket_monitor(zsock_resolve(socket), NULL, 0);
	zsock_destroy(monitor);
}

int socket_event(int *value_out, zsock_t *monitor)
{
	zmq_msg_t number, address;
	const size_t len = sizeof(uint16_t) + sizeof(int32_t);
	uint16_t event = 0;
	int32_t value = 0;

	zmq_msg_init(&number);
	zmq_msg_init(&address);
	if (socket_receive(&number, &address, monitor) > 0 &&
	    zmq_msg_size(&number) >= len) {
		const uint8_t *data = zmq_msg_data(&number);
		memcpy(&event, data, sizeof(event));
		memcpy(&value, data + sizeof(event), sizeof(value));
	}
	zmq_msg_close(&number);
	zmq_msg_close(&address);
	*value_out = value;
	return event;
}

/* Sends `part` or closes it. */
static int send_part(void *handle, zmq_msg_t *part, int flags)
{
	int rc;

	if (zmq_msg_send(part, handle, flags | ZMQ_DONTWAIT) >= 0)
		return 0;
	rc = code_of(errno);
	zmq_msg_close(part);
	return rc;
}

static int send_id(void *handle, struct bytes id)
{
	zmq_msg_t part;

	if (zmq_msg_init_size(&part, id.len))
		return ERR_NOMEM;
	memcpy(zmq_msg_data(&part), id.data, id.len);
	return send_part(handle, &part, ZMQ_SNDMORE);
}

/* The body is made first: after the id there is no way back. */
int socket_send(zsock_t *socket, struct bytes id, struct bytes body,
    struct account *account)
{
	void *handle = zsock_resolve(socket);
	zmq_msg_t part;
	int rc;

	if (body.len > FRAME_MAX_BYTES)
		return ERR_TOO_LARGE;
	rc = account_message(&part, account, body);
	if (rc)
		return rc;
	if (id.len > 0)
		rc = send_id(handle, id);
	if (rc)
		zmq_msg_close(&part);
	else
		rc = send_part(handle, &part, 0);
	return rc;
}

/* The rest of a message that has more parts than it should. */
static void drop_rest(void *handle, zmq_msg_t *part)
{
	while (zmq_msg_more(part)) {
		if (zmq_msg_recv(part, handle, ZMQ_DONTWAIT) < 0)
			return;
	}
}

int socket_receive(zmq_msg_t *id_out, zmq_msg_t *body_out, zsock_t *socket)
{
	void *handle = zsock_resolve(socket);

	if (id_out) {
		if (zmq_msg_recv(id_out, handle, ZMQ_DONTWAIT) < 0)
			return 0;
		if (!zmq_msg_more(id_out))
			return ERR_INVALID;
	}
	if (zmq_msg_recv(body_out, handle, ZMQ_DONTWAIT) < 0)
		return id_out ? ERR_INVALID : 0;
	if (zmq_msg_more(body_out)) {
		drop_rest(handle, body_out);
		return ERR_INVALID;
	}
	return zmq_msg_size(body_out) > FRAME_MAX_BYTES ? ERR_INVALID : 1;
}

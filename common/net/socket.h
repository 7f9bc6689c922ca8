/*
 * Sockets of this process's one ZeroMQ context, with every bound set and,
 * where they leave the process, CURVE. Internal to net/. Nothing here
 * chooses who may come in: that is the gate's (net/gate.h), and a serving
 * socket without a gate lets in nobody.
 */
#ifndef WHISTLE_NET_SOCKET_H
#define WHISTLE_NET_SOCKET_H

#include <czmq.h>
#include "base/limits.h"
#include "net/account.h"
#include "net/net.h"

enum {
	/* Messages waiting to leave, for each peer. Above a link's window, so
	 * that a link never sees its own queue as a peer that is gone. */
	SOCKET_SEND_MESSAGES = 10000,
	/* Messages waiting to be read, from each peer: what a key that is let
	 * in can make us hold is this many times FRAME_MAX_BYTES. */
	SOCKET_RECEIVE_MESSAGES = 256,
	/* Who has knocked and waits to be let in; the next one's own kernel
	 * knocks again a second later. */
	SOCKET_BACKLOG = 256,
};

/* Before anything else of czmq's; any number of times, from any thread. */
void socket_setup(void);
/* With all bounds and without security. ERR_NOMEM, ERR_IO. */
int socket_open(zsock_t **socket_out, int type);
/* CURVE as the server; every peer must pass the gate. ERR_INVALID: the key,
 * ERR_IO: this libzmq cannot. */
int socket_serve(zsock_t *socket, const struct net_key *key);
/* CURVE as a client of the server with that public key (Z85). */
int socket_call(zsock_t *socket, const char *server_key,
    const struct net_key *key);
int socket_set_int(zsock_t *socket, int option, int value);
/* ERR_BUSY, ERR_ACCESS, ERR_INVALID, ERR_NOMEM, ERR_IO. */
int socket_bind(zsock_t *socket, const char *endpoint);
/*
 * A socket that reads the `events` of another. End it with socket_unwatch,
 * before the other is closed: an event that finds nobody to read it stops
 * libzmq's thread, and so every socket of the process, for ever.
 */
int socket_watch(zsock_t **monitor_out, zsock_t *socket, int events);
void socket_unwatch(zsock_t **monitor, zsock_t *socket);
/* The next event without waiting: its number, or 0 when there is none; and
 * what comes with it, for some a descriptor of libzmq's. */
int socket_event(int *value_out, zsock_t *monitor);

/*
 * Copies `body` and sends it without waiting, after `id` unless that is
 * empty. Counts it in `account` until libzmq has it on the wire. ERR_NOMEM,
 * ERR_TOO_LARGE, ERR_IO; ERR_UNREACHABLE also when the account is full.
 */
int socket_send(zsock_t *socket, struct bytes id, struct bytes body,
    struct account *account);
/*
 * Takes one message off `socket`: `id_out` (NULL when there is to be none)
 * gets the frame before the body. Both must be initialised and stay so. 1;
 * 0 when nothing is there; ERR_INVALID when a message had another shape and
 * was dropped whole.
 */
int socket_receive(zmq_msg_t *id_out, zmq_msg_t *body_out, zsock_t *socket);

/* Time that never jumps. */
int64_t socket_now_ms(void);

#endif

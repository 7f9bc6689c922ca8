/*
 * The only place that knows ZeroMQ. A node has one `net`: a ROUTER that its
 * children and operators connect to, a DEALER to its parent, and an inproc
 * door for the process's own threads. CURVE always on outside the process;
 * who a peer is comes from the ZAP User-Id of each message (its public key),
 * never from what it says. Messages are whole and bounded; sending never
 * blocks and may be dropped (the link protocol resends).
 *
 * Hazards handled here: no ZMQ_HEARTBEAT_*, ZAP domain enforced, MAXMSGSIZE,
 * HANDSHAKE_IVL, IMMEDIATE, LINGER 0, MANDATORY, no HANDOVER, bounded HWM.
 * Not handled, for libzmq has no bound for it: who is let in may send one
 * message of endless parts, and only a limit on the process's memory ends it.
 */
#ifndef WHISTLE_NET_NET_H
#define WHISTLE_NET_NET_H

#include <stdbool.h>
#include <stdint.h>
#include "base/bytes.h"
#include "base/limits.h"

enum {
	NET_KEY_TEXT = 41,
	NET_KEYS_MAX = 9, /* of one end, that it may be known by at a time */
	NET_ROUTE_MAX = 32,
	/* What may wait to be sent to the holder of one key, however many
	 * connections it has: several times a link's window. */
	NET_QUEUE_BYTES = 4 * LINK_WINDOW_BYTES,
};

struct net_key { /* a CURVE key pair, Z85 */
	char public_key[NET_KEY_TEXT];
	char secret_key[NET_KEY_TEXT];
};

/* ERR_IO when libzmq has no CURVE. */
int net_key_make(struct net_key *key_out);
/*
 * Key files hold both keys (ZPL, as zcert writes), mode 0600. ERR_NOT_FOUND,
 * ERR_ACCESS when others may read it (or it is unreadable); its group may,
 * when it is root's file and ours is that group, as containers mount secrets.
 * ERR_INVALID when it is not a key pair that fits together, ERR_EXISTS.
 */
int net_key_load(struct net_key *key_out, const char *path);
int net_key_save(const char *path, const struct net_key *key);
/* The same but for the sync: whoever writes thousands syncs once, before any
 * of them has its name. */
int net_key_write(const char *path, const struct net_key *key);

/* The 32 bytes of either key, for sealing what only its owner may read.
 * ERR_INVALID: not Z85. */
int net_key_bytes(uint8_t bytes_out[32], const char *key);

enum net_side { NET_SIDE_BELOW, NET_SIDE_ABOVE, NET_SIDE_LOCAL };

/* Where a message came from, and so where an answer goes. */
struct net_route {
	enum net_side side;
	uint8_t id[NET_ROUTE_MAX];
	uint8_t id_len;
	uint16_t account; /* net's: who pays for what waits to be sent */
};

struct net_message {
	struct net_route route;
	char public_key[NET_KEY_TEXT]; /* of the peer; "" for NET_SIDE_LOCAL */
	struct bytes body;		/* until net_message_close */
	void *handle;
};

struct net_config {
	const char *endpoint; /* to bind: tcp:// or ipc:// */
	struct net_key key;
	const char *parent_endpoint; /* NULL: no parent */
	const char *parent_key;	     /* its public key, Z85 */
	/* Z85 public keys that may connect (children and operators). */
	const char *const *allowed;
	size_t allowed_count;
	const char *local_name; /* inproc door; NULL: none */
};

struct net;

/* ERR_BUSY: the endpoint is taken. ERR_INVALID: it cannot be one, or a key is
 * none. ERR_ACCESS, ERR_NOMEM, ERR_IO. */
int net_open(struct net **net_out, const struct net_config *config);
/*
 * Replaces the allow-list of a running net (operators added, revoked): a key
 * that was removed is not heard any more from this moment. With the old list
 * kept: ERR_INVALID, one of them is not a key; ERR_IO, ERR_NOMEM.
 */
int net_allow(struct net *net, const char *const *allowed, size_t count);

/* Where neighbours may come from while there is a flood (net/turnstile.h):
 * their own endpoints. Replaces what was said before. */
void net_expect(struct net *net, const char *const *endpoints, size_t count);

struct net_strangers {
	uint64_t count;	  /* came in and had no key, since the start */
	bool is_flood;	  /* too many now: not everybody is let in */
	bool is_helpless; /* and the kernel does not let us keep them out */
};

void net_strangers(struct net_strangers *strangers_out, const struct net *net);

/* From now on its parent is at `endpoint`. On an error it stays where it
 * was: ERR_INVALID, it has no parent or that is no endpoint; ERR_NOMEM,
 * ERR_IO. What was on its way is lost, as when a wire is cut. */
int net_call(struct net *net, const char *endpoint);

/*
 * Other keys, while the net runs: keys[0] is ours from now on, and whoever
 * connects must know us by it; who was connected is cut off and comes back
 * by it, or by net_client_also. The parent is
 * looked for by keys[0] and parent_keys[0] first; where that is not taken the
 * others are tried, one after the other: so it does not matter which end hears
 * of a new key first. Without a parent parent_count is 0. ERR_INVALID, with
 * all as it was: a key is none, or too many. Else ERR_BUSY, ERR_IO,
 * ERR_NOMEM: nobody can connect any more.
 */
int net_rekey(struct net *net, const struct net_key *keys, size_t count,
    const char *const *parent_keys, size_t parent_count);

/*
 * Waits until something has arrived, at most `timeout_ms` (0: does not
 * wait), or a signal. Returns 1 when there is something, 0 when not, or
 * ERR_IO.
 */
int net_wait(struct net *net, int timeout_ms);
/* The next message; 1, 0 when there is none, or ERR_NOMEM. Sides take turns,
 * so that none can starve another. Malformed multiparts are dropped here, and
 * whatever comes from a key that is not allowed any more. */
int net_receive(struct net_message *message_out, struct net *net);
void net_message_close(struct net_message *message);

/* Copies `body`. ERR_UNREACHABLE when the peer is gone or its queue is
 * full: nothing was sent. ERR_TOO_LARGE: above FRAME_MAX_BYTES. */
int net_send(struct net *net, const struct net_route *route,
    struct bytes body);
/* Unlinks an ipc socket it bound. */
void net_close(struct net **net);

/* ---- the other end: a person's program ---- */

struct net_client;

/* Over CURVE to a node. Connecting happens in the background, again and again
 * until it works. ERR_INVALID: the endpoint or a key. */
int net_client_open(struct net_client **client_out, const char *endpoint,
    const char *server_key, const struct net_key *key);
/* The server may also be known by one of these: a key that it had. Tried in
 * turn while it cannot be reached by another. ERR_INVALID. */
int net_client_also(
    struct net_client *client, const char *const *server_keys, size_t count);
/* To the local door of a net in this process, from any one thread.
 * ERR_NOT_FOUND: it has no door of that name. */
int net_client_open_local(struct net_client **client_out, struct net *net,
    const char *local_name);
/* What is sent before there is a connection waits for it. ERR_UNREACHABLE:
 * too much is waiting already. */
int net_client_send(struct net_client *client, struct bytes body);
/*
 * The next message within `timeout_ms`, appended to `out`. ERR_TIMEOUT, also
 * when a signal came. `foreign_fd` >= 0: also returns ERR_TIMEOUT as soon as
 * that descriptor is readable (for an HTTP server's epoll descriptor).
 */
int net_client_receive(struct buf *out, struct net_client *client,
    int timeout_ms, int foreign_fd);
void net_client_close(struct net_client **client);

#endif

/*
 * How many strangers may come to a net's socket at a time. Each connection
 * costs libzmq's one thread a key pair before anything is known of who comes,
 * and that thread carries the neighbours too. So connections that end without
 * a handshake are counted, and when there are too many, a sieve (net/sieve.h)
 * lets nobody in for a moment, then one class of addresses after the other,
 * and those stay shut out with which too many come again; every few seconds
 * all are tried anew, in other classes. An address from which somebody with
 * a good key has come, or from where a neighbour is expected, is let in by a
 * count of its own. So a flood from a few addresses shuts out those; nobody
 * is shut out for ever, whoever is in stays in, and when the flood ends the
 * door is open again within seconds. Of an ipc endpoint, whose door is a
 * file with an owner, nothing is counted. Internal to net/.
 */
#ifndef WHISTLE_NET_TURNSTILE_H
#define WHISTLE_NET_TURNSTILE_H

#include <czmq.h>
#include "net/net.h"

struct turnstile;

/* ERR_NOMEM. */
int turnstile_open(struct turnstile **turnstile_out);
/* Watches a socket, from before it is bound until it is to be unbound.
 * ERR_NOMEM, ERR_IO. */
int turnstile_watch(struct turnstile *turnstile, zsock_t *socket);
void turnstile_unwatch(struct turnstile *turnstile, zsock_t *socket);
/* NULL: nothing is watched. Borrowed until it is unwatched. */
zsock_t *turnstile_monitor(struct turnstile *turnstile);

/* Reads what the monitor has, and lets in more or fewer. */
void turnstile_tend(struct turnstile *turnstile);
/* At most `wait_ms` (negative: for ever), less when turnstile_tend has
 * something to do before. */
int64_t turnstile_wait_ms(const struct turnstile *turnstile, int64_t wait_ms);

/* From where neighbours will come: tcp endpoints of theirs, others are passed
 * over. Replaces what was said before. */
void turnstile_expect(
    struct turnstile *turnstile, const char *const *endpoints, size_t count);
/* Has the peer with that account (net/account.h) not been greeted since
 * somebody came in? Then its address may be new. */
bool turnstile_is_new(const struct turnstile *turnstile, uint16_t account);
/* A peer with a good key has spoken from `address`, as libzmq writes it. */
void turnstile_greet(
    struct turnstile *turnstile, uint16_t account, const char *address);

/* As net_strangers. */
void turnstile_count(
    struct net_strangers *strangers_out, const struct turnstile *turnstile);
void turnstile_close(struct turnstile **turnstile);

#endif

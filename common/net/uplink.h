/*
 * A DEALER to one server over CURVE that comes back whatever happens.
 * libzmq reconnects by itself when a connection is lost, but gives up for
 * ever after a protocol error, and a server that does not (yet) admit our
 * key is one. So the connection is watched, and made anew when it was lost
 * and is not back within a second. Internal to net/.
 */
#ifndef WHISTLE_NET_UPLINK_H
#define WHISTLE_NET_UPLINK_H

#include <czmq.h>
#include "net/net.h"

struct uplink;

/* `keep`: what is sent while there is no connection waits for one; else it
 * is refused. ERR_INVALID: endpoint or key. ERR_NOMEM, ERR_IO. */
int uplink_open(struct uplink **uplink_out, const char *endpoint,
    const char *server_key, const struct net_key *key, bool keep);
/* Leaves the server for where it is now. On an error it stays as it was. */
int uplink_call(struct uplink *uplink, const char *endpoint);
/* Both borrowed until the next uplink_tend. */
zsock_t *uplink_socket(struct uplink *uplink);
zsock_t *uplink_monitor(struct uplink *uplink);
/* Reads what the monitor has and makes the connection anew when it is time.
 */
void uplink_tend(struct uplink *uplink);
/* At most `wait_ms` (negative: for ever), less when uplink_tend has
 * something to do before. */
int64_t uplink_wait_ms(const struct uplink *uplink, int64_t wait_ms);
/*
 * Other keys, at most NET_KEYS_MAX of each: the first of both are used, and
 * where those are not taken the next pair of them, and so on round.
 * ERR_INVALID, ERR_NOMEM, ERR_IO: as it was.
 */
int uplink_rekey(struct uplink *uplink, const struct net_key *keys,
    size_t count, const char *const *server_keys, size_t server_count);
/* Adds more of the server's; the connection stays. ERR_INVALID. */
int uplink_also(
    struct uplink *uplink, const char *const *server_keys, size_t count);
const char *uplink_server_key(const struct uplink *uplink);
void uplink_close(struct uplink **uplink);

#endif

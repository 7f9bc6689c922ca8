/*
 * Who may come in. One guard (czmq's zauth) answers for the whole process,
 * because ZeroMQ has one place for it; each net has a list of its own, and
 * the guard admits a key that is on any of them. So a net must also ask
 * gate_admits, of each message: that also shuts out at once a peer whose
 * key was taken off the list while it was connected. Internal to net/.
 *
 * The guard's certificates live in memory and never change: for another list
 * there is another guard, and who knocks in between is refused and knocks
 * again. (zauth's folder of files is read again only when its newest time in
 * whole seconds, its count or its size changed, so that it can miss a key
 * that replaces another; and every stranger's handshake reads the folder.)
 */
#ifndef WHISTLE_NET_GATE_H
#define WHISTLE_NET_GATE_H

#include <stdbool.h>
#include <stddef.h>

struct gate_list;

/* Starts the guard with the first list. ERR_INVALID: a key that is not 40
 * characters of Z85. ERR_NOMEM, ERR_IO: no descriptors left. */
int gate_open(struct gate_list **list_out, const char *const *keys,
    size_t count);
/* Replaces the list, for the next handshake and the next message. On an
 * error the old list stays. */
int gate_change(struct gate_list *list, const char *const *keys,
    size_t count);
bool gate_admits(const struct gate_list *list, const char *key);
/* Ends the guard with the last list. */
void gate_close(struct gate_list **list);

/* True for 40 characters of Z85 that stand for 32 bytes, written the one
 * way that they are written. */
bool gate_key_is_valid(const char *key);

#endif

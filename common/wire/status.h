/*
 * A node's status and lists of them, between our structs and protobuf-c's.
 * Private to wire/.
 */
#ifndef WHISTLE_WIRE_STATUS_H
#define WHISTLE_WIRE_STATUS_H

#include "control.pb-c.h"
#include "wire/wire.h"

/* Points into itself: does not move. */
struct status_message {
	Whistle__NodeStatus status;
};

/* Lists live in `arena`, texts are borrowed. ERR_TOO_LARGE: no room. */
int status_fill(struct status_message *message, struct arena *arena,
    const struct wire_status *from);
/* ERR_INVALID, ERR_TOO_LARGE. */
int status_read(struct wire_status *status_out, struct arena *arena,
    const Whistle__NodeStatus *from);

/* At most NEWS_NODES_MAX, none of them empty: ERR_INVALID. */
int heard_fill(Whistle__Heard ***list_out, struct arena *arena,
    const struct wire_heard *from, size_t count);
int heard_read(const struct wire_heard **list_out, struct arena *arena,
    Whistle__Heard *const *from, size_t count);

#endif

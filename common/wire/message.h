/*
 * protobuf-c under this layer's terms: memory from an arena and bounded by
 * it, and nothing accepted but the one form in which we would have packed
 * the same message, nor what is of a version that this program does not
 * know. Private to wire/.
 */
#ifndef WHISTLE_WIRE_MESSAGE_H
#define WHISTLE_WIRE_MESSAGE_H

#include <protobuf-c/protobuf-c.h>
#include "base/bytes.h"

/* What a message unpacks to may be so many times its length, and this much
 * more. protobuf-c can be made to take 44 times. */
enum { GROWTH = 8, GROWTH_OF_LISTS = 28, GROWTH_BYTES = 4096 };

/*
 * The message lives in `arena`; every string of it, and of what is nested
 * in it, is text. ERR_INVALID; ERR_TOO_LARGE when `bytes` is longer than
 * `max_bytes`, or grows too much, or the arena is full.
 */
int message_unpack(void *message_out, struct arena *arena,
    const ProtobufCMessageDescriptor *type, size_t max_bytes, size_t growth,
    struct bytes bytes);

/* Appends to `out`, or leaves it as it was: ERR_TOO_LARGE over `max_bytes`,
 * ERR_INVALID for what belongs to no version that this program knows,
 * ERR_NOMEM. */
int message_pack(struct buf *out, size_t max_bytes, const void *message);

#endif

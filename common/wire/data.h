/*
 * DATA frames by hand, because they carry nearly all bytes between nodes:
 * packed without a copy in between, unpacked without copying an event. The
 * bytes are those that protobuf-c would write (the tests compare); what
 * protobuf-c would not write is refused. Private to wire/.
 */
#ifndef WHISTLE_WIRE_DATA_H
#define WHISTLE_WIRE_DATA_H

#include "wire/wire.h"

/* frame->kind is FRAME_DATA. ERR_INVALID, ERR_TOO_LARGE, ERR_NOMEM. */
int data_pack(struct buf *out, const struct wire_frame *frame);

/* Does this begin as a DATA frame? Says nothing about the rest. */
bool data_is(struct bytes bytes);
/* Runs in *frame_out are borrowed from `bytes`. ERR_INVALID,
 * ERR_TOO_LARGE. */
int data_unpack(
    struct wire_frame *frame_out, struct arena *arena, struct bytes bytes);

#endif

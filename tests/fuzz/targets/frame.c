/* Frames of a link, from a neighbour. */
#include "base/err.h"
#include "fuzz.h"
#include "wire/wire.h"

static int pack(struct buf *out, const void *frame)
{
	return wire_frame_pack(out, frame);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes bytes = bytes_of(data, size);
	struct wire_frame frame;
	int rc = wire_frame_unpack(&frame, fuzz_arena(), bytes);

	promise(rc == 0 || rc == ERR_INVALID || rc == ERR_TOO_LARGE);
	if (rc == 0)
		fuzz_same(pack, &frame, bytes);
	return 0;
}

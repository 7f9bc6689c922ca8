/* A node's replies, as a person's program reads them. */
#include "base/err.h"
#include "fuzz.h"
#include "wire/wire.h"

static int pack(struct buf *out, const void *reply)
{
	return wire_reply_pack(out, reply);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes bytes = bytes_of(data, size);
	struct wire_reply reply;
	int rc = wire_reply_unpack(&reply, fuzz_arena(), bytes);

	promise(rc == 0 || rc == ERR_INVALID || rc == ERR_TOO_LARGE);
	if (rc == 0)
		fuzz_same(pack, &reply, bytes);
	return 0;
}

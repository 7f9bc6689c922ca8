/* How a node is, as it says it: handed on by every node up to the root. */
#include "base/err.h"
#include "fuzz.h"
#include "wire/wire.h"

static int pack(struct buf *out, const void *status)
{
	return wire_status_pack(out, status);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes bytes = bytes_of(data, size);
	struct wire_status status;
	int rc = wire_status_unpack(&status, fuzz_arena(), bytes);

	promise(rc == 0 || rc == ERR_INVALID || rc == ERR_TOO_LARGE);
	if (rc == 0)
		fuzz_same(pack, &status, bytes);
	return 0;
}

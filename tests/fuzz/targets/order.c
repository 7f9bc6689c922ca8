/* Commands that travel from node to node. */
#include "base/err.h"
#include "fuzz.h"
#include "wire/wire.h"

static int pack(struct buf *out, const void *order)
{
	return wire_order_pack(out, order);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes bytes = bytes_of(data, size);
	struct wire_order order;
	int rc = wire_order_unpack(&order, fuzz_arena(), bytes);

	promise(rc == 0 || rc == ERR_INVALID || rc == ERR_TOO_LARGE);
	if (rc == 0)
		fuzz_same(pack, &order, bytes);
	return 0;
}

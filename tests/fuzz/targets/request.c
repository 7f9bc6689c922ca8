/* What operators ask. */
#include "base/err.h"
#include "fuzz.h"
#include "wire/wire.h"

static int pack(struct buf *out, const void *request)
{
	return wire_request_pack(out, request);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes bytes = bytes_of(data, size);
	const char *problem = NULL;
	struct wire_request request;
	int rc = wire_request_unpack(&request, &problem, fuzz_arena(), bytes);

	promise(rc == 0 || rc == ERR_INVALID || rc == ERR_TOO_LARGE);
	if (rc == 0)
		fuzz_same(pack, &request, bytes);
	return 0;
}

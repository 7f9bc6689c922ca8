/* Events: the log's own bytes, from a neighbour or from our own disk. */
#include "base/err.h"
#include "fuzz.h"
#include "wire/wire.h"

static int pack(struct buf *out, const void *event)
{
	return wire_event_pack(out, event);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes bytes = bytes_of(data, size);
	const char *field, *problem = NULL;
	struct event event;
	int rc = wire_event_unpack(&event, &problem, fuzz_arena(), bytes);

	promise(rc == 0 || rc == ERR_INVALID || rc == ERR_TOO_LARGE);
	if (rc)
		return 0;
	fuzz_same(pack, &event, bytes);
	promise(particulars_check(
		    &field, &problem, &event.what, event.verb, false) == 0);
	return 0;
}

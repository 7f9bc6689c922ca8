/* A caller's details, after they were opened. */
#include "base/err.h"
#include "fuzz.h"
#include "wire/wire.h"

static int pack(struct buf *out, const void *contact)
{
	return wire_contact_pack(out, contact);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes bytes = bytes_of(data, size);
	struct wire_contact contact;
	int rc = wire_contact_unpack(&contact, fuzz_arena(), bytes);

	promise(rc == 0 || rc == ERR_INVALID || rc == ERR_TOO_LARGE);
	if (rc == 0)
		fuzz_same(pack, &contact, bytes);
	return 0;
}

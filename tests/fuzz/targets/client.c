/* What a client of the gateway may: the NAME.yaml beside its key. */
#include "base/err.h"
#include "fuzz.h"
#include "gatewayd/client_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct client_key client = { .scopes = 0 };
	int rc = client_file_load(&client, fuzz_file(data, size));

	promise(rc == 0 || rc == ERR_INVALID);
	promise((client.scopes & ~(unsigned)SCOPE_ALL) == 0);
	if (rc == 0)
		allowance_take(&client.allowance, 1);
	return 0;
}

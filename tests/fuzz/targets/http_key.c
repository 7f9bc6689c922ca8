/* The key file of a client of the gateway. */
#include "base/err.h"
#include "client/sign.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t key[SIGN_KEY_BYTES];
	int rc = sign_key_load(key, fuzz_file(data, size));

	promise(rc == 0 || rc == ERR_INVALID);
	promise(rc != 0 || size >= 2 * sizeof(key));
	return 0;
}

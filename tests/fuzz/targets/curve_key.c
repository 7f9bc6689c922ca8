/* The key file of a node or of a person. */
#include <string.h>
#include "base/err.h"
#include "fuzz.h"
#include "net/net.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct net_key key;
	uint8_t secret[32];
	int rc = net_key_load(&key, fuzz_file(data, size));

	promise(rc == 0 || rc == ERR_INVALID || rc == ERR_TOO_LARGE);
	if (rc == 0) {
		promise(strlen(key.public_key) == NET_KEY_TEXT - 1);
		promise(net_key_bytes(secret, key.secret_key) == 0);
	}
	return 0;
}

/* X-Forwarded-For, which anybody can write. */
#include <stdlib.h>
#include "fuzz.h"
#include "client/peer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct proxies proxies = { .rows = { { { { [15] = 1 } } } },
		.count = 1 };
	const struct in6_addr stranger = { { { [15] = 2 } } };
	struct bytes rest = bytes_of(data, size);
	char *forwarded = fuzz_line(&rest);
	struct in6_addr client;

	client = proxies_client(&proxies, &stranger, forwarded);
	promise(peer_equal(&client, &stranger));
	client = proxies_client(&proxies, &proxies.rows[0], forwarded);
	promise(forwarded[0] != '\0' || peer_equal(&client, &proxies.rows[0]));
	free(forwarded);
	return 0;
}

#include "gatewayd/page_limit.h"

#include <sodium.h>

static bool is_over(struct page_slot *slot, unsigned max)
{
	int64_t minute = steady_ms() / 60000;

	if (slot->minute != minute)
		*slot = (struct page_slot){ minute, 0 };
	return slot->count++ >= max;
}

bool page_limit_is_over_ticket(struct gateway *gateway, const struct id *ticket)
{
	return is_over(
	    &gateway->page_slots[ticket->b[15] | (ticket->b[14] & 3) << 8],
	    PAGE_RATE_MAX);
}

/* With the pages' own key, so that nobody can choose whom to share with. */
bool page_limit_is_over_address(const struct exchange *exchange)
{
	struct gateway *gateway = exchange->gateway;
	struct in6_addr client = exchange->line->client;
	uint8_t hash[crypto_shorthash_BYTES];
	size_t slot;

	_Static_assert(SIGN_KEY_BYTES >= crypto_shorthash_KEYBYTES, "a key");
	/* A household has a /64 of IPv6; IPv4 stands in the second half. */
	crypto_shorthash(hash, client.s6_addr,
	    IN6_IS_ADDR_V4MAPPED(&client) ? sizeof(client) : 8,
	    gateway->page_key);
	slot = (size_t)(hash[0] | hash[1] << 8) % PAGE_SLOTS;
	return is_over(&gateway->page_addresses[slot], PAGE_ADDRESS_MAX);
}

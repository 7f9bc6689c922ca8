#include "gatewayd/page_limit.h"

#include <arpa/inet.h>
#include <sodium.h>
#include <string.h>

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

/* A household has a /64 of IPv6. */
static struct bytes bytes_of_address(const struct sockaddr *address)
{
	const struct sockaddr_in *four = (const void *)address;
	const struct sockaddr_in6 *six = (const void *)address;

	if (address->sa_family == AF_INET)
		return bytes_of(&four->sin_addr, sizeof(four->sin_addr));
	if (address->sa_family == AF_INET6)
		return bytes_of(&six->sin6_addr, 8);
	return bytes_of("", 0);
}

static bool is_here(const struct sockaddr *address)
{
	const struct sockaddr_in *four = (const void *)address;
	const struct sockaddr_in6 *six = (const void *)address;

	if (address->sa_family == AF_INET)
		return ntohl(four->sin_addr.s_addr) >> 24 == 127;
	return address->sa_family == AF_INET6 &&
	       IN6_IS_ADDR_LOOPBACK(&six->sin6_addr);
}

static struct bytes whose(const struct exchange *exchange)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
	    exchange->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	const char *list = MHD_lookup_connection_value(
	    exchange->connection, MHD_HEADER_KIND, "X-Forwarded-For");
	const char *last = list ? strrchr(list, ',') : NULL;

	if (!info || !info->client_addr)
		return bytes_of("", 0);
	if (!list || !is_here(info->client_addr))
		return bytes_of_address(info->client_addr);
	last = last ? last + 1 : list;
	last += strspn(last, " ");
	return bytes_of(last, strlen(last));
}

/* With the pages' own key, so that nobody can choose whom to share with. */
bool page_limit_is_over_address(const struct exchange *exchange)
{
	struct gateway *gateway = exchange->gateway;
	struct bytes address = whose(exchange);
	uint8_t hash[crypto_shorthash_BYTES];
	size_t slot;

	_Static_assert(SIGN_KEY_BYTES >= crypto_shorthash_KEYBYTES, "a key");
	crypto_shorthash(hash, address.data, address.len, gateway->page_key);
	slot = (size_t)(hash[0] | hash[1] << 8) % PAGE_SLOTS;
	return is_over(&gateway->page_addresses[slot], PAGE_ADDRESS_MAX);
}

#include "client/peer.h"

#include <arpa/inet.h>
#include <string.h>
#include "base/err.h"

static struct in6_addr mapped(const struct in_addr *four)
{
	struct in6_addr peer = { .s6_addr = { [10] = 0xff, [11] = 0xff } };

	memcpy(peer.s6_addr + 12, four, sizeof(*four));
	return peer;
}

struct in6_addr peer_of(const struct sockaddr *address)
{
	if (address->sa_family == AF_INET)
		return mapped(
		    &((const struct sockaddr_in *)(const void *)address)
			 ->sin_addr);
	if (address->sa_family == AF_INET6)
		return ((const struct sockaddr_in6 *)(const void *)address)
		    ->sin6_addr;
	return (struct in6_addr){ 0 };
}

int peer_parse(struct in6_addr *peer_out, const char *text)
{
	struct in_addr four;

	if (inet_pton(AF_INET, text, &four) == 1) {
		*peer_out = mapped(&four);
		return 0;
	}
	return inet_pton(AF_INET6, text, peer_out) == 1 ? 0 : ERR_INVALID;
}

bool peer_equal(const struct in6_addr *a, const struct in6_addr *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

bool proxies_has(const struct proxies *proxies, const struct in6_addr *peer)
{
	for (size_t i = 0; i < proxies->count; i++)
		if (peer_equal(&proxies->rows[i], peer))
			return true;
	return false;
}

/* The last entry of the first `len` bytes, and what is before it. */
static int take_last(
    struct in6_addr *peer_out, size_t *len, const char *forwarded)
{
	char text[INET6_ADDRSTRLEN];
	size_t end, begin;

	end = *len;
	while (end > 0 && strchr(" \t", forwarded[end - 1]))
		end--;
	begin = end;
	while (begin > 0 && forwarded[begin - 1] != ',')
		begin--;
	*len = begin > 0 ? begin - 1 : 0;
	while (begin < end && strchr(" \t", forwarded[begin]))
		begin++;
	if (begin == end || end - begin >= sizeof(text))
		return ERR_INVALID;
	memcpy(text, forwarded + begin, end - begin);
	text[end - begin] = '\0';
	return peer_parse(peer_out, text);
}

struct in6_addr proxies_client(const struct proxies *proxies,
    const struct in6_addr *peer, const char *forwarded)
{
	struct in6_addr client = *peer;
	size_t len = forwarded ? strlen(forwarded) : 0;

	while (len > 0 && proxies_has(proxies, &client))
		if (take_last(&client, &len, forwarded))
			break;
	return client;
}

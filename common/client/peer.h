/*
 * Whose connection it is: an address, IPv4 or IPv6, in one form for both.
 * Behind a proxy it is the proxy's, and whose request it is stands in
 * X-Forwarded-For, which anybody can write: it is believed from the proxies
 * that the city names, and only as far as those have written it. Pure.
 */
#ifndef WHISTLE_CLIENT_PEER_H
#define WHISTLE_CLIENT_PEER_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>

enum { PROXIES_MAX = 16 };

struct proxies {
	struct in6_addr rows[PROXIES_MAX];
	size_t count;
};

/* Anything but IP is the address of nobody. */
struct in6_addr peer_of(const struct sockaddr *address);
/* "192.0.2.7" or "2001:db8::7". ERR_INVALID. */
int peer_parse(struct in6_addr *peer_out, const char *text);
bool peer_equal(const struct in6_addr *a, const struct in6_addr *b);

bool proxies_has(const struct proxies *proxies, const struct in6_addr *peer);
/* Who sent the request that came from `peer`: `forwarded` (NULL: none) is
 * read from its end, and the first that is no proxy of ours is it. */
struct in6_addr proxies_client(const struct proxies *proxies,
    const struct in6_addr *peer, const char *forwarded);

#endif

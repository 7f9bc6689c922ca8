#include "gatewayd/where.h"

#include <stdio.h>
#include <string.h>
#include "gatewayd/pages.h"

/* A name that is no name is not repeated. */
static const char *host_of(const struct exchange *exchange)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789.-:[]";
	const char *host = MHD_lookup_connection_value(
	    exchange->connection, MHD_HEADER_KIND, "Host");

	if (!host || !host[0] || strlen(host) > 255 ||
	    strspn(host, allowed) != strlen(host))
		return exchange->gateway->address;
	return host;
}

char *where_base(char out[WHERE_BASE], const struct exchange *exchange)
{
	const struct gateway *gateway = exchange->gateway;
	const char *proto = MHD_lookup_connection_value(
	    exchange->connection, MHD_HEADER_KIND, "X-Forwarded-Proto");

	if (gateway->public_url)
		snprintf(out, WHERE_BASE, "%s", gateway->public_url);
	else
		snprintf(out, WHERE_BASE, "%s://%s",
		    gateway->config.is_tls ||
			    (proto && strcmp(proto, "https") == 0)
			? "https"
			: "http",
		    host_of(exchange));
	return out;
}

char *where_page(char out[WHERE_LINK], const struct exchange *exchange,
    const struct id *ticket)
{
	char base[WHERE_BASE], secret[SECRET_TEXT];

	snprintf(out, WHERE_LINK, "%s" PAGES_PATH "%s",
	    where_base(base, exchange),
	    secret_format(secret, exchange->gateway->page_key, ticket));
	return out;
}

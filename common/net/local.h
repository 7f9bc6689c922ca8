/*
 * The name of a net's door for its own process's threads. Internal to net/.
 */
#ifndef WHISTLE_NET_LOCAL_H
#define WHISTLE_NET_LOCAL_H

#include <stdbool.h>
#include "net/net.h"

enum { LOCAL_ENDPOINT_MAX = 256 };

/* "inproc://NAME". ERR_INVALID: too long, or empty. */
int local_endpoint(char endpoint_out[LOCAL_ENDPOINT_MAX], const char *name);
/* Is there such a door? */
bool net_has_door(const struct net *net, const char *endpoint);

#endif

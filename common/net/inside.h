/* What a net is made of. Internal to net/. */
#ifndef WHISTLE_NET_INSIDE_H
#define WHISTLE_NET_INSIDE_H

#include <czmq.h>
#include "net/endpoint.h"
#include "net/gate.h"
#include "net/net.h"
#include "net/turnstile.h"
#include "net/uplink.h"

struct net {
	zsock_t *below;
	struct uplink *above; /* NULL: the root */
	zsock_t *local;	      /* NULL: no door */
	struct gate_list *list;
	struct turnstile *turnstile;
	char *endpoint; /* NULL until it is bound */
	char *local_endpoint;
	struct endpoint_file file;
	enum net_side next;	       /* whose turn it is to be read */
	char public_key[NET_KEY_TEXT]; /* ours */
};

#endif

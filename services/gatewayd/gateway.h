/*
 * The HTTP side as a whole: one thread owns all of this and shares nothing
 * but the two flags that the daemon's own thread raises. It never blocks
 * but to wait, in one place, for whatever comes first: a reply of the
 * engine, a byte of a client, a flag.
 */
#ifndef WHISTLE_GATEWAYD_GATEWAY_H
#define WHISTLE_GATEWAYD_GATEWAY_H

#include <microhttpd.h>
#include "base/clock.h"
#include "catalogue/catalogue.h"
#include "gatewayd/asks.h"
#include "gatewayd/caller.h"
#include "gatewayd/guard.h"
#include "client/http_config.h"
#include "gatewayd/lines.h"
#include "gatewayd/traffic.h"
#include "net/net.h"
#include "org/address.h"

enum {
	BODY_MAX_BYTES = 256 * 1024,
	/* A file of orders up to this long may be signed as all else is. */
	ORDERS_MAX_BYTES = 16 * 1024 * 1024,
	IMPORTS_MAX = 2, /* under way, from the first byte to the last row */
	/* Of the disk: more than the node keeps for itself (--reserve-mib). */
	IMPORT_SPARE_BYTES = 128 * 1024 * 1024,
	DISK_LOOK_BYTES = 1024 * 1024, /* between two looks at it */
	/* A second, after FILE_WAIT_MS: slower is cut off. */
	IMPORT_SLOWEST_BYTES = 16 * 1024,
	/* A refused body up to this long is read and dropped, so that its
	 * sender hears why; a longer one is cut off. */
	BODY_DROP_MAX_BYTES = 4 * 1024 * 1024,
	/* All bodies that are held at one time. */
	BODIES_MAX_BYTES = 64 * 1024 * 1024,
	NONCES_MAX = 1000 * 1000,
	SEARCHES_MAX = 8, /* of Open311, at one time */
	SPOOLS_MAX = 32, /* files on their way in, or out */
	/* For a file to come in, or to be taken. */
	FILE_WAIT_MS = 5 * 60 * 1000,
};

enum {
	PAGE_SLOTS = 1024,
	/* In a minute: of one ticket; from one address, wrong secrets too. An
	 * address may be a whole district's telephones. */
	PAGE_RATE_MAX = 60,
	PAGE_ADDRESS_MAX = 600,
};

struct page_slot {
	int64_t minute;
	unsigned count;
};

struct gateway {
	struct MHD_Daemon *http;
	struct net_client *engine;
	struct caller *caller;	/* a thread of its own */
	struct clock clock;	/* for signatures; deadlines have steady_ms */
	const char *address;	/* as it stands in nodes.yaml */
	const char *public_url; /* as residents reach us, or NULL */
	const char *node;
	const struct org *org;
	struct http_config config; /* as of the last reload */
	int access_fd;		   /* of the access log; -1: none */
	struct address_index *places;
	struct catalogue *catalogue; /* our own; as of the last reload */
	struct keys keys;
	struct keys api_keys;		  /* Open311's; may be none */
	unsigned imports;		  /* under way */
	unsigned searches;		  /* Open311's, under way */
	uint8_t page_key[SIGN_KEY_BYTES]; /* of the residents' pages */
	struct page_slot page_slots[PAGE_SLOTS];
	struct page_slot page_addresses[PAGE_SLOTS];
	struct nonces *nonces;
	struct asks asks;
	LIST_HEAD(, exchange) streams; /* answers made while they go out */
	int64_t streams_ticked_ms;
	struct lines lines;
	struct traffic traffic;
	size_t bodies_bytes; /* promised to bodies under way */
	size_t under_way;    /* requests */
	unsigned spools;
	const char *spool_dir; /* on the node's own disk */
	bool is_draining;      /* nothing new is taken */
	bool is_stopping;      /* … and the engine is not asked any more */
	struct id_maker ids;
	struct buf packed;   /* a request on its way out, a reply come in */
	struct arena *arena; /* of one request or reply */
};

/* Milliseconds of a clock that never jumps. */
int64_t steady_ms(void);

#endif

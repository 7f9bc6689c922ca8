/* A program of a later version, which has forgotten how to talk to the present
 * one. It writes as the city says all the same. */
#include "event.pb-c.h"
#include "wire/later.h"
#include "wire/wire.h"

const struct wire_versions wire_versions = {
	.oldest = WIRE_VERSION + 1,
	.newest = WIRE_VERSION + 1,
};

const struct wire_later wire_later[] = {
	{ &whistle__particulars__descriptor, 23, 1, WIRE_VERSION + 1 },
	{ .message = NULL },
};

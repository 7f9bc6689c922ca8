/*
 * A program of the next version, which still speaks the one before. What came
 * with the next is the closing form: the present programs, to which it is of
 * their own version, must not be given one by these until the city says so.
 */
#include "event.pb-c.h"
#include "wire/later.h"
#include "wire/wire.h"

const struct wire_versions wire_versions = {
	.oldest = WIRE_VERSION,
	.newest = WIRE_VERSION + 1,
};

const struct wire_later wire_later[] = {
	{ &whistle__particulars__descriptor, 23, 1, WIRE_VERSION + 1 },
	{ .message = NULL },
};

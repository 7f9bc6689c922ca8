#include "wire/later.h"
#include "wire/wire.h"

/* Alone in its file, so that tests can build programs of other versions. */
const struct wire_versions wire_versions = {
	.oldest = WIRE_OLDEST,
	.newest = WIRE_VERSION,
};

/* A field, or a value, that is new gets a row here with the version that it
 * comes with; proto/README.md says how a city gets there. */
const struct wire_later wire_later[] = {
	{ .message = NULL },
};

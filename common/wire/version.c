#include "wire/wire.h"

/* Alone in its file, so that tests can build programs of other versions. */
const struct wire_versions wire_versions = {
	.oldest = WIRE_OLDEST,
	.newest = WIRE_VERSION,
};

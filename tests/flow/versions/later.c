/* A program of a later version, which has forgotten the present one. */
#include "wire/wire.h"

const struct wire_versions wire_versions = {
	.oldest = WIRE_VERSION + 1,
	.newest = WIRE_VERSION + 1,
};

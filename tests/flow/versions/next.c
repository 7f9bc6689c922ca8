/* A program of the next version, which still speaks the one before. */
#include "wire/wire.h"

const struct wire_versions wire_versions = {
	.oldest = WIRE_VERSION,
	.newest = WIRE_VERSION + 1,
};

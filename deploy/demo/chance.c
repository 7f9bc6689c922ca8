#include "chance.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "base/id.h"

unsigned chance(int64_t seed, const char *key, const char *what, unsigned below)
{
	struct hash hash;
	char text[256];
	uint32_t number;
	int len =
	    snprintf(text, sizeof(text), "%" PRId64 "|%s|%s", seed, what, key);

	if (len < 0 || (size_t)len >= sizeof(text))
		len = (int)strlen(text);
	hash_of(&hash, bytes_of(text, (size_t)len));
	memcpy(&number, hash.b, sizeof(number));
	return number % below;
}

bool chance_is(
    int64_t seed, const char *key, const char *what, unsigned percent)
{
	return chance(seed, key, what, 100) < percent;
}

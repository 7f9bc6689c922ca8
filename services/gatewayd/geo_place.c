/* A ticket has one text for where the trouble is; co-ordinates stand at its
 * end in brackets. */
#include "gatewayd/geo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"

enum { NUMBER_MAX = 24 };

int geo_place_write(char *out, size_t size, const char *address,
    const char *latitude, const char *longitude)
{
	int len = latitude[0] ? snprintf(out, size, "%s%s(%s, %s)", address,
				    address[0] ? " " : "", latitude, longitude)
			      : snprintf(out, size, "%s", address);

	return len >= 0 && (size_t)len < size ? 0 : ERR_TOO_LARGE;
}

/* A number of `len` bytes, with nothing else about it. */
static bool read_number(double *value_out, const char *text, size_t len)
{
	char copy[NUMBER_MAX + 1];

	if (len == 0 || len > NUMBER_MAX || strspn(text, "-0123456789.") != len)
		return false;
	memcpy(copy, text, len);
	copy[len] = '\0';
	*value_out = strtod(copy, NULL);
	return true;
}

void geo_place_read(struct geo_place *place_out, const char *text)
{
	size_t len = strlen(text);
	const char *open = strrchr(text, '(');
	const char *comma = open ? strstr(open, ", ") : NULL;
	struct geo_place place = { .address_len = len };

	if (comma && text[len - 1] == ')' &&
	    read_number(
		&place.latitude, open + 1, (size_t)(comma - open - 1)) &&
	    read_number(&place.longitude, comma + 2,
		(size_t)(text + len - 1 - (comma + 2)))) {
		place.has_point = true;
		place.address_len = (size_t)(open - text);
		if (open > text && open[-1] == ' ')
			place.address_len--;
	}
	*place_out = place;
}

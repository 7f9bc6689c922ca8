#include "gatewayd/likeness.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

struct pairs {
	uint64_t of[LIKENESS_CHARS_MAX];
	unsigned count;
};

/* One character of UTF-8 that was checked before; its bytes as a number
 * tell it from others as well as its code point would. */
static uint32_t next_char(const char **text)
{
	const uint8_t *at = (const uint8_t *)*text;
	uint32_t c = *at++;

	while ((*at & 0xc0) == 0x80)
		c = c << 8 | *at++;
	*text = (const char *)at;
	return c < 0x80 ? (uint32_t)tolower((int)c) : c;
}

/* ASCII that is no letter or digit, and the punctuation of CJK. */
static bool is_space(uint32_t c)
{
	return c < 0x80 ? !isalnum((int)c)
			: (c >= 0xe38080 && c <= 0xe380bf) ||
			      (c >= 0xefbc80 && c <= 0xefbc8f) ||
			      (c >= 0xefbc9a && c <= 0xefbca0) ||
			      (c >= 0xe28080 && c <= 0xe280bf);
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void read_pairs(struct pairs *pairs, const char *text)
{
	uint32_t before = 0;

	pairs->count = 0;
	while (*text && pairs->count < LIKENESS_CHARS_MAX) {
		uint32_t c = next_char(&text);

		if (is_space(c))
			continue;
		if (before)
			pairs->of[pairs->count++] = (uint64_t)before << 32 | c;
		before = c;
	}
	qsort(pairs->of, pairs->count, sizeof(pairs->of[0]), compare);
}

double likeness(const char *a, const char *b)
{
	struct pairs one, other;
	unsigned i = 0, k = 0, both = 0;

	read_pairs(&one, a);
	read_pairs(&other, b);
	while (i < one.count && k < other.count) {
		int order = compare(&one.of[i], &other.of[k]);

		both += order == 0;
		i += order <= 0;
		k += order >= 0;
	}
	return one.count + other.count > 0
		   ? 2.0 * both / (one.count + other.count)
		   : 0;
}

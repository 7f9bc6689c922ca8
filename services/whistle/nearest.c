#include "nearest.h"

#include <string.h>

enum { NEAREST_BYTES = 64 };

static size_t least(size_t a, size_t b, size_t c)
{
	size_t ab = a < b ? a : b;
	return ab < c ? ab : c;
}

/* Letters to change, add or leave out (Levenshtein), over bytes. */
static size_t distance(const char *a, const char *b)
{
	size_t row[NEAREST_BYTES + 1];
	size_t a_len = strlen(a);
	size_t b_len = strlen(b);
	if (a_len > NEAREST_BYTES || b_len > NEAREST_BYTES)
		return NEAREST_BYTES;
	for (size_t j = 0; j <= b_len; j++)
		row[j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		size_t diagonal = row[0];
		row[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			size_t above = row[j];
			size_t swap = diagonal + (a[i - 1] != b[j - 1]);
			row[j] = least(above + 1, row[j - 1] + 1, swap);
			diagonal = above;
		}
	}
	return row[b_len];
}

struct nearest nearest_to(const char *word)
{
	size_t enough = strlen(word) / 3 + 1;
	return (struct nearest){ .word = word, .distance = enough + 1 };
}

void nearest_try(struct nearest *nearest, const char *candidate)
{
	size_t found = distance(nearest->word, candidate);
	/* A word's beginning is what people type when in a hurry. */
	size_t len = strlen(nearest->word);
	if (len >= 2 && strncmp(nearest->word, candidate, len) == 0)
		found = 1;
	if (found < nearest->distance) {
		nearest->distance = found;
		nearest->best = candidate;
	}
}

/*
 * Which of several words was probably meant by one that is none of them.
 */
#ifndef WHISTLE_CLI_NEAREST_H
#define WHISTLE_CLI_NEAREST_H

#include <stddef.h>

struct nearest {
	const char *word;
	const char *best; /* NULL: none is near enough; borrowed */
	size_t distance;  /* of the best, or one more than is near enough */
};

struct nearest nearest_to(const char *word);
void nearest_try(struct nearest *nearest, const char *candidate);

#endif

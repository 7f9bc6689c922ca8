/*
 * Which addresses may knock at a listening TCP socket: a filter that the
 * kernel runs on what comes for it. Whoever is sieved out gets no answer and
 * costs this process nothing; his own kernel knocks again a second later.
 * Connections that stand are not touched. Internal to net/.
 */
#ifndef WHISTLE_NET_SIEVE_H
#define WHISTLE_NET_SIEVE_H

#include <stddef.h>
#include <stdint.h>

enum {
	SIEVE_KNOWN_MAX = 128,
	SIEVE_CLASSES = 16,
	SIEVE_NOBODY = 0,
	SIEVE_EVERYBODY = (1 << SIEVE_CLASSES) - 1,
};

struct sieve {
	/* These pass: IPv4, as in a struct in_addr. */
	uint32_t known[SIEVE_KNOWN_MAX];
	size_t known_count;
	/* Of all other addresses those whose class has its bit here. Which class
	 * an address is of, the salt decides. */
	uint32_t open;
	uint32_t salt;
};

/* Replaces the one that is there. ERR_IO: the kernel will not. */
int sieve_set(int listening_fd, const struct sieve *sieve);
/* From now on everybody passes. */
int sieve_remove(int listening_fd);

#endif

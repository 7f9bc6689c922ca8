/*
 * The arena of base/bytes.h: small pieces are cut from blocks that stay for
 * the next turn; a big piece has a block of its own, which goes with its
 * turn, so that one big frame does not hold its memory for ever.
 */
#include "base/bytes.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"

enum {
	BLOCK_BYTES = 64 * 1024,
	BIG_BYTES = BLOCK_BYTES / 4, /* so that a quarter at most is wasted */
	ALIGN_BYTES = alignof(max_align_t),
};

struct block {
	struct block *next;
	alignas(max_align_t) uint8_t data[];
};

struct arena {
	uint8_t *next; /* of the current block */
	size_t room;
	size_t used;
	size_t limit;
	struct block *first;
	struct block *current;
	struct block *big;
};

static size_t rounded(size_t len)
{
	return (len + ALIGN_BYTES - 1) & ~(size_t)(ALIGN_BYTES - 1);
}

int arena_open(struct arena **arena_out, size_t limit_bytes)
{
	struct arena *arena = calloc(1, sizeof(*arena));

	if (!arena)
		return ERR_NOMEM;
	arena->limit = limit_bytes > SIZE_MAX - ALIGN_BYTES
			   ? SIZE_MAX - ALIGN_BYTES
			   : rounded(limit_bytes);
	*arena_out = arena;
	return 0;
}

static struct block *block_new(size_t bytes)
{
	struct block *block = malloc(sizeof(*block) + bytes);

	if (block)
		block->next = NULL;
	return block;
}

static void *alloc_big(struct arena *arena, size_t len)
{
	struct block *block;

	if (len > SIZE_MAX - sizeof(*block))
		return NULL;
	block = block_new(len);
	if (!block)
		return NULL;
	block->next = arena->big;
	arena->big = block;
	arena->used += len;
	return block->data;
}

/* Steps on to a kept block, or to a new one. */
static bool next_block(struct arena *arena)
{
	struct block **link =
	    arena->current ? &arena->current->next : &arena->first;

	if (!*link)
		*link = block_new(BLOCK_BYTES);
	if (!*link)
		return false;
	arena->current = *link;
	arena->next = arena->current->data;
	arena->room = BLOCK_BYTES;
	return true;
}

void *arena_alloc(struct arena *arena, size_t len)
{
	void *piece;

	if (len > arena->limit)
		return NULL;
	len = rounded(len ? len : 1);
	if (len > arena->limit - arena->used)
		return NULL;
	if (len > arena->room) {
		if (len > BIG_BYTES)
			return alloc_big(arena, len);
		if (!next_block(arena))
			return NULL;
	}
	piece = arena->next;
	arena->next += len;
	arena->room -= len;
	arena->used += len;
	return piece;
}

char *arena_text(struct arena *arena, const char *text, size_t len)
{
	char *copy = len < SIZE_MAX ? arena_alloc(arena, len + 1) : NULL;

	if (!copy)
		return NULL;
	if (len > 0)
		memcpy(copy, text, len);
	copy[len] = '\0';
	return copy;
}

size_t arena_used(const struct arena *arena)
{
	return arena->used;
}

static void free_blocks(struct block **list)
{
	struct block *block = *list, *next;

	for (; block; block = next) {
		next = block->next;
		free(block);
	}
	*list = NULL;
}

void arena_reset(struct arena *arena)
{
	free_blocks(&arena->big);
	arena->current = NULL;
	arena->next = NULL;
	arena->room = 0;
	arena->used = 0;
}

void arena_close(struct arena **arena)
{
	if (!*arena)
		return;
	free_blocks(&(*arena)->big);
	free_blocks(&(*arena)->first);
	free(*arena);
	*arena = NULL;
}

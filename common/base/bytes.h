/*
 * Borrowed runs of bytes, a growing buffer, and an arena whose memory dies
 * all at once. Nothing here knows what the bytes mean.
 */
#ifndef WHISTLE_BASE_BYTES_H
#define WHISTLE_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Borrowed: whoever hands it out says until when. */
struct bytes {
	const uint8_t *data;
	size_t len;
};

static inline struct bytes bytes_of(const void *data, size_t len)
{
	return (struct bytes){ data, len };
}

bool bytes_equal(struct bytes a, struct bytes b);

/* True for well-formed UTF-8 without NUL; overlong and surrogates fail. */
bool bytes_is_text(struct bytes text);

/* Length of the longest prefix of at most `max` bytes that does not cut a
 * character of the UTF-8 `text` in two. */
size_t text_cut(const char *text, size_t max);

/* A growing buffer. Zero-initialise; release with buf_free. */
struct buf {
	uint8_t *data;
	size_t len;
	size_t cap;
};

/* ERR_NOMEM; the buffer is unchanged then. */
int buf_add(struct buf *buf, const void *data, size_t len);
/* Room for `len` more bytes at the end, counted as used. ERR_NOMEM. */
int buf_grow(uint8_t **room_out, struct buf *buf, size_t len);
void buf_clear(struct buf *buf);
void buf_free(struct buf *buf);

/*
 * Memory of one turn. Blocks are kept by arena_reset and used again.
 * Bounded: past `limit_bytes` in all, arena_alloc returns NULL.
 */
struct arena;

int arena_open(struct arena **arena_out, size_t limit_bytes);
/* Aligned for any type, not cleared; NULL past the limit. */
void *arena_alloc(struct arena *arena, size_t len);
/* A NUL-terminated copy; NULL past the limit. */
char *arena_text(struct arena *arena, const char *text, size_t len);
/* Bytes handed out since the last reset. */
size_t arena_used(const struct arena *arena);
void arena_reset(struct arena *arena);
void arena_close(struct arena **arena);

#endif

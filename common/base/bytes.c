#include "base/bytes.h"

#include <string.h>
#include <stdlib.h>
#include "base/err.h"

enum { BUF_FIRST_BYTES = 64 };

bool bytes_equal(struct bytes a, struct bytes b)
{
	return a.len == b.len &&
	       (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

/* Eight bytes of which none is NUL and none has its top bit set. */
static bool is_plain_word(const uint8_t *data)
{
	const uint64_t ones = 0x0101010101010101u;
	const uint64_t tops = 0x8080808080808080u;
	uint64_t word;

	memcpy(&word, data, sizeof(word));
	return (word & tops) == 0 && ((word - ones) & tops) == 0;
}

/* The second byte's range is what shuts out overlong forms, surrogates and
 * what lies past U+10FFFF (Unicode, table 3-7). */
static bool second_byte_fits(uint8_t first, uint8_t second)
{
	switch (first) {
	case 0xe0:
		return second >= 0xa0 && second <= 0xbf;
	case 0xed:
		return second >= 0x80 && second <= 0x9f;
	case 0xf0:
		return second >= 0x90 && second <= 0xbf;
	case 0xf4:
		return second >= 0x80 && second <= 0x8f;
	default:
		return second >= 0x80 && second <= 0xbf;
	}
}

/* Bytes of the character at `data`, 0 if it is none. */
static size_t character_len(const uint8_t *data, size_t len)
{
	size_t need, i;

	if (data[0] < 0x80)
		return data[0] != 0;
	if (data[0] < 0xc2 || data[0] > 0xf4)
		return 0;
	need = data[0] < 0xe0 ? 2 : data[0] < 0xf0 ? 3 : 4;
	if (len < need || !second_byte_fits(data[0], data[1]))
		return 0;
	for (i = 2; i < need; i++) {
		if ((data[i] & 0xc0) != 0x80)
			return 0;
	}
	return need;
}

bool bytes_is_text(struct bytes text)
{
	size_t at = 0, step;

	while (at < text.len) {
		if (text.len - at >= 8 && is_plain_word(text.data + at)) {
			at += 8;
			continue;
		}
		step = character_len(text.data + at, text.len - at);
		if (step == 0)
			return false;
		at += step;
	}
	return true;
}

size_t text_cut(const char *text, size_t max)
{
	size_t len = strnlen(text, max);
	size_t cut = len;

	if (len < max)
		return len;
	/* a character has at most three bytes after its first */
	while (cut > 0 && len - cut < 3 && ((uint8_t)text[cut] & 0xc0) == 0x80)
		cut--;
	return ((uint8_t)text[cut] & 0xc0) == 0x80 ? len : cut;
}

int buf_grow(uint8_t **room_out, struct buf *buf, size_t len)
{
	size_t cap = buf->cap ? buf->cap : BUF_FIRST_BYTES;
	uint8_t *data;

	if (len > SIZE_MAX / 4 || buf->len > SIZE_MAX / 4)
		return ERR_NOMEM;
	while (cap < buf->len + len)
		cap *= 2;
	if (cap != buf->cap) {
		data = realloc(buf->data, cap);
		if (!data)
			return ERR_NOMEM;
		buf->data = data;
		buf->cap = cap;
	}
	*room_out = buf->data + buf->len;
	buf->len += len;
	return 0;
}

int buf_add(struct buf *buf, const void *data, size_t len)
{
	uint8_t *room;
	int rc = buf_grow(&room, buf, len);

	if (rc == 0 && len > 0)
		memcpy(room, data, len);
	return rc;
}

void buf_clear(struct buf *buf)
{
	buf->len = 0;
}

void buf_free(struct buf *buf)
{
	free(buf->data);
	*buf = (struct buf){ 0 };
}

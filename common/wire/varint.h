/*
 * The three things that DATA frames are made of: numbers, keys of one byte
 * and lengths, in protobuf's encoding. Reading takes only the shortest form
 * of a number and never goes past the end. Private to wire/.
 */
#ifndef WHISTLE_WIRE_VARINT_H
#define WHISTLE_WIRE_VARINT_H

#include <string.h>
#include "base/bytes.h"

/* A field's number and how it is encoded, for numbers below 16. */
#define KEY_NUMBER(field) ((uint8_t)((field) << 3))
#define KEY_BYTES(field)  ((uint8_t)((field) << 3 | 2))

static inline size_t varint_size(uint64_t value)
{
	size_t size = 1;

	for (; value >= 0x80; value >>= 7)
		size++;
	return size;
}

/* A key, a length and that many bytes. */
static inline size_t run_size(size_t len)
{
	return 1 + varint_size(len) + len;
}

static inline uint8_t *varint_put(uint8_t *at, uint64_t value)
{
	for (; value >= 0x80; value >>= 7)
		*at++ = (uint8_t)(value | 0x80);
	*at++ = (uint8_t)value;
	return at;
}

static inline uint8_t *number_put(uint8_t *at, uint8_t key, uint64_t value)
{
	*at++ = key;
	return varint_put(at, value);
}

static inline uint8_t *run_put(uint8_t *at, uint8_t key, struct bytes run)
{
	at = number_put(at, key, run.len);
	if (run.len > 0)
		memcpy(at, run.data, run.len);
	return at + run.len;
}

/* Each takes what it reads off the front of `*from`; false leaves the
 * position undefined: the frame is refused. */
static inline bool varint_take(uint64_t *value_out, struct bytes *from)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < from->len && i < 10; i++) {
		uint8_t byte = from->data[i];

		if (i == 9 && byte > 1)
			return false;
		value |= (uint64_t)(byte & 0x7f) << (7 * i);
		if (byte & 0x80)
			continue;
		if (byte == 0 && i > 0)
			return false;
		*from = bytes_of(from->data + i + 1, from->len - i - 1);
		*value_out = value;
		return true;
	}
	return false;
}

static inline bool key_is(struct bytes from, uint8_t key)
{
	return from.len > 0 && from.data[0] == key;
}

static inline bool number_take(
    uint64_t *value_out, struct bytes *from, uint8_t key)
{
	if (!key_is(*from, key))
		return false;
	*from = bytes_of(from->data + 1, from->len - 1);
	return varint_take(value_out, from);
}

static inline bool run_take(
    struct bytes *run_out, struct bytes *from, uint8_t key)
{
	uint64_t len;

	if (!number_take(&len, from, key) || len > from->len)
		return false;
	*run_out = bytes_of(from->data, (size_t)len);
	*from = bytes_of(from->data + len, from->len - (size_t)len);
	return true;
}

#endif

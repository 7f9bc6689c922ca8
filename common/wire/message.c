#include "wire/message.h"

#include <string.h>
#include "base/err.h"
#include "wire/later.h"
#include "wire/wire.h"

struct pool {
	struct arena *arena;
	size_t left; /* of what this message may take */
	bool is_spent;
};

static void *pool_alloc(void *context, size_t size)
{
	struct pool *pool = context;
	void *memory = NULL;

	if (size <= pool->left)
		memory = arena_alloc(pool->arena, size);
	if (!memory) {
		pool->is_spent = true;
		return NULL;
	}
	pool->left -= size;
	return memory;
}

/* The arena dies with the turn. */
static void pool_free(void *context, void *memory)
{
	(void)context;
	(void)memory;
}

static bool is_clean(const ProtobufCMessage *message);

static bool value_is_clean(
    const ProtobufCFieldDescriptor *field, const void *value)
{
	if (!value)
		return true;
	if (field->type == PROTOBUF_C_TYPE_MESSAGE)
		return is_clean(value);
	return bytes_is_text(bytes_of(value, strlen(value)));
}

static bool field_is_clean(
    const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
	const uint8_t *base = (const uint8_t *)message;
	const void *member = base + field->offset;
	const void *quantifier = base + field->quantifier_offset;
	const void *const *values;
	size_t count;

	if (field->type != PROTOBUF_C_TYPE_STRING &&
	    field->type != PROTOBUF_C_TYPE_MESSAGE)
		return true;
	if (field->label != PROTOBUF_C_LABEL_REPEATED) {
		if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) &&
		    *(const uint32_t *)quantifier != field->id)
			return true;
		return value_is_clean(field, *(const void *const *)member);
	}
	count = *(const size_t *)quantifier;
	values = *(const void *const *const *)member;
	for (size_t i = 0; i < count; i++) {
		if (!value_is_clean(field, values[i]))
			return false;
	}
	return true;
}

/* Recurses as deep as the contract nests, which is fixed: no message type
 * of ours contains itself. */
static bool is_clean(const ProtobufCMessage *message)
{
	const ProtobufCMessageDescriptor *type = message->descriptor;

	if (message->n_unknown_fields > 0)
		return false;
	for (unsigned i = 0; i < type->n_fields; i++) {
		if (!field_is_clean(message, &type->fields[i]))
			return false;
	}
	return true;
}

/* A buffer that compares instead of storing. */
struct mirror {
	ProtobufCBuffer base;
	const uint8_t *at;
	size_t left;
	bool is_same;
};

static void mirror_append(
    ProtobufCBuffer *buffer, size_t len, const uint8_t *data)
{
	struct mirror *mirror = (struct mirror *)buffer;

	if (len == 0 || !mirror->is_same)
		return;
	if (len > mirror->left || memcmp(mirror->at, data, len) != 0) {
		mirror->is_same = false;
		return;
	}
	mirror->at += len;
	mirror->left -= len;
}

/*
 * The parser takes overlong numbers, fields twice or out of order, defaults
 * spelled out and strings cut short by a NUL. Each of them packs to other
 * bytes than those that came.
 */
static bool is_canonical(const ProtobufCMessage *message, struct bytes bytes)
{
	struct mirror mirror = {
		.base.append = mirror_append,
		.at = bytes.data,
		.left = bytes.len,
		.is_same = true,
	};

	protobuf_c_message_pack_to_buffer(message, &mirror.base);
	return mirror.is_same && mirror.left == 0;
}

int message_unpack(void *message_out, struct arena *arena,
    const ProtobufCMessageDescriptor *type, size_t max_bytes, size_t growth,
    struct bytes bytes)
{
	struct pool pool = { .arena = arena,
		.left = GROWTH_BYTES + growth * bytes.len };
	ProtobufCAllocator allocator = { pool_alloc, pool_free, &pool };
	ProtobufCMessage *message;

	if (bytes.len > max_bytes)
		return ERR_TOO_LARGE;
	message =
	    protobuf_c_message_unpack(type, &allocator, bytes.len, bytes.data);
	if (pool.is_spent)
		return ERR_TOO_LARGE;
	if (!message || !is_clean(message) || !is_canonical(message, bytes) ||
	    later_version(message) > wire_versions.newest)
		return ERR_INVALID;
	*(void **)message_out = message;
	return 0;
}

int message_pack(struct buf *out, size_t max_bytes, const void *message)
{
	size_t len = protobuf_c_message_get_packed_size(message);
	uint8_t *room;
	int rc;

	if (len > max_bytes)
		return ERR_TOO_LARGE;
	if (later_version(message) > wire_versions.newest)
		return ERR_INVALID;
	rc = buf_grow(&room, out, len);
	if (rc)
		return rc;
	protobuf_c_message_pack(message, room);
	return 0;
}

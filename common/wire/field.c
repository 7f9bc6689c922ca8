#include "wire/field.h"

#include <string.h>
#include "ticket/event.h"

/* protobuf-c never writes through what it packs. */
char *field_text(const char *text)
{
	return (char *)(text ? text : "");
}

ProtobufCBinaryData field_bytes(struct bytes bytes)
{
	return (ProtobufCBinaryData){ bytes.len, (uint8_t *)bytes.data };
}

ProtobufCBinaryData field_id(const struct id *id)
{
	if (id_is_zero(id))
		return (ProtobufCBinaryData){ 0 };
	return field_bytes(bytes_of(id->b, ID_BYTES));
}

ProtobufCBinaryData field_hash(const struct hash *hash)
{
	static const struct hash none;

	if (hash_equal(hash, &none))
		return (ProtobufCBinaryData){ 0 };
	return field_bytes(bytes_of(hash->b, HASH_BYTES));
}

char *field_word(enum word_list list, unsigned value)
{
	return field_text(value ? word_name(list, value) : "");
}

bool field_read_id(struct id *id_out, ProtobufCBinaryData data)
{
	struct id id = { 0 };

	if (data.len != 0) {
		if (data.len != ID_BYTES)
			return false;
		memcpy(id.b, data.data, ID_BYTES);
		if (id_is_zero(&id))
			return false;
	}
	*id_out = id;
	return true;
}

bool field_read_hash(struct hash *hash_out, ProtobufCBinaryData data)
{
	static const struct hash none;
	struct hash hash = { 0 };

	if (data.len != 0) {
		if (data.len != HASH_BYTES)
			return false;
		memcpy(hash.b, data.data, HASH_BYTES);
		if (hash_equal(&hash, &none))
			return false;
	}
	*hash_out = hash;
	return true;
}

bool field_read_bytes(
    struct bytes *bytes_out, ProtobufCBinaryData data, size_t max)
{
	if (data.len > max)
		return false;
	*bytes_out = bytes_of(data.data, data.len);
	return true;
}

bool field_read_code(struct unit_code *code_out, const char *text)
{
	struct unit_code code = { 0 };

	if (text[0] && code_set(&code, text))
		return false;
	*code_out = code;
	return true;
}

bool field_read_time(int64_t *time_ms_out, uint64_t time_ms)
{
	if (time_ms > (uint64_t)EVENT_TIME_MAX_MS)
		return false;
	*time_ms_out = (int64_t)time_ms;
	return true;
}

bool field_read_word(unsigned *value_out, enum word_list list, const char *text)
{
	unsigned value = 0;

	if (text[0] && word_parse(&value, list, text))
		return false;
	*value_out = value;
	return true;
}

bool field_read_text(const char **text_out, const char *text, size_t max)
{
	if (strlen(text) >= max)
		return false;
	*text_out = text;
	return true;
}

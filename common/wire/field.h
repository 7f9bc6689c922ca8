/*
 * Single values between our structs and protobuf-c's. Absent is zero or ""
 * on both sides. Private to wire/.
 */
#ifndef WHISTLE_WIRE_FIELD_H
#define WHISTLE_WIRE_FIELD_H

#include <protobuf-c/protobuf-c.h>
#include "base/code.h"
#include "base/id.h"
#include "ticket/words.h"

enum { CONTACT_KEY_MAX = 128, SEALED_CONTACT_MAX = 1024, CURSOR_MAX = 256 };

/* Out: borrowed from what is packed. */
char *field_text(const char *text);
ProtobufCBinaryData field_bytes(struct bytes bytes);
ProtobufCBinaryData field_id(const struct id *id);
ProtobufCBinaryData field_hash(const struct hash *hash);
char *field_word(enum word_list list, unsigned value);

/* In: false unless the value is absent or well-formed; what is read into
 * is not changed then. */
bool field_read_id(struct id *id_out, ProtobufCBinaryData data);
bool field_read_hash(struct hash *hash_out, ProtobufCBinaryData data);
bool field_read_bytes(
    struct bytes *bytes_out, ProtobufCBinaryData data, size_t max);
bool field_read_code(struct unit_code *code_out, const char *text);
bool field_read_time(int64_t *time_ms_out, uint64_t time_ms);
/* By name. */
bool field_read_word(
    unsigned *value_out, enum word_list list, const char *text);
/* Fits in `max` bytes with its NUL; `text` itself is borrowed. */
bool field_read_text(const char **text_out, const char *text, size_t max);

#endif

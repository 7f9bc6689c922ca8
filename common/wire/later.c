#include "wire/later.h"

#include "wire/wire.h"

/* Absent, zero and empty are one. Numbers as they are; of all else, 1. */
static uint64_t number_of(
    const ProtobufCFieldDescriptor *field, const void *member)
{
	switch (field->type) {
	case PROTOBUF_C_TYPE_STRING:
		return *(const char *const *)member &&
		       (*(const char *const *)member)[0];
	case PROTOBUF_C_TYPE_MESSAGE:
		return *(const void *const *)member != NULL;
	case PROTOBUF_C_TYPE_BYTES:
		return ((const ProtobufCBinaryData *)member)->len > 0;
	case PROTOBUF_C_TYPE_BOOL:
		return *(const protobuf_c_boolean *)member != 0;
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_SINT64:
	case PROTOBUF_C_TYPE_SFIXED64:
	case PROTOBUF_C_TYPE_UINT64:
	case PROTOBUF_C_TYPE_FIXED64:
	case PROTOBUF_C_TYPE_DOUBLE:
		return *(const uint64_t *)member;
	default:
		return *(const uint32_t *)member;
	}
}

/* What the field says; 0: nothing. */
static uint64_t said_by(
    const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
	const uint8_t *base = (const uint8_t *)message;
	const void *quantifier = base + field->quantifier_offset;

	if (field->label == PROTOBUF_C_LABEL_REPEATED)
		return *(const size_t *)quantifier > 0;
	if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF)
		return *(const uint32_t *)quantifier == field->id;
	return number_of(field, base + field->offset);
}

static uint32_t later_of(const ProtobufCMessage *message)
{
	uint32_t version = 1;

	for (const struct wire_later *row = wire_later; row->message; row++) {
		const ProtobufCFieldDescriptor *field;

		if (row->message != message->descriptor ||
		    row->version <= version)
			continue;
		field = protobuf_c_message_descriptor_get_field(
		    row->message, row->field);
		if (field && said_by(message, field) >= row->from)
			version = row->version;
	}
	return version;
}

static uint32_t nested_version(
    const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
	const uint8_t *base = (const uint8_t *)message;
	const void *member = base + field->offset;
	uint32_t version = 1, of_one;
	size_t count = 1;
	ProtobufCMessage *const *messages = member;

	if (field->type != PROTOBUF_C_TYPE_MESSAGE || !said_by(message, field))
		return 1;
	if (field->label == PROTOBUF_C_LABEL_REPEATED) {
		count = *(const size_t *)(base + field->quantifier_offset);
		messages = *(ProtobufCMessage *const *const *)member;
	}
	for (size_t i = 0; i < count; i++) {
		of_one = later_version(messages[i]);
		if (of_one > version)
			version = of_one;
	}
	return version;
}

/* Recurses as deep as the contract nests, which is fixed. */
uint32_t later_version(const ProtobufCMessage *message)
{
	uint32_t version, of_one;

	if (!wire_later[0].message)
		return 1;
	version = later_of(message);
	for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
		of_one =
		    nested_version(message, &message->descriptor->fields[i]);
		if (of_one > version)
			version = of_one;
	}
	return version;
}

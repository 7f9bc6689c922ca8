#include "ticket/field.h"

#include <stddef.h>
#include <string.h>

#include "base/err.h"

enum field_type {
	TYPE_CODE,     /* struct unit_code */
	TYPE_TEXT,     /* const char *, at most `max` bytes */
	TYPE_LABEL,    /* … without control characters */
	TYPE_WORD,     /* an enum of `max`, a word_list */
	TYPE_TIME,     /* int64_t */
	TYPE_COUNT,    /* unsigned, at most `max` */
	TYPE_BYTES,    /* struct bytes, at most `max` bytes */
	TYPE_HASH,     /* struct bytes, all of a hash */
	TYPE_ID,       /* struct id */
	TYPE_FLAG,     /* bool */
	TYPE_CALLOUTS, /* the list and its count */
	TYPE_ATTACHMENTS,
};

static const struct field {
	const char *name;
	enum field_type type;
	size_t offset;
	size_t max;
} fields[FIELD_COUNT] = {
#define X(id, member, type, max)                                               \
	[FIELD_BIT_##id] = { #member, TYPE_##type,                             \
		offsetof(struct particulars, member), max },
	EVENT_FIELDS(X)
#undef X
};

static const char out_of_range[] = "out of range";
static const char too_long[] = "too long";
static const char bad_label[] = "holds a control character";
static const char wrong_length[] = "of the wrong length";
static const char not_set[] = "not set";

const char *field_name(enum field_bit bit)
{
	return (unsigned)bit < FIELD_COUNT ? fields[bit].name : "?";
}

/* The enums are all of one size; read without saying which it is. */
static unsigned word_at(const void *at)
{
	unsigned value;

	_Static_assert(sizeof(enum colour) == sizeof(unsigned) &&
			   sizeof(enum deadline) == sizeof(unsigned),
	    "the words of struct particulars are read as unsigned");
	memcpy(&value, at, sizeof(value));
	return value;
}

static const char *text_problem(const char *text, const struct field *field)
{
	size_t len;

	if (!text)
		return not_set;
	len = strnlen(text, field->max + 1);
	if (len > field->max)
		return too_long;
	for (size_t i = 0; field->type == TYPE_LABEL && i < len; i++)
		if ((uint8_t)text[i] < ' ' || text[i] == 0x7f)
			return bad_label;
	return NULL;
}

static const char *bytes_problem(struct bytes bytes, const struct field *field)
{
	if (field->type == TYPE_HASH && bytes.len > 0 &&
	    bytes.len != field->max)
		return wrong_length;
	return bytes.len <= field->max ? NULL : too_long;
}

static bool is_time(int64_t time_ms)
{
	return time_ms >= 0 && time_ms <= EVENT_TIME_MAX_MS;
}

/* Sets *is_said_out; returns what is wrong with the value, or NULL. */
static const char *value_problem(bool *is_said_out, const struct field *field,
    const struct particulars *what)
{
	const void *at = (const uint8_t *)what + field->offset;
	const char *text;
	struct bytes bytes;
	int64_t time_ms;

	switch (field->type) {
	case TYPE_CODE:
		*is_said_out = !code_is_empty(at);
		return NULL;
	case TYPE_TEXT:
	case TYPE_LABEL:
		memcpy(&text, at, sizeof(text));
		*is_said_out = text && text[0];
		return text_problem(text, field);
	case TYPE_WORD:
		*is_said_out = word_at(at) != 0;
		return word_at(at) < word_count((enum word_list)field->max)
			   ? NULL
			   : out_of_range;
	case TYPE_COUNT:
		*is_said_out = word_at(at) != 0;
		return word_at(at) <= field->max ? NULL : out_of_range;
	case TYPE_TIME:
		memcpy(&time_ms, at, sizeof(time_ms));
		*is_said_out = time_ms != 0;
		return is_time(time_ms) ? NULL : out_of_range;
	case TYPE_BYTES:
	case TYPE_HASH:
		memcpy(&bytes, at, sizeof(bytes));
		*is_said_out = bytes.len > 0;
		return bytes_problem(bytes, field);
	case TYPE_ID:
		*is_said_out = !id_is_zero(at);
		return NULL;
	case TYPE_FLAG:
		*is_said_out = *(const bool *)at;
		return NULL;
	case TYPE_CALLOUTS:
		*is_said_out = what->callout_count > 0;
		return what->callout_count <= field->max ? NULL : too_long;
	case TYPE_ATTACHMENTS:
		*is_said_out = what->attachment_count > 0;
		return what->attachment_count <= field->max ? NULL : too_long;
	}
	return out_of_range;
}

int field_read_all(uint64_t *said_out, const char **field_out,
    const char **problem_out, const struct particulars *what)
{
	*said_out = 0;
	for (size_t i = 0; i < FIELD_COUNT; i++) {
		bool is_said = false;

		*problem_out = value_problem(&is_said, &fields[i], what);
		if (*problem_out) {
			*field_out = fields[i].name;
			return ERR_INVALID;
		}
		*said_out |= is_said ? UINT64_C(1) << i : 0;
	}
	return 0;
}

#include "gatewayd/order.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/limits.h"
#include "wire/wire.h"

enum type { TYPE_LABEL, TYPE_TEXT, TYPE_FLAG, TYPE_TAGS };

/* As it was written; "" for what is absent. */
struct order {
	const char *number, *kind, *title, *content, *item, *address;
	const char *division, *urgency, *caller, *phone, *created;
	const char *tags;		    /* joined for reading */
	int urgent, confidential, callback; /* -1: absent */
};

/* A label has no control characters; the law wants some without. */
#define FIELDS(X)                                                              \
	X(number, LABEL, EXTERNAL_ID_MAX - 1)                                  \
	X(kind, LABEL, 32)                                                     \
	X(title, TEXT, TITLE_MAX_BYTES)                                        \
	X(content, TEXT, TEXT_MAX_BYTES)                                       \
	X(item, LABEL, ITEM_CODE_MAX - 1)                                      \
	X(tags, TAGS, ORDER_TAGS_MAX)                                          \
	X(address, TEXT, ADDRESS_MAX_BYTES)                                    \
	X(division, LABEL, UNIT_CODE_MAX - 1)                                  \
	X(urgent, FLAG, 0)                                                     \
	X(urgency, LABEL, 32)                                                  \
	X(confidential, FLAG, 0)                                               \
	X(callback, FLAG, 0)                                                   \
	X(caller, LABEL, ORDER_CALLER_BYTES)                                   \
	X(phone, LABEL, ORDER_PHONE_BYTES)                                     \
	X(created, LABEL, TIME_TEXT - 1)

static const struct field {
	const char *name;
	enum type type;
	size_t max;
	size_t offset;
} fields[] = {
#define X(name, type, max)                                                     \
	{ #name, TYPE_##type, max, offsetof(struct order, name) },
	FIELDS(X)
#undef X
};

static const char *const kinds[] = { "咨询", "求助", "投诉", "举报", "建议",
	"表扬" };

static int refuse(
    struct http_problem *problem_out, const char *field, enum field_fault fault)
{
	*problem_out = problem_field(field, fault);
	return ERR_INVALID;
}

/* C0, DEL, and C1, which in UTF-8 is c2 80 to c2 9f. */
static bool has_control(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		uint8_t c = (uint8_t)text[i];

		if (c < ' ' || c == 0x7f ||
		    (c == 0xc2 && i + 1 < len && (uint8_t)text[i + 1] < 0xa0))
			return true;
	}
	return false;
}

bool order_number_is_valid(const char *number, size_t len)
{
	return len > 0 && len < EXTERNAL_ID_MAX &&
	       bytes_is_text(bytes_of(number, len)) &&
	       !has_control(number, len);
}

/* jansson has seen to it that a string is UTF-8 without NUL. */
static enum field_fault text_fault(
    const json_t *value, size_t max, bool is_label)
{
	if (!json_is_string(value))
		return FIELD_NOT_TEXT;
	if (json_string_length(value) > max)
		return FIELD_TOO_LONG;
	if (is_label &&
	    has_control(json_string_value(value), json_string_length(value)))
		return FIELD_CONTROL;
	return FIELD_NONE;
}

static int read_text(struct order *order, struct http_problem *problem_out,
    struct arena *arena, const struct field *field, const json_t *value)
{
	enum field_fault fault =
	    text_fault(value, field->max, field->type == TYPE_LABEL);
	const char *text;

	if (fault)
		return refuse(problem_out, field->name, fault);
	text = arena_text(
	    arena, json_string_value(value), json_string_length(value));
	if (!text)
		return ERR_NOMEM;
	memcpy((uint8_t *)order + field->offset, &text, sizeof(text));
	return 0;
}

static int read_flag(struct order *order, struct http_problem *problem_out,
    const struct field *field, const json_t *value)
{
	int flag = json_is_true(value);

	if (!json_is_boolean(value))
		return refuse(problem_out, field->name, FIELD_NOT_FLAG);
	memcpy((uint8_t *)order + field->offset, &flag, sizeof(flag));
	return 0;
}

/* "噪音、夜间" */
static int read_tags(struct order *order, struct http_problem *problem_out,
    struct arena *arena, const struct field *field, const json_t *value)
{
	char joined[ORDER_TAGS_MAX * (ORDER_TAG_BYTES + 4)] = "";
	size_t i, len = 0;
	const json_t *tag;

	if (!json_is_array(value))
		return refuse(problem_out, field->name, FIELD_NOT_LIST);
	if (json_array_size(value) > field->max)
		return refuse(problem_out, field->name, FIELD_TOO_MANY);
	json_array_foreach(value, i, tag)
	{
		enum field_fault fault = text_fault(tag, ORDER_TAG_BYTES, true);

		if (fault == FIELD_NOT_TEXT)
			fault = FIELD_NOT_LIST;
		if (fault)
			return refuse(problem_out, field->name, fault);
		len += (size_t)snprintf(joined + len, sizeof(joined) - len,
		    "%s%s", i > 0 ? "、" : "", json_string_value(tag));
	}
	order->tags = arena_text(arena, joined, len);
	return order->tags ? 0 : ERR_NOMEM;
}

static const struct field *find_field(const char *name)
{
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (strcmp(fields[i].name, name) == 0)
			return &fields[i];
	return NULL;
}

/* null is as good as absent. */
static int read_field(struct order *order, struct http_problem *problem_out,
    struct arena *arena, const char *name, const json_t *value)
{
	const struct field *field = find_field(name);

	if (!field)
		return refuse(problem_out, name, FIELD_UNKNOWN);
	if (json_is_null(value))
		return 0;
	switch (field->type) {
	case TYPE_LABEL:
	case TYPE_TEXT:
		return read_text(order, problem_out, arena, field, value);
	case TYPE_FLAG:
		return read_flag(order, problem_out, field, value);
	case TYPE_TAGS:
		return read_tags(order, problem_out, arena, field, value);
	}
	return ERR_INVALID;
}

static int read_fields(struct order *order, struct http_problem *problem_out,
    struct arena *arena, json_t *object)
{
	const char *name;
	json_t *value;

	*order = (struct order){ "", "", "", "", "", "", "", "", "", "", "", "",
		-1, -1, -1 };
	json_object_foreach(object, name, value)
	{
		int rc = read_field(order, problem_out, arena, name, value);

		if (rc)
			return rc;
	}
	return 0;
}

static int check_words(
    const struct order *order, struct http_problem *problem_out)
{
	size_t i;

	if (!order->number[0])
		return refuse(problem_out, "number", FIELD_MISSING);
	if (!order->title[0] && !order->content[0])
		return refuse(problem_out, "title", FIELD_MISSING);
	if (!order->kind[0])
		return 0;
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(order->kind, kinds[i]) == 0)
			return 0;
	return refuse(problem_out, "kind", FIELD_NOT_LISTED);
}

/* `urgent` or `urgency`; both only if they agree. */
static int read_urgent(bool *urgent_out, struct http_problem *problem_out,
    const struct order *order)
{
	bool is_urgent = strcmp(order->urgency, "urgent") == 0;

	if (order->urgency[0] && !is_urgent &&
	    strcmp(order->urgency, "normal") != 0)
		return refuse(problem_out, "urgency", FIELD_NOT_LISTED);
	if (order->urgency[0] && order->urgent >= 0 &&
	    is_urgent != (order->urgent == 1))
		return refuse(problem_out, "urgency", FIELD_CONTRADICTS);
	*urgent_out = is_urgent || order->urgent == 1;
	return 0;
}

/*
 * National division codes have 12 digits, with zeros for the levels that
 * they do not reach: 420704001000 is our 420704001.
 */
static void shorten_division(char *digits)
{
	size_t len = strlen(digits);

	if (strspn(digits, "0123456789") != len)
		return;
	if (len == 12 && strcmp(digits + 9, "000") == 0)
		len = 9;
	if (len == 9 && strncmp(digits + 6, "000", 3) == 0)
		len = 6;
	if (len == 6 && strncmp(digits + 4, "00", 2) == 0)
		len = 4;
	digits[len] = '\0';
}

static int read_division(struct unit_code *place_out,
    struct http_problem *problem_out, const struct order *order)
{
	char digits[UNIT_CODE_MAX];

	if (!order->division[0])
		return 0;
	snprintf(digits, sizeof(digits), "%s", order->division);
	shorten_division(digits);
	if (code_set(place_out, digits))
		return refuse(problem_out, "division", FIELD_NOT_CODE);
	return 0;
}

static int add_line(struct buf *text, const char *label, const char *value)
{
	int rc = value[0] ? buf_add(text, label, strlen(label)) : 0;

	if (!rc && value[0])
		rc = buf_add(text, value, strlen(value));
	if (!rc && value[0])
		rc = buf_add(text, "\n", 1);
	return rc;
}

/* What a ticket has no field for stands in lines before the content. */
static int write_text(struct buf *text, const struct order *order)
{
	int rc = add_line(text, "诉求类型：", order->kind);

	if (!rc)
		rc = add_line(text, "标签：", order->tags);
	if (!rc)
		rc = add_line(text, "登记时间：", order->created);
	if (!rc)
		rc = buf_add(text, order->content, strlen(order->content));
	if (!rc && text->len > 0 && text->data[text->len - 1] == '\n')
		text->len--;
	return rc;
}

static int read_content(const char **text_out, struct http_problem *problem_out,
    struct arena *arena, const struct order *order)
{
	struct buf text = { 0 };
	int64_t created_ms;
	int rc;

	if (order->created[0] && time_parse(&created_ms, order->created))
		return refuse(problem_out, "created", FIELD_NOT_TIME);
	rc = write_text(&text, order);
	if (!rc && text.len > TEXT_MAX_BYTES)
		rc = refuse(problem_out, "content", FIELD_TOO_LONG);
	if (!rc)
		*text_out = arena_text(arena, (char *)text.data, text.len);
	if (!rc && !*text_out)
		rc = ERR_NOMEM;
	buf_free(&text);
	return rc;
}

static int read_contact(
    struct bytes *contact_out, struct arena *arena, const struct order *order)
{
	struct wire_contact contact = { order->caller, order->phone };
	struct buf packed = { 0 };
	uint8_t *copy;
	int rc;

	_Static_assert(
	    ORDER_CALLER_BYTES + ORDER_PHONE_BYTES + 8 < CONTACT_MAX_BYTES,
	    "every caller and phone fits in a contact");
	if (!order->caller[0] && !order->phone[0])
		return 0;
	rc = wire_contact_pack(&packed, &contact);
	copy = rc ? NULL : arena_alloc(arena, packed.len);
	if (!rc && !copy)
		rc = ERR_NOMEM;
	if (!rc) {
		memcpy(copy, packed.data, packed.len);
		*contact_out = bytes_of(copy, packed.len);
	}
	buf_free(&packed);
	return rc;
}

static int fill(struct command *command, struct http_problem *problem_out,
    struct arena *arena, const struct order *order)
{
	struct particulars *what = &command->what;
	int rc = check_words(order, problem_out);

	if (!rc)
		rc = read_urgent(&what->urgent, problem_out, order);
	if (!rc)
		rc = read_division(&what->place, problem_out, order);
	if (!rc)
		rc = read_content(&what->text, problem_out, arena, order);
	if (!rc)
		rc = read_contact(&command->contact, arena, order);
	command->verb = VERB_OPEN;
	command->operator= "";
	what->kind = KIND_APPEAL;
	what->source = SOURCE_HOTLINE;
	what->external_id = order->number;
	what->title = order->title;
	what->item = order->item;
	what->address = order->address;
	what->confidential = order->confidential == 1;
	what->callback = order->callback == 1;
	return rc;
}

int order_read(struct command *command_out, struct http_problem *problem_out,
    struct arena *arena, struct bytes body)
{
	json_t *object = json_loadb(
	    (const char *)body.data, body.len, JSON_REJECT_DUPLICATES, NULL);
	struct command command = { 0 };
	struct order order;
	int rc;

	if (!json_is_object(object)) {
		json_decref(object);
		*problem_out = problem_of(PROBLEM_BAD_JSON);
		return ERR_INVALID;
	}
	particulars_clear(&command.what);
	rc = read_fields(&order, problem_out, arena, object);
	if (!rc)
		rc = fill(&command, problem_out, arena, &order);
	json_decref(object);
	if (!rc)
		*command_out = command;
	return rc;
}

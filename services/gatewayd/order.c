#include "gatewayd/order.h"

#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/limits.h"
#include "gatewayd/body.h"
#include "gatewayd/geo.h"
#include "gatewayd/order_text.h"
#include "wire/wire.h"

/* As it was written; "" for what is absent. */
struct order {
	const char *number, *title, *item, *address, *division, *urgency;
	const char *caller, *phone, *same_as;
	struct order_text text;
	struct body_point coordinates;
	int urgent, confidential, callback; /* -1: absent */
	struct body_files attachments;
};

/* A label has no control characters; the law wants some without. */
#define IN_ORDER(X)                                                            \
	X(number, LABEL, EXTERNAL_ID_MAX - 1)                                  \
	X(title, TEXT, TITLE_MAX_BYTES)                                        \
	X(item, LABEL, ITEM_CODE_MAX - 1)                                      \
	X(address, TEXT, ADDRESS_MAX_BYTES)                                    \
	X(coordinates, POINT, 0)                                               \
	X(division, LABEL, UNIT_CODE_MAX - 1)                                  \
	X(urgent, FLAG, 0)                                                     \
	X(urgency, LABEL, 32)                                                  \
	X(confidential, FLAG, 0)                                               \
	X(callback, FLAG, 0)                                                   \
	X(caller, LABEL, ORDER_CALLER_BYTES)                                   \
	X(phone, LABEL, ORDER_PHONE_BYTES)                                     \
	X(same_as, LABEL, EXTERNAL_ID_MAX - 1)                                 \
	X(attachments, FILES, EVENT_FILES_MAX)
#define IN_TEXT(X)                                                             \
	X(kind, LABEL, 32)                                                     \
	X(item_path, LABEL, ORDER_PATH_BYTES)                                  \
	X(tags, TAGS, 0)                                                       \
	X(created, LABEL, TIME_TEXT - 1)                                       \
	X(occurred, LABEL, TIME_TEXT - 1)                                      \
	X(content, TEXT, TEXT_MAX_BYTES)

static const struct body_field fields[] = {
#define X(name, type, max)                                                     \
	{ #name, BODY_##type, max, offsetof(struct order, name), false },
	IN_ORDER(X)
#undef X
#define X(name, type, max)                                                     \
	{ #name, BODY_##type, max, offsetof(struct order, text.name), false },
	    IN_TEXT(X)
#undef X
};

static const char *const kinds[] = { "咨询", "求助", "投诉", "举报", "建议",
	"表扬" };

static const struct order empty = {
	.number = "",
	.title = "",
	.item = "",
	.address = "",
	.division = "",
	.urgency = "",
	.caller = "",
	.phone = "",
	.same_as = "",
	.text = { "", "", "", "", "", "" },
	.urgent = -1,
	.confidential = -1,
	.callback = -1,
};

bool order_number_is_valid(const char *number, size_t len)
{
	return len > 0 && len < EXTERNAL_ID_MAX &&
	       bytes_is_text(bytes_of(number, len)) &&
	       !body_has_control(number, len);
}

static int check_words(
    const struct order *order, struct http_problem *problem_out)
{
	size_t i;

	if (!order->number[0])
		return body_refuse(problem_out, "number", FIELD_MISSING);
	if (!order->title[0] && !order->text.content[0])
		return body_refuse(problem_out, "title", FIELD_MISSING);
	if (!order->text.kind[0])
		return 0;
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(order->text.kind, kinds[i]) == 0)
			return 0;
	return body_refuse(problem_out, "kind", FIELD_NOT_LISTED);
}

/* `urgent` or `urgency`; both only if they agree. */
static int read_urgent(bool *urgent_out, struct http_problem *problem_out,
    const struct order *order)
{
	bool is_urgent = strcmp(order->urgency, "urgent") == 0;

	if (order->urgency[0] && !is_urgent &&
	    strcmp(order->urgency, "normal") != 0)
		return body_refuse(problem_out, "urgency", FIELD_NOT_LISTED);
	if (order->urgency[0] && order->urgent >= 0 &&
	    is_urgent != (order->urgent == 1))
		return body_refuse(problem_out, "urgency", FIELD_CONTRADICTS);
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

int order_division(struct unit_code *place_out, const char *text)
{
	char digits[UNIT_CODE_MAX];

	if (strlen(text) >= sizeof(digits))
		return ERR_INVALID;
	strcpy(digits, text);
	shorten_division(digits);
	return code_set(place_out, digits);
}

static int read_division(struct unit_code *place_out,
    struct http_problem *problem_out, const struct order *order)
{
	if (!order->division[0])
		return 0;
	if (order_division(place_out, order->division))
		return body_refuse(problem_out, "division", FIELD_NOT_CODE);
	return 0;
}

static int check_time(
    struct http_problem *problem_out, const char *field, const char *time)
{
	int64_t time_ms;

	return time[0] && time_parse(&time_ms, time)
		   ? body_refuse(problem_out, field, FIELD_NOT_TIME)
		   : 0;
}

static int read_content(const char **text_out, struct http_problem *problem_out,
    struct arena *arena, const struct order *order)
{
	struct buf text = { 0 };
	int rc = check_time(problem_out, "created", order->text.created);

	if (!rc)
		rc = check_time(problem_out, "occurred", order->text.occurred);
	if (!rc)
		rc = order_text_write(&text, &order->text);
	if (!rc && text.len > TEXT_MAX_BYTES)
		rc = body_refuse(problem_out, "content", FIELD_TOO_LONG);
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

/* Co-ordinates stand at the end of the address: geo_place.c. */
static int read_address(const char **address_out,
    struct http_problem *problem_out, struct arena *arena,
    const struct order *order)
{
	char text[ADDRESS_MAX_BYTES + 1];

	if (geo_place_write(text, sizeof(text), order->address,
		order->coordinates.latitude, order->coordinates.longitude))
		return body_refuse(problem_out, "address", FIELD_TOO_LONG);
	*address_out = arena_text(arena, text, strlen(text));
	return *address_out ? 0 : ERR_NOMEM;
}

static bool is_name_of(const struct item *item, const char *name, size_t len)
{
	return (strlen(item->zh) == len && memcmp(item->zh, name, len) == 0) ||
	       (strlen(item->code) == len &&
		   memcmp(item->code, name, len) == 0);
}

static const struct item *item_named(
    const struct catalogue *catalogue, const char *name, size_t len)
{
	for (size_t i = 0; i < catalogue_item_count(catalogue); i++) {
		const struct item *item = catalogue_item_at(catalogue, i);

		if (is_name_of(item, name, len))
			return item;
	}
	return NULL;
}

/* "A->B->C": the last part is the narrowest. */
const struct item *order_path_item(
    const struct catalogue *catalogue, const char *path)
{
	const struct item *found = NULL;

	while (catalogue && path) {
		const char *next = strstr(path, "->");
		size_t len = next ? (size_t)(next - path) : strlen(path);
		const struct item *item;

		while (len > 0 && path[len - 1] == ' ')
			len--;
		item = item_named(catalogue, path, len);
		found = item ? item : found;
		path = next ? next + 2 + strspn(next + 2, " ") : NULL;
	}
	return found;
}

static int fill(struct command *command, struct http_problem *problem_out,
    struct arena *arena, const struct order *order,
    const struct catalogue *catalogue)
{
	struct particulars *what = &command->what;
	const struct item *item =
	    order_path_item(catalogue, order->text.item_path);
	int rc = check_words(order, problem_out);

	if (!rc)
		rc = read_urgent(&what->urgent, problem_out, order);
	if (!rc)
		rc = read_division(&what->place, problem_out, order);
	if (!rc)
		rc = read_content(&what->text, problem_out, arena, order);
	if (!rc)
		rc = read_contact(&command->contact, arena, order);
	if (!rc)
		rc = read_address(&what->address, problem_out, arena, order);
	command->verb = VERB_OPEN;
	command->operator= "";
	what->kind = KIND_APPEAL;
	what->source = SOURCE_HOTLINE;
	what->external_id = order->number;
	what->title = order->title;
	what->item = order->item[0] || !item ? order->item : item->code;
	what->confidential = order->confidential == 1;
	what->callback = order->callback == 1;
	what->attachments = order->attachments.list;
	what->attachment_count = order->attachments.count;
	return rc;
}

int order_read(struct command *command_out, const char **same_as_out,
    struct http_problem *problem_out, struct arena *arena, struct bytes body,
    const struct catalogue *catalogue)
{
	struct command command = { 0 };
	struct order order = empty;
	int rc = body_read(&order, problem_out, arena, body, fields,
	    sizeof(fields) / sizeof(fields[0]));

	particulars_clear(&command.what);
	if (!rc)
		rc = fill(&command, problem_out, arena, &order, catalogue);
	if (rc)
		return rc;
	*command_out = command;
	*same_as_out = order.same_as;
	return 0;
}

#include "gatewayd/form.h"

#include <string.h>
#include "base/err.h"
#include "gatewayd/route.h"

/* One half of a pair. "+" is a space; an escape is two hex digits. */
static int decode(const char **out, struct arena *arena, struct bytes text)
{
	char *room = arena_alloc(arena, text.len + 1);
	size_t len = 0;

	if (!room)
		return ERR_NOMEM;
	for (size_t i = 0; i < text.len; i++) {
		char c = (char)text.data[i];

		if (c == '+')
			c = ' ';
		if (c == '%') {
			int high = -1, low = -1;

			if (text.len - i > 2) {
				high = route_hex_digit((char)text.data[i + 1]);
				low = route_hex_digit((char)text.data[i + 2]);
			}
			if (high < 0 || low < 0)
				return ERR_INVALID;
			c = (char)(high << 4 | low);
			i += 2;
		}
		room[len++] = c;
	}
	room[len] = '\0';
	if (!bytes_is_text(bytes_of(room, len)))
		return ERR_INVALID;
	*out = room;
	return 0;
}

static int add_pair(
    struct form *form, struct arena *arena, struct bytes pair, size_t first)
{
	const uint8_t *equals = memchr(pair.data, '=', pair.len);
	size_t len = equals ? (size_t)(equals - pair.data) : pair.len;
	struct form_pair *row;
	int rc;

	if (form->count == FORM_PAIRS_MAX || len > FORM_NAME_MAX)
		return ERR_TOO_LARGE;
	row = &form->pairs[form->count];
	row->value = "";
	rc = decode(&row->name, arena, bytes_of(pair.data, len));
	if (!rc && equals)
		rc = decode(&row->value, arena,
		    bytes_of(equals + 1, pair.len - len - 1));
	if (rc)
		return rc;
	for (size_t i = first; i < form->count; i++)
		if (strcmp(form->pairs[i].name, row->name) == 0)
			return ERR_INVALID;
	form->count++;
	return 0;
}

int form_add(struct form *form, struct arena *arena, struct bytes text)
{
	size_t first = form->count;
	int rc = 0;

	while (!rc && text.len > 0) {
		const uint8_t *end = memchr(text.data, '&', text.len);
		size_t len = end ? (size_t)(end - text.data) : text.len;

		if (len > 0)
			rc = add_pair(
			    form, arena, bytes_of(text.data, len), first);
		len += end != NULL;
		text = bytes_of(text.data + len, text.len - len);
	}
	return rc;
}

static const struct form_pair *find(const struct form *form, const char *name)
{
	for (size_t i = 0; i < form->count; i++)
		if (strcmp(form->pairs[i].name, name) == 0)
			return &form->pairs[i];
	return NULL;
}

const char *form_value(const struct form *form, const char *name)
{
	const struct form_pair *pair = find(form, name);

	return pair ? pair->value : "";
}

bool form_has(const struct form *form, const char *name)
{
	return find(form, name) != NULL;
}

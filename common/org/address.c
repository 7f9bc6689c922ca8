/* The address index: every area under the stem of its name. */
#include "org/address.h"

#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "org/places.h"

static const char bracket_open[] = "（", bracket_close[] = "）";

static void add_name(struct address_index *index, const struct unit *unit,
    const char *text, size_t len)
{
	struct name *name = &index->names[index->count];
	enum ending ending;
	size_t stem = name_stem(&ending, text, len);
	size_t numbered;

	if (chars_bytes(text, text + len, 2) == 0)
		return;
	/* Numbered parts (第二网格) are found below what they are part of. */
	if (numbered_part(&numbered, text, text + len) > 0 && numbered == len)
		return;
	*name =
	    (struct name){ text, (unsigned)stem, (unsigned)len, ending, unit };
	index->count++;
}

/* A name, and a second one in brackets at its end: 卢湾村委会（长阳社区）,
 * 四份村委会（含移民新区）. */
static void add_unit(struct address_index *index, const struct unit *unit)
{
	static const char with[] = "含";
	const size_t bracket = sizeof(bracket_open) - 1;
	size_t len = strlen(unit->name);
	const char *open = strstr(unit->name, bracket_open);
	const char *second;

	if (open == NULL || open == unit->name || len < 2 * bracket ||
	    strcmp(unit->name + len - bracket, bracket_close) != 0) {
		add_name(index, unit, unit->name, len);
		return;
	}
	add_name(index, unit, unit->name, (size_t)(open - unit->name));
	second = open + bracket;
	len = (size_t)(unit->name + len - bracket - second);
	if (len > sizeof(with) - 1 &&
	    memcmp(second, with, sizeof(with) - 1) == 0) {
		second += sizeof(with) - 1;
		len -= sizeof(with) - 1;
	}
	add_name(index, unit, second, len);
}

static int by_stem(const void *left, const void *right)
{
	const struct name *a = left, *b = right;
	unsigned shorter = a->len < b->len ? a->len : b->len;
	int order = memcmp(a->stem, b->stem, shorter);

	if (order != 0)
		return order;
	if (a->len != b->len)
		return a->len < b->len ? -1 : 1;
	return (a->unit > b->unit) - (a->unit < b->unit);
}

static int put_stem(struct address_index *index, size_t number)
{
	const struct name *name = &index->names[number];
	size_t head = chars_bytes(name->stem, name->stem + name->len, 2);
	uint32_t *longest = table_value(&index->heads, name->stem, head);
	int err;

	if (longest == NULL) {
		err = table_put(&index->heads, name->stem, head, name->len);
		if (err != 0)
			return err;
	} else if (*longest < name->len) {
		*longest = name->len;
	}
	err = table_put(&index->stems, name->stem, name->len, (uint32_t)number);
	return err == ERR_EXISTS ? 0 : err;
}

/* Room was made for two names a unit; most numbered parts have none. */
static void shrink(struct address_index *index)
{
	struct name *names =
	    realloc(index->names, (index->count + 1) * sizeof(*names));

	if (names != NULL)
		index->names = names;
}

int address_index_open(struct address_index **index_out, const struct org *org)
{
	struct address_index *index = calloc(1, sizeof(*index));
	int err = 0;

	if (index == NULL)
		return ERR_NOMEM;
	index->org = org;
	index->names =
	    calloc(2 * org_unit_count(org) + 1, sizeof(*index->names));
	if (index->names == NULL)
		err = ERR_NOMEM;
	for (size_t i = 0; err == 0 && i < org_unit_count(org); i++) {
		const struct unit *unit = org_unit_at(org, i);

		if (unit->kind == UNIT_AREA)
			add_unit(index, unit);
	}
	if (err == 0)
		shrink(index);
	if (err == 0 && index->count > 0)
		qsort(
		    index->names, index->count, sizeof(*index->names), by_stem);
	for (size_t i = 0; err == 0 && i < index->count; i++)
		err = put_stem(index, i);
	if (err != 0) {
		address_index_close(&index);
		return err;
	}
	*index_out = index;
	return 0;
}

void address_index_close(struct address_index **index_inout)
{
	struct address_index *index = *index_inout;

	if (index == NULL)
		return;
	table_free(&index->heads);
	table_free(&index->stems);
	free(index->names);
	free(index);
	*index_inout = NULL;
}

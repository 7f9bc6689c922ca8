/* Arbitrary text as an address (its first line) and as a complaint. */
#include <stdlib.h>
#include "fuzz.h"
#include "org/address.h"

static struct org *org;
static struct address_index *places;

static void open_city(void)
{
	struct report report = { 0 };

	promise(org_load(&org, &report, FUZZ_CITY, 0) == 0);
	promise(address_index_open(&places, org) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes rest = bytes_of(data, size);
	const struct unit *hint = NULL, *found, *within;

	if (!org)
		open_city();
	char *address = fuzz_line(&rest);
	/* The rest in one piece, line feeds and all. */
	struct buf text = { 0 };
	promise(buf_add(&text, rest.data, rest.len) == 0);
	promise(buf_add(&text, "", 1) == 0);
	within = size ? org_unit_at(org, data[0] % org_unit_count(org)) : NULL;
	found =
	    address_find(&hint, places, address, (const char *)text.data, NULL);
	promise(!found || found->kind == UNIT_AREA);
	found = address_find(
	    &hint, places, address, (const char *)text.data, within);
	promise(!found || !within || unit_is_within(found, within));
	buf_free(&text);
	free(address);
	return 0;
}

/* Arbitrary text as a title (its first line) and a complaint. */
#include <stdlib.h>
#include "catalogue/catalogue.h"
#include "fuzz.h"

static struct org *org;
static struct catalogue *catalogue;

static void open_city(void)
{
	static const char dir[] = SOURCE_DIR "/deploy/cities/ezhou";
	struct report report = { 0 };

	promise(org_load(&org, &report, dir, 0) == 0);
	promise(catalogue_load(&catalogue, &report, dir, org) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes rest = bytes_of(data, size);
	const struct item *hint = NULL, *found;
	struct buf text = { 0 };

	if (!org)
		open_city();
	char *title = fuzz_line(&rest);
	promise(buf_add(&text, rest.data, rest.len) == 0);
	promise(buf_add(&text, "", 1) == 0);
	found = catalogue_classify(
	    &hint, catalogue, title, (const char *)text.data);
	promise(!found || found == catalogue_item(catalogue, found->code));
	buf_free(&text);
	free(title);
	return 0;
}

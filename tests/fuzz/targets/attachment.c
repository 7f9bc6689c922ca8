/* A file that somebody sends: its name (the first line), and what it is. */
#include <stdlib.h>
#include <string.h>
#include "base/limits.h"
#include "fuzz.h"
#include "ticket/attachment.h"

static void check_name(const char *name)
{
	if (!attachment_name_is_valid(name))
		return;
	promise(name[0] && name[0] != '.' && strlen(name) < FILE_NAME_MAX);
	promise(!strpbrk(name, "/\\:*?\"<>|\n\r\t\x1b\x7f"));
	promise(bytes_is_text(bytes_of(name, strlen(name))));
}

static bool is_markup(struct bytes all)
{
	size_t at = 0;

	while (at < all.len && strchr(" \t\r\n\f", all.data[at]))
		at++;
	return at < all.len && all.data[at] == '<';
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes rest = bytes_of(data, size);
	char *name = fuzz_line(&rest);
	enum file_type type;

	check_name(name);
	type = attachment_sniff(rest);
	promise(type < FILE_TYPE_COUNT);
	promise(rest.len > 0 || type == FILE_NONE);
	if (attachment_is_text(rest)) {
		promise(!memchr(rest.data, '\0', rest.len));
		promise(!is_markup(rest));
	}
	free(name);
	return 0;
}

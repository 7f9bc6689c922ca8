/* A file that names tickets, for “whistle ticket … --from FILE”. */
#include <string.h>
#include "fuzz.h"
#include "whistle/ticket_ids.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ticket_ids ids = { 0 };
	const char *path = fuzz_file(data, size);
	enum cli_exit exit = ticket_ids_from(&ids, path);

	promise((exit == CLI_DONE) == (ids.count > 0));
	for (size_t i = 0; i < ids.count; i++)
		promise(ids.words[i][0] && !strpbrk(ids.words[i], " \t\r\n"));
	ticket_ids_free(&ids);
	return 0;
}

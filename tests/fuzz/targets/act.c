/* The JSON of what a client does with a ticket; the first line says what. */
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "base/limits.h"
#include "fuzz.h"
#include "gatewayd/act_body.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct http_problem problem = problem_of(PROBLEM_NONE);
	struct bytes rest = bytes_of(data, size);
	char *name = fuzz_line(&rest);
	const struct act *act = act_find(name);
	struct command command;
	int rc;

	free(name);
	if (!act)
		return 0;
	rc = act_read(&command, &problem, fuzz_arena(), act, rest);
	promise(rc == 0 || rc == ERR_INVALID);
	promise((rc == 0) == (problem.kind == PROBLEM_NONE));
	if (rc)
		return 0;
	promise(command.verb == act->verb);
	promise(strlen(command.what.text) <= TEXT_MAX_BYTES);
	promise(command.verb != VERB_RATE ||
		command.what.satisfaction < SATISFACTION_COUNT);
	return 0;
}

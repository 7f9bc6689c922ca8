/* The body of an order that the hotline posts. */
#include <string.h>
#include "base/err.h"
#include "fuzz.h"
#include "gatewayd/order.h"
#include "wire/wire.h"

/* An order that was taken is a request that a node can read, or one that is
 * known at once to be none. */
static void send_on(const struct command *command)
{
	static struct buf packed;
	struct wire_request request = { .kind = ASK_COMMAND }, back;
	const char *problem = NULL;

	memset(request.id.b, 7, sizeof(request.id.b));
	request.command = *command;
	buf_clear(&packed);
	if (wire_request_pack(&packed, &request) == 0)
		wire_request_unpack(&back, &problem, fuzz_arena(),
		    bytes_of(packed.data, packed.len));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct arena *arena;
	struct http_problem problem = problem_of(PROBLEM_NONE);
	const char *same_as = NULL;
	struct command command;
	int rc;

	if (!arena)
		promise(arena_open(&arena, DECODE_MAX_BYTES) == 0);
	arena_reset(arena);
	rc = order_read(
	    &command, &same_as, &problem, arena, bytes_of(data, size), NULL);
	promise(rc == 0 || rc == ERR_INVALID);
	promise((rc == 0) == (problem.kind == PROBLEM_NONE));
	if (rc)
		return 0;
	promise(command.verb == VERB_OPEN && same_as);
	promise(order_number_is_valid(
	    command.what.external_id, strlen(command.what.external_id)));
	send_on(&command);
	return 0;
}

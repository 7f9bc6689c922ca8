/*
 * What was done is done once, also where nobody remembers having done it: the
 * holder's store was lost, the ticket has gone on to a node that was never
 * asked, or who asked is an old copy of himself and asks again. The log says
 * which command each event came of.
 */
#include "engine/inside.h"

#include <string.h>

static bool is_of(
    struct turn *turn, struct bytes bytes, const struct id *command)
{
	struct event event;

	if (!memmem(bytes.data, bytes.len, command->b, ID_BYTES))
		return false;
	return !wire_event_unpack(&event, NULL, turn->engine->arena, bytes) &&
	       id_equal(&event.command, command);
}

int was_done(uint32_t *seq_out, struct turn *turn, const struct ticket *ticket,
    const struct id *command)
{
	struct bytes bytes;

	*seq_out = 0;
	for (uint32_t seq = ticket->seq; seq > 0; seq--) {
		int rc = events_get(&bytes, turn->txn, &ticket->id, seq);

		if (rc)
			return rc;
		if (is_of(turn, bytes, command)) {
			*seq_out = seq;
			return 0;
		}
	}
	return 0;
}

/*
 * A take-over that its holder does not answer. The first order is remembered;
 * once the catalogue's time is over, and nobody has answered, somebody who
 * ordered it may say so: then this node goes on with the ticket by itself, in
 * a new term.
 */
#include "engine/inside.h"

#include <string.h>

int silence_begins(
    struct turn *turn, const struct ticket *ticket, const struct id *command)
{
	struct silence_record record;
	int rc = silences_get(&record, turn->txn, &ticket->id);

	if (rc && rc != ERR_NOT_FOUND)
		return rc;
	if (!rc && code_equal(&record.holder, &ticket->holder))
		return 0;
	memset(&record, 0, sizeof(record));
	record.command = *command;
	record.asked_ms = turn->now_ms;
	record.holder = ticket->holder;
	return silences_put(turn->txn, &ticket->id, &record);
}

int silence_ends(struct turn *turn, const struct id *command)
{
	struct request_record asked;
	struct id ticket;
	int rc;

	if (!kv_count(turn->txn, KV_SILENCES))
		return 0;
	/* any answer will do, also to a later order than the first */
	rc = requests_get(&asked, turn->txn, command);
	if (!rc)
		return silences_del(turn->txn, &asked.ticket);
	if (rc == ERR_NOT_FOUND)
		rc = silences_find(&ticket, turn->txn, command);
	if (rc)
		return rc == ERR_NOT_FOUND ? 0 : rc;
	return silences_del(turn->txn, &ticket);
}

int silence_moment(
    int64_t *at_out, struct turn *turn, const struct ticket *ticket)
{
	struct silence_record record;
	int rc;

	*at_out = 0;
	if (!kv_count(turn->txn, KV_SILENCES))
		return 0;
	rc = silences_get(&record, turn->txn, &ticket->id);
	if (rc || !code_equal(&record.holder, &ticket->holder))
		return rc == ERR_NOT_FOUND ? 0 : rc;
	*at_out =
	    catalogue_fence_at(turn->engine->config.catalogue, record.asked_ms);
	return 0;
}

static int say_when(
    struct outcome_of *outcome, struct turn *turn, int64_t at_ms)
{
	char text[TIME_TEXT];
	struct bytes copy;

	time_format(text, at_ms);
	int rc = turn_copy(&copy, turn, bytes_of(text, strlen(text) + 1));
	if (rc)
		return rc;
	outcome->refusal = REFUSAL_FENCE_LATER;
	outcome->detail = (const char *)copy.data;
	return 0;
}

int fence_asked(bool *is_done_out, struct outcome_of *outcome,
    struct turn *turn, struct draft *draft, const struct command *command)
{
	const struct catalogue *catalogue = turn->engine->config.catalogue;
	struct silence_record record;
	int64_t at_ms;
	int rc = silences_get(&record, turn->txn, &draft->now.id);

	*is_done_out = true;
	if (rc && rc != ERR_NOT_FOUND)
		return rc;
	if (!catalogue_fence_at(catalogue, turn->now_ms)) {
		outcome->refusal = REFUSAL_NO_FENCING;
		return 0;
	}
	if (rc) { /* nobody has been asked, or he has answered */
		*is_done_out = false;
		return 0;
	}
	rc = silence_moment(&at_ms, turn, &draft->now);
	if (!rc && !at_ms)
		*is_done_out = false;
	if (rc || !at_ms)
		return rc;
	if (turn->now_ms < at_ms)
		return say_when(outcome, turn, at_ms);
	return write_event(outcome, turn, draft, command, 0);
}

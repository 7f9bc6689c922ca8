/*
 * Deadlines of tickets that our units hold. A timer is one row, found
 * again after any restart; what it fires is an event, so it fires once.
 */
#include "engine/inside.h"

#include "base/log.h"
#include "store/overdue.h"
#include "store/timed.h"

static bool is_same(const struct alarm *a, const struct alarm *b)
{
	return a->at_ms == b->at_ms && a->verb == b->verb &&
	       a->deadline == b->deadline && a->step == b->step;
}

/*
 * The timer that has just been looked at is gone; whatever rings next is
 * put, also when that is of the same moment. One that is due and nothing
 * came of, as the law lets nobody act on it, must not ring for ever.
 */
static int keep_timer(
    struct turn *turn, const struct draft *draft, const struct alarm *was)
{
	struct alarm alarm = ticket_next_alarm(&draft->now);
	char id[ID_TEXT];

	if (!alarm.at_ms)
		return 0;
	if (alarm.at_ms > turn->now_ms || !is_same(&alarm, was))
		return timed_put(
		    turn->txn, KV_TIMERS, alarm.at_ms, &draft->now.id);
	log_line(LOG_WARN, "ticket=%s verb=%s deadline=%s problem=refused",
	    id_format(id, &draft->now.id), word_name(WORD_VERB, alarm.verb),
	    word_name(WORD_DEADLINE, alarm.deadline));
	return 0;
}

static int fire(struct turn *turn, struct draft *draft)
{
	struct outcome_of outcome;
	struct alarm alarm = ticket_next_alarm(&draft->now);
	struct command command = {
		.ticket = draft->now.id,
		.verb = alarm.verb,
		.unit = draft->now.holder,
		.operator= OPERATOR_TIMER,
	};

	if (!alarm.at_ms || alarm.at_ms > turn->now_ms)
		return 0;
	particulars_clear(&command.what);
	command.what.deadline = alarm.deadline;
	command.what.due_ms = alarm.due_ms;
	command.what.step = alarm.step;
	return write_event(&outcome, turn, draft, &command, BY_TIMER);
}

static int ring(struct turn *turn, struct draft *draft)
{
	struct alarm was = ticket_next_alarm(&draft->now);
	int rc;

	if (!is_ours(turn->engine, &draft->now.holder))
		return 0;
	rc = fire(turn, draft);
	if (!rc)
		rc = drafts_flush(turn);
	return rc ? rc : keep_timer(turn, draft, &was);
}

int alarms(struct turn *turn)
{
	struct draft *draft;
	struct id id;
	int64_t due_ms;

	if (turn->engine->mind.is_recovering)
		return 0;
	for (int i = 0; i < TURN_ALARMS_MAX; i++) {
		int rc = timed_first(&due_ms, &id, turn->txn, KV_TIMERS);
		if (rc == ERR_NOT_FOUND || (!rc && due_ms > turn->now_ms))
			return 0;
		if (!rc)
			rc = timed_del(turn->txn, KV_TIMERS, due_ms, &id);
		if (!rc)
			rc = draft_get(&draft, turn, &id);
		if (rc == ERR_NOT_FOUND)
			continue;
		if (!rc)
			rc = ring(turn, draft);
		if (rc)
			return rc;
	}
	return 0;
}

int alarms_next(int64_t *due_ms_out, struct turn *turn)
{
	int64_t at_ms = INT64_MAX;
	struct id id;
	int rc = timed_first(due_ms_out, &id, turn->txn, KV_TIMERS);

	if (rc == ERR_NOT_FOUND)
		*due_ms_out = INT64_MAX;
	if (!rc || rc == ERR_NOT_FOUND)
		rc = timed_first(&at_ms, &id, turn->txn, KV_WATCHES);
	if (!rc && at_ms < *due_ms_out)
		*due_ms_out = at_ms;
	return rc == ERR_NOT_FOUND ? 0 : rc;
}

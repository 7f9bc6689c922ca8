/*
 * Operators whose commands have gone to the holder, and wait for its answer.
 * What a turn does to the list counts once the turn is durable.
 */
#include "engine/inside.h"

static struct waiting *find(struct engine *engine, const struct id *command)
{
	for (unsigned i = 0; engine->waiting_count && i < WAITING_MAX; i++) {
		struct waiting *waiting = &engine->waiting[i];
		if (waiting->state != WAITING_FREE &&
		    waiting->state != WAITING_TOLD &&
		    id_equal(&waiting->command, command))
			return waiting;
	}
	return NULL;
}

static bool add(struct turn *turn, const struct id *command,
    const struct net_route *route, bool is_mirror)
{
	struct engine *engine = turn->engine;
	struct waiting *waiting = find(engine, command);

	if (waiting) {
		waiting->route = *route;
		return true;
	}
	for (unsigned i = 0; i < WAITING_MAX; i++) {
		waiting = &engine->waiting[i];
		if (waiting->state != WAITING_FREE)
			continue;
		*waiting = (struct waiting){
			.command = *command,
			.route = *route,
			.since_ms = turn->now_ms,
			.is_mirror = is_mirror,
			.state = WAITING_NEW,
		};
		engine->waiting_count++;
		return true;
	}
	return false;
}

bool waiting_add(
    struct turn *turn, const struct id *command, const struct net_route *route)
{
	return add(turn, command, route, false);
}

bool waiting_mirror(
    struct turn *turn, const struct id *command, const struct net_route *route)
{
	return add(turn, command, route, true);
}

bool waiting_end(
    struct net_route *route_out, struct turn *turn, const struct id *command)
{
	struct waiting *waiting = find(turn->engine, command);

	if (!waiting)
		return false;
	*route_out = waiting->route;
	waiting->state = WAITING_TOLD;
	return true;
}

/* For a take-over: when it may be done without the holder, or "". */
static int say_moment(
    char text_out[TIME_TEXT], struct turn *turn, const struct id *command)
{
	struct request_record record;
	struct ticket ticket;
	int64_t at_ms = 0;

	text_out[0] = '\0';
	if (!kv_count(turn->txn, KV_SILENCES))
		return 0;
	int rc = requests_get(&record, turn->txn, command);
	if (!rc)
		rc = tickets_get(&ticket, turn->txn, &record.ticket);
	if (!rc)
		rc = silence_moment(&at_ms, turn, &ticket);
	if (!rc && at_ms)
		time_format(text_out, at_ms);
	return rc == ERR_NOT_FOUND ? 0 : rc;
}

/* The node above has what somebody waits for. */
static int tell_mirrored(struct turn *turn, struct waiting *waiting)
{
	struct request_record record;
	bool is_there;
	int rc = mirror_came(&is_there, turn, waiting, &record);

	if (rc || !is_there)
		return rc;
	waiting->state = WAITING_TOLD;
	return say_done(turn, &waiting->route, &waiting->command, &record);
}

/* Whoever has waited long enough hears that it is on its way. */
int waiting_expire(struct turn *turn)
{
	struct engine *engine = turn->engine;
	int rc = 0;

	for (unsigned i = 0; !rc && engine->waiting_count && i < WAITING_MAX;
	     i++) {
		struct waiting *waiting = &engine->waiting[i];
		rc = tell_mirrored(turn, waiting);
		if (rc)
			return rc;
		if (waiting->since_ms > turn->now_ms)
			waiting->since_ms = turn->now_ms;
		if (waiting->state == WAITING_FREE ||
		    waiting->state == WAITING_TOLD ||
		    turn->now_ms - waiting->since_ms < WAITING_MS)
			continue;
		char moment[TIME_TEXT];
		struct wire_reply reply = {
			.id = waiting->command,
			.result = RESULT_PENDING,
			.refusal = "",
			.detail = waiting->is_mirror ? "not_mirrored" : moment,
		};
		waiting->state = WAITING_TOLD;
		rc = say_moment(moment, turn, &waiting->command);
		if (!rc)
			rc = say(turn, &waiting->route, &reply);
	}
	return rc;
}

void waiting_settle(struct engine *engine, bool is_durable)
{
	enum waiting_state gone = is_durable ? WAITING_TOLD : WAITING_NEW;

	for (unsigned i = 0; engine->waiting_count && i < WAITING_MAX; i++) {
		struct waiting *waiting = &engine->waiting[i];
		if (waiting->state == WAITING_FREE)
			continue;
		if (waiting->state == gone) {
			waiting->state = WAITING_FREE;
			engine->waiting_count--;
		} else {
			if (waiting->state == WAITING_NEW)
				mirror_settle(engine, waiting);
			waiting->state = WAITING_HELD;
		}
	}
}

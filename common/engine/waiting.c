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

bool waiting_add(
    struct turn *turn, const struct id *command, const struct net_route *route)
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
			.state = WAITING_NEW,
		};
		engine->waiting_count++;
		return true;
	}
	return false;
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

/* Whoever has waited long enough hears that it is on its way. */
int waiting_expire(struct turn *turn)
{
	struct engine *engine = turn->engine;
	int rc = 0;

	for (unsigned i = 0; !rc && engine->waiting_count && i < WAITING_MAX;
	     i++) {
		struct waiting *waiting = &engine->waiting[i];
		if (waiting->since_ms > turn->now_ms)
			waiting->since_ms = turn->now_ms;
		if (waiting->state == WAITING_FREE ||
		    waiting->state == WAITING_TOLD ||
		    turn->now_ms - waiting->since_ms < WAITING_MS)
			continue;
		struct wire_reply reply = {
			.id = waiting->command,
			.result = RESULT_PENDING,
			.refusal = "",
			.detail = "",
		};
		waiting->state = WAITING_TOLD;
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
			waiting->state = WAITING_HELD;
		}
	}
}

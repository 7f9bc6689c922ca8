/* Questions about the node itself and about its units' scores. */
#include "engine/inside.h"

#include <stdio.h>
#include <string.h>

static const char *state_of(const struct engine *engine)
{
	if (engine->is_draining)
		return "draining";
	if (engine->mind.is_recovering)
		return "recovering";
	return engine->is_full ? "full" : "running";
}

static uint64_t fill_links(
    struct wire_link_status *links, const struct engine *engine)
{
	uint64_t outbox = 0;

	for (size_t i = 0; i < engine->neighbour_count; i++) {
		const struct neighbour *to = &engine->neighbours[i];
		/* what is acknowledged and not yet deleted is not waiting */
		uint64_t rows = to->link.record.next - 1 - to->link.acked;
		links[i] = (struct wire_link_status){
			.peer = to->node->name,
			.up = to->link.is_up,
			.outbox = rows,
			.heard_ms = to->link.heard_ms,
		};
		outbox += rows;
	}
	return outbox;
}

static size_t fill_refusals(
    struct wire_refusals rows[REFUSAL_COUNT], const struct engine *engine)
{
	size_t count = 0;

	for (unsigned i = 0; i < REFUSAL_COUNT; i++)
		if (engine->refusals[i] > 0)
			rows[count++] = (struct wire_refusals){
				.refusal = refusal_name(i),
				.count = engine->refusals[i],
			};
	return count;
}

int status_fill_own(struct wire_status *status_out, struct turn *turn)
{
	struct engine *engine = turn->engine;
	struct due_sums dues = dues_sum(&engine->dues, turn->now_ms);
	char *store = turn_alloc(turn, ID_TEXT);
	struct wire_link_status *links =
	    turn_alloc(turn, (engine->neighbour_count + 1) * sizeof(*links));
	struct wire_refusals *refusals =
	    turn_alloc(turn, REFUSAL_COUNT * sizeof(*refusals));

	if (!links || !refusals || !store)
		return ERR_NOMEM;
	*status_out = (struct wire_status){
		.node = engine->self->name,
		.level = engine->self->level,
		.state = state_of(engine),
		.store = id_format(store, &engine->config.store.id),
		.version = WHISTLE_VERSION,
		.tickets = tickets_count(turn->txn),
		.held = turn->held,
		.outbox = fill_links(links, engine),
		.commits = engine->commits,
		.events = engine->events,
		.last_commit_ms = engine->last_commit_ms,
		.started_ms = engine->started_ms,
		.store_bytes = engine->room.used_bytes,
		.store_limit_bytes = engine->room.limit_bytes,
		.links = links,
		.link_count = engine->neighbour_count,
		.accept_due = dues.near[DUE_ACCEPT],
		.resolve_due = dues.near[DUE_RESOLVE],
		.accept_late = dues.late[DUE_ACCEPT],
		.resolve_late = dues.late[DUE_RESOLVE],
		.refusals = refusals,
		.refusal_count = fill_refusals(refusals, engine),
	};
	return 0;
}

int status_asked(struct turn *turn, const struct net_route *route,
    const struct actor *actor, const struct wire_request *request)
{
	struct engine *engine = turn->engine;
	char where[RELOAD_WHERE_TEXT];
	struct wire_reply reply = {
		.id = request->id,
		.result = RESULT_DONE,
		.refusal = "",
		.detail = "",
		.has_body = true,
		.kind = ASK_STATUS,
	};

	if (request->status.reload) {
		if (actor->role != ROLE_ENGINEER &&
		    actor->role != ROLE_SUPERVISOR)
			return say_refused(
			    turn, route, &request->id, REFUSAL_NO_ROLE, "");
		if (reload_prepare(engine, where))
			return say_refused(turn, route, &request->id,
			    REFUSAL_BAD_FIELD, where);
		engine->wants_reload = true;
	}
	int rc = status_fill_own(&reply.status, turn);
	return rc ? rc : say(turn, route, &reply);
}

struct scoring {
	struct turn *turn;
	const struct wire_request *request;
	const struct unit *under;
	const struct actor *actor;
	struct wire_score_line *lines;
	size_t count, cap;
};

static bool is_wanted(const struct scoring *scoring, const struct unit *unit,
    const struct counters_row *row)
{
	const char *kind = scoring->request->score.kind;
	const char *period = scoring->request->score.period;

	if (!unit || (scoring->under && !unit_is_within(unit, scoring->under)))
		return false;
	if (kind[0] &&
	    (unit->kind == UNIT_DEPARTMENT) != !strcmp(kind, "department"))
		return false;
	return !period[0] || !strcmp(period, row->key.period);
}

/*
 * Rows come unit by unit: sums join a line of the same unit when nothing
 * that was asked tells them apart. ERR_FULL: no more lines.
 */
static int line_for(struct wire_score_line **line_out, struct scoring *scoring,
    const struct counters_row *row, const struct unit *unit)
{
	const struct wire_request *request = scoring->request;
	struct arena *arena = scoring->turn->engine->arena;
	const char *item = request->score.by_item ? row->key.item : "";

	for (size_t i = scoring->count; i > 0; i--) {
		struct wire_score_line *line = &scoring->lines[i - 1];

		if (!code_equal(&line->unit, &unit->code))
			break;
		if (!strcmp(line->item, item)) {
			*line_out = line;
			return 0;
		}
	}
	if (scoring->count == scoring->cap)
		return ERR_FULL;
	struct wire_score_line *line = &scoring->lines[scoring->count++];
	uint64_t *counts = arena_alloc(arena, SCORE_COUNT * sizeof(*counts));
	char *copy = arena_text(arena, item, strlen(item));
	if (!counts || !copy)
		return ERR_NOMEM;
	memset(counts, 0, SCORE_COUNT * sizeof(*counts));
	*line = (struct wire_score_line){
		.unit = unit->code,
		.item = copy,
		.period = request->score.period,
		.counts = counts,
		.count_count = SCORE_COUNT,
	};
	*line_out = line;
	return 0;
}

static int score_one(void *context, const struct counters_row *row)
{
	struct scoring *scoring = context;
	struct unit_code code;

	if (code_set(&code, row->key.unit))
		return ERR_CORRUPT;
	const struct unit *unit =
	    org_unit(scoring->turn->engine->config.org, &code);
	if (!is_wanted(scoring, unit, row))
		return 0;
	struct wire_score_line *line;
	int rc = line_for(&line, scoring, row, unit);
	if (rc)
		return rc;
	uint64_t *counts = (uint64_t *)(uintptr_t)line->counts;
	for (unsigned i = 0; i < row->count && i < SCORE_COUNT; i++)
		counts[i] += row->sums[i];
	return 0;
}

int score_asked(struct turn *turn, const struct net_route *route,
    const struct actor *actor, const struct wire_request *request)
{
	struct scoring scoring = {
		.turn = turn,
		.request = request,
		.actor = actor,
		.under = actor->unit,
		.cap = 4 * LIST_PAGE_MAX,
	};
	struct wire_reply reply = {
		.id = request->id,
		.result = RESULT_DONE,
		.refusal = "",
		.detail = "",
		.has_body = true,
		.kind = ASK_SCORE,
	};

	if (!code_is_empty(&request->score.under)) {
		scoring.under =
		    org_unit(turn->engine->config.org, &request->score.under);
		if (!scoring.under) {
			reply.result = RESULT_INVALID;
			reply.detail = "under";
			reply.has_body = false;
			return say(turn, route, &reply);
		}
	}
	scoring.lines = turn_alloc(turn, scoring.cap * sizeof(*scoring.lines));
	if (!scoring.lines)
		return ERR_NOMEM;
	/* what is below a unit has a code that begins with its own */
	struct counters_range range = {
		.unit = scoring.under ? scoring.under->code.s : "",
		.from = request->score.period,
		.to = request->score.period,
	};
	int rc = counters_walk(turn->txn, &range, score_one, &scoring);
	if (rc == ERR_FULL)
		reply.detail = "too_many"; /* the first ones; ask for fewer */
	else if (rc)
		return rc;
	reply.score.lines = scoring.lines;
	reply.score.count = scoring.count;
	return say(turn, route, &reply);
}

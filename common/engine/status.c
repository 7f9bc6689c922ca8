/* Questions about the node itself. */
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
		.speaks = (uint16_t)org_speaks(engine->config.org),
		.reads = (uint16_t)wire_versions.newest,
		.tickets = tickets_count(turn->txn),
		.held = turn->held,
		.outbox = fill_links(links, engine),
		.commits = engine->commits,
		.events = engine->events,
		.last_commit_ms = engine->last_commit_ms,
		.started_ms = engine->started_ms,
		.store_bytes = engine->room.used_bytes,
		.store_limit_bytes = engine->room.limit_bytes,
		.stranded = stranded_count(turn->txn),
		.links = links,
		.link_count = engine->neighbour_count,
		.accept_due = dues.near[DUE_ACCEPT],
		.resolve_due = dues.near[DUE_RESOLVE],
		.accept_late = dues.late[DUE_ACCEPT],
		.resolve_late = dues.late[DUE_RESOLVE],
		.refusals = refusals,
		.refusal_count = fill_refusals(refusals, engine),
	};
	return child_fill(&status_out->overdue, links, turn);
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

#include "wire/status.h"

#include "base/err.h"
#include "base/limits.h"
#include "wire/field.h"
#include "wire/message.h"

/* ---- out ---- */

static int links_fill(Whistle__NodeStatus *to, struct arena *arena,
    const struct wire_status *from)
{
	Whistle__LinkStatus *links =
	    arena_alloc(arena, from->link_count * sizeof(*links));
	Whistle__LinkStatus **list =
	    arena_alloc(arena, from->link_count * sizeof(*list));

	if (!links || !list)
		return ERR_TOO_LARGE;
	for (size_t i = 0; i < from->link_count; i++) {
		whistle__link_status__init(&links[i]);
		links[i].peer = field_text(from->links[i].peer);
		links[i].up = from->links[i].up;
		links[i].outbox = from->links[i].outbox;
		links[i].heard_ms = (uint64_t)from->links[i].heard_ms;
		links[i].silent_ms = (uint64_t)from->links[i].silent_ms;
		links[i].held = from->links[i].held;
		links[i].overdue = from->links[i].overdue;
		links[i].version = from->links[i].version;
		links[i].oldest = from->links[i].oldest;
		links[i].newest = from->links[i].newest;
		links[i].speaks = from->links[i].speaks;
		list[i] = &links[i];
	}
	to->links = list;
	to->n_links = from->link_count;
	return 0;
}

static int refusals_fill(Whistle__NodeStatus *to, struct arena *arena,
    const struct wire_status *from)
{
	size_t count = from->refusal_count;
	Whistle__RefusalCount *rows = arena_alloc(arena, count * sizeof(*rows));
	Whistle__RefusalCount **list =
	    arena_alloc(arena, count * sizeof(*list));

	if (!rows || !list)
		return ERR_TOO_LARGE;
	for (size_t i = 0; i < count; i++) {
		whistle__refusal_count__init(&rows[i]);
		rows[i].refusal = field_text(from->refusals[i].refusal);
		rows[i].count = from->refusals[i].count;
		list[i] = &rows[i];
	}
	to->refusals = list;
	to->n_refusals = count;
	return 0;
}

int status_fill(struct status_message *message, struct arena *arena,
    const struct wire_status *from)
{
	Whistle__NodeStatus *to = &message->status;
	int rc;

	whistle__node_status__init(to);
	to->node = field_text(from->node);
	to->level = field_text(from->level);
	to->state = field_text(from->state);
	to->store = field_text(from->store);
	to->version = field_text(from->version);
	to->speaks = from->speaks;
	to->reads = from->reads;
	to->tickets = from->tickets;
	to->held = from->held;
	to->outbox = from->outbox;
	to->commits = from->commits;
	to->events = from->events;
	to->last_commit_ms = (uint64_t)from->last_commit_ms;
	to->started_ms = (uint64_t)from->started_ms;
	to->store_bytes = from->store_bytes;
	to->store_limit_bytes = from->store_limit_bytes;
	to->stranded = from->stranded;
	to->overdue = from->overdue;
	to->accept_due = from->accept_due;
	to->resolve_due = from->resolve_due;
	to->accept_late = from->accept_late;
	to->resolve_late = from->resolve_late;
	rc = links_fill(to, arena, from);
	return rc ? rc : refusals_fill(to, arena, from);
}

int wire_status_pack(struct buf *out, const struct wire_status *status)
{
	struct status_message message;
	struct arena *scratch;
	int rc;

	if (!status->node || !status->node[0])
		return ERR_INVALID;
	rc = arena_open(&scratch, DECODE_MAX_BYTES);
	if (rc)
		return rc;
	rc = status_fill(&message, scratch, status);
	if (!rc)
		rc = message_pack(out, STATUS_MAX_BYTES, &message.status);
	arena_close(&scratch);
	return rc;
}

int heard_fill(Whistle__Heard ***list_out, struct arena *arena,
    const struct wire_heard *from, size_t count)
{
	Whistle__Heard *rows = arena_alloc(arena, count * sizeof(*rows));
	Whistle__Heard **list = arena_alloc(arena, count * sizeof(*list));

	if (count > NEWS_NODES_MAX)
		return ERR_INVALID;
	if (!rows || !list)
		return ERR_TOO_LARGE;
	for (size_t i = 0; i < count; i++) {
		if (from[i].status.len == 0)
			return ERR_INVALID;
		whistle__heard__init(&rows[i]);
		rows[i].status = field_bytes(from[i].status);
		rows[i].age_ms = from[i].age_ms;
		list[i] = &rows[i];
	}
	*list_out = list;
	return 0;
}

/* ---- in ---- */

static int links_read(struct wire_status *status, struct arena *arena,
    const Whistle__NodeStatus *message)
{
	struct wire_link_status *links =
	    arena_alloc(arena, message->n_links * sizeof(*links));

	if (!links)
		return ERR_TOO_LARGE;
	for (size_t i = 0; i < message->n_links; i++) {
		const Whistle__LinkStatus *from = message->links[i];

		if (!field_read_time(&links[i].heard_ms, from->heard_ms) ||
		    !field_read_time(&links[i].silent_ms, from->silent_ms) ||
		    from->version > WIRE_VERSION_MAX ||
		    from->oldest > WIRE_VERSION_MAX ||
		    from->newest > WIRE_VERSION_MAX ||
		    from->speaks > WIRE_VERSION_MAX)
			return ERR_INVALID;
		links[i].held = from->held;
		links[i].overdue = from->overdue;
		links[i].version = (uint16_t)from->version;
		links[i].oldest = (uint16_t)from->oldest;
		links[i].newest = (uint16_t)from->newest;
		links[i].speaks = (uint16_t)from->speaks;
		links[i].peer = from->peer;
		links[i].up = from->up;
		links[i].outbox = from->outbox;
	}
	status->links = links;
	status->link_count = message->n_links;
	return 0;
}

static int refusals_read(struct wire_status *status, struct arena *arena,
    const Whistle__NodeStatus *message)
{
	struct wire_refusals *rows =
	    arena_alloc(arena, message->n_refusals * sizeof(*rows));

	if (!rows)
		return ERR_TOO_LARGE;
	for (size_t i = 0; i < message->n_refusals; i++) {
		rows[i].refusal = message->refusals[i]->refusal;
		rows[i].count = message->refusals[i]->count;
	}
	status->refusals = rows;
	status->refusal_count = message->n_refusals;
	return 0;
}

int status_read(struct wire_status *status_out, struct arena *arena,
    const Whistle__NodeStatus *from)
{
	struct wire_status to = { .node = from->node,
		.level = from->level,
		.state = from->state,
		.store = from->store,
		.version = from->version,
		.tickets = from->tickets,
		.held = from->held,
		.outbox = from->outbox,
		.commits = from->commits,
		.events = from->events,
		.accept_due = from->accept_due,
		.resolve_due = from->resolve_due,
		.accept_late = from->accept_late,
		.resolve_late = from->resolve_late,
		.stranded = from->stranded,
		.overdue = from->overdue,
		.store_bytes = from->store_bytes,
		.store_limit_bytes = from->store_limit_bytes };
	int rc;

	if (from->speaks > WIRE_VERSION_MAX || from->reads > WIRE_VERSION_MAX)
		return ERR_INVALID;
	to.speaks = (uint16_t)from->speaks;
	to.reads = (uint16_t)from->reads;
	if (!field_read_time(&to.last_commit_ms, from->last_commit_ms) ||
	    !field_read_time(&to.started_ms, from->started_ms))
		return ERR_INVALID;
	rc = links_read(&to, arena, from);
	if (!rc)
		rc = refusals_read(&to, arena, from);
	if (!rc)
		*status_out = to;
	return rc;
}

int wire_status_unpack(
    struct wire_status *status_out, struct arena *arena, struct bytes bytes)
{
	Whistle__NodeStatus *message;
	int rc =
	    message_unpack(&message, arena, &whistle__node_status__descriptor,
		STATUS_MAX_BYTES, GROWTH_OF_LISTS, bytes);

	if (rc)
		return rc;
	return message->node[0] ? status_read(status_out, arena, message)
				: ERR_INVALID;
}

int heard_read(const struct wire_heard **list_out, struct arena *arena,
    Whistle__Heard *const *from, size_t count)
{
	struct wire_heard *list = arena_alloc(arena, count * sizeof(*list));

	if (count > NEWS_NODES_MAX)
		return ERR_INVALID;
	if (!list)
		return ERR_TOO_LARGE;
	for (size_t i = 0; i < count; i++) {
		if (from[i]->status.len == 0 ||
		    !field_read_bytes(
			&list[i].status, from[i]->status, STATUS_MAX_BYTES))
			return ERR_INVALID;
		list[i].age_ms = from[i]->age_ms;
	}
	*list_out = list;
	return 0;
}

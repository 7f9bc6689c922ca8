/* Letters that a dishonest neighbour could write. */
#include "world.h"

#include <string.h>

struct neighbour *node_neighbour(
    struct world_node *node, const struct world_node *other)
{
	struct engine *engine = node->engine;

	for (size_t i = 0; i < engine->neighbour_count; i++)
		if (!strcmp(engine->neighbours[i].node->name, other->name))
			return &engine->neighbours[i];
	fail_msg("%s is no neighbour of %s", other->name, node->name);
	return NULL;
}

struct event forged_event(struct world_node *at, const struct id *ticket,
    enum verb verb, const char *unit)
{
	struct ticket now = node_ticket(at, ticket);
	struct event event = {
		.ticket = *ticket,
		.seq = now.seq + 1,
		.term = now.seq ? now.term : 1,
		.prev = now.last,
		.time_ms = at->world->now_ms,
		.verb = verb,
		.unit = code_of(unit),
		.operator= "forger",
	};

	particulars_clear(&event.what);
	return event;
}

struct buf pack_event(const struct event *event)
{
	struct buf packed = { 0 };

	assert_int_equal(wire_event_pack(&packed, event), 0);
	return packed;
}

/* The number is taken from the forger's own row, which is then nothing. */
static uint64_t take_number(struct world_node *from, struct world_node *to)
{
	struct neighbour *neighbour = node_neighbour(from, to);
	struct outbox_row row = { .kind = OUTBOX_ORDER,
		.load = bytes_of("nothing", 7) };
	struct kv_txn *txn = NULL;

	assert_int_equal(
	    kv_begin(&txn, from->engine->config.store.kv, true), 0);
	assert_int_equal(link_put(&neighbour->link, txn, &row), 0);
	assert_int_equal(link_save(&neighbour->link, txn), 0);
	assert_int_equal(kv_commit(&txn), 0);
	return neighbour->link.record.next - 1;
}

static void send_row(
    struct world_node *from, struct world_node *to, const struct wire_row *row)
{
	struct proof proof = { { 0 } }; /* it may say what it likes */
	struct wire_frame frame = {
		.session = node_neighbour(from, to)->link.session,
		.kind = FRAME_DATA,
		.data = { .first = take_number(from, to),
		    .rows = row,
		    .row_count = 1,
		    .proofs = &proof },
	};
	struct buf packed = { 0 };

	assert_int_equal(wire_frame_pack(&packed, &frame), 0);
	node_inject(to, from, bytes_of(packed.data, packed.len));
	buf_free(&packed);
}

void forge_row(
    struct world_node *from, struct world_node *to, const struct wire_row *row)
{
	send_row(from, to, row);
	world_settle(from->world);
}

void forge_event(
    struct world_node *from, struct world_node *to, struct bytes event)
{
	struct wire_row row = {
		.kind = ROW_DELIVERY,
		.events = &event,
		.event_count = 1,
	};

	send_row(from, to, &row);
	from->world->now_ms++;
	node_run(to);
}

void forge_delivery(struct world_node *from, struct world_node *to,
    const struct bytes *events, size_t count)
{
	struct wire_row row = {
		.kind = ROW_DELIVERY,
		.events = events,
		.event_count = count,
	};

	forge_row(from, to, &row);
}

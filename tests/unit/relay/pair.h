/*
 * Two neighbours, each with a store and one link, and between them a pipe
 * that can lose, repeat, delay and so reorder what goes through it. A turn
 * is one transaction, as in a daemon: what it says is sent once it is
 * committed, and forgotten when it is not.
 *
 * Rows are numbers. An order carries its number as its load; an event is
 * the row of a ticket whose id is the number. What arrives is written into
 * the receiver's own store, so that it is rolled back with it.
 */
#ifndef TESTS_UNIT_RELAY_PAIR_H
#define TESTS_UNIT_RELAY_PAIR_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/err.h"
#include "relay/link.h"

enum { PAIR_PACKETS_MAX = 4096, PAIR_TURN_PACKETS = 512 };

struct packet {
	int64_t due_ms;
	uint64_t order; /* of sending, so that equal times stay in order */
	uint8_t *data;
	size_t len;
};

struct side {
	struct pair *pair;
	struct side *other;
	const char *name;
	char path[128];
	struct store store;
	struct link link;
	struct id_maker maker;
	struct kv_txn *txn;
	uint32_t queued;      /* rows ever queued, over all stores */
	uint32_t store_first; /* of them, the first of this store */
	bool is_old;	      /* it found that it is an old copy */
	unsigned met, renewed;
	uint32_t speaks;     /* in which its city writes */
	unsigned busy_after; /* takes so many rows and no more; 0: all */
	/* said in this turn */
	struct packet said[PAIR_TURN_PACKETS];
	size_t said_count;
	/* on its way to this side */
	struct packet in[PAIR_PACKETS_MAX];
	size_t in_count;
};

struct pair {
	char dir[64];
	struct entropy entropy;
	uint64_t seed;
	int64_t now_ms;
	uint64_t sent;
	/* of 100 packets; delay in ms */
	unsigned lose, repeat, delay_ms;
	struct arena *arena;
	struct side a, b;
};

static inline uint32_t pair_random(struct pair *pair)
{
	pair->seed = pair->seed * UINT64_C(6364136223846793005) +
		     UINT64_C(1442695040888963407);
	return (uint32_t)(pair->seed >> 33);
}

static inline bool pair_chance(struct pair *pair, unsigned percent)
{
	return pair_random(pair) % 100 < percent;
}

static inline void pair_fill(void *context, uint8_t *out, size_t len)
{
	for (size_t i = 0; i < len; i++)
		out[i] = (uint8_t)pair_random(context);
}

static inline int side_load(
    void *context, struct wire_row *row_out, const struct outbox_row *row)
{
	struct side *side = context;

	*row_out = (struct wire_row){ .kind = ROW_SKIP };
	if (row->kind == OUTBOX_ORDER) {
		row_out->kind = ROW_ORDER;
		row_out->load = row->load;
	} else if (row->kind == OUTBOX_EVENTS) {
		uint8_t *number = arena_alloc(side->pair->arena, 4);
		struct bytes *event =
		    arena_alloc(side->pair->arena, sizeof(*event));
		memcpy(number, row->ticket.b + ID_BYTES - 4, 4);
		*event = bytes_of(number, 4);
		row_out->kind = ROW_DELIVERY;
		row_out->events = event;
		row_out->event_count = 1;
	}
	return 0;
}

static inline int side_arrived(
    void *context, struct link *link, const struct wire_row *row)
{
	struct side *side = context;
	struct bytes load;
	uint8_t key[4], value[5];

	if (row->kind == ROW_SKIP)
		return 0;
	load = row->kind == ROW_ORDER ? row->load : row->events[0];
	assert_ptr_equal(link, &side->link);
	if (side->busy_after &&
	    kv_count(side->txn, KV_EVENTS) >= side->busy_after)
		return ERR_BUSY;
	store_be32(key, (uint32_t)kv_count(side->txn, KV_EVENTS) + 1);
	value[0] = row->kind == ROW_ORDER;
	assert_int_equal(load.len, 4);
	memcpy(value + 1, load.data, 4);
	return kv_put(side->txn, KV_EVENTS, bytes_of(key, sizeof(key)),
	    bytes_of(value, sizeof(value)));
}

static inline int side_emit(
    void *context, struct link *link, const struct wire_frame *frame)
{
	struct side *side = context;
	struct buf packed = { 0 };

	(void)link;
	int rc = wire_frame_pack(&packed, frame);
	if (rc)
		return rc;
	assert_true(side->said_count < PAIR_TURN_PACKETS);
	side->said[side->said_count++] =
	    (struct packet){ .data = packed.data, .len = packed.len };
	return 0;
}

static inline int side_put_event(struct side *side, uint32_t number)
{
	struct outbox_row row = {
		.kind = OUTBOX_EVENTS, .first = 1, .last = 1
	};

	store_be32(row.ticket.b + ID_BYTES - 4, number);
	return link_put(&side->link, side->txn, &row);
}

/* Every event of this store is offered again. */
static inline int side_met(void *context, struct link *link)
{
	struct side *side = context;
	int rc = 0;

	(void)link;
	side->met++;
	for (uint32_t i = side->store_first + 1; !rc && i <= side->queued; i++)
		if (i % 2 == 0)
			rc = side_put_event(side, i);
	return rc;
}

static inline int side_is_old(void *context, struct link *link)
{
	struct side *side = context;
	int rc = store_renew(
	    &side->store, side->txn, &side->maker, side->pair->now_ms);

	side->renewed++;
	side->is_old = true;
	link->record.is_met = 0;
	link->is_dirty = true;
	link->is_up = false;
	link->hello_ms = 0;
	return rc;
}

/* Nobody here has any. */
static inline int side_news(
    void *context, struct link *link, const struct wire_frame *frame)
{
	(void)context;
	(void)link;
	(void)frame;
	return ERR_INVALID;
}

static inline struct link_ops side_ops(struct side *side)
{
	return (struct link_ops){ side_load, side_arrived, NULL, side_emit,
		side_met, side_is_old, side_news, side };
}

static inline struct link_turn side_turn(
    struct side *side, const struct link_ops *ops)
{
	return (struct link_turn){
		.txn = side->txn,
		.store = &side->store,
		.ops = ops,
		.node = side->name,
		.versions = &wire_versions,
		.speaks = side->speaks,
		.entropy = &side->pair->entropy,
		.now_ms = side->pair->now_ms,
	};
}

/* ---- the pipe ---- */

static inline void pipe_add(struct side *to, struct packet packet)
{
	struct pair *pair = to->pair;
	size_t at = to->in_count;

	packet.due_ms = pair->now_ms + 1;
	if (pair->delay_ms)
		packet.due_ms += pair_random(pair) % pair->delay_ms;
	packet.order = pair->sent++;
	assert_true(to->in_count < PAIR_PACKETS_MAX);
	for (; at > 0 && to->in[at - 1].due_ms > packet.due_ms; at--)
		to->in[at] = to->in[at - 1];
	to->in[at] = packet;
	to->in_count++;
}

static inline struct packet packet_copy(const struct packet *packet)
{
	struct packet copy = *packet;

	copy.data = malloc(packet->len);
	assert_non_null(copy.data);
	memcpy(copy.data, packet->data, packet->len);
	return copy;
}

static inline void side_send(struct side *side)
{
	for (size_t i = 0; i < side->said_count; i++) {
		if (pair_chance(side->pair, side->pair->repeat))
			pipe_add(side->other, packet_copy(&side->said[i]));
		if (pair_chance(side->pair, side->pair->lose))
			free(side->said[i].data);
		else
			pipe_add(side->other, side->said[i]);
	}
	side->said_count = 0;
}

static inline void side_unsay(struct side *side)
{
	for (size_t i = 0; i < side->said_count; i++)
		free(side->said[i].data);
	side->said_count = 0;
}

static inline void pipe_clear(struct side *to)
{
	for (size_t i = 0; i < to->in_count; i++)
		free(to->in[i].data);
	to->in_count = 0;
}

/* ---- a side's life ---- */

static inline void side_open(struct side *side)
{
	struct kv_config config = { .limit_bytes = 16 << 20 };

	assert_int_equal(store_open(&side->store, side->path, &config,
			     side->name, &side->maker, side->pair->now_ms),
	    0);
	assert_int_equal(kv_begin(&side->txn, side->store.kv, true), 0);
	assert_int_equal(
	    link_open(&side->link, side->txn, side->other->name), 0);
	assert_int_equal(kv_commit(&side->txn), 0);
	side->is_old = false;
}

static inline void side_close(struct side *side)
{
	kv_abort(&side->txn);
	side_unsay(side);
	store_close(&side->store);
}

static inline void side_begin(struct side *side)
{
	arena_reset(side->pair->arena);
	assert_int_equal(kv_begin(&side->txn, side->store.kv, true), 0);
}

/* Takes what is due; the pump; then the commit, or not. */
static inline void side_finish(struct side *side, bool is_committed)
{
	struct link_ops ops = side_ops(side);
	struct link_turn turn = side_turn(side, &ops);

	assert_int_equal(link_pump(&side->link, &turn), 0);
	if (is_committed) {
		assert_int_equal(kv_commit(&side->txn), 0);
		side_send(side);
		return;
	}
	kv_abort(&side->txn);
	side_unsay(side);
	assert_int_equal(kv_begin(&side->txn, side->store.kv, false), 0);
	assert_int_equal(link_reload(&side->link, side->txn), 0);
	kv_abort(&side->txn);
}

static inline int side_hear(struct side *side, struct bytes bytes)
{
	struct link_ops ops = side_ops(side);
	struct link_turn turn = side_turn(side, &ops);
	struct wire_frame frame;

	assert_int_equal(
	    wire_frame_unpack(&frame, side->pair->arena, bytes), 0);
	return link_heard(&side->link, &turn, &frame);
}

static inline void side_take(struct side *side, unsigned most)
{
	while (most-- > 0 && side->in_count &&
	       side->in[0].due_ms <= side->pair->now_ms) {
		struct packet packet = side->in[0];
		memmove(
		    side->in, side->in + 1, --side->in_count * sizeof(packet));
		int rc = side_hear(side, bytes_of(packet.data, packet.len));
		assert_true(
		    rc == 0 ||
		    (rc == ERR_VERSION && side->speaks != side->other->speaks));
		free(packet.data);
	}
}

/* Odd ones are orders, even ones are events. */
static inline void side_queue(struct side *side)
{
	uint32_t number = ++side->queued;
	uint8_t load[4];
	struct outbox_row row = { .kind = OUTBOX_ORDER,
		.load = bytes_of(load, sizeof(load)) };

	store_be32(load, number);
	assert_int_equal(number % 2 ? link_put(&side->link, side->txn, &row)
				    : side_put_event(side, number),
	    0);
}

static inline void side_run(struct side *side)
{
	side_begin(side);
	side_take(side, 64);
	side_finish(side, true);
}

/* Nothing is lost any more, and time goes on until all is quiet. */
static inline void pair_heal(struct pair *pair)
{
	pair->lose = pair->repeat = pair->delay_ms = 0;
	for (int i = 0; i < 900; i++) {
		pair->now_ms += 50;
		side_run(&pair->a);
		side_run(&pair->b);
	}
}

static inline bool side_is_done(const struct side *side)
{
	return side->link.is_up &&
	       side->link.acked + 1 == side->link.record.next;
}

/* ---- what has arrived ---- */

struct arrivals {
	uint32_t orders[8192], events[8192];
	size_t order_count, event_count;
};

static inline void side_arrivals(struct arrivals *arrivals, struct side *side)
{
	struct kv_cursor *cursor = NULL;
	struct bytes key = bytes_of("\0", 1), value;
	int rc;

	arrivals->order_count = arrivals->event_count = 0;
	assert_int_equal(kv_begin(&side->txn, side->store.kv, false), 0);
	assert_int_equal(kv_cursor_open(&cursor, side->txn, KV_EVENTS), 0);
	for (rc = kv_move(&key, &value, cursor, KV_AT_OR_AFTER); !rc;
	     rc = kv_move(&key, &value, cursor, KV_NEXT)) {
		uint32_t number = store_read_be32(value.data + 1);
		assert_true(arrivals->order_count < 8192 &&
			    arrivals->event_count < 8192);
		if (value.data[0])
			arrivals->orders[arrivals->order_count++] = number;
		else
			arrivals->events[arrivals->event_count++] = number;
	}
	assert_int_equal(rc, ERR_NOT_FOUND);
	kv_cursor_close(&cursor);
	kv_abort(&side->txn);
}

/* ---- both ---- */

static inline void copy_store(const char *from, const char *to)
{
	char source[256], target[256];
	uint8_t block[4096];
	size_t len;

	snprintf(source, sizeof(source), "%s/data.mdb", from);
	snprintf(target, sizeof(target), "%s/data.mdb", to);
	FILE *in = fopen(source, "r"), *out = fopen(target, "w");
	assert_true(in && out);
	while ((len = fread(block, 1, sizeof(block), in)) > 0)
		assert_int_equal(fwrite(block, 1, len, out), len);
	fclose(in);
	assert_int_equal(fclose(out), 0);
}

static inline int pair_remove_one(
    const char *path, const struct stat *stat, int type, struct FTW *ftw)
{
	(void)stat;
	(void)type;
	(void)ftw;
	return remove(path);
}

static inline void pair_remove(const char *path)
{
	nftw(path, pair_remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static inline void side_init(
    struct side *side, struct pair *pair, struct side *other, const char *name)
{
	side->pair = pair;
	side->other = other;
	side->name = name;
	side->speaks = 1;
	side->maker.entropy = pair->entropy;
	snprintf(side->path, sizeof(side->path), "%s/%s", pair->dir, name);
}

static inline struct pair *pair_open(uint64_t seed)
{
	struct pair *pair = calloc(1, sizeof(*pair));

	assert_non_null(pair);
	/* in memory where there is such a place: syncs cost most of a run */
	snprintf(pair->dir, sizeof(pair->dir), "%s/whistle-relay-XXXXXX",
	    access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm");
	assert_non_null(mkdtemp(pair->dir));
	pair->seed = seed;
	pair->entropy = (struct entropy){ pair_fill, pair };
	pair->now_ms = INT64_C(1764000000000);
	assert_int_equal(arena_open(&pair->arena, 64 << 20), 0);
	side_init(&pair->a, pair, &pair->b, "above");
	side_init(&pair->b, pair, &pair->a, "below");
	side_open(&pair->a);
	side_open(&pair->b);
	return pair;
}

static inline void pair_close(struct pair **pair)
{
	side_close(&(*pair)->a);
	side_close(&(*pair)->b);
	pipe_clear(&(*pair)->a);
	pipe_clear(&(*pair)->b);
	arena_close(&(*pair)->arena);
	pair_remove((*pair)->dir);
	free(*pair);
	*pair = NULL;
}

#endif

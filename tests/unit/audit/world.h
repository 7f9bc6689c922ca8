/*
 * A store with a few tickets in it, written as the engine writes: an appeal
 * with a number and a contact, a ticket that blew the whistle, and its
 * callout. What a test then breaks in it, the audit must find.
 */
#ifndef TESTS_UNIT_AUDIT_WORLD_H
#define TESTS_UNIT_AUDIT_WORLD_H

#include "../store/place.h"
#include "../ticket/story.h"
#include "audit/audit.h"
#include "score/score.h"
#include "store/counters.h"
#include "store/events.h"
#include "store/intake.h"
#include "store/outbox.h"
#include "store/stranded.h"
#include "store/tickets.h"
#include "store/timed.h"
#include "wire/wire.h"

enum { FINDINGS_MAX = 64, APPEAL = 1, WHISTLED = 2, CALLED = 3 };

struct world {
	struct place *place;
	struct story tickets[4]; /* by their numbers */
	struct link_record link;
	uint64_t journal;
	uint32_t base; /* tickets are base + their numbers */
	struct audit_finding findings[FINDINGS_MAX];
	unsigned count;
	struct audit_result result;
};

static inline struct kv_txn *world_txn(struct world *world)
{
	return world->place->txn;
}

/* Ours are the street and what is below it. */
static inline bool world_is_ours(void *context, const struct unit_code *unit)
{
	(void)context;
	return !strncmp(unit->s, STREET, strlen(STREET));
}

static inline int64_t world_due(const struct ticket *ticket)
{
	if (!ticket->seq || !world_is_ours(NULL, &ticket->holder))
		return 0;
	return ticket_next_alarm(ticket).at_ms;
}

static inline void world_count(struct world *world, const struct ticket *before,
    const struct ticket *after, const struct event *event)
{
	struct score_delta deltas[SCORE_DELTAS_MAX];
	char period[SCORE_PERIOD_TEXT];
	size_t count = score_deltas(deltas, before, after, event);

	score_period(period, event->time_ms);
	for (size_t i = 0; i < count; i++) {
		struct counters_key key = { deltas[i].unit.s, period,
			after->item, deltas[i].other.s };
		struct counted counted = { event->ticket, event->seq,
			UINT64_C(1) << deltas[i].count };
		int64_t by[SCORE_COUNT] = { 0 };

		/* as one entry, if this event has one there already */
		by[deltas[i].count] = (int64_t)deltas[i].by;
		assert_int_equal(
		    counters_add(world_txn(world), &key, by, SCORE_COUNT), 0);
		if (counted_change(world_txn(world), &key, &counted, 0,
			counted.counts) == ERR_NOT_FOUND)
			assert_int_equal(
			    counted_add(world_txn(world), &key, &counted, 1),
			    0);
	}
}

static inline void world_number(
    struct world *world, const struct event *event, const struct hash *hash)
{
	struct journal_entry entry = { ++world->journal, event->ticket,
		event->seq, event->seq, *hash };
	struct outbox_row row = { .kind = OUTBOX_EVENTS,
		.ticket = event->ticket,
		.first = event->seq,
		.last = event->seq };

	assert_int_equal(journal_put(world_txn(world), &entry), 0);
	assert_int_equal(outbox_put(world_txn(world), &world->link, &row), 0);
	assert_int_equal(links_put(world_txn(world), &world->link), 0);
}

static inline void world_time(struct world *world, const struct ticket *before,
    const struct ticket *after)
{
	int64_t old_ms = world_due(before), new_ms = world_due(after);

	if (old_ms)
		assert_int_equal(
		    timed_del(world_txn(world), KV_TIMERS, old_ms, &after->id),
		    0);
	if (new_ms)
		assert_int_equal(
		    timed_put(world_txn(world), KV_TIMERS, new_ms, &after->id),
		    0);
}

/* The next event of a ticket, and all that follows from it. */
static inline void world_write(
    struct world *world, unsigned number, struct event *event)
{
	struct story *story = &world->tickets[number];
	struct ticket before = story->ticket;
	struct buf packed = { 0 };
	struct bytes bytes;
	struct hash hash;

	event->ticket = story->ticket.id;
	event->prev = before.last;
	assert_int_equal(wire_event_pack(&packed, event), 0);
	bytes = bytes_of(packed.data, packed.len);
	hash_of(&hash, bytes);
	assert_int_equal(ticket_fold(&story->ticket, event, &hash), 0);
	story->now_ms += MINUTE_MS;
	assert_int_equal(
	    events_put(world_txn(world), &event->ticket, event->seq, bytes), 0);
	if (event->what.external_id[0])
		assert_int_equal(intake_put(world_txn(world), event->unit.s,
				     event->what.external_id, &event->ticket),
		    0);
	assert_int_equal(
	    tickets_put(world_txn(world), &before, &story->ticket), 0);
	world_count(world, &before, &story->ticket, event);
	world_time(world, &before, &story->ticket);
	world_number(world, event, &hash);
	buf_free(&packed);
}

static inline void world_open(struct world *world, unsigned number,
    struct event *event, const char *contact)
{
	struct hash hash;

	event->what.item = "CJ-0301";
	event->what.accept_by_ms = STORY_START_MS + 2 * HOUR_MS;
	event->what.resolve_by_ms = STORY_START_MS + 48 * HOUR_MS;
	if (contact) {
		hash_of(&hash, text_bytes(contact));
		event->what.contact_hash = bytes_of(hash.b, sizeof(hash.b));
		event->what.contact_key = text_bytes("a box with a key");
		assert_int_equal(
		    contacts_put(world_txn(world),
			&world->tickets[number].ticket.id, text_bytes(contact)),
		    0);
	}
	world_write(world, number, event);
}

/* Three tickets, with the numbers after `base`. */
static inline void world_fill(struct world *world, uint32_t base)
{
	struct story *story = world->tickets;
	const char *department = ZJJ;
	struct event event;
	char number[32];

	world->base = base;
	for (unsigned i = 1; i <= 3; i++) {
		story[i] = story_new();
		story[i].ticket.id = id_of_number(base + i);
	}
	snprintf(number, sizeof(number), "EZ-%u", world->base + 1);
	event = opening(&story[APPEAL], GRID);
	event.what.external_id = number;
	world_open(world, APPEAL, &event, "sealed");
	event = story_event(&story[APPEAL], VERB_ACCEPT, GRID);
	world_write(world, APPEAL, &event);

	event = opening(&story[WHISTLED], STREET);
	world_open(world, WHISTLED, &event, NULL);
	event = story_event(&story[WHISTLED], VERB_ACCEPT, STREET);
	world_write(world, WHISTLED, &event);
	event = whistling(&story[WHISTLED], 1, &department);
	struct callout callout = *event.what.callouts;
	callout.ticket = story[CALLED].ticket.id;
	event.what.callouts = &callout;
	world_write(world, WHISTLED, &event);

	event = calling(&story[CALLED], STREET, ZJJ);
	event.what.parent = story[WHISTLED].ticket.id;
	world_open(world, CALLED, &event, NULL);
}

static inline int world_setup(void **state)
{
	struct world *world = calloc(1, sizeof(*world));

	assert_non_null(world);
	assert_int_equal(place_setup((void **)&world->place), 0);
	assert_int_equal(
	    links_make(&world->link, world_txn(world), "districtd"), 0);
	world_fill(world, 0);
	*state = world;
	return 0;
}

static inline int world_teardown(void **state)
{
	struct world *world = *state;
	void *place = world->place;

	place_teardown(&place);
	free(world);
	return 0;
}

static inline int world_found(
    void *context, const struct audit_finding *finding)
{
	struct world *world = context;

	assert_true(world->count < FINDINGS_MAX);
	world->findings[world->count++] = *finding;
	return 0;
}

/* In a new place: before the oldest deadline. */
static inline void world_audit(struct world *world)
{
	struct audit_config config = { .is_ours = world_is_ours,
		.found = world_found,
		.context = world,
		.now_ms = STORY_START_MS };

	world->count = 0;
	assert_int_equal(
	    audit_store(&world->result, world_txn(world), &config), 0);
}

static inline unsigned world_faults(
    const struct world *world, enum audit_fault fault)
{
	unsigned count = 0;

	for (unsigned i = 0; i < world->count; i++)
		count += world->findings[i].fault == fault;
	return count;
}

/* The fault is found, and whatever else in `also` (0: nothing). */
static inline void world_finds(struct world *world, enum audit_fault fault)
{
	world_audit(world);
	if (world_faults(world, fault) > 0)
		return;
	for (unsigned i = 0; i < world->count; i++)
		print_error("%s %s %s\n", audit_word(world->findings[i].fault),
		    audit_table(world->findings[i].table),
		    world->findings[i].subject);
	fail_msg("%s was not found", audit_word(fault));
}

static inline void world_finds_only(struct world *world, enum audit_fault fault)
{
	world_finds(world, fault);
	assert_int_equal(world->count, 1);
}

#endif

#include "store/attached.h"
#include "store/overdue.h"
#include "world.h"

static struct bytes id_bytes(const struct id *id)
{
	return bytes_of(id->b, ID_BYTES);
}

static const struct ticket *ticket_at(
    const struct world *world, unsigned number)
{
	return &world->tickets[number].ticket;
}

static struct bytes event_key(uint8_t key[20], unsigned number, uint32_t seq)
{
	struct id id = id_of_number(number);

	memcpy(key, id.b, ID_BYTES);
	store_be32(key + ID_BYTES, seq);
	return bytes_of(key, 20);
}

static void a_sound_store_has_no_findings(void **state)
{
	struct world *world = *state;

	world_audit(world);
	for (unsigned i = 0; i < world->count; i++)
		print_error("%s %s %s\n", audit_word(world->findings[i].fault),
		    audit_table(world->findings[i].table),
		    world->findings[i].subject);
	assert_int_equal(world->count, 0);
	assert_int_equal(world->result.tickets, 3);
	assert_int_equal(world->result.events, 6);
	assert_int_equal(world->result.damages, 0);
}

static void finds_an_event_that_is_missing(void **state)
{
	struct world *world = *state;
	uint8_t key[20];

	kv_del(world_txn(world), KV_EVENTS, event_key(key, APPEAL, 2));
	world_finds(world, AUDIT_NO_EVENT);
	assert_int_equal(world_faults(world, AUDIT_UNJOURNALED), 1);
}

static void finds_an_event_that_is_none(void **state)
{
	struct world *world = *state;
	struct id id = id_of_number(APPEAL);

	events_put(world_txn(world), &id, 2, text_bytes("no event"));
	world_finds(world, AUDIT_BAD_EVENT);
}

/* Well-formed, checksummed, and not what was written. */
static void change_event(struct world *world, unsigned number, uint32_t seq)
{
	struct id id = id_of_number(number);
	struct arena *arena = NULL;
	struct buf packed = { 0 };
	struct bytes bytes;
	struct event event;

	assert_int_equal(arena_open(&arena, DECODE_MAX_BYTES), 0);
	assert_int_equal(events_get(&bytes, world_txn(world), &id, seq), 0);
	assert_int_equal(wire_event_unpack(&event, NULL, arena, bytes), 0);
	event.operator= "li";
	assert_int_equal(wire_event_pack(&packed, &event), 0);
	bytes = bytes_of(packed.data, packed.len);
	assert_int_equal(events_put(world_txn(world), &id, seq, bytes), 0);
	buf_free(&packed);
	arena_close(&arena);
}

/* The hash in the next one tells. */
static void finds_an_event_that_was_changed(void **state)
{
	struct world *world = *state;

	change_event(world, WHISTLED, 1);
	world_finds_only(world, AUDIT_BROKEN_LOG);
}

/* The hash in the ticket tells. */
static void finds_a_last_event_that_was_changed(void **state)
{
	struct world *world = *state;

	change_event(world, WHISTLED, 3);
	world_finds_only(world, AUDIT_FOLD);
}

static void finds_a_ticket_that_is_not_its_log(void **state)
{
	struct world *world = *state;
	struct ticket changed = *ticket_at(world, APPEAL);

	changed.returns = 3;
	tickets_put(world_txn(world), ticket_at(world, APPEAL), &changed);
	world_finds_only(world, AUDIT_FOLD);
}

static void finds_a_ticket_of_a_shape_that_none_has(void **state)
{
	struct world *world = *state;
	struct id id = id_of_number(APPEAL);

	kv_put(world_txn(world), KV_TICKETS, id_bytes(&id), text_bytes("?"));
	world_finds(world, AUDIT_SHAPE);
}

static void finds_an_event_beyond_its_ticket(void **state)
{
	struct world *world = *state;
	struct id id = id_of_number(APPEAL), other = id_of_number(99);

	events_put(world_txn(world), &id, 3, text_bytes("later"));
	events_put(world_txn(world), &other, 1, text_bytes("nobody's"));
	world_finds(world, AUDIT_STRAY_EVENT);
	assert_int_equal(world_faults(world, AUDIT_STRAY_EVENT), 2);
}

static void finds_a_ticket_that_an_index_lacks(void **state)
{
	static const enum kv_table indexes[] = { KV_HELD, KV_STATES, KV_PLACES,
		KV_QUEUE };
	struct world *world = *state;
	uint8_t key[TICKETS_INDEX_KEY_MAX];

	for (int i = 0; i < 4; i++)
		assert_int_equal(kv_del(world_txn(world), indexes[i],
				     tickets_index_key(key, indexes[i],
					 ticket_at(world, APPEAL))),
		    0);
	world_finds(world, AUDIT_NO_INDEX);
	assert_int_equal(world->count, 4);
}

static void finds_an_index_entry_that_is_wrong(void **state)
{
	static const enum kv_table indexes[] = { KV_HELD, KV_STATES, KV_PLACES,
		KV_QUEUE };
	struct world *world = *state;
	struct ticket other = *ticket_at(world, APPEAL);
	uint8_t key[TICKETS_INDEX_KEY_MAX];

	other.state = STATE_CLOSED;
	other.place = code(GRID);
	for (int i = 0; i < 3; i++)
		kv_put(world_txn(world), indexes[i],
		    tickets_index_key(key, indexes[i], &other),
		    bytes_of(NULL, 0));
	other.id = id_of_number(99); /* of nobody */
	kv_put(world_txn(world), KV_HELD,
	    tickets_index_key(key, KV_HELD, &other), bytes_of(NULL, 0));
	world_finds(world, AUDIT_STRAY_INDEX);
	assert_int_equal(world->count, 4);
}

static void finds_a_number_that_leads_nowhere(void **state)
{
	struct world *world = *state;
	struct id other = id_of_number(WHISTLED);

	intake_put(world_txn(world), GRID, "EZ-1", &other);
	world_finds(world, AUDIT_NO_INTAKE);
	assert_int_equal(world_faults(world, AUDIT_STRAY_INTAKE), 1);
	kv_del(world_txn(world), KV_INTAKE, text_bytes(GRID "/EZ-1"));
	world_finds_only(world, AUDIT_NO_INTAKE);
}

static void finds_a_timer_that_was_lost(void **state)
{
	struct world *world = *state;
	const struct ticket *ticket = ticket_at(world, APPEAL);

	timed_del(world_txn(world), KV_TIMERS, world_due(ticket), &ticket->id);
	world_finds_only(world, AUDIT_NO_TIMER);
}

static void finds_a_timer_that_is_wrong(void **state)
{
	struct world *world = *state;
	const struct ticket *ticket = ticket_at(world, APPEAL);
	struct id nobody = id_of_number(99);

	timed_put(
	    world_txn(world), KV_TIMERS, world_due(ticket) + 1, &ticket->id);
	timed_put(world_txn(world), KV_TIMERS, STORY_START_MS, &nobody);
	world_finds(world, AUDIT_WRONG_TIMER);
	assert_int_equal(world->count, 2);
}

static void a_timer_of_anothers_ticket_is_no_damage(void **state)
{
	struct world *world = *state;
	const struct ticket *ticket = ticket_at(world, CALLED);

	timed_put(world_txn(world), KV_TIMERS, ticket_next_alarm(ticket).at_ms,
	    &ticket->id);
	world_finds_only(world, AUDIT_OTHERS_TIMER);
	assert_int_equal(world->result.damages, 0);
	assert_int_equal(world->result.doubts, 1);
}

static void finds_a_contact_that_is_another(void **state)
{
	struct world *world = *state;
	struct id appeal = id_of_number(APPEAL);
	struct id without = id_of_number(WHISTLED);

	contacts_put(world_txn(world), &appeal, text_bytes("changed"));
	contacts_put(world_txn(world), &without, text_bytes("sealed"));
	world_finds(world, AUDIT_CONTACT);
	assert_int_equal(world->count, 2);
}

static void a_contact_may_have_been_erased(void **state)
{
	struct world *world = *state;
	struct id appeal = id_of_number(APPEAL);

	kv_del(world_txn(world), KV_CONTACTS, id_bytes(&appeal));
	world_audit(world);
	assert_int_equal(world->count, 0);
}

/* All of a ticket goes; what named it stays. */
static void finds_a_callout_that_is_gone(void **state)
{
	struct world *world = *state;
	struct id called = id_of_number(CALLED);

	kv_del(world_txn(world), KV_TICKETS, id_bytes(&called));
	world_finds(world, AUDIT_CALLOUT);
}

static void finds_a_callout_that_its_parent_does_not_know(void **state)
{
	struct world *world = *state;
	struct ticket changed = *ticket_at(world, CALLED);

	changed.parent = id_of_number(APPEAL);
	tickets_put(world_txn(world), ticket_at(world, CALLED), &changed);
	world_finds(world, AUDIT_CALLOUT);
	assert_int_equal(world_faults(world, AUDIT_CALLOUT), 2);
}

static void finds_a_gap_in_the_outbox(void **state)
{
	struct world *world = *state;
	struct link_record ahead = world->link;

	ahead.next += 1;
	links_put(world_txn(world), &ahead);
	world_finds(world, AUDIT_LINK); /* more than the table has */
	links_put(world_txn(world), &world->link);
	kv_del(
	    world_txn(world), KV_OUTBOX, bytes_of("\0\1\0\0\0\0\0\0\0\2", 10));
	kv_put(world_txn(world), KV_OUTBOX,
	    bytes_of("\0\1\0\0\0\0\0\0\0\77", 10), text_bytes("?"));
	world_finds(world, AUDIT_NO_ROW);
	assert_int_equal(world_faults(world, AUDIT_STRAY_ROW), 1);
}

static void finds_a_row_that_refers_to_nothing(void **state)
{
	static const struct outbox_row bad[] = {
		{ .kind = OUTBOX_EVENTS, .first = 1, .last = 1 },
		{ .kind = OUTBOX_ORDER },
		{ .kind = OUTBOX_ANSWER },
		{ .kind = OUTBOX_DONE },
		{ .kind = OUTBOX_WANT },
	};
	struct world *world = *state;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(
		    outbox_put(world_txn(world), &world->link, &bad[i]), 0);
	struct outbox_row late = { .kind = OUTBOX_EVENTS,
		.ticket = id_of_number(APPEAL),
		.first = 2,
		.last = 3 };
	outbox_put(world_txn(world), &world->link, &late);
	links_put(world_txn(world), &world->link);
	world_finds(world, AUDIT_BAD_ROW);
	assert_int_equal(world->count, 6);
}

static void finds_sums_that_are_not_the_logs(void **state)
{
	struct world *world = *state;
	const struct counters_key grid = { GRID, "2026-11", "CJ-0301", "" };
	const struct counters_key city = { CITY, "2026-11", "", "" };
	const int64_t one[SCORE_COUNT] = { 1 };

	counters_add(world_txn(world), &grid, one, 1);
	world_finds_only(world, AUDIT_COUNTER);
	counters_add(world_txn(world), &city, one, 1);
	world_finds(world, AUDIT_COUNTER);
	assert_int_equal(world->count, 2);
}

static void finds_sums_that_are_missing(void **state)
{
	struct world *world = *state;
	char period[SCORE_PERIOD_TEXT], key[96];
	int len;

	score_period(period, STORY_START_MS);
	len = snprintf(
	    key, sizeof(key), "%s%c%s%cCJ-0301%c", GRID, 0, period, 0, 0);
	assert_int_equal(kv_del(world_txn(world), KV_COUNTERS,
			     bytes_of(key, (size_t)len + 1)),
	    0);
	world_finds_only(world, AUDIT_COUNTER);
}

static void finds_a_list_that_is_not_the_logs(void **state)
{
	struct world *world = *state;
	const struct counters_key grid = { GRID, "2026-11", "CJ-0301", "" };
	const struct counters_key city = { CITY, "2026-11", "", "" };
	struct counted event = { id_of_number(APPEAL), 1, 1 };

	counted_change(world_txn(world), &grid, &event, 1, 2);
	world_finds_only(world, AUDIT_COUNTED);
	counted_change(world_txn(world), &grid, &event, 2, 1);
	world_audit(world);
	assert_int_equal(world->count, 0);
	counted_add(world_txn(world), &grid, &event, 1);
	world_finds_only(world, AUDIT_COUNTED);
	counted_change(world_txn(world), &grid, &event, 1, 0);
	counted_add(world_txn(world), &city, &event, 1);
	world_finds_only(world, AUDIT_COUNTED);
}

static void finds_a_gap_in_the_journal(void **state)
{
	struct world *world = *state;

	kv_del(world_txn(world), KV_JOURNAL, bytes_of("\0\0\0\0\0\0\0\3", 8));
	world_finds_only(world, AUDIT_JOURNAL);
}

static void finds_what_the_journal_has_twice(void **state)
{
	struct world *world = *state;
	struct journal_entry again = { .ticket = id_of_number(APPEAL) };

	assert_int_equal(journal_at(&again, world_txn(world), 1), 0);
	struct journal_entry beyond = { world->journal + 2, again.ticket, 2, 9,
		again.hash };
	again.number = world->journal + 1;

	journal_put(world_txn(world), &again);
	world_finds_only(world, AUDIT_UNJOURNALED);
	journal_put(world_txn(world), &beyond);
	world_finds(world, AUDIT_BAD_ENTRY);
}

/* What could have stood where event 2 of the appeal stands. */
static struct stranded_key strand_one(struct world *world, struct hash prev)
{
	struct stranded_key key = { id_of_number(APPEAL), 2, { { 0 } } };
	struct event event = {
		.ticket = key.ticket,
		.seq = 2,
		.term = 1,
		.prev = prev,
		.time_ms = STORY_START_MS + MINUTE_MS,
		.verb = VERB_NOTE,
		.operator= "clerk",
	};
	struct buf packed = { 0 };

	assert_int_equal(code_set(&event.unit, "4207"), 0);
	particulars_clear(&event.what);
	event.what.text = "unheard";
	assert_int_equal(wire_event_pack(&packed, &event), 0);
	hash_of(&key.hash, bytes_of(packed.data, packed.len));
	assert_int_equal(stranded_put(world_txn(world), &key,
			     bytes_of(packed.data, packed.len)),
	    0);
	buf_free(&packed);
	return key;
}

static void knows_what_is_stranded(void **state)
{
	struct world *world = *state;
	struct id id = id_of_number(APPEAL);
	struct bytes bytes;
	struct hash first;

	assert_int_equal(events_get(&bytes, world_txn(world), &id, 1), 0);
	hash_of(&first, bytes);
	struct stranded_key key = strand_one(world, first);
	world_audit(world);
	assert_int_equal(world->count, 0);
	/* under another hash it is not that event */
	struct stranded_key other = key;
	assert_int_equal(stranded_get(&bytes, world_txn(world), &key), 0);
	struct buf copy = { 0 };
	assert_int_equal(buf_add(&copy, bytes.data, bytes.len), 0);
	other.hash.b[0] ^= 1;
	stranded_put(world_txn(world), &other, bytes_of(copy.data, copy.len));
	buf_free(&copy);
	world_finds(world, AUDIT_BAD_EVENT);
}

static void finds_what_is_stranded_on_nothing(void **state)
{
	struct world *world = *state;

	strand_one(world, (struct hash){ { 9 } });
	world_finds_only(world, AUDIT_STRANDED);
}

static void finds_what_is_stranded_and_in_the_log(void **state)
{
	struct world *world = *state;
	struct stranded_key key = { id_of_number(APPEAL), 2, { { 0 } } };
	struct bytes bytes;
	struct buf copy = { 0 };

	assert_int_equal(
	    events_get(&bytes, world_txn(world), &key.ticket, 2), 0);
	assert_int_equal(buf_add(&copy, bytes.data, bytes.len), 0);
	hash_of(&key.hash, bytes_of(copy.data, copy.len));
	stranded_put(world_txn(world), &key, bytes_of(copy.data, copy.len));
	buf_free(&copy);
	world_finds_only(world, AUDIT_STRANDED);
}

static void finds_a_store_that_does_not_say_whose_it_is(void **state)
{
	struct world *world = *state;

	kv_del(world_txn(world), KV_META, text_bytes("node"));
	meta_put(world_txn(world), "id", text_bytes("short"));
	world_finds(world, AUDIT_META);
	assert_int_equal(world->count, 2);
}

static void finds_a_request_of_another_shape(void **state)
{
	struct world *world = *state;
	struct id id = id_of_number(5);

	kv_put(world_txn(world), KV_REQUESTS, id_bytes(&id), text_bytes("?"));
	world_finds_only(world, AUDIT_SHAPE);
}

/* With a checksum that is right: in a backup that somebody has made up. */
static void finds_a_code_without_an_end(void **state)
{
	struct world *world = *state;
	struct silence_record silence = { .asked_ms = 1 };
	struct overdue_record overdue = { .due_ms = 1 };
	struct id id = id_of_number(APPEAL);

	memset(silence.holder.s, '4', sizeof(silence.holder.s));
	memset(overdue.holder.s, '4', sizeof(overdue.holder.s));
	silences_put(world_txn(world), &id, &silence);
	overdue_put(world_txn(world), &id, &overdue);
	world_finds(world, AUDIT_SHAPE);
	assert_int_equal(world->count, 2);
	assert_int_equal(
	    silences_get(&silence, world_txn(world), &id), ERR_CORRUPT);
	assert_int_equal(
	    overdue_get(&overdue, world_txn(world), &id), ERR_CORRUPT);
}

/* A name of as many bytes as fit with its end, and of one more. */
static void finds_a_name_without_an_end(void **state)
{
	struct world *world = *state;
	struct upload_record upload = { .until_ms = 1 };
	uint8_t key[UPLOAD_KEY_MAX + 1];
	char name[NAME_MAX_BYTES];
	struct hash hash;

	memset(key, 'n', sizeof(key));
	kv_put(world_txn(world), KV_UPLOADS, bytes_of(key, UPLOAD_KEY_MAX),
	    bytes_of(&upload, sizeof(upload)));
	assert_int_equal(uploads_overdue(&hash, name, world_txn(world), 2), 0);
	assert_int_equal(strlen(name), NAME_MAX_BYTES - 1);
	world_audit(world);
	assert_int_equal(world->count, 0);
	kv_del(world_txn(world), KV_UPLOADS, bytes_of(key, UPLOAD_KEY_MAX));
	kv_put(world_txn(world), KV_UPLOADS, bytes_of(key, sizeof(key)),
	    bytes_of(&upload, sizeof(upload)));
	assert_int_equal(
	    uploads_overdue(&hash, name, world_txn(world), 2), ERR_CORRUPT);
	world_finds(world, AUDIT_SHAPE);
}

static int enough(void *context, const struct audit_finding *finding)
{
	(void)context;
	(void)finding;
	return 7;
}

static void stops_when_it_is_told_to(void **state)
{
	struct world *world = *state;
	struct audit_config config = { .found = enough };

	kv_del(world_txn(world), KV_META, text_bytes("node"));
	assert_int_equal(
	    audit_store(&world->result, world_txn(world), &config), 7);
	assert_int_equal(world->result.damages, 1);
}

#define IN_WORLD(test)                                                         \
	cmocka_unit_test_setup_teardown(test, world_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_WORLD(a_sound_store_has_no_findings),
		IN_WORLD(finds_an_event_that_is_missing),
		IN_WORLD(finds_an_event_that_is_none),
		IN_WORLD(finds_an_event_that_was_changed),
		IN_WORLD(finds_a_last_event_that_was_changed),
		IN_WORLD(finds_a_ticket_that_is_not_its_log),
		IN_WORLD(finds_a_ticket_of_a_shape_that_none_has),
		IN_WORLD(finds_an_event_beyond_its_ticket),
		IN_WORLD(finds_a_ticket_that_an_index_lacks),
		IN_WORLD(finds_an_index_entry_that_is_wrong),
		IN_WORLD(finds_a_number_that_leads_nowhere),
		IN_WORLD(finds_a_timer_that_was_lost),
		IN_WORLD(finds_a_timer_that_is_wrong),
		IN_WORLD(a_timer_of_anothers_ticket_is_no_damage),
		IN_WORLD(finds_a_contact_that_is_another),
		IN_WORLD(a_contact_may_have_been_erased),
		IN_WORLD(finds_a_callout_that_is_gone),
		IN_WORLD(finds_a_callout_that_its_parent_does_not_know),
		IN_WORLD(finds_a_gap_in_the_outbox),
		IN_WORLD(finds_a_row_that_refers_to_nothing),
		IN_WORLD(finds_sums_that_are_not_the_logs),
		IN_WORLD(finds_sums_that_are_missing),
		IN_WORLD(finds_a_list_that_is_not_the_logs),
		IN_WORLD(finds_a_gap_in_the_journal),
		IN_WORLD(knows_what_is_stranded),
		IN_WORLD(finds_what_is_stranded_on_nothing),
		IN_WORLD(finds_what_is_stranded_and_in_the_log),
		IN_WORLD(finds_what_the_journal_has_twice),
		IN_WORLD(finds_a_store_that_does_not_say_whose_it_is),
		IN_WORLD(finds_a_request_of_another_shape),
		IN_WORLD(finds_a_code_without_an_end),
		IN_WORLD(finds_a_name_without_an_end),
		IN_WORLD(stops_when_it_is_told_to),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

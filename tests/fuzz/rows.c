#include "rows.h"

#include <string.h>
#include "store/attached.h"
#include "store/counters.h"
#include "store/damaged.h"
#include "store/events.h"
#include "store/intake.h"
#include "store/kv_walk.h"
#include "store/outbox.h"
#include "store/overdue.h"
#include "store/queue.h"
#include "store/stranded.h"
#include "store/tickets.h"
#include "store/timed.h"
#include "world.h"

enum { VALUE_MAX_BYTES = 2048, LOOKS_MAX = 64 };

static bool rows_are_sound;
#define holds(condition) promise(!rows_are_sound || (condition))

static void *state;

static void remove_world(void)
{
	world_teardown(&state);
}

struct world *rows_world(void)
{
	struct world *world;

	if (!state) {
		promise(world_setup(&state) == 0);
		atexit(remove_world);
		world = state;
		world_audit(world);
		promise(world->count == 0);
		place_commit(world->place);
	}
	return state;
}

static uint8_t next_byte(struct bytes *rest)
{
	uint8_t byte = rest->len > 0 ? rest->data[0] : 0;

	*rest =
	    bytes_of(rest->data + (rest->len > 0), rest->len - (rest->len > 0));
	return byte;
}

static size_t next_number(struct bytes *rest)
{
	size_t high = next_byte(rest);

	return high << 8 | next_byte(rest);
}

static struct bytes next_bytes(struct bytes *rest, size_t len)
{
	struct bytes taken =
	    bytes_of(rest->data, len < rest->len ? len : rest->len);

	*rest = bytes_of(rest->data + taken.len, rest->len - taken.len);
	return taken;
}

/* The row of that number, counted round; false when the table is empty. */
static bool find_row(struct bytes *key, struct bytes *value, struct kv_txn *txn,
    enum kv_table table, unsigned number)
{
	uint64_t count = kv_count(txn, table);
	struct kv_cursor *cursor = NULL;
	int rc;

	if (count == 0)
		return false;
	promise(kv_cursor_open(&cursor, txn, table) == 0);
	*key = bytes_of("", 0);
	rc = kv_move(key, value, cursor, KV_AT_OR_AFTER);
	for (uint64_t i = number % count; rc == 0 && i > 0; i--)
		rc = kv_move(key, value, cursor, KV_NEXT);
	kv_cursor_close(&cursor);
	return rc == 0;
}

static void change_row(
    struct kv_txn *txn, enum kv_table table, struct bytes *rest)
{
	uint8_t key_copy[KV_KEY_MAX], copy[VALUE_MAX_BYTES];
	unsigned number = next_byte(rest);
	size_t at = next_number(rest);
	struct bytes patch = next_bytes(rest, next_byte(rest)), key, value;

	if (!find_row(&key, &value, txn, table, number) ||
	    value.len > sizeof(copy))
		return;
	memcpy(key_copy, key.data, key.len);
	memcpy(copy, value.data, value.len);
	key = bytes_of(key_copy, key.len);
	at = value.len ? at % value.len : 0;
	if (patch.len == 0)
		value.len = at;
	else if (patch.len > value.len - at)
		patch.len = value.len - at;
	memcpy(copy + at, patch.data, patch.len);
	promise(kv_put(txn, table, key, bytes_of(copy, value.len)) == 0);
}

static void put_row(struct kv_txn *txn, enum kv_table table, struct bytes *rest)
{
	size_t key_len = next_number(rest), value_len = next_number(rest);
	struct bytes key = next_bytes(rest, key_len % KV_KEY_MAX);
	struct bytes value = next_bytes(rest, value_len);

	if (key.len > 0)
		kv_put(txn, table, key, value);
}

void rows_change(struct world *world, struct bytes rest)
{
	struct kv_txn *txn = world_txn(world);

	while (rest.len > 0) {
		uint8_t byte = next_byte(&rest);
		enum kv_table table = (byte & 0x7f) % KV_TABLE_COUNT;

		if (byte & 0x80)
			put_row(txn, table, &rest);
		else
			change_row(txn, table, &rest);
	}
}

static int see_ticket(void *context, const struct ticket *ticket)
{
	unsigned *looks = context;

	holds(ticket->callout_count <= TICKET_CALLOUTS_MAX);
	holds(ticket->stay_count <= TICKET_UNITS_MAX);
	return ++*looks >= LOOKS_MAX;
}

static int see_spot(void *context, const struct queue_spot *spot)
{
	unsigned *looks = context;

	(void)spot;
	return ++*looks >= LOOKS_MAX;
}

static int see_sums(void *context, const struct counters_row *row)
{
	unsigned *looks = context;

	holds(row->count <= COUNTERS_WIDTH_MAX && row->key.unit[0]);
	return ++*looks >= LOOKS_MAX;
}

static int see_counted(void *context, const struct counted_row *row)
{
	unsigned *looks = context;

	holds(row->key.unit[0]);
	return ++*looks >= LOOKS_MAX;
}

static int see_overdue(void *context, const struct overdue_record *record)
{
	unsigned *looks = context;

	holds(memchr(record->holder.s, '\0', sizeof(record->holder.s)));
	return ++*looks >= LOOKS_MAX;
}

static void look_at_tickets(struct kv_txn *txn)
{
	struct unit_code street = code(STREET), unit;
	struct tickets_query queries[] = { { .holder = &street },
		{ .state = STATE_OPEN },
		{ .item = "CJ-0301", .place = &street }, { .holder = NULL } };
	struct duplicate duplicates[LOOKS_MAX], after = { 0 };
	unsigned looks = 0;
	struct id zero = { 0 };

	tickets_each(txn, &zero, see_ticket, &looks);
	for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++) {
		looks = 0;
		tickets_walk(txn, &queries[i], see_ticket, &looks);
	}
	tickets_duplicates(duplicates, txn, &after, LOOKS_MAX);
	looks = 0;
	queue_walk(txn, &street, NULL, see_spot, &looks);
	unit = (struct unit_code){ "" };
	for (looks = 0; looks < LOOKS_MAX; looks++)
		if (queue_unit(&unit, txn, &unit, looks > 0))
			break;
}

static void look_at_links(struct kv_txn *txn)
{
	struct link_record link;
	struct outbox_row row;

	if (links_get(&link, txn, "districtd"))
		return;
	holds(memchr(link.peer, '\0', sizeof(link.peer)));
	for (uint64_t seq = 1; seq < LOOKS_MAX; seq++)
		if (outbox_get(&row, txn, &link, seq) == 0)
			holds(row.kind <= OUTBOX_WANT);
}

static void look_at_files(struct kv_txn *txn, const struct hash *hash)
{
	struct uploads_sum sum;
	struct upload_record upload;
	struct file_record file;
	struct hash next = *hash;
	struct id ticket = { 0 };
	char name[NAME_MAX_BYTES] = "";

	attached_get(&file, txn, hash);
	attached_next_ticket(&ticket, txn, hash);
	wanted_next(&next, txn);
	uploads_get(&upload, txn, "clerk", hash);
	uploads_sum(&sum, txn, "clerk");
	if (uploads_overdue(&next, name, txn, INT64_MAX) == 0)
		holds(memchr(name, '\0', sizeof(name)));
}

static void look_at_ticket(struct kv_txn *txn, const struct id *id)
{
	struct silence_record silence;
	struct request_record request;
	struct overdue_record overdue;
	struct bytes bytes;
	uint32_t seq;

	if (silences_get(&silence, txn, id) == 0)
		holds(memchr(silence.holder.s, '\0', sizeof(silence.holder.s)));
	requests_get(&request, txn, id);
	overdue_get(&overdue, txn, id);
	damaged_get(&seq, txn, id);
	contacts_get(&bytes, txn, id);
	events_get(&bytes, txn, id, 1);
	orders_find(txn, id, VERB_REMIND, STREET);
}

static void look_at_rest(struct kv_txn *txn)
{
	struct id id = id_of_number(APPEAL), zero = { 0 };
	struct counters_range range = { "", false, "", "", { NULL, 0 } };
	struct journal_entry entry;
	struct hash hash = { { 7 } };
	unsigned looks = 0;
	int64_t time_ms;
	uint64_t number;
	uint32_t seq;

	look_at_ticket(txn, &id);
	look_at_files(txn, &hash);
	for (enum kv_table table = KV_TIMERS;; table = KV_WATCHES) {
		timed_first(&time_ms, &id, txn, table);
		if (table == KV_WATCHES)
			break;
	}
	overdue_each(txn, see_overdue, &looks);
	looks = 0;
	counters_walk(txn, &range, see_sums, &looks);
	looks = 0;
	counted_walk(txn, &range, see_counted, &looks);
	journal_at(&entry, txn, 1);
	journal_last(&number, txn);
	moments_at(&number, txn, 1);
	moments_last(&time_ms, txn);
	stranded_ticket(&id, txn, &zero);
	id = zero;
	damaged_next(&id, &seq, txn);
	intake_get(&id, txn, GRID, "EZ-1");
}

void rows_look(struct world *world, bool is_sound)
{
	rows_are_sound = is_sound;
	look_at_tickets(world_txn(world));
	look_at_links(world_txn(world));
	look_at_rest(world_txn(world));
}

/*
 * What is numbered without a gap: the rows for each neighbour, and the
 * journal.
 */
#include <inttypes.h>
#include <string.h>
#include "audit/inside.h"
#include "store/events.h"
#include "store/intake.h"
#include "store/outbox.h"
#include "wire/wire.h"

enum { ROW_KEY = 2 + 8 };

static bool has_events(
    struct audit *audit, const struct id *id, uint32_t first, uint32_t last)
{
	struct ticket ticket;
	int rc = tickets_get(&ticket, audit->txn, id);

	/* what was queued before a fence may go further than the log */
	return rc == ERR_CORRUPT || (!rc && first >= 1 && first <= last &&
					last <= audit_top(audit, &ticket));
}

static bool is_load(struct audit *audit, const struct outbox_row *row)
{
	struct wire_order order;
	struct wire_answer answer;

	arena_reset(audit->arena);
	if (row->kind == OUTBOX_ORDER)
		return !wire_order_unpack(&order, audit->arena, row->load);
	return !wire_answer_unpack(&answer, audit->arena, row->load);
}

static bool is_row(struct audit *audit, const struct outbox_row *row)
{
	switch (row->kind) {
	case OUTBOX_EVENTS:
		return has_events(audit, &row->ticket, row->first, row->last);
	case OUTBOX_ORDER:
	case OUTBOX_ANSWER:
		return is_load(audit, row);
	default:
		return !id_is_zero(&row->ticket);
	}
}

static int check_rows(struct audit *audit, const struct link_record *record)
{
	struct outbox_row row;
	int rc = 0;

	for (uint64_t seq = record->acked + 1; !rc && seq < record->next;
	     seq++) {
		int got = outbox_get(&row, audit->txn, record, seq);

		if (got == ERR_CORRUPT || (!got && is_row(audit, &row)))
			continue;
		rc = audit_found(audit, got ? AUDIT_NO_ROW : AUDIT_BAD_ROW,
		    KV_OUTBOX, "%s %" PRIu64, record->peer, seq);
	}
	return rc;
}

static int check_link(struct audit *audit, struct bytes key, struct bytes value)
{
	struct link_record record;

	if (value.len != sizeof(record))
		return audit_found_key(audit, AUDIT_SHAPE, KV_LINKS, key);
	memcpy(&record, value.data, sizeof(record));
	if (strnlen(record.peer, sizeof(record.peer)) != key.len ||
	    memcmp(record.peer, key.data, key.len) || record.number == 0 ||
	    record.number > kv_count(audit->txn, KV_LINKS) || record.next < 1 ||
	    record.acked >= record.next || record.unused > record.acked ||
	    record.next - record.acked > kv_count(audit->txn, KV_OUTBOX) + 1)
		return audit_found_key(audit, AUDIT_LINK, KV_LINKS, key);
	return check_rows(audit, &record);
}

/* Whose row is it? Two links of one number are found here too: a row is
 * then outside the numbers of one of them, or both have the same. */
static bool is_of_a_link(struct audit *audit, unsigned number, uint64_t seq)
{
	struct kv_cursor *cursor = NULL;
	static const uint8_t zero[1];
	struct bytes key = bytes_of(zero, sizeof(zero)), value;
	struct link_record record;
	bool is_found = false;

	if (kv_cursor_open(&cursor, audit->txn, KV_LINKS))
		return false;
	for (int rc = kv_move(&key, &value, cursor, KV_AT_OR_AFTER);
	     !rc && !is_found; rc = kv_move(&key, &value, cursor, KV_NEXT)) {
		if (value.len != sizeof(record))
			continue;
		memcpy(&record, value.data, sizeof(record));
		is_found = record.number == number && seq > record.acked &&
			   seq < record.next;
	}
	kv_cursor_close(&cursor);
	return is_found;
}

static int check_row(struct audit *audit, struct bytes key, struct bytes value)
{
	(void)value;
	if (key.len == ROW_KEY &&
	    is_of_a_link(audit, (unsigned)(key.data[0] << 8 | key.data[1]),
		store_read_be64(key.data + 2)))
		return 0;
	return audit_found_key(audit, AUDIT_STRAY_ROW, KV_OUTBOX, key);
}

static int check_request(
    struct audit *audit, struct bytes key, struct bytes value)
{
	if (key.len == ID_BYTES && value.len == sizeof(struct request_record))
		return 0;
	return audit_found_key(audit, AUDIT_SHAPE, KV_REQUESTS, key);
}

int audit_links(struct audit *audit)
{
	int rc = audit_each(audit, KV_LINKS, check_link);

	if (!rc)
		rc = audit_each(audit, KV_OUTBOX, check_row);
	return rc ? rc : audit_each(audit, KV_REQUESTS, check_request);
}

/* ---- the journal ---- */

/* How many of the entry's events are in the log; the others must be stranded.
 * False when they are neither. */
static bool count_entry(
    uint64_t *count_out, struct audit *audit, const struct journal_entry *entry)
{
	struct ticket ticket;
	uint32_t root;
	int rc = tickets_get(&ticket, audit->txn, &entry->ticket);

	*count_out = 0;
	if (!rc && (entry->first < 1 || entry->first > entry->last))
		return false;
	if (!rc)
		rc = audit_root(
		    &root, audit, &ticket, entry->last, &entry->hash);
	if (!rc && root >= entry->first)
		*count_out = root - entry->first + 1;
	/* which events these were nobody can say any more */
	if (rc && audit->is_partial &&
	    has_events(audit, &entry->ticket, entry->first, entry->last)) {
		*count_out = entry->last - entry->first + 1;
		return true;
	}
	return !rc || rc == ERR_CORRUPT;
}

/* Numbers from 1 on. A number that is damaged has been told already. */
int audit_journal(struct audit *audit)
{
	uint64_t count = audit->result->records[KV_JOURNAL];
	uint64_t events = 0;
	bool is_whole = true;
	int rc = 0;

	for (uint64_t number = 1; !rc && number <= count; number++) {
		struct journal_entry entry = { .number = 0 };
		int got = journal_at(&entry, audit->txn, number);

		is_whole = is_whole && !got && entry.number == number;
		if (got == ERR_CORRUPT)
			continue;
		if (got || entry.number != number)
			return audit_found(audit, AUDIT_JOURNAL, KV_JOURNAL,
			    "%" PRIu64, number);
		uint64_t in_log;
		bool is_sound = count_entry(&in_log, audit, &entry);
		events += in_log;
		if (!is_sound)
			rc = audit_found(audit, AUDIT_BAD_ENTRY, KV_JOURNAL,
			    "%" PRIu64, number);
	}
	if (rc || !is_whole || events == audit->result->records[KV_EVENTS])
		return rc;
	return audit_found(audit, AUDIT_UNJOURNALED, KV_JOURNAL,
	    "%" PRIu64 " of %" PRIu64, events,
	    audit->result->records[KV_EVENTS]);
}

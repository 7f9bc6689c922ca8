/*
 * From a damaged store into a new one: logs event by event, as far as each is
 * sound from its beginning, through the same drafts as any event; then what
 * stands beside the logs, record by record.
 */
#include <stdio.h>
#include <string.h>
#include "engine/inside.h"
#include "engine/salvage.h"
#include "engine/split_inside.h"
#include "store/damaged.h"
#include "store/kv_walk.h"

enum { TURN_RECORDS = 512 };

/* The n-th record of a table, sound or not. Nonzero ends the walk. */
typedef int record_visit(struct salvage *salvage, struct turn *turn,
    struct bytes key, struct bytes value, bool is_sound);

/* What becomes of a damaged record of each table. */
static const enum repair_fate fates[KV_TABLE_COUNT] = {
	[KV_EVENTS] = REPAIR_ASKED,
	[KV_CONTACTS] = REPAIR_ASKED,
	[KV_STRANDED] = REPAIR_ASKED,
	[KV_OUTBOX] = REPAIR_LOST,
	[KV_REQUESTS] = REPAIR_LOST,
	[KV_ORDERS] = REPAIR_LOST,
	[KV_SILENCES] = REPAIR_LOST,
	[KV_UPLOADS] = REPAIR_LOST,
};

static const char *const tables[KV_TABLE_COUNT] = {
#define X(name, text) [KV_##name] = text,
	KV_TABLE_LIST(X)
#undef X
};

static void found(struct salvage *salvage, struct repair_finding *finding)
{
	const struct repair_config *config = salvage->config;

	salvage->sums->found[finding->fate]++;
	if (salvage->list)
		fprintf(salvage->list, "%s %s: %s\n", finding->table,
		    finding->subject, repair_text(finding->fate));
	if (config->found)
		config->found(config->context, finding);
}

static void found_key(
    struct salvage *salvage, enum kv_table table, struct bytes key)
{
	struct repair_finding finding = { fates[table], tables[table], "" };
	size_t len = key.len;
	char id[ID_TEXT];
	struct id ticket;

	if (table == KV_EVENTS && key.len == ID_BYTES + 4) {
		memcpy(ticket.b, key.data, ID_BYTES);
		snprintf(finding.subject, sizeof(finding.subject), "%s#%u",
		    id_format(id, &ticket),
		    store_read_be32(key.data + ID_BYTES));
	} else {
		if (len > (REPAIR_SUBJECT_MAX - 1) / 2)
			len = (REPAIR_SUBJECT_MAX - 1) / 2;
		for (size_t i = 0; i < len; i++)
			snprintf(
			    finding.subject + 2 * i, 3, "%02x", key.data[i]);
	}
	found(salvage, &finding);
}

/* ---- a table, some records a turn ---- */

struct slice {
	struct salvage *salvage;
	struct kv_walk walk;
	record_visit *visit;
	bool is_over;
};

static int take_slice(void *context, struct turn *turn)
{
	struct slice *slice = context;
	struct bytes key, value = bytes_of(NULL, 0);
	int rc = 0;

	for (int i = 0; !rc && i < TURN_RECORDS; i++) {
		int got = kv_walk_step(&key, &value, &slice->walk);
		if (got == ERR_NOMEM)
			return got;
		if (got && got != ERR_CORRUPT) {
			slice->is_over = true;
			return 0;
		}
		rc = slice->visit(slice->salvage, turn, key, value, !got);
	}
	return rc;
}

static int each(
    struct salvage *salvage, enum kv_table table, record_visit *visit)
{
	struct slice slice = { .salvage = salvage, .visit = visit };
	int rc =
	    kv_walk_open(&slice.walk, salvage->old, table, bytes_of(NULL, 0));

	if (rc == ERR_CORRUPT)
		return 0; /* nothing of it can be read */
	while (!rc && !slice.is_over)
		rc = quiet_turn(salvage->engine, take_slice, &slice);
	kv_walk_close(&slice.walk);
	return rc;
}

/* ---- what is damaged, of all tables ---- */

static int list_one(struct salvage *salvage, enum kv_table table)
{
	struct repair_finding rest = { fates[table], tables[table], ".." };
	struct bytes key, value;
	struct kv_walk walk;
	int rc = kv_walk_open(&walk, salvage->old, table, bytes_of(NULL, 0));

	while (!rc || rc == ERR_CORRUPT) {
		rc = kv_walk_step(&key, &value, &walk);
		if (rc == ERR_CORRUPT)
			found_key(salvage, table, key);
	}
	kv_walk_close(&walk);
	if (rc == ERR_INVALID)
		found(salvage, &rest);
	return rc == ERR_NOMEM ? rc : 0;
}

/* ---- logs ---- */

/* Of a part it has the tickets that are its own. */
static int is_wanted(
    bool *is_so_out, const struct salvage *salvage, const struct id *id)
{
	*is_so_out = true;
	return salvage->split ? split_has_ticket(is_so_out, salvage->split, id)
			      : 0;
}

static int draft_of(
    struct draft **draft_out, struct turn *turn, const struct id *id)
{
	int rc = draft_get(draft_out, turn, id);

	return rc == ERR_NOT_FOUND ? draft_new(draft_out, turn, id) : rc;
}

/* Its log is to have `seq` events: they are asked for. */
static int note_missing(struct turn *turn, const struct id *id, uint32_t seq)
{
	uint32_t known = 0;
	int rc = damaged_get(&known, turn->txn, id);

	if (rc && rc != ERR_NOT_FOUND)
		return rc;
	return seq > known ? damaged_put(turn->txn, id, seq) : 0;
}

/* 0, or ERR_INVALID: not what comes next. */
static int append(struct turn *turn, struct draft *draft, struct bytes bytes)
{
	struct event event;
	int rc = wire_event_unpack(&event, NULL, turn->engine->arena, bytes);

	if (!rc && (!id_equal(&event.ticket, &draft->now.id) ||
		       event.seq != draft->now.seq + 1))
		rc = ERR_INVALID;
	if (rc)
		return rc == ERR_TOO_LARGE ? ERR_INVALID : rc;
	return draft_append(turn, draft, &event, bytes, NULL);
}

static int take_event(struct salvage *salvage, struct turn *turn,
    struct bytes key, struct bytes value, bool is_sound)
{
	struct draft *draft;
	struct id id;
	uint32_t seq;
	bool is_so;
	int rc = ERR_INVALID;

	if (key.len != ID_BYTES + 4)
		return 0;
	memcpy(id.b, key.data, ID_BYTES);
	seq = store_read_be32(key.data + ID_BYTES);
	int got = is_wanted(&is_so, salvage, &id);
	if (!got && is_so)
		got = draft_of(&draft, turn, &id);
	if (got || !is_so)
		return got;
	if (is_sound && seq == draft->now.seq + 1)
		rc = append(turn, draft, value);
	if (rc == 0)
		salvage->sums->events++;
	if (rc == ERR_INVALID)
		rc = note_missing(turn, &id, seq);
	return rc;
}

/* A ticket's record says how long its log was. */
static int take_ticket(struct salvage *salvage, struct turn *turn,
    struct bytes key, struct bytes value, bool is_sound)
{
	struct ticket old, new;
	struct id id;
	bool is_so;
	(void)value;

	if (key.len != ID_BYTES)
		return 0;
	memcpy(id.b, key.data, ID_BYTES);
	int rc = is_wanted(&is_so, salvage, &id);
	if (rc || !is_so)
		return rc;
	rc = tickets_get(&new, turn->txn, &id);
	if (rc && rc != ERR_NOT_FOUND)
		return rc;
	salvage->sums->tickets += rc == 0;
	if (is_sound && !tickets_get(&old, salvage->old, &id) &&
	    old.seq > new.seq)
		return note_missing(turn, &id, old.seq);
	/* of a ticket of which nothing can be read there was one event */
	return rc ? note_missing(turn, &id, 1) : 0;
}

/* ---- what stands beside the logs ---- */

static bool is_here(struct turn *turn, struct bytes key)
{
	struct ticket ticket;
	struct id id;

	if (key.len < ID_BYTES)
		return false;
	memcpy(id.b, key.data, ID_BYTES);
	return !tickets_get(&ticket, turn->txn, &id);
}

static int take_contact(struct salvage *salvage, struct turn *turn,
    struct bytes key, struct bytes value, bool is_sound)
{
	struct event opening;
	struct hash hash;
	struct id id;
	(void)salvage;

	if (!is_sound || key.len != ID_BYTES || !is_here(turn, key))
		return 0;
	memcpy(id.b, key.data, ID_BYTES);
	int rc = event_load(&opening, turn, &id, 1);
	hash_of(&hash, value);
	if (rc || !bytes_equal(opening.what.contact_hash,
		      bytes_of(hash.b, sizeof(hash.b))))
		return rc;
	return contacts_put(turn->txn, &id, value);
}

/*
 * What was passed on is passed on again by whoever asks again: its holder
 * knows it, and the order may have been among what is damaged. A part lacks
 * nothing, and waits for the answer.
 */
static int take_request(struct salvage *salvage, struct turn *turn,
    struct bytes key, struct bytes value, bool is_sound)
{
	struct request_record record;

	if (!is_sound || key.len != ID_BYTES || value.len != sizeof(record))
		return 0;
	memcpy(&record, value.data, sizeof(record));
	return record.is_passed && !salvage->split
		   ? 0
		   : kv_put(turn->txn, KV_REQUESTS, key, value);
}

/* Of a ticket that is here. */
static int take_beside(struct turn *turn, enum kv_table table, struct bytes key,
    struct bytes value, bool is_sound)
{
	return is_sound && is_here(turn, key)
		   ? kv_put(turn->txn, table, key, value)
		   : 0;
}

static int take_stranded(struct salvage *salvage, struct turn *turn,
    struct bytes key, struct bytes value, bool is_sound)
{
	(void)salvage;
	return take_beside(turn, KV_STRANDED, key, value, is_sound);
}

static int take_silence(struct salvage *salvage, struct turn *turn,
    struct bytes key, struct bytes value, bool is_sound)
{
	(void)salvage;
	return take_beside(turn, KV_SILENCES, key, value, is_sound);
}

static int take_order(struct salvage *salvage, struct turn *turn,
    struct bytes key, struct bytes value, bool is_sound)
{
	if (salvage->split)
		return take_beside(turn, KV_ORDERS, key, value, is_sound);
	return is_sound ? kv_put(turn->txn, KV_ORDERS, key, value) : 0;
}

static int take_upload(struct salvage *salvage, struct turn *turn,
    struct bytes key, struct bytes value, bool is_sound)
{
	if (is_sound && salvage->split)
		return split_upload(salvage->split, turn, key, value);
	return is_sound ? kv_put(turn->txn, KV_UPLOADS, key, value) : 0;
}

/* The bytes are where they were; those that nothing sound is said of come
 * again. */
static int take_file(struct salvage *salvage, struct turn *turn,
    struct bytes key, struct bytes value, bool is_sound)
{
	struct file_record record;
	struct hash hash;

	if (!is_sound || key.len != HASH_BYTES || value.len != sizeof(record))
		return 0;
	memcpy(hash.b, key.data, HASH_BYTES);
	memcpy(&record, value.data, sizeof(record));
	if (salvage->split)
		return split_file(salvage->split, turn, &hash, &record);
	if (record.state == FILE_HERE)
		return attached_here(turn->txn, &hash, record.size,
		    (enum file_type)record.type, record.until_ms);
	return record.state == FILE_REFUSED ? attached_refuse(turn->txn, &hash)
					    : 0;
}

int salvage_all(struct salvage *salvage)
{
	static const struct {
		enum kv_table table;
		record_visit *visit;
	} passes[] = {
		{ KV_EVENTS, take_event },
		{ KV_TICKETS, take_ticket },
		{ KV_CONTACTS, take_contact },
		{ KV_STRANDED, take_stranded },
		{ KV_REQUESTS, take_request },
		{ KV_ORDERS, take_order },
		{ KV_SILENCES, take_silence },
		{ KV_UPLOADS, take_upload },
		{ KV_FILES, take_file },
	};
	int rc = 0;

	for (int i = 0; !rc && i < KV_TABLE_COUNT; i++)
		rc = list_one(salvage, (enum kv_table)i);
	if (!rc)
		rc = quiet_turn(salvage->engine, salvage_offer, NULL);
	for (size_t i = 0; !rc && i < sizeof(passes) / sizeof(*passes); i++)
		rc = each(salvage, passes[i].table, passes[i].visit);
	return rc || salvage->split
		   ? rc
		   : quiet_turn(salvage->engine, salvage_rows, salvage);
}

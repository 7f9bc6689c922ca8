#include "audit/compare.h"

#include <string.h>
#include "store/events.h"
#include "store/stranded.h"
#include "store/tickets.h"
#include "wire/wire.h"

enum { TRACE_ARENA_BYTES = 4 * DECODE_MAX_BYTES };

struct comparison {
	const struct compare_config *config;
	struct compare_result *result;
	struct kv_txn *store, *copy;
	struct arena *arena;
};

const char *compare_word(enum compare_fault fault)
{
	static const char *const words[] = {
#define X(name, word, text) word,
		COMPARE_FAULTS(X)
#undef X
	};

	return (unsigned)fault < COMPARE_FAULT_COUNT ? words[fault] : "?";
}

const char *compare_text(enum compare_fault fault)
{
	static const char *const texts[] = {
#define X(name, word, text) text,
		COMPARE_FAULTS(X)
#undef X
	};

	return (unsigned)fault < COMPARE_FAULT_COUNT ? texts[fault] : "?";
}

/* ---- one side ---- */

static int read_event(
    struct event *event_out, struct comparison *comparison, struct bytes bytes)
{
	arena_reset(comparison->arena);
	return wire_event_unpack(event_out, NULL, comparison->arena, bytes);
}

/* Does the log stand by itself, as whoever has no copy could tell? */
static int follow(struct compare_side *side, struct comparison *comparison,
    struct kv_txn *txn, const struct id *ticket)
{
	struct ticket so_far = { .id = *ticket }, stored;
	struct event event;
	struct bytes bytes;
	struct hash hash;
	int rc;

	*side = (struct compare_side){ 0 };
	while (!(rc = events_get(&bytes, txn, ticket, side->events + 1))) {
		side->events++;
		if (side->broken_at)
			continue;
		hash_of(&hash, bytes);
		if (read_event(&event, comparison, bytes) ||
		    !id_equal(&event.ticket, ticket) ||
		    ticket_fold(&so_far, &event, &hash))
			side->broken_at = side->events;
	}
	if (rc != ERR_NOT_FOUND && rc != ERR_CORRUPT)
		return rc;
	/* what the ticket counts, and the log does not have, is a hole */
	if (!tickets_get(&stored, txn, ticket) && stored.seq > side->events &&
	    !side->broken_at)
		side->broken_at = side->events + 1;
	return 0;
}

/* ---- two events ---- */

static bool is_same_at(
    const struct comparison *comparison, const struct id *ticket, uint32_t seq)
{
	struct bytes ours, theirs;

	return !events_get(&ours, comparison->store, ticket, seq) &&
	       !events_get(&theirs, comparison->copy, ticket, seq) &&
	       bytes_equal(ours, theirs);
}

/* What an event says, wherever it stands: zero when it cannot be read. */
static struct hash meaning_of(struct comparison *comparison, struct bytes bytes)
{
	struct buf packed = { 0 };
	struct hash meaning = { { 0 } };
	struct event event;

	if (read_event(&event, comparison, bytes))
		return meaning;
	event.seq = event.term = 1;
	event.prev = meaning;
	if (!wire_event_pack(&packed, &event))
		hash_of(&meaning, bytes_of(packed.data, packed.len));
	buf_free(&packed);
	return meaning;
}

/* Does `txn` have after `seq` what `other` has there? */
static bool comes_later(struct comparison *comparison, struct kv_txn *txn,
    struct kv_txn *other, const struct id *ticket, uint32_t seq)
{
	static const struct hash none;
	struct hash wanted, meaning;
	struct bytes bytes;

	if (events_get(&bytes, other, ticket, seq))
		return false;
	wanted = meaning_of(comparison, bytes);
	while (!hash_equal(&wanted, &none) &&
	       !events_get(&bytes, txn, ticket, ++seq)) {
		meaning = meaning_of(comparison, bytes);
		if (hash_equal(&meaning, &wanted))
			return true;
	}
	return false;
}

static enum compare_fault fault_at(
    struct comparison *comparison, const struct id *ticket, uint32_t seq)
{
	struct kv_txn *store = comparison->store, *copy = comparison->copy;
	bool is_ours_later = comes_later(comparison, copy, store, ticket, seq);
	bool is_theirs_later =
	    comes_later(comparison, store, copy, ticket, seq);

	if (is_ours_later && is_theirs_later)
		return COMPARE_REORDERED;
	return is_ours_later	 ? COMPARE_LEFT_OUT
	       : is_theirs_later ? COMPARE_PUT_IN
				 : COMPARE_CHANGED;
}

/* Has one side put aside, for a fence, what the other has in its log? */
static bool is_set_aside(struct kv_txn *log, struct kv_txn *aside,
    const struct id *ticket, uint32_t seq)
{
	struct stranded_key key = { .ticket = *ticket, .seq = seq };
	struct bytes bytes, stranded;

	if (events_get(&bytes, log, ticket, seq))
		return false;
	hash_of(&key.hash, bytes);
	return !stranded_get(&stranded, aside, &key) &&
	       bytes_equal(bytes, stranded);
}

/* ---- a ticket ---- */

static int tell(struct comparison *comparison, struct compare_finding *finding,
    enum compare_fault fault, uint32_t seq)
{
	struct event event;
	struct bytes bytes;

	finding->fault = fault;
	finding->seq = seq;
	if (!events_get(&bytes, comparison->copy, &finding->ticket, seq) &&
	    !read_event(&event, comparison, bytes))
		finding->verb = event.verb;
	comparison->result->findings++;
	return comparison->config->found(comparison->config->context, finding);
}

static int missing(struct comparison *comparison,
    struct compare_finding *finding, const struct ticket *ticket)
{
	const struct compare_config *config = comparison->config;

	if (config->must_have && config->must_have(config->context, ticket))
		return tell(comparison, finding, COMPARE_REMOVED, 1);
	comparison->result->elsewhere++;
	return 0;
}

static int differs(struct comparison *comparison,
    struct compare_finding *finding, uint32_t seq)
{
	const struct id *ticket = &finding->ticket;

	if (is_set_aside(comparison->store, comparison->copy, ticket, seq) ||
	    is_set_aside(comparison->copy, comparison->store, ticket, seq)) {
		comparison->result->fenced++;
		return 0;
	}
	return tell(
	    comparison, finding, fault_at(comparison, ticket, seq), seq);
}

/* The same as far as both go. */
static int agrees(
    struct comparison *comparison, struct compare_finding *finding)
{
	uint32_t ours = finding->store.events, theirs = finding->copy.events;

	if (ours < theirs)
		return tell(comparison, finding, COMPARE_CUT, ours + 1);
	if (finding->store.broken_at)
		return tell(comparison, finding, COMPARE_BROKEN,
		    finding->store.broken_at);
	if (ours > theirs)
		comparison->result->longer++;
	else
		comparison->result->same++;
	return 0;
}

static int compare_one(void *context, const struct ticket *ticket)
{
	struct comparison *comparison = context;
	struct compare_finding finding = { .ticket = ticket->id };
	uint32_t seq = 1;
	int rc =
	    follow(&finding.store, comparison, comparison->store, &ticket->id);

	if (!rc)
		rc = follow(
		    &finding.copy, comparison, comparison->copy, &ticket->id);
	if (rc)
		return rc;
	if (!finding.store.events)
		return missing(comparison, &finding, ticket);
	while (seq <= finding.store.events && seq <= finding.copy.events &&
	       is_same_at(comparison, &ticket->id, seq))
		seq++;
	return seq <= finding.store.events && seq <= finding.copy.events
		   ? differs(comparison, &finding, seq)
		   : agrees(comparison, &finding);
}

int compare_stores(struct compare_result *result, struct kv_txn *store,
    struct kv_txn *copy, const struct compare_config *config)
{
	static const struct id first;
	struct comparison comparison = {
		.config = config, .result = result, .store = store, .copy = copy
	};
	int rc = arena_open(&comparison.arena, TRACE_ARENA_BYTES);

	memset(result, 0, sizeof(*result));
	if (!rc)
		rc = tickets_each(copy, &first, compare_one, &comparison);
	arena_close(&comparison.arena);
	return rc;
}

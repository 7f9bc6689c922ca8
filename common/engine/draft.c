/*
 * Tickets in memory for one turn: loaded once, changed by any number of
 * events, written back once.
 */
#include "engine/inside.h"

#include <string.h>

static struct draft **slot_of(struct turn *turn, const struct id *id)
{
	uint64_t hash =
	    store_read_be64(id->b + 8) * UINT64_C(0x9e3779b97f4a7c15);
	size_t at = (size_t)(hash >> 40) % TURN_SLOTS;

	while (turn->slots[at] && !id_equal(&turn->slots[at]->now.id, id))
		at = (at + 1) % TURN_SLOTS;
	return &turn->slots[at];
}

static int draft_add(
    struct draft **draft_out, struct turn *turn, struct draft **slot)
{
	struct draft *draft;

	if (turn->draft_count == TURN_DRAFTS_MAX)
		return ERR_FULL;
	draft = turn_alloc(turn, sizeof(*draft));
	if (!draft)
		return ERR_NOMEM;
	draft->is_dirty = false;
	draft->wants_triage = false;
	draft->span_count = 0;
	draft->journaled = 0;
	turn->drafts[turn->draft_count++] = draft;
	*slot = draft;
	*draft_out = draft;
	return 0;
}

int draft_get(struct draft **draft_out, struct turn *turn, const struct id *id)
{
	struct draft **slot = slot_of(turn, id);
	struct ticket ticket;

	if (*slot) {
		*draft_out = *slot;
		return (*slot)->now.seq ? 0 : ERR_NOT_FOUND;
	}
	int rc = tickets_get(&ticket, turn->txn, id);
	if (!rc)
		rc = draft_add(draft_out, turn, slot);
	if (!rc) {
		(*draft_out)->before = ticket;
		(*draft_out)->now = ticket;
		(*draft_out)->journaled = ticket.seq;
	}
	return rc;
}

int draft_new(struct draft **draft_out, struct turn *turn, const struct id *id)
{
	struct draft **slot = slot_of(turn, id);

	if (*slot) {
		*draft_out = *slot;
		return 0;
	}
	int rc = draft_add(draft_out, turn, slot);
	if (!rc) {
		memset(&(*draft_out)->before, 0, sizeof(struct ticket));
		memset(&(*draft_out)->now, 0, sizeof(struct ticket));
		(*draft_out)->now.id = *id;
	}
	return rc;
}

int event_load(struct event *event_out, struct turn *turn,
    const struct id *ticket, uint32_t seq)
{
	struct bytes stored, copy;
	int rc = events_get(&stored, turn->txn, ticket, seq);

	if (!rc)
		rc = turn_copy(&copy, turn, stored);
	if (!rc)
		rc = wire_event_unpack(
		    event_out, NULL, turn->engine->arena, copy);
	return rc == ERR_INVALID ? ERR_CORRUPT : rc;
}

static int write_line(struct turn *turn, const struct ticket *before,
    const struct draft *draft, const struct event *event)
{
	char id[ID_TEXT];
	const char *colour = word_name(WORD_COLOUR, event->what.colour);

	return say_line(turn,
	    "ticket=%s seq=%u verb=%s state=%s->%s by=%s holder=%s%s%s%s%s",
	    id_format(id, &draft->now.id), event->seq,
	    word_name(WORD_VERB, event->verb),
	    word_name(WORD_STATE, before->state),
	    word_name(WORD_STATE, draft->now.state), event->unit.s,
	    draft->now.holder.s, event->what.colour ? " colour=" : "",
	    event->what.colour ? colour : "",
	    event->what.deadline ? " deadline=" : "",
	    event->what.deadline
		? word_name(WORD_DEADLINE, event->what.deadline)
		: "");
}

int draft_append(struct turn *turn, struct draft *draft,
    const struct event *event, struct bytes bytes, const struct neighbour *from)
{
	struct ticket before = draft->now;
	struct hash hash;

	hash_of(&hash, bytes);
	int rc = ticket_fold(&draft->now, event, &hash);
	if (rc)
		return rc;
	bool is_custody = !code_equal(&before.holder, &draft->now.holder);
	draft->is_dirty = true;
	if (is_custody) /* what else is said in this turn does not change it */
		draft->wants_triage =
		    (event->verb == VERB_OPEN || event->verb == VERB_FORWARD) &&
		    is_ours(turn->engine, &draft->now.holder);
	turn->events++;
	if (draft->now.state != before.state &&
	    (draft->now.state == STATE_RESOLVED ||
		draft->now.state == STATE_EXCLUDED))
		turn->engine->mind.wants_duplicates = true;
	rc = events_put(turn->txn, &event->ticket, event->seq, bytes);
	if (!rc)
		rc = speaks_note(turn, wire_event_version(event));
	if (!rc && event->verb == VERB_OPEN && event->what.external_id[0])
		rc = intake_put(turn->txn, event->unit.s,
		    event->what.external_id, &event->ticket);
	if (!rc && event->what.attachment_count)
		rc = files_named(turn, event);
	if (!rc)
		rc = erase_applied(turn, event);
	if (!rc && is_custody)
		rc = silences_del(turn->txn, &event->ticket);
	if (!rc)
		rc = tally_event(turn, &before, &draft->now, event);
	if (!rc)
		rc = replicate(turn, draft, is_custody, &before, from);
	if (!rc)
		rc = write_line(turn, &before, draft, event);
	return rc;
}

static bool is_live(const struct ticket *ticket)
{
	return ticket->state >= STATE_OPEN && ticket->state <= STATE_RESOLVED;
}

/* The timer that a ticket in this state of ours has; 0: none. */
static int64_t timer_of(
    const struct engine *engine, const struct ticket *ticket)
{
	if (!ticket->seq || !is_ours(engine, &ticket->holder))
		return 0;
	return ticket_next_alarm(ticket).at_ms;
}

static int flush_timer(struct turn *turn, const struct draft *draft)
{
	int64_t old_ms = timer_of(turn->engine, &draft->before);
	int64_t new_ms = timer_of(turn->engine, &draft->now);
	int rc = 0;

	if (old_ms == new_ms)
		return 0;
	if (old_ms)
		rc = timed_del(turn->txn, KV_TIMERS, old_ms, &draft->now.id);
	if (!rc && new_ms)
		rc = timed_put(turn->txn, KV_TIMERS, new_ms, &draft->now.id);
	return rc;
}

static int put_entry(
    struct turn *turn, const struct draft *draft, uint32_t first, uint32_t last)
{
	struct journal_entry entry = {
		.number = turn->journal + 1,
		.ticket = draft->now.id,
		.first = first,
		.last = last,
		.hash = draft->now.last,
	};
	struct bytes bytes;
	int rc = 0;

	if (last < draft->now.seq) {
		rc = events_get(&bytes, turn->txn, &draft->now.id, last);
		if (!rc)
			hash_of(&entry.hash, bytes);
	}
	if (!rc)
		rc = journal_put(turn->txn, &entry);
	if (!rc)
		turn->journal++;
	return rc;
}

/* A few events an entry, so that one always fits an answer. */
static int flush_journal(struct turn *turn, struct draft *draft)
{
	uint32_t last = draft->now.seq;

	for (uint32_t first = draft->journaled + 1; first <= last;
	     first += DELIVERY_EVENTS_MAX) {
		int rc = put_entry(turn, draft, first,
		    last - first < DELIVERY_EVENTS_MAX
			? last
			: first + DELIVERY_EVENTS_MAX - 1);
		if (rc)
			return rc;
	}
	draft->journaled = last;
	return 0;
}

static int count_held(struct turn *turn, const struct draft *draft)
{
	struct engine *engine = turn->engine;
	int rc = 0;

	if (draft->before.seq && is_live(&draft->before))
		child_count(engine, &draft->before, -1);
	if (is_live(&draft->now))
		child_count(engine, &draft->now, 1);
	if (draft->before.seq && is_live(&draft->before) &&
	    is_ours(engine, &draft->before.holder)) {
		turn->held--;
		rc = dues_count(&engine->dues, &draft->before, -1);
	}
	if (!rc && is_live(&draft->now) &&
	    is_ours(engine, &draft->now.holder)) {
		turn->held++;
		rc = dues_count(&engine->dues, &draft->now, 1);
	}
	return rc;
}

static int flush_one(struct turn *turn, struct draft *draft)
{
	int rc = tickets_put(turn->txn, &draft->before, &draft->now);

	/* only now is it on their list, and its master may have ended */
	if (draft->now.state == STATE_MERGED &&
	    (draft->before.seq == 0 || draft->before.state != STATE_MERGED))
		turn->engine->mind.wants_duplicates = true;
	if (!rc)
		rc = flush_timer(turn, draft);
	if (!rc)
		rc = child_flush(turn, draft);
	if (!rc)
		rc = flush_journal(turn, draft);
	if (!rc)
		rc = replicate_flush(turn, draft);
	if (!rc)
		rc = count_held(turn, draft);
	if (!rc) {
		draft->before = draft->now;
		draft->is_dirty = false;
	}
	return rc;
}

int drafts_flush(struct turn *turn)
{
	for (size_t i = 0; i < turn->draft_count; i++) {
		if (!turn->drafts[i]->is_dirty)
			continue;
		int rc = flush_one(turn, turn->drafts[i]);
		if (rc)
			return rc;
	}
	int rc = tally_flush(turn);
	return rc ? rc : late_flush(turn);
}

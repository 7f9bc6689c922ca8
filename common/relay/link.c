#include "relay/link_inside.h"

#include <string.h>

bool link_is_past(int64_t *since_ms, int64_t now_ms, int64_t span_ms)
{
	if (*since_ms > now_ms)
		*since_ms = now_ms;
	return now_ms - *since_ms >= span_ms;
}

static void forget_flight(struct link *link)
{
	link->frame_first = 0;
	link->frame_count = 0;
	link->flight_bytes = 0;
}

/* Send again from the row after the last acknowledged one. */
static void rewind_to_acked(struct link *link, int64_t now_ms)
{
	link->sent = link->acked;
	link->progress_ms = now_ms;
	forget_flight(link);
}

int link_open(struct link *link, struct kv_txn *txn, const char *peer)
{
	memset(link, 0, sizeof(*link));
	int rc = links_make(&link->record, txn, peer);
	link->acked = link->record.acked;
	rewind_to_acked(link, 0);
	return rc;
}

int link_reload(struct link *link, struct kv_txn *txn)
{
	struct link_record record;
	int rc = links_get(&record, txn, link->record.peer);

	if (rc)
		return rc;
	link->record = record;
	link->acked = record.acked;
	link->is_dirty = false;
	link->must_ack = false;
	link->must_say_again = false;
	/* what was learnt in that transaction is to be learnt again */
	link->is_up = false;
	link->is_asking = false;
	rewind_to_acked(link, link->progress_ms);
	return 0;
}

int link_put(
    struct link *link, struct kv_txn *txn, const struct outbox_row *row)
{
	link->is_dirty = true;
	return outbox_put(txn, &link->record, row);
}

/*
 * Say who we are and how far we are. A question begins a session of ours;
 * an answer carries the asker's.
 */
static int emit_hello(struct link *link, const struct link_turn *turn,
    uint64_t session, bool is_answer)
{
	struct wire_frame frame = {
		.session = session,
		.kind = FRAME_HELLO,
		.hello = {
			.node = turn->node,
			.version = turn->versions->newest,
			.oldest = turn->versions->oldest,
			.speaks = turn->speaks,
			.store = turn->store->id,
			.last_store = link->record.peer_store,
			.last_received = link->record.received,
			.proof = link->record.proof,
			.recovering = turn->is_recovering,
			.answer = is_answer,
			.lost = !is_answer && !link->peer_session,
		},
	};

	link->said_ms = turn->now_ms;
	return turn->ops->emit(turn->ops->context, link, &frame);
}

int link_ask(struct link *link, const struct link_turn *turn)
{
	if (!link_is_past(&link->hello_ms, turn->now_ms, LINK_HELLO_MS))
		return 0;
	link->hello_ms = turn->now_ms;
	link->is_up = false;
	link->is_asking = true;
	turn->entropy->fill(turn->entropy->context, (uint8_t *)&link->session,
	    sizeof(link->session));
	link->session |= 1; /* none is 0 */
	return emit_hello(link, turn, link->session, false);
}

/* Up to which row the neighbour is, if it has all up to `seq`: it cannot
 * know of numbers that have no row. */
static uint64_t place_of(const struct link *link, uint64_t seq)
{
	const struct link_record *record = &link->record;

	return seq + record->unused == record->acked ? record->acked : seq;
}

/* The neighbour has the rows up to `seq`: room in the window. */
static void acked(struct link *link, int64_t now_ms, uint64_t seq)
{
	if (seq <= link->acked || seq >= link->record.next)
		return;
	link->acked = seq;
	link->progress_ms = now_ms;
	if (link->sent < seq)
		link->sent = seq;
	while (link->frame_count > 0 &&
	       link->frames[link->frame_first].last <= seq) {
		link->flight_bytes -= link->frames[link->frame_first].bytes;
		link->frame_first = (link->frame_first + 1) % LINK_FRAMES_MAX;
		link->frame_count--;
	}
}

/* Orders, answers and what is wanted are in no log: they keep their place in
 * the queue. Events are offered anew, and then it is said that all are. */
static int queue_again(
    struct link_record *new, struct kv_txn *txn, struct link_record *old)
{
	struct outbox_row row;
	struct buf load = { 0 };
	int rc = 0;

	for (uint64_t seq = old->acked + 1; !rc && seq < old->next; seq++) {
		rc = outbox_get(&row, txn, old, seq);
		if (rc)
			break;
		bool is_kept =
		    row.kind != OUTBOX_EVENTS && row.kind != OUTBOX_DONE;
		buf_clear(&load);
		rc = buf_add(&load, row.load.data, row.load.len);
		if (!rc)
			rc = outbox_acked(txn, old, seq);
		row.load = bytes_of(load.data, load.len);
		if (!rc && is_kept)
			rc = outbox_put(txn, new, &row);
	}
	buf_free(&load);
	return rc;
}

/*
 * The neighbour's store is not the one that we counted with: another one, or
 * an old copy. What it has of ours it says itself; events that it may miss
 * are offered to it all, under numbers that were never given before: a proof
 * of one that went to the other store must not be one of these.
 */
static int meet(
    struct link *link, const struct link_turn *turn, uint64_t has_of_ours)
{
	struct link_record old = link->record;
	struct link_record new = old;
	int rc;

	new.acked = old.next - 1;
	new.unused = new.acked - has_of_ours;
	new.is_met = 1;
	rc = outbox_acked(turn->txn, &old, has_of_ours);
	if (!rc)
		rc = queue_again(&new, turn->txn, &old);
	if (rc)
		return rc;
	link->record = new;
	link->acked = new.acked;
	link->is_dirty = true;
	return turn->ops->met(turn->ops->context, link);
}

/* Another store than we knew: its numbers start again, and we have yet to
 * hear what it has of ours. */
static void know_store(struct link *link, const struct id *store)
{
	if (id_equal(store, &link->record.peer_store))
		return;
	link->record.received = 0;
	memset(&link->record.proof, 0, sizeof(struct proof));
	link->record.peer_store = *store;
	link->record.is_met = 0;
	link->is_dirty = true;
	link->is_up = false;
	link->peer_session = 0;
}

/* The neighbour begins a session of what it sends. */
static int heard_question(struct link *link, const struct link_turn *turn,
    const struct wire_frame *frame)
{
	int rc;

	know_store(link, &frame->hello.store);
	link->peer_session = frame->session;
	rc = emit_hello(link, turn, frame->session, true);
	if (!rc && (frame->hello.lost || !link->is_up))
		rc = link_ask(link, turn);
	return rc;
}

/*
 * The answer to our question: go on behind what it has, unless one of the
 * two stores is not what the other remembers. Its store is the one that it
 * has now: the answer is younger than any question of its that we may have
 * heard before.
 */
static int heard_answer(struct link *link, const struct link_turn *turn,
    const struct wire_frame *frame)
{
	bool knows_us = id_equal(&frame->hello.last_store, &turn->store->id);
	uint64_t has = knows_us ? frame->hello.last_received : 0;
	uint64_t place = place_of(link, has);
	bool is_ahead = has >= link->record.next;
	int rc = 0;

	if (!link->is_asking || frame->session != link->session)
		return 0;
	/* without a proof whoever says so could make us start over */
	if (is_ahead && !link_is_proved(link, turn, &frame->hello.proof, has))
		return ERR_ACCESS;
	link->is_asking = false;
	know_store(link, &frame->hello.store);
	if (is_ahead)
		return turn->ops->we_are_old(turn->ops->context, link);
	if (!link->record.is_met || place < link->record.acked) {
		rc = meet(link, turn, has);
		place = link->record.acked;
	}
	if (rc)
		return rc;
	/* it may have less than it said once, if its store is older */
	link->acked = place;
	rewind_to_acked(link, turn->now_ms);
	link->is_up = true;
	return 0;
}

static void hush(struct link *link)
{
	link->is_up = false;
	link->is_asking = false;
	link->peer_session = 0;
	link->must_ack = false;
	link->must_say_again = false;
}

void link_renew(struct link *link)
{
	hush(link);
	link->hello_ms = 0;
}

/*
 * Two that cannot speak to each other go on asking: one of them will be
 * another program one day, or have read that the city writes otherwise now.
 * What waits for it waits: an event that the other side cannot read yet, or
 * should not have to, never gets there.
 */
static bool agree(struct link *link, const struct link_turn *turn,
    const struct wire_frame *frame)
{
	link->peer_oldest = frame->hello.oldest;
	link->peer_newest = frame->hello.version;
	link->peer_speaks = frame->hello.speaks;
	link->version = wire_version_of(
	    turn->versions, link->peer_oldest, link->peer_newest);
	if (link->version && link->peer_speaks == turn->speaks)
		return true;
	hush(link);
	return false;
}

static int heard_hello(struct link *link, const struct link_turn *turn,
    const struct wire_frame *frame)
{
	if (strcmp(frame->hello.node, link->record.peer))
		return ERR_INVALID;
	if (!agree(link, turn, frame))
		return ERR_VERSION;
	if (frame->hello.answer)
		return heard_answer(link, turn, frame);
	return heard_question(link, turn, frame);
}

static int heard_data(struct link *link, const struct link_turn *turn,
    const struct wire_frame *frame)
{
	uint64_t seq = frame->data.first;

	link->must_ack = true;
	if (seq - frame->data.unused > link->record.received + 1) {
		link->must_say_again = true;
		return 0;
	}
	for (size_t i = 0; i < frame->data.row_count; i++, seq++) {
		if (seq <= link->record.received)
			continue;
		int rc = turn->ops->arrived(
		    turn->ops->context, link, &frame->data.rows[i]);
		if (rc)
			return rc == ERR_BUSY ? 0 : rc;
		link->record.received = seq;
		link->record.proof = frame->data.proofs[i];
		link->is_dirty = true;
	}
	return 0;
}

static int heard_ack(struct link *link, const struct link_turn *turn,
    const struct wire_frame *frame)
{
	uint64_t place = place_of(link, frame->ack.seq);

	if (!link->is_up || frame->session != link->session)
		return 0;
	acked(link, turn->now_ms, place);
	if (frame->ack.again && place == link->acked)
		rewind_to_acked(link, turn->now_ms);
	return 0;
}

/* Rows and pings of a session that we do not know: we have started anew.
 * There is nothing to acknowledge until it has asked again. */
static int heard_lost(struct link *link, const struct link_turn *turn)
{
	link->peer_session = 0;
	link->must_ack = false;
	link->must_say_again = false;
	return link_ask(link, turn);
}

int link_heard(struct link *link, const struct link_turn *turn,
    const struct wire_frame *frame)
{
	bool is_ours =
	    frame->session == link->peer_session && link->peer_session != 0;
	int rc = 0;

	switch (frame->kind) {
	case FRAME_HELLO:
		rc = heard_hello(link, turn, frame);
		break;
	case FRAME_DATA:
		rc = is_ours ? heard_data(link, turn, frame)
			     : heard_lost(link, turn);
		break;
	case FRAME_ACK:
		rc = heard_ack(link, turn, frame);
		break;
	case FRAME_PING:
		rc = is_ours ? 0 : heard_lost(link, turn);
		break;
	case FRAME_NEWS:
		rc = is_ours ? turn->ops->news(turn->ops->context, link, frame)
			     : heard_lost(link, turn);
		break;
	case FRAME_WANT_CHUNK:
	case FRAME_CHUNK:
		if (!is_ours)
			rc = heard_lost(link, turn);
		else if (turn->ops->file)
			rc = turn->ops->file(turn->ops->context, link, frame);
		break;
	}
	if (!rc)
		link->heard_ms = turn->now_ms;
	return rc;
}

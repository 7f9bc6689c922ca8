#include "relay/link.h"

#include <string.h>

/* A clock that was set back must not stop a link for that long. */
static bool is_past(int64_t *since_ms, int64_t now_ms, int64_t span_ms)
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
			.version = WIRE_VERSION,
			.store = turn->store->id,
			.last_store = link->record.peer_store,
			.last_received = link->record.received,
			.recovering = turn->is_recovering,
			.answer = is_answer,
			.lost = !is_answer && !link->peer_session,
		},
	};

	link->said_ms = turn->now_ms;
	return turn->ops->emit(turn->ops->context, link, &frame);
}

/* Not more than once a second, whatever makes us ask. */
static int ask(struct link *link, const struct link_turn *turn)
{
	if (!is_past(&link->hello_ms, turn->now_ms, LINK_HELLO_MS))
		return 0;
	link->hello_ms = turn->now_ms;
	link->is_up = false;
	turn->entropy->fill(turn->entropy->context, (uint8_t *)&link->session,
	    sizeof(link->session));
	return emit_hello(link, turn, link->session, false);
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

/* Delete what is acknowledged, with a commit that happens anyway. */
static int trim(struct link *link, const struct link_turn *turn)
{
	if (link->acked == link->record.acked)
		return 0;
	if (!kv_is_dirty(turn->txn) &&
	    !is_past(&link->trimmed_ms, turn->now_ms, LINK_TRIM_MS))
		return 0;
	link->trimmed_ms = turn->now_ms;
	link->is_dirty = true;
	return outbox_acked(turn->txn, &link->record, link->acked);
}

/* Orders and answers are in no log: they keep their place in the queue. */
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
		    row.kind == OUTBOX_ORDER || row.kind == OUTBOX_ANSWER;
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
 * are offered to it all.
 */
static int meet(
    struct link *link, const struct link_turn *turn, uint64_t has_of_ours)
{
	struct link_record old = link->record;
	struct link_record new = old;
	int rc;

	new.next = has_of_ours + 1;
	new.acked = has_of_ours;
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

/* The neighbour begins a session of what it sends. */
static int heard_question(struct link *link, const struct link_turn *turn,
    const struct wire_frame *frame)
{
	int rc;

	if (!id_equal(&frame->hello.store, &link->record.peer_store)) {
		/* its numbers start again; our side follows its answer */
		link->record.received = 0;
		link->record.peer_store = frame->hello.store;
		link->record.is_met = 0;
		link->is_dirty = true;
		link->is_up = false;
	}
	link->peer_session = frame->session;
	rc = emit_hello(link, turn, frame->session, true);
	if (!rc && (frame->hello.lost || !link->is_up))
		rc = ask(link, turn);
	return rc;
}

/*
 * The answer to our question: go on behind what it has, unless one of the
 * two stores is not what the other remembers.
 */
static int heard_answer(struct link *link, const struct link_turn *turn,
    const struct wire_frame *frame)
{
	bool knows_us = id_equal(&frame->hello.last_store, &turn->store->id);
	uint64_t has = knows_us ? frame->hello.last_received : 0;
	int rc = 0;

	if (frame->session != link->session)
		return 0;
	if (!id_equal(&frame->hello.store, &link->record.peer_store))
		return 0; /* its own question will tell us */
	if (has >= link->record.next)
		return turn->ops->we_are_old(turn->ops->context, link);
	if (!link->record.is_met || has < link->record.acked)
		rc = meet(link, turn, has);
	else
		acked(link, turn->now_ms, has);
	if (rc)
		return rc;
	rewind_to_acked(link, turn->now_ms);
	link->is_up = true;
	return 0;
}

static int heard_hello(struct link *link, const struct link_turn *turn,
    const struct wire_frame *frame)
{
	if (strcmp(frame->hello.node, link->record.peer))
		return ERR_INVALID;
	link->is_broken = frame->hello.version != WIRE_VERSION;
	if (link->is_broken)
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
	if (seq > link->record.received + 1) {
		link->must_say_again = true;
		return 0;
	}
	for (size_t i = 0; i < frame->data.row_count; i++, seq++) {
		if (seq <= link->record.received)
			continue;
		int rc = turn->ops->arrived(
		    turn->ops->context, link, &frame->data.rows[i]);
		if (rc)
			return rc;
		link->record.received = seq;
		link->is_dirty = true;
	}
	return 0;
}

static int heard_ack(struct link *link, const struct link_turn *turn,
    const struct wire_frame *frame)
{
	if (!link->is_up || frame->session != link->session)
		return 0;
	acked(link, turn->now_ms, frame->ack.seq);
	if (frame->ack.again && frame->ack.seq == link->acked)
		rewind_to_acked(link, turn->now_ms);
	return 0;
}

/* Rows and pings of a session that we do not know: we have started anew. */
static int heard_lost(struct link *link, const struct link_turn *turn)
{
	link->peer_session = 0;
	return ask(link, turn);
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
	}
	if (!rc)
		link->heard_ms = turn->now_ms;
	return rc;
}

static size_t row_bytes(const struct wire_row *row)
{
	size_t bytes = 32 + row->load.len + row->contact.len;

	for (size_t i = 0; i < row->event_count; i++)
		bytes += row->events[i].len + 8;
	return bytes;
}

/* Fill one DATA frame from the row after `sent`. 0 rows: nothing to send. */
static int fill(size_t *count_out, size_t *bytes_out,
    struct wire_row rows[LINK_FRAME_ROWS], struct link *link,
    const struct link_turn *turn)
{
	size_t count = 0, bytes = 0;
	struct outbox_row row;

	while (count < LINK_FRAME_ROWS && bytes < LINK_FRAME_BYTES &&
	       link->sent + count + 1 < link->record.next) {
		int rc = outbox_get(
		    &row, turn->txn, &link->record, link->sent + count + 1);
		if (!rc)
			rc = turn->ops->load(
			    turn->ops->context, &rows[count], &row);
		if (rc)
			return rc;
		bytes += row_bytes(&rows[count]);
		count++;
	}
	*count_out = count;
	*bytes_out = bytes;
	return 0;
}

static bool has_window(const struct link *link)
{
	return link->is_up && link->frame_count < LINK_FRAMES_MAX &&
	       link->flight_bytes < LINK_WINDOW_BYTES &&
	       link->sent - link->acked < LINK_WINDOW_ROWS &&
	       link->sent + 1 < link->record.next;
}

static int pump_rows(struct link *link, const struct link_turn *turn)
{
	struct wire_row rows[LINK_FRAME_ROWS];
	size_t count, bytes;

	while (has_window(link)) {
		struct wire_frame frame = {
			.session = link->session,
			.kind = FRAME_DATA,
			.data = { .first = link->sent + 1, .rows = rows },
		};
		int rc = fill(&count, &bytes, rows, link, turn);
		frame.data.row_count = count;
		if (!rc)
			rc = turn->ops->emit(turn->ops->context, link, &frame);
		if (rc)
			return rc;
		if (link->sent == link->acked)
			link->progress_ms = turn->now_ms;
		link->sent += count;
		unsigned at =
		    (link->frame_first + link->frame_count++) % LINK_FRAMES_MAX;
		link->frames[at].last = link->sent;
		link->frames[at].bytes = bytes;
		link->flight_bytes += bytes;
		link->said_ms = turn->now_ms;
	}
	return 0;
}

static int emit_ack(struct link *link, const struct link_turn *turn)
{
	struct wire_frame frame = {
		.session = link->peer_session,
		.kind = FRAME_ACK,
		.ack = {
			.seq = link->record.received,
			.again = link->must_say_again,
		},
	};

	link->must_ack = false;
	link->must_say_again = false;
	link->said_ms = turn->now_ms;
	return turn->ops->emit(turn->ops->context, link, &frame);
}

static int emit_ping(struct link *link, const struct link_turn *turn)
{
	struct wire_frame frame = {
		.session = link->session,
		.kind = FRAME_PING,
		.ping_ms = turn->now_ms,
	};

	link->said_ms = turn->now_ms;
	return turn->ops->emit(turn->ops->context, link, &frame);
}

static int pump_by_time(struct link *link, const struct link_turn *turn)
{
	int64_t now_ms = turn->now_ms;

	if (is_past(&link->heard_ms, now_ms, LINK_SILENT_MS))
		link->is_up = false;
	if (!link->is_up)
		return ask(link, turn);
	if (link->sent > link->acked &&
	    is_past(&link->progress_ms, now_ms, LINK_RESEND_MS)) {
		link->progress_ms = now_ms;
		return ask(link, turn);
	}
	if (is_past(&link->said_ms, now_ms, LINK_PING_MS))
		return emit_ping(link, turn);
	return 0;
}

int link_save(struct link *link, struct kv_txn *txn)
{
	if (!link->is_dirty)
		return 0;
	link->is_dirty = false;
	return links_put(txn, &link->record);
}

int link_pump(struct link *link, const struct link_turn *turn)
{
	int rc = pump_by_time(link, turn);

	if (!rc)
		rc = pump_rows(link, turn);
	if (!rc && link->must_ack)
		rc = emit_ack(link, turn);
	if (!rc)
		rc = trim(link, turn);
	return rc ? rc : link_save(link, turn->txn);
}

int64_t link_due_ms(const struct link *link, int64_t now_ms)
{
	int64_t due = link->is_up ? link->said_ms + LINK_PING_MS
				  : link->hello_ms + LINK_HELLO_MS;

	if (due < now_ms)
		return 0;
	return due - now_ms < LINK_HELLO_MS ? due - now_ms : LINK_HELLO_MS;
}

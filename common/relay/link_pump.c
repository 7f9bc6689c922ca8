/* What a link sends: rows within the window, then what is due by time. */
#include "relay/link_inside.h"

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

/* The next rows in one frame: how many, and how large. */
static int emit_rows(size_t *count_out, size_t *bytes_out, struct link *link,
    const struct link_turn *turn)
{
	struct wire_row rows[LINK_FRAME_ROWS];
	struct proof proofs[LINK_FRAME_ROWS];
	struct wire_frame frame = {
		.session = link->session,
		.kind = FRAME_DATA,
		.data = { .first = link->sent + 1,
		    .rows = rows,
		    .proofs = proofs },
	};
	int rc = fill(count_out, bytes_out, rows, link, turn);

	if (rc)
		return rc;
	if (link->sent == link->record.acked)
		frame.data.unused = link->record.unused;
	frame.data.row_count = *count_out;
	for (size_t i = 0; i < *count_out; i++)
		link_prove(&proofs[i], link, turn, link->sent + 1 + i);
	return turn->ops->emit(turn->ops->context, link, &frame);
}

static int pump_rows(struct link *link, const struct link_turn *turn)
{
	size_t count, bytes;

	while (has_window(link)) {
		int rc = emit_rows(&count, &bytes, link, turn);

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

	if (link_is_past(&link->heard_ms, now_ms, LINK_SILENT_MS))
		link->is_up = false;
	if (!link->is_up)
		return link_ask(link, turn);
	if (link->sent > link->acked &&
	    link_is_past(&link->progress_ms, now_ms, LINK_RESEND_MS)) {
		link->progress_ms = now_ms;
		return link_ask(link, turn);
	}
	if (link_is_past(&link->said_ms, now_ms, LINK_PING_MS))
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

/* Delete what is acknowledged, with a commit that happens anyway. */
static int trim(struct link *link, const struct link_turn *turn)
{
	if (link->acked == link->record.acked)
		return 0;
	if (!kv_is_dirty(turn->txn) &&
	    !link_is_past(&link->trimmed_ms, turn->now_ms, LINK_TRIM_MS))
		return 0;
	link->trimmed_ms = turn->now_ms;
	link->is_dirty = true;
	return outbox_acked(turn->txn, &link->record, link->acked);
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

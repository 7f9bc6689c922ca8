#include "wire/data.h"

#include "base/err.h"
#include "base/limits.h"
#include "wire/field.h"
#include "wire/varint.h"

/* link.proto's numbers */
enum {
	KEY_FRAME_SESSION = KEY_NUMBER(1),
	KEY_FRAME_DATA = KEY_BYTES(3),
	KEY_DATA_FIRST = KEY_NUMBER(1),
	KEY_DATA_ROW = KEY_BYTES(2),
	KEY_DATA_PROOFS = KEY_BYTES(3),
	KEY_DATA_UNUSED = KEY_NUMBER(4),
	KEY_ROW_DELIVERY = KEY_BYTES(1),
	KEY_ROW_ORDER = KEY_BYTES(2),
	KEY_ROW_ANSWER = KEY_BYTES(3),
	KEY_ROW_DONE = KEY_BYTES(4),
	KEY_ROW_SKIP = KEY_NUMBER(5),
	KEY_ROW_WANT = KEY_BYTES(6),
	KEY_DELIVERY_EVENT = KEY_BYTES(1),
	KEY_DELIVERY_CONTACT = KEY_BYTES(2),
};

/* ---- both ways: what a row must be ---- */

static bool run_fits(struct bytes run, size_t max)
{
	return run.len > 0 && run.len <= max;
}

static bool delivery_is_valid(const struct wire_row *row)
{
	if (row->event_count == 0 || row->event_count > TICKET_EVENTS_MAX)
		return false;
	for (size_t i = 0; i < row->event_count; i++) {
		if (!run_fits(row->events[i], EVENT_MAX_BYTES))
			return false;
	}
	return row->contact.len <= SEALED_CONTACT_MAX;
}

static bool row_is_valid(const struct wire_row *row)
{
	switch (row->kind) {
	case ROW_DELIVERY:
		return delivery_is_valid(row);
	case ROW_ORDER:
	case ROW_ANSWER:
		return run_fits(row->load, EVENT_MAX_BYTES);
	case ROW_DONE:
	case ROW_WANT:
		return !id_is_zero(&row->id);
	case ROW_SKIP:
		return true;
	}
	return false;
}

static bool data_is_valid(const struct wire_frame *frame)
{
	uint64_t first = frame->data.first;

	if (first == 0 || first > UINT64_MAX - LINK_FRAME_ROWS)
		return false;
	if (frame->data.unused >= first || !frame->data.proofs)
		return false;
	if (frame->data.row_count == 0 ||
	    frame->data.row_count > LINK_FRAME_ROWS)
		return false;
	for (size_t i = 0; i < frame->data.row_count; i++) {
		if (!row_is_valid(&frame->data.rows[i]))
			return false;
	}
	return true;
}

/* ---- out ---- */

static size_t delivery_size(const struct wire_row *row)
{
	size_t size = 0;

	for (size_t i = 0; i < row->event_count; i++)
		size += run_size(row->events[i].len);
	if (row->contact.len > 0)
		size += run_size(row->contact.len);
	return size;
}

static size_t row_size(const struct wire_row *row)
{
	switch (row->kind) {
	case ROW_DELIVERY:
		return run_size(delivery_size(row));
	case ROW_ORDER:
	case ROW_ANSWER:
		return run_size(row->load.len);
	case ROW_DONE:
	case ROW_WANT:
		return run_size(ID_BYTES);
	case ROW_SKIP:
		break;
	}
	return 2;
}

static uint8_t *delivery_put(uint8_t *at, const struct wire_row *row)
{
	at = number_put(at, KEY_ROW_DELIVERY, delivery_size(row));
	for (size_t i = 0; i < row->event_count; i++)
		at = run_put(at, KEY_DELIVERY_EVENT, row->events[i]);
	if (row->contact.len > 0)
		at = run_put(at, KEY_DELIVERY_CONTACT, row->contact);
	return at;
}

static uint8_t *row_put(uint8_t *at, const struct wire_row *row)
{
	struct bytes id = bytes_of(row->id.b, ID_BYTES);

	at = number_put(at, KEY_DATA_ROW, row_size(row));
	switch (row->kind) {
	case ROW_DELIVERY:
		return delivery_put(at, row);
	case ROW_ORDER:
		return run_put(at, KEY_ROW_ORDER, row->load);
	case ROW_ANSWER:
		return run_put(at, KEY_ROW_ANSWER, row->load);
	case ROW_DONE:
		return run_put(at, KEY_ROW_DONE, id);
	case ROW_WANT:
		return run_put(at, KEY_ROW_WANT, id);
	case ROW_SKIP:
		break;
	}
	return number_put(at, KEY_ROW_SKIP, 1);
}

static size_t data_size(const struct wire_frame *frame)
{
	size_t size = 1 + varint_size(frame->data.first);

	for (size_t i = 0; i < frame->data.row_count; i++)
		size += run_size(row_size(&frame->data.rows[i]));
	size += run_size(frame->data.row_count * PROOF_BYTES);
	if (frame->data.unused > 0)
		size += 1 + varint_size(frame->data.unused);
	return size;
}

static struct bytes proofs_of(const struct wire_frame *frame)
{
	return bytes_of(
	    frame->data.proofs->b, frame->data.row_count * PROOF_BYTES);
}

int data_pack(struct buf *out, const struct wire_frame *frame)
{
	size_t data_len, len;
	uint8_t *at;
	int rc;

	if (!data_is_valid(frame))
		return ERR_INVALID;
	data_len = data_size(frame);
	len = 1 + varint_size(frame->session) + run_size(data_len);
	if (len > FRAME_MAX_BYTES)
		return ERR_TOO_LARGE;
	rc = buf_grow(&at, out, len);
	if (rc)
		return rc;
	at = number_put(at, KEY_FRAME_SESSION, frame->session);
	at = number_put(at, KEY_FRAME_DATA, data_len);
	at = number_put(at, KEY_DATA_FIRST, frame->data.first);
	for (size_t i = 0; i < frame->data.row_count; i++)
		at = row_put(at, &frame->data.rows[i]);
	at = run_put(at, KEY_DATA_PROOFS, proofs_of(frame));
	if (frame->data.unused > 0)
		number_put(at, KEY_DATA_UNUSED, frame->data.unused);
	return 0;
}

/* ---- in ---- */

bool data_is(struct bytes bytes)
{
	uint64_t session;

	return number_take(&session, &bytes, KEY_FRAME_SESSION) &&
	       key_is(bytes, KEY_FRAME_DATA);
}

static bool delivery_unpack(
    struct wire_row *row, struct bytes *events, struct bytes from)
{
	row->kind = ROW_DELIVERY;
	row->events = events;
	while (key_is(from, KEY_DELIVERY_EVENT)) {
		if (!run_take(
			&events[row->event_count], &from, KEY_DELIVERY_EVENT))
			return false;
		row->event_count++;
	}
	if (key_is(from, KEY_DELIVERY_CONTACT) &&
	    (!run_take(&row->contact, &from, KEY_DELIVERY_CONTACT) ||
		row->contact.len == 0))
		return false;
	return from.len == 0;
}

static bool id_unpack(struct wire_row *row, uint8_t key, struct bytes from)
{
	struct bytes id;

	row->kind = key == KEY_ROW_DONE ? ROW_DONE : ROW_WANT;
	if (!run_take(&id, &from, key) || id.len != ID_BYTES)
		return false;
	memcpy(row->id.b, id.data, ID_BYTES);
	return from.len == 0;
}

static bool skip_unpack(struct wire_row *row, struct bytes from)
{
	uint64_t skip;

	row->kind = ROW_SKIP;
	return number_take(&skip, &from, KEY_ROW_SKIP) && skip == 1 &&
	       from.len == 0;
}

/* `events` has room for as many as `from` can hold. */
static bool row_unpack(
    struct wire_row *row, struct bytes *events, struct bytes from)
{
	uint8_t key = from.len ? from.data[0] : 0;
	struct bytes delivery;

	*row = (struct wire_row){ 0 };
	switch (key) {
	case KEY_ROW_DELIVERY:
		return run_take(&delivery, &from, key) && from.len == 0 &&
		       delivery_unpack(row, events, delivery);
	case KEY_ROW_ORDER:
	case KEY_ROW_ANSWER:
		row->kind = key == KEY_ROW_ORDER ? ROW_ORDER : ROW_ANSWER;
		return run_take(&row->load, &from, key) && from.len == 0;
	case KEY_ROW_DONE:
	case KEY_ROW_WANT:
		return id_unpack(row, key, from);
	case KEY_ROW_SKIP:
		return skip_unpack(row, from);
	}
	return false;
}

/* How many rows are there, and at most how many events in them? */
static bool rows_count(size_t *rows_out, size_t *events_out, struct bytes from)
{
	struct bytes row, delivery, event;

	*rows_out = 0;
	*events_out = 0;
	for (; key_is(from, KEY_DATA_ROW); (*rows_out)++) {
		if (*rows_out == LINK_FRAME_ROWS)
			return false;
		if (!run_take(&row, &from, KEY_DATA_ROW))
			return false;
		if (!run_take(&delivery, &row, KEY_ROW_DELIVERY))
			continue;
		while (run_take(&event, &delivery, KEY_DELIVERY_EVENT))
			(*events_out)++;
	}
	return *rows_out > 0;
}

/* The rows at the beginning of `from`, which is left behind them. */
static int rows_unpack(const struct wire_row **rows_out, size_t *count_out,
    struct arena *arena, struct bytes *from)
{
	struct wire_row *rows;
	struct bytes *events, run;
	size_t row_count, event_count;

	if (!rows_count(&row_count, &event_count, *from))
		return ERR_INVALID;
	rows = arena_alloc(arena, row_count * sizeof(*rows));
	events = arena_alloc(arena, event_count * sizeof(*events));
	if (!rows || !events)
		return ERR_TOO_LARGE;
	for (size_t i = 0; i < row_count; i++) {
		if (!run_take(&run, from, KEY_DATA_ROW) ||
		    !row_unpack(&rows[i], events, run))
			return ERR_INVALID;
		events += rows[i].event_count;
	}
	*rows_out = rows;
	*count_out = row_count;
	return 0;
}

/* What is behind the rows. Proofs are bytes: they may lie anywhere. */
static bool rest_unpack(struct wire_frame *frame, struct bytes from)
{
	struct bytes proofs;

	if (!run_take(&proofs, &from, KEY_DATA_PROOFS) ||
	    proofs.len != frame->data.row_count * PROOF_BYTES)
		return false;
	frame->data.proofs = (const struct proof *)proofs.data;
	if (key_is(from, KEY_DATA_UNUSED) &&
	    (!number_take(&frame->data.unused, &from, KEY_DATA_UNUSED) ||
		frame->data.unused == 0))
		return false;
	return from.len == 0;
}

int data_unpack(
    struct wire_frame *frame_out, struct arena *arena, struct bytes bytes)
{
	struct wire_frame frame = { .kind = FRAME_DATA };
	struct bytes data;
	int rc;

	if (!number_take(&frame.session, &bytes, KEY_FRAME_SESSION) ||
	    frame.session == 0 || !run_take(&data, &bytes, KEY_FRAME_DATA) ||
	    bytes.len != 0 ||
	    !number_take(&frame.data.first, &data, KEY_DATA_FIRST))
		return ERR_INVALID;
	rc = rows_unpack(&frame.data.rows, &frame.data.row_count, arena, &data);
	if (rc)
		return rc;
	if (!rest_unpack(&frame, data) || !data_is_valid(&frame))
		return ERR_INVALID;
	*frame_out = frame;
	return 0;
}

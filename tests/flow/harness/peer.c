#include "harness/harness.h"

#include <string.h>

enum { ROUND_MS = 200, SAY_MS = 1000 };

/* For its rows; it never asks to be believed what it has sent. */
static const struct proof no_proof;

void peer_send_frame(struct peer *peer, const struct wire_frame *frame)
{
	struct buf packed = { 0 };

	assert_int_equal(wire_frame_pack(&packed, frame), 0);
	peer_send_bytes(peer, bytes_of(packed.data, packed.len));
	buf_free(&packed);
}

void peer_send_bytes(struct peer *peer, struct bytes bytes)
{
	int rc = net_client_send(peer->net, bytes);

	assert_true(rc == 0 || rc == ERR_UNREACHABLE);
}

static void say_hello(struct peer *peer, uint64_t session, bool is_answer)
{
	struct wire_frame frame = {
		.session = session,
		.kind = FRAME_HELLO,
		.hello = {
			.node = peer->name,
			.version = WIRE_VERSION,
			.oldest = WIRE_OLDEST,
			.speaks = 1,
			.store = peer->store,
			.last_store = peer->claimed_store,
			.last_received = peer->claimed,
			.proof = peer->claimed_proof,
			.answer = is_answer,
			.lost = !is_answer && !peer->their_session,
		},
	};

	peer_send_frame(peer, &frame);
}

/* Rows that the node has for its child are taken and thrown away. */
static void take_rows(struct peer *peer, const struct wire_frame *frame)
{
	struct wire_frame ack = {
		.session = peer->their_session,
		.kind = FRAME_ACK,
		.ack = { .seq = frame->data.first + frame->data.row_count - 1 },
	};

	if (frame->data.row_count > 0 && peer->their_session)
		peer_send_frame(peer, &ack);
}

static void take_hello(
    bool *answered, struct peer *peer, const struct wire_frame *frame)
{
	peer->their_store = frame->hello.store;
	if (!frame->hello.answer) {
		peer->their_session = frame->session;
		say_hello(peer, frame->session, true);
	} else if (frame->session == peer->session) {
		bool knows_us =
		    id_equal(&frame->hello.last_store, &peer->store);
		peer->next = knows_us ? frame->hello.last_received + 1 : 1;
		*answered = true;
	}
}

/* What has arrived within a moment. */
static void listen(bool *answered, struct peer *peer)
{
	struct buf body = { 0 };
	struct wire_frame frame;

	if (net_client_receive(&body, peer->net, ROUND_MS, -1) == 0) {
		arena_reset(peer->arena);
		assert_int_equal(wire_frame_unpack(&frame, peer->arena,
				     bytes_of(body.data, body.len)),
		    0);
		if (frame.kind == FRAME_HELLO)
			take_hello(answered, peer, &frame);
		if (frame.kind == FRAME_DATA)
			take_rows(peer, &frame);
		if (frame.kind == FRAME_ACK && frame.session == peer->session)
			peer->acked = frame.ack.seq;
	}
	buf_free(&body);
}

static void ask_until_answered(struct peer *peer)
{
	int64_t until_ms = now_ms() + PATIENCE_MS, said_ms = 0;
	bool answered = false;

	while (!answered) {
		assert_true(now_ms() < until_ms);
		if (now_ms() - said_ms > SAY_MS) {
			say_hello(peer, peer->session, false);
			said_ms = now_ms();
		}
		listen(&answered, peer);
	}
}

void peer_open(
    struct peer *peer, struct city *city, const char *name, const char *to)
{
	const struct node *node = org_node(city->org, to);
	struct entropy entropy = entropy_system();
	char path[1200];
	struct net_key key;

	*peer = (struct peer){ .name = name };
	entropy.fill(entropy.context, peer->store.b, ID_BYTES);
	entropy.fill(
	    entropy.context, (uint8_t *)&peer->session, sizeof(uint64_t));
	home_node_key(path, sizeof(path), &city->home, name);
	assert_int_equal(net_key_load(&key, path), 0);
	assert_int_equal(arena_open(&peer->arena, DECODE_MAX_BYTES), 0);
	assert_int_equal(
	    net_client_open(&peer->net, node->endpoint, node->public_key, &key),
	    0);
	ask_until_answered(peer);
}

void peer_again(struct peer *peer)
{
	peer->session += 2;
	peer->acked = 0;
	ask_until_answered(peer);
}

void peer_send_as(struct peer *peer, uint64_t session, uint64_t number,
    const struct wire_row *row)
{
	struct wire_frame frame = {
		.session = session,
		.kind = FRAME_DATA,
		.data = { .first = number,
		    .rows = row,
		    .row_count = 1,
		    .proofs = &no_proof },
	};

	peer_send_frame(peer, &frame);
}

void peer_settle(struct peer *peer)
{
	struct wire_row row = { .kind = ROW_SKIP };

	peer_send_row(peer, &row);
}

void peer_send_row(struct peer *peer, const struct wire_row *row)
{
	int64_t until_ms = now_ms() + PATIENCE_MS;
	struct wire_frame frame = {
		.session = peer->session,
		.kind = FRAME_DATA,
		.data = { .first = peer->next,
		    .rows = row,
		    .row_count = 1,
		    .proofs = &no_proof },
	};
	int64_t said_ms = 0;
	bool answered = false;

	while (peer->acked < peer->next) {
		if (now_ms() > until_ms)
			fail_msg("row %llu, of kind %d, is not acknowledged",
			    (unsigned long long)peer->next, row->kind);
		if (now_ms() - said_ms > SAY_MS) {
			peer_send_frame(peer, &frame);
			said_ms = now_ms();
		}
		listen(&answered, peer);
	}
	peer->next++;
}

void peer_send_event(struct peer *peer, const struct event *event)
{
	struct buf packed = { 0 };

	assert_int_equal(wire_event_pack(&packed, event), 0);
	struct bytes bytes = bytes_of(packed.data, packed.len);
	struct wire_row row = {
		.kind = ROW_DELIVERY, .events = &bytes, .event_count = 1
	};
	peer_send_row(peer, &row);
	buf_free(&packed);
}

void peer_send_order(
    struct peer *peer, const struct command *command, const char *from)
{
	struct wire_order order = { .command = *command, .from = from };
	struct buf packed = { 0 };

	assert_int_equal(wire_order_pack(&packed, &order), 0);
	struct wire_row row = { .kind = ROW_ORDER,
		.load = bytes_of(packed.data, packed.len) };
	peer_send_row(peer, &row);
	buf_free(&packed);
}

void peer_close(struct peer *peer)
{
	net_client_close(&peer->net);
	arena_close(&peer->arena);
}

void event_next(struct event *event, const struct ticket *ticket,
    enum verb verb, const char *unit)
{
	struct clock clock = clock_system();

	*event = (struct event){
		.ticket = ticket->id,
		.seq = ticket->seq + 1,
		.term = ticket->seq ? ticket->term : 1,
		.prev = ticket->last,
		.time_ms = clock_now_ms(&clock),
		.verb = verb,
		.unit = unit_code(unit),
		.operator= "somebody",
	};
	particulars_clear(&event->what);
}

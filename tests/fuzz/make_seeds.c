/*
 * Writes the seeds of the targets that read protobuf: one of each message,
 * with everything in it. Only after the protocol has changed:
 *	make_seeds tests/fuzz/seeds
 */
#include "sample.h"

#include <stdio.h>

static const char *folder;

static void put(const char *target, unsigned number, struct buf *buf)
{
	char path[1024];
	FILE *out;

	snprintf(path, sizeof(path), "%s/%s/%02u", folder, target, number);
	out = fopen(path, "wb");
	if (!out || fwrite(buf->data, 1, buf->len, out) != buf->len ||
	    fclose(out)) {
		perror(path);
		exit(1);
	}
	buf_clear(buf);
}

static void put_events(struct buf *buf)
{
	for (unsigned i = 0; i < SAMPLE_VERBS; i++) {
		struct event event = sample_event(sample_verbs[i]);

		event.command = sample_id((uint8_t)(i % 2 ? 0x71 : 0));
		assert_int_equal(wire_event_pack(buf, &event), 0);
		put("event", i, buf);
	}
}

static void put_orders(struct buf *buf)
{
	struct wire_answer answer = { .command = sample_id(0x51),
		.to = "gridd",
		.refusal = "no_power",
		.detail = "420704001",
		.seq = 7 };
	unsigned number = 0;

	for (unsigned i = 0; i < SAMPLE_VERBS; i++) {
		struct wire_order order = { sample_command(sample_verbs[i]),
			"cityd" };

		if (wire_order_pack(buf, &order) == 0)
			put("order", number++, buf);
	}
	assert_int_equal(wire_answer_pack(buf, &answer), 0);
	put("answer", 0, buf);
}

static void put_data(struct buf *buf)
{
	struct event event = sample_event(VERB_OPEN);
	struct buf packed = { 0 };
	struct bytes one;

	assert_int_equal(wire_event_pack(&packed, &event), 0);
	one = bytes_of(packed.data, packed.len);
	const struct wire_row rows[] = {
		{ .kind = ROW_DELIVERY,
		    .events = &one,
		    .event_count = 1,
		    .contact = bytes_of(sample_run, 40) },
		{ .kind = ROW_ORDER, .load = bytes_of("order", 5) },
		{ .kind = ROW_ANSWER, .load = bytes_of("answer", 6) },
		{ .kind = ROW_DONE, .id = sample_id(1) },
		{ .kind = ROW_SKIP },
		{ .kind = ROW_WANT, .id = sample_id(2) },
	};
	const struct proof proofs[sizeof(rows) / sizeof(rows[0])] = { { { 1 } },
		{ { 2 } } };
	struct wire_frame frame = { .session = 9,
		.kind = FRAME_DATA,
		.data = { .first = 17,
		    .rows = rows,
		    .row_count = sizeof(rows) / sizeof(rows[0]),
		    .proofs = proofs } };
	assert_int_equal(wire_frame_pack(buf, &frame), 0);
	put("frame", 0, buf);
	frame.data.unused = 16;
	assert_int_equal(wire_frame_pack(buf, &frame), 0);
	put("frame", 6, buf);
	buf_free(&packed);
}

static void put_frames(struct buf *buf)
{
	struct wire_frame frame = { .session = 9,
		.kind = FRAME_HELLO,
		.hello = { .node = "streetd-07",
		    .version = WIRE_VERSION,
		    .oldest = WIRE_OLDEST,
		    .speaks = 1,
		    .store = sample_id(0x61),
		    .last_store = sample_id(0x62),
		    .last_received = 40,
		    .proof = { { 0x63 } },
		    .recovering = true,
		    .answer = true } };

	put_data(buf);
	assert_int_equal(wire_frame_pack(buf, &frame), 0);
	put("frame", 1, buf);
	frame = (struct wire_frame){
		.session = 9, .kind = FRAME_ACK, .ack = { 400, true }
	};
	assert_int_equal(wire_frame_pack(buf, &frame), 0);
	put("frame", 2, buf);
	frame = (struct wire_frame){
		.session = 9, .kind = FRAME_PING, .ping_ms = SAMPLE_TIME_MS
	};
	assert_int_equal(wire_frame_pack(buf, &frame), 0);
	put("frame", 3, buf);
	frame = (struct wire_frame){ .session = 9, .kind = FRAME_WANT_CHUNK };
	frame.want_chunk.hash = sample_hash(0x35);
	frame.want_chunk.offset = 70000;
	assert_int_equal(wire_frame_pack(buf, &frame), 0);
	put("frame", 4, buf);
	frame = (struct wire_frame){ .session = 9, .kind = FRAME_CHUNK };
	frame.chunk.hash = sample_hash(0x35);
	frame.chunk.offset = 30;
	frame.chunk.size = 90;
	frame.chunk.data = bytes_of(sample_run, 60);
	assert_int_equal(wire_frame_pack(buf, &frame), 0);
	put("frame", 5, buf);
}

static struct wire_request question(enum ask_kind kind)
{
	struct wire_request request = { .id = sample_id(0x71), .kind = kind };

	request.list.state = "accepted";
	request.list.item = "CJ-0301";
	request.list.kind = "appeal";
	request.list.outcome = "solved";
	request.list.channel = "market";
	request.list.external_id = "12345-1";
	request.list.holder = sample_code("420704001");
	request.list.under = sample_code("420704");
	request.list.place = sample_code("420704001001");
	request.list.limit = LIST_PAGE_MAX;
	request.list.cursor = bytes_of(sample_run, 40);
	request.show.ticket = sample_id(0x72);
	request.show.external_id = "";
	request.show.contact = true;
	request.score.under = sample_code("420704");
	request.score.kind = "department";
	request.score.period = "2026-11";
	request.score.by_item = true;
	request.score.unit = sample_code("420704-zjj");
	request.score.from = request.score.to = "2026-11";
	request.score.item = "CJ-0301";
	request.score.domain = "safe";
	request.score.wants_events = true;
	request.score.events.any = 1;
	request.score.events.other = sample_code("420704");
	request.score.cursor = bytes_of("c", 1);
	request.status.reload = true;
	request.follow.after = 300;
	request.follow.limit = 7;
	request.follow.ticket = sample_id(0x73);
	request.nodes.from = 7;
	request.put.hash = request.get.hash = sample_hash(0x74);
	request.put.size = 1000;
	request.put.data = bytes_of(sample_run, 50);
	request.get.ticket = sample_id(0x75);
	request.get.offset = 9;
	return request;
}

static void put_requests(struct buf *buf)
{
	unsigned number = 0;

	for (unsigned i = 0; i < SAMPLE_VERBS; i++) {
		struct wire_request request = question(ASK_COMMAND);

		request.command = sample_command(sample_verbs[i]);
		if (wire_request_pack(buf, &request) == 0)
			put("request", number++, buf);
	}
	for (enum ask_kind kind = ASK_LIST; kind <= ASK_GET; kind++) {
		struct wire_request request = question(kind);

		assert_int_equal(wire_request_pack(buf, &request), 0);
		put("request", number++, buf);
	}
}

static struct wire_reply reply_of(enum ask_kind kind)
{
	return (struct wire_reply){ .id = sample_id(0x91),
		.result = RESULT_DONE,
		.refusal = "",
		.detail = "420704001",
		.has_body = true,
		.kind = kind };
}

static struct wire_ticket_row row(void)
{
	struct wire_ticket_row row = { .title = "路灯不亮",
		.external_id = "12345-1" };

	row.ticket.id = sample_id(0x11);
	row.ticket.seq = 3;
	row.ticket.term = 1;
	row.ticket.kind = KIND_APPEAL;
	row.ticket.state = STATE_ACCEPTED;
	row.ticket.origin = row.ticket.holder = sample_code("420704001001");
	row.ticket.opened_ms = row.ticket.updated_ms = SAMPLE_TIME_MS;
	return row;
}

static void put_tickets(struct buf *buf)
{
	const struct wire_ticket_row rows[] = { row(), row() };
	const struct bytes events[] = { bytes_of("event", 5) };
	struct wire_reply reply = reply_of(ASK_LIST);

	reply.list.tickets = rows;
	reply.list.count = 2;
	reply.list.cursor = bytes_of(sample_run, 24);
	assert_int_equal(wire_reply_pack(buf, &reply), 0);
	put("reply", 0, buf);
	reply = reply_of(ASK_SHOW);
	reply.show.row = rows;
	reply.show.events = events;
	reply.show.event_count = 1;
	reply.show.callouts = rows;
	reply.show.callout_count = 1;
	reply.show.suggestion.verb = "forward";
	reply.show.suggestion.reason = "above_us";
	reply.show.suggestion.item = "CJ-0301";
	reply.show.suggestion.to = sample_code("420704001");
	reply.show.has_contact = true;
	reply.show.contact = (struct wire_contact){ "张三", "13900000000" };
	reply.show.next = 2;
	assert_int_equal(wire_reply_pack(buf, &reply), 0);
	put("reply", 1, buf);
}

static void put_nodes(struct buf *buf, const struct wire_status *status)
{
	struct wire_reply reply = reply_of(ASK_NODES);
	struct wire_frame frame = { .session = 9, .kind = FRAME_NEWS };
	struct buf packed = { 0 };
	struct wire_heard row;

	assert_int_equal(wire_status_pack(&packed, status), 0);
	row = (struct wire_heard){ bytes_of(packed.data, packed.len), 300 };
	assert_int_equal(buf_add(buf, packed.data, packed.len), 0);
	put("status", 0, buf);
	reply.nodes.nodes = &row;
	reply.nodes.count = 1;
	reply.nodes.next = 7;
	assert_int_equal(wire_reply_pack(buf, &reply), 0);
	put("reply", 6, buf);
	frame.news.nodes = &row;
	frame.news.count = 1;
	frame.news.wants = true;
	assert_int_equal(wire_frame_pack(buf, &frame), 0);
	put("frame", 4, buf);
	buf_free(&packed);
}

static void put_figures(struct buf *buf)
{
	static const uint64_t counts[] = { 0, 1, UINT64_MAX, 0 };
	const struct wire_score_line lines[] = {
		{ .unit = sample_code("420704"),
		    .other = sample_code("4207"),
		    .item = "CJ-0301",
		    .domain = "safe",
		    .period = "2026-11",
		    .counts = counts,
		    .count_count = 4,
		    .by_raters = counts,
		    .unaccepted = 1,
		    .unrated = 2 },
	};
	const struct wire_link_status links[] = {
		{ .peer = "cityd",
		    .up = true,
		    .outbox = 5,
		    .heard_ms = SAMPLE_TIME_MS },
	};
	const struct wire_followed followed[] = { { 8, bytes_of("e", 1) } };
	const struct wire_refusals refused = { "no_power", 3 };
	struct wire_reply reply = reply_of(ASK_SCORE);

	reply.score.formula = (struct wire_score_formula){ .is_given = true,
		.weights = { 30, 40, 30 },
		.mostly_halves = 2,
		.raters = "street",
		.raters_part = 40 };
	reply.score.cursor = bytes_of("c", 1);
	reply.score.lines = lines;
	reply.score.count = 1;
	assert_int_equal(wire_reply_pack(buf, &reply), 0);
	put("reply", 2, buf);
	reply = reply_of(ASK_STATUS);
	reply.status = (struct wire_status){ .node = "gridd",
		.level = "grid",
		.state = "ready",
		.store = "id",
		.version = "0.1.0",
		.tickets = 1,
		.held = 2,
		.outbox = 3,
		.commits = 4,
		.events = 5,
		.last_commit_ms = SAMPLE_TIME_MS,
		.started_ms = SAMPLE_TIME_MS,
		.store_bytes = 6,
		.store_limit_bytes = 7,
		.accept_due = 8,
		.resolve_late = 9,
		.refusals = &refused,
		.refusal_count = 1,
		.links = links,
		.link_count = 1 };
	assert_int_equal(wire_reply_pack(buf, &reply), 0);
	put("reply", 3, buf);
	put_nodes(buf, &reply.status);
	reply = reply_of(ASK_FOLLOW);
	reply.follow.events = followed;
	reply.follow.count = 1;
	reply.follow.last = 8;
	assert_int_equal(wire_reply_pack(buf, &reply), 0);
	put("reply", 4, buf);
}

static void put_rest(struct buf *buf)
{
	struct wire_reply reply = reply_of(ASK_COMMAND);
	struct wire_contact contact = { "张三", "13900000000" };

	reply.command.ticket = sample_id(0x92);
	reply.command.seq = 4;
	reply.command.state = STATE_WAITING;
	reply.command.holder = sample_code("420704001");
	assert_int_equal(wire_reply_pack(buf, &reply), 0);
	put("reply", 5, buf);
	reply = reply_of(ASK_PUT);
	reply.put.have = 131072;
	reply.put.is_whole = true;
	reply.put.type = FILE_PNG;
	assert_int_equal(wire_reply_pack(buf, &reply), 0);
	put("reply", 7, buf);
	reply = reply_of(ASK_GET);
	reply.get.size = 70;
	reply.get.data = bytes_of(sample_run, 60);
	reply.get.type = FILE_PDF;
	reply.get.asked = "streetd";
	assert_int_equal(wire_reply_pack(buf, &reply), 0);
	put("reply", 8, buf);
	assert_int_equal(wire_contact_pack(buf, &contact), 0);
	put("contact", 0, buf);
}

int main(int argc, char **argv)
{
	struct buf buf = { 0 };

	if (argc != 2) {
		fprintf(stderr, "make_seeds DIR\n");
		return 2;
	}
	folder = argv[1];
	put_events(&buf);
	put_orders(&buf);
	put_frames(&buf);
	put_requests(&buf);
	put_tickets(&buf);
	put_figures(&buf);
	put_rest(&buf);
	buf_free(&buf);
	return 0;
}

#include "harness/harness.h"

#include <stdlib.h>
#include <string.h>

enum { WINDOW = 32, AGAIN_MS = 1000 };

/* Requests under way; the n-th slot asks for ticket `at`. */
struct batch {
	struct client *client;
	struct id requests[WINDOW];
	size_t at[WINDOW];
	bool is_busy[WINDOW];
	unsigned busy;
};

static void send_one(struct batch *batch, unsigned slot, const struct id *ids)
{
	struct wire_request request;

	request_clear(&request, ASK_SHOW);
	request.id = batch->requests[slot];
	request.show.ticket = ids[batch->at[slot]];
	assert_int_equal(client_send(batch->client, &request), 0);
}

static size_t fill(
    struct batch *batch, const struct id *ids, size_t next, size_t count)
{
	for (unsigned i = 0; i < WINDOW && next < count; i++) {
		if (batch->is_busy[i])
			continue;
		batch->requests[i] = client_id(batch->client);
		batch->at[i] = next++;
		batch->is_busy[i] = true;
		batch->busy++;
		send_one(batch, i, ids);
	}
	return next;
}

static void send_again(struct batch *batch, const struct id *ids)
{
	for (unsigned i = 0; i < WINDOW; i++)
		if (batch->is_busy[i])
			send_one(batch, i, ids);
}

static int slot_of(const struct batch *batch, const struct id *request)
{
	for (int i = 0; i < WINDOW; i++)
		if (batch->is_busy[i] && id_equal(&batch->requests[i], request))
			return i;
	return -1;
}

static void take_view(struct view *view, const struct ticket *ticket)
{
	view->seq = ticket->seq;
	view->last = ticket->last;
	view->state = ticket->state;
	view->holder = ticket->holder;
}

/* A log of more than one page; by another client, for this one has answers
 * on their way. */
static void see_whole(struct ticket *ticket, struct city *city,
    const char *node, const struct id *id)
{
	struct client_log log = { .count = 0 };
	struct client *client = NULL;
	struct wire_request request;
	struct wire_reply reply;

	assert_int_equal(client_open(&client, &city->home, city->org, "admin",
			     org_node(city->org, node)),
	    0);
	request_clear(&request, ASK_SHOW);
	request.show.ticket = *id;
	assert_int_equal(
	    client_show(&reply, &log, client, &request, PATIENCE_MS), 0);
	see_reply(ticket, &reply);
	client_log_free(&log);
	client_close(&client);
}

void views_read(struct view *views, struct city *city, const char *node,
    const struct id *ids, size_t count, view_visit *each, void *context)
{
	struct batch batch = { .client = city_client(city, "admin", node) };
	int64_t until_ms = now_ms() + PATIENCE_MS;
	struct wire_reply reply;
	struct ticket ticket;
	size_t next = 0;

	while (next < count || batch.busy) {
		next = fill(&batch, ids, next, count);
		int rc = client_take(&reply, batch.client, AGAIN_MS);
		if (rc == ERR_TIMEOUT && now_ms() < until_ms) {
			send_again(&batch, ids);
			continue;
		}
		assert_int_equal(rc, 0);
		int slot = slot_of(&batch, &reply.id);
		if (slot < 0)
			continue;
		batch.is_busy[slot] = false;
		batch.busy--;
		see_reply(&ticket, &reply);
		if (reply.result == RESULT_DONE && reply.show.next)
			see_whole(&ticket, city, node, &ids[batch.at[slot]]);
		views[batch.at[slot]].id = ids[batch.at[slot]];
		take_view(&views[batch.at[slot]], &ticket);
		if (each && ticket.seq)
			each(context, &ticket, &reply);
	}
}

/* ---- all nodes against the city's ---- */

struct must_know {
	struct city *city;
	const struct id *ids;
	size_t count;
	uint64_t *bits; /* node by index */
};

static size_t place_of(const struct must_know *must, const struct id *id)
{
	for (size_t i = 0; i < must->count; i++)
		if (id_equal(&must->ids[i], id))
			return i;
	fail_msg("a node shows another ticket than it was asked for");
	return 0;
}

static void note_stays(
    void *context, const struct ticket *ticket, const struct wire_reply *reply)
{
	struct must_know *must = context;
	size_t at = place_of(must, &ticket->id);
	(void)reply;

	for (unsigned i = 0; i < ticket->stay_count; i++) {
		const struct unit *unit =
		    org_unit(must->city->org, &ticket->stays[i].unit);
		must->bits[at] |= UINT64_C(1) << unit->node->index;
	}
}

static void check_one(const struct view *view, const struct view *root,
    const char *node, bool must_know)
{
	char id[ID_TEXT];

	if (must_know && !view->seq)
		fail_msg("%s does not know %s", node, id_format(id, &root->id));
	if (view->seq &&
	    (view->seq != root->seq || !hash_equal(&view->last, &root->last)))
		fail_msg("%s has %u events of %s, cityd %u", node, view->seq,
		    id_format(id, &root->id), root->seq);
}

void logs_check(struct city *city, const struct id *ids, size_t count)
{
	struct view *roots = calloc(count + 1, sizeof(*roots));
	struct view *views = calloc(count + 1, sizeof(*views));
	struct must_know must = { city, ids, count,
		calloc(count + 1, sizeof(*must.bits)) };

	assert_true(roots && views && must.bits);
	views_read(roots, city, "cityd", ids, count, note_stays, &must);
	for (size_t n = 0; n < org_node_count(city->org); n++) {
		const struct node *node = org_node_at(city->org, n);
		views_read(views, city, node->name, ids, count, NULL, NULL);
		for (size_t i = 0; i < count; i++)
			check_one(&views[i], &roots[i], node->name,
			    !node->parent || must.bits[i] >> node->index & 1);
	}
	free(must.bits);
	free(views);
	free(roots);
}

size_t logs_check_all(struct city *city)
{
	size_t count;
	struct id *ids = tickets_all(&count, city, "cityd");

	logs_check(city, ids, count);
	free(ids);
	return count;
}

static void add_page(
    struct buf *ids, struct buf *cursor, const struct wire_reply *reply)
{
	for (size_t i = 0; i < reply->list.count; i++)
		assert_int_equal(
		    buf_add(ids, reply->list.tickets[i].ticket.id.b, ID_BYTES),
		    0);
	buf_clear(cursor);
	assert_int_equal(
	    buf_add(cursor, reply->list.cursor.data, reply->list.cursor.len),
	    0);
}

static int newer(const void *a, const void *b)
{
	return memcmp(a, b, ID_BYTES);
}

struct id *tickets_all(size_t *count_out, struct city *city, const char *node)
{
	struct buf ids = { 0 }, cursor = { 0 };
	struct wire_request request;
	struct wire_reply reply;

	do {
		request_clear(&request, ASK_LIST);
		request.list.limit = LIST_PAGE_MAX;
		request.list.cursor = bytes_of(cursor.data, cursor.len);
		ask(&reply, city, "admin", node, &request);
		assert_int_equal(reply.result, RESULT_DONE);
		add_page(&ids, &cursor, &reply);
	} while (cursor.len > 0);
	buf_free(&cursor);
	*count_out = ids.len / ID_BYTES;
	if (ids.len)
		qsort(ids.data, *count_out, ID_BYTES, newer);
	return (struct id *)(void *)ids.data;
}

#include "harness/harness.h"

#include <stdlib.h>
#include <string.h>
#include "harness/flows.h"

enum {
	WINDOW = 48, /* under way for each asker */
	AGAIN_MS = 700,
	TAKE_MS = 2,
};

/* ---- asking, whoever is dead ---- */

static void say(struct flow *flow, struct city *city, struct work *work)
{
	struct client *client = city_client(city, flow->operator, NULL);
	struct wire_request request;

	request_clear(&request, ASK_COMMAND);
	flow->fill(&request, work);
	if (!work->is_sent)
		work->request = client_id(client);
	request.id = work->request;
	work->is_sent = true;
	work->said_ms = now_ms();
	int rc = client_send(client, &request);
	assert_true(rc == 0 || rc == ERR_UNREACHABLE);
}

static void say_more(struct flow *flow, struct city *city)
{
	for (; flow->next < flow->quota && flow->under_way < WINDOW;
	     flow->under_way++)
		say(flow, city, &flow->work[flow->next++]);
	while (flow->oldest < flow->next && flow->work[flow->oldest].is_done)
		flow->oldest++;
	for (size_t i = flow->oldest; i < flow->next; i++)
		if (!flow->work[i].is_done &&
		    now_ms() - flow->work[i].said_ms > AGAIN_MS)
			say(flow, city, &flow->work[i]);
}

/* A node that has a new store is asked again later. */
static bool is_later(const struct wire_reply *reply)
{
	return reply->result == RESULT_PENDING ||
	       (reply->result == RESULT_REFUSED &&
		   !strcmp(reply->refusal, "recovering"));
}

static void take_reply(struct flow *flow, const struct wire_reply *reply)
{
	for (size_t i = flow->oldest; i < flow->next; i++) {
		struct work *work = &flow->work[i];
		if (!id_equal(&work->request, &reply->id))
			continue;
		if (work->is_done || is_later(reply))
			return;
		if (reply->result != RESULT_DONE)
			fail_msg("%s: %s %s", flow->operator,
			    result_name(reply->result), reply->refusal);
		work->ticket = reply->command.ticket;
		work->is_done = true;
		flow->done++;
		flow->under_way--;
		return;
	}
}

static void go_on(struct flow *flow, struct city *city)
{
	struct client *client = city_client(city, flow->operator, NULL);
	struct wire_reply reply;

	say_more(flow, city);
	while (client_take(&reply, client, TAKE_MS) == 0)
		take_reply(flow, &reply);
}

size_t flows_done(const struct flow *flows, size_t count)
{
	size_t done = 0;

	for (size_t i = 0; i < count; i++)
		done += flows[i].done;
	return done;
}

void flows_allow(struct flow *flows, size_t count, size_t until)
{
	size_t total = 0;

	for (size_t i = 0; i < count; i++)
		total += flows[i].count;
	for (size_t i = 0; i < count; i++)
		flows[i].quota = (flows[i].count * until + total - 1) / total;
}

void flows_go_on(struct flow *flows, size_t count, struct city *city)
{
	for (size_t i = 0; i < count; i++)
		go_on(&flows[i], city);
}

void flows_run(
    struct flow *flows, size_t count, struct city *city, size_t until)
{
	int64_t until_ms = now_ms() + FLOWS_MS;

	flows_allow(flows, count, until);
	while (flows_done(flows, count) < until) {
		flows_go_on(flows, count, city);
		assert_true(now_ms() < until_ms);
	}
}

/* ---- what is wished ---- */

void fill_for_the_city(struct wire_request *request, const struct work *work)
{
	struct particulars *what = &request->command.what;

	(void)work;
	request->command.verb = VERB_OPEN;
	what->kind = KIND_APPEAL;
	what->source = SOURCE_PATROL;
	what->item = "housing.fund";
	what->title = "公积金提取材料太多";
	what->text = "提取公积金要跑三趟，能不能一次说清要哪些材料";
}

void fill_for_a_grid(struct wire_request *request, const struct work *work)
{
	struct particulars *what = &request->command.what;

	request->command.verb = VERB_OPEN;
	what->kind = KIND_APPEAL;
	what->source = SOURCE_HOTLINE;
	what->item = "garbage";
	what->place = unit_code(work->place);
	what->title = "垃圾桶满了没人收";
	what->text = "单元门口的垃圾桶三天没有清运";
}

void fill_note(struct wire_request *request, const struct work *work)
{
	request->command.verb = VERB_NOTE;
	request->command.ticket = work->about;
	request->command.what.text = "来电人补充：今天又来电催过";
}

/* ---- what came of it ---- */

static int by_id(const void *a, const void *b)
{
	return memcmp(a, b, ID_BYTES);
}

struct id *flows_acknowledged(
    size_t *count_out, const struct flow *flows, size_t count)
{
	size_t done = flows_done(flows, count), n = 0;
	struct id *ids = calloc(done + 1, sizeof(*ids));

	assert_non_null(ids);
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < flows[i].count; k++)
			if (flows[i].work[k].is_done)
				ids[n++] = flows[i].work[k].ticket;
	assert_int_equal(n, done);
	qsort(ids, done, sizeof(*ids), by_id);
	for (size_t i = 1; i < done; i++)
		assert_false(id_equal(&ids[i - 1], &ids[i]));
	*count_out = done;
	return ids;
}

void flows_are_there_once(
    struct city *city, const char *node, const struct flow *flows, size_t count)
{
	size_t wanted, found;
	struct id *ids = flows_acknowledged(&wanted, flows, count);
	struct id *all = tickets_all(&found, city, node);

	assert_int_equal(found, wanted);
	assert_memory_equal(all, ids, wanted * sizeof(*ids));
	free(all);
	free(ids);
}

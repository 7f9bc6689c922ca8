/*
 * How the nodes of the city are, as they say it themselves every few
 * seconds: kept in memory only, the last word of each, and handed on up the
 * tree and to whoever below wants to know of all. Links join a node to its
 * parent and to nobody else, so this is the one way on which every node can
 * be heard of. What a neighbour says of a node is taken only if that node
 * sits on its side.
 */
#include "engine/inside.h"

#include <stdlib.h>
#include <string.h>

enum {
	NEWS_EVERY_MS = 5000, /* we say how we are */
	NEWS_PASS_MS = 500,   /* to one neighbour at most so often */
	NEWS_BYTES = 64 * 1024,
};

static int keep(struct engine *engine, const struct node *node,
    struct bytes status, int64_t said_ms)
{
	struct heard_node *heard = &engine->heard[node->index];
	int rc;

	buf_clear(&heard->status);
	rc = buf_add(&heard->status, status.data, status.len);
	heard->said_ms = said_ms;
	return rc;
}

static void mark_new(struct engine *engine, const struct node *node)
{
	engine->heard[node->index].number = ++engine->heard_number;
}

/* ---- what we say of ourselves ---- */

static int look_at_self(struct turn *turn)
{
	struct engine *engine = turn->engine;
	struct wire_status status;
	struct buf packed = { 0 };
	int rc = status_fill_own(&status, turn);

	if (!rc)
		rc = wire_status_pack(&packed, &status);
	if (!rc)
		rc = keep(engine, engine->self,
		    bytes_of(packed.data, packed.len), turn->now_ms);
	buf_free(&packed);
	return rc;
}

static bool is_past(int64_t since_ms, int64_t now_ms, int64_t span_ms)
{
	return since_ms == 0 || now_ms < since_ms ||
	       now_ms - since_ms >= span_ms;
}

static size_t links_up(const struct engine *engine)
{
	size_t count = 0;

	for (size_t i = 0; i < engine->neighbour_count; i++)
		count += engine->neighbours[i].link.is_up;
	return count;
}

/* A link that goes or comes is said sooner. */
static int say_how_we_are(struct turn *turn)
{
	struct engine *engine = turn->engine;
	size_t up = links_up(engine);
	int span_ms = up == engine->said_up ? NEWS_EVERY_MS : NEWS_PASS_MS;
	int rc;

	if (!is_past(engine->looked_ms, turn->now_ms, span_ms))
		return 0;
	engine->looked_ms = turn->now_ms;
	engine->said_up = up;
	rc = look_at_self(turn);
	if (!rc)
		mark_new(engine, engine->self);
	return rc;
}

/* ---- what we hand on ---- */

static bool wants_all(const struct engine *engine)
{
	bool wants = engine->config.wants_news;

	for (size_t i = 0; !wants && i < engine->neighbour_count; i++) {
		const struct neighbour *to = &engine->neighbours[i];
		wants = !to->is_parent && to->wants_news && to->link.is_up;
	}
	return wants;
}

static uint64_t age_ms(const struct heard_node *heard, int64_t now_ms)
{
	return now_ms > heard->said_ms ? (uint64_t)(now_ms - heard->said_ms)
				       : 0;
}

static struct wire_heard row_of(const struct heard_node *heard, int64_t now_ms)
{
	return (struct wire_heard){
		.status = bytes_of(heard->status.data, heard->status.len),
		.age_ms = age_ms(heard, now_ms),
	};
}

static int flush(size_t *count, struct wire_frame *frame, struct turn *turn,
    struct neighbour *to)
{
	frame->news.count = *count;
	*count = 0;
	to->link.said_ms = turn->now_ms;
	return say_frame(turn, to, frame);
}

/* All that is newer than what this neighbour was told last. */
static int tell(struct turn *turn, struct neighbour *to)
{
	struct engine *engine = turn->engine;
	struct wire_heard rows[NEWS_NODES_MAX];
	struct wire_frame frame = { .session = to->link.session,
		.kind = FRAME_NEWS,
		.news = { .nodes = rows, .wants = wants_all(engine) } };
	size_t nodes = org_node_count(engine->config.org), count = 0, bytes = 0;
	int rc = 0;

	for (size_t i = 0; !rc && i < nodes; i++) {
		const struct heard_node *heard = &engine->heard[i];
		if (heard->number <= to->told || engine->toward[i] == to)
			continue;
		if (count == NEWS_NODES_MAX ||
		    (count > 0 && bytes + heard->status.len > NEWS_BYTES)) {
			rc = flush(&count, &frame, turn, to);
			bytes = 0;
		}
		rows[count++] = row_of(heard, turn->now_ms);
		bytes += heard->status.len;
	}
	if (!rc && count > 0)
		rc = flush(&count, &frame, turn, to);
	to->told = engine->heard_number;
	return rc;
}

static bool is_to_be_told(const struct turn *turn, const struct neighbour *to)
{
	return to->has_route && to->link.is_up &&
	       (to->is_parent || to->wants_news) &&
	       to->told < turn->engine->heard_number &&
	       is_past(to->told_ms, turn->now_ms, NEWS_PASS_MS);
}

int news(struct turn *turn)
{
	struct engine *engine = turn->engine;
	int rc = say_how_we_are(turn);

	for (size_t i = 0; !rc && i < engine->neighbour_count; i++) {
		struct neighbour *to = &engine->neighbours[i];
		if (!to->link.is_up)
			to->told = 0; /* it may have been started anew */
		if (!is_to_be_told(turn, to))
			continue;
		to->told_ms = turn->now_ms;
		rc = tell(turn, to);
	}
	/* nobody must stop for want of a report */
	return rc == ERR_TOO_LARGE || rc == ERR_INVALID ? 0 : rc;
}

/* ---- what others say ---- */

static bool links_are_its(const struct engine *engine, const struct node *node,
    const struct wire_status *status)
{
	int64_t last = -1;

	for (size_t i = 0; i < status->link_count; i++) {
		const struct node *peer =
		    org_node(engine->config.org, status->links[i].peer);
		bool is_parent = peer && peer == node->parent;
		if (!peer || (!is_parent && peer->parent != node))
			return false;
		if (is_parent ? i > 0 : (int64_t)peer->index <= last)
			return false;
		last = is_parent ? -1 : (int64_t)peer->index;
	}
	return true;
}

/* Known words, in the law's order: so none comes twice. */
static bool refusals_are_ours(const struct wire_status *status)
{
	unsigned word = 0;

	for (size_t i = 0; i < status->refusal_count; i++, word++) {
		while (word < REFUSAL_COUNT &&
		       strcmp(refusal_name(word), status->refusals[i].refusal))
			word++;
		if (word >= REFUSAL_COUNT)
			return false;
	}
	return true;
}

/* The node, if `from` may speak of it and says nothing that it cannot. */
static const struct node *node_of(struct turn *turn,
    const struct neighbour *from, const struct wire_heard *heard)
{
	struct engine *engine = turn->engine;
	struct wire_status status;
	const struct node *node;

	if (wire_status_unpack(&status, engine->arena, heard->status))
		return NULL;
	node = org_node(engine->config.org, status.node);
	if (!node || node == engine->self ||
	    engine->toward[node->index] != from ||
	    strlen(status.level) >= NAME_MAX_BYTES ||
	    strlen(status.state) >= NAME_MAX_BYTES ||
	    strlen(status.store) >= NAME_MAX_BYTES ||
	    strlen(status.version) >= NAME_MAX_BYTES)
		return NULL;
	return links_are_its(engine, node, &status) &&
		       refusals_are_ours(&status)
		   ? node
		   : NULL;
}

int news_heard(void *context, struct link *link, const struct wire_frame *frame)
{
	struct turn *turn = context;
	struct neighbour *from = neighbour_of(link);
	const struct node *nodes[NEWS_NODES_MAX];
	int rc = 0;

	for (size_t i = 0; i < frame->news.count; i++) {
		nodes[i] = node_of(turn, from, &frame->news.nodes[i]);
		if (!nodes[i])
			return ERR_INVALID;
	}
	from->wants_news = frame->news.wants && !from->is_parent;
	for (size_t i = 0; !rc && i < frame->news.count; i++) {
		const struct wire_heard *heard = &frame->news.nodes[i];
		uint64_t now_ms = (uint64_t)turn->now_ms;
		uint64_t ago_ms =
		    heard->age_ms < now_ms ? heard->age_ms : now_ms;
		rc = keep(turn->engine, nodes[i], heard->status,
		    (int64_t)(now_ms - ago_ms));
		mark_new(turn->engine, nodes[i]);
	}
	return rc;
}

/* ---- who asks ---- */

int nodes_asked(struct turn *turn, const struct net_route *route,
    const struct actor *actor, const struct wire_request *request)
{
	struct engine *engine = turn->engine;
	struct wire_heard rows[NEWS_NODES_MAX];
	struct wire_reply reply = {
		.id = request->id,
		.result = RESULT_DONE,
		.refusal = "",
		.detail = "",
		.has_body = true,
		.kind = ASK_NODES,
		.nodes = { .nodes = rows },
	};
	size_t nodes = org_node_count(engine->config.org), bytes = 0;
	size_t i = request->nodes.from;
	int rc = look_at_self(turn);

	(void)actor;
	if (rc)
		return rc;
	for (; i < nodes && reply.nodes.count < NEWS_NODES_MAX &&
	       bytes < PAGE_BYTES;
	     i++) {
		if (engine->heard[i].status.len == 0)
			continue;
		rows[reply.nodes.count++] =
		    row_of(&engine->heard[i], turn->now_ms);
		bytes += engine->heard[i].status.len;
	}
	reply.nodes.next = i < nodes ? (uint32_t)i : 0;
	return say(turn, route, &reply);
}

void news_forget(struct engine *engine)
{
	size_t nodes = engine->heard ? org_node_count(engine->config.org) : 0;

	for (size_t i = 0; i < nodes; i++)
		buf_free(&engine->heard[i].status);
	free(engine->heard);
	engine->heard = NULL;
}

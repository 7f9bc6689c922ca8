/* One message: who it is from, by its key, and so what it can be. */
#include "engine/inside.h"

#include <stdio.h>
#include <string.h>
#include "base/log.h"

enum { COMPLAIN_MS = 60 * 1000 };

static struct neighbour *neighbour_by_node(
    struct engine *engine, const struct node *node)
{
	for (size_t i = 0; i < engine->neighbour_count; i++)
		if (engine->neighbours[i].node == node)
			return &engine->neighbours[i];
	return NULL;
}

/* Said once a minute for each peer, whatever it sends. */
static void complain(
    const struct turn *turn, const char *peer, const char *problem)
{
	char subject[160];

	snprintf(subject, sizeof(subject), "%s/%s", peer, problem);
	if (log_is_due(subject, turn->now_ms, COMPLAIN_MS))
		log_line(LOG_WARN, "peer=%s problem=%s action=dropped", peer,
		    problem);
}

struct neighbour *neighbour_of(struct link *link)
{
	return (struct neighbour *)((char *)link -
				    offsetof(struct neighbour, link));
}

static int emit_frame(
    void *context, struct link *link, const struct wire_frame *frame)
{
	struct turn *turn = context;
	struct neighbour *to = neighbour_of(link);

	if (!to->has_route)
		return 0;
	return say_frame(turn, to, frame);
}

static int met_neighbour(void *context, struct link *link)
{
	struct turn *turn = context;
	char store[ID_TEXT];

	link->record.is_offering = 1;
	memset(&link->record.offer_next, 0, sizeof(struct id));
	link->is_dirty = true;
	return say_line(turn, "link=%s state=met store=%s", link->record.peer,
	    id_format(store, &link->record.peer_store));
}

/*
 * Our store is a copy older than what this neighbour has had from us. From
 * now on it is another store, and everybody gives us back what they share.
 */
static int we_are_old(void *context, struct link *link)
{
	struct turn *turn = context;
	struct engine *engine = turn->engine;

	log_line(LOG_ERROR, "link=%s problem=old_store action=recovering",
	    link->record.peer);
	int rc = store_renew(
	    &engine->config.store, turn->txn, &engine->ids, turn->now_ms);
	for (size_t i = 0; !rc && i < engine->neighbour_count; i++) {
		struct link *each = &engine->neighbours[i].link;
		each->record.is_owed = 1;
		each->record.is_met = 0;
		each->is_dirty = true;
		each->is_up = false;
		each->hello_ms = 0;
	}
	engine->mind.is_recovering = true;
	return rc;
}

void link_turn_of(
    struct link_turn *link_turn, struct link_ops *ops, struct turn *turn)
{
	struct engine *engine = turn->engine;

	*ops = (struct link_ops){
		.load = row_load,
		.arrived = row_arrived,
		.file = file_frame,
		.emit = emit_frame,
		.met = met_neighbour,
		.we_are_old = we_are_old,
		.news = news_heard,
		.context = turn,
	};
	*link_turn = (struct link_turn){
		.txn = turn->txn,
		.store = &engine->config.store,
		.ops = ops,
		.node = engine->self->name,
		.versions = &wire_versions,
		.speaks = org_speaks(engine->config.org),
		.entropy = &engine->config.entropy,
		.is_recovering = engine->mind.is_recovering,
		.now_ms = turn->now_ms,
	};
}

/* It has read another nodes.yaml than we have. */
static void say_speaks(const struct turn *turn, const struct neighbour *from)
{
	unsigned ours = org_speaks(turn->engine->config.org);
	bool is_ours_older = ours < from->link.peer_speaks;

	log_line(LOG_ERROR,
	    "link=%s problem=other_speaks theirs=%u ours=%u "
	    "do=\"bring nodes.yaml to %s and reload it; what is for it waits\"",
	    from->node->name, from->link.peer_speaks, ours,
	    is_ours_older ? "this node" : from->node->name);
}

/* Both sides say it, once a minute each, for as long as it is so. */
static void say_versions(const struct turn *turn, const struct neighbour *from)
{
	const struct link *link = &from->link;
	bool is_ours_older = wire_versions.newest < link->peer_oldest;
	char subject[160];

	snprintf(subject, sizeof(subject), "%s/versions", from->node->name);
	if (!log_is_due(subject, turn->now_ms, COMPLAIN_MS))
		return;
	if (link->version)
		say_speaks(turn, from);
	else
		log_line(LOG_ERROR,
		    "link=%s problem=other_version theirs=%u-%u ours=%u-%u "
		    "do=\"bring %s up to date; what is for it waits\"",
		    from->node->name, link->peer_oldest, link->peer_newest,
		    wire_versions.oldest, wire_versions.newest,
		    is_ours_older ? "this node" : from->node->name);
}

static int frame_arrived(struct turn *turn, struct neighbour *from,
    const struct net_message *message)
{
	struct link_turn link_turn;
	struct link_ops ops;
	struct wire_frame frame;
	int rc = wire_frame_unpack(&frame, turn->engine->arena, message->body);

	if (rc == ERR_NOMEM)
		return rc;
	if (rc) {
		complain(turn, from->node->name, "bad_frame");
		return 0;
	}
	from->route = message->route;
	from->has_route = true;
	memcpy(from->key, message->public_key, sizeof(from->key));
	link_turn_of(&link_turn, &ops, turn);
	bool was_up = from->link.is_up;
	rc = link_heard(&from->link, &link_turn, &frame);
	if (rc == ERR_INVALID) {
		complain(turn, from->node->name, "wrong_node");
		return 0;
	}
	if (rc == ERR_ACCESS && frame.kind == FRAME_HELLO) {
		complain(turn, from->node->name, "false_claim");
		return 0;
	}
	if (rc == ERR_VERSION) {
		say_versions(turn, from);
		rc = 0;
	}
	if (rc || was_up == from->link.is_up)
		return rc;
	if (!from->link.is_up)
		return say_line(turn, "link=%s state=down", from->node->name);
	return say_line(turn, "link=%s state=up version=%u", from->node->name,
	    from->link.version);
}

static int (*const answers[])(struct turn *turn, const struct net_route *route,
    const struct actor *actor, const struct wire_request *request) = {
	[ASK_COMMAND] = command_asked,
	[ASK_LIST] = list_asked,
	[ASK_SHOW] = show_asked,
	[ASK_SCORE] = score_asked,
	[ASK_STATUS] = status_asked,
	[ASK_FOLLOW] = follow_asked,
	[ASK_NODES] = nodes_asked,
	[ASK_PUT] = put_asked,
	[ASK_GET] = get_asked,
};

/* His program is newer than what the city writes in. */
static int say_later(struct turn *turn, const struct actor *actor,
    const struct net_route *route, const struct wire_request *request)
{
	struct wire_reply reply = {
		.id = request->id,
		.result = RESULT_INVALID,
		.refusal = "",
		.detail = "version: the city does not write in it yet; see "
			  "whistle city speaks",
	};

	complain(turn, actor->operator, "later_version");
	return say(turn, route, &reply);
}

static int request_arrived(struct turn *turn, const struct actor *actor,
    const struct net_message *message)
{
	struct wire_request request;
	const char *problem = "";
	int rc = wire_request_unpack(
	    &request, &problem, turn->engine->arena, message->body);

	if (rc == ERR_NOMEM)
		return rc;
	if (rc) {
		struct wire_reply reply = {
			.id = request.id,
			.result = RESULT_INVALID,
			.refusal = "",
			.detail = problem ? problem : "",
		};
		complain(turn, actor->operator, "bad_request");
		return say(turn, &message->route, &reply);
	}
	if (request.kind == ASK_COMMAND &&
	    speaks_less(turn, wire_command_version(&request.command)))
		return say_later(turn, actor, &message->route, &request);
	if (actor->is_self && request.kind != ASK_STATUS)
		return say_refused(
		    turn, &message->route, &request.id, REFUSAL_NO_ROLE, "");
	turn->asked[turn->asked_count++] = (struct asked){
		.route = message->route,
		.id = request.id,
		.is_command = request.kind == ASK_COMMAND,
	};
	return answers[request.kind](turn, &message->route, actor, &request);
}

/* The local door is this process: it speaks for the unit that we serve. */
static int local_arrived(struct turn *turn, const struct net_message *message)
{
	struct actor actor = {
		.unit = turn->engine->local_unit,
		.operator= "gateway",
		.role = ROLE_HOTLINE,
		.is_local_door = true,
	};

	return request_arrived(turn, &actor, message);
}

int message_arrived(struct turn *turn, const struct net_message *message)
{
	struct engine *engine = turn->engine;
	const struct node *node = NULL;
	const struct operator* operator= NULL;

	if (message->route.side == NET_SIDE_LOCAL)
		return local_arrived(turn, message);
	if (message->route.side == NET_SIDE_ABOVE)
		node = engine->self->parent;
	else
		org_who(
		    &node, &operator, engine->config.org, message->public_key);
	if (operator) {
		struct actor actor = {
			.unit = operator->unit,
			.operator= operator->name,
			.role = operator->role,
		};
		return request_arrived(turn, &actor, message);
	}
	if (node == engine->self) {
		struct actor actor = { .operator= node->name, .is_self = true };
		return request_arrived(turn, &actor, message);
	}
	struct neighbour *from = node ? neighbour_by_node(engine, node) : NULL;
	if (!from) {
		complain(turn, node ? node->name : "stranger", "no_neighbour");
		return 0;
	}
	return frame_arrived(turn, from, message);
}

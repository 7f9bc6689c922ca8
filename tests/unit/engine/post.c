/*
 * The post between the engines of a world. A route's id says who is at its
 * other end: N and a node's number, O and an operator's name, or T: a thief.
 */
#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct world_node *parent_of(const struct world_node *node)
{
	struct world *world = node->world;
	const struct node *self = org_node(world->org, node->name);

	return self->parent ? &world->nodes[self->parent->index] : NULL;
}

static int post_wait(void *context, int timeout_ms)
{
	(void)context;
	(void)timeout_ms;
	return 0;
}

static int post_receive(void *context, struct net_message *message_out)
{
	struct world_node *node = context;
	struct letter letter;

	if (!node->in_count || node->in[0].due_ms > node->world->now_ms)
		return 0;
	letter = node->in[0];
	memmove(node->in, node->in + 1, --node->in_count * sizeof(letter));
	node->world->taken++;
	*message_out = (struct net_message){
		.route = letter.route,
		.body = bytes_of(letter.data, letter.len),
		.handle = letter.data,
	};
	memcpy(message_out->public_key, letter.public_key, NET_KEY_TEXT);
	return 1;
}

static void post_release(void *context, struct net_message *message)
{
	(void)context;
	free(message->handle);
}

static void put_letter(struct world_node *to, const struct net_route *route,
    const char *public_key, struct bytes body, int64_t late_ms)
{
	struct letter letter = {
		.due_ms = to->world->now_ms + late_ms,
		.order = to->world->sent++,
		.route = *route,
		.data = malloc(body.len + 1),
		.len = body.len,
	};
	size_t at = to->in_count;

	assert_non_null(letter.data);
	memcpy(letter.data, body.data, body.len);
	snprintf(letter.public_key, NET_KEY_TEXT, "%s", public_key);
	if (to->in_count == to->in_cap) {
		to->in_cap = to->in_cap ? 2 * to->in_cap : 64;
		to->in = realloc(to->in, to->in_cap * sizeof(letter));
		assert_non_null(to->in);
	}
	for (; at > 0 && to->in[at - 1].due_ms > letter.due_ms; at--)
		to->in[at] = to->in[at - 1];
	to->in[at] = letter;
	to->in_count++;
}

static struct net_route route_from(
    const struct world_node *to, const struct world_node *from)
{
	struct net_route route = { .side = NET_SIDE_BELOW };

	if (parent_of(to) == from)
		route.side = NET_SIDE_ABOVE;
	route.id_len = (uint8_t)snprintf(
	    (char *)route.id, NET_ROUTE_MAX, "N%u", from->index);
	return route;
}

void node_inject(
    struct world_node *to, struct world_node *from, struct bytes body)
{
	struct net_route route = route_from(to, from);

	put_letter(to, &route, from->key.public_key, body, 0);
}

static void put_mangled(struct world_node *to, const struct net_route *route,
    const char *public_key, struct bytes body);

void node_inject_key(struct world_node *to, const char *public_key,
    const char *route_id, struct bytes body)
{
	struct net_route route = { .side = NET_SIDE_BELOW };

	route.id_len =
	    (uint8_t)snprintf((char *)route.id, NET_ROUTE_MAX, "%s", route_id);
	put_letter(to, &route, public_key, body, 1);
	if (world_chance(to->world, to->world->mangle))
		put_mangled(to, &route, public_key, body);
}

/* A few bytes changed, or cut off, or a piece said twice. */
static void put_mangled(struct world_node *to, const struct net_route *route,
    const char *public_key, struct bytes body)
{
	struct world *world = to->world;
	uint8_t *copy = malloc(2 * body.len + 1);
	size_t len = body.len, at, more;

	assert_non_null(copy);
	memcpy(copy, body.data, len);
	for (unsigned i = world_random(world) % 4; len && i > 0; i--)
		copy[world_random(world) % len] ^=
		    (uint8_t)(1 << world_random(world) % 8);
	if (len && world_chance(world, 20))
		len = world_random(world) % len;
	if (len && world_chance(world, 20)) {
		at = world_random(world) % len;
		more = world_random(world) % (len - at) + 1;
		memmove(copy + at + more, copy + at, len - at);
		len += more;
	}
	put_letter(to, route, public_key, bytes_of(copy, len), 1);
	free(copy);
}

static int64_t lateness(struct world *world)
{
	return 1 + (world->delay_ms
			   ? (int64_t)(world_random(world) % world->delay_ms)
			   : 0);
}

/* The keys by which a process may be known, as it has read the files. */
static bool goes_by(const struct world_node *node, unsigned key)
{
	const struct node *self = org_node(node->org, node->name);

	return key == 0 || node_has_key(self, node->keys[key].public_key);
}

/*
 * What net does: the lower calls by any of its keys, the newest first, and
 * knows the upper by any that this may have; the upper has one at a time.
 * By which key `to` knows `from`; NULL: they do not come together.
 */
static const char *key_of_way(
    const struct world_node *from, const struct world_node *to)
{
	bool is_up = parent_of(from) == to;
	const struct world_node *lower = is_up ? from : to;
	const struct world_node *upper = is_up ? to : from;
	const char *door = upper->keys[0].public_key;

	if (!world_own_files)
		return from->key.public_key;
	if (!lower->org || !upper->org ||
	    !node_has_key(org_node(lower->org, upper->name), door))
		return NULL;
	for (unsigned i = 0; i < lower->key_count; i++)
		if (goes_by(lower, i) &&
		    node_has_key(org_node(upper->org, lower->name),
			lower->keys[i].public_key))
			return is_up ? lower->keys[i].public_key : door;
	return NULL;
}

static int send_to_node(
    struct world_node *from, struct world_node *to, struct bytes body)
{
	struct world *world = from->world;
	struct net_route route = route_from(to, from);
	struct world_node *lower = parent_of(to) == from ? to : from;
	const char *key = key_of_way(from, to);

	if (lower->is_cut || !to->engine || !key)
		return world_chance(world, 50) ? ERR_UNREACHABLE : 0;
	if (lower == from ? lower->is_unheard : lower->is_deaf)
		return 0;
	if (world_chance(world, world->mangle))
		put_mangled(to, &route, key, body);
	if (world_chance(world, world->repeat))
		put_letter(to, &route, key, body, lateness(world));
	if (!world_chance(world, world->lose))
		put_letter(to, &route, key, body, lateness(world));
	return 0;
}

static void tell(struct world *world, struct bytes body)
{
	struct told *told = &world->told[world->next_told++ % WORLD_ANSWERS];

	free(told->data);
	told->data = malloc(body.len + 1);
	assert_non_null(told->data);
	memcpy(told->data, body.data, body.len);
	told->len = body.len;
}

static void watch_letter(
    struct world_node *from, struct world_node *to, struct bytes body)
{
	const struct world_watch *watch = &from->world->watch;

	if (watch->sent)
		watch->sent(from, to, body);
}

static int post_send(
    void *context, const struct net_route *route, struct bytes body)
{
	struct world_node *node = context;
	unsigned index;

	if (node->is_dying)
		return 0;
	if (body.len > FRAME_MAX_BYTES)
		return ERR_TOO_LARGE;
	if (route->side == NET_SIDE_ABOVE) {
		watch_letter(node, parent_of(node), body);
		return send_to_node(node, parent_of(node), body);
	}
	if (route->id[0] == 'O') {
		watch_letter(node, NULL, body);
		if (!world_chance(node->world, node->world->lose))
			tell(node->world, body);
		return 0;
	}
	if (route->id[0] == 'T') {
		node->world->thieves_heard++;
		return 0;
	}
	if (sscanf((const char *)route->id, "N%u", &index) != 1 ||
	    index >= WORLD_NODES)
		return ERR_UNREACHABLE;
	watch_letter(node, &node->world->nodes[index], body);
	return send_to_node(node, &node->world->nodes[index], body);
}

struct post node_post(struct world_node *node)
{
	return (struct post){ post_wait, post_receive, post_release, post_send,
		node };
}

void node_clear_post(struct world_node *node)
{
	for (size_t i = 0; i < node->in_count; i++)
		free(node->in[i].data);
	node->in_count = 0;
}

/* ---- the log ---- */

void world_forget_log(struct world *world)
{
	assert_int_equal(ftruncate(world->log_fd, 0), 0);
}

bool world_logged(struct world *world, const char *text)
{
	static char log[1 << 20];
	ssize_t len = pread(world->log_fd, log, sizeof(log) - 1, 0);

	assert_true(len >= 0);
	log[len] = '\0';
	world_forget_log(world);
	return strstr(log, text) != NULL;
}

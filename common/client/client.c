#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/limits.h"
#include "client/client.h"

enum { AGAIN_MS = 1000 };

struct client {
	struct net_client *net;
	struct arena *arena; /* of the last reply */
	struct buf received;
	struct buf packed;
	struct id_maker ids;
};

/* The key must be the one that the city knows the operator by: with any
 * other the node would not answer, and nobody would know why. */
static int load_key(struct net_key *key_out, const struct home *home,
    const struct org *org, const char *operator_name)
{
	const struct operator* person = org_operator(org, operator_name);
	char path[sizeof(home->path) + 2 * NAME_MAX_BYTES];
	int rc;

	if (!person)
		return ERR_NOT_FOUND;
	home_operator_key(path, sizeof(path), home, person->name);
	rc = net_key_load(key_out, path);
	if (rc)
		return rc;
	return strcmp(key_out->public_key, person->public_key) == 0
		   ? 0
		   : ERR_INVALID;
}

static int open_all(
    struct client *client, const struct node *node, const struct net_key *key)
{
	int rc = arena_open(&client->arena, DECODE_MAX_BYTES);

	client->ids.entropy = entropy_system();
	if (rc)
		return rc;
	rc = net_client_open(
	    &client->net, node->endpoint, node->public_key, key);
	/* it may not have heard yet that it has another key */
	const char *old[NODE_OLD_KEYS_MAX];
	for (unsigned i = 0; i < node->old_count; i++)
		old[i] = node->old_keys[i];
	return rc ? rc : net_client_also(client->net, old, node->old_count);
}

static int open_with(struct client **client_out, const struct node *node,
    const struct net_key *key)
{
	struct client *client = calloc(1, sizeof(*client));
	int rc = client ? open_all(client, node, key) : ERR_NOMEM;

	if (rc && client)
		client_close(&client);
	*client_out = client;
	return rc;
}

int client_open(struct client **client_out, const struct home *home,
    const struct org *org, const char *operator_name, const struct node *node)
{
	struct net_key key;
	int rc = load_key(&key, home, org, operator_name);

	*client_out = NULL;
	if (!rc)
		rc = open_with(client_out, node, &key);
	explicit_bzero(&key, sizeof(key));
	return rc;
}

int client_open_self(
    struct client **client_out, const char *key_path, const struct node *node)
{
	struct net_key key;
	int rc = net_key_load(&key, key_path);

	*client_out = NULL;
	if (!rc && strcmp(key.public_key, node->public_key) != 0)
		rc = ERR_INVALID;
	if (!rc)
		rc = open_with(client_out, node, &key);
	explicit_bzero(&key, sizeof(key));
	return rc;
}

struct id client_id(struct client *client)
{
	struct clock clock = clock_system();
	struct id id;

	id_next(&id, &client->ids, clock_now_ms(&clock));
	return id;
}

int client_send(struct client *client, const struct wire_request *request)
{
	int rc;

	buf_clear(&client->packed);
	rc = wire_request_pack(&client->packed, request);
	if (rc)
		return rc;
	return net_client_send(
	    client->net, bytes_of(client->packed.data, client->packed.len));
}

int client_take(
    struct wire_reply *reply_out, struct client *client, int timeout_ms)
{
	int rc;

	buf_clear(&client->received);
	arena_reset(client->arena);
	rc = net_client_receive(&client->received, client->net, timeout_ms, -1);
	if (rc)
		return rc;
	return wire_reply_unpack(reply_out, client->arena,
	    bytes_of(client->received.data, client->received.len));
}

/* Time that never jumps. */
static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Waits until `until_ms` for the reply to `id`; answers to what was asked
 * before are passed over. */
static int take_answer(struct wire_reply *reply_out, struct client *client,
    const struct id *id, int64_t until_ms)
{
	for (;;) {
		int64_t left_ms = until_ms - now_ms();
		int rc = client_take(
		    reply_out, client, left_ms > 0 ? (int)left_ms : 0);

		if (rc == ERR_TIMEOUT && now_ms() < until_ms)
			continue; /* a signal */
		if (rc || id_equal(&reply_out->id, id))
			return rc;
	}
}

int client_ask(struct wire_reply *reply_out, struct client *client,
    struct wire_request *request, int timeout_ms)
{
	int64_t until_ms = now_ms() + timeout_ms;
	int64_t again_ms;
	int rc;

	if (id_is_zero(&request->id))
		request->id = client_id(client);
	for (;;) {
		rc = client_send(client, request);
		/* A full queue empties once the node is there. */
		if (rc && rc != ERR_UNREACHABLE)
			return rc;
		again_ms = now_ms() + AGAIN_MS;
		rc = take_answer(reply_out, client, &request->id,
		    again_ms < until_ms ? again_ms : until_ms);
		if (rc != ERR_TIMEOUT || now_ms() >= until_ms)
			return rc;
	}
}

void client_close(struct client **client)
{
	if (!*client)
		return;
	net_client_close(&(*client)->net);
	arena_close(&(*client)->arena);
	buf_free(&(*client)->received);
	buf_free(&(*client)->packed);
	free(*client);
	*client = NULL;
}

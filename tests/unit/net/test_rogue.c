/* Who is let in and keeps to no rule. */
#include "fixture.h"

/* Another program of a peer that is let in: nothing keeps it to our rules. */
struct rogue {
	void *context;
	void *socket;
};

static void rogue_open(
    struct rogue *rogue_out, const struct place *place, const char *routing_id)
{
	const struct net_key *key = &place->client;
	int no_wait = 0;

	rogue_out->context = zmq_ctx_new();
	rogue_out->socket = zmq_socket(rogue_out->context, ZMQ_DEALER);
	zmq_setsockopt(rogue_out->socket, ZMQ_LINGER, &no_wait, sizeof(int));
	zmq_setsockopt(rogue_out->socket, ZMQ_CURVE_SERVERKEY,
	    place->server.public_key, NET_KEY_TEXT);
	zmq_setsockopt(rogue_out->socket, ZMQ_CURVE_PUBLICKEY, key->public_key,
	    NET_KEY_TEXT);
	zmq_setsockopt(rogue_out->socket, ZMQ_CURVE_SECRETKEY, key->secret_key,
	    NET_KEY_TEXT);
	if (routing_id)
		zmq_setsockopt(rogue_out->socket, ZMQ_ROUTING_ID, routing_id,
		    strlen(routing_id));
	assert_int_equal(zmq_connect(rogue_out->socket, place->tcp), 0);
}

static void rogue_say(struct rogue *rogue, const char *words, int flags)
{
	assert_int_equal(zmq_send(rogue->socket, words, strlen(words), flags),
	    strlen(words));
}

static void rogue_close(struct rogue *rogue)
{
	zmq_close(rogue->socket);
	zmq_ctx_term(rogue->context);
}

static void a_message_over_the_limit_ends_the_connection(void **state)
{
	enum { TOO_LARGE = 64 * MEGABYTE, TRIES = 4 };
	const struct place *place = *state;
	struct net *net = serve(place, place->tcp);
	char *large = malloc(TOO_LARGE);
	void *monitor;
	long before;

	memset(large, 'x', TOO_LARGE);
	assert_serves(net, place);
	before = resident_bytes();
	for (int i = 0; i < TRIES; i++) {
		struct rogue rogue;

		rogue_open(&rogue, place, NULL);
		monitor = watch_raw(rogue.context, rogue.socket);
		rogue_say(&rogue, "hello", 0);
		assert_heard(net, "hello");
		zmq_send(rogue.socket, large, TOO_LARGE, 0);
		assert_true(is_disconnected(monitor, SOON_MS));
		unwatch_raw(monitor, rogue.socket);
		rogue_close(&rogue);
		assert_silent(net);
	}
	/* One copy is the sender's, which lives in this process too. */
	assert_in_range(
	    labs(resident_bytes() - before), 0, flat_bytes() + 2 * TOO_LARGE);
	assert_serves(net, place);

	free(large);
	net_close(&net);
}

static void a_message_of_many_parts_is_dropped_whole(void **state)
{
	const struct place *place = *state;
	struct net *net = serve(place, place->tcp);
	struct rogue rogue;

	rogue_open(&rogue, place, NULL);
	for (int i = 0; i < 50; i++) {
		rogue_say(&rogue, "first", ZMQ_SNDMORE);
		rogue_say(&rogue, "second", ZMQ_SNDMORE);
		rogue_say(&rogue, "third", 0);
	}
	rogue_say(&rogue, "whole", 0);
	assert_heard(net, "whole");

	rogue_close(&rogue);
	net_close(&net);
}

/* Dropping goes on for a turn's worth at most. */
static void a_flood_of_bad_messages_does_not_hold_up_the_loop(void **state)
{
	const struct place *place = *state;
	struct net *net = serve(place, place->tcp);
	struct net_client *local;
	struct rogue rogue;

	rogue_open(&rogue, place, NULL);
	assert_int_equal(net_client_open_local(&local, net, "door"), 0);
	for (int i = 0; i < 5000; i++) {
		zmq_send(rogue.socket, "bad", 3, ZMQ_SNDMORE | ZMQ_DONTWAIT);
		zmq_send(rogue.socket, "bad", 3, ZMQ_DONTWAIT);
	}
	assert_int_equal(echo(net, local, "my turn", SOON_MS), 0);

	net_client_close(&local);
	rogue_close(&rogue);
	net_close(&net);
}

static void a_name_that_is_too_long_is_dropped(void **state)
{
	const struct place *place = *state;
	struct net *net = serve(place, place->tcp);
	struct rogue rogue, fits;

	rogue_open(&rogue, place, "123456789012345678901234567890123");
	rogue_open(&fits, place, "12345678901234567890123456789012");
	rogue_say(&rogue, "too long", 0);
	assert_silent(net);
	rogue_say(&fits, "fits", 0);
	assert_heard(net, "fits");

	rogue_close(&rogue);
	rogue_close(&fits);
	net_close(&net);
}

static void nobody_takes_over_the_name_of_another(void **state)
{
	const struct place *place = *state;
	struct net *net = serve(place, place->tcp);
	struct net_message message;
	struct rogue first, thief;
	char answer[16];
	int soon = SOON_MS;

	rogue_open(&first, place, "name");
	rogue_say(&first, "mine", 0);
	assert_int_equal(hear(&message, net, SOON_MS), 1);
	rogue_open(&thief, place, "name");
	rogue_say(&thief, "mine now", 0);
	assert_silent(net);
	assert_int_equal(net_send(net, &message.route, text("answer")), 0);
	zmq_setsockopt(first.socket, ZMQ_RCVTIMEO, &soon, sizeof(soon));
	assert_int_equal(zmq_recv(first.socket, answer, sizeof(answer), 0), 6);
	assert_int_equal(
	    zmq_recv(thief.socket, answer, sizeof(answer), ZMQ_DONTWAIT), -1);

	net_message_close(&message);
	rogue_close(&first);
	rogue_close(&thief);
	net_close(&net);
}

/* It asks, and reads none of the answers. */
static void who_never_reads_cannot_fill_the_memory(void **state)
{
	const struct place *place = *state;
	struct net *net = serve(place, place->tcp);
	const char *both[] = { place->client.public_key,
		place->other.public_key };
	uint8_t *body = calloc(1, FRAME_MAX_BYTES);
	struct net_client *other;
	struct net_message message;
	struct rogue rogue;
	size_t sent = 0;
	int rc, one = 1;

	assert_int_equal(net_allow(net, both, 2), 0);
	rogue_open(&rogue, place, NULL);
	zmq_setsockopt(rogue.socket, ZMQ_RCVHWM, &one, sizeof(one));
	rogue_say(&rogue, "tell me", 0);
	assert_int_equal(hear(&message, net, SOON_MS), 1);
	do {
		rc = net_send(
		    net, &message.route, bytes_of(body, FRAME_MAX_BYTES));
		sent += FRAME_MAX_BYTES;
	} while (rc == 0 && sent < 4096UL * MEGABYTE);
	assert_int_equal(rc, ERR_UNREACHABLE);
	other = call(place, place->tcp, &place->other);
	assert_int_equal(echo(net, other, "and I?", SOON_MS), 0);

	free(body);
	net_message_close(&message);
	net_client_close(&other);
	rogue_close(&rogue);
	net_close(&net);
}

static void what_was_queued_for_a_peer_that_left_is_given_back(void **state)
{
	const struct place *place = *state;
	struct net *net = serve(place, place->tcp);
	uint8_t *body = calloc(1, FRAME_MAX_BYTES);
	struct net_message message;

	/* Each fills the account of the same key. */
	for (int i = 0; i < 5; i++) {
		int64_t until = ticks_ms() + SOON_MS;
		struct rogue rogue;
		int rc;

		rogue_open(&rogue, place, NULL);
		rogue_say(&rogue, "tell me", 0);
		assert_int_equal(hear(&message, net, SOON_MS), 1);
		do {
			rc = net_send(net, &message.route,
			    bytes_of(body, FRAME_MAX_BYTES));
			if (rc)
				net_wait(net, 5);
		} while (rc && ticks_ms() < until);
		assert_int_equal(rc, 0);
		for (int j = 0; j < 200; j++)
			net_send(net, &message.route,
			    bytes_of(body, FRAME_MAX_BYTES));
		net_message_close(&message);
		rogue_close(&rogue);
	}

	free(body);
	net_close(&net);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_A_PLACE(a_message_over_the_limit_ends_the_connection),
		IN_A_PLACE(a_message_of_many_parts_is_dropped_whole),
		IN_A_PLACE(a_flood_of_bad_messages_does_not_hold_up_the_loop),
		IN_A_PLACE(a_name_that_is_too_long_is_dropped),
		IN_A_PLACE(nobody_takes_over_the_name_of_another),
		IN_A_PLACE(who_never_reads_cannot_fill_the_memory),
		IN_A_PLACE(what_was_queued_for_a_peer_that_left_is_given_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

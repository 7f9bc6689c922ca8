#include "fixture.h"

static void answers_a_client_over_ipc(void **state)
{
	struct place *place = *state;
	struct net *net = serve(place, place->ipc);
	struct net_client *client = call(place, place->ipc, &place->client);

	assert_int_equal(echo(net, client, "hello", SOON_MS), 0);

	net_client_close(&client);
	net_close(&net);
}

static void answers_a_client_over_tcp(void **state)
{
	struct place *place = *state;
	struct net *net = serve(place, place->tcp);
	struct net_client *client = call(place, place->tcp, &place->client);

	assert_int_equal(echo(net, client, "hello", SOON_MS), 0);

	net_client_close(&client);
	net_close(&net);
}

static struct net *open_child(
    struct place *place, const char *endpoint, const char *parent)
{
	struct net_config config = {
		.endpoint = endpoint,
		.key = place->client,
		.parent_endpoint = parent,
		.parent_key = place->server.public_key,
	};
	struct net *child;

	assert_int_equal(net_open(&child, &config), 0);
	return child;
}

/* Sends up, again and again as a link would, until it is heard. */
static void send_until_heard(struct net *child, struct net *parent,
    const char *words, struct net_message *message_out)
{
	const struct net_route up = { .side = NET_SIDE_ABOVE };
	int64_t until = ticks_ms() + SOON_MS;

	for (;;) {
		int rc = net_send(child, &up, text(words));

		assert_true(rc == 0 || rc == ERR_UNREACHABLE);
		net_wait(child, 0);
		if (!hear(message_out, parent, 20))
			assert_true(ticks_ms() < until);
		else if (message_out->body.len == strlen(words) &&
			 memcmp(message_out->body.data, words, strlen(words)) ==
			     0)
			return;
		else
			net_message_close(message_out);
	}
}

static void child_and_parent_talk_both_ways(void **state)
{
	struct place *place = *state;
	struct net *parent = serve(place, place->tcp);
	struct net *child = open_child(place, place->ipc, place->tcp);
	struct net_message message;

	send_until_heard(child, parent, "up", &message);
	assert_int_equal(message.route.side, NET_SIDE_BELOW);
	assert_string_equal(message.public_key, place->client.public_key);
	assert_int_equal(net_send(parent, &message.route, text("down")), 0);
	net_message_close(&message);

	assert_int_equal(hear(&message, child, SOON_MS), 1);
	assert_int_equal(message.route.side, NET_SIDE_ABOVE);
	assert_string_equal(message.public_key, place->server.public_key);
	assert_memory_equal(message.body.data, "down", 4);
	net_message_close(&message);

	net_close(&child);
	net_close(&parent);
}

static void child_comes_back_to_a_parent_that_restarts(void **state)
{
	struct place *place = *state;
	struct net *parent = serve(place, place->tcp);
	struct net *child = open_child(place, place->ipc, place->tcp);
	struct net_message message;

	send_until_heard(child, parent, "before", &message);
	net_message_close(&message);
	net_close(&parent);
	parent = serve(place, place->tcp);
	send_until_heard(child, parent, "after", &message);
	net_message_close(&message);

	net_close(&child);
	net_close(&parent);
}

static void sending_up_without_a_connection_is_refused(void **state)
{
	const struct net_route up = { .side = NET_SIDE_ABOVE };
	struct place *place = *state;
	struct net *child = open_child(place, place->ipc, place->tcp);

	assert_int_equal(net_send(child, &up, text("lost")), ERR_UNREACHABLE);

	net_close(&child);
}

static void the_root_has_nobody_above(void **state)
{
	const struct net_route up = { .side = NET_SIDE_ABOVE };
	struct place *place = *state;
	struct net *net = serve(place, place->ipc);

	assert_int_equal(net_send(net, &up, text("lost")), ERR_UNREACHABLE);

	net_close(&net);
}

static void answering_a_peer_that_is_gone_is_refused(void **state)
{
	struct place *place = *state;
	struct net *net = serve(place, place->tcp);
	struct net_client *client = call(place, place->tcp, &place->client);
	struct net_message message;
	int64_t until = ticks_ms() + SOON_MS;
	int rc;

	assert_int_equal(net_client_send(client, text("hello")), 0);
	assert_int_equal(hear(&message, net, SOON_MS), 1);
	net_client_close(&client);
	do {
		net_wait(net, 5);
		rc = net_send(net, &message.route, text("late"));
	} while (rc == 0 && ticks_ms() < until);
	assert_int_equal(rc, ERR_UNREACHABLE);

	net_message_close(&message);
	net_close(&net);
}

static void an_unknown_route_is_refused(void **state)
{
	const struct net_route nobody = {
		.side = NET_SIDE_BELOW, .id = "nobody", .id_len = 6
	};
	struct place *place = *state;
	struct net *net = serve(place, place->ipc);

	assert_int_equal(net_send(net, &nobody, text("x")), ERR_UNREACHABLE);

	net_close(&net);
}

static void each_peer_is_known_by_its_own_key(void **state)
{
	struct place *place = *state;
	struct net *net = serve(place, place->tcp);
	const char *both[] = { place->client.public_key,
		place->other.public_key };
	struct net_client *first, *second;
	struct net_message message;

	assert_int_equal(net_allow(net, both, 2), 0);
	first = call(place, place->tcp, &place->client);
	second = call(place, place->tcp, &place->other);
	for (int i = 0; i < 20; i++) {
		bool of_first = i % 2 == 0;

		net_client_send(of_first ? first : second, text("who am I"));
		assert_int_equal(hear(&message, net, SOON_MS), 1);
		assert_string_equal(
		    message.public_key, of_first ? both[0] : both[1]);
		net_message_close(&message);
	}

	net_client_close(&first);
	net_client_close(&second);
	net_close(&net);
}

static void carries_the_largest_frame_and_no_larger(void **state)
{
	struct place *place = *state;
	struct net *net = serve(place, place->tcp);
	struct net_client *client = call(place, place->tcp, &place->client);
	uint8_t *body = calloc(1, FRAME_MAX_BYTES + 1);
	struct net_message message;

	memset(body, 'x', FRAME_MAX_BYTES);
	assert_int_equal(
	    net_client_send(client, bytes_of(body, FRAME_MAX_BYTES + 1)),
	    ERR_TOO_LARGE);
	assert_int_equal(
	    net_client_send(client, bytes_of(body, FRAME_MAX_BYTES)), 0);
	assert_int_equal(hear(&message, net, SOON_MS), 1);
	assert_int_equal(message.body.len, FRAME_MAX_BYTES);
	assert_memory_equal(message.body.data, body, FRAME_MAX_BYTES);
	assert_int_equal(
	    net_send(net, &message.route, bytes_of(body, FRAME_MAX_BYTES + 1)),
	    ERR_TOO_LARGE);

	net_message_close(&message);
	free(body);
	net_client_close(&client);
	net_close(&net);
}

static void carries_an_empty_frame(void **state)
{
	struct place *place = *state;
	struct net *net = serve(place, place->ipc);
	struct net_client *client = call(place, place->ipc, &place->client);

	assert_int_equal(echo(net, client, "", SOON_MS), 0);

	net_client_close(&client);
	net_close(&net);
}

static void waiting_ends_when_time_is_up(void **state)
{
	struct place *place = *state;
	struct net *net = serve(place, place->ipc);
	int64_t before = ticks_ms();

	assert_int_equal(net_wait(net, 50), 0);
	assert_in_range(ticks_ms() - before, 45, 5000);
	assert_int_equal(net_wait(net, 0), 0);

	net_close(&net);
}

static void do_nothing(int number)
{
	(void)number;
}

static void *signal_later(void *thread)
{
	for (int i = 0; i < 10; i++) {
		usleep(20000);
		pthread_kill(*(pthread_t *)thread, SIGUSR1);
	}
	return NULL;
}

static void a_signal_ends_waiting(void **state)
{
	struct place *place = *state;
	struct net *net = serve(place, place->ipc);
	struct sigaction action = { .sa_handler = do_nothing };
	pthread_t self = pthread_self(), helper;
	int64_t before = ticks_ms();

	sigaction(SIGUSR1, &action, NULL);
	pthread_create(&helper, NULL, signal_later, &self);
	assert_int_equal(net_wait(net, SOON_MS), 0);
	assert_true(ticks_ms() - before < SOON_MS);

	pthread_join(helper, NULL);
	net_close(&net);
}

static void leaves_signal_handlers_alone(void **state)
{
	struct place *place = *state;
	struct net *net = serve(place, place->ipc);
	struct sigaction term, interrupt;

	sigaction(SIGTERM, NULL, &term);
	sigaction(SIGINT, NULL, &interrupt);
	assert_true(term.sa_handler == SIG_DFL);
	assert_true(interrupt.sa_handler == SIG_DFL);

	net_close(&net);
}

static void a_foreign_descriptor_ends_receiving(void **state)
{
	struct place *place = *state;
	struct net *net = serve(place, place->ipc);
	struct net_client *client = call(place, place->ipc, &place->client);
	struct buf answer = { 0 };
	int64_t before = ticks_ms();
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], "x", 1), 1);
	assert_int_equal(
	    net_client_receive(&answer, client, SOON_MS, ends[0]), ERR_TIMEOUT);
	assert_true(ticks_ms() - before < SOON_MS);

	close(ends[0]);
	close(ends[1]);
	net_client_close(&client);
	net_close(&net);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_A_PLACE(answers_a_client_over_ipc),
		IN_A_PLACE(answers_a_client_over_tcp),
		IN_A_PLACE(child_and_parent_talk_both_ways),
		IN_A_PLACE(child_comes_back_to_a_parent_that_restarts),
		IN_A_PLACE(sending_up_without_a_connection_is_refused),
		IN_A_PLACE(the_root_has_nobody_above),
		IN_A_PLACE(answering_a_peer_that_is_gone_is_refused),
		IN_A_PLACE(an_unknown_route_is_refused),
		IN_A_PLACE(each_peer_is_known_by_its_own_key),
		IN_A_PLACE(carries_the_largest_frame_and_no_larger),
		IN_A_PLACE(carries_an_empty_frame),
		IN_A_PLACE(waiting_ends_when_time_is_up),
		IN_A_PLACE(a_signal_ends_waiting),
		IN_A_PLACE(leaves_signal_handlers_alone),
		IN_A_PLACE(a_foreign_descriptor_ends_receiving),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

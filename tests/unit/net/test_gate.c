#include <sys/syscall.h>
#include <dirent.h>
#include "fixture.h"
#include "net/gate.h"
#include "net/socket.h"

static void a_stranger_is_not_heard(void **state)
{
	const struct place *place = *state;
	struct net *net = serve(place, place->tcp);
	struct net_client *stranger = call(place, place->tcp, &place->other);

	net_client_send(stranger, text("let me in"));
	assert_silent(net);

	net_client_close(&stranger);
	net_close(&net);
}

static void the_wrong_server_is_not_trusted(void **state)
{
	const struct place *place = *state;
	struct net *net = serve(place, place->tcp);
	struct net_client *client;

	assert_int_equal(net_client_open(&client, place->tcp,
			     place->other.public_key, &place->client),
	    0);
	net_client_send(client, text("for somebody else"));
	assert_silent(net);

	net_client_close(&client);
	net_close(&net);
}

/* A socket of another program's, with the mechanism that it likes. */
static void knock_with(const char *endpoint, const char *user)
{
	void *context = zmq_ctx_new();
	void *socket = zmq_socket(context, ZMQ_DEALER);
	int no_wait = 0;

	zmq_setsockopt(socket, ZMQ_LINGER, &no_wait, sizeof(no_wait));
	if (user) {
		zmq_setsockopt(socket, ZMQ_PLAIN_USERNAME, user, strlen(user));
		zmq_setsockopt(socket, ZMQ_PLAIN_PASSWORD, user, strlen(user));
	}
	assert_int_equal(zmq_connect(socket, endpoint), 0);
	zmq_send(socket, "let me in", 9, ZMQ_DONTWAIT);
	zmq_pollitem_t item = { socket, 0, ZMQ_POLLIN, 0 };
	zmq_poll(&item, 1, NEVER_MS / 2);
	zmq_close(socket);
	zmq_ctx_term(context);
}

static void nobody_comes_in_without_curve(void **state)
{
	const struct place *place = *state;
	struct net *net = serve(place, place->tcp);
	struct net_client *client = call(place, place->tcp, &place->client);

	knock_with(place->tcp, NULL);
	assert_silent(net);
	knock_with(place->tcp, "admin");
	assert_silent(net);
	assert_int_equal(echo(net, client, "hello", SOON_MS), 0);

	net_client_close(&client);
	net_close(&net);
}

static void an_added_key_comes_in_without_a_new_client(void **state)
{
	const struct place *place = *state;
	struct net *net = serve(place, place->tcp);
	const char *both[] = { place->client.public_key,
		place->other.public_key };
	struct net_client *late = call(place, place->tcp, &place->other);
	struct buf nothing = { 0 };
	struct net_message message;
	int64_t until = ticks_ms() + SOON_MS;

	net_client_send(late, text("let me in"));
	assert_silent(net);
	assert_int_equal(net_allow(net, both, 2), 0);
	do {
		assert_true(ticks_ms() < until);
		net_client_send(late, text("let me in"));
		net_client_receive(&nothing, late, 20, -1);
	} while (!hear(&message, net, 20));
	assert_string_equal(message.public_key, both[1]);

	net_message_close(&message);
	net_client_close(&late);
	net_close(&net);
}

static void a_removed_key_is_not_heard_any_more(void **state)
{
	const struct place *place = *state;
	struct net *net = serve(place, place->tcp);
	const char *other[] = { place->other.public_key };
	struct net_client *client = call(place, place->tcp, &place->client);
	struct net_client *again;

	assert_int_equal(echo(net, client, "while allowed", SOON_MS), 0);
	assert_int_equal(net_allow(net, other, 1), 0);
	net_client_send(client, text("over the old connection"));
	assert_silent(net);
	again = call(place, place->tcp, &place->client);
	net_client_send(again, text("over a new connection"));
	assert_silent(net);

	net_client_close(&again);
	net_client_close(&client);
	net_close(&net);
}

/* One key for another, many times a second: where a guard that looks at
 * files would see no change. */
static void keys_that_replace_each_other_at_once_are_told_apart(void **state)
{
	const struct place *place = *state;
	struct net *net = serve(place, place->tcp);

	for (int i = 0; i < 10; i++) {
		const struct net_key *in =
		    i % 2 ? &place->client : &place->other;
		const char *allowed[] = { in->public_key };
		struct net_client *client = call(place, place->tcp, in);

		assert_int_equal(net_allow(net, allowed, 1), 0);
		net_client_close(&client);
		client = call(place, place->tcp, in);
		assert_int_equal(echo(net, client, "my turn", SOON_MS), 0);
		net_client_close(&client);
	}

	net_close(&net);
}

static void others_stay_connected_while_the_list_changes(void **state)
{
	const struct place *place = *state;
	struct net *net = serve(place, place->tcp);
	const char *both[] = { place->other.public_key,
		place->client.public_key };
	struct net_client *client = call(place, place->tcp, &place->client);

	assert_int_equal(echo(net, client, "before", SOON_MS), 0);
	for (size_t i = 0; i < 40; i++) {
		assert_int_equal(net_allow(net, both + i % 2, 2 - i % 2), 0);
		assert_int_equal(echo(net, client, "meanwhile", SOON_MS), 0);
	}

	net_client_close(&client);
	net_close(&net);
}

static void an_empty_list_lets_in_nobody(void **state)
{
	const struct place *place = *state;
	struct net *net = serve(place, place->tcp);
	struct net_client *client = call(place, place->tcp, &place->client);

	assert_int_equal(net_allow(net, NULL, 0), 0);
	net_client_send(client, text("let me in"));
	assert_silent(net);

	net_client_close(&client);
	net_close(&net);
}

static void a_bad_key_leaves_the_list_as_it_was(void **state)
{
	const struct place *place = *state;
	struct net *net = serve(place, place->tcp);
	const char *bad[] = { place->other.public_key, "not a key" };
	struct net_client *client = call(place, place->tcp, &place->client);

	assert_int_equal(net_allow(net, bad, 2), ERR_INVALID);
	assert_int_equal(echo(net, client, "hello", SOON_MS), 0);

	net_client_close(&client);
	net_close(&net);
}

static void a_key_may_be_on_the_list_twice_and_on_two_lists(void **state)
{
	const struct place *place = *state;
	const char *twice[] = { place->client.public_key,
		place->client.public_key };
	struct net_config config = {
		.endpoint = place->ipc,
		.key = place->server,
		.allowed = twice,
		.allowed_count = 2,
	};
	struct net *first = serve(place, place->tcp);
	struct net *second;
	struct net_client *client = call(place, place->ipc, &place->client);

	assert_int_equal(net_open(&second, &config), 0);
	assert_int_equal(echo(second, client, "hello", SOON_MS), 0);
	net_close(&first);
	assert_int_equal(echo(second, client, "hello", SOON_MS), 0);

	net_client_close(&client);
	net_close(&second);
}

static void each_net_has_a_list_of_its_own(void **state)
{
	const struct place *place = *state;
	const char *other[] = { place->other.public_key };
	struct net_config config = {
		.endpoint = place->ipc,
		.key = place->server,
		.allowed = other,
		.allowed_count = 1,
	};
	struct net *first = serve(place, place->tcp);
	struct net *second;
	struct net_client *client = call(place, place->ipc, &place->client);

	assert_int_equal(net_open(&second, &config), 0);
	net_client_send(client, text("known next door"));
	assert_silent(second);

	net_client_close(&client);
	net_close(&second);
	net_close(&first);
}

static void any_key_that_can_be_made_is_let_in(void **state)
{
	enum { KEYS = 300 };
	const struct place *place = *state;
	struct net *net = serve(place, place->ipc);
	static struct net_key keys[KEYS];
	const char *allowed[KEYS];

	for (int i = 0; i < KEYS; i++) {
		assert_int_equal(net_key_make(&keys[i]), 0);
		allowed[i] = keys[i].public_key;
	}
	assert_int_equal(net_allow(net, allowed, KEYS), 0);
	for (int i = 0; i < KEYS; i += 10) {
		struct net_client *client = call(place, place->ipc, &keys[i]);

		assert_int_equal(echo(net, client, "hello", SOON_MS), 0);
		net_client_close(&client);
	}

	net_close(&net);
}

/* A serving socket as net_open makes it. */
static zsock_t *serve_alone(const struct place *place, const char *endpoint)
{
	zsock_t *socket;

	assert_int_equal(socket_open(&socket, ZMQ_ROUTER), 0);
	assert_int_equal(socket_serve(socket, &place->server), 0);
	assert_int_equal(socket_bind(socket, endpoint), 0);
	return socket;
}

static bool hears_client(
    zsock_t *socket, const struct place *place, const char *endpoint)
{
	struct net_client *client = call(place, endpoint, &place->client);
	zmq_pollitem_t item = { zsock_resolve(socket), 0, ZMQ_POLLIN, 0 };
	int count;

	net_client_send(client, text("let me in"));
	count = zmq_poll(&item, 1, 3 * NEVER_MS);
	net_client_close(&client);
	return count > 0;
}

static void with_the_guard_dead_nobody_comes_in(void **state)
{
	const struct place *place = *state;
	const char *allowed[] = { place->client.public_key };
	struct gate_list *list;
	zsock_t *socket = serve_alone(place, place->tcp);

	assert_false(hears_client(socket, place, place->tcp));
	assert_int_equal(gate_open(&list, allowed, 1), 0);
	assert_true(hears_client(socket, place, place->tcp));
	gate_close(&list);
	zsock_destroy(&socket);
	socket = serve_alone(place, place->ipc);
	assert_false(hears_client(socket, place, place->ipc));

	zsock_destroy(&socket);
}

static void do_nothing(int number)
{
	(void)number;
}

static void signal_every_thread(int number)
{
	DIR *tasks = opendir("/proc/self/task");
	struct dirent *task;

	while ((task = readdir(tasks)) != NULL) {
		int id = atoi(task->d_name);

		if (id > 0)
			syscall(SYS_tgkill, getpid(), id, number);
	}
	closedir(tasks);
}

static void a_signal_does_not_end_the_guard(void **state)
{
	const struct place *place = *state;
	struct net *net = serve(place, place->tcp);
	struct sigaction action = { .sa_handler = do_nothing };
	struct net_client *client;

	sigaction(SIGUSR1, &action, NULL);
	for (int i = 0; i < 4; i++) {
		client = call(place, place->tcp, &place->client);
		assert_int_equal(echo(net, client, "hello", SOON_MS), 0);
		net_client_close(&client);
		/* By now the guard waits for the next. */
		net_wait(net, 20);
		signal_every_thread(SIGUSR1);
	}

	net_close(&net);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_A_PLACE(a_stranger_is_not_heard),
		IN_A_PLACE(the_wrong_server_is_not_trusted),
		IN_A_PLACE(nobody_comes_in_without_curve),
		IN_A_PLACE(an_added_key_comes_in_without_a_new_client),
		IN_A_PLACE(a_removed_key_is_not_heard_any_more),
		IN_A_PLACE(keys_that_replace_each_other_at_once_are_told_apart),
		IN_A_PLACE(others_stay_connected_while_the_list_changes),
		IN_A_PLACE(an_empty_list_lets_in_nobody),
		IN_A_PLACE(a_bad_key_leaves_the_list_as_it_was),
		IN_A_PLACE(a_key_may_be_on_the_list_twice_and_on_two_lists),
		IN_A_PLACE(each_net_has_a_list_of_its_own),
		IN_A_PLACE(any_key_that_can_be_made_is_let_in),
		IN_A_PLACE(with_the_guard_dead_nobody_comes_in),
		IN_A_PLACE(a_signal_does_not_end_the_guard),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

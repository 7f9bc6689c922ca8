/* The door for the process's own threads. */
#include "fixture.h"

struct knocker {
	struct net *net;
	int rc;
};

static void *knock(void *context)
{
	struct knocker *knocker = context;
	struct net_client *client;
	struct buf answer = { 0 };

	knocker->rc = net_client_open_local(&client, knocker->net, "door");
	for (int i = 0; i < 1000 && !knocker->rc; i++) {
		buf_clear(&answer);
		knocker->rc = net_client_send(client, text("from a thread"));
		if (!knocker->rc)
			knocker->rc =
			    net_client_receive(&answer, client, SOON_MS, -1);
	}
	net_client_close(&client);
	buf_free(&answer);
	return NULL;
}

static void answers_its_own_threads_at_the_local_door(void **state)
{
	struct place *place = *state;
	struct net *net = serve(place, place->ipc);
	struct knocker knocker = { .net = net };
	struct net_message message;
	pthread_t thread;

	pthread_create(&thread, NULL, knock, &knocker);
	for (int i = 0; i < 1000; i++) {
		assert_int_equal(hear(&message, net, SOON_MS), 1);
		assert_int_equal(message.route.side, NET_SIDE_LOCAL);
		assert_string_equal(message.public_key, "");
		assert_int_equal(
		    net_send(net, &message.route, message.body), 0);
		net_message_close(&message);
	}
	pthread_join(thread, NULL);
	assert_int_equal(knocker.rc, 0);

	net_close(&net);
}

static void a_door_of_another_name_is_not_found(void **state)
{
	struct place *place = *state;
	struct net *net = serve(place, place->ipc);
	struct net_client *client;

	assert_int_equal(
	    net_client_open_local(&client, net, "window"), ERR_NOT_FOUND);
	assert_null(client);

	net_close(&net);
}

static void no_side_starves_another(void **state)
{
	struct place *place = *state;
	struct net *net = serve(place, place->ipc);
	struct net_client *many = call(place, place->ipc, &place->client);
	struct net_client *one;
	struct net_message message;
	int before_local = 0;

	assert_int_equal(net_client_open_local(&one, net, "door"), 0);
	assert_int_equal(echo(net, many, "connected", SOON_MS), 0);
	for (int i = 0; i < 200; i++)
		net_client_send(many, text("flood"));
	assert_heard(net, "flood");
	net_client_send(one, text("one"));
	while (hear(&message, net, SOON_MS)) {
		enum net_side side = message.route.side;

		net_message_close(&message);
		if (side == NET_SIDE_LOCAL)
			break;
		before_local++;
	}
	assert_in_range(before_local, 0, 3);

	net_client_close(&one);
	net_client_close(&many);
	net_close(&net);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_A_PLACE(answers_its_own_threads_at_the_local_door),
		IN_A_PLACE(a_door_of_another_name_is_not_found),
		IN_A_PLACE(no_side_starves_another),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * Alone in its process: what goes wrong when threads are the first to open
 * anything can only be seen once.
 */
#include "fixture.h"

enum { THREADS = 16 };

static pthread_barrier_t together;

static void *open_and_close(void *context)
{
	const struct place *place = context;
	struct net_client *client;

	pthread_barrier_wait(&together);
	if (net_client_open(&client, place->tcp, place->server.public_key,
		&place->client) != 0)
		abort();
	net_client_close(&client);
	return NULL;
}

static void threads_may_be_the_first_to_open_something(void **state)
{
	pthread_t threads[THREADS];

	pthread_barrier_init(&together, NULL, THREADS);
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(
		    pthread_create(&threads[i], NULL, open_and_close, *state),
		    0);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	pthread_barrier_destroy(&together);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_A_PLACE(threads_may_be_the_first_to_open_something),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

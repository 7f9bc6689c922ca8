/*
 * What goes wrong when threads are the first to open anything shows once in
 * a process, and not always: so in many processes.
 */
#include <sys/wait.h>
#include "fixture.h"

enum { PROCESSES = 60, THREADS = 8 };

static pthread_barrier_t together;
static struct net *left_open;

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

static void open_in_threads(void *place)
{
	pthread_t threads[THREADS];

	pthread_barrier_init(&together, NULL, THREADS);
	for (int i = 0; i < THREADS; i++) {
		if (pthread_create(&threads[i], NULL, open_and_close, place))
			abort();
	}
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	_exit(0);
}

static void threads_may_be_the_first_to_open_something(void **state)
{
	for (int i = 0; i < PROCESSES; i++) {
		pid_t child = fork();
		int status = -1;

		assert_true(child >= 0);
		if (child == 0)
			open_in_threads(*state);
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_int_equal(status, 0);
	}
}

/* Exiting with a net open must not abort. */
static void a_process_may_exit_with_a_net_open(void **state)
{
	pid_t child = fork();
	int status = -1;

	assert_true(child >= 0);
	if (child == 0) {
		left_open = serve(*state, ((struct place *)*state)->ipc);
		exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_A_PLACE(threads_may_be_the_first_to_open_something),
		IN_A_PLACE(a_process_may_exit_with_a_net_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <ftw.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "base/err.h"
#include "client/client.h"

enum { SOON_MS = 15000 };

/* A city of one unit in a folder of its own, and its node: a thread that
 * answers as it is told to. */
struct city {
	struct home home;
	char endpoint[128];
	struct net_key node_key, worker_key;
	struct org *org;
	struct client *client;

	pthread_t thread;
	bool is_running;
	atomic_bool stop;
	atomic_int asked;
	atomic_int asked_again; /* with the id before */
	int ignore;		/* requests before the first answer */
	bool answers_nonsense;
	bool answers_another_first;
};

static void write_file(
    const struct city *city, const char *name, const char *format, ...)
{
	char path[1200];
	va_list arguments;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", city->home.path, name);
	file = fopen(path, "w");
	assert_non_null(file);
	va_start(arguments, format);
	vfprintf(file, format, arguments);
	va_end(arguments);
	fclose(file);
}

static void make_folder(const struct city *city, const char *name)
{
	char path[1200];

	snprintf(path, sizeof(path), "%s/%s", city->home.path, name);
	assert_int_equal(mkdir(path, 0700), 0);
}

static void save_key(
    const struct city *city, const char *name, const struct net_key *key)
{
	char path[1200];

	home_operator_key(path, sizeof(path), &city->home, name);
	assert_int_equal(net_key_save(path, key), 0);
}

static int city_open(void **state)
{
	struct city *city = calloc(1, sizeof(*city));
	struct report report = { 0 };

	strcpy(city->home.path, "/tmp/client-test-XXXXXX");
	assert_non_null(mkdtemp(city->home.path));
	snprintf(city->endpoint, sizeof(city->endpoint), "ipc://%s/cityd",
	    city->home.path);
	assert_int_equal(net_key_make(&city->node_key), 0);
	assert_int_equal(net_key_make(&city->worker_key), 0);
	make_folder(city, "keys");
	make_folder(city, "keys/operators");
	save_key(city, "worker", &city->worker_key);
	save_key(city, "stolen", &city->worker_key);
	write_file(city, "units.csv",
	    "code,name,level,kind,parent\n4207,City,city,area,\n");
	write_file(city, "nodes.yaml",
	    "city: City\nnodes:\n  - name: cityd\n    level: city\n"
	    "    serves: [\"4207\"]\n    endpoint: %s\n"
	    "    public_key: \"%s\"\n",
	    city->endpoint, city->node_key.public_key);
	write_file(city, "operators.csv",
	    "name,unit,role,public_key\nworker,4207,worker,%s\n"
	    "stolen,4207,worker,%s\nkeyless,4207,worker,%s\n",
	    city->worker_key.public_key,
	    "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7",
	    "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID");
	if (org_load(&city->org, &report, city->home.path, 0) != 0)
		report_print(&report, stderr);
	assert_non_null(city->org);
	report_free(&report);
	*state = city;
	return 0;
}

static int remove_one(
    const char *path, const struct stat *status, int kind, struct FTW *walk)
{
	(void)status;
	(void)kind;
	(void)walk;
	return remove(path);
}

static void node_stop(struct city *city)
{
	if (!city->is_running)
		return;
	atomic_store(&city->stop, true);
	pthread_join(city->thread, NULL);
	city->is_running = false;
}

static int city_close(void **state)
{
	struct city *city = *state;

	client_close(&city->client);
	node_stop(city);
	org_close(&city->org);
	nftw(city->home.path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	free(city);
	return 0;
}

static void answer(struct net *net, const struct net_message *message,
    const struct id *id, const char *detail)
{
	struct wire_reply reply = {
		.id = *id,
		.result = RESULT_DONE,
		.refusal = "",
		.detail = detail,
	};
	struct buf out = { 0 };

	if (wire_reply_pack(&out, &reply) == 0)
		net_send(net, &message->route, bytes_of(out.data, out.len));
	buf_free(&out);
}

static void node_answer(struct city *city, struct net *net,
    const struct net_message *message, struct arena *arena, struct id *last)
{
	const struct id another = { .b = { 1 } };
	struct wire_request request;

	arena_reset(arena);
	if (wire_request_unpack(&request, NULL, arena, message->body) != 0)
		return;
	if (id_equal(last, &request.id))
		atomic_fetch_add(&city->asked_again, 1);
	*last = request.id;
	if (atomic_fetch_add(&city->asked, 1) < city->ignore)
		return;
	if (city->answers_nonsense)
		net_send(net, &message->route, bytes_of("\xff\xff", 2));
	if (city->answers_another_first)
		answer(net, message, &another, "another");
	answer(net, message, &request.id, "detail");
}

static void *node_run(void *context)
{
	struct city *city = context;
	const char *allowed[] = { city->worker_key.public_key };
	struct net_config config = {
		.endpoint = city->endpoint,
		.key = city->node_key,
		.allowed = allowed,
		.allowed_count = 1,
	};
	struct net_message message;
	struct arena *arena;
	struct id last = { { 0 } };
	struct net *net;

	if (net_open(&net, &config) != 0 || arena_open(&arena, 1 << 20) != 0)
		abort();
	while (!atomic_load(&city->stop)) {
		net_wait(net, 10);
		while (net_receive(&message, net) > 0) {
			node_answer(city, net, &message, arena, &last);
			net_message_close(&message);
		}
	}
	arena_close(&arena);
	net_close(&net);
	return NULL;
}

static void node_start(struct city *city)
{
	atomic_store(&city->stop, false);
	assert_int_equal(
	    pthread_create(&city->thread, NULL, node_run, city), 0);
	city->is_running = true;
}

static int open_as(struct city *city, const char *name)
{
	return client_open(&city->client, &city->home, city->org, name,
	    org_node(city->org, "cityd"));
}

static struct wire_request status_request(void)
{
	return (struct wire_request){ .kind = ASK_STATUS };
}

static void finds_the_home_that_is_named(void **state)
{
	struct city *city = *state;
	struct home home;

	assert_int_equal(home_find(&home, city->home.path), 0);
	assert_string_equal(home.path, city->home.path);
}

static void finds_the_home_of_the_environment(void **state)
{
	struct city *city = *state;
	struct home home;

	setenv("WHISTLE_HOME", city->home.path, 1);
	assert_int_equal(home_find(&home, NULL), 0);
	assert_string_equal(home.path, city->home.path);
	assert_int_equal(home_find(&home, "/nonexistent"), ERR_NOT_FOUND);
	unsetenv("WHISTLE_HOME");
}

static void looks_in_run_when_nothing_is_named(void **state)
{
	struct city *city = *state;
	struct home home;
	char before[1024];

	unsetenv("WHISTLE_HOME");
	assert_non_null(getcwd(before, sizeof(before)));
	make_folder(city, "run");
	assert_int_equal(chdir(city->home.path), 0);
	assert_int_equal(home_find(&home, NULL), ERR_NOT_FOUND);
	write_file(city, "run/units.csv", "code\n");
	assert_int_equal(home_find(&home, NULL), 0);
	assert_string_equal(home.path, "./run");
	assert_int_equal(home_find(&home, ""), 0);
	assert_int_equal(chdir(before), 0);
}

static void a_home_too_long_is_not_found(void **state)
{
	struct home home;
	char endless[3000];

	(void)state;
	memset(endless, '/', sizeof(endless) - 1);
	endless[sizeof(endless) - 1] = '\0';
	assert_int_equal(home_find(&home, endless), ERR_NOT_FOUND);
}

static void keys_have_their_places(void **state)
{
	const struct home home = { "/home" };
	char path[64];

	(void)state;
	home_operator_key(path, sizeof(path), &home, "worker");
	assert_string_equal(path, "/home/keys/operators/worker.key");
	home_node_key(path, sizeof(path), &home, "cityd");
	assert_string_equal(path, "/home/keys/nodes/cityd.key");
	home_node_key(path, 10, &home, "cityd");
	assert_string_equal(path, "");
}

static void asks_and_is_answered(void **state)
{
	struct city *city = *state;
	struct wire_request request = status_request();
	struct wire_reply reply;

	node_start(city);
	assert_int_equal(open_as(city, "worker"), 0);
	assert_int_equal(
	    client_ask(&reply, city->client, &request, SOON_MS), 0);
	assert_int_equal(reply.result, RESULT_DONE);
	assert_string_equal(reply.detail, "detail");
	assert_false(id_is_zero(&request.id));
}

static void keeps_the_id_that_it_was_given(void **state)
{
	struct city *city = *state;
	struct wire_request request = status_request();
	struct id id = { .b = { 7, 7, 7 } };
	struct wire_reply reply;

	node_start(city);
	request.id = id;
	assert_int_equal(open_as(city, "worker"), 0);
	assert_int_equal(
	    client_ask(&reply, city->client, &request, SOON_MS), 0);
	assert_true(id_equal(&request.id, &id));
	assert_true(id_equal(&reply.id, &id));
}

static void asks_again_with_the_same_id(void **state)
{
	struct city *city = *state;
	struct wire_request request = status_request();
	struct wire_reply reply;

	city->ignore = 2;
	node_start(city);
	assert_int_equal(open_as(city, "worker"), 0);
	assert_int_equal(
	    client_ask(&reply, city->client, &request, SOON_MS), 0);
	assert_int_equal(atomic_load(&city->asked), 3);
	assert_int_equal(atomic_load(&city->asked_again), 2);
}

static void passes_over_answers_to_others(void **state)
{
	struct city *city = *state;
	struct wire_request request = status_request();
	struct wire_reply reply;

	city->answers_another_first = true;
	node_start(city);
	assert_int_equal(open_as(city, "worker"), 0);
	for (int i = 0; i < 5; i++) {
		request.id = client_id(city->client);
		assert_int_equal(
		    client_ask(&reply, city->client, &request, SOON_MS), 0);
		assert_true(id_equal(&reply.id, &request.id));
		assert_string_equal(reply.detail, "detail");
	}
}

static void an_answer_without_sense_is_invalid(void **state)
{
	struct city *city = *state;
	struct wire_request request = status_request();
	struct wire_reply reply;

	city->answers_nonsense = true;
	node_start(city);
	assert_int_equal(open_as(city, "worker"), 0);
	assert_int_equal(
	    client_ask(&reply, city->client, &request, SOON_MS), ERR_INVALID);
}

static void a_node_that_is_not_there_is_a_timeout(void **state)
{
	struct city *city = *state;
	struct wire_request request = status_request();
	struct wire_reply reply;

	assert_int_equal(open_as(city, "worker"), 0);
	assert_int_equal(
	    client_ask(&reply, city->client, &request, 50), ERR_TIMEOUT);
	assert_int_equal(
	    client_ask(&reply, city->client, &request, 0), ERR_TIMEOUT);
}

static void *start_later(void *context)
{
	struct city *city = context;

	usleep(300000);
	node_start(city);
	return NULL;
}

static void waits_for_a_node_that_starts_late(void **state)
{
	struct city *city = *state;
	struct wire_request request = status_request();
	struct wire_reply reply;
	pthread_t helper;

	assert_int_equal(open_as(city, "worker"), 0);
	pthread_create(&helper, NULL, start_later, city);
	assert_int_equal(
	    client_ask(&reply, city->client, &request, SOON_MS), 0);
	pthread_join(helper, NULL);
}

static void comes_back_to_a_node_that_restarts(void **state)
{
	struct city *city = *state;
	struct wire_request request = status_request();
	struct wire_reply reply;

	assert_int_equal(open_as(city, "worker"), 0);
	for (int i = 0; i < 4; i++) {
		node_start(city);
		request.id = client_id(city->client);
		assert_int_equal(
		    client_ask(&reply, city->client, &request, SOON_MS), 0);
		node_stop(city);
	}
}

static void sends_many_and_takes_their_answers(void **state)
{
	enum { MANY = 500 };
	struct city *city = *state;
	struct wire_reply reply;

	node_start(city);
	assert_int_equal(open_as(city, "worker"), 0);
	for (int i = 0; i < MANY; i++) {
		struct wire_request request = status_request();

		request.id = client_id(city->client);
		assert_int_equal(client_send(city->client, &request), 0);
	}
	for (int i = 0; i < MANY; i++)
		assert_int_equal(client_take(&reply, city->client, SOON_MS), 0);
	assert_int_equal(client_take(&reply, city->client, 20), ERR_TIMEOUT);
}

static void ids_are_never_the_same(void **state)
{
	struct city *city = *state;
	struct id before, id;

	assert_int_equal(open_as(city, "worker"), 0);
	before = client_id(city->client);
	for (int i = 0; i < 1000; i++) {
		id = client_id(city->client);
		assert_true(memcmp(&before, &id, sizeof(id)) < 0);
		before = id;
	}
}

static void an_operator_that_the_city_does_not_know_is_not_found(void **state)
{
	struct city *city = *state;

	assert_int_equal(open_as(city, "nobody"), ERR_NOT_FOUND);
	assert_int_equal(open_as(city, "../operators/worker"), ERR_NOT_FOUND);
	assert_int_equal(open_as(city, ""), ERR_NOT_FOUND);
	assert_null(city->client);
}

static void an_operator_without_a_key_file_is_not_found(void **state)
{
	assert_int_equal(open_as(*state, "keyless"), ERR_NOT_FOUND);
}

static void a_key_file_of_somebody_else_is_invalid(void **state)
{
	assert_int_equal(open_as(*state, "stolen"), ERR_INVALID);
}

static void a_key_file_that_others_can_read_is_refused(void **state)
{
	struct city *city = *state;
	char path[1200];

	home_operator_key(path, sizeof(path), &city->home, "worker");
	assert_int_equal(chmod(path, 0644), 0);
	assert_int_equal(open_as(city, "worker"), ERR_ACCESS);
	assert_null(city->client);
}

#define IN_A_CITY(test)                                                        \
	cmocka_unit_test_setup_teardown(test, city_open, city_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_A_CITY(finds_the_home_that_is_named),
		IN_A_CITY(finds_the_home_of_the_environment),
		IN_A_CITY(looks_in_run_when_nothing_is_named),
		cmocka_unit_test(a_home_too_long_is_not_found),
		cmocka_unit_test(keys_have_their_places),
		IN_A_CITY(asks_and_is_answered),
		IN_A_CITY(keeps_the_id_that_it_was_given),
		IN_A_CITY(asks_again_with_the_same_id),
		IN_A_CITY(passes_over_answers_to_others),
		IN_A_CITY(an_answer_without_sense_is_invalid),
		IN_A_CITY(a_node_that_is_not_there_is_a_timeout),
		IN_A_CITY(waits_for_a_node_that_starts_late),
		IN_A_CITY(comes_back_to_a_node_that_restarts),
		IN_A_CITY(sends_many_and_takes_their_answers),
		IN_A_CITY(ids_are_never_the_same),
		IN_A_CITY(an_operator_that_the_city_does_not_know_is_not_found),
		IN_A_CITY(an_operator_without_a_key_file_is_not_found),
		IN_A_CITY(a_key_file_of_somebody_else_is_invalid),
		IN_A_CITY(a_key_file_that_others_can_read_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

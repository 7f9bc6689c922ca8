/* Strangers by the thousand: who is let in while they knock. */
#include <errno.h>
#include <poll.h>
#include <sys/wait.h>
#include "fixture.h"
#include "net/sieve.h"

enum { KNOCKS = 2000, LATER_MS = 60000 };

/* Not the address that the tests' own clients come from. */
static const uint32_t elsewhere = INADDR_LOOPBACK + 1;

/* Does not wait until it is let in. */
static int knock(uint16_t port, uint32_t from)
{
	struct sockaddr_in source = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(from) };
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
		.sin_port = htons(port) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	assert_true(fd >= 0);
	assert_int_equal(
	    bind(fd, (struct sockaddr *)&source, sizeof(source)), 0);
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)))
		assert_int_equal(errno, EINPROGRESS);
	return fd;
}

/* Over the loopback whoever is answered at all is in at once. */
static bool is_in(int fd)
{
	struct pollfd item = { .fd = fd, .events = POLLOUT };

	return poll(&item, 1, 0) == 1 && !(item.revents & POLLERR);
}

static bool is_flooded(const struct net *net)
{
	struct net_strangers strangers;

	net_strangers(&strangers, net);
	assert_false(strangers.is_helpless);
	return strangers.is_flood;
}

/* Knocks until the door is shut. */
static void flood(struct net *net, uint16_t port, uint32_t from)
{
	for (int i = 0; i < KNOCKS && !is_flooded(net); i++) {
		close(knock(port, from));
		assert_true(net_wait(net, 1) >= 0);
	}
	assert_true(is_flooded(net));
}

/* A process that knocks without end. */
static pid_t flood_on(uint16_t port, uint32_t from)
{
	pid_t child = fork();

	assert_true(child >= 0);
	while (child == 0)
		close(knock(port, from));
	return child;
}

static void end(pid_t child)
{
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

static void does_not_answer_once_there_are_too_many(void **state)
{
	const struct place *place = *state;
	struct net *net = serve(place, place->tcp);
	int before = knock(place->port, elsewhere), after;

	flood(net, place->port, elsewhere);
	after = knock(place->port, elsewhere);
	assert_true(is_in(before));
	assert_false(is_in(after));

	close(before);
	close(after);
	net_close(&net);
}

static void lets_in_whoever_has_come_with_a_key_before(void **state)
{
	const struct place *place = *state;
	struct net *net = serve(place, place->tcp);
	pid_t stranger;
	int known;

	assert_serves(net, place);
	flood(net, place->port, elsewhere);
	known = knock(place->port, INADDR_LOOPBACK);
	assert_true(is_in(known));
	stranger = flood_on(place->port, elsewhere);
	for (int i = 0; i < 20; i++)
		assert_serves(net, place);
	assert_true(is_flooded(net));

	end(stranger);
	close(known);
	net_close(&net);
}

static void lets_in_a_neighbour_where_it_is_expected(void **state)
{
	const struct place *place = *state;
	const char *endpoints[] = { "ipc:///tmp/it", "tcp://a-name:1",
		"tcp://127.0.0.1:1" };
	struct net *net = serve(place, place->tcp);
	int known;

	net_expect(net, endpoints, 3);
	flood(net, place->port, elsewhere);
	known = knock(place->port, INADDR_LOOPBACK);
	assert_true(is_in(known));

	close(known);
	net_close(&net);
}

static void lets_in_a_new_friend_while_a_stranger_goes_on(void **state)
{
	const struct place *place = *state;
	struct net *net = serve(place, place->tcp);
	pid_t stranger;
	struct net_client *client;

	flood(net, place->port, elsewhere);
	stranger = flood_on(place->port, elsewhere);
	client = call(place, place->tcp, &place->client);
	assert_int_equal(echo(net, client, "me too", LATER_MS), 0);

	end(stranger);
	net_client_close(&client);
	net_close(&net);
}

static void a_friend_comes_back_though_strangers_share_his_address(void **state)
{
	const struct place *place = *state;
	struct net *net = serve(place, place->tcp);
	struct net_client *client;

	assert_serves(net, place);
	flood(net, place->port, INADDR_LOOPBACK);
	for (int i = 0; i < KNOCKS; i++) {
		close(knock(place->port, INADDR_LOOPBACK));
		net_wait(net, 0);
	}
	client = call(place, place->tcp, &place->client);
	assert_int_equal(echo(net, client, "me too", LATER_MS), 0);

	net_client_close(&client);
	net_close(&net);
}

static void whoever_is_in_stays_in(void **state)
{
	const struct place *place = *state;
	struct net *net = serve(place, place->tcp);
	struct net_client *client = call(place, place->tcp, &place->client);
	pid_t stranger;

	assert_int_equal(echo(net, client, "before", SOON_MS), 0);
	flood(net, place->port, elsewhere);
	stranger = flood_on(place->port, elsewhere);
	for (int i = 0; i < 200; i++)
		assert_int_equal(echo(net, client, "meanwhile", SOON_MS), 0);

	end(stranger);
	net_client_close(&client);
	net_close(&net);
}

static void is_open_to_all_again_after_the_flood(void **state)
{
	const struct place *place = *state;
	struct net *net = serve(place, place->tcp);
	int64_t until = ticks_ms() + LATER_MS;
	int fd;

	flood(net, place->port, elsewhere);
	while (is_flooded(net)) {
		assert_true(ticks_ms() < until);
		net_wait(net, 20);
	}
	fd = knock(place->port, elsewhere);
	assert_true(is_in(fd));

	close(fd);
	net_close(&net);
}

static void another_key_does_not_open_the_door_to_strangers(void **state)
{
	const struct place *place = *state;
	struct net *net = serve(place, place->tcp);
	int fd;

	flood(net, place->port, elsewhere);
	assert_int_equal(net_rekey(net, &place->other, 1, NULL, 0), 0);
	assert_int_equal(net_wait(net, 0), 0);
	fd = knock(place->port, elsewhere);
	assert_false(is_in(fd));

	close(fd);
	net_close(&net);
}

static void friends_in_numbers_are_no_flood(void **state)
{
	enum { FRIENDS = 400 };
	const struct place *place = *state;
	struct net *net = serve(place, place->tcp);

	for (int i = 0; i < FRIENDS; i++)
		assert_serves(net, place);
	assert_false(is_flooded(net));

	net_close(&net);
}

/* ---- the sieve ---- */

static int listen_anywhere(uint16_t *port_out)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&address, len), 0);
	assert_int_equal(listen(fd, 4096), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
	*port_out = ntohs(address.sin_port);
	return fd;
}

static bool passes(uint16_t port, uint32_t from)
{
	int fd = knock(port, from);
	bool is_passed = is_in(fd);

	close(fd);
	return is_passed;
}

static void half_of_the_addresses_pass_and_not_always_the_same(void **state)
{
	enum { SALTS = 400 };
	unsigned first = 0, second = 0, both = 0;
	uint16_t port;
	int fd = listen_anywhere(&port);
	(void)state;

	for (uint32_t i = 0; i < SALTS; i++) {
		struct sieve sieve = { .open = SIEVE_EVERYBODY >> 8,
			.salt = i * 2246822519u };
		assert_int_equal(sieve_set(fd, &sieve), 0);
		bool a = passes(port, INADDR_LOOPBACK + 7);
		bool b = passes(port, INADDR_LOOPBACK + 8);
		assert_int_equal(a, passes(port, INADDR_LOOPBACK + 7));
		first += a;
		second += b;
		both += a && b;
	}
	assert_in_range(first, SALTS / 3, SALTS * 2 / 3);
	assert_in_range(second, SALTS / 3, SALTS * 2 / 3);
	assert_in_range(both, SALTS / 8, SALTS * 3 / 8);
	close(fd);
}

static void an_address_is_of_one_class(void **state)
{
	uint16_t port;
	int fd = listen_anywhere(&port);
	(void)state;

	for (uint32_t i = 0; i < 20; i++) {
		unsigned classes = 0;
		for (unsigned class = 0; class < SIEVE_CLASSES; class ++) {
			struct sieve sieve = { .open = 1u << class,
				.salt = 0x9e3779b1 };
			assert_int_equal(sieve_set(fd, &sieve), 0);
			classes += passes(port, INADDR_LOOPBACK + i);
		}
		assert_int_equal(classes, 1);
	}
	close(fd);
}

static void as_many_as_fit_are_known(void **state)
{
	struct sieve sieve = { .open = SIEVE_NOBODY };
	uint16_t port;
	int fd = listen_anywhere(&port);
	(void)state;

	while (sieve.known_count < SIEVE_KNOWN_MAX) {
		sieve.known[sieve.known_count] =
		    htonl(INADDR_LOOPBACK + 1 + (uint32_t)sieve.known_count);
		sieve.known_count++;
	}
	assert_int_equal(sieve_set(fd, &sieve), 0);
	for (uint32_t i = 1; i <= SIEVE_KNOWN_MAX; i++)
		assert_true(passes(port, INADDR_LOOPBACK + i));
	assert_false(passes(port, INADDR_LOOPBACK));
	assert_false(passes(port, INADDR_LOOPBACK + SIEVE_KNOWN_MAX + 1));
	assert_int_equal(sieve_remove(fd), 0);
	assert_true(passes(port, INADDR_LOOPBACK));
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_A_PLACE(does_not_answer_once_there_are_too_many),
		IN_A_PLACE(lets_in_whoever_has_come_with_a_key_before),
		IN_A_PLACE(lets_in_a_neighbour_where_it_is_expected),
		IN_A_PLACE(lets_in_a_new_friend_while_a_stranger_goes_on),
		IN_A_PLACE(
		    a_friend_comes_back_though_strangers_share_his_address),
		IN_A_PLACE(whoever_is_in_stays_in),
		IN_A_PLACE(is_open_to_all_again_after_the_flood),
		IN_A_PLACE(another_key_does_not_open_the_door_to_strangers),
		IN_A_PLACE(friends_in_numbers_are_no_flood),
		cmocka_unit_test(
		    half_of_the_addresses_pass_and_not_always_the_same),
		cmocka_unit_test(an_address_is_of_one_class),
		cmocka_unit_test(as_many_as_fit_are_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

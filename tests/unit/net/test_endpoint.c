#include "fixture.h"

#include <netdb.h>

static int open_at(const struct place *place, const char *endpoint)
{
	struct net_config config = {
		.endpoint = endpoint,
		.key = place->server,
	};
	struct net *net;
	int rc = net_open(&net, &config);

	assert_true(rc == 0 ? net != NULL : net == NULL);
	net_close(&net);
	return rc;
}

static void a_tcp_port_that_is_taken_is_busy(void **state)
{
	const struct place *place = *state;
	struct net *net = serve(place, place->tcp);

	assert_int_equal(open_at(place, place->tcp), ERR_BUSY);

	net_close(&net);
}

static void a_port_taken_on_every_address_is_busy(void **state)
{
	const struct place *place = *state;
	struct net *net;
	char every[64];

	snprintf(every, sizeof(every), "tcp://0.0.0.0:%u", place->port);
	net = serve(place, every);
	assert_int_equal(open_at(place, place->tcp), ERR_BUSY);

	net_close(&net);
}

static void an_ipc_socket_that_somebody_answers_is_busy(void **state)
{
	const struct place *place = *state;
	struct net *net = serve(place, place->ipc);
	struct net_client *client = call(place, place->ipc, &place->client);

	assert_int_equal(open_at(place, place->ipc), ERR_BUSY);
	assert_int_equal(echo(net, client, "still here", SOON_MS), 0);

	net_client_close(&client);
	net_close(&net);
}

static void a_stale_ipc_socket_is_replaced(void **state)
{
	const struct place *place = *state;
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s/node",
	    place->folder);
	assert_int_equal(
	    bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	close(fd);
	assert_int_equal(open_at(place, place->ipc), 0);
}

static void a_file_in_the_way_is_not_removed(void **state)
{
	const struct place *place = *state;
	char path[96];
	FILE *file;

	snprintf(path, sizeof(path), "%s/node", place->folder);
	file = fopen(path, "w");
	fclose(file);
	assert_int_equal(open_at(place, place->ipc), ERR_INVALID);
	assert_int_equal(access(path, F_OK), 0);
}

static void closing_removes_its_ipc_socket(void **state)
{
	const struct place *place = *state;
	char path[96];

	snprintf(path, sizeof(path), "%s/node", place->folder);
	for (int i = 0; i < 20; i++) {
		struct net *net = serve(place, place->ipc);

		assert_int_equal(access(path, F_OK), 0);
		net_close(&net);
		assert_int_equal(access(path, F_OK), -1);
	}
}

static void closing_does_not_remove_what_is_not_its_own(void **state)
{
	const struct place *place = *state;
	struct net *net = serve(place, place->ipc);
	char path[96];
	FILE *file;

	snprintf(path, sizeof(path), "%s/node", place->folder);
	assert_int_equal(unlink(path), 0);
	file = fopen(path, "w");
	fclose(file);
	net_close(&net);
	assert_int_equal(access(path, F_OK), 0);
}

static void a_port_can_be_opened_again_at_once(void **state)
{
	const struct place *place = *state;

	for (int i = 0; i < 20; i++) {
		struct net *net = serve(place, place->tcp);
		struct net_client *client =
		    call(place, place->tcp, &place->client);

		assert_int_equal(echo(net, client, "hello", SOON_MS), 0);
		net_close(&net);
		net_client_close(&client);
	}
}

/* A root made by hand may have no /etc/hosts. */
static bool has_localhost(void)
{
	struct addrinfo *found = NULL;
	bool is_found = getaddrinfo("localhost", NULL, NULL, &found) == 0;

	if (is_found)
		freeaddrinfo(found);
	return is_found;
}

static void a_host_may_be_named(void **state)
{
	const struct place *place = *state;
	char named[64];
	struct net *net;
	struct net_client *client;

	if (!has_localhost())
		skip();
	snprintf(named, sizeof(named), "tcp://localhost:%u", place->port);
	for (int i = 0; i < 3; i++) {
		net = serve(place, named);
		client = call(place, named, &place->client);
		assert_int_equal(echo(net, client, "hello", SOON_MS), 0);
		net_client_close(&client);
		net_close(&net);
	}
}

static void refuses_what_is_no_endpoint(void **state)
{
	const struct place *place = *state;
	char deep[300] = "ipc:///tmp/";
	const char *bad[] = {
		"",
		"tcp",
		"tcp://",
		"tcp://127.0.0.1",
		"tcp://127.0.0.1:",
		"tcp://127.0.0.1:99999",
		"tcp://127.0.0.1:port",
		"tcp://127.0.0.1:0",
		"tcp://127.0.0.1:*",
		"tcp://:8000",
		"tcp://no such host:8000",
		"tcp://192.0.2.1:8000",
		"udp://127.0.0.1:8000",
		"inproc://door",
		"ipc://",
		"ipc://@abstract",
		"ipc://*",
		"ipc:///nonexistent/folder/node",
		deep,
	};

	memset(deep + strlen(deep), 'x', 150);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(open_at(place, bad[i]), ERR_INVALID);
}

static void a_folder_that_it_may_not_write_is_no_access(void **state)
{
	const struct place *place = *state;

	bool is_root = geteuid() == 0;

	/* The folder is its owner's alone; root may write everywhere. */
	chmod(place->folder, 0500);
	if (is_root)
		assert_int_equal(seteuid(65534), 0);
	assert_int_equal(open_at(place, place->ipc), ERR_ACCESS);
	if (is_root)
		assert_int_equal(seteuid(0), 0);
	chmod(place->folder, 0700);
}

static void refuses_a_parent_without_a_key(void **state)
{
	const struct place *place = *state;
	struct net_config config = {
		.endpoint = place->ipc,
		.key = place->server,
		.parent_endpoint = place->tcp,
		.parent_key = "not a key",
	};
	struct net *net;

	assert_int_equal(net_open(&net, &config), ERR_INVALID);
	assert_null(net);
	config.parent_key = place->client.public_key;
	config.parent_endpoint = "nowhere";
	assert_int_equal(net_open(&net, &config), ERR_INVALID);
}

static void refuses_a_key_of_its_own_that_is_none(void **state)
{
	const struct place *place = *state;
	struct net_config config = { .endpoint = place->ipc };
	struct net *net;

	assert_int_equal(net_open(&net, &config), ERR_INVALID);
	assert_null(net);
}

static void two_doors_of_one_name_are_busy(void **state)
{
	const struct place *place = *state;
	struct net *net = serve(place, place->ipc);
	struct net_config config = {
		.endpoint = place->tcp,
		.key = place->server,
		.local_name = "door",
	};
	struct net *second;

	assert_int_equal(net_open(&second, &config), ERR_BUSY);
	assert_null(second);

	net_close(&net);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_A_PLACE(a_tcp_port_that_is_taken_is_busy),
		IN_A_PLACE(a_port_taken_on_every_address_is_busy),
		IN_A_PLACE(an_ipc_socket_that_somebody_answers_is_busy),
		IN_A_PLACE(a_stale_ipc_socket_is_replaced),
		IN_A_PLACE(a_file_in_the_way_is_not_removed),
		IN_A_PLACE(closing_removes_its_ipc_socket),
		IN_A_PLACE(closing_does_not_remove_what_is_not_its_own),
		IN_A_PLACE(a_port_can_be_opened_again_at_once),
		IN_A_PLACE(a_host_may_be_named),
		IN_A_PLACE(refuses_what_is_no_endpoint),
		IN_A_PLACE(a_folder_that_it_may_not_write_is_no_access),
		IN_A_PLACE(refuses_a_parent_without_a_key),
		IN_A_PLACE(refuses_a_key_of_its_own_that_is_none),
		IN_A_PLACE(two_doors_of_one_name_are_busy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

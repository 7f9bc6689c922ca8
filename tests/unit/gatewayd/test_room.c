/*
 * What one client and all may have at once; the end in peace; the access
 * log; what gateway.yaml says.
 */
#include "fixture.h"

#include <fcntl.h>
#include "gatewayd/lines.h"

static int fds[LINES_ADDRESS_MAX + LINES_ADDRESS_SPARE + 1];
static size_t open_count;

static int begin(void **state)
{
	open_count = 0;
	return open_here(state);
}

static int end(void **state)
{
	for (size_t i = 0; i < open_count; i++)
		close(fds[i]);
	return close_here(state);
}

static void dial_more(size_t count)
{
	while (count-- > 0)
		fds[open_count++] = dial();
}

static void write_home(const char *name, const char *text)
{
	char path[128];
	FILE *out;

	in_home(path, name);
	out = fopen(path, "w");
	assert_non_null(out);
	assert_true(fputs(text, out) >= 0);
	assert_int_equal(fclose(out), 0);
}

static bool file_has(const char *name, const char *text)
{
	static char whole[64 * 1024];
	char path[128];
	size_t len;
	FILE *in;

	in_home(path, name);
	in = fopen(path, "r");
	if (!in)
		return false;
	len = fread(whole, 1, sizeof(whole) - 1, in);
	fclose(in);
	whole[len] = '\0';
	return strstr(whole, text) != NULL;
}

static void healthy(int fd, const char *more, int status)
{
	send_request(fd, "GET", "/healthz", more, "");
	assert_true(hear(SOON_MS));
	say_status(&here.request.id, 0);
	assert_int_equal(read_answer(fd), status);
}

/* ---- room ---- */

static void one_too_many_from_an_address_is_told_so(void **state)
{
	(void)state;
	dial_more(LINES_ADDRESS_MAX);
	healthy(fds[LINES_ADDRESS_MAX - 1], "", 200);
	dial_more(1);
	get(fds[LINES_ADDRESS_MAX], "/healthz");
	assert_int_equal(read_answer(fds[LINES_ADDRESS_MAX]), 503);
	assert_true(answer_has("Retry-After: 1\r\n"));
	assert_true(answer_has("Connection: close\r\n"));
	assert_true(answer_has("urn:whistle:problem:busy"));
	assert_true(is_hung_up(fds[LINES_ADDRESS_MAX]));
	healthy(fds[0], "", 200);
}

static void there_is_room_again_when_one_leaves(void **state)
{
	int fd;

	(void)state;
	dial_more(LINES_ADDRESS_MAX);
	healthy(fds[0], "Connection: close\r\n", 200);
	assert_true(is_hung_up(fds[0]));
	fd = dial();
	healthy(fd, "", 200);
	close(fd);
}

static void who_presses_on_is_hung_up_on(void **state)
{
	int fd;

	(void)state;
	dial_more(LINES_ADDRESS_MAX + LINES_ADDRESS_SPARE);
	fd = dial();
	assert_true(is_hung_up(fd));
	close(fd);
	healthy(fds[0], "", 200);
}

/* ---- behind a proxy ---- */

static void restart_with(const char *config)
{
	http_side.stop(here.side);
	here.side = NULL;
	write_home("gateway.yaml", config);
	assert_int_equal(start_side(), 0);
}

static void a_proxy_may_have_more_connections(void **state)
{
	(void)state;
	restart_with("proxies: [127.0.0.1]\n");
	dial_more(LINES_ADDRESS_MAX + LINES_ADDRESS_SPARE + 1);
	healthy(fds[LINES_ADDRESS_MAX + LINES_ADDRESS_SPARE],
	    "X-Forwarded-For: 192.0.2.1\r\n", 200);
}

static void one_client_behind_a_proxy_has_its_bound(void **state)
{
	(void)state;
	restart_with("proxies: [127.0.0.1]\n");
	dial_more(LINES_ADDRESS_MAX + 1);
	for (int i = 0; i < LINES_ADDRESS_MAX; i++) {
		send_request(fds[i], "GET", "/healthz",
		    "X-Forwarded-For: 192.0.2.1\r\n", "");
		assert_true(hear(SOON_MS));
	}
	send_request(fds[LINES_ADDRESS_MAX], "GET", "/healthz",
	    "X-Forwarded-For: 192.0.2.1\r\n", "");
	assert_int_equal(read_answer(fds[LINES_ADDRESS_MAX]), 503);
	healthy(fds[LINES_ADDRESS_MAX], "X-Forwarded-For: 192.0.2.2\r\n", 200);
}

static void refuses_a_config_that_makes_no_sense(void **state)
{
	static const char *const bad[] = { "proxies: [nobody]\n",
		"proxies: [10.0.0.0/8]\n", "tls_cert: a.pem\n",
		"tls_key: a.pem\n", "tls_cert: a.pem\ntls_key: b.pem\n",
		"tls: yes\n", "access_log: no/such/folder/log\n" };

	(void)state;
	http_side.stop(here.side);
	here.side = NULL;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		write_home("gateway.yaml", bad[i]);
		assert_true(start_side() < 0);
	}
}

/* ---- the end ---- */

/* The HTTP side is a thread of its own: until it has heard of it. */
static void wait_draining(void)
{
	do {
		int fd = dial();
		get(fd, "/readyz");
		assert_true(hear(SOON_MS));
		say_status(&here.request.id, 0);
		assert_true(read_answer(fd) > 0);
		close(fd);
	} while (!answer_has("\"state\":\"draining\""));
}

static void what_is_under_way_is_finished(void **state)
{
	struct wire_request order;

	(void)state;
	dial_more(2);
	post_order(fds[0], "{\"number\":\"1\",\"title\":\"x\"}");
	assert_true(hear(SOON_MS));
	order = here.request;
	assert_false(http_side.drain(here.side));
	wait_draining();
	post_order(fds[1], "{\"number\":\"2\",\"title\":\"x\"}");
	assert_int_equal(read_answer(fds[1]), 503);
	assert_true(answer_has("urn:whistle:problem:stopping"));
	assert_true(answer_has("Connection: close\r\n"));
	assert_true(answer_has("Retry-After: "));
	assert_false(http_side.drain(here.side));
	here.request = order;
	say_opened(false);
	assert_int_equal(read_answer(fds[0]), 201);
	assert_true(answer_has("Connection: close\r\n"));
	while (!http_side.drain(here.side))
		usleep(1000);
}

static void who_watches_sees_that_it_ends(void **state)
{
	(void)state;
	dial_more(2);
	while (!http_side.drain(here.side))
		usleep(1000);
	get(fds[0], "/readyz");
	assert_true(hear(SOON_MS));
	say_status(&here.request.id, 0);
	assert_int_equal(read_answer(fds[0]), 503);
	assert_true(answer_has("\"state\":\"draining\""));
	healthy(fds[1], "", 200);
}

/* ---- the access log ---- */

static void the_access_log_has_every_request_and_no_secret(void **state)
{
	char headers[512];

	(void)state;
	restart_with("access_log: access.log\n");
	dial_more(1);
	for (int i = 0; i < 3; i++) {
		get(fds[0], "/nowhere?phone=13900001234");
		assert_int_equal(read_answer(fds[0]), 404);
	}
	get(fds[0], "/t/SECRET13900001234");
	assert_int_equal(read_answer(fds[0]), 404);
	sign(headers, "hotline", here.key, "GET",
	    "/hotline/v1/tickets/13900001234", "");
	send_request(
	    fds[0], "GET", "/hotline/v1/tickets/13900001234", headers, "");
	assert_true(hear(SOON_MS));
	say_refused("unknown_ticket");
	assert_int_equal(read_answer(fds[0]), 404);
	healthy(fds[0], "Connection: close\r\n", 200);
	assert_true(is_hung_up(fds[0]));
	assert_true(
	    file_has("access.log", " http=GET path=- status=404 bytes="));
	assert_true(file_has("access.log", " path=/t/{secret} status=404 "));
	assert_true(file_has(
	    "access.log", " path=/hotline/v1/tickets/{number} status=404 "));
	assert_true(file_has("access.log", " client=hotline\n"));
	assert_true(file_has("access.log", " path=/healthz status=200 "));
	assert_false(file_has("access.log", "1390000"));
	assert_false(file_has("access.log", "SECRET"));
	assert_false(file_has("access.log", "127.0.0.1"));
}

static void a_reload_opens_the_log_that_was_moved_anew(void **state)
{
	char from[128], to[128];

	(void)state;
	restart_with("access_log: access.log\n");
	in_home(from, "access.log");
	in_home(to, "access.1");
	assert_int_equal(rename(from, to), 0);
	http_side.reload(here.side);
	while (access(from, F_OK) != 0)
		usleep(1000);
	dial_more(1);
	healthy(fds[0], "Connection: close\r\n", 200);
	assert_true(is_hung_up(fds[0]));
	assert_true(file_has("access.log", "path=/healthz"));
	assert_false(file_has("access.1", "path=/healthz"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(one_too_many_from_an_address_is_told_so),
		TEST(there_is_room_again_when_one_leaves),
		TEST(who_presses_on_is_hung_up_on),
		TEST(a_proxy_may_have_more_connections),
		TEST(one_client_behind_a_proxy_has_its_bound),
		TEST(refuses_a_config_that_makes_no_sense),
		TEST(what_is_under_way_is_finished),
		TEST(who_watches_sees_that_it_ends),
		TEST(the_access_log_has_every_request_and_no_secret),
		TEST(a_reload_opens_the_log_that_was_moved_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/err.h"
#include "gatewayd/listen.h"

static unsigned port_of(int fd)
{
	struct sockaddr_in address;
	socklen_t len = sizeof(address);

	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
	return ntohs(address.sin_port);
}

static void refuses_what_is_no_address(void **state)
{
	static const char *const wrong[] = { "", ":", "8311", ":8311",
		"127.0.0.1", "127.0.0.1:", "127.0.0.1:http", "127.0.0.1:-1",
		"127.0.0.1:831111", "127.0.0.1:65536", "::1:8311", "[::1]",
		"[]:8311" };
	int fd;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(listen_at(&fd, wrong[i]), ERR_INVALID);
}

static void says_when_the_port_is_taken(void **state)
{
	char address[64];
	int fd, other;

	(void)state;
	assert_int_equal(listen_at(&fd, "127.0.0.1:0"), 0);
	snprintf(address, sizeof(address), "127.0.0.1:%u", port_of(fd));
	assert_int_equal(listen_at(&other, address), ERR_BUSY);
	close(fd);
	assert_int_equal(listen_at(&other, address), 0);
	close(other);
}

static void says_when_the_host_is_not_here(void **state)
{
	int fd;

	(void)state;
	assert_int_equal(listen_at(&fd, "192.0.2.1:0"), ERR_NOT_FOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_what_is_no_address),
		cmocka_unit_test(says_when_the_port_is_taken),
		cmocka_unit_test(says_when_the_host_is_not_here),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

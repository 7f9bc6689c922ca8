/*
 * What systemd hears of a daemon (Type=notify, WatchdogSec): that it is ready
 * once it can be asked, that it lives, again and again, and that it stops.
 */
#include "harness/harness.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { SAID_MAX = 256 };

static struct city city;
static int ear = -1;

static int open_ear(void **state)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct timeval patience = { .tv_sec = PATIENCE_MS / 1000 };
	(void)state;

	city_prepare(&city);
	city_found(&city);
	snprintf(
	    address.sun_path, sizeof(address.sun_path), "%.90s/notify", city.dir);
	ear = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_true(ear >= 0);
	assert_int_equal(
	    bind(ear, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(setsockopt(ear, SOL_SOCKET, SO_RCVTIMEO, &patience,
			     sizeof(patience)),
	    0);
	setenv("NOTIFY_SOCKET", address.sun_path, 1);
	return 0;
}

static int close_ear(void **state)
{
	(void)state;
	unsetenv("NOTIFY_SOCKET");
	close(ear);
	return 0;
}

/* The next that it says, without waiting longer than anybody would. */
static const char *hear(void)
{
	static char said[SAID_MAX];
	ssize_t len = recv(ear, said, sizeof(said) - 1, 0);

	assert_true(len > 0);
	said[len] = '\0';
	return said;
}

static void systemd_hears_that_it_is_ready_lives_and_stops(void **state)
{
	(void)state;

	daemon_start(&city, "cityd", NULL);
	assert_string_equal(hear(), "READY=1");
	city_wait_state(&city, "cityd", "running");
	for (int i = 0; i < 3; i++)
		assert_string_equal(hear(), "WATCHDOG=1");

	assert_int_equal(daemon_stop(&city, "cityd"), 0);
	const char *said = hear();
	while (!strcmp(said, "WATCHDOG=1"))
		said = hear();
	assert_string_equal(said, "STOPPING=1");
}

/* Whoever cannot start must not be taken for one that did. */
static void one_that_cannot_start_is_never_ready(void **state)
{
	char said[SAID_MAX];
	(void)state;

	file_write(city_path(&city, "units.csv"), "code\n");

	assert_int_equal(daemon_fails(&city, "cityd", NULL), 5);
	assert_int_equal(recv(ear, said, sizeof(said), MSG_DONTWAIT), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    systemd_hears_that_it_is_ready_lives_and_stops),
		cmocka_unit_test(one_that_cannot_start_is_never_ready),
	};

	return flow_end(cmocka_run_group_tests_name(
	    "watchdog", tests, open_ear, close_ear));
}

/* A secret is read only where nobody else can. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/err.h"
#include "base/private.h"

enum { SOMEBODY = 65534 };

static char folder[] = "/tmp/whistle-private-XXXXXX";
static char path[64];

static int make(void **state)
{
	(void)state;
	if (!mkdtemp(folder) || chmod(folder, 0755) != 0)
		return -1;
	snprintf(path, sizeof(path), "%s/secret", folder);
	close(open(path, O_WRONLY | O_CREAT, 0600));
	return 0;
}

static int clear(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(folder);
}

static int try_open(void)
{
	int fd = -1, rc = private_open(&fd, path);

	if (!rc)
		close(fd);
	return rc;
}

static void opens_what_is_ours_alone(void **state)
{
	(void)state;
	chmod(path, 0600);
	assert_int_equal(try_open(), 0);
	chmod(path, 0400);
	assert_int_equal(try_open(), 0);
}

static void refuses_what_others_may_read(void **state)
{
	const mode_t modes[] = { 0644, 0640, 0604, 0620, 0610 };

	(void)state;
	for (size_t i = 0; i < sizeof(modes) / sizeof(*modes); i++) {
		chmod(path, modes[i]);
		assert_int_equal(try_open(), ERR_ACCESS);
	}
}

/* What private_open says to a user who is not root; -1 to -124. */
static int try_as_somebody(gid_t group)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		if (setgid(group) != 0 || setuid(SOMEBODY) != 0)
			_exit(125);
		_exit(-try_open());
	}
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_not_equal(WEXITSTATUS(status), 125);
	return -WEXITSTATUS(status);
}

/* A container's secret: root's, and of a group with one member. */
static void opens_a_mounted_secret_of_our_group(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	chmod(path, 0440);
	assert_int_equal(chown(path, 0, SOMEBODY), 0);
	assert_int_equal(try_as_somebody(SOMEBODY), 0);
	chmod(path, 0460);
	assert_int_equal(try_as_somebody(SOMEBODY), ERR_ACCESS);
	chmod(path, 0444);
	assert_int_equal(try_as_somebody(SOMEBODY), ERR_ACCESS);
	chmod(path, 0440);
	assert_int_equal(try_as_somebody(SOMEBODY - 1), ERR_ACCESS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opens_what_is_ours_alone),
		cmocka_unit_test(refuses_what_others_may_read),
		cmocka_unit_test(opens_a_mounted_secret_of_our_group),
	};

	return cmocka_run_group_tests_name("private", tests, make, clear);
}

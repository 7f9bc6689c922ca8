#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "base/err.h"
#include "gatewayd/call_config.h"

static char home[64];
static struct call_config config;

static void in_home(char out[128], const char *name)
{
	snprintf(out, 128, "%s/%s", home, name);
}

static int make_home(void **state)
{
	char path[128];

	(void)state;
	strcpy(home, "/tmp/whistle-calls-XXXXXX");
	assert_non_null(mkdtemp(home));
	in_home(path, "keys");
	assert_int_equal(mkdir(path, 0700), 0);
	in_home(path, "keys/http");
	assert_int_equal(mkdir(path, 0700), 0);
	in_home(path, "keys/http/hotline.key");
	return sign_key_make(path);
}

static int remove_home(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf '%s'", home);
	return system(command);
}

static int load(const char *text)
{
	char path[128];
	FILE *file;

	in_home(path, "hotline.yaml");
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
	return call_config_load(&config, home);
}

static void is_off_without_a_file(void **state)
{
	(void)state;
	config.is_on = true;
	assert_int_equal(call_config_load(&config, home), 0);
	assert_false(config.is_on);
}

static void reads_address_and_client(void **state)
{
	(void)state;
	assert_int_equal(
	    load(
		"url: http://127.0.0.1:9000/in/whistle?a=b\nclient: hotline\n"),
	    0);
	assert_true(config.is_on);
	assert_string_equal(config.client, "hotline");
	assert_string_equal(config.target, "/in/whistle?a=b");
}

static void refuses_what_is_wrong(void **state)
{
	static const char *const wrong[] = { "", "url: http://a/\n",
		"client: hotline\n", "url: ftp://a/\nclient: hotline\n",
		"url: http://a/\nclient: a b\n",
		"url: http://a/\nclient: ../hotline\n",
		"url: http://a/\nclient: hotline\nmore: 1\n",
		"url: http://me@a/\nclient: hotline\n" };

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(load(wrong[i]), ERR_INVALID);
	assert_int_equal(
	    load("url: http://a/\nclient: other\n"), ERR_NOT_FOUND);
}

static int load_long(size_t len)
{
	char text[2 * CALL_URL_MAX] = "url: http://";

	for (size_t i = strlen("http://"); i < len; i++)
		strcat(text, "a");
	strcat(text, "\nclient: hotline\n");
	return load(text);
}

static void an_address_has_its_length(void **state)
{
	(void)state;
	assert_int_equal(load_long(CALL_URL_MAX - 1), 0);
	assert_int_equal(load_long(CALL_URL_MAX), ERR_INVALID);
}

static void refuses_a_key_that_others_may_read(void **state)
{
	char path[128];

	(void)state;
	in_home(path, "keys/http/hotline.key");
	assert_int_equal(chmod(path, 0644), 0);
	assert_int_equal(load("url: http://a/\nclient: hotline\n"), ERR_ACCESS);
}

static void knows_an_address_when_it_sees_one(void **state)
{
	static const char *const wrong[] = { "", "http://", "https:///x",
		"file:///etc/passwd", "http://a b/", "http://a/#x",
		"http://a?x", "http://u:p@a/", "HTTP://a/", "http://a/\n" };

	(void)state;
	assert_string_equal(call_target("http://a"), "/");
	assert_string_equal(call_target("https://a:1/b?c@d"), "/b?c@d");
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_null(call_target(wrong[i]));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_home, remove_home)
	const struct CMUnitTest tests[] = {
		TEST(is_off_without_a_file),
		TEST(reads_address_and_client),
		TEST(refuses_what_is_wrong),
		TEST(an_address_has_its_length),
		TEST(refuses_a_key_that_others_may_read),
		TEST(knows_an_address_when_it_sees_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/err.h"
#include "gatewayd/keys.h"

#define HEX "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n"

#define OLD_HEX                                                                \
	"ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100\n"

static char folder[64];

static int make_folder(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/whistle-keys-XXXXXX");
	return mkdtemp(folder) ? 0 : -1;
}

static int drop_folder(void **state)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	char path[400];

	(void)state;
	while ((entry = readdir(dir)) != NULL) {
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		unlink(path);
	}
	closedir(dir);
	return rmdir(folder);
}

static void put(const char *name, const char *text, mode_t mode)
{
	char path[400];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	assert_int_equal(chmod(path, mode), 0);
}

static int load(struct keys *keys)
{
	return keys_load(keys, folder);
}

static void loads_a_key_for_each_file(void **state)
{
	struct keys keys;

	(void)state;
	put("hotline.key", HEX, 0600);
	put("poster-2.key", HEX, 0400);
	put("README", "not a key", 0644);
	put(".hidden.key", "an editor's", 0644);
	assert_int_equal(load(&keys), 0);
	assert_int_equal(keys.count, 2);
	assert_non_null(keys_find(&keys, "hotline"));
	assert_int_equal(keys_find(&keys, "poster-2")->key[1], 0x11);
	assert_null(keys_find(&keys, "README"));
	assert_null(keys_find(&keys, ""));
	keys_free(&keys);
	assert_null(keys_find(&keys, "hotline"));
}

static void a_key_of_before_is_good_beside_the_new_one(void **state)
{
	struct keys keys;

	(void)state;
	put("hotline.key", HEX, 0600);
	put("poster.key", HEX, 0600);
	put("hotline.key.old", OLD_HEX, 0600);
	assert_int_equal(load(&keys), 0);
	assert_int_equal(keys.count, 2);
	assert_true(keys_find(&keys, "hotline")->has_old);
	assert_int_equal(keys_find(&keys, "hotline")->old_key[1], 0xee);
	assert_false(keys_find(&keys, "poster")->has_old);
	keys_free(&keys);
	put("hotline.key.old", OLD_HEX, 0640); /* others may read it */
	assert_int_equal(load(&keys), ERR_ACCESS);
	put("hotline.key.old", "no key\n", 0600);
	assert_int_equal(load(&keys), ERR_INVALID);
}

static void wants_at_least_one_key(void **state)
{
	struct keys keys;

	(void)state;
	assert_int_equal(load(&keys), ERR_NOT_FOUND);
	assert_int_equal(keys_load(&keys, "/nowhere/at/all"), ERR_NOT_FOUND);
}

static void refuses_all_for_one_that_others_may_read(void **state)
{
	struct keys keys;

	(void)state;
	put("good.key", HEX, 0600);
	put("open.key", HEX, 0644);
	assert_int_equal(load(&keys), ERR_ACCESS);
}

static void refuses_names_that_cannot_be_said(void **state)
{
	struct keys keys;

	(void)state;
	put("a b.key", HEX, 0600);
	assert_int_equal(load(&keys), ERR_INVALID);
	drop_folder(state);
	make_folder(state);
	put("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    ".key",
	    HEX, 0600);
	assert_int_equal(load(&keys), ERR_INVALID);
}

static void refuses_a_file_that_is_no_key(void **state)
{
	struct keys keys;

	(void)state;
	put("empty.key", "", 0600);
	assert_int_equal(load(&keys), ERR_INVALID);
}

static void refuses_more_keys_than_it_takes(void **state)
{
	struct keys keys;
	char name[32];

	(void)state;
	for (unsigned i = 0; i < KEYS_MAX; i++) {
		snprintf(name, sizeof(name), "k%u.key", i);
		put(name, HEX, 0600);
	}
	assert_int_equal(load(&keys), 0);
	keys_free(&keys);
	put("last.key", HEX, 0600);
	assert_int_equal(load(&keys), ERR_TOO_LARGE);
}

#define IN_FOLDER(test)                                                        \
	cmocka_unit_test_setup_teardown(test, make_folder, drop_folder)

static void a_client_may_do_everything_unless_its_file_says_less(void **state)
{
	const struct client_key *client;
	struct keys keys;

	(void)state;
	put("hotline.key", HEX, 0600);
	put("page.key", HEX, 0600);
	put("page.yaml", "scopes: [read, rate]\nrate: 2\n", 0644);
	assert_int_equal(load(&keys), 0);
	assert_int_equal(keys_find(&keys, "hotline")->scopes, SCOPE_ALL);
	client = keys_find(&keys, "page");
	assert_int_equal(client->scopes, SCOPE_READ | SCOPE_RATE);
	assert_int_equal(client->allowance.burst, 2);
	assert_true(keys_allow(&keys, "page", 1000));
	assert_true(keys_allow(&keys, "page", 1000));
	assert_false(keys_allow(&keys, "page", 1400));
	assert_true(keys_allow(&keys, "page", 1500));
	assert_false(keys_allow(&keys, "nobody", 1500));
	keys_free(&keys);
}

static void refuses_what_a_client_s_file_cannot_mean(void **state)
{
	static const char *const wrong[] = { "scopes: [all]\n", "rate: 5\n",
		"scopes: [read]\nrate: 0\n", "scopes: read\n",
		"scopes: [read]\nspeed: 5\n", "" };
	struct keys keys;

	(void)state;
	put("hotline.key", HEX, 0600);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		put("hotline.yaml", wrong[i], 0600);
		assert_int_equal(load(&keys), ERR_INVALID);
	}
	put("hotline.yaml", "scopes: [read]\n", 0666);
	assert_int_equal(load(&keys), ERR_ACCESS);
	put("hotline.yaml", "scopes: []\n", 0600);
	assert_int_equal(load(&keys), 0);
	assert_int_equal(keys_find(&keys, "hotline")->scopes, SCOPE_NONE);
	keys_free(&keys);
	put("stranger.yaml", "scopes: [read]\n", 0600);
	assert_int_equal(load(&keys), ERR_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(loads_a_key_for_each_file),
		IN_FOLDER(a_key_of_before_is_good_beside_the_new_one),
		IN_FOLDER(wants_at_least_one_key),
		IN_FOLDER(refuses_all_for_one_that_others_may_read),
		IN_FOLDER(refuses_names_that_cannot_be_said),
		IN_FOLDER(refuses_a_file_that_is_no_key),
		IN_FOLDER(refuses_more_keys_than_it_takes),
		IN_FOLDER(a_client_may_do_everything_unless_its_file_says_less),
		IN_FOLDER(refuses_what_a_client_s_file_cannot_mean),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "fixture.h"

static void write_file(char path_out[128], const struct place *place,
    const char *content, size_t len, mode_t mode)
{
	FILE *file;

	snprintf(path_out, 128, "%s/a.key", place->folder);
	file = fopen(path_out, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(content, 1, len, file), len);
	fclose(file);
	assert_int_equal(chmod(path_out, mode), 0);
}

/* What net_key_load says to a file with this in it. */
static int load(const struct place *place, const char *content, size_t len)
{
	struct net_key key;
	char path[128];

	write_file(path, place, content, len, 0600);
	return net_key_load(&key, path);
}

static int load_pair(
    const struct place *place, const char *public_key, const char *secret_key)
{
	char content[512];
	int len = snprintf(content, sizeof(content),
	    "metadata\ncurve\n    public-key = \"%s\"\n"
	    "    secret-key = \"%s\"\n",
	    public_key, secret_key);

	return load(place, content, (size_t)len);
}

static void save_own(char path_out[128], const struct place *place)
{
	snprintf(path_out, 128, "%s/own.key", place->folder);
	assert_int_equal(net_key_save(path_out, &place->client), 0);
}

static void loads_what_it_saved(void **state)
{
	const struct place *place = *state;

	for (int i = 0; i < 200; i++) {
		struct net_key made, loaded;
		char path[128];

		snprintf(path, sizeof(path), "%s/%d.key", place->folder, i);
		assert_int_equal(net_key_make(&made), 0);
		assert_int_equal(net_key_save(path, &made), 0);
		assert_int_equal(net_key_load(&loaded, path), 0);
		assert_memory_equal(&made, &loaded, sizeof(made));
	}
}

static void saves_for_the_owner_alone(void **state)
{
	const struct place *place = *state;
	struct stat status;
	char path[128];
	mode_t mask = umask(0);

	save_own(path, place);
	umask(mask);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
}

static void never_saves_over_a_file(void **state)
{
	const struct place *place = *state;
	struct net_key loaded;
	char path[128];

	save_own(path, place);
	assert_int_equal(net_key_save(path, &place->other), ERR_EXISTS);
	assert_int_equal(net_key_load(&loaded, path), 0);
	assert_memory_equal(&loaded, &place->client, sizeof(loaded));
}

static void cannot_save_into_a_folder_that_is_not_there(void **state)
{
	const struct place *place = *state;
	char path[128];

	snprintf(path, sizeof(path), "%s/none/a.key", place->folder);
	assert_int_equal(net_key_save(path, &place->client), ERR_NOT_FOUND);
}

static void refuses_a_file_that_others_may_read(void **state)
{
	const struct place *place = *state;
	const mode_t modes[] = { 0644, 0640, 0604, 0660, 0666, 0601, 0610 };
	struct net_key key;
	char path[128];

	save_own(path, place);
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		chmod(path, modes[i]);
		assert_int_equal(net_key_load(&key, path), ERR_ACCESS);
	}
	chmod(path, 0400);
	assert_int_equal(net_key_load(&key, path), 0);
}

static void a_missing_file_is_not_found(void **state)
{
	const struct place *place = *state;
	struct net_key key;
	char path[128];

	snprintf(path, sizeof(path), "%s/none.key", place->folder);
	assert_int_equal(net_key_load(&key, path), ERR_NOT_FOUND);
	assert_int_equal(net_key_load(&key, ""), ERR_NOT_FOUND);
}

static void a_folder_is_no_key(void **state)
{
	const struct place *place = *state;
	struct net_key key;

	assert_int_equal(net_key_load(&key, place->folder), ERR_INVALID);
}

static void a_pipe_does_not_hold_it_up(void **state)
{
	const struct place *place = *state;
	struct net_key key;
	char path[128];

	snprintf(path, sizeof(path), "%s/pipe", place->folder);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(net_key_load(&key, path), ERR_INVALID);
}

static void refuses_halves_that_do_not_fit(void **state)
{
	const struct place *place = *state;

	assert_int_equal(
	    load_pair(place, place->client.public_key, place->other.secret_key),
	    ERR_INVALID);
	assert_int_equal(load_pair(place, place->client.secret_key,
			     place->client.public_key),
	    ERR_INVALID);
	assert_int_equal(load_pair(place, place->client.public_key,
			     place->client.secret_key),
	    0);
}

static void refuses_a_public_key_alone(void **state)
{
	const struct place *place = *state;
	char content[256];
	int len = snprintf(content, sizeof(content),
	    "metadata\ncurve\n    public-key = \"%s\"\n",
	    place->client.public_key);

	assert_int_equal(load(place, content, (size_t)len), ERR_INVALID);
}

static void refuses_what_is_not_z85(void **state)
{
	const struct place *place = *state;
	char odd[NET_KEY_TEXT];

	memset(odd, '#', sizeof(odd) - 1);
	odd[sizeof(odd) - 1] = '\0';
	assert_int_equal(load_pair(place, odd, odd), ERR_INVALID);
	memset(odd, '~', sizeof(odd) - 1);
	assert_int_equal(load_pair(place, odd, odd), ERR_INVALID);
	assert_int_equal(load_pair(place, "", ""), ERR_INVALID);
	assert_int_equal(load_pair(place, "short", "short"), ERR_INVALID);
}

/* Every prefix of a good file, and every byte of it spoilt in turn. */
static void a_damaged_file_never_loads_as_another_key(void **state)
{
	const struct place *place = *state;
	struct net_key key;
	char path[128], good[512], spoilt[512];
	size_t len;
	FILE *file;

	save_own(path, place);
	file = fopen(path, "r");
	len = fread(good, 1, sizeof(good), file);
	fclose(file);
	for (size_t i = 0; i < len; i++) {
		int rc = load(place, good, i);

		assert_true(rc == ERR_INVALID || i + 2 >= len);
		memcpy(spoilt, good, len);
		spoilt[i] ^= (char)(1 << (i % 8));
		write_file(path, place, spoilt, len, 0600);
		rc = net_key_load(&key, path);
		assert_true(rc == 0 || rc == ERR_INVALID);
		if (rc == 0)
			assert_memory_equal(&key, &place->client, sizeof(key));
	}
}

static void refuses_binary_empty_and_endless_files(void **state)
{
	const struct place *place = *state;
	char *large = calloc(1, 1 << 20);

	assert_int_equal(load(place, "", 0), ERR_INVALID);
	assert_int_equal(load(place, large, 100), ERR_INVALID);
	memset(large, '\n', 1 << 20);
	assert_int_equal(load(place, large, 1 << 20), ERR_INVALID);
	free(large);
}

static void a_failure_leaves_the_key_as_it_was(void **state)
{
	const struct place *place = *state;
	struct net_key key = place->other;

	assert_int_equal(net_key_load(&key, place->folder), ERR_INVALID);
	assert_memory_equal(&key, &place->other, sizeof(key));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_A_PLACE(loads_what_it_saved),
		IN_A_PLACE(saves_for_the_owner_alone),
		IN_A_PLACE(never_saves_over_a_file),
		IN_A_PLACE(cannot_save_into_a_folder_that_is_not_there),
		IN_A_PLACE(refuses_a_file_that_others_may_read),
		IN_A_PLACE(a_missing_file_is_not_found),
		IN_A_PLACE(a_folder_is_no_key),
		IN_A_PLACE(a_pipe_does_not_hold_it_up),
		IN_A_PLACE(refuses_halves_that_do_not_fit),
		IN_A_PLACE(refuses_a_public_key_alone),
		IN_A_PLACE(refuses_what_is_not_z85),
		IN_A_PLACE(a_damaged_file_never_loads_as_another_key),
		IN_A_PLACE(refuses_binary_empty_and_endless_files),
		IN_A_PLACE(a_failure_leaves_the_key_as_it_was),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

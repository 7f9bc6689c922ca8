/* The folder of files: parts grow, get their name, and are noticed when the
 * disk has changed them. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/err.h"
#include "store/files.h"

static char dir[64];
static struct files *files;
static const char text[] = "这是一份说明，写给后来的人。";
static struct hash text_hash;

static int remove_one(
    const char *path, const struct stat *stat, int type, struct FTW *ftw)
{
	(void)stat;
	(void)type;
	(void)ftw;
	return remove(path);
}

static int setup(void **state)
{
	(void)state;
	strcpy(dir, "/tmp/whistle-files-XXXXXX");
	assert_non_null(mkdtemp(dir));
	assert_int_equal(files_open(&files, dir), 0);
	hash_of(&text_hash, bytes_of(text, sizeof(text) - 1));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	files_close(&files);
	nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	return 0;
}

/* As after a restart: nothing is remembered of what was written. */
static void open_again(void)
{
	files_close(&files);
	assert_int_equal(files_open(&files, dir), 0);
}

static void add_all(const char *part)
{
	for (size_t at = 0; at < sizeof(text) - 1; at += 7) {
		size_t len = sizeof(text) - 1 - at;
		assert_int_equal(files_add(files, part, at,
				     bytes_of(text + at, len < 7 ? len : 7)),
		    0);
	}
}

static void put_file(void)
{
	enum file_type type;

	add_all("p");
	assert_int_equal(files_finish(&type, files, "p", &text_hash), 0);
	assert_int_equal(type, FILE_TEXT);
}

static void a_part_becomes_the_file_of_its_hash(void **state)
{
	uint8_t read[100];
	uint64_t size, have;
	size_t len;
	(void)state;

	put_file();
	assert_int_equal(files_have(&have, files, "p"), 0);
	assert_true(have == 0);
	assert_int_equal(files_read(&len, &size, files, "me", &text_hash, 5,
			     read, sizeof(read)),
	    0);
	assert_true(size == sizeof(text) - 1);
	assert_int_equal(len, size - 5);
	assert_memory_equal(read, text + 5, len);
	assert_int_equal(files_read(&len, &size, files, "me", &text_hash, size,
			     read, sizeof(read)),
	    ERR_INVALID);
}

static void a_part_goes_on_after_a_restart(void **state)
{
	enum file_type type;
	uint64_t have;
	(void)state;

	assert_int_equal(files_add(files, "p", 0, bytes_of(text, 9)), 0);
	open_again();
	assert_int_equal(files_have(&have, files, "p"), 0);
	assert_true(have == 9);
	assert_int_equal(
	    files_add(files, "p", 9, bytes_of(text + 9, sizeof(text) - 1 - 9)),
	    0);
	assert_int_equal(files_finish(&type, files, "p", &text_hash), 0);
}

static void a_part_grows_at_its_end_only(void **state)
{
	uint64_t have;
	(void)state;

	assert_int_equal(files_add(files, "p", 0, bytes_of("abc", 3)), 0);
	assert_int_equal(
	    files_add(files, "p", 0, bytes_of("x", 1)), ERR_INVALID);
	assert_int_equal(
	    files_add(files, "p", 5, bytes_of("x", 1)), ERR_INVALID);
	assert_int_equal(files_have(&have, files, "p"), 0);
	assert_true(have == 3);
}

static void other_bytes_never_get_the_name(void **state)
{
	struct hash other = text_hash;
	enum file_type type;
	uint64_t size, have;
	(void)state;

	other.b[0] ^= 1;
	for (int is_restarted = 0; is_restarted < 2; is_restarted++) {
		add_all("p");
		if (is_restarted)
			open_again();
		assert_int_equal(
		    files_finish(&type, files, "p", &other), ERR_CORRUPT);
		assert_int_equal(
		    files_size(&size, files, &other), ERR_NOT_FOUND);
		assert_int_equal(files_have(&have, files, "p"), 0);
		assert_true(have == 0);
	}
}

static void what_may_run_never_gets_a_name(void **state)
{
	static const char page[] = "<script>x()</script>";
	enum file_type type;
	struct hash hash;
	(void)state;

	hash_of(&hash, bytes_of(page, sizeof(page) - 1));
	assert_int_equal(
	    files_add(files, "p", 0, bytes_of(page, sizeof(page) - 1)), 0);
	assert_int_equal(files_finish(&type, files, "p", &hash), ERR_INVALID);
}

static void flip(long at)
{
	char path[256];
	FILE *file;

	files_path(path, sizeof(path), dir, &text_hash);
	file = fopen(path, "r+b");
	assert_non_null(file);
	assert_int_equal(fseek(file, at, SEEK_SET), 0);
	fputc(text[at] ^ 1, file);
	fclose(file);
}

static void a_changed_bit_is_noticed_by_whoever_reads_to_the_end(void **state)
{
	enum file_type type;
	uint8_t read[8];
	uint64_t size = 1;
	size_t len, at = 0;
	int rc = 0;
	(void)state;

	put_file();
	flip(3);
	while (!rc && at < size) {
		rc = files_read(&len, &size, files, "me", &text_hash, at, read,
		    sizeof(read));
		at += len;
	}
	assert_int_equal(rc, ERR_CORRUPT);
	assert_int_equal(
	    files_check(&size, &type, files, &text_hash), ERR_CORRUPT);
}

static void two_readers_do_not_disturb_each_other(void **state)
{
	uint8_t read[8];
	uint64_t size = 1;
	size_t len;
	(void)state;

	put_file();
	for (size_t at = 0; at < size; at += len) {
		assert_int_equal(files_read(&len, &size, files, "one",
				     &text_hash, at, read, sizeof(read)),
		    0);
		assert_int_equal(files_read(&len, &size, files, "two",
				     &text_hash, at, read, sizeof(read)),
		    0);
	}
}

static int count_one(void *context, const struct hash *hash)
{
	assert_true(hash_equal(hash, &text_hash));
	++*(unsigned *)context;
	return 0;
}

static void each_file_is_found_in_its_folder(void **state)
{
	unsigned count = 0;
	(void)state;

	put_file();
	for (unsigned i = 0; i < FILES_FOLDERS; i++)
		assert_int_equal(
		    files_each(files, i, -60, count_one, &count), 0);
	assert_int_equal(count, 1);
	/* too young */
	assert_int_equal(
	    files_each(files, text_hash.b[0], 3600, count_one, &count), 0);
	assert_int_equal(count, 1);
	files_remove(files, &text_hash);
	assert_int_equal(
	    files_each(files, text_hash.b[0], -60, count_one, &count), 0);
	assert_int_equal(count, 1);
}

static void a_look_makes_nothing(void **state)
{
	struct files *look = NULL;
	char nowhere[80];
	(void)state;

	snprintf(nowhere, sizeof(nowhere), "%s/nowhere", dir);
	assert_int_equal(files_look(&look, nowhere), ERR_NOT_FOUND);
	assert_int_equal(access(nowhere, F_OK), -1);
	assert_int_equal(files_look(&look, dir), 0);
	files_close(&look);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		T(a_part_becomes_the_file_of_its_hash),
		T(a_part_goes_on_after_a_restart),
		T(a_part_grows_at_its_end_only),
		T(other_bytes_never_get_the_name),
		T(what_may_run_never_gets_a_name),
		T(a_changed_bit_is_noticed_by_whoever_reads_to_the_end),
		T(two_readers_do_not_disturb_each_other),
		T(each_file_is_found_in_its_folder),
		T(a_look_makes_nothing),
#undef T
	};

	return cmocka_run_group_tests_name("files", tests, NULL, NULL);
}

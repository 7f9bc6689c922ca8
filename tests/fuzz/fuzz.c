#include "fuzz.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/limits.h"

static char folder[64];
static const char *own_file = "input"; /* in the folder */
static int report_fd = 2;

/* What a decoder says is thrown away (-close_fd_mask); why a run ends is
 * not. */
__attribute__((constructor)) static void keep_stderr(void)
{
	report_fd = dup(2);
}

void fuzz_fail(const char *file, int line, const char *promise)
{
	dprintf(report_fd, "%s:%d: promise broken: %s\n", file, line, promise);
	abort();
}

struct arena *fuzz_arena(void)
{
	static struct arena *arena;

	if (!arena)
		promise(arena_open(&arena, DECODE_MAX_BYTES) == 0);
	arena_reset(arena);
	return arena;
}

void fuzz_same(pack_fn *pack, const void *message, struct bytes bytes)
{
	static struct buf again;

	buf_clear(&again);
	promise(pack(&again, message) == 0);
	promise(bytes_equal(bytes_of(again.data, again.len), bytes));
}

static const char *const city_files[] = { "units.csv", "nodes.yaml",
	"operators.csv", "catalogue.yaml" };
enum { CITY_FILES = sizeof(city_files) / sizeof(city_files[0]) };

static const char *path_to(char out[128], const char *name)
{
	snprintf(out, 128, "%s/%s", folder, name);
	return out;
}

static void remove_folder(void)
{
	char path[128];

	for (int i = 0; i < CITY_FILES; i++)
		unlink(path_to(path, city_files[i]));
	unlink(path_to(path, own_file));
	rmdir(folder);
}

/* In memory if it can be: reached by a short way, and quick. */
static int open_file(void)
{
	char path[128];
	int fd;

	snprintf(folder, sizeof(folder), "/dev/shm/whistle-fuzz-XXXXXX");
	if (!mkdtemp(folder)) {
		snprintf(folder, sizeof(folder), "/tmp/whistle-fuzz-XXXXXX");
		promise(mkdtemp(folder) != NULL);
	}
	fd = open(path_to(path, own_file), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	promise(fd >= 0);
	atexit(remove_folder);
	return fd;
}

const char *fuzz_file(const uint8_t *data, size_t size)
{
	static char path[128];
	static int fd = -1;
	static size_t size_before;

	if (fd < 0)
		fd = open_file();
	promise(pwrite(fd, data, size, 0) == (ssize_t)size);
	if (size < size_before)
		promise(ftruncate(fd, (off_t)size) == 0);
	size_before = size;
	return path_to(path, own_file);
}

static void make_city(const char *name)
{
	char path[128], other[128], whole[1024];

	promise(rename(path_to(path, own_file), path_to(other, name)) == 0);
	own_file = name;
	for (int i = 0; i < CITY_FILES; i++) {
		if (!strcmp(name, city_files[i]))
			continue;
		snprintf(
		    whole, sizeof(whole), "%s/%s", FUZZ_CITY, city_files[i]);
		promise(symlink(whole, path_to(path, city_files[i])) == 0);
	}
}

const char *fuzz_city(const char *name)
{
	if (!folder[0])
		fuzz_file(NULL, 0);
	if (strcmp(own_file, name))
		make_city(name);
	return folder;
}

char *fuzz_line(struct bytes *rest)
{
	const uint8_t *end =
	    rest->len ? memchr(rest->data, '\n', rest->len) : NULL;
	size_t len = end ? (size_t)(end - rest->data) : rest->len;
	char *line = malloc(len + 1);

	promise(line != NULL);
	if (len)
		memcpy(line, rest->data, len);
	line[len] = '\0';
	len += end != NULL;
	*rest = bytes_of(rest->data + (rest->len ? len : 0), rest->len - len);
	return line;
}

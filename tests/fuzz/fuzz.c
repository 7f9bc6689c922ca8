#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/limits.h"

static char folder[64];

void fuzz_fail(const char *file, int line, const char *promise)
{
	fprintf(stderr, "%s:%d: promise broken: %s\n", file, line, promise);
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

static int memory_file(void)
{
	static int fd = -1;

	if (fd < 0) {
		fd = memfd_create("input", 0);
		promise(fd >= 0 && fchmod(fd, 0600) == 0);
	}
	return fd;
}

const char *fuzz_file(const uint8_t *data, size_t size)
{
	static char path[64];
	int fd = memory_file();

	/* in this order the pages of the input before are used again */
	promise(pwrite(fd, data, size, 0) == (ssize_t)size);
	promise(ftruncate(fd, (off_t)size) == 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return path;
}

static const char *const city_files[] = { "units.csv", "nodes.yaml",
	"operators.csv", "catalogue.yaml" };
enum { CITY_FILES = sizeof(city_files) / sizeof(city_files[0]) };

static void remove_folder(void)
{
	char path[128];

	for (int i = 0; i < CITY_FILES; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, city_files[i]);
		unlink(path);
	}
	rmdir(folder);
}

static void make_folder(const char *name)
{
	char path[128], whole[1024];

	snprintf(folder, sizeof(folder), "/tmp/whistle-fuzz-XXXXXX");
	promise(mkdtemp(folder) != NULL);
	atexit(remove_folder);
	for (int i = 0; i < CITY_FILES; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, city_files[i]);
		snprintf(whole, sizeof(whole), "%s/tests/fuzz/city/%s",
		    SOURCE_DIR, city_files[i]);
		if (name && !strcmp(name, city_files[i]))
			snprintf(whole, sizeof(whole), "/proc/self/fd/%d",
			    memory_file());
		promise(symlink(whole, path) == 0);
	}
}

const char *fuzz_city(const char *name)
{
	if (!folder[0])
		make_folder(name);
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

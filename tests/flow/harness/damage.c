#include "harness/harness.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "harness/damage.h"
#include "store/kv_walk.h"

struct look {
	struct kv *kv;
	struct kv_txn *txn;
	const char *path; /* the file */
};

static void look_open(
    struct look *look, const struct city *city, const char *node)
{
	struct kv_config config = { .is_read_only = true };

	*look = (struct look){ .kv = NULL };
	assert_int_equal(
	    kv_open(&look->kv, city_path(city, "data/%s", node), &config), 0);
	assert_int_equal(kv_begin(&look->txn, look->kv, false), 0);
	look->path = city_path(city, "data/%s/" KV_FILE, node);
}

static void look_close(struct look *look)
{
	kv_abort(&look->txn);
	kv_close(&look->kv);
}

/* Where in the file is what we have mapped there? */
static off_t offset_of(const char *path, const uint8_t *at)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	unsigned long from, to, offset;
	char line[1024], real[PATH_MAX];
	off_t found = -1;

	assert_non_null(maps);
	assert_non_null(realpath(path, real));
	while (found < 0 && fgets(line, sizeof(line), maps))
		if (strstr(line, real) &&
		    sscanf(line, "%lx-%lx %*s %lx", &from, &to, &offset) == 3 &&
		    (unsigned long)(uintptr_t)at >= from &&
		    (unsigned long)(uintptr_t)at < to)
			found = (off_t)((unsigned long)(uintptr_t)at - from +
					offset);
	fclose(maps);
	assert_true(found >= 0);
	return found;
}

/* The first byte of its checksum, which is behind the value. */
static void flip(const struct look *look, struct bytes value)
{
	off_t at = offset_of(look->path, value.data + value.len);
	int fd = open(look->path, O_WRONLY | O_CLOEXEC);
	uint8_t byte = value.data[value.len] ^ 1;

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, &byte, 1, at), 1);
	close(fd);
}

unsigned damage(const struct city *city, const char *node, enum kv_table table,
    unsigned from, unsigned count)
{
	struct bytes key, value;
	struct kv_walk walk;
	struct look look;
	unsigned done = 0;

	look_open(&look, city, node);
	assert_int_equal(
	    kv_walk_open(&walk, look.txn, table, bytes_of(NULL, 0)), 0);
	for (unsigned i = 0; done < count; i++) {
		int rc = kv_walk_step(&key, &value, &walk);
		if (rc && rc != ERR_CORRUPT)
			break;
		if (rc || i < from)
			continue;
		flip(&look, value);
		done++;
	}
	kv_walk_close(&walk);
	look_close(&look);
	return done;
}

uint64_t record_count(
    const struct city *city, const char *node, enum kv_table table)
{
	struct look look;

	look_open(&look, city, node);
	uint64_t count = kv_count(look.txn, table);
	look_close(&look);
	return count;
}

const char *table_name(enum kv_table table)
{
	static const char *const names[] = {
#define X(name, text) text,
		KV_TABLE_LIST(X)
#undef X
	};

	return names[table];
}

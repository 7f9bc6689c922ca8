/* The disks of a simulation over LMDB: folders with files. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>
#include "disk.h"

enum { PATH_BYTES = 320, PIECE_BYTES = 1 << 20 };

static void path_of(char out[PATH_BYTES], const char *dir)
{
	snprintf(out, PATH_BYTES, "%s/%s", dir, KV_FILE);
}

void disk_lose(const char *dir)
{
	char path[PATH_BYTES];

	path_of(path, dir);
	unlink(path);
	snprintf(path, sizeof(path), "%s/lock.mdb", dir);
	unlink(path);
}

/* Nobody writes meanwhile: the file is what was committed. */
bool disk_copy(const char *to, const char *from)
{
	char path[PATH_BYTES];
	int in, out;
	ssize_t done = 1;

	path_of(path, from);
	in = open(path, O_RDONLY | O_CLOEXEC);
	if (in < 0)
		return false;
	disk_lose(to);
	mkdir(to, 0700);
	path_of(path, to);
	out = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	while (out >= 0 && done > 0)
		done = sendfile(out, in, NULL, PIECE_BYTES);
	close(in);
	panic_if(out < 0 || done < 0 || close(out));
	return true;
}

/* LMDB's own pages have no sums: unit/audit/flips says what comes of a bit
 * in any of them. */
bool disk_flip(const char *dir, uint32_t random)
{
	(void)dir;
	(void)random;
	return false;
}

bool disk_holds(const char *dir, const char *text)
{
	char path[PATH_BYTES];
	struct buf whole = { 0 };
	uint8_t block[4096];
	size_t len;
	FILE *in;

	path_of(path, dir);
	in = fopen(path, "r");
	if (!in)
		return false;
	while ((len = fread(block, 1, sizeof(block), in)) > 0)
		panic_if(buf_add(&whole, block, len));
	fclose(in);
	bool holds = whole.len &&
		     memmem(whole.data, whole.len, text, strlen(text)) != NULL;
	buf_free(&whole);
	return holds;
}

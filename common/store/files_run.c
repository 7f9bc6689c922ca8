/* Hashes of what is read or written piece by piece. */
#include "store/files_inside.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/err.h"
#include "ticket/attachment.h"

enum { LOOK_BYTES = 64 * 1024 };

static struct run *run_find(struct files *files, const char *who)
{
	for (size_t i = 0; i < FILES_RUNS; i++)
		if (!strcmp(files->runs[i].who, who))
			return &files->runs[i];
	return NULL;
}

/* The one that nobody has used for longest makes room. */
static struct run *run_begin(struct files *files, const char *who)
{
	struct run *run = run_find(files, who);

	for (size_t i = 0; !run && i < FILES_RUNS; i++)
		if (!files->runs[i].who[0])
			run = &files->runs[i];
	if (!run) {
		run = &files->runs[0];
		for (size_t i = 1; i < FILES_RUNS; i++)
			if (files->runs[i].used < run->used)
				run = &files->runs[i];
	}
	strcpy(run->who, who);
	run->at = 0;
	crypto_generichash_init(&run->state, NULL, 0, HASH_BYTES);
	return run;
}

struct run *run_add(
    struct files *files, const char *who, uint64_t offset, struct bytes data)
{
	struct run *run = offset ? run_find(files, who) : run_begin(files, who);

	if (!run)
		return NULL;
	if (run->at != offset) {
		run->who[0] = '\0';
		return NULL;
	}
	crypto_generichash_update(&run->state, data.data, data.len);
	run->at += data.len;
	run->used = ++files->uses;
	return run;
}

bool run_is(struct run *run, const struct hash *hash)
{
	struct hash found;

	crypto_generichash_final(&run->state, found.b, sizeof(found.b));
	run->who[0] = '\0';
	return hash_equal(&found, hash);
}

void run_forget(struct files *files, const char *who)
{
	struct run *run = run_find(files, who);

	if (run)
		run->who[0] = '\0';
}

static int is_text(bool *is_text_out, int fd, uint64_t size)
{
	uint8_t *all = NULL;
	ssize_t len;

	*is_text_out = false;
	if (size > FILE_TEXT_MAX_BYTES)
		return 0;
	all = malloc((size_t)size + 1);
	if (!all)
		return ERR_NOMEM;
	len = pread(fd, all, (size_t)size, 0);
	if (len == (ssize_t)size)
		*is_text_out = attachment_is_text(bytes_of(all, (size_t)size));
	free(all);
	return len < 0 ? err_of_errno(errno) : 0;
}

static int type_of(enum file_type *type_out, int fd, uint64_t size)
{
	uint8_t head[FILE_HEAD_BYTES];
	ssize_t len = pread(fd, head, sizeof(head), 0);
	bool is_so = true;
	int rc = 0;

	if (len < 0)
		return err_of_errno(errno);
	*type_out = attachment_sniff(bytes_of(head, (size_t)len));
	if (*type_out == FILE_TEXT)
		rc = is_text(&is_so, fd, size);
	if (rc)
		return rc;
	return *type_out == FILE_NONE || !is_so ? ERR_INVALID : 0;
}

static int hash_all(struct hash *hash_out, int fd, uint64_t size)
{
	crypto_generichash_state state;
	uint8_t piece[LOOK_BYTES];
	uint64_t at = 0;
	ssize_t len;

	crypto_generichash_init(&state, NULL, 0, HASH_BYTES);
	while ((len = pread(fd, piece, sizeof(piece), (off_t)at)) > 0) {
		crypto_generichash_update(
		    &state, piece, (unsigned long long)len);
		at += (uint64_t)len;
	}
	if (len < 0)
		return err_of_errno(errno);
	crypto_generichash_final(&state, hash_out->b, sizeof(hash_out->b));
	return at == size ? 0 : ERR_CORRUPT;
}

int file_look(
    struct hash *hash_out, uint64_t *size_out, enum file_type *type_out, int fd)
{
	struct stat stat;
	int rc = 0;

	if (fstat(fd, &stat))
		return err_of_errno(errno);
	*size_out = (uint64_t)stat.st_size;
	if (stat.st_size == 0 || stat.st_size > FILE_MAX_BYTES)
		return ERR_CORRUPT;
	if (hash_out)
		rc = hash_all(hash_out, fd, *size_out);
	return rc ? rc : type_of(type_out, fd, *size_out);
}

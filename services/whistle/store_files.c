#include "store_files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/err.h"
#include "store/files.h"

struct copying {
	struct files_copied *copied;
	struct files *from, *to;
	const char *to_dir;
	uint8_t *piece;
};

static const char part[] = "copy";

/* In order and to the end, so that damage is noticed; the other side looks
 * once more before it gives the name. */
static int copy_pieces(
    uint64_t *size_out, const struct copying *copying, const struct hash *hash)
{
	enum file_type type;
	uint64_t at = 0;
	size_t len;
	int rc = 0;

	files_drop(copying->to, part);
	*size_out = 1;
	while (!rc && at < *size_out) {
		rc = files_read(&len, size_out, copying->from, part, hash, at,
		    copying->piece, FILE_CHUNK_BYTES);
		if (!rc)
			rc = files_add(copying->to, part, at,
			    bytes_of(copying->piece, len));
		if (!rc)
			at += len;
	}
	return rc ? rc : files_finish(&type, copying->to, part, hash);
}

static int copy_one(void *context, const struct hash *hash)
{
	struct copying *copying = context;
	uint64_t size = 0;
	int rc = 0;

	if (!copying->to)
		rc = files_open(&copying->to, copying->to_dir);
	if (!rc)
		rc = copy_pieces(&size, copying, hash);
	if (rc == ERR_CORRUPT || rc == ERR_NOT_FOUND || rc == ERR_INVALID) {
		copying->copied->left_out++;
		files_drop(copying->to, part);
		return 0;
	}
	copying->copied->count += !rc;
	copying->copied->bytes += rc ? 0 : size;
	return rc;
}

/* Empty, once nothing is on its way any more. */
static void remove_part(const char *dir)
{
	char path[1300];

	snprintf(path, sizeof(path), "%s/part", dir);
	rmdir(path);
}

int store_files_copy(
    struct files_copied *copied_out, const char *to, const char *from)
{
	struct copying copying = { .copied = copied_out, .to_dir = to };
	int rc = files_look(&copying.from, from);

	*copied_out = (struct files_copied){ 0 };
	if (rc)
		return rc == ERR_NOT_FOUND ? 0 : rc;
	copying.piece = malloc(FILE_CHUNK_BYTES);
	if (!copying.piece)
		rc = ERR_NOMEM;
	for (unsigned i = 0; !rc && i < FILES_FOLDERS; i++)
		rc = files_each(copying.from, i, INT32_MIN, copy_one, &copying);
	if (copying.to)
		remove_part(to);
	files_close(&copying.from);
	files_close(&copying.to);
	free(copying.piece);
	return rc;
}

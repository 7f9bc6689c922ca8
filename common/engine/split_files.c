/* Files and uploads, for a part of a node. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/err.h"
#include "engine/split_inside.h"

enum { PATH_SIZE = 1400 };

/* On another disk than the old one's. */
static int copy(struct split *split, const char *from, const struct hash *hash)
{
	struct files *files = split->engine->config.files, *old = NULL;
	char part[PART_NAME_MAX];
	enum file_type type;
	uint64_t at = 0, size = 1;
	size_t len;
	int rc = files_look(&old, from);

	file_part(part, hash);
	files_drop(files, part);
	while (!rc && at < size) {
		uint8_t piece[32 * 1024];
		rc = files_read(
		    &len, &size, old, "split", hash, at, piece, sizeof(piece));
		if (!rc)
			rc = files_add(files, part, at, bytes_of(piece, len));
		at += len;
	}
	if (!rc)
		rc = files_finish(&type, files, part, hash);
	files_close(&old);
	return rc;
}

/* One file, two names: under a hash nothing is ever written again. */
static int bring(struct split *split, const struct hash *hash)
{
	char from[PATH_SIZE], to[PATH_SIZE];

	files_path(from, sizeof(from), split->old_files, hash);
	files_path(to, sizeof(to), split->new_files, hash);
	char *slash = strrchr(to, '/');
	*slash = '\0';
	if (mkdir(to, 0700) && errno != EEXIST)
		return err_of_errno(errno);
	*slash = '/';
	if (!link(from, to) || errno == EEXIST)
		return 0;
	if (errno == EXDEV || errno == EPERM || errno == EMLINK)
		return copy(split, split->old_files, hash);
	return err_of_errno(errno);
}

static int take(struct split *split, struct turn *turn, const struct hash *hash,
    const struct file_record *record)
{
	int rc = bring(split, hash);

	/* it is wanted, as it was: a neighbour has it */
	if (rc == ERR_NOT_FOUND || rc == ERR_CORRUPT)
		return 0;
	split->files += rc == 0;
	return rc ? rc
		  : attached_here(turn->txn, hash, record->size,
			(enum file_type)record->type, record->until_ms);
}

int split_file(struct split *split, struct turn *turn, const struct hash *hash,
    const struct file_record *record)
{
	struct file_record known;
	int rc = attached_get(&known, turn->txn, hash);

	if (rc)
		return rc == ERR_NOT_FOUND ? 0 : rc;
	if (record->state == FILE_REFUSED)
		return attached_refuse(turn->txn, hash);
	return record->state == FILE_HERE && known.state == FILE_WANTED
		   ? take(split, turn, hash, record)
		   : 0;
}

int split_upload(struct split *split, struct turn *turn, struct bytes key,
    struct bytes value)
{
	const struct org *org = split->engine->config.org;
	char name[NAME_MAX_BYTES];
	struct upload_record upload;
	struct file_record record;
	struct hash hash;
	size_t len = key.len - 1 - HASH_BYTES;

	if (key.len <= 1 + HASH_BYTES || len >= sizeof(name) ||
	    value.len != sizeof(upload))
		return ERR_CORRUPT;
	memcpy(name, key.data, len);
	name[len] = '\0';
	memcpy(hash.b, key.data + len + 1, HASH_BYTES);
	memcpy(&upload, value.data, sizeof(upload));
	const struct operator* operator= org_operator(org, name);
	if (!upload.is_whole ||
	    !split_has_unit(split, operator? operator->unit : NULL))
		return 0;
	int rc = attached_get(&record, split->old, &hash);
	if (!rc && record.state == FILE_HERE)
		rc = take(split, turn, &hash, &record);
	else if (!rc)
		rc = ERR_NOT_FOUND;
	/* what is not there is sent again */
	if (rc)
		return rc == ERR_NOT_FOUND ? 0 : rc;
	return kv_put(turn->txn, KV_UPLOADS, key, value);
}

#include "store/files_inside.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "base/err.h"

static int make_folder(const char *path)
{
	if (mkdir(path, 0700) && errno != EEXIST)
		return err_of_errno(errno);
	return 0;
}

/* So that the names in it are durable. */
static int sync_folder(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int rc;

	if (fd < 0)
		return err_of_errno(errno);
	rc = fsync(fd) ? err_of_errno(errno) : 0;
	close(fd);
	return rc;
}

static int make(struct files **files_out, const char *dir)
{
	void *room;

	/* the states of hashes want to stand at certain places */
	if (posix_memalign(&room, _Alignof(struct files), sizeof(struct files)))
		return ERR_NOMEM;
	struct files *files = room;
	memset(files, 0, sizeof(*files));
	strcpy(files->dir, dir);
	*files_out = files;
	return 0;
}

int files_look(struct files **files_out, const char *dir)
{
	if (strlen(dir) >= FILES_DIR_MAX || sodium_init() < 0)
		return ERR_INVALID;
	if (access(dir, R_OK | X_OK))
		return err_of_errno(errno);
	return make(files_out, dir);
}

int files_open(struct files **files_out, const char *dir)
{
	char path[FILES_PATH_MAX];
	int rc;

	if (strlen(dir) >= FILES_DIR_MAX || sodium_init() < 0)
		return ERR_INVALID;
	rc = make_folder(dir);
	snprintf(path, sizeof(path), "%s/part", dir);
	if (!rc)
		rc = make_folder(path);
	if (!rc && access(path, R_OK | W_OK | X_OK))
		rc = ERR_ACCESS;
	if (!rc)
		rc = sync_folder(dir);
	return rc ? rc : make(files_out, dir);
}

void files_close(struct files **files)
{
	free(*files);
	*files = NULL;
}

void files_path(
    char *out, size_t size, const char *dir, const struct hash *hash)
{
	char text[HASH_TEXT];

	hash_format(text, hash);
	snprintf(out, size, "%s/%.2s/%s", dir, text, text + 2);
}

static void part_path(
    char out[FILES_PATH_MAX], const struct files *files, const char *part)
{
	snprintf(out, FILES_PATH_MAX, "%s/part/%s", files->dir, part);
}

/* ---- parts ---- */

int files_have(uint64_t *have_out, struct files *files, const char *part)
{
	char path[FILES_PATH_MAX];
	struct stat found;

	part_path(path, files, part);
	*have_out = 0;
	if (stat(path, &found))
		return errno == ENOENT ? 0 : err_of_errno(errno);
	*have_out = (uint64_t)found.st_size;
	return 0;
}

static int write_all(int fd, uint64_t offset, struct bytes data)
{
	size_t done = 0;

	while (done < data.len) {
		ssize_t len = pwrite(fd, data.data + done, data.len - done,
		    (off_t)(offset + done));
		if (len < 0 && errno == EINTR)
			continue;
		if (len <= 0)
			return len < 0 ? err_of_errno(errno) : ERR_IO;
		done += (size_t)len;
	}
	return fdatasync(fd) ? err_of_errno(errno) : 0;
}

int files_add(
    struct files *files, const char *part, uint64_t offset, struct bytes data)
{
	char path[FILES_PATH_MAX];
	struct stat found;
	int fd, rc = 0;

	part_path(path, files, part);
	fd = open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_of_errno(errno);
	if (fstat(fd, &found))
		rc = err_of_errno(errno);
	else if ((uint64_t)found.st_size != offset)
		rc = ERR_INVALID;
	if (!rc)
		rc = write_all(fd, offset, data);
	if (rc && rc != ERR_INVALID && ftruncate(fd, (off_t)offset))
		unlink(path); /* better none than one with a doubtful end */
	if (close(fd) && !rc)
		rc = err_of_errno(errno);
	if (rc)
		run_forget(files, part);
	else
		run_add(files, part, offset, data);
	return rc;
}

/* The bytes have been hashed as they came, unless this process has not seen
 * them all. */
static int look_at_part(enum file_type *type_out, struct files *files,
    const char *part, int fd, const struct hash *hash)
{
	struct stat found;
	struct hash whole;
	uint64_t size;
	int rc;

	if (fstat(fd, &found))
		return err_of_errno(errno);
	struct run *run =
	    run_add(files, part, (uint64_t)found.st_size, bytes_of(NULL, 0));
	if (run) {
		rc = file_look(NULL, &size, type_out, fd);
		return run_is(run, hash) ? rc : ERR_CORRUPT;
	}
	rc = file_look(&whole, &size, type_out, fd);
	if (rc && rc != ERR_INVALID)
		return rc;
	return hash_equal(&whole, hash) ? rc : ERR_CORRUPT;
}

static int publish(
    struct files *files, const char *path, const struct hash *hash)
{
	char last[FILES_PATH_MAX], *slash;
	int rc = 0;

	files_path(last, sizeof(last), files->dir, hash);
	slash = strrchr(last, '/');
	*slash = '\0';
	if (mkdir(last, 0700) == 0)
		rc = sync_folder(files->dir);
	else if (errno != EEXIST)
		rc = err_of_errno(errno);
	*slash = '/';
	if (!rc && rename(path, last))
		rc = err_of_errno(errno);
	*slash = '\0';
	return rc ? rc : sync_folder(last);
}

int files_finish(enum file_type *type_out, struct files *files,
    const char *part, const struct hash *hash)
{
	char path[FILES_PATH_MAX];
	int fd, rc;

	part_path(path, files, part);
	fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return err_of_errno(errno);
	rc = look_at_part(type_out, files, part, fd, hash);
	close(fd);
	if (!rc)
		rc = publish(files, path, hash);
	if (rc == ERR_CORRUPT || rc == ERR_INVALID)
		unlink(path);
	run_forget(files, part);
	return rc;
}

void files_drop(struct files *files, const char *part)
{
	char path[FILES_PATH_MAX];

	part_path(path, files, part);
	unlink(path);
	run_forget(files, part);
}

/* ---- whole files ---- */

static int open_file(
    int *fd_out, const struct files *files, const struct hash *hash)
{
	char path[FILES_PATH_MAX];

	files_path(path, sizeof(path), files->dir, hash);
	*fd_out = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	return *fd_out < 0 ? err_of_errno(errno) : 0;
}

static int read_piece(size_t *len_out, uint64_t *size_out, int fd,
    uint64_t offset, uint8_t *out, size_t max)
{
	struct stat found;
	ssize_t len;

	if (fstat(fd, &found))
		return err_of_errno(errno);
	if (found.st_size == 0 || found.st_size > FILE_MAX_BYTES)
		return ERR_CORRUPT;
	*size_out = (uint64_t)found.st_size;
	if (offset >= *size_out)
		return ERR_INVALID;
	len = pread(fd, out, max, (off_t)offset);
	if (len < 0)
		return err_of_errno(errno);
	*len_out = (size_t)len;
	return len > 0 ? 0 : ERR_CORRUPT;
}

int files_read(size_t *len_out, uint64_t *size_out, struct files *files,
    const char *reader, const struct hash *hash, uint64_t offset, uint8_t *out,
    size_t max)
{
	char who[2 * PART_NAME_MAX], text[HASH_TEXT];
	int fd, rc = open_file(&fd, files, hash);

	if (rc)
		return rc;
	rc = read_piece(len_out, size_out, fd, offset, out, max);
	close(fd);
	if (rc)
		return rc;
	snprintf(who, sizeof(who), "%s/%.*s", hash_format(text, hash),
	    PART_NAME_MAX - 4, reader);
	struct run *run = run_add(files, who, offset, bytes_of(out, *len_out));
	if (run && run->at == *size_out && !run_is(run, hash))
		return ERR_CORRUPT;
	return 0;
}

int files_size(uint64_t *size_out, struct files *files, const struct hash *hash)
{
	char path[FILES_PATH_MAX];
	struct stat found;

	files_path(path, sizeof(path), files->dir, hash);
	if (stat(path, &found))
		return err_of_errno(errno);
	*size_out = (uint64_t)found.st_size;
	return 0;
}

int files_check(uint64_t *size_out, enum file_type *type_out,
    struct files *files, const struct hash *hash)
{
	struct hash found;
	int fd, rc = open_file(&fd, files, hash);

	if (rc)
		return rc;
	rc = file_look(&found, size_out, type_out, fd);
	close(fd);
	if (rc && rc != ERR_INVALID)
		return rc;
	return rc || !hash_equal(&found, hash) ? ERR_CORRUPT : 0;
}

void files_remove(struct files *files, const struct hash *hash)
{
	char path[FILES_PATH_MAX];

	files_path(path, sizeof(path), files->dir, hash);
	unlink(path);
}

/* "cdef…" in the folder "ab". */
static bool read_name(struct hash *hash_out, unsigned folder, const char *name)
{
	size_t len;

	hash_out->b[0] = (uint8_t)folder;
	return strlen(name) == HASH_TEXT - 3 &&
	       !sodium_hex2bin(hash_out->b + 1, HASH_BYTES - 1, name,
		   HASH_TEXT - 3, NULL, &len, NULL) &&
	       len == HASH_BYTES - 1;
}

int files_each(struct files *files, unsigned folder, int64_t old_s,
    int (*visit)(void *context, const struct hash *hash), void *context)
{
	char path[FILES_PATH_MAX];
	struct dirent *entry;
	struct stat found;
	struct hash hash;
	int rc = 0;

	snprintf(path, sizeof(path), "%s/%02x", files->dir, folder & 0xff);
	DIR *dir = opendir(path);
	if (!dir)
		return errno == ENOENT ? 0 : err_of_errno(errno);
	while (!rc && (entry = readdir(dir)) != NULL)
		if (read_name(&hash, folder & 0xff, entry->d_name) &&
		    !fstatat(dirfd(dir), entry->d_name, &found,
			AT_SYMLINK_NOFOLLOW) &&
		    time(NULL) - found.st_mtime >= old_s)
			rc = visit(context, &hash);
	closedir(dir);
	return rc;
}

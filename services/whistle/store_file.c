#include "store_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/err.h"
#include "store/store.h"
#include "store_files.h"

enum { PATH_TEXT = 1200 };

/* The name itself must be durable too. */
static int sync_folder_of(const char *path)
{
	char folder[PATH_TEXT];
	char *slash;
	int fd, rc;

	snprintf(folder, sizeof(folder), "%s", path);
	slash = strrchr(folder, '/');
	if (!slash)
		strcpy(folder, ".");
	else
		slash[slash == folder] = '\0';
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return err_of_errno(errno);
	rc = fsync(fd) ? err_of_errno(errno) : 0;
	close(fd);
	return rc;
}

/* Under its last name only when it is whole, and never over another. */
static int publish(const char *path, const char *part)
{
	int rc = link(part, path) ? err_of_errno(errno) : 0;

	return rc ? rc : sync_folder_of(path);
}

/* ---- in a process of its own ---- */

struct copying {
	const struct store_place *from;
	int fd;
};

static int copy(void *context)
{
	struct copying *copying = context;
	struct kv_config config = { .is_read_only = true,
		.is_copy = copying->from->is_copy };
	struct kv *kv = NULL;
	int rc = kv_open(&kv, copying->from->path, &config);

	if (!rc)
		rc = kv_copy(kv, copying->fd);
	kv_close(&kv);
	return rc;
}

struct renewing {
	const char *dir, *node;
};

static int renew(void *context)
{
	const struct renewing *renewing = context;
	struct id_maker maker = { .entropy = entropy_system() };
	struct clock clock = clock_system();
	struct kv_config config = { .limit_bytes = 0 }; /* as it was */
	struct store store = { .kv = NULL };
	struct kv_txn *txn = NULL;
	int64_t now_ms = clock_now_ms(&clock);
	int rc = store_open(
	    &store, renewing->dir, &config, renewing->node, &maker, now_ms);

	if (rc)
		return rc;
	rc = kv_begin(&txn, store.kv, true);
	if (!rc)
		rc = store_restored(&store, txn, &maker, now_ms);
	if (!rc)
		rc = kv_commit(&txn);
	kv_abort(&txn);
	store_close(&store);
	return rc;
}

/* ---- in ours ---- */

static int copy_to(const char *path, const struct store_place *from)
{
	struct copying copying = { .from = from };
	int rc;

	unlink(path); /* of one that was cut short */
	copying.fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (copying.fd < 0)
		return err_of_errno(errno);
	rc = store_apart(copy, &copying);
	if (!rc && fsync(copying.fd))
		rc = err_of_errno(errno);
	if (close(copying.fd) && !rc)
		rc = err_of_errno(errno);
	return rc;
}

/* After the store: whatever it says is there is, or was lost meanwhile. */
static int save_files(
    json_t *report, const char *path, const struct store_place *from)
{
	char to[PATH_TEXT + 16], there[PATH_TEXT + 16];
	struct files_copied copied;
	int rc;

	snprintf(to, sizeof(to), "%s.files", path);
	snprintf(there, sizeof(there), "%s/files", from->path);
	rc = store_files_copy(&copied, to, there);
	if (rc)
		return rc;
	json_object_set_new(
	    report, "attachments", json_integer((json_int_t)copied.count));
	json_object_set_new(report, "attachments_left_out",
	    json_integer((json_int_t)copied.left_out));
	return 0;
}

int store_save(
    json_t **report_out, const char *path, const struct store_place *from)
{
	char part[PATH_TEXT];
	struct store_place copied = { part, true, from->org, from->node };
	int rc;

	snprintf(part, sizeof(part), "%s.part", path);
	if (access(path, F_OK) == 0)
		return ERR_EXISTS;
	rc = copy_to(part, from);
	if (!rc)
		rc = store_look(report_out, &copied);
	if (!rc && json_is_true(json_object_get(*report_out, "is_sound"))) {
		rc = save_files(*report_out, path, from);
		if (!rc)
			rc = publish(path, part);
		if (rc)
			json_decref(*report_out);
	}
	unlink(part);
	return rc;
}

static int make_folder(const char *dir)
{
	if (mkdir(dir, 0700) == 0 || errno == EEXIST)
		return 0;
	return err_of_errno(errno);
}

/* All is done beside the store's place, which gets it whole or not at all. */
static int load_beside(
    const char *dir, const char *beside, const char *path, const char *node)
{
	struct store_place from = { path, true, NULL, NULL };
	struct renewing renewing = { beside, node };
	char file[PATH_TEXT + 32], last[PATH_TEXT + 32];
	int rc;

	snprintf(file, sizeof(file), "%s/" KV_FILE, beside);
	snprintf(last, sizeof(last), "%s/" KV_FILE, dir);
	rc = copy_to(file, &from);
	if (!rc)
		rc = store_apart(renew, &renewing);
	return rc ? rc : publish(last, file);
}

static void remove_folder(const char *dir)
{
	static const char *const files[] = { KV_FILE, "lock.mdb", "lock" };
	char path[PATH_TEXT + 32];

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, files[i]);
		unlink(path);
	}
	rmdir(dir);
}

/* Before the store has its name: what it says is there is there. A backup
 * without files is one of a store without them, or they were left behind: the
 * neighbours have them. */
static int load_files(const char *dir, const char *path)
{
	char to[PATH_TEXT + 16], from[PATH_TEXT + 16];
	struct files_copied copied;

	snprintf(to, sizeof(to), "%s/files", dir);
	snprintf(from, sizeof(from), "%s.files", path);
	return store_files_copy(&copied, to, from);
}

int store_load(const char *dir, const char *path, const char *node)
{
	char beside[PATH_TEXT], mark[PATH_TEXT + 32];
	int rc;

	snprintf(beside, sizeof(beside), "%s/restoring", dir);
	snprintf(mark, sizeof(mark), "%s/" KV_FILE, dir);
	if (access(mark, F_OK) == 0)
		return ERR_EXISTS;
	rc = make_folder(dir);
	if (!rc)
		rc = make_folder(beside);
	if (rc)
		return rc;
	/* what is restored was there before the city's first start */
	snprintf(mark, sizeof(mark), "%s/founding", dir);
	unlink(mark);
	rc = load_files(dir, path);
	if (!rc)
		rc = load_beside(dir, beside, path, node);
	remove_folder(beside);
	return rc;
}

#include "engine/repair.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/err.h"
#include "catalogue/catalogue.h"
#include "engine/salvage.h"

static const char list_file[] = "damaged.txt";
static const char mark_file[] = "damaged";

const char *repair_word(enum repair_fate fate)
{
	static const char *const words[] = {
#define X(name, word, text) word,
		REPAIR_FATES(X)
#undef X
	};

	return words[fate];
}

const char *repair_text(enum repair_fate fate)
{
	static const char *const texts[] = {
#define X(name, word, text) text,
		REPAIR_FATES(X)
#undef X
	};

	return texts[fate];
}

/* ---- the two folders ---- */

static void path_of(char out[REPAIR_PATH], const char *dir, const char *name)
{
	snprintf(out, REPAIR_PATH, "%.1000s/%s", dir, name);
}

static void remove_beside(const char *beside)
{
	static const char *const files[] = { KV_FILE, "lock.mdb", "lock",
		list_file };
	char path[REPAIR_PATH];

	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		path_of(path, beside, files[i]);
		unlink(path);
	}
	rmdir(beside);
}

static int sync_folder(const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), rc;

	if (fd < 0)
		return err_of_errno(errno);
	rc = fsync(fd) ? err_of_errno(errno) : 0;
	close(fd);
	return rc;
}

static int exchange(const char *dir, const char *beside, const char *name)
{
	char here[REPAIR_PATH], there[REPAIR_PATH];

	path_of(here, dir, name);
	path_of(there, beside, name);
	if (renameat2(AT_FDCWD, there, AT_FDCWD, here, RENAME_EXCHANGE))
		return err_of_errno(errno);
	return 0;
}

/* Where the old store is kept: a name that is not taken. */
static int keep(char kept_out[REPAIR_PATH], const char *dir, const char *beside,
    int64_t now_ms)
{
	char name[64];

	for (int i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "damaged-%lld-%d",
		    (long long)(now_ms / 1000), i);
		path_of(kept_out, dir, name);
		if (!renameat2(
			AT_FDCWD, beside, AT_FDCWD, kept_out, RENAME_NOREPLACE))
			return sync_folder(dir);
		if (errno != EEXIST)
			return err_of_errno(errno);
	}
	return ERR_EXISTS;
}

/* Readers' table and store change places together: whoever opens either next
 * is alone, and begins its table anew. */
static int change_places(struct repair_sums *sums, const char *dir,
    const char *beside, int64_t now_ms)
{
	char mark[REPAIR_PATH];
	int rc = exchange(dir, beside, KV_FILE);

	if (rc)
		return rc;
	exchange(dir, beside, "lock.mdb");
	path_of(mark, dir, mark_file);
	unlink(mark);
	return keep(sums->kept, dir, beside, now_ms);
}

/* ---- the whole ---- */

static int open_list(FILE **list_out, const char *beside)
{
	char path[REPAIR_PATH];

	path_of(path, beside, list_file);
	*list_out = fopen(path, "we");
	return *list_out ? 0 : err_of_errno(errno);
}

static int close_list(FILE *list)
{
	int rc = fflush(list) || fsync(fileno(list)) ? err_of_errno(errno) : 0;

	fclose(list);
	return rc;
}

/* The engine has the new store, and takes all with it when it closes. */
static int make_anew(struct repair_sums *sums,
    const struct repair_config *config, const char *beside)
{
	struct engine_config made = config->engine;
	struct kv_config kv = { .limit_bytes = config->limit_bytes };
	struct id_maker ids = { .entropy = made.entropy };
	struct salvage salvage = { .sums = sums, .config = config };
	int rc = store_open(&made.store, beside, &kv, made.node, &ids,
	    clock_now_ms(&made.clock));

	if (rc) {
		catalogue_close(&made.catalogue);
		files_close(&made.files);
		return rc;
	}
	made.is_founding = false;
	made.post = post_nobody();
	rc = engine_open(&salvage.engine, &made);
	if (!rc)
		rc = kv_begin(&salvage.old, config->engine.store.kv, false);
	if (!rc)
		rc = open_list(&salvage.list, beside);
	if (!rc)
		rc = salvage_all(&salvage);
	if (salvage.list) {
		int closed = close_list(salvage.list);
		rc = rc ? rc : closed;
	}
	kv_abort(&salvage.old);
	engine_close(&salvage.engine);
	return rc;
}

int store_repair(
    struct repair_sums *sums_out, const struct repair_config *config)
{
	struct store old = config->engine.store;
	char beside[REPAIR_PATH];
	int rc;

	memset(sums_out, 0, sizeof(*sums_out));
	path_of(beside, config->dir, "repairing");
	remove_beside(beside); /* of one that was cut short */
	rc = make_anew(sums_out, config, beside);
	if (!rc)
		rc = change_places(sums_out, config->dir, beside,
		    clock_now_ms(&config->engine.clock));
	else
		remove_beside(beside);
	store_close(&old);
	return rc;
}

bool repair_is_wanted(const char *dir)
{
	char path[REPAIR_PATH];

	path_of(path, dir, mark_file);
	return access(path, F_OK) == 0;
}

int repair_want(const char *dir)
{
	char path[REPAIR_PATH];
	int fd;

	path_of(path, dir, mark_file);
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_of_errno(errno);
	close(fd);
	return sync_folder(dir);
}

#include "city_split_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "base/err.h"
#include "lang.h"
#include "say.h"

static const char folder[] = "splitting";

void split_path(char out[SPLIT_PATH], const char *home, const char *name)
{
	snprintf(out, SPLIT_PATH, "%.900s/%s%s%.300s", home, folder,
	    *name ? "/" : "", name);
}

void split_key_path(char out[SPLIT_PATH], const char *home, const char *name)
{
	snprintf(out, SPLIT_PATH, "%.900s/keys/nodes/%.300s", home, name);
}

void split_store_path(char out[SPLIT_PATH], const char *home, const char *name)
{
	snprintf(out, SPLIT_PATH, "%.900s/data/%.300s", home, name);
}

enum cli_exit split_say_errno(const char *path)
{
	say_error(_("%s cannot be written: %s."), path, strerror(errno));
	return CLI_FAILED;
}

int split_sync(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc;

	if (fd < 0)
		return err_of_errno(errno);
	rc = fsync(fd) ? err_of_errno(errno) : 0;
	close(fd);
	return rc;
}

static void sync_below(const char *home, const char *name)
{
	char path[SPLIT_PATH];

	snprintf(path, sizeof(path), "%.900s/%s", home, name);
	split_sync(path);
}

/* ---- away with it ---- */

static int remove_one(
    const char *path, const struct stat *stat, int type, struct FTW *ftw)
{
	(void)stat;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void remove_all(const char *path)
{
	nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* The plan goes last: as long as it is there it says what is to be removed. */
static void remove_folder(const char *home)
{
	static const char *const inside[] = { "data", "keys", "nodes.yaml" };
	char path[SPLIT_PATH];

	for (size_t i = 0; i < sizeof(inside) / sizeof(*inside); i++) {
		split_path(path, home, inside[i]);
		remove_all(path);
	}
	split_path(path, home, "");
	remove_all(path);
}

/* ---- its file `plan`: a word and a name a line ---- */

typedef enum cli_exit plan_visit(
    void *context, const char *home, bool is_new, const char *name);

/* ERR_NOT_FOUND: there is none. */
static int each_planned(const char *home, plan_visit *visit, void *context)
{
	char path[SPLIT_PATH], word[8], name[NAME_MAX_BYTES];
	enum cli_exit exit = CLI_DONE;

	split_path(path, home, "plan");
	FILE *file = fopen(path, "re");
	if (!file)
		return errno == ENOENT ? ERR_NOT_FOUND : err_of_errno(errno);
	while (exit == CLI_DONE && fscanf(file, "%7s %63s", word, name) == 2)
		exit = visit(context, home, strcmp(word, "new") == 0, name);
	fclose(file);
	return exit == CLI_DONE ? 0 : ERR_IO;
}

static enum cli_exit write_plan(const struct split_plan *plan, const char *home)
{
	char path[SPLIT_PATH], last[SPLIT_PATH];

	split_path(path, home, "plan.new");
	split_path(last, home, "plan");
	FILE *file = fopen(path, "we");
	if (!file)
		return split_say_errno(path);
	for (size_t i = 0; i < plan->count; i++) {
		const struct split_node *split = &plan->nodes[i];
		fprintf(file, "old %s\n", split->node->name);
		for (size_t k = 0; k < split->part_count; k++)
			fprintf(file, "new %s\n", split->parts[k].name);
	}
	bool is_good =
	    !ferror(file) && fflush(file) == 0 && fsync(fileno(file)) == 0;
	if (fclose(file) != 0 || !is_good || rename(path, last) != 0)
		return split_say_errno(path);
	split_path(path, home, "");
	split_sync(path);
	sync_below(home, "");
	return CLI_DONE;
}

/* ---- making it ---- */

static enum cli_exit make_folders(const char *home)
{
	static const char *const names[] = { "keys", "keys/nodes", "data" };
	char path[SPLIT_PATH];

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		split_path(path, home, names[i]);
		if (mkdir(path, 0700) != 0)
			return split_say_errno(path);
	}
	return CLI_DONE;
}

/* A daemon that finds the folder finds the city in it. */
static enum cli_exit link_city(const char *home)
{
	static const char *const made[] = { ".", "..", "keys", "data", "log",
		"nodes.yaml", folder };
	enum cli_exit exit = CLI_DONE;
	char from[SPLIT_PATH], to[SPLIT_PATH];
	struct dirent *entry;
	DIR *dir = opendir(home);

	if (!dir)
		return split_say_errno(home);
	while (exit == CLI_DONE && (entry = readdir(dir)) != NULL) {
		bool is_made = false;
		for (size_t i = 0; i < sizeof(made) / sizeof(*made); i++)
			is_made |= strcmp(entry->d_name, made[i]) == 0;
		if (is_made)
			continue;
		snprintf(from, sizeof(from), "../%.255s", entry->d_name);
		split_path(to, home, entry->d_name);
		if (symlink(from, to) != 0)
			exit = split_say_errno(to);
	}
	closedir(dir);
	return exit;
}

enum cli_exit split_folder_make(const struct split_plan *plan, const char *home)
{
	char path[SPLIT_PATH];

	split_path(path, home, "");
	if (mkdir(path, 0700) != 0)
		return split_say_errno(path);
	enum cli_exit exit = write_plan(plan, home);
	if (exit == CLI_DONE)
		exit = make_folders(home);
	return exit == CLI_DONE ? link_city(home) : exit;
}

/* ---- putting it in its place ---- */

static enum cli_exit move(const char *from, const char *to)
{
	if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
		return CLI_DONE;
	return split_say_errno(to);
}

/* The key, and those that open what was sealed before. */
static enum cli_exit place_keys(const char *name, const char *home)
{
	char inside[SPLIT_PATH], from[SPLIT_PATH], to[SPLIT_PATH];
	enum cli_exit exit = CLI_DONE;
	char file[NAME_MAX_BYTES + 24];

	for (unsigned i = 0; exit == CLI_DONE && i <= NODE_RETIRED_KEYS_MAX;
	     i++) {
		if (i == 0)
			snprintf(file, sizeof(file), "%s.key", name);
		else
			snprintf(file, sizeof(file), "%s.key.%u", name, i);
		snprintf(inside, sizeof(inside), "keys/nodes/%s", file);
		split_path(from, home, inside);
		split_key_path(to, home, file);
		if (access(from, F_OK) != 0)
			break;
		exit = move(from, to);
	}
	return exit;
}

static enum cli_exit place_part(const char *name, const char *home)
{
	char inside[SPLIT_PATH], from[SPLIT_PATH], to[SPLIT_PATH];
	enum cli_exit exit = place_keys(name, home);

	if (exit != CLI_DONE)
		return exit;
	snprintf(inside, sizeof(inside), "data/%s", name);
	split_path(from, home, inside);
	split_store_path(to, home, name);
	return move(from, to);
}

enum cli_exit split_folder_place(
    const struct split_plan *plan, const char *home)
{
	char from[SPLIT_PATH], to[SPLIT_PATH];
	enum cli_exit exit = CLI_DONE;

	for (size_t i = 0; i < plan->count; i++)
		for (size_t k = 0;
		     exit == CLI_DONE && k < plan->nodes[i].part_count; k++)
			exit = place_part(plan->nodes[i].parts[k].name, home);
	if (exit != CLI_DONE)
		return exit;
	sync_below(home, "keys/nodes");
	sync_below(home, "data");
	split_path(from, home, "nodes.yaml");
	snprintf(to, sizeof(to), "%.900s/nodes.yaml", home);
	if (rename(from, to) != 0)
		return split_say_errno(to);
	sync_below(home, "");
	return CLI_DONE;
}

/* ---- after it ---- */

/* A name that is not taken. */
static enum cli_exit put_aside(
    char kept_out[SPLIT_PATH], const char *home, const char *name)
{
	char from[SPLIT_PATH], kept[NAME_MAX_BYTES + 64];
	long long now = (long long)time(NULL);

	split_store_path(from, home, name);
	for (int i = 0; i < 100; i++) {
		snprintf(kept, sizeof(kept), "%s.split-%lld-%d", name, now, i);
		split_store_path(kept_out, home, kept);
		if (renameat2(AT_FDCWD, from, AT_FDCWD, kept_out,
			RENAME_NOREPLACE) == 0)
			return CLI_DONE;
		if (errno != EEXIST)
			break;
	}
	kept_out[0] = '\0';
	return errno == ENOENT ? CLI_DONE : split_say_errno(from);
}

enum cli_exit split_folder_finish(struct split_plan *plan, const char *home)
{
	enum cli_exit exit = CLI_DONE;

	for (size_t i = 0; exit == CLI_DONE && i < plan->count; i++)
		exit = put_aside(
		    plan->nodes[i].kept, home, plan->nodes[i].node->name);
	sync_below(home, "data");
	if (exit == CLI_DONE)
		remove_folder(home);
	return exit;
}

/* ---- one that was cut off ---- */

static enum cli_exit drop_one(
    void *context, const char *home, bool is_new, const char *name)
{
	char path[SPLIT_PATH], file[NAME_MAX_BYTES + 24];
	(void)context;

	if (!is_new)
		return CLI_DONE;
	split_store_path(path, home, name);
	remove_all(path);
	for (unsigned i = 0; i <= NODE_RETIRED_KEYS_MAX; i++) {
		if (i == 0)
			snprintf(file, sizeof(file), "%s.key", name);
		else
			snprintf(file, sizeof(file), "%s.key.%u", name, i);
		split_key_path(path, home, file);
		unlink(path);
	}
	return CLI_DONE;
}

void split_folder_drop(const char *home)
{
	each_planned(home, drop_one, NULL);
	remove_folder(home);
}

struct finding {
	const struct org *org;
	bool is_made; /* a node of the plan is in the city's file */
};

static enum cli_exit find_one(
    void *context, const char *home, bool is_new, const char *name)
{
	struct finding *finding = context;
	(void)home;

	if (is_new && org_node(finding->org, name))
		finding->is_made = true;
	return CLI_DONE;
}

static enum cli_exit aside_one(
    void *context, const char *home, bool is_new, const char *name)
{
	char kept[SPLIT_PATH];
	(void)context;

	return is_new ? CLI_DONE : put_aside(kept, home, name);
}

enum cli_exit split_recover(
    bool *is_finished_out, const char *home, const struct org *org)
{
	struct finding finding = { .org = org };
	char path[SPLIT_PATH];

	*is_finished_out = false;
	split_path(path, home, "");
	if (access(path, F_OK) != 0)
		return CLI_DONE;
	int err = each_planned(home, find_one, &finding);
	if (err && err != ERR_NOT_FOUND)
		return say_failure(err, path);
	if (!finding.is_made) {
		split_folder_drop(home);
		return CLI_DONE;
	}
	if (each_planned(home, aside_one, NULL))
		return CLI_FAILED;
	remove_folder(home);
	*is_finished_out = true;
	return CLI_DONE;
}

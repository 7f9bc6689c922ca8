/* What must be so before a node is split. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>
#include "base/err.h"
#include "base/id.h"
#include "city_split_make.h"
#include "lang.h"
#include "say.h"
#include "store/kv.h"
#include "store_look.h"

static enum cli_exit check_part(
    const struct making *making, const struct split_part *part)
{
	char file[NAME_MAX_BYTES + 24], path[SPLIT_PATH];
	split_store_path(path, making->home, part->name);
	bool is_taken = access(path, F_OK) == 0;
	if (!is_taken) {
		snprintf(file, sizeof(file), "%s.key", part->name);
		split_key_path(path, making->home, file);
		is_taken = access(path, F_OK) == 0;
	}
	if (!is_taken)
		return CLI_DONE;
	say_error(_("%s is there already, though there is no node %s: move it "
		    "away first."),
	    path, part->name);
	return CLI_REFUSED;
}

/* Nobody starts the daemon while this has its lock. */
static enum cli_exit lock_store(
    int *lock_out, const char *dir, const struct node *node)
{
	char path[SPLIT_PATH + 16];
	snprintf(path, sizeof(path), "%s/lock", dir);
	*lock_out = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (*lock_out < 0)
		return split_say_errno(path);
	if (flock(*lock_out, LOCK_EX | LOCK_NB) == 0)
		return CLI_DONE;
	say_error(_("%s is running: stop it first. Nothing was changed."),
	    node->name);
	return CLI_REFUSED;
}

static enum cli_exit check_sound(
    struct split_node *split, const struct making *making, const char *dir)
{
	struct store_place place = { dir, false, making->plan->org,
		split->node };
	char mark[SPLIT_PATH + 16];
	json_t *report = NULL;
	int rc = store_look(&report, &place);
	if (rc)
		return say_failure(rc, dir);
	snprintf(mark, sizeof(mark), "%s/damaged", dir);
	bool is_sound = json_is_true(json_object_get(report, "is_sound")) &&
			access(mark, F_OK) != 0;
	split->tickets = (unsigned long long)json_integer_value(
	    json_object_get(report, "tickets"));
	json_decref(report);
	if (is_sound)
		return CLI_DONE;
	say_error(_("The store of %s is damaged: whistle --node %s store "
		    "repair, then start it once before it is split."),
	    split->node->name, split->node->name);
	return CLI_REFUSED;
}

/* Whatever was opened while it was one node is older than this. */
static int look_at_newest(struct split_plan *plan, const char *dir)
{
	static const uint8_t zero[1];
	struct bytes key = bytes_of(zero, sizeof(zero)), value;
	struct kv_config config = { .is_read_only = true };
	struct kv_cursor *cursor = NULL;
	struct kv_txn *txn = NULL;
	struct kv *kv = NULL;
	struct id id;
	int rc = kv_open(&kv, dir, &config);
	if (!rc)
		rc = kv_begin(&txn, kv, false);
	if (!rc)
		rc = kv_cursor_open(&cursor, txn, KV_TICKETS);
	if (!rc)
		rc = kv_move(&key, &value, cursor, KV_LAST);
	if (!rc && key.len == ID_BYTES) {
		memcpy(id.b, key.data, ID_BYTES);
		if (id_time_ms(&id) > plan->since_ms)
			plan->since_ms = id_time_ms(&id);
	}
	kv_cursor_close(&cursor);
	kv_abort(&txn);
	kv_close(&kv);
	return rc == ERR_NOT_FOUND ? 0 : rc;
}

enum cli_exit split_check(struct making *making, size_t index)
{
	struct split_node *split = &making->plan->nodes[index];
	const char *name = split->node->name;
	char dir[SPLIT_PATH], path[SPLIT_PATH + 16], file[NAME_MAX_BYTES + 24];
	split_store_path(dir, making->home, name);
	snprintf(path, sizeof(path), "%s/" KV_FILE, dir);
	if (access(path, F_OK) != 0) {
		say_error(_("The store of %s is not here (%s): say this where "
			    "it is, to each node by name."),
		    name, dir);
		return CLI_NOT_FOUND;
	}
	snprintf(file, sizeof(file), "%s.key", name);
	split_key_path(path, making->home, file);
	if (access(path, R_OK) != 0) {
		say_error(_("The key file of %s is not here (%s): say "
			    "this where it is."),
		    name, path);
		return CLI_NOT_FOUND;
	}
	enum cli_exit exit = CLI_DONE;
	for (size_t i = 0; exit == CLI_DONE && i < split->part_count; i++)
		exit = check_part(making, &split->parts[i]);
	if (exit == CLI_DONE)
		exit = lock_store(&making->locks[index], dir, split->node);
	if (exit == CLI_DONE)
		exit = check_sound(split, making, dir);
	if (exit == CLI_DONE && look_at_newest(making->plan, dir))
		exit = say_failure(ERR_IO, dir);
	return exit;
}

/* The steps of a split, from a plan to a city laid out anew. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/err.h"
#include "city_keys.h"
#include "city_split_make.h"
#include "lang.h"
#include "nodes_text.h"
#include "program.h"
#include "say.h"
#include "session.h"
#include "store_look.h"

/* ---- keys ---- */

static enum cli_exit copy_key(const char *to, const char *from)
{
	char text[4096];
	int in = open(from, O_RDONLY | O_CLOEXEC), out = -1;
	ssize_t len = in < 0 ? -1 : read(in, text, sizeof(text));
	if (len >= 0)
		out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	bool is_good = out >= 0 && len < (ssize_t)sizeof(text) &&
		       write(out, text, (size_t)len) == len && fsync(out) == 0;
	explicit_bzero(text, sizeof(text));
	if (in >= 0)
		close(in);
	if (out >= 0)
		close(out);
	return is_good ? CLI_DONE : split_say_errno(len < 0 ? from : to);
}

/* What opens what was sealed for the node: the keys that it had, the oldest
 * first, and then the one that it has. */
static enum cli_exit copy_keys(const struct making *making,
    const struct split_part *part, const struct node *node)
{
	char from[SPLIT_PATH], to[SPLIT_PATH], file[NAME_MAX_BYTES + 64];
	enum cli_exit exit = CLI_DONE;
	bool is_last = false;
	for (unsigned i = 1; exit == CLI_DONE && !is_last; i++) {
		snprintf(file, sizeof(file), "%s.key.%u", node->name, i);
		split_key_path(from, making->home, file);
		is_last = access(from, F_OK) != 0;
		if (is_last) {
			snprintf(file, sizeof(file), "%s.key", node->name);
			split_key_path(from, making->home, file);
		}
		snprintf(
		    file, sizeof(file), "keys/nodes/%s.key.%u", part->name, i);
		split_path(to, making->home, file);
		exit = copy_key(to, from);
	}
	return exit;
}

static enum cli_exit make_key(const struct making *making,
    struct split_part *part, const struct node *node)
{
	char path[SPLIT_PATH], file[NAME_MAX_BYTES + 32];
	snprintf(file, sizeof(file), "keys/nodes/%s.key", part->name);
	split_path(path, making->home, file);
	int err = city_keys_one(part->public_key, NULL, path);
	if (err < 0)
		return say_failure(err, path);
	return copy_keys(making, part, node);
}

/* ---- nodes.yaml ---- */

static void put_keys(FILE *file, const struct node *node)
{
	fprintf(file, "\nretired_keys: [\"%s\"", node->public_key);
	for (unsigned i = 0; i < node->old_count; i++)
		fprintf(file, ", \"%s\"", node->old_keys[i]);
	for (unsigned i = 0; i < node->retired_count; i++)
		fprintf(file, ", \"%s\"", node->retired_keys[i]);
	fprintf(file, "]");
}

static void put_past(
    FILE *file, const struct node *node, const struct split_plan *plan)
{
	char since[TIME_TEXT];
	fprintf(file, "\nwas: [%s", node->name);
	for (unsigned i = 0; i < node->was_count; i++)
		fprintf(file, ", %s", node->was[i]);
	fprintf(file, "]\nsince: \"%s\"", time_format(since, plan->since_ms));
}

static int describe(struct buf *out, const struct split_part *part,
    const struct node *node, const struct split_plan *plan)
{
	char *text = NULL;
	size_t len = 0;
	FILE *file = open_memstream(&text, &len);
	if (!file)
		return ERR_NOMEM;
	fprintf(file, "name: %s\nlevel: %s\nserves: [%.*s]\nendpoint: \"%s\"",
	    part->name, node->level, (int)part->serves.len,
	    (const char *)part->serves.data, part->endpoint);
	if (node->is_mirrored)
		fprintf(file, "\ndurability: mirrored");
	fprintf(file, "\npublic_key: \"%s\"", part->public_key);
	put_keys(file, node);
	put_past(file, node, plan);
	int err = fclose(file) ? ERR_NOMEM : buf_add(out, text, len);
	free(text);
	return err;
}

static int replace_node(struct nodes_text *text, const struct split_node *split,
    const struct split_plan *plan)
{
	struct buf *mappings = calloc(split->part_count, sizeof(*mappings));
	int err = mappings ? 0 : ERR_NOMEM;
	for (size_t i = 0; !err && i < split->part_count; i++)
		err =
		    describe(&mappings[i], &split->parts[i], split->node, plan);
	if (!err)
		err = nodes_text_replace(
		    text, split->node->name, mappings, split->part_count);
	for (size_t i = 0; mappings && i < split->part_count; i++)
		buf_free(&mappings[i]);
	free(mappings);
	return err;
}

static enum cli_exit write_text(const char *path, const struct nodes_text *text)
{
	int fd =
	    open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, text->mode);
	bool is_good = fd >= 0 &&
		       write(fd, text->buf.data, text->buf.len) ==
			   (ssize_t)text->buf.len &&
		       fchmod(fd, text->mode) == 0 && fsync(fd) == 0;
	if (fd >= 0 && close(fd) != 0)
		is_good = false;
	return is_good ? CLI_DONE : split_say_errno(path);
}

static enum cli_exit write_nodes(const struct making *making)
{
	struct nodes_text text = { .mode = 0644 };
	char path[SPLIT_PATH], from[SPLIT_PATH];
	enum cli_exit exit = CLI_DONE;
	snprintf(from, sizeof(from), "%.900s/nodes.yaml", making->home);
	split_path(path, making->home, "nodes.yaml");
	int err = nodes_text_read(&text, from);
	for (size_t i = 0; !err && i < making->plan->count; i++)
		err =
		    replace_node(&text, &making->plan->nodes[i], making->plan);
	if (err)
		exit = say_failure(err, from);
	else
		exit = write_text(path, &text);
	buf_free(&text.buf);
	return exit;
}

static enum cli_exit read_new(struct org **org_out, const char *home)
{
	struct report report = { 0 };
	char path[SPLIT_PATH];
	enum cli_exit exit = CLI_DONE;
	split_path(path, home, "");
	int err = org_load(org_out, &report, path, ORG_NEEDS_KEYS);
	if (err < 0)
		exit = session_problems(&report, err, path);
	report_free(&report);
	return exit;
}

/* ---- a store for each part, made by its own daemon ---- */

struct working {
	const char *home, *dir, *from;
	const struct node *node;
	FILE *out;
};

static int become_daemon(void *context)
{
	const struct working *working = context;
	char program[PROGRAM_TEXT], key[SPLIT_PATH], city[SPLIT_PATH];
	char file[NAME_MAX_BYTES + 32];
	snprintf(file, sizeof(file), "keys/nodes/%s.key", working->node->name);
	split_path(key, working->home, file);
	split_path(city, working->home, "");
	if (program_of(program, working->node) ||
	    dup2(fileno(working->out), STDOUT_FILENO) < 0)
		return ERR_IO;
	execl(program, program, "--home", city, "--node", working->node->name,
	    "--key", key, "--store", working->dir, "--split-from",
	    working->from, (char *)NULL);
	return err_of_errno(errno);
}

static enum cli_exit make_store(const struct making *making,
    struct split_part *part, const struct node *old, const struct node *node)
{
	char inside[NAME_MAX_BYTES + 8], dir[SPLIT_PATH], from[SPLIT_PATH];
	struct working working = { making->home, dir, from, node, tmpfile() };
	snprintf(inside, sizeof(inside), "data/%s", part->name);
	split_path(dir, making->home, inside);
	split_store_path(from, making->home, old->name);
	int rc = working.out ? store_apart(become_daemon, &working)
			     : err_of_errno(errno);
	if (working.out)
		rewind(working.out);
	if (!rc && fscanf(working.out, "split %llu %llu %llu", &part->tickets,
		       &part->events, &part->files) != 3)
		rc = ERR_CORRUPT;
	if (working.out)
		fclose(working.out);
	if (!rc)
		return CLI_DONE;
	say_error(_("The store of %s could not be made (why is above). Nothing "
		    "was changed."),
	    part->name);
	return CLI_FAILED;
}

static enum cli_exit check_store(
    const struct making *making, const struct org *org, const struct node *node)
{
	char inside[NAME_MAX_BYTES + 8], dir[SPLIT_PATH];
	struct store_place place = { dir, false, org, node };
	json_t *report = NULL;
	snprintf(inside, sizeof(inside), "data/%s", node->name);
	split_path(dir, making->home, inside);
	int rc = store_look(&report, &place);
	if (rc)
		return say_failure(rc, dir);
	bool is_sound = json_is_true(json_object_get(report, "is_sound"));
	if (!is_sound) {
		store_look_print(report);
		say_error(_("The store that was made for %s is not sound. "
			    "Nothing was changed."),
		    node->name);
	}
	json_decref(report);
	return is_sound ? CLI_DONE : CLI_FAILED;
}

/* Each ticket is somebody's; some are several's. */
static enum cli_exit check_sum(const struct split_node *split)
{
	unsigned long long sum = 0;
	for (size_t i = 0; i < split->part_count; i++)
		sum += split->parts[i].tickets;
	if (sum >= split->tickets)
		return CLI_DONE;
	say_error(_("%s has %llu tickets, and its parts only %llu. Nothing was "
		    "changed."),
	    split->node->name, split->tickets, sum);
	return CLI_FAILED;
}

static enum cli_exit make_stores(
    const struct making *making, const struct org *org)
{
	enum cli_exit exit = CLI_DONE;
	for (size_t i = 0; exit == CLI_DONE && i < making->plan->count; i++) {
		struct split_node *split = &making->plan->nodes[i];
		for (size_t k = 0; exit == CLI_DONE && k < split->part_count;
		     k++) {
			struct split_part *part = &split->parts[k];
			const struct node *node = org_node(org, part->name);
			exit = make_store(making, part, split->node, node);
			if (exit == CLI_DONE)
				exit = check_store(making, org, node);
		}
		if (exit == CLI_DONE)
			exit = check_sum(split);
	}
	return exit;
}

/* ---- all of it ---- */

static enum cli_exit make_all(struct making *making)
{
	struct split_plan *plan = making->plan;
	struct org *org = NULL;
	enum cli_exit exit = split_folder_make(plan, making->home);
	for (size_t i = 0; i < plan->count; i++)
		for (size_t k = 0;
		     exit == CLI_DONE && k < plan->nodes[i].part_count; k++)
			exit = make_key(making, &plan->nodes[i].parts[k],
			    plan->nodes[i].node);
	if (exit == CLI_DONE)
		exit = write_nodes(making);
	if (exit == CLI_DONE)
		exit = read_new(&org, making->home);
	if (exit == CLI_DONE)
		exit = make_stores(making, org);
	org_close(&org);
	if (exit == CLI_DONE)
		exit = split_folder_place(plan, making->home);
	return exit;
}

enum cli_exit split_make(struct split_plan *plan, const struct cli *cli)
{
	struct making making = { plan, cli, cli->home.path, NULL };
	enum cli_exit exit = CLI_DONE;
	plan->since_ms = clock_now_ms(&cli->clock);
	making.locks = malloc((plan->count + 1) * sizeof(*making.locks));
	if (!making.locks)
		return say_failure(ERR_NOMEM, "whistle");
	for (size_t i = 0; i < plan->count; i++)
		making.locks[i] = -1;
	for (size_t i = 0; exit == CLI_DONE && i < plan->count; i++)
		exit = split_check(&making, i);
	/* it is written in whole seconds */
	plan->since_ms = (plan->since_ms / 1000 + 1) * 1000;
	if (exit == CLI_DONE) {
		exit = make_all(&making);
		if (exit == CLI_DONE)
			exit = split_folder_finish(plan, making.home);
		else
			split_folder_drop(making.home);
	}
	for (size_t i = 0; i < plan->count; i++)
		if (making.locks[i] >= 0)
			close(making.locks[i]);
	free(making.locks);
	return exit;
}

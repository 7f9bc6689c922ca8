#include "engine/split.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/err.h"
#include "catalogue/catalogue.h"
#include "engine/salvage.h"
#include "engine/split_inside.h"
#include "store/damaged.h"

/* Was there anything that a neighbour had yet to give back to it? */
static int was_owed(bool *is_so_out, struct kv_txn *old)
{
	struct link_record record = { .peer = "" };
	int rc;

	*is_so_out = false;
	while ((rc = links_next(&record, old)) == 0)
		*is_so_out |= record.is_owed != 0;
	return rc == ERR_NOT_FOUND ? 0 : rc;
}

/* ---- orders and answers that had not left ---- */

struct queue {
	struct split *split;
	struct link_record record;
	uint64_t seq;
};

static int hand_on_queue(void *context, struct turn *turn)
{
	enum { ROWS = 256 };
	struct queue *queue = context;
	struct outbox_row row;
	int rc = 0;

	for (int i = 0; !rc && i < ROWS && queue->seq < queue->record.next;
	     i++, queue->seq++) {
		bool is_ours = false;
		rc = outbox_get(
		    &row, queue->split->old, &queue->record, queue->seq);
		if (!rc)
			rc = split_has_row(&is_ours, queue->split, &row);
		if (!rc && is_ours)
			rc = stray_hand_on(turn, &row);
	}
	return rc;
}

static int hand_on_all(struct split *split)
{
	struct queue queue = { .split = split, .record = { .peer = "" } };
	int rc;

	while ((rc = links_next(&queue.record, split->old)) == 0) {
		queue.seq = queue.record.acked + 1;
		while (!rc && queue.seq < queue.record.next)
			rc = quiet_turn(split->engine, hand_on_queue, &queue);
		if (rc)
			return rc;
	}
	return rc == ERR_NOT_FOUND ? 0 : rc;
}

static int save_links(void *context, struct turn *turn)
{
	struct engine *engine = turn->engine;
	int rc = 0;
	(void)context;

	for (size_t i = 0; !rc && i < engine->neighbour_count; i++)
		rc = link_save(&engine->neighbours[i].link, turn->txn);
	return rc;
}

/* ---- what neighbours still owe ---- */

static int take_damaged(void *context, struct turn *turn)
{
	struct split *split = context;
	struct id id = { { 0 } };
	uint32_t seq;
	int rc;

	while ((rc = damaged_next(&id, &seq, split->old)) == 0) {
		struct ticket ticket;
		bool is_ours = false;
		/* of one whose record is lost nobody knows whose it is */
		rc = tickets_get(&ticket, split->old, &id);
		if (!rc)
			rc = split_has_ticket(&is_ours, split, &id);
		if (rc && rc != ERR_NOT_FOUND)
			return rc;
		if (rc || is_ours)
			rc = damaged_put(turn->txn, &id, seq);
		if (rc)
			return rc;
	}
	return rc == ERR_NOT_FOUND ? 0 : rc;
}

/* ---- the whole ---- */

/* The files' names are durable, too: a name that is linked is not synced. */
static int sync_files(const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), rc;

	if (fd < 0)
		return err_of_errno(errno);
	rc = syncfs(fd) ? err_of_errno(errno) : 0;
	close(fd);
	return rc;
}

static int take_all(struct split_sums *sums_out, struct split *split)
{
	const struct repair_config config = { .dir = NULL };
	struct repair_sums sums = { .tickets = 0 };
	struct salvage salvage = {
		.engine = split->engine,
		.old = split->old,
		.sums = &sums,
		.config = &config,
		.split = split,
	};
	int rc = salvage_all(&salvage);

	for (int i = 0; !rc && i < REPAIR_FATE_COUNT; i++)
		if (sums.found[i])
			rc = ERR_CORRUPT;
	if (!rc)
		rc = quiet_turn(split->engine, take_damaged, split);
	if (!rc)
		rc = hand_on_all(split);
	if (!rc)
		rc = quiet_turn(split->engine, save_links, NULL);
	if (!rc)
		rc = sync_files(split->new_files);
	*sums_out =
	    (struct split_sums){ sums.tickets, sums.events, split->files };
	return rc;
}

static void close_unused(const struct split_config *config)
{
	struct engine_config unused = config->engine;

	catalogue_close(&unused.catalogue);
	store_close(&unused.store);
	files_close(&unused.files);
}

/* What the node had it had all of: its parts are owed nothing, unless it
 * was. */
static int open_part(struct split *split, const struct split_config *config)
{
	struct engine_config made = config->engine;
	bool is_owed = false;
	int rc = was_owed(&is_owed, split->old);

	if (rc) {
		close_unused(config);
		return rc;
	}
	made.is_founding = !is_owed;
	made.post = post_nobody();
	return engine_open(&split->engine, &made);
}

static int open_old(struct store *old_out, struct split *split,
    const struct split_config *config)
{
	const struct node *self =
	    org_node(config->engine.org, config->engine.node);
	struct id_maker ids = { .entropy = config->engine.entropy };
	struct kv_config kv = { .is_read_only = true };

	if (!self || !self->was_count)
		return ERR_NOT_FOUND;
	split->was = self->was[0];
	int rc = store_open(old_out, config->from, &kv, split->was, &ids,
	    clock_now_ms(&config->engine.clock));
	return rc ? rc : kv_begin(&split->old, old_out->kv, false);
}

int store_split(struct split_sums *sums_out, const struct split_config *config)
{
	struct split split = { .new_files = config->files };
	struct store old = { .kv = NULL };
	char files[REPAIR_PATH];

	snprintf(files, sizeof(files), "%.1200s/files", config->from);
	split.old_files = files;
	int rc = open_old(&old, &split, config);
	if (rc)
		close_unused(config);
	else
		rc = open_part(&split, config);
	if (!rc)
		rc = take_all(sums_out, &split);
	kv_abort(&split.old);
	engine_close(&split.engine);
	store_close(&old);
	return rc;
}

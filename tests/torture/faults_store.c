/* Stores that are lost, and old ones that are put back. */
#include "faults_inside.h"

#include <string.h>
#include "harness/harness.h"
#include "people.h"
#include "store/outbox.h"

#define WHO "admin" /* a backup is made of files: anybody */

/* Has all that it had left the node? Its daemon has ended. */
static bool is_drained(const struct city *city, const char *name)
{
	struct kv_config config = { .is_read_only = true };
	struct link_record record;
	struct kv *kv = NULL;
	struct kv_txn *txn = NULL;
	uint64_t rows = 0;

	assert_int_equal(
	    kv_open(&kv, city_path(city, "data/%s", name), &config), 0);
	assert_int_equal(kv_begin(&txn, kv, false), 0);
	for (size_t i = 0; i < city->daemon_count; i++)
		if (!links_get(&record, txn, city->daemons[i].name))
			rows += outbox_length(&record);
	kv_abort(&txn);
	kv_close(&kv);
	return rows == 0;
}

static void delete_store(struct faults *faults, const char *name)
{
	folder_remove(city_path(faults->city, "data/%s", name));
	faults->felt[FAULT_LOST]++;
}

/* From a backup of some cycles ago, which is used again and again. */
static void put_back(struct faults *faults, const char *name)
{
	folder_remove(city_path(faults->city, "data/%s", name));
	cli_exits(0, faults->city, WHO, "--node", name, "restore",
	    city_path(faults->city, "old-%s", name), NULL);
	faults->felt[FAULT_OLD]++;
}

static void back_up(const struct faults *faults, size_t at)
{
	const char *name = faults->city->daemons[at].name;

	cli_exits(0, faults->city, WHO, "--node", name, "backup",
	    city_path(faults->city, "old-%s", name), NULL);
}

/* Its daemon has ended. */
static void lose(
    struct faults *faults, struct people *people, size_t at, bool is_old)
{
	const char *name = faults->city->daemons[at].name;

	if (!is_drained(faults->city, name))
		return;
	if (is_old)
		put_back(faults, name);
	else
		delete_store(faults, name);
	people_store_lost(people, name);
	faults->victims[at].has_new_store = true;
}

/* What is between two that lose their stores may be on their two disks alone.
 */
static bool are_apart(const struct city *city, size_t a, size_t b)
{
	const struct node *one = org_node(city->org, city->daemons[a].name);
	const struct node *other = org_node(city->org, city->daemons[b].name);

	return a != b && one->parent != other && other->parent != one;
}

/* Another that is apart from all of them. */
static size_t choose(
    struct faults *faults, const size_t *chosen, unsigned count)
{
	for (;;) {
		size_t at = dice_throw(
		    faults->dice, (unsigned)faults->city->daemon_count);
		unsigned i = 0;
		while (i < count && are_apart(faults->city, at, chosen[i]))
			i++;
		if (i == count)
			return at;
	}
}

/* The first time there are no backups yet. */
static void first_backups(struct faults *faults)
{
	for (unsigned i = 0; i < OLDS; i++) {
		faults->old_at[i] = choose(faults, faults->old_at, i);
		back_up(faults, faults->old_at[i]);
	}
	faults->has_copies = true;
}

void faults_lose(struct faults *faults, struct people *people)
{
	unsigned from = faults->has_copies ? 0 : OLDS;
	size_t chosen[LOSERS];

	if (!faults->has_copies)
		first_backups(faults);
	memcpy(chosen, faults->old_at, sizeof(faults->old_at));
	for (unsigned i = OLDS; i < LOSERS; i++)
		chosen[i] = choose(faults, chosen, i);
	for (unsigned i = from; i < LOSERS; i++)
		assert_int_equal(daemon_stop(faults->city,
				     faults->city->daemons[chosen[i]].name),
		    0);
	for (unsigned i = from; i < LOSERS; i++)
		lose(faults, people, chosen[i], i < OLDS);
	for (unsigned i = from; i < LOSERS; i++)
		faults_start_node(faults, chosen[i]);
}

/* Stores that are lost, and old ones that are put back. */
#include "faults_inside.h"
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

static void back_up(struct faults *faults)
{
	const char *name = faults->city->daemons[faults->old_at].name;

	cli_exits(0, faults->city, WHO, "--node", name, "backup",
	    city_path(faults->city, "old-%s", name), NULL);
	faults->has_copy = true;
}

static void lose(
    struct faults *faults, struct people *people, size_t at, bool is_deleted)
{
	const char *name = faults->city->daemons[at].name;

	assert_int_equal(daemon_stop(faults->city, name), 0);
	if (is_drained(faults->city, name)) {
		if (is_deleted)
			delete_store(faults, name);
		else
			put_back(faults, name);
		people_store_lost(people, name);
		faults->victims[at].has_new_store = true;
	}
	faults_start_node(faults, at);
}

void faults_lose(struct faults *faults, struct people *people)
{
	unsigned count = (unsigned)faults->city->daemon_count;

	lose(faults, people, dice_throw(faults->dice, count), true);
	city_wait_up(faults->city);
	city_wait_quiet(faults->city);
	if (faults->has_copy)
		lose(faults, people, faults->old_at, false);
	else
		back_up(faults);
}

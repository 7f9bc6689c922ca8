/*
 * A made-up backup, as restore and “store check” see it: the audit bears
 * anything, and what it finds sound is. The file itself is LMDB's to read,
 * and not fuzzed: see README.md.
 */
#include <string.h>
#include "audit/audit.h"
#include "rows.h"
#include "world.h"

static int count_finding(void *context, const struct audit_finding *finding)
{
	(void)context;
	promise(finding->fault < AUDIT_FAULT_COUNT);
	promise(memchr(finding->subject, '\0', sizeof(finding->subject)));
	return 0;
}

static bool audit(struct kv_txn *txn)
{
	struct audit_config config = { .is_ours = world_is_ours,
		.found = count_finding,
		.now_ms = STORY_START_MS };
	struct audit_result result;

	promise(audit_store(&result, txn, &config) == 0);
	return result.damages == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct world *world = rows_world();

	place_begin(world->place);
	rows_change(world, bytes_of(data, size));
	rows_look(world, audit(world_txn(world)));
	kv_abort(&world->place->txn);
	return 0;
}

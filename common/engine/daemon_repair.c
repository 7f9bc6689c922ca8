/* A daemon whose store is damaged makes it whole before it goes on. */
#include "engine/daemon_inside.h"

#include <stdio.h>
#include "base/log.h"
#include "engine/repair.h"

/* For whistle store repair: a line each, on standard output. */
static void say_found(void *context, const struct repair_finding *finding)
{
	const struct daemon *daemon = context;

	if (daemon->wants_repair)
		printf("found %s %s %s\n", repair_word(finding->fate),
		    finding->table, finding->subject);
	else if (finding->fate != REPAIR_AGAIN)
		log_line(LOG_ERROR, "store=damaged table=%s record=%s fate=%s",
		    finding->table, finding->subject,
		    repair_word(finding->fate));
}

int daemon_repair(struct daemon *daemon, const struct level *const *levels)
{
	struct repair_config config = {
		.dir = daemon->store_dir,
		.limit_bytes = (uint64_t)daemon->store_limit_mib << 20,
		.engine = daemon_engine_config(daemon, levels),
		.found = say_found,
		.context = daemon,
	};
	struct repair_sums sums;
	int rc = store_repair(&sums, &config);

	daemon->catalogue = NULL;
	daemon->store.kv = NULL;
	daemon->files = NULL;
	if (rc)
		return rc;
	if (daemon->wants_repair)
		printf("repaired %llu %llu %s\n",
		    (unsigned long long)sums.tickets,
		    (unsigned long long)sums.events, sums.kept);
	log_line(LOG_ERROR,
	    "store=repaired tickets=%llu events=%llu again=%llu asked=%llu "
	    "lost=%llu kept=%s",
	    (unsigned long long)sums.tickets, (unsigned long long)sums.events,
	    (unsigned long long)sums.found[REPAIR_AGAIN],
	    (unsigned long long)sums.found[REPAIR_ASKED],
	    (unsigned long long)sums.found[REPAIR_LOST], sums.kept);
	return 0;
}

/* A daemon that makes its store of another's, for whistle city split. */
#include "engine/daemon_inside.h"

#include <stdio.h>
#include "engine/split.h"

int daemon_split(struct daemon *daemon, const struct level *const *levels)
{
	char files[PATH_SIZE + 16];
	struct split_config config = {
		.from = daemon->split_option,
		.files = files,
		.engine = daemon_engine_config(daemon, levels),
	};
	struct split_sums sums;

	snprintf(files, sizeof(files), "%s/files", daemon->store_dir);
	int rc = store_split(&sums, &config);
	daemon->catalogue = NULL;
	daemon->store.kv = NULL;
	daemon->files = NULL;
	if (rc)
		return rc;
	printf("split %llu %llu %llu\n", (unsigned long long)sums.tickets,
	    (unsigned long long)sums.events, (unsigned long long)sums.files);
	return 0;
}

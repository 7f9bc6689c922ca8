/* What the new store has for the neighbours. */
#include <string.h>
#include "engine/inside.h"
#include "engine/salvage.h"

/* Orders and answers that had not left are in no log. */
int salvage_rows(void *context, struct turn *turn)
{
	struct salvage *salvage = context;
	struct engine *engine = turn->engine;
	struct link_record record;
	struct outbox_row row;
	int rc = 0;

	for (size_t i = 0; i < engine->neighbour_count; i++) {
		struct neighbour *to = &engine->neighbours[i];
		if (links_get(&record, salvage->old, to->node->name))
			continue;
		for (uint64_t seq = record.acked + 1; !rc && seq < record.next;
		     seq++)
			if (!outbox_get(&row, salvage->old, &record, seq) &&
			    (row.kind == OUTBOX_ORDER ||
				row.kind == OUTBOX_ANSWER))
				rc = link_put(&to->link, turn->txn, &row);
		if (!rc)
			rc = link_save(&to->link, turn->txn);
	}
	return rc;
}

/* To each neighbour everything is offered once it is met, and nothing before
 * that: no rows for each event of each log. */
int salvage_offer(void *context, struct turn *turn)
{
	struct engine *engine = turn->engine;
	int rc = 0;
	(void)context;

	for (size_t i = 0; !rc && i < engine->neighbour_count; i++) {
		struct link *link = &engine->neighbours[i].link;
		link->record.is_offering = 1;
		memset(&link->record.offer_next, 0, sizeof(struct id));
		rc = links_put(turn->txn, &link->record);
	}
	return rc;
}

/*
 * A node's store cut up for the nodes that it is split into: each gets a new
 * one of everything in the old that is its own, by the same steps that made
 * it first, so that whatever can be derived (tickets, indexes, timers,
 * counters, the journal, intake keys) is derived anew, for its units. The old
 * store is only read. A ticket goes to each part that one of its stays is in,
 * as the neighbours would have given it; nothing goes to none.
 *
 * What becomes of each table:
 *
 *   events, tickets       the logs of the part's tickets, whole
 *   contacts, stranded    with their tickets, sealed as they are: the part
 *                         has the old node's key among those that it had
 *   requests              all, to every part: what was done for whom is
 *                         answered the same, whoever is asked. Their ids are
 *                         nobody else's, and they are forgotten in days
 *   orders, silences      with their tickets
 *   outbox, links         events are offered anew to every neighbour. Orders
 *                         and answers are in no log: one part hands each on,
 *                         by the map of today
 *   uploads               whole ones, to the part of whoever sent them; what
 *                         is half sent is sent again
 *   files                 those that a ticket or an upload of the part names,
 *                         with their bytes; one that is missing is asked for
 *   meta                  which logs the neighbours still owe (damaged.h)
 *   all others            derived: timers, held, states, places, intake,
 *                         counters, counted, journal, duplicates, moments,
 *                         named, wanted, queue, watches, overdue
 */
#ifndef WHISTLE_ENGINE_SPLIT_H
#define WHISTLE_ENGINE_SPLIT_H

#include "engine/engine.h"

struct split_config {
	const char *from;	     /* the old store's folder */
	const char *files;	     /* the folder of the new store's files */
	struct engine_config engine; /* of the part; its store is empty */
};

struct split_sums {
	uint64_t tickets, events, files;
};

/*
 * The store, the files and the catalogue of the engine are closed after it.
 * ERR_NOT_FOUND: the node was no part of another; ERR_VERSION: the old store
 * is another node's; ERR_CORRUPT: it is damaged, and to be repaired first.
 */
int store_split(struct split_sums *sums_out, const struct split_config *config);

#endif

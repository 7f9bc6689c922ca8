/*
 * A node: what it knows, and one loop turn. A turn takes what has arrived,
 * up to a bound, decides and writes in one transaction, commits with one
 * sync, and only then lets go of what it has to say: an answer before its
 * commit cannot be written down. Clock, randomness, messages and store come
 * from outside.
 */
#ifndef WHISTLE_ENGINE_ENGINE_H
#define WHISTLE_ENGINE_ENGINE_H

#include "base/clock.h"
#include "engine/level.h"
#include "engine/post.h"
#include "store/files.h"
#include "store/store.h"

struct engine;

struct engine_config {
	const char *city_dir; /* units.csv, nodes.yaml, catalogue.yaml … */
	const char *node;     /* our name in nodes.yaml */
	const struct level *level;
	const struct level *const *levels; /* all, NULL at the end: what
					      neighbours' units may do */
	const char *secret_key;	     /* ours, Z85: opens sealed contacts */
	struct org *org;	     /* borrowed; its people may be replaced */
	struct catalogue *catalogue; /* owned from engine_open on */
	struct store store;	     /* owned from engine_open on */
	struct files *files;	     /* the same */
	bool is_founding; /* the store is of a new city: nothing to get back */
	bool wants_news;  /* to be told how all nodes of the city are */
	uint64_t reserve_bytes; /* less room than this: no new tickets */
	struct clock clock;
	struct entropy entropy;
	struct post post;
};

/*
 * Whether a node can run in a city that writes as `org` says, with a store in
 * which the newest that was written is of version `spoken`.
 */
enum speaks_problem {
	SPEAKS_WELL,
	SPEAKS_UNREADABLE, /* this program is too old for the city */
	SPEAKS_TOO_LITTLE, /* the city has gone further before */
};
enum speaks_problem speaks_problem(const struct org *org, uint32_t spoken);

int engine_open(struct engine **engine_out, const struct engine_config *config);

/*
 * One turn: waits for something to do, at most `wait_ms`. 0, or a failure
 * that this daemon must stop for: ERR_COMMIT (start again and look),
 * ERR_CORRUPT, ERR_IO.
 */
int engine_turn(struct engine *engine, int wait_ms);

/* Has an operator asked for a reload since the last call? */
bool engine_wants_reload(struct engine *engine);
/* Read the catalogue, the calendar, the operators and where the nodes are and
 * by which keys again, and in which version the city writes; if one is bad all
 * are refused (ERR_INVALID, ERR_VERSION, with the problems logged) and the old
 * ones kept. Who is no operator any more is not
 * heard any more, and who came by a key that is a node's no more is cut off;
 * letting new ones in, and calling the parent where it is now, is the
 * caller's. Between turns only. */
int engine_reload(struct engine *engine);

/*
 * Our secret keys (Z85), at most 33: the first is ours now, the others were,
 * and open what was sealed then. ERR_INVALID, with those of before kept.
 */
int engine_secrets(
    struct engine *engine, const char *const *secrets, size_t count);

/* No more new work; turns go on so that what is under way gets out. True
 * once every row that a live neighbour could take is acknowledged. */
bool engine_drain(struct engine *engine);

void engine_close(struct engine **engine);

#endif

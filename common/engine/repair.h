/*
 * A damaged store made whole: a new one is made beside it of everything in it
 * that is sound, by the same steps that made it first, so that whatever can be
 * derived (tickets, indexes, timers, counters, the journal) is derived anew;
 * then the two change places in one step. The new store has another id: every
 * neighbour gives back what it shares before this node writes again. The old
 * one is kept beside it with a list of what was damaged in it.
 */
#ifndef WHISTLE_ENGINE_REPAIR_H
#define WHISTLE_ENGINE_REPAIR_H

#include "engine/engine.h"

/* What becomes of a record that is damaged, or missing. The sentence is for
 * people. */
#define REPAIR_FATES(X)                                                        \
	X(AGAIN, "again", "made again from the logs")                          \
	X(ASKED, "asked", "the neighbours are asked for it")                   \
	X(LOST, "lost", "cannot be got back; whoever needs it says it again")

#define X(name, word, text) REPAIR_##name,
enum repair_fate { REPAIR_FATES(X) REPAIR_FATE_COUNT };
#undef X
const char *repair_word(enum repair_fate fate);
const char *repair_text(enum repair_fate fate);

enum { REPAIR_SUBJECT_MAX = 128, REPAIR_PATH = 1300 };

struct repair_finding {
	enum repair_fate fate;
	const char *table;
	/* A ticket's id with "#SEQ" or "#SEQ..", else a key in hex. */
	char subject[REPAIR_SUBJECT_MAX];
};

struct repair_sums {
	uint64_t tickets, events;	   /* in the new store */
	uint64_t found[REPAIR_FATE_COUNT]; /* by what becomes of them */
	char kept[REPAIR_PATH];		   /* the folder of the old store */
};

struct repair_config {
	const char *dir; /* the store's folder */
	uint64_t limit_bytes;
	/* Its store is the damaged one, open; it, the catalogue and the files
	 * are closed on return, whatever that is. No messages are taken or
	 * sent. */
	struct engine_config engine;
	/* Each finding; may be NULL. */
	void (*found)(void *context, const struct repair_finding *finding);
	void *context;
};

/*
 * 0, and the store in `dir` is a new one. Any ERR_*: nothing has changed in
 * it.
 */
int store_repair(
    struct repair_sums *sums_out, const struct repair_config *config);

/* A store in which a daemon has met damage says so by a mark in its folder, to
 * be repaired before it is used again. */
bool repair_is_wanted(const char *dir);
int repair_want(const char *dir);

#endif

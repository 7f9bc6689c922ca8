/*
 * One simulated city, from a seed: people, faults, healing, and what must be
 * true all the while. A run lives in a process of its own, so that each is as
 * the first, and a crash is a finding like any other. The plan is a list of
 * steps; each draws from its own numbers, so that a step that is left out
 * leaves the others as they were: that is how a failure shrinks to a story.
 */
#ifndef TESTS_SIM_SIM_H
#define TESTS_SIM_SIM_H

#include "disk.h"
#include "../unit/engine/world.h"

#define SIM_CLASSES(X)                                                         \
	X(LOSS, "loss", "letters are lost")                                    \
	X(REPEAT, "repeat", "letters come twice")                              \
	X(DELAY, "delay", "letters are late, and overtake each other")         \
	X(CUT, "cut", "a node is off from its parent")                         \
	X(ONE_WAY, "one-way", "off in one direction only")                     \
	X(STALL, "stall", "a process stands still and goes on")                \
	X(KILL, "kill", "a process is killed and started again")               \
	X(UNHEARD, "unheard", "it commits, says nothing more, and is killed")  \
	X(COMMIT_LOST, "commit-lost", "killed in its commit, which is lost")   \
	X(COMMIT_KEPT, "commit-kept", "killed in its commit, which is kept")   \
	X(BAD_SYNC, "bad-sync", "a sync fails, and the process ends")          \
	X(FULL, "full", "a disk is full, after a few writes")                  \
	X(FLIP, "flip", "a bit of a stored value changes")                     \
	X(LOST_DISK, "lost-disk", "a disk is lost, and another put in")        \
	X(OLD_BACKUP, "old-backup", "an old copy of a store comes back")       \
	X(JUMP, "jump", "a clock jumps, also back")                            \
	X(DRIFT, "drift", "a clock is too fast or too slow")                   \
	X(RUSH, "rush", "hours pass, and nothing runs meanwhile")              \
	X(RETRY, "retry", "people say again what they said")                   \
	X(FENCE, "fence", "superiors take over from the silent")               \
	X(RELOAD, "reload", "another catalogue, or a bad one, is loaded")      \
	X(KEY, "key", "a person gets a new key; the old one is used on")       \
	X(NODE_KEY, "node-key",                                                \
	    "a node gets a new key, one node hears of it, then others")

#define X(name, word, text) CLASS_##name,
enum sim_class { SIM_CLASSES(X) CLASS_COUNT };
#undef X

enum {
	STEPS_MAX = 160,
	WISHES_MAX = 400,
	TICKETS_MAX = 600,
	SEEN_MAX = 12000,
	WISH_TEXT = 32,
	STEP_WISH = CLASS_COUNT, /* somebody wants something */
	ALL_CLASSES = (1 << CLASS_COUNT) - 1,
};

/* Why a run failed, which is what a shorter one must fail for as well. */
struct sim_verdict {
	char text[400];
	char place[64]; /* the check */
};

struct counts {
	uint64_t letters, turns, commits, spoilt, events, wishes, done;
	uint64_t tickets, closed, faults, fenced, stranded, rebuilt;
	int64_t simulated_ms, skipped_ms;
};

/* What the process of a run leaves to whoever started it. */
struct sim_outcome {
	bool is_over;
	struct sim_verdict verdict; /* empty: all was as it must be */
	uint64_t fingerprint; /* of all letters, and when they were sent */
	uint64_t logs;	      /* of all that was written, in that order */
	struct counts counts;
	uint32_t classes;
	unsigned steps;
	uint64_t happened[CLASS_COUNT]; /* faults, by their class */
	char dir[WORLD_PATH];		/* for whoever cleans up */
};

struct plan {
	uint64_t seed;
	uint32_t classes; /* those that this seed has */
	unsigned count;
	int64_t lasts_ms;
	uint8_t kinds[STEPS_MAX];
	bool is_dropped[STEPS_MAX];
	bool tells; /* the story, to standard output */
};

enum fate { FATE_WAITING, FATE_DONE, FATE_REFUSED };

/* What somebody wanted, and was told. */
struct wish {
	struct wire_request request;
	char text[WISH_TEXT]; /* nobody else's: in the event that it becomes */
	char external_id[WISH_TEXT];
	struct callout callouts[2];
	struct buf contact;
	const char *person;
	int64_t made_ms;
	enum fate fate;
	bool is_old;	/* from before a disk was lost: not said again */
	unsigned lost;	/* disks, since it was said */
	bool is_made;	/* it became an event */
	bool is_stolen; /* with a key that is not the person's any more */
	bool has_read;	/* who called, when asked for the first time */
	int seen;	/* the event that was acknowledged; -1 */
	struct id ticket;
	uint32_t seq;
};

struct sim {
	struct world *world;
	struct plan plan;
	struct sim_outcome *outcome;
	struct wish wishes[WISHES_MAX];
	unsigned wish_count;
	bool is_finishing; /* a refusal is the last word */
	bool is_healed;
	int64_t start_ms[WORLD_NODES]; /* when a killed node comes back */
	int64_t mend_ms[WORLD_NODES];  /* its link, and its disk */
	bool has_backup[WORLD_NODES];
	bool is_flipped[WORLD_NODES];
	int corrupt[WORLD_NODES];   /* starts and turns in a row that said so */
	char old_key[NET_KEY_TEXT]; /* stolen */
	const char *robbed;
	bool wants_fence;
	unsigned disks_lost;
	const char *asker; /* who ordered a take-over last … */
	struct id asked;   /* … of this ticket */
};

/* What callers are called: never to be seen where it is not sealed. */
#define SECRET "Ouyang-Never-Seen"

extern struct sim sim;
struct seen;

/* ---- judge.c ---- */
/* Says why, and ends the process. */
void sim_fail(const char *place, const char *format, ...)
    __attribute__((format(printf, 2, 3), noreturn));
#define SIM_MUST(claim, place, ...)                                            \
	do {                                                                   \
		if (!(claim))                                                  \
			sim_fail(place, __VA_ARGS__);                          \
	} while (0)
/* A line of the story. */
void sim_tell(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* ---- plan.c ---- */
extern const char *const class_words[CLASS_COUNT];
extern const char *const class_texts[CLASS_COUNT];
/* Once, before the first. */
void plan_set_up(void);
void plan_make(struct plan *plan_out, uint64_t seed, int64_t lasts_ms);
uint64_t plan_number(const struct plan *plan, unsigned step);
/* The whole run, in this process. Does not return when something is wrong. */
void plan_run(const struct plan *plan, struct sim_outcome *outcome);

/* ---- child.c: a run in a process of its own ---- */
void child_run(struct sim_outcome *outcome_out, const struct plan *plan);
/* What still fails for the same reason, with as little as possible. */
void shrink(struct plan *plan, const struct sim_verdict *verdict);

/* ---- wishes.c ---- */
/* A new one, about that ticket or an opening. */
void wish_draw(struct wish *wish, const struct seen *seen);

/* ---- looks.c ---- */
/* An answer to who asks who called. */
void look_heard(struct wish *look, const struct wire_reply *reply);
/* Who has once been told who called asks again, when all is quiet. */
void people_look_again(void);

/* ---- people.c ---- */
/* The node that must have it before it is acknowledged; NULL: none. */
const struct node *wish_mirrored_by(const struct wish *wish);
void people_wish(void);
void people_retry(void);
/* A superior orders a take-over, or insists on one. */
void people_fence(void);
/* Says again what has no answer yet: how many. */
unsigned people_insist(void);
/* What they have been told. */
void people_hear(void);
/* A disk is lost, and with it what was done for whom: nobody says again what
 * he has said. */
void people_forget(void);

/* ---- faults.c ---- */
void fault_happens(enum sim_class fault);

/* ---- keys.c: new keys for nodes, and who has the old ones ---- */
void keys_change(struct world_node *node);
/* A letter that a thief may have read on its way, to be said once more. */
void keys_overheard(const struct world_node *from, const struct world_node *to,
    struct bytes body);
/* Everybody reads the city's files again. */
void keys_tell_all(void);

/* ---- keeper.c ---- */
const char *node_name(unsigned node);
/* Until somebody has it run again: at once, or after a while. */
int64_t keeper_while(void);
void keeper_end(struct world_node *node, int64_t for_ms);
void keeper_replace_disk(struct world_node *node);
/* What mends itself after a while, and processes that come back. */
void keeper_pass(void);
void keeper_heal(void);
bool keeper_has_all_up(void);
/* Disks with a changed bit are read through, and replaced if it shows. */
void keeper_inspect(void);

/* ---- plan.c, again ---- */

/* Time goes on, things mend, people hear. */
void sim_pass(int64_t ms);
/* Until nothing is on its way. */
void sim_settle(void);

/* ---- model.c: an independent account of what was written ---- */

/* An event that some node has committed. */
struct seen {
	struct hash hash;
	struct id ticket;
	uint32_t seq, term;
	int prev; /* -1: the first */
	enum verb verb;
	enum deadline deadline;
	unsigned step;
	int64_t due_ms, time_ms, resolve_by_ms;
	struct unit_code unit, to;
	char person[NAME_MAX_BYTES];
	int wish;     /* whose text it has; -1 */
	unsigned on;  /* nodes whose disk has had it last, a bit each */
	unsigned had; /* … at any time */
	bool is_gone; /* no disk has it any more */
	enum kind kind;
	/* the ticket, after it: a tiny fold of our own */
	enum state state;
	struct unit_code origin, holder, resolver;
	unsigned ratings, reopens;
	bool is_erased; /* who called */
};

/* ---- promises.c ---- */

/* Folds the event onto the ticket as it was, and checks all that can be said
 * of the two. `node` is the first that has it. */
void promises_of_event(
    struct seen *seen, const struct seen *before, unsigned node);
/* A take-over without the holder, that begins a term. */
bool promises_is_fence(const struct seen *seen, const struct seen *before);
/* The node that serves a unit; -1. */
int promises_node_of(const struct unit_code *code);

/* ---- model.c, again ---- */
void model_open(void);
/* After each turn of a node: what it has committed since. */
void model_look(struct world_node *node);
/* Its disk is gone, or an old copy is back. */
void model_disk_lost(unsigned node);
void model_backup(unsigned node);
void model_restored(unsigned node);
/* The event that an answer is about; -1: nobody has it. */
int model_find(
    const struct id *ticket, uint32_t seq, enum verb verb, const char *person);
const struct seen *model_seen(int index);
/* Any ticket that somebody knows; NULL: there is none. The newest event that
 * any node has. */
const struct seen *model_any_ticket(uint32_t random);
/* The newest that a unit of that node holds; NULL: none. */
const struct seen *model_held_at(unsigned node);
/* Another appeal with the same holder; NULL: none. */
const struct seen *model_beside(const struct seen *seen, uint32_t random);
/* The newest event of the ticket; NULL: nobody knows it. */
const struct seen *model_newest(const struct id *ticket);
/* For people: #1 is the first that was opened. */
const char *model_name(const struct id *ticket);
bool model_has_had(const struct id *ticket, const struct unit_code *unit);
/* When all is quiet: against every store. */
void model_check(void);
int model_count(void);

#endif

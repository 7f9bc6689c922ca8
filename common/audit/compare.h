/*
 * Is a store's copy of each log the one that somebody else has? Events are
 * compared byte by byte, and of each side it is said whether its own chain of
 * hashes, and the law, hold: a log that was changed in one place breaks its
 * chain there; one that was written anew from there on does not, and differs
 * from the copy all the same. Only reads.
 */
#ifndef WHISTLE_AUDIT_COMPARE_H
#define WHISTLE_AUDIT_COMPARE_H

#include "store/store.h"
#include "ticket/ticket.h"

/* What can be found of a log; the sentence is for people. */
#define COMPARE_FAULTS(X)                                                      \
	X(REMOVED, "removed", "the ticket is not there")                       \
	X(CUT, "cut", "the log ends before this event")                        \
	X(CHANGED, "changed", "this event is another")                         \
	X(REORDERED, "reordered", "this event has changed places")             \
	X(LEFT_OUT, "left_out", "this event was left out")                     \
	X(PUT_IN, "put_in", "another event was put in before this one")        \
	X(BROKEN, "broken", "this event does not follow from those before")

#define X(name, word, text) COMPARE_##name,
enum compare_fault { COMPARE_FAULTS(X) COMPARE_FAULT_COUNT };
#undef X
const char *compare_word(enum compare_fault fault);
const char *compare_text(enum compare_fault fault);

struct compare_side {
	uint32_t events;    /* of its log, as far as it goes */
	uint32_t broken_at; /* the first that does not follow; 0: it holds */
};

struct compare_finding {
	enum compare_fault fault;
	struct id ticket;
	uint32_t seq;	/* the first event that differs */
	enum verb verb; /* that the copy has there; VERB_NONE: unreadable */
	struct compare_side store, copy;
};

struct compare_config {
	/* Must the store have that ticket of the copy's? NULL: not known. */
	bool (*must_have)(void *context, const struct ticket *ticket);
	/* Nonzero ends the comparison. */
	int (*found)(void *context, const struct compare_finding *finding);
	void *context; /* of both */
};

struct compare_result {
	uint64_t same;	    /* logs that are the same to the last byte */
	uint64_t longer;    /* … as far as the copy's goes */
	uint64_t elsewhere; /* the copy's, not here and not to be; or, without
			       must_have, who knows */
	uint64_t fenced;    /* that differ because a take-over went before */
	uint64_t findings;
};

/* ERR_NOMEM, ERR_CORRUPT: a table cannot be read; or what `found` returned. */
int compare_stores(struct compare_result *result_out, struct kv_txn *store,
    struct kv_txn *copy, const struct compare_config *config);

#endif

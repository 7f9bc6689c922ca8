/*
 * Does a store agree with itself? Every record's checksum, every log from
 * its first event to its last, and everything that can be derived from the
 * logs (tickets, indexes, timers, counters) is worked out again and compared
 * with what is stored. Only reads, within one transaction, so a store that a
 * daemon has open is seen as it was at one moment. Knows nothing of a city
 * but what its caller tells.
 */
#ifndef WHISTLE_AUDIT_AUDIT_H
#define WHISTLE_AUDIT_AUDIT_H

#include "base/code.h"
#include "store/files.h"
#include "store/store.h"

/* What can be wrong. The word is for scripts, the sentence for people; the
 * last column is 1 for what is no damage by itself: look at it. */
#define AUDIT_FAULTS(X)                                                        \
	X(META, "meta", "the store does not say what it is", 0)                \
	X(PAGES, "pages", "the pages of the store's file do not add up", 0)    \
	X(DAMAGED, "damaged", "the record fails its checksum", 0)              \
	X(UNREADABLE, "unreadable", "the table cannot be read further", 0)     \
	X(UNORDERED, "unordered", "keys are out of order", 0)                  \
	X(MISCOUNTED, "miscounted",                                            \
	    "there are not as many records as the table says", 0)              \
	X(SHAPE, "shape", "the record has a shape that it cannot have", 0)     \
	X(NO_EVENT, "no_event", "the log has a gap: this event is missing", 0) \
	X(BAD_EVENT, "bad_event", "the event cannot be read", 0)               \
	X(BROKEN_LOG, "broken_log",                                            \
	    "the event does not follow from the one before", 0)                \
	X(FOLD, "fold", "the ticket is not what its log makes of it", 0)       \
	X(STRAY_EVENT, "stray_event", "the event is beyond its ticket's log",  \
	    0)                                                                 \
	X(STRANDED, "stranded",                                                \
	    "the stranded event does not hang on its ticket's log", 0)         \
	X(NO_INDEX, "no_index", "the ticket is missing in an index", 0)        \
	X(STRAY_INDEX, "stray_index", "the index names a ticket wrongly", 0)   \
	X(NO_INTAKE, "no_intake",                                              \
	    "the source's number does not lead to the ticket", 0)              \
	X(STRAY_INTAKE, "stray_intake",                                        \
	    "the source's number leads to a ticket that does not have it", 0)  \
	X(NO_TIMER, "no_timer", "a ticket held here has no timer", 0)          \
	X(PAST_TIMER, "past_timer",                                            \
	    "a deadline that has passed has no timer: refused by the law, or " \
	    "lost",                                                            \
	    1)                                                                 \
	X(WRONG_TIMER, "wrong_timer", "the timer is not its ticket's", 0)      \
	X(OTHERS_TIMER, "others_timer",                                        \
	    "the timer's ticket is held elsewhere", 1)                         \
	X(CONTACT, "contact",                                                  \
	    "the caller's details are not those that the log names", 0)        \
	X(CALLOUT, "callout", "a callout and its ticket do not agree", 0)      \
	X(CALLOUT_TOLD, "callout_told",                                        \
	    "a callout and its ticket do not agree, as other nodes tell them", \
	    1)                                                                 \
	X(LINK, "link", "what is remembered of a neighbour is not possible",   \
	    0)                                                                 \
	X(NO_ROW, "no_row", "the outbox has a gap", 0)                         \
	X(STRAY_ROW, "stray_row", "the outbox row is of no link", 0)           \
	X(BAD_ROW, "bad_row", "the outbox row refers to what is not there", 0) \
	X(NO_FILE, "no_file",                                                  \
	    "no account is kept of a file that the event names", 0)            \
	X(STRAY_FILE, "stray_file",                                            \
	    "the account of a file does not agree with itself", 0)             \
	X(FILE_GONE, "file_gone", "the file is not in the folder of files", 0) \
	X(FILE_DAMAGED, "file_damaged",                                        \
	    "the file's bytes are not those of its hash", 0)                   \
	X(FILE_AWAITED, "file_awaited",                                        \
	    "the file has not come from its node yet", 1)                      \
	X(COUNTER, "counter", "the sums are not those of the logs", 0)         \
	X(COUNTED, "counted",                                                  \
	    "the events listed behind the sums are not those of the logs", 0)  \
	X(JOURNAL, "journal", "the journal has a gap", 0)                      \
	X(BAD_ENTRY, "bad_entry",                                              \
	    "the journal's entry refers to what is not there", 0)              \
	X(UNJOURNALED, "unjournaled",                                          \
	    "the journal does not have each event once", 0)

#define X(name, word, text, is_doubt) AUDIT_##name,
enum audit_fault { AUDIT_FAULTS(X) AUDIT_FAULT_COUNT };
#undef X
const char *audit_word(enum audit_fault fault);
const char *audit_text(enum audit_fault fault);
bool audit_is_doubt(enum audit_fault fault);

enum { AUDIT_SUBJECT_MAX = 128 };

struct audit_finding {
	enum audit_fault fault;
	enum kv_table table; /* where; for META too */
	/* Which: a ticket's id with "#SEQ", a unit, a neighbour, a key in
	 * hex; "" for the table as a whole. Never a person's words. */
	char subject[AUDIT_SUBJECT_MAX];
};

struct audit_config {
	/* NULL: nothing is said of timers that are missing. */
	bool (*is_ours)(void *context, const struct unit_code *unit);
	/* Not to write to the store. Nonzero ends the audit. */
	int (*found)(void *context, const struct audit_finding *finding);
	void *context; /* of both */
	int64_t now_ms;
	struct files *files; /* NULL: their bytes are not looked at */
};

struct audit_result {
	uint64_t records[KV_TABLE_COUNT];
	uint64_t tickets, events;
	uint64_t damages, doubts; /* findings */
};

/* The table's name. */
const char *audit_table(enum kv_table table);

/* ERR_NOMEM, or what `found` returned. *result_out says how far it came. */
int audit_store(struct audit_result *result_out, struct kv_txn *txn,
    const struct audit_config *config);

#endif

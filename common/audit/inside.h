/*
 * What the passes of an audit share. Each pass reads for itself and goes on
 * after whatever it finds; a record that fails its checksum is told once, by
 * the pass over the tables, and is passed over by the others.
 */
#ifndef WHISTLE_AUDIT_INSIDE_H
#define WHISTLE_AUDIT_INSIDE_H

#include "audit/audit.h"
#include "store/tickets.h"

struct recount;

struct audit {
	const struct audit_config *config;
	struct audit_result *result;
	struct kv_txn *txn;
	struct arena *arena;
	struct recount *recount;
	bool is_partial; /* a log could not be read to its end */
};

/* ERR_* of the caller's choosing, or 0. `subject` is printf's. */
int audit_found(struct audit *audit, enum audit_fault fault,
    enum kv_table table, const char *subject, ...)
    __attribute__((format(printf, 4, 5)));
/* The subject is a ticket, or one of its events when seq > 0. */
int audit_found_ticket(struct audit *audit, enum audit_fault fault,
    enum kv_table table, const struct id *ticket, uint32_t seq);
/* The subject is the key, in hex. */
int audit_found_key(struct audit *audit, enum audit_fault fault,
    enum kv_table table, struct bytes key);

/* Calls `visit` for each sound record of a table in the order of keys.
 * Damaged ones are passed over in silence; nothing ends the walk but
 * `visit`'s nonzero, which is passed on, and keys out of order. */
int audit_each(struct audit *audit, enum kv_table table,
    int (*visit)(struct audit *audit, struct bytes key, struct bytes value));

/* The passes, in their order. */
int audit_tables(struct audit *audit);
int audit_logs(struct audit *audit);
int audit_stranded(struct audit *audit);
int audit_indexes(struct audit *audit);
int audit_timers(struct audit *audit);
int audit_contacts(struct audit *audit);
int audit_files(struct audit *audit);
int audit_links(struct audit *audit);
int audit_journal(struct audit *audit);

/* ---- stranded.c ---- */
/*
 * From an event back to the log, over what is stranded: *root_out is the last
 * one on the way that the log has. ERR_NOT_FOUND: the event is not here;
 * ERR_CORRUPT: something on the way is damaged, which has been told.
 */
int audit_root(uint32_t *root_out, struct audit *audit,
    const struct ticket *ticket, uint32_t seq, const struct hash *hash);
/* The last seq that the ticket's events have here, stranded or not. */
uint32_t audit_top(struct audit *audit, const struct ticket *ticket);

/* ---- recount.c ---- */
int recount_open(struct recount **recount_out);
int recount_event(struct recount *recount, const struct ticket *before,
    const struct ticket *after, const struct event *event);
/* Compares with the stored sums, if all logs are sound. */
int recount_compare(struct audit *audit);
void recount_close(struct recount **recount);

#endif

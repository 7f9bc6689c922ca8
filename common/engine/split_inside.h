/* Which part gets what. For engine/split.h's two halves and salvage.c. */
#ifndef WHISTLE_ENGINE_SPLIT_INSIDE_H
#define WHISTLE_ENGINE_SPLIT_INSIDE_H

#include "engine/inside.h"

struct split {
	struct engine *engine; /* of the part */
	struct kv_txn *old;
	const char *was; /* the node that is split */
	const char *old_files, *new_files;
	uint64_t files;
	/* of the ticket that was asked about last */
	struct id last;
	bool is_last_ours;
};

/* Is it one of the part's tickets? */
int split_has_ticket(
    bool *is_so_out, struct split *split, const struct id *ticket);
/* Is it the part that hands on what is in no log? */
int split_has_row(
    bool *is_so_out, struct split *split, const struct outbox_row *row);
/* Is it the part that the unit is in? Of a unit that is in none, the first. */
bool split_has_unit(const struct split *split, const struct unit *unit);

/* ---- split_files.c ---- */
/* The record of an upload, if it is the part's, with its bytes. */
int split_upload(struct split *split, struct turn *turn, struct bytes key,
    struct bytes value);
/* What the old store knew of a file, if something of the part names it. */
int split_file(struct split *split, struct turn *turn, const struct hash *hash,
    const struct file_record *record);

#endif

/*
 * What a verb says, between our struct and protobuf-c's. The parts that
 * belong to some verbs alone are there for those and for no others: Opening
 * for open, Verdict for rate, Call for whistle, and for the open of a
 * callout that says what its whistle said, Closing for a resolve that says
 * more than how it ended. Private to wire/.
 */
#ifndef WHISTLE_WIRE_PARTICULARS_H
#define WHISTLE_WIRE_PARTICULARS_H

#include "base/limits.h"
#include "event.pb-c.h"
#include "ticket/event.h"

/* Points into itself and into what it was filled from: does not move, and
 * does not outlive it. */
struct particulars_message {
	Whistle__Particulars what;
	Whistle__Opening opening;
	Whistle__Call call;
	Whistle__Verdict verdict;
	Whistle__Closing closing;
	Whistle__Callout callouts[TICKET_CALLOUTS_MAX];
	Whistle__Callout *callout_list[TICKET_CALLOUTS_MAX];
	Whistle__Attachment attachments[EVENT_FILES_MAX];
	Whistle__Attachment *attachment_list[EVENT_FILES_MAX];
};

/* ERR_TOO_LARGE: more callouts than a ticket can have, or more files than an
 * event. */
int particulars_fill(struct particulars_message *message,
    const struct particulars *what, enum verb verb);

/* Something that only a whistle says; a callout is opened with what its
 * whistle said. */
bool call_is_said(const struct particulars *what);
/* More than how it ended. */
bool closing_is_said(const struct particulars *what);

/*
 * Checked by particulars_check too. ERR_INVALID with a phrase, static or in
 * `arena`, that names the field; ERR_TOO_LARGE when the arena is full.
 */
int particulars_read(struct particulars *what_out, const char **problem_out,
    struct arena *arena, const Whistle__Particulars *message, enum verb verb,
    bool is_command);

#endif

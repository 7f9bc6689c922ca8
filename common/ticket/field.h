/*
 * The fields of struct particulars as a list, so that a set of them is one
 * mask: which are said, and is each value in its range? Which verb may say
 * them is event.c's. Inside ticket/ only.
 */
#ifndef WHISTLE_TICKET_FIELD_H
#define WHISTLE_TICKET_FIELD_H

#include "ticket/event.h"

/* Every field of struct particulars, by the member's name, which is also
 * what a problem calls it. */
#define EVENT_FIELDS(X)                                                        \
	X(TO, to, CODE, 0)                                                     \
	X(TEXT, text, TEXT, TEXT_MAX_BYTES)                                    \
	X(ITEM, item, LABEL, ITEM_CODE_MAX - 1)                                \
	X(PLACE, place, CODE, 0)                                               \
	X(COLOUR, colour, WORD, WORD_COLOUR)                                   \
	X(ACCEPT_BY, accept_by_ms, TIME, 0)                                    \
	X(RESOLVE_BY, resolve_by_ms, TIME, 0)                                  \
	X(CONTACT_KEY, contact_key, BYTES, CONTACT_MAX_BYTES)                  \
	X(KIND, kind, WORD, WORD_KIND)                                         \
	X(SOURCE, source, WORD, WORD_SOURCE)                                   \
	X(EXTERNAL_ID, external_id, LABEL, EXTERNAL_ID_MAX - 1)                \
	X(TITLE, title, TEXT, TITLE_MAX_BYTES)                                 \
	X(ADDRESS, address, TEXT, ADDRESS_MAX_BYTES)                           \
	X(PARENT, parent, ID, 0)                                               \
	X(LEAD, lead, FLAG, 0)                                                 \
	X(URGENT, urgent, FLAG, 0)                                             \
	X(CONFIDENTIAL, confidential, FLAG, 0)                                 \
	X(CALLBACK, callback, FLAG, 0)                                         \
	X(CONTACT_HASH, contact_hash, HASH, HASH_BYTES)                        \
	X(CALL, whistle, WORD, WORD_WHISTLE)                                   \
	X(SITUATION, situation, LABEL, ITEM_CODE_MAX - 1)                      \
	X(MEET_AT, meet_at, TEXT, ADDRESS_MAX_BYTES)                           \
	X(MEET, meet_ms, TIME, 0)                                              \
	X(CALLOUTS, callouts, CALLOUTS, TICKET_CALLOUTS_MAX)                   \
	X(BASIS, basis, TEXT, TITLE_MAX_BYTES)                                 \
	X(OUTCOME, outcome, WORD, WORD_OUTCOME)                                \
	X(CHANNEL, channel, WORD, WORD_CHANNEL)                                \
	X(RESPONDED, responded, FLAG, 0)                                       \
	X(RESOLVED, resolved, FLAG, 0)                                         \
	X(SATISFACTION, satisfaction, WORD, WORD_SATISFACTION)                 \
	X(DEADLINE, deadline, WORD, WORD_DEADLINE)                             \
	X(DUE, due_ms, TIME, 0)                                                \
	X(STEP, step, COUNT, ESCALATION_MAX)                                   \
	X(UNTIL, until_ms, TIME, 0)                                            \
	X(MASTER, master, ID, 0)                                               \
	X(RETURN_BY, return_by_ms, TIME, 0)                                    \
	X(RULE, rule, LABEL, TITLE_MAX_BYTES)                                  \
	X(FINDING, finding, WORD, WORD_FINDING)                                \
	X(CONTACTED, contacted_ms, TIME, 0)                                    \
	X(MEASURES, measures, TEXT, TEXT_MAX_BYTES)                            \
	X(ATTACHMENTS, attachments, ATTACHMENTS, EVENT_FILES_MAX)              \
	X(RESIDENT, resident, FLAG, 0)

#define X(id, member, type, max) FIELD_BIT_##id,
enum field_bit { EVENT_FIELDS(X) FIELD_COUNT };
#undef X
#define X(id, member, type, max) F_##id = UINT64_C(1) << FIELD_BIT_##id,
enum field_mask { EVENT_FIELDS(X) };
#undef X
_Static_assert(FIELD_COUNT <= 64, "a verb's fields are one 64-bit mask");

const char *field_name(enum field_bit bit);

/* Sets *said_out to the mask of the fields that hold something. ERR_INVALID
 * as of particulars_check when a value is out of its range. */
int field_read_all(uint64_t *said_out, const char **field_out,
    const char **problem_out, const struct particulars *what);

#endif

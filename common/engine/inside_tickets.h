/*
 * What a turn does to a ticket: drafts, times, the law's answer, and what
 * follows of itself. Part of engine/inside.h.
 */
#ifndef WHISTLE_ENGINE_INSIDE_TICKETS_H
#define WHISTLE_ENGINE_INSIDE_TICKETS_H

#include "engine/inside_state.h"

/* ---- draft.c ---- */
/* The ticket of this turn. ERR_NOT_FOUND: no such ticket; ERR_FULL: too
 * many in one turn. */
int draft_get(struct draft **draft_out, struct turn *turn, const struct id *id);
/* A draft for a ticket that is new to this node. */
int draft_new(struct draft **draft_out, struct turn *turn, const struct id *id);
/* Add one event's bytes to the draft's ticket: fold, log, score, rows for
 * the neighbours except `from`. ERR_INVALID: it does not follow. */
int draft_append(struct turn *turn, struct draft *draft,
    const struct event *event, struct bytes bytes,
    const struct neighbour *from);
/* Write back every draft of the turn. */
int drafts_flush(struct turn *turn);
/* Event `seq` of a ticket, in memory of the turn. */
int event_load(struct event *event_out, struct turn *turn,
    const struct id *ticket, uint32_t seq);

/* ---- relation.c ---- */
bool is_ours(const struct engine *engine, const struct unit_code *code);
struct neighbour *neighbour_toward(
    const struct engine *engine, const struct unit *unit);
uint64_t powers_of(const struct engine *engine, const struct unit *unit);
/* BY_* bits of `unit` to the ticket. */
unsigned relation_of(const struct engine *engine, const struct ticket *ticket,
    const struct unit *unit);
enum target target_of(const struct engine *engine, const struct unit *unit,
    const struct unit_code *to);

/* The same for a ruling, which reaches every unit within its own: also a
 * department of a unit below. */
enum target ruled_target(const struct engine *engine, const struct unit *unit,
    const struct unit_code *to);

/* ---- times.c ---- */
/* The holder's times for an event of its own, and where they come from. */
int times_set(
    struct turn *turn, struct event *event, const struct ticket *ticket);
/* Until when what is handed over at `from_ms` may be returned; 0: no limit. */
int64_t return_by_ms(const struct turn *turn, int64_t from_ms);

/* ---- ask_law.c ---- */
/* May it be written, as far as this node knows? Also for holders that are
 * not ours. */
enum refusal ask_law(struct law_question *question, struct turn *turn,
    const struct ticket *ticket, const struct command *command,
    unsigned extra_by);
/* May whoever asks open a ticket for its unit? */
enum refusal open_refusal(
    const struct turn *turn, const struct command *command);
/* A situation has a kind, also where the kind is not said. */
enum whistle_kind whistle_kind_of(
    const struct engine *engine, const struct particulars *what);
/* For a resident's answer, from now on; 0: not at all. */
int64_t await_until_ms(const struct turn *turn, const struct ticket *ticket);

/* ---- write.c ---- */
/*
 * What a command makes of a ticket whose holder is ours: ask the law, fill
 * in what is the holder's to say, write the event, do what follows.
 */
int write_event(struct outcome_of *outcome, struct turn *turn,
    struct draft *draft, const struct command *command, unsigned extra_by);
/* Opens a ticket for a unit of ours; *draft_out is it. */
int write_open(struct outcome_of *outcome, struct draft **draft_out,
    struct turn *turn, const struct command *command);
/*
 * Packs an event of ours and adds it to its ticket. ERR_INVALID: nobody
 * could read it, or it does not follow; ERR_TOO_LARGE. Nothing is written
 * then.
 */
int event_write(
    struct turn *turn, struct draft *draft, const struct event *event);
/* Time never runs backwards within a ticket, whatever the clock does. */
int64_t event_time(const struct turn *turn, const struct ticket *ticket);
/* The catalogue's, but never later than a time can be, though a clock before
 * ours may have been anywhere. */
int64_t time_at_most(int64_t time_ms);
struct deadlines deadlines_from(const struct turn *turn, const char *item,
    enum kind kind, enum colour colour, int64_t from_ms);
/* After a note: a ticket that awaits a resident goes on when it is theirs. */
int await_answered(
    struct turn *turn, struct draft *draft, const struct event *note);
/* What the refusal is about: a unit, a state, roles, a time; "" for most.
 * Lives as long as the turn, the ticket and the command. */
const char *refusal_detail(struct turn *turn, enum refusal refusal,
    const struct ticket *ticket, const struct command *command);

/* ---- callouts.c ---- */
int callouts_open(
    struct turn *turn, struct draft *parent, const struct event *whistle);
/* If this is a callout that has ended, and the last: its parent goes on. */
int callouts_ended(struct turn *turn, const struct draft *callout);
/*
 * After a recovery, for a ticket of ours that waits: what had not left the
 * store that is gone is done again. Callouts that nobody has heard of are
 * opened, and when all have ended the ticket goes on.
 */
int callouts_mend(struct turn *turn, struct draft *parent);

/* ---- duplicates.c ---- */
/* A few of the duplicates of ours whose master has ended end with it. */
int duplicates(struct turn *turn);
/* A note on the master's log. */
int duplicate_noted(struct turn *turn, const struct ticket *duplicate,
    const struct command *merge);
/* May what is about to be opened be merged at once? */
enum refusal duplicate_refusal(struct turn *turn, const struct command *open);
/* … and is, in the same turn, before routine sees it. */
int duplicate_opened(struct outcome_of *outcome, struct turn *turn,
    struct draft *draft, const struct command *open);

/* ---- contact.c ---- */
int contact_seal(struct bytes *sealed_out, struct bytes *key_out,
    struct hash *hash_out, struct turn *turn, struct bytes contact,
    const struct unit *to);
/* The caller's details of a ticket that a unit of ours holds or held.
 * ERR_NOT_FOUND: none, or never ours. */
int contact_open(
    struct bytes *contact_out, struct turn *turn, const struct ticket *ticket);
/* The key of the ticket's contact, for the next holder's node. Empty when
 * there is no contact. */
int contact_pass(struct bytes *key_out, struct turn *turn,
    const struct ticket *ticket, const struct unit *to);

/* ---- autopilot.c ---- */
int autopilot(struct turn *turn);
/* What routine would do, for a person to see. */
struct decision autopilot_suggest(
    struct turn *turn, const struct ticket *ticket);
/* Look at every open and waiting ticket of ours again, a few each turn. */
void autopilot_want_sweep(struct engine *engine);
int autopilot_sweep(struct turn *turn);

/* ---- alarms.c ---- */
int alarms(struct turn *turn);
/* When the first timer is due; INT64_MAX: none. */
int alarms_next(int64_t *due_ms_out, struct turn *turn);

/* ---- tally.c ---- */
/* Counts an event that has just been added to its ticket's log. */
int tally_event(struct turn *turn, const struct ticket *before,
    const struct ticket *after, const struct event *event);
/* Takes back what tally_event counted of the last events of a log, one by
 * one, in either order, whether they are still stored or not. ERR_CORRUPT:
 * it had not been counted. */
int tally_undo(struct turn *turn, const struct ticket *before,
    const struct ticket *after, const struct event *event);
int tally_flush(struct turn *turn);

#endif

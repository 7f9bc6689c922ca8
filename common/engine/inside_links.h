/*
 * What goes to neighbours and comes from them: events, logs that disagree,
 * orders, files, news. Part of engine/inside.h.
 */
#ifndef WHISTLE_ENGINE_INSIDE_LINKS_H
#define WHISTLE_ENGINE_INSIDE_LINKS_H

#include "engine/inside_state.h"

/* ---- message.c ---- */
int message_arrived(struct turn *turn, const struct net_message *message);
struct neighbour *neighbour_of(struct link *link);

/* What the relay borrows for this turn. */
void link_turn_of(
    struct link_turn *link_turn, struct link_ops *ops, struct turn *turn);

/* ---- speaks.c ---- */
/* Does the city not yet write in that version? */
bool speaks_less(const struct turn *turn, uint32_t version);
/* Something of that version is stored in this turn. */
int speaks_note(struct turn *turn, uint32_t version);
/* What nodes.yaml says now can be taken; if not, that is logged. */
bool speaks_may_become(const struct engine *engine, const struct org *org);
/* It has been taken; before, the city spoke another. */
void speaks_renew(struct engine *engine, unsigned before);

/* ---- replicate.c ---- */
int replicate(struct turn *turn, struct draft *draft, bool is_custody,
    const struct ticket *before, const struct neighbour *from);
int replicate_flush(struct turn *turn, struct draft *draft);
int late_row(
    struct turn *turn, struct neighbour *to, const struct outbox_row *row);
int late_flush(struct turn *turn);
/* Does the neighbour have to know this ticket? Also for what is stranded. */
bool is_shared(struct turn *turn, const struct neighbour *neighbour,
    const struct ticket *ticket);
/* A neighbour that is being offered all tickets gets this one later, whole. */
bool is_offered_later(const struct neighbour *to, const struct id *id);
/* Rows for events [first, last]: a few events each, so that a row always
 * fits a frame. */
int rows_put(struct turn *turn, struct neighbour *to, const struct id *ticket,
    uint32_t first, uint32_t last);
/* … for the whole log, and what is stranded. */
int rows_put_all(
    struct turn *turn, struct neighbour *to, const struct ticket *ticket);
/* Offer tickets to neighbours whose store is new, a few each turn. */
int offers(struct turn *turn);

/* ---- arrive.c ---- */
int row_arrived(void *turn, struct link *link, const struct wire_row *row);
/* Ask again for logs that still have a gap, after a while. */
int want_again(struct turn *turn);
int row_load(
    void *turn, struct wire_row *row_out, const struct outbox_row *row);

/* The contact that a neighbour has sent is kept if it belongs to the ticket:
 * the first event of our own log says its hash; and if it is not erased. */
int contact_take(bool *is_its_out, struct turn *turn,
    const struct ticket *ticket, struct bytes sealed);

/* ---- contact_show.c ---- */
/* Units that hold or held the ticket may see its caller, if their node has
 * the key, and as much of it as the person's role is for: all, or so much
 * that whoever has seen it knows it again. */
int contact_show(struct wire_reply *reply, struct turn *turn,
    const struct actor *actor, const struct ticket *ticket);

/* ---- erase.c ---- */
/* What the event says of the sealed contact is done, in the log or not. */
int erase_applied(struct turn *turn, const struct event *event);
/* Has it neither been erased nor, in what is stranded, been ordered to be? */
int may_keep_contact(
    bool *may_out, struct turn *turn, const struct ticket *ticket);
/* The callouts that units of ours opened for the ticket are told the same. */
int erase_callouts(
    struct turn *turn, const struct ticket *ticket, const struct event *event);
/* The walk begins anew: there may be another rule for how long. */
void erase_want(struct engine *engine);
int erase_some(struct turn *turn);

/* ---- judge.c ---- */
/* What speaks against an event of a neighbour's, in a word, or NULL. `before`
 * is the ticket that it follows, as it was then. */
int event_problem(const char **problem_out, struct turn *turn,
    const struct neighbour *from, const struct ticket *before,
    const struct event *event);

/* ---- branch.c ---- */
/* What the log makes of the ticket up to `seq`. */
int log_fold(struct ticket *ticket_out, struct turn *turn, const struct id *id,
    uint32_t seq);
/* … and what it was after that event, in the log or stranded. `now` is what it
 * is. ERR_NOT_FOUND: no such event here. */
int branch_fold(struct ticket *ticket_out, struct turn *turn,
    const struct ticket *now, uint32_t seq, const struct hash *hash);
/*
 * An event that is not the next one of the log: it goes before what the log
 * has there, or is stranded, or *problem_out speaks against it. ERR_NOT_FOUND:
 * there is a gap before it.
 */
int branch_arrived(const char **problem_out, struct turn *turn,
    struct neighbour *from, struct draft *draft, const struct event *event,
    struct bytes bytes);
/* Up to where the entry's events are in the log; what follows is stranded. */
int branch_journaled(uint32_t *last_out, struct turn *turn,
    const struct ticket *now, const struct journal_entry *entry);

/* ---- strand.c ---- */
/* Keeps an event that follows `before` beside the log, and tells the others. */
int strand(struct turn *turn, struct draft *draft, const struct ticket *before,
    const struct event *event, struct bytes bytes, struct neighbour *from);
/* The log ends at `keep` again, for the fence that follows it; what came
 * after is stranded, and what was made of it made undone. */
int roll_back(struct turn *turn, struct draft *draft, uint32_t keep,
    const struct event *fence);
/* Each event of the ticket that is stranded, until `visit` returns nonzero,
 * which is passed on. An event lives until the next one. */
int stranded_events(struct turn *turn, const struct id *ticket,
    int (*visit)(void *context, const struct event *event), void *context);
/* Has something stranded given the ticket to a unit on that side … */
bool stranded_toward(struct turn *turn, const struct neighbour *neighbour,
    const struct id *ticket);
/* … or within this one? */
bool stranded_within(
    struct turn *turn, const struct unit *unit, const struct id *ticket);

/* ---- withdraw.c ---- */
void withdraw_want(struct engine *engine);
int withdraw(struct turn *turn);
/* An order of the engine's own: to call a callout off, or to erase its
 * caller. */
bool is_own_order(const struct command *command);
/* … which is for the unit that opened the callout, and nobody else. */
bool may_order_own(const struct ticket *callout, const struct unit_code *unit);
/* Done, if the holder is ours; else ordered. Said again it is the same order,
 * as long as the callout has not changed. */
int order_own(
    struct turn *turn, struct draft *callout, struct command *command);

/* ---- child.c ---- */
/* Deadlines of tickets that units of our children hold. */
int child_flush(struct turn *turn, const struct draft *draft);
int child_tickets(struct turn *turn);
/* Has it been silent for too long, or is it back? */
int child_link(struct turn *turn, struct neighbour *to);
void child_count(struct engine *engine, const struct ticket *ticket, int step);
/* The turn is durable, or did not happen. */
void child_settle(struct engine *engine, bool is_durable);
/* What is known of each link's side; `links` in the order of neighbours. */
int child_fill(
    uint64_t *all_out, struct wire_link_status *links, struct turn *turn);

/* ---- fence.c ---- */
/* A take-over has been ordered; the first is remembered, until there is an
 * answer or somebody else has the ticket. */
int silence_begins(
    struct turn *turn, const struct ticket *ticket, const struct id *command);
int silence_ends(struct turn *turn, const struct id *command);
/* When it may be done without the holder; 0: never, or nobody has asked. */
int silence_moment(
    int64_t *at_out, struct turn *turn, const struct ticket *ticket);
/* A take-over without the holder, who is not ours. Not *is_done_out: there has
 * been no order yet, or it was answered; this is one. */
int fence_asked(bool *is_done_out, struct outcome_of *outcome,
    struct turn *turn, struct draft *draft, const struct command *command);

/* ---- orders.c ---- */
/* Toward the holder, as far as we know; NULL: nobody we know of. */
struct neighbour *order_way(struct turn *turn, const struct ticket *ticket);
int order_send(
    struct turn *turn, struct neighbour *to, const struct command *command);
/* Of a command that was ordered before, and not answered. */
int order_again(struct turn *turn, const struct command *command);
int order_arrived(struct turn *turn, struct neighbour *from, struct bytes load);
int answer_arrived(
    struct turn *turn, struct neighbour *from, struct bytes load);
/* The way that they go from here, not back to `from` (NULL: from nowhere). */
int order_hand_on(struct turn *turn, struct neighbour *from,
    const struct wire_order *order, struct bytes load);
int answer_hand_on(struct turn *turn, const struct neighbour *from,
    const struct wire_answer *answer);

/* ---- once.c ---- */
/* The event of the ticket that the command, which has an id, has become; 0:
 * none. */
int was_done(uint32_t *seq_out, struct turn *turn, const struct ticket *ticket,
    const struct id *command);

/* ---- stray.c ---- */
/* Nodes that are no neighbours any more: what they owed others do, who are
 * new, and is there anything that waited for them? */
int strays_find(struct engine *engine, struct kv_txn *txn);
/* Some of that goes the way that there is now; never before a recovery is
 * over. */
int strays(struct turn *turn);
/* One row. Events are in the log, and offered. */
int stray_hand_on(struct turn *turn, const struct outbox_row *row);

/* ---- fetch.c ---- */
/* A frame about files, from a neighbour. */
int file_frame(void *turn, struct link *link, const struct wire_frame *frame);
/* Ask for what is wanted, and give what is asked for, if there is time. */
int fetch_pump(struct turn *turn, struct neighbour *to);
/* Somebody waits for it. Returns the neighbour that is asked, or NULL when
 * none can be. */
const struct neighbour *fetch_now(struct turn *turn, const struct hash *hash);
/* More is wanted than before: nobody rests. */
void fetch_wake(struct engine *engine);
/* Until fetch_pump has something to do by time alone. */
int64_t fetch_due_ms(
    const struct engine *engine, const struct neighbour *to, int64_t now_ms);

/* ---- fetch_give.c ---- */
/* What it has asked for, but not while rows are on their way: they come
 * first. */
int fetch_give(struct turn *turn, struct neighbour *to);
/* Is it here now, and did the neighbour ask for it? Then it is told. */
int fetch_tell(struct turn *turn, const struct hash *hash, uint64_t size);
/* Does one of the tickets that name it belong to both? */
int fetch_is_for(bool *is_so_out, struct turn *turn,
    const struct neighbour *neighbour, const struct hash *hash);
/* Said in the log, once a minute for each problem of a neighbour's files. */
void fetch_problem(const struct turn *turn, const struct neighbour *from,
    const struct hash *hash, const char *problem);

/* ---- news.c ---- */
int nodes_asked(struct turn *turn, const struct net_route *route,
    const struct actor *actor, const struct wire_request *request);
/* What is due to be said, and handed on, of how nodes are. */
int news(struct turn *turn);
int news_heard(void *turn, struct link *link, const struct wire_frame *frame);
void news_forget(struct engine *engine);
/* status.c: how we are; lists live in memory of the turn. */
int status_fill_own(struct wire_status *status_out, struct turn *turn);

/* ---- scrub.c ---- */
/* A slice of the store is read now and then. ERR_CORRUPT: it is damaged. */
int scrub(struct turn *turn);
/* When a recovery is over: which logs that were damaged are whole again? */
int damaged_settle(struct turn *turn);

/* ---- turn.c ---- */
/* A turn of which nobody hears anything: `deed`, and what follows from it, in
 * one transaction. */
int quiet_turn(struct engine *engine,
    int (*deed)(void *context, struct turn *turn), void *context);

#endif

/*
 * What the engine's files share and nobody else sees. One turn has one
 * transaction; a ticket that it touches is loaded once as a draft, changed
 * in memory, and written back once at the turn's end with its indexes, its
 * timer, its rows for the neighbours and its journal entry. What the turn
 * has to say waits in `outgoing` until the commit.
 */
#ifndef WHISTLE_ENGINE_INSIDE_H
#define WHISTLE_ENGINE_INSIDE_H

#include "engine/dues.h"
#include "engine/engine.h"
#include "relay/link.h"
#include "score/rates.h"
#include "store/attached.h"
#include "store/counters.h"
#include "store/events.h"
#include "store/intake.h"
#include "store/stranded.h"
#include "store/tickets.h"
#include "store/timed.h"
#include "wire/wire.h"

enum {
	TURN_DRAFTS_MAX = 4096,
	TURN_SLOTS = 4 * TURN_DRAFTS_MAX, /* of the hash table */
	TURN_BYTES_MAX = 4 * 1024 * 1024, /* received in one turn */
	TURN_ARENA_BYTES = 96 * 1024 * 1024,
	TURN_ALARMS_MAX = 256,
	TURN_HOPS_MAX = 16, /* moves of one ticket by routine in one turn */
	SWEEP_TICKETS = 256,
	OFFER_TICKETS = 256,
	OFFER_QUEUE_MAX = 2048,
	WANTS_MAX = 32,		   /* logs asked of one neighbour in a while */
	WANT_EVERY_MS = 10 * 1000, /* then twice as long each time … */
	WANT_TRIES = 9,		   /* … so often: more than an hour */
	SPANS_MAX = 4,
	TALLY_ROWS = 512,
	TALLY_EVENTS = 4096,
	WAITING_MAX = 1024,
	WAITING_MS = 2000, /* then "pending" is the answer */
	REQUESTS_KEPT_MS = 3 * 24 * 3600 * 1000,
	CONTACT_KEY_BYTES = 32,
	TOLD_MAX = 64, /* files that one neighbour asked for in vain */
	RELOAD_WHERE_TEXT = 96,
};

/*
 * A file on its way from one neighbour: one piece is asked for at a time, so
 * that files never have more than that in the way of what else there is to
 * say.
 */
struct fetch {
	bool is_active;
	bool is_urgent; /* somebody waits: `next` comes before all others */
	bool has_found; /* something, in this round of all that is wanted */
	struct hash hash, next;
	struct hash behind; /* how far the round has come */
	uint64_t at;
	int64_t asked_ms, rest_ms, rest_until_ms;
	unsigned tries;
};

/* What one neighbour wants of us. */
struct serving {
	bool is_asked;
	struct hash hash;
	uint64_t offset;
	struct hash told[TOLD_MAX]; /* not here, when it asked */
	unsigned told_count;
};

/* A neighbour, and the way to it. */
struct neighbour {
	const struct node *node;
	struct link link;
	struct net_route route;
	bool has_route;
	bool is_parent;
	/* live tickets of the units on that side: durable, and in this turn */
	uint64_t held, held_now;
	bool wants_news; /* a child: of nodes that are not below it, too */
	uint64_t told;	 /* … the last of heard_number; 0: nothing */
	int64_t told_ms;
	struct want {
		struct id ticket;
		int64_t at_ms;
		unsigned tries;
		bool is_again; /* there was a gap since */
	} wants[WANTS_MAX];
	struct fetch fetch;
	struct serving serving;
};

/* Events of one ticket that one neighbour has to get. */
struct span {
	struct neighbour *to;
	uint32_t first, last;
};

struct draft {
	struct ticket before; /* as stored */
	struct ticket now;
	uint32_t journaled; /* events up to here have their entries */
	bool is_dirty;
	bool wants_triage; /* a unit of ours has just got custody */
	struct span spans[SPANS_MAX];
	unsigned span_count;
};

struct outgoing {
	struct net_route route;
	struct neighbour *to; /* NULL: an operator */
	size_t offset, len;   /* in turn.said */
};

/* Rows for neighbours that must come after the events of their turn. */
struct late_row {
	struct neighbour *to;
	struct outbox_row row;
};

/* One row of sums as it has changed in this turn, and by which events. */
struct tally_row {
	struct unit_code unit, other;
	char item[ITEM_CODE_MAX];
	char period[SCORE_PERIOD_TEXT];
	int64_t by[SCORE_COUNT];
	unsigned first, last; /* in turn.counted; 0: none */
	bool is_used;
};

struct tally_event {
	struct counted counted;
	unsigned next;
};

/* A question or command of this turn, in case it must be told that the turn
 * did not happen. */
struct asked {
	struct net_route route;
	struct id id;
	bool is_command;
};

/* What a turn changes of the engine's mind, and what is put back if the turn
 * does not happen. */
struct mind {
	bool is_recovering;
	bool wants_sweep;
	bool wants_duplicates;	  /* a master may have ended */
	bool is_among_duplicates; /* in the middle of their list */
	bool wants_withdraw;	  /* stranded whistles may have callouts */
	struct id withdraw_after; /* how far that has come */
	enum state sweep_state;	  /* how far a sweep has come */
	struct id sweep_before;
	struct duplicate duplicate_after; /* how far that has come */
};

struct turn {
	struct engine *engine;
	struct kv_txn *txn;
	int64_t now_ms;
	struct draft *drafts[TURN_DRAFTS_MAX];
	size_t draft_count;
	struct draft *slots[TURN_SLOTS];
	struct outgoing *outgoing;
	size_t outgoing_count, outgoing_cap;
	struct buf said;
	struct late_row *late;
	size_t late_count, late_cap;
	struct tally_row tally[TALLY_ROWS];
	unsigned tally_count;
	struct tally_event counted[TALLY_EVENTS + 1]; /* from 1 on */
	unsigned counted_count;
	struct buf lines; /* of the log, released with the rest */
	uint64_t events;
	uint64_t journal; /* as it will be after the commit */
	uint64_t held;
	bool is_full; /* room is short: no new tickets */
	struct asked asked[TURN_MESSAGES_MAX];
	size_t asked_count;
	size_t looked; /* tickets, for questions */
	struct mind was;
	struct id was_store;
};

/* An operator whose command has gone to the holder. */
struct waiting {
	struct id command;
	struct net_route route;
	int64_t since_ms;
	enum waiting_state {
		WAITING_FREE,
		WAITING_NEW, /* since this turn */
		WAITING_HELD,
		WAITING_TOLD, /* in this turn */
	} state;
};

/* How a node is, as it said itself. */
struct heard_node {
	struct buf status; /* packed; empty: never heard */
	int64_t said_ms;   /* by our clock */
	uint64_t number;   /* later ones have greater numbers */
};

struct engine {
	struct engine_config config;
	const struct node *self;
	struct address_index *places;
	struct id_maker ids;
	struct arena *arena;
	struct arena *scratch; /* of the one event that is being folded */
	struct hash path[TICKET_EVENTS_MAX]; /* see branch.c */
	struct neighbour *neighbours; /* the parent first, if there is one */
	size_t neighbour_count;
	struct neighbour **toward; /* by node->index; NULL: ourselves */
	struct turn turn;
	struct waiting waiting[WAITING_MAX];
	unsigned waiting_count;
	const struct unit *local_unit; /* for whom the local door speaks */
	uint64_t journal;	       /* number of the last entry */
	struct id expire_from;	       /* of requests: where to go on */
	int64_t moment_ms;	       /* of the last commit that had one */
	uint64_t held;		       /* live tickets of our units */
	struct dues dues;
	struct heard_node *heard; /* by node->index */
	uint64_t heard_number;
	int64_t looked_ms; /* at ourselves */
	size_t said_up;	   /* links, then */
	uint64_t refusals[REFUSAL_COUNT];
	uint64_t commits, events;
	uint64_t wanted;       /* files, as of the last turn */
	unsigned sweep_folder; /* of files */
	int64_t last_commit_ms, started_ms, room_ms, expire_ms, drain_ms;
	int64_t withdraw_ms;
	int64_t next_alarm_ms;
	struct kv_room room;
	struct catalogue *fresh;     /* asked for; taken between turns */
	struct people *fresh_people; /* … with it */
	bool is_full, is_draining, wants_reload;
	struct mind mind;
	unsigned careful_turns;
	uint8_t secret_key[32];
};

/* Who wants something of this node. */
struct actor {
	const struct unit *unit;
	const char *operator;
	enum role role;
	bool is_local_door;
	bool is_self; /* our own key: may ask how we are, and nothing else */
};

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

/* ---- write.c ---- */
/*
 * What a command makes of a ticket whose holder is ours: ask the law, fill
 * in what is the holder's to say, write the event, do what follows. A
 * refusal is set, and its detail (in memory of the turn, may be "").
 */
struct outcome_of {
	enum refusal refusal;
	const char *detail;
	uint32_t seq;
};
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
/* The catalogue's, but never later than a time can be, though a clock before
 * ours may have been anywhere. */
int64_t time_at_most(int64_t time_ms);
struct deadlines deadlines_from(const struct turn *turn, const char *item,
    enum kind kind, enum colour colour, int64_t from_ms);
/* May it be written, as far as this node knows? Also for holders that are
 * not ours. */
/* A situation has a kind, also where the kind is not said. */
enum whistle_kind whistle_kind_of(
    const struct engine *engine, const struct particulars *what);
/* After a note: a ticket that awaits a resident goes on when it is theirs. */
int await_answered(
    struct turn *turn, struct draft *draft, const struct event *note);
/* What the refusal is about: a unit, a state, roles, a time; "" for most.
 * Lives as long as the turn, the ticket and the command. */
const char *refusal_detail(struct turn *turn, enum refusal refusal,
    const struct ticket *ticket, const struct command *command);
enum refusal ask_law(struct law_question *question, struct turn *turn,
    const struct ticket *ticket, const struct command *command,
    unsigned extra_by);

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
/* Has something stranded given the ticket to a unit on that side … */
bool stranded_toward(struct turn *turn, const struct neighbour *neighbour,
    const struct id *ticket);
/* … or within this one? */
bool stranded_within(
    struct turn *turn, const struct unit *unit, const struct id *ticket);

/* ---- withdraw.c ---- */
void withdraw_want(struct engine *engine);
int withdraw(struct turn *turn);
/* An order of the engine's own: the only one that there is. */
bool is_withdrawal(const struct command *command);
bool may_withdraw(const struct ticket *callout, const struct unit_code *unit);

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

/* ---- arrive.c ---- */
int row_arrived(void *turn, struct link *link, const struct wire_row *row);
/* Ask again for logs that still have a gap, after a while. */
int want_again(struct turn *turn);
int row_load(
    void *turn, struct wire_row *row_out, const struct outbox_row *row);

/* ---- orders.c ---- */
/* Toward the holder, as far as we know; NULL: nobody we know of. */
struct neighbour *order_way(struct turn *turn, const struct ticket *ticket);
int order_send(
    struct turn *turn, struct neighbour *to, const struct command *command);
int order_arrived(struct turn *turn, struct neighbour *from, struct bytes load);
int answer_arrived(
    struct turn *turn, struct neighbour *from, struct bytes load);

/* ---- waiting.c ---- */
/* The operator waits for the answer to this command, by this route from now
 * on. False: too many wait already. */
bool waiting_add(
    struct turn *turn, const struct id *command, const struct net_route *route);
/* The answer is here: does anybody wait for it? */
bool waiting_end(
    struct net_route *route_out, struct turn *turn, const struct id *command);
int waiting_expire(struct turn *turn);
/* The turn is durable, or did not happen. */
void waiting_settle(struct engine *engine, bool is_durable);

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

/* ---- command.c, query.c, follow.c, status.c ---- */
/* The answer to a command that was done, then or now. */
int say_done(struct turn *turn, const struct net_route *route,
    const struct id *request, const struct request_record *record);
int command_asked(struct turn *turn, const struct net_route *route,
    const struct actor *actor, const struct wire_request *request);
int list_asked(struct turn *turn, const struct net_route *route,
    const struct actor *actor, const struct wire_request *request);
int show_asked(struct turn *turn, const struct net_route *route,
    const struct actor *actor, const struct wire_request *request);
int score_asked(struct turn *turn, const struct net_route *route,
    const struct actor *actor, const struct wire_request *request);
int status_asked(struct turn *turn, const struct net_route *route,
    const struct actor *actor, const struct wire_request *request);
int follow_asked(struct turn *turn, const struct net_route *route,
    const struct actor *actor, const struct wire_request *request);
/* How many tickets one more question may look at in this turn. */
size_t looks_left(const struct turn *turn);
/* A line of a list. */
int fill_row(struct wire_ticket_row *row, struct turn *turn,
    const struct ticket *ticket);
/* May this person see this ticket? */
bool may_see(
    struct turn *turn, const struct actor *actor, const struct ticket *ticket);

/* ---- uploads.c ---- */
int put_asked(struct turn *turn, const struct net_route *route,
    const struct actor *actor, const struct wire_request *request);
/*
 * The files that a command names are here, and sent by this person: fills in
 * their sizes and types. Else a refusal is set.
 */
int uploads_ready(
    struct outcome_of *outcome, struct turn *turn, struct command *command);
/* The command was not refused: what it names is kept for it. */
int uploads_named(struct turn *turn, const struct command *command);
/* Forget what nobody has named in a day. */
int uploads_expire(struct turn *turn);

/* ---- files.c ---- */
int get_asked(struct turn *turn, const struct net_route *route,
    const struct actor *actor, const struct wire_request *request);
/* An event of the ticket names files. */
int files_named(struct turn *turn, const struct event *event);
/* It is on disk, and its hash is right: whoever asked in vain is told. */
int file_here(struct turn *turn, const struct hash *hash, uint64_t size,
    enum file_type type, int64_t until_ms);
/* What was read is not what it should be: it is fetched again. */
int file_damaged(struct turn *turn, const struct hash *hash, int problem);
/* The part that a file grows in on its way from a neighbour. */
void file_part(char part_out[PART_NAME_MAX], const struct hash *hash);

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
/* Is it here now, and did the neighbour ask for it? Then it is told. */
int fetch_tell(struct turn *turn, const struct hash *hash, uint64_t size);
/* Until fetch_pump has something to do by time alone. */
int64_t fetch_due_ms(
    const struct engine *engine, const struct neighbour *to, int64_t now_ms);

/* ---- scored.c: what is behind a unit's numbers ---- */
/* The months that a question is about, both within; "" for no bound. False:
 * what it says is no month. */
bool score_months(
    const char **from_out, const char **to_out, const struct wire_request *ask);
/* Is the item one of those that the question is about? */
bool score_has_item(const struct engine *engine,
    const struct wire_request *request, const char *item);
int scored_asked(struct turn *turn, const struct net_route *route,
    const struct actor *actor, const struct wire_request *request);
/* How many tickets the unit has and has not accepted, though there is a time
 * for it. */
int count_unaccepted(
    uint64_t *count_out, struct turn *turn, const struct wire_request *request);

/* ---- engine.c ---- */
/* Reads catalogue, calendar and operators again, for engine_reload to take.
 * If one is bad all are refused; the mistakes are logged, and *where_out is
 * the place of the first. */
int reload_prepare(struct engine *engine, char where_out[RELOAD_WHERE_TEXT]);
int engine_wait_ms(const struct engine *engine, int wait_ms);

/* ---- say.c ---- */
/* Once durable: send it all, and log it all. */
void release(struct turn *turn);
int say(struct turn *turn, const struct net_route *route,
    const struct wire_reply *reply);
int say_refused(struct turn *turn, const struct net_route *route,
    const struct id *request, enum refusal refusal, const char *detail);
int say_frame(
    struct turn *turn, struct neighbour *to, const struct wire_frame *frame);
/* A line of the log that is true once the turn is durable. */
int say_line(struct turn *turn, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void *turn_alloc(struct turn *turn, size_t len); /* NULL past the bound */
int turn_copy(struct bytes *copy_out, struct turn *turn, struct bytes bytes);

/* ---- news.c ---- */
int nodes_asked(struct turn *turn, const struct net_route *route,
    const struct actor *actor, const struct wire_request *request);
/* What is due to be said, and handed on, of how nodes are. */
int news(struct turn *turn);
int news_heard(void *turn, struct link *link, const struct wire_frame *frame);
void news_forget(struct engine *engine);
/* status.c: how we are; lists live in memory of the turn. */
int status_fill_own(struct wire_status *status_out, struct turn *turn);

/* ---- message.c ---- */
int message_arrived(struct turn *turn, const struct net_message *message);
struct neighbour *neighbour_of(struct link *link);

/* What the relay borrows for this turn. */
void link_turn_of(
    struct link_turn *link_turn, struct link_ops *ops, struct turn *turn);

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

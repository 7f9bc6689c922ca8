/*
 * The engine and its turn. One turn has one transaction; a ticket that it
 * touches is loaded once as a draft, changed in memory, and written back
 * once at the turn's end with its indexes, its timer, its rows for the
 * neighbours and its journal entry. What the turn has to say waits in
 * `outgoing` until the commit. Part of engine/inside.h.
 */
#ifndef WHISTLE_ENGINE_INSIDE_STATE_H
#define WHISTLE_ENGINE_INSIDE_STATE_H

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
	SCORE_ROWS_MAX = 20000, /* of sums, looked at for one page */
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
	WAITING_MS = 2000,	    /* then "pending" is the answer */
	ORDER_AGAIN_MS = 60 * 1000, /* if asked again, and not answered */
	MIRROR_ROWS_MAX = 4096, /* looked through; with more it is not there */
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

/* How far the store has been read through. */
struct scrub {
	enum kv_table table;
	uint8_t key[511];
	size_t key_len;
	int64_t at_ms;
};

enum { ENGINE_KEYS_MAX = 1 + NODE_OLD_KEYS_MAX + NODE_RETIRED_KEYS_MAX };

/* A neighbour, and the way to it. */
struct neighbour {
	const struct node *node;
	struct link link;
	struct net_route route;
	bool has_route;
	char key[ORG_KEY_TEXT]; /* by which it came, on that way */
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
	bool wants_settling; /* what was damaged may have come back */
	bool wants_sweep;
	bool has_strays;	  /* rows for nodes that are no neighbours */
	bool wants_duplicates;	  /* a master may have ended */
	bool is_among_duplicates; /* in the middle of their list */
	bool wants_withdraw;	  /* stranded whistles may have callouts */
	struct id withdraw_after; /* how far that has come */
	struct id erase_after;	  /* how far the walk over contacts is */
	enum state sweep_state;	  /* how far a sweep has come */
	struct id sweep_before;
	struct duplicate duplicate_after; /* how far that has come */
	uint32_t spoken; /* the newest version of the wire in the store */
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
	bool is_mirror; /* done; to be told when the node above has it … */
	uint64_t row;	/* … and so all rows up to this one */
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
	int64_t withdraw_ms, erase_ms;
	int64_t next_alarm_ms;
	struct kv_room room;
	struct catalogue *fresh;     /* asked for; taken between turns */
	struct people *fresh_people; /* … with it */
	struct org *fresh_org;	     /* … with it; NULL: endpoints are kept */
	struct node_keys *fresh_keys;
	bool is_full, is_draining, wants_reload;
	struct mind mind;
	struct scrub scrub;
	unsigned careful_turns;
	/* ours; the first seals, all of them open */
	uint8_t secret_keys[ENGINE_KEYS_MAX][32];
	size_t secret_count;
};

/* What became of a command: a refusal, if there is one, with its detail (in
 * memory of the turn, may be ""). */
struct outcome_of {
	enum refusal refusal;
	const char *detail;
	uint32_t seq;
};

/* Who wants something of this node. */
struct actor {
	const struct unit *unit;
	const char *operator;
	enum role role;
	bool is_local_door;
	bool is_self; /* our own key: may ask how we are, and nothing else */
};

#endif

/*
 * A whole city in one process: nine engines, each with a store of its own,
 * a clock that the test moves, randomness from a seed, and a post that can
 * lose, repeat, delay and cut. Nothing here waits: what takes hours is over
 * at once, and the same seed gives the same run.
 */
#ifndef TESTS_UNIT_ENGINE_WORLD_H
#define TESTS_UNIT_ENGINE_WORLD_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include "engine/inside.h"

enum {
	WORLD_NODES = 9,
	WORLD_PATH = 160,
	WORLD_STEP_MS = 10,
	WORLD_ANSWERS = 256,
	MINUTE_MS = 60 * 1000,
	HOUR_MS = 60 * MINUTE_MS,
	DAY_MS = 24 * HOUR_MS,
	/* Keys of a node: in its file, and, of those, still good. */
	WORLD_KEYS = 12,
	WORLD_KEYS_GOOD = 4,
};

/* The nodes, in the order of nodes.yaml; the tree that they form:
 * cityd - gatewayd, districtd - street-1, street-2 - community-N - grid-N */
enum {
	CITY,
	GATEWAY,
	DISTRICT,
	STREET_1,
	STREET_2,
	COMMUNITY_1,
	COMMUNITY_2,
	GRID_1,
	GRID_2
};

#define UNIT_CITY	 "4207"
#define UNIT_HOTLINE	 "4207-12345"
#define UNIT_CITY_ZJJ	 "4207-zjj"
#define UNIT_DISTRICT	 "420704"
#define UNIT_CGJ	 "420704-cgj"
#define UNIT_GAJ	 "420704-gaj"
#define UNIT_STREET_1	 "420704001"
#define UNIT_STREET_2	 "420704002"
#define UNIT_COMMUNITY_1 "420704001001"
#define UNIT_COMMUNITY_2 "420704002001"
#define UNIT_GRID_1	 "420704001001001"
#define UNIT_GRID_1B	 "420704001001002"
#define UNIT_GRID_2	 "420704002001001"

struct letter {
	int64_t due_ms;
	uint64_t order;
	struct net_route route;
	char public_key[NET_KEY_TEXT];
	uint8_t *data;
	size_t len;
};

struct world_node {
	struct world *world;
	unsigned index;
	const char *name;
	const struct level *level;
	struct engine *engine; /* NULL: not running */
	struct net_key key;
	/* Those that it had, the newest first: the first `old_count` are still
	 * heard, the others open what was sealed for them. As the files say. */
	struct net_key was[WORLD_KEYS];
	unsigned old_count, was_count;
	/* With world_own_files: the city as its process has read it, and by
	 * which keys it goes. */
	struct org *org;
	struct net_key keys[WORLD_KEYS + 1];
	unsigned key_count;
	char path[WORLD_PATH]; /* of its store */
	uint64_t limit_bytes, reserve_bytes;
	int64_t skew_ms, ran_ms;
	int drift_ppm;		  /* its clock is as much too fast */
	int64_t drifting_ms;	  /* … since then */
	int64_t stalled_until_ms; /* no turns before */
	bool is_cut;		  /* off from its parent */
	bool is_deaf, is_unheard; /* … one way only */
	bool is_dying;		  /* what it says is not sent any more */
	int stopped; /* what engine_turn said when it had to stop */
	struct letter *in;
	size_t in_count, in_cap;
};

/* What an operator was answered; texts are copies. */
struct told {
	struct id id;
	bool is_there;
	uint8_t *data;
	size_t len;
};

/* Whoever looks on. Each may be NULL. */
struct world_watch {
	/* After a turn; what it had to say is on its way. */
	void (*turned)(struct world_node *node);
	/* To a node, or to a person (NULL), as it leaves. */
	void (*sent)(
	    struct world_node *from, struct world_node *to, struct bytes body);
};

struct world {
	char dir[WORLD_PATH];
	uint64_t seed;
	int64_t now_ms;
	uint64_t sent, taken, turns; /* letters, and engines' turns */
	unsigned thieves_heard;	     /* letters to who has a node's old key */
	struct world_watch watch;
	unsigned lose, repeat, delay_ms; /* of 100; at most */
	unsigned mangle; /* of 100 letters: once more, and changed */
	struct org *org;
	struct net_key *operator_keys;
	struct world_node nodes[WORLD_NODES];
	struct told told[WORLD_ANSWERS];
	unsigned next_told;
	struct id_maker ids;
	struct arena *arena; /* of what is unpacked; reset by each ask */
	int log_fd, real_fd;
};

/* ---- world.c: the city and its time ---- */

/* Who has a say in tickets, one for each unit. */
enum { WORLD_PEOPLE = 13 };
struct world_person {
	const char *name, *unit;
};
extern const struct world_person world_people[WORLD_PEOPLE];
/* The unit's, or "boss". */
const char *world_person_of(const struct unit_code *unit);

/* Of the catalogues of the worlds that are opened from now on. */
extern const char *world_fence_after;
extern const char *world_contacts_kept; /* NULL: for ever */
/* What engines log goes nowhere: world_logged finds nothing. */
extern bool world_is_mute;
/* Each node reads the city's files for itself when it starts, and again when
 * it is told to: what is new in them others do not know yet. Without it all
 * are of one mind. */
extern bool world_own_files;
/* Nodes whose intake is mirrored, a bit each. */
extern unsigned world_mirrored;

/* All nodes running, founding, and not yet connected. */
struct world *world_open(uint64_t seed);
void world_close(struct world **world);
/* As fixtures of a test: a city that has settled, and its end. */
int world_begin(void **state, uint64_t seed);
int world_end(void **state);
uint32_t world_random(struct world *world);
bool world_chance(struct world *world, unsigned percent);

void node_start(struct world_node *node);
/* The same for one that may fail, as when its disk is full: ERR_*. */
int node_try_start(struct world_node *node);
/* As if killed: whatever was on its way to it is gone. */
void node_kill(struct world_node *node);
/* Killed, and its disk with it. The next start finds no store. */
void node_lose_store(struct world_node *node);
/* One turn, if it has anything to do. */
void node_run(struct world_node *node);

/* Time goes on; everybody runs who has something to do. */
void world_run(struct world *world, int64_t ms);
/* … in steps of so much, for long times. */
void world_run_by(struct world *world, int64_t ms, int64_t step_ms);
/* … from one thing that happens to the next. */
void world_hop(struct world *world, int64_t ms);
/* By its own clock. */
int64_t node_now_ms(const struct world_node *node);
/* Until nothing is on its way and nothing waits; fails if that is never. */
void world_settle(struct world *world);
bool world_is_quiet(struct world *world);
void world_heal(struct world *world);

/* ---- city.c: its folder ---- */

/* What nodes.yaml says of the node with that index; its key. */
void city_node(struct world_node *node);
void city_write(struct world *world);
void city_read(struct world *world);
/* … again, for who asks; what nodes know they have read for themselves. */
void city_read_again(struct world *world);
/* Into the folder: whoever reloads it knows. */
void city_new_key(struct world *world, const char *operator);
/* A new key for a node; the one it has stays good (`whistle key rotate`), or
 * none of those it had does (`revoke`). False: too many. */
bool city_rotate(struct world_node *node, bool is_revoked);
/* Those that it had are good no more: how many. */
unsigned city_retire(struct world_node *node);
/* The node reads the files again: its own keys, and whom it knows by which. */
int node_reload(struct world_node *node);
/* What a process knows when it starts. */
void node_read_files(struct world_node *node);
/* The keys that it opens sealed details with. */
void node_give_secrets(struct world_node *node);

/* ---- post.c ---- */
struct post node_post(struct world_node *node);
void node_clear_post(struct world_node *node);
/* A letter as from that neighbour. */
void node_inject(
    struct world_node *to, struct world_node *from, struct bytes body);
/* A letter as from that key, whoever has it. */
void node_inject_key(struct world_node *to, const char *public_key,
    const char *route, struct bytes body);
/* What the nodes logged since the last time holds `text`. Then forgets. */
bool world_logged(struct world *world, const char *text);
void world_forget_log(struct world *world);

/* ---- ask.c: what people want ---- */
struct wire_request wish(enum ask_kind kind);
struct wire_request wish_to(enum verb verb, const struct id *ticket);
struct unit_code code_of(const char *text);
struct id world_id(struct world *world);

/* Sends it to a node, or to the one of the operator's unit (NULL). An id is
 * made unless it has one. */
void world_send(struct world *world, const char *operator,
    struct world_node * node, struct wire_request *request);
/* The reply to that id, if it has come; lives until the next ask. */
bool world_reply(
    struct world *world, struct wire_reply *reply_out, const struct id *id);
/* Hands out every reply that has come, and forgets them. */
void world_replies(struct world *world,
    void (*visit)(void *context, const struct wire_reply *reply),
    void *context);
/* Sends and runs until the reply has come. */
struct wire_reply world_ask(
    struct world *world, const char *operator, struct wire_request * request);
/* … and it must be done, or refused for that reason. */
struct wire_reply must(
    struct world *world, const char *operator, struct wire_request * request);
void must_not(struct world *world, const char *operator,
    struct wire_request * request, const char *refusal);

/* Often said. */
struct id open_ticket(struct world *world, const char *operator,
    const char * item, const char *place);
/* … by a caller, whose name and phone are these. */
#define CALLER_PHONE "13800004207"
#define CALLER_NAME  "张三李四"
struct id open_called(struct world *world, const char *operator,
    const char * item, const char *place);
struct wire_request wish_open(const char *item, const char *place);
struct wire_request wish_note(const struct id *ticket, const char *text);
struct wire_request wish_forward(const struct id *ticket, const char *to);
struct wire_request wish_whistle(
    const struct id *ticket, const char *first, const char *second);
struct wire_request wish_resolve(const struct id *ticket);
struct wire_request wish_rate(const struct id *ticket);
struct wire_request wish_reopen(const struct id *ticket);
struct wire_request wish_return(const struct id *ticket);

/* ---- look.c: what is in the stores ---- */

/* seq 0 when the node does not know it. */
struct ticket node_ticket(struct world_node *node, const struct id *id);
bool node_knows(struct world_node *node, const struct id *id);
/* A copy, to be freed; len 0 when it is not there. */
struct buf node_event(
    struct world_node *node, const struct id *id, uint32_t seq);
/* The ids of all tickets, oldest first; to be freed. */
struct buf node_tickets(struct world_node *node);
unsigned node_count_tickets(struct world_node *node);
bool node_is_recovering(const struct world_node *node);
/* Each node's logs follow their own events, whatever others have. */
void world_check_logs(struct world *world);
/* Every node that knows a ticket has the same log, and every node that has
 * to know it does. */
void world_check_views(struct world *world);
/* Nobody but one node thinks that it may write a ticket. */
void world_check_holders(struct world *world);
/* … and what fences have undone is the same wherever the ticket is known. */
void world_check_stranded(struct world *world);
unsigned count_stranded(struct world_node *node, const struct id *id);
unsigned count_stranded_text(
    struct world_node *node, const struct id *id, const char *text);
/* `whistle store check` finds nothing wrong, all sums among it. */
void world_check_audits(struct world *world);
void node_check_audit(struct world_node *node);
/* What each store says of itself is true: indexes, timers, sums. */
void world_check_stores(struct world *world);
/* Is the text in a node's store files? */
bool node_holds_text(struct world_node *node, const char *text);
/* How many events of the ticket say this text. */
unsigned count_text(
    struct world_node *node, const struct id *id, const char *text);
unsigned count_verb(
    struct world_node *node, const struct id *id, enum verb verb);

/* ---- disk.c ---- */

/* Nothing more can be written to its store; or only not the page by which
 * LMDB makes a commit count. */
void node_break_disk(struct world_node *node, bool is_last_page);
void mend_disks(void);

/* ---- forge.c: what a neighbour must not be believed ---- */

/* What `from` would write next on a ticket as `at` knows it. */
struct event forged_event(struct world_node *at, const struct id *ticket,
    enum verb verb, const char *unit);
struct buf pack_event(const struct event *event);
/* Sends rows as `from`, in its session, with its next numbers; forge_event
 * one, and only the receiver has a turn then. */
void forge_event(
    struct world_node *from, struct world_node *to, struct bytes event);
void forge_delivery(struct world_node *from, struct world_node *to,
    const struct bytes *events, size_t count);
void forge_row(
    struct world_node *from, struct world_node *to, const struct wire_row *row);
struct neighbour *node_neighbour(
    struct world_node *node, const struct world_node *other);

#endif

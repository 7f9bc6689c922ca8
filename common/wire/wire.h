/*
 * The only place that packs and unpacks protobuf. Whatever comes in is
 * hostile until it has been through here: a decoder refuses unknown fields,
 * anything not in canonical form (the packed size must be the size that
 * came), text that is not UTF-8 or holds a NUL, ids and hashes of the wrong
 * length, numbers outside their lists, and everything over base/limits.h.
 * Memory comes from the caller's arena and is bounded by it.
 *
 * Decoders return ERR_INVALID, or ERR_TOO_LARGE (longer than it may be, or
 * the arena has no room for it), and then leave what they were to fill as
 * it was, unless said otherwise. Packers append to `out` or leave it alone:
 * ERR_TOO_LARGE, ERR_NOMEM, and ERR_INVALID for what no decoder would take.
 */
#ifndef WHISTLE_WIRE_WIRE_H
#define WHISTLE_WIRE_WIRE_H

#include "base/bytes.h"
#include "ticket/event.h"
#include "ticket/ticket.h"

/*
 * What this source speaks: the newest version, and the oldest beside it. Of
 * what is kept for ever, events, it reads every version up to the newest.
 */
enum { WIRE_VERSION = 1, WIRE_OLDEST = 1, WIRE_VERSION_MAX = UINT16_MAX };

struct wire_versions {
	uint32_t oldest, newest;
};

/* What this program speaks. */
extern const struct wire_versions wire_versions;

/* The version that a link with a neighbour speaks, the lower of the two
 * newest; 0: there is none that both know. */
uint32_t wire_version_of(
    const struct wire_versions *ours, uint32_t oldest, uint32_t newest);

/*
 * The lowest version that has all that is said: who writes, or takes, more
 * than the city speaks makes events that others cannot read. Of what cannot
 * be packed at all, 1.
 */
uint32_t wire_event_version(const struct event *event);
uint32_t wire_command_version(const struct command *command);

/* ---- events: the log's own bytes ---- */

/*
 * Appends the event's bytes to `out`; when it fails `out` is as it was.
 * ERR_INVALID: no ticket, seq, term, time, verb, unit or operator, or prev
 * where there is none before; ERR_TOO_LARGE, ERR_NOMEM.
 */
int wire_event_pack(struct buf *out, const struct event *event);
/* Checked by particulars_check as well. ERR_INVALID, ERR_TOO_LARGE.
 * Strings live in `arena`. *problem_out (may be NULL) gets a phrase, static
 * or in `arena`, as in "title: is missing". */
int wire_event_unpack(struct event *event_out, const char **problem_out,
    struct arena *arena, struct bytes bytes);

/* ---- links ---- */

enum frame_kind {
	FRAME_HELLO,
	FRAME_DATA,
	FRAME_ACK,
	FRAME_PING,
	FRAME_NEWS,
	FRAME_WANT_CHUNK,
	FRAME_CHUNK,
};
enum row_kind {
	ROW_DELIVERY,
	ROW_ORDER,
	ROW_ANSWER,
	ROW_DONE,
	ROW_SKIP,
	ROW_WANT
};

struct wire_row {
	enum row_kind kind;
	/* delivery */
	const struct bytes *events;
	size_t event_count;
	struct bytes contact;
	/* order, answer: still packed, so that they travel unchanged */
	struct bytes load;
	/* done: a store; want: a ticket */
	struct id id;
};

enum {
	/* Links of each node of a city, and room for the rest. */
	STATUS_MAX_BYTES = 400 * 1024,
	NEWS_NODES_MAX = 256, /* in one frame or answer */
};

/* A wire_status, packed by the node that it is of. */
struct wire_heard {
	struct bytes status;
	uint64_t age_ms; /* since the node said so */
};

struct wire_frame {
	uint64_t
	    session; /* of HELLOs that ask, DATA, PING, chunks: the sender's;
			of answers and ACKs: the peer's; never 0 */
	enum frame_kind kind;
	struct {
		const char *node;
		uint32_t version; /* the newest that it speaks … */
		uint32_t oldest;  /* … and the oldest; never 0 */
		uint32_t speaks;  /* what its city writes in; never 0 */
		struct id store;
		struct id last_store; /* zero: none */
		uint64_t last_received;
		struct proof proof; /* of that row; zero when there is none */
		bool recovering;
		bool answer; /* to a HELLO: not answered again */
		bool lost;   /* a question: we do not know your session */
	} hello;
	struct {
		uint64_t first;
		uint64_t unused; /* numbers without a row, before it */
		const struct wire_row *rows;
		size_t row_count; /* 1 to LINK_FRAME_ROWS */
		const struct proof *proofs; /* one for each row */
	} data;
	struct {
		uint64_t seq;
		bool again;
	} ack;
	int64_t ping_ms;
	struct {
		const struct wire_heard *nodes;
		size_t count;
		bool wants;
	} news;
	struct {
		struct hash hash;
		uint64_t offset;
	} want_chunk;
	struct {
		struct hash hash;
		uint64_t offset;
		uint64_t size; /* of the whole; 0: it is not here */
		struct bytes data;
	} chunk;
};

int wire_frame_pack(struct buf *out, const struct wire_frame *frame);
/* Events, contacts, loads and pieces of files are borrowed from `bytes`; the
 * rest lives in `arena`. */
int wire_frame_unpack(
    struct wire_frame *frame_out, struct arena *arena, struct bytes bytes);

struct wire_order {
	struct command command;
	const char *from; /* node */
};

struct wire_answer {
	struct id command;
	const char *to; /* node */
	const char *refusal;
	const char *detail;
	uint32_t seq;
};

int wire_order_pack(struct buf *out, const struct wire_order *order);
int wire_order_unpack(
    struct wire_order *order_out, struct arena *arena, struct bytes bytes);
int wire_answer_pack(struct buf *out, const struct wire_answer *answer);
int wire_answer_unpack(
    struct wire_answer *answer_out, struct arena *arena, struct bytes bytes);

/* ---- the operator protocol ---- */

enum ask_kind {
	ASK_COMMAND,
	ASK_LIST,
	ASK_SHOW,
	ASK_SCORE,
	ASK_STATUS,
	ASK_FOLLOW,
	ASK_NODES,
	ASK_PUT,
	ASK_GET,
};

struct wire_score_query {
	struct unit_code under, unit;
	const char *kind, *period, *from, *to, *item, *domain;
	bool by_item, by_domain, by_month, by_other;
	struct bytes cursor;
	bool wants_events; /* and not lines; of `unit` */
	struct {
		uint64_t any, none;
		const char *open; /* "accept", "rating" or "" */
		struct unit_code other;
		uint32_t limit;
	} events;
};

struct wire_request {
	struct id id;
	enum ask_kind kind;
	struct command command;
	struct {
		const char *state, *item, *kind, *external_id;
		const char *outcome, *channel;
		struct unit_code holder, under, place;
		uint32_t limit;
		struct bytes cursor;
		bool queue;		/* not together with the two */
		bool by_change, around; /* not both */
		int64_t since_ms;
	} list;
	struct {
		struct id ticket; /* zero: by external_id */
		const char *external_id;
		bool contact;
		uint32_t from; /* the first event wanted; 0: all */
	} show;
	struct wire_score_query score;
	struct {
		bool reload;
	} status;
	struct {
		uint64_t after;
		uint32_t limit;
		struct id ticket; /* zero: all */
		struct unit_code under;
		bool from_now;
	} follow;
	struct {
		uint32_t from;
	} nodes;
	struct {
		struct hash hash;
		uint64_t size, offset;
		struct bytes data;
	} put;
	struct {
		struct id ticket; /* zero: any that the asker may see */
		struct hash hash;
		uint64_t offset;
	} get;
};

/* A command is known by its request: the command's own id is not looked at,
 * and is the request's when it is unpacked. */
int wire_request_pack(struct buf *out, const struct wire_request *request);
/*
 * *problem_out (may be NULL) as for events. On failure request_out->id alone
 * is set, if the request begins with one, else zero: so that a bad request
 * can be answered.
 */
int wire_request_unpack(struct wire_request *request_out,
    const char **problem_out, struct arena *arena, struct bytes bytes);

struct wire_ticket_row {
	struct ticket ticket;
	const char *title;
	const char *external_id;
};

struct wire_contact {
	const char *name;
	const char *phone;
};

struct wire_suggestion {
	const char *verb; /* "" when there is none */
	const char *reason;
	const char *item;
	struct unit_code place, to;
	enum colour colour;
	struct unit_code departments[TICKET_CALLOUTS_MAX];
	size_t department_count;
};

/* Weights are those of response, completion, satisfaction. */
struct wire_score_formula {
	bool is_given;
	uint32_t weights[3];
	uint32_t mostly_halves;
	const char *raters;
	uint32_t raters_part;
};

/* `by_raters`: rated to rated_without_verdict, or none at all. */
enum { WIRE_RATINGS = 7 };
struct wire_score_line {
	struct unit_code unit, other;
	const char *item, *domain, *period;
	const uint64_t *counts;
	size_t count_count;
	const uint64_t *by_raters;
	size_t by_raters_count;
	bool is_partial;
	uint64_t unaccepted, unrated;
};

struct wire_scored {
	uint32_t seq;
	uint64_t counts;
	int64_t time_ms;
	const char *item, *period;
	struct unit_code other;
};

struct wire_link_status {
	const char *peer;
	bool up;
	uint16_t version;	 /* that the link speaks; 0: none */
	uint16_t oldest, newest; /* that it said it speaks; 0: not yet */
	uint16_t speaks; /* the version in which the city writes, there */
	uint64_t outbox;
	int64_t heard_ms, silent_ms;
	uint64_t held, overdue;
};

struct wire_refusals {
	const char *refusal;
	uint64_t count;
};

struct wire_status {
	const char *node, *level, *state, *store, *version;
	uint16_t speaks; /* the version in which the city writes, there */
	uint16_t reads;	 /* the newest that its program reads; 0: not said */
	uint64_t tickets, held, outbox, commits, events, stranded, overdue;
	uint64_t accept_due, resolve_due, accept_late, resolve_late;
	const struct wire_refusals *refusals;
	size_t refusal_count;
	int64_t last_commit_ms, started_ms;
	uint64_t store_bytes, store_limit_bytes;
	const struct wire_link_status *links;
	size_t link_count;
};

struct wire_followed {
	uint64_t number;
	struct bytes event;
};

#define WIRE_RESULTS(X)                                                        \
	X(DONE, "done")                                                        \
	X(REFUSED, "refused")                                                  \
	X(PENDING, "pending") /* on its way to the holder */                   \
	X(NOT_FOUND, "not_found")                                              \
	X(INVALID, "invalid") /* not a request that we understand */           \
	X(FAILED, "failed")

#define X(name, text) RESULT_##name,
enum result { WIRE_RESULTS(X) RESULT_COUNT };
#undef X
const char *result_name(enum result result);

/* `kind` says which body is there, when `has_body`. */
struct wire_reply {
	struct id id;
	enum result result;
	const char *refusal;
	const char *detail;
	bool has_body;
	enum ask_kind kind;
	struct {
		struct id ticket;
		uint32_t seq;
		enum state state;
		struct unit_code holder;
		bool existed;
	} command;
	struct {
		const struct wire_ticket_row *tickets;
		size_t count;
		struct bytes cursor;
		bool complete;
	} list;
	struct {
		const struct wire_ticket_row *row;
		const struct bytes *events;
		size_t event_count;
		const struct wire_ticket_row *callouts;
		size_t callout_count;
		struct wire_suggestion suggestion;
		bool has_contact;
		bool is_contact_masked;
		struct wire_contact contact;
		uint32_t next; /* events from here on did not fit; 0: all did.
				  Those that were stranded come last. */
		const struct bytes *stranded;
		size_t stranded_count;
	} show;
	struct {
		const struct wire_score_line *lines;
		size_t count;
		struct bytes cursor;
		struct wire_score_formula formula;
		const struct wire_ticket_row *tickets;
		const struct wire_scored *events; /* one for each */
		size_t ticket_count;
		uint32_t hidden;
	} score;
	struct wire_status status;
	struct {
		const struct wire_followed *events;
		size_t count;
		uint64_t last;
	} follow;
	struct {
		const struct wire_heard *nodes;
		size_t count;
		uint32_t next; /* 0: that was all */
	} nodes;
	struct {
		uint64_t have;
		bool is_whole;
		enum file_type type; /* when it is whole */
	} put;
	struct {
		uint64_t size; /* 0: it is not here yet */
		struct bytes data;
		enum file_type type;
		const char *asked; /* a neighbour; "": none can be */
	} get;
};

int wire_reply_pack(struct buf *out, const struct wire_reply *reply);
int wire_reply_unpack(
    struct wire_reply *reply_out, struct arena *arena, struct bytes bytes);

/* By itself, as it is handed on in a wire_heard. ERR_INVALID also for one
 * without a node. */
int wire_status_pack(struct buf *out, const struct wire_status *status);
int wire_status_unpack(
    struct wire_status *status_out, struct arena *arena, struct bytes bytes);

/* The caller, before it is sealed and after it is opened. */
int wire_contact_pack(struct buf *out, const struct wire_contact *contact);
int wire_contact_unpack(
    struct wire_contact *contact_out, struct arena *arena, struct bytes bytes);

#endif
